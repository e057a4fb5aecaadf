//! Looking for own words while a text is converted as if it had none.
//!
//! A search of its own takes some 24 instructions for a character, a third of what the fastest routes take. But their loop
//! asks a bitmap of pairs at every character anyway. Where own words start is written into a copy of it; so a text without own
//! words costs no more than the places where a pair of the text starts some word. Where a word does stand, the conversion is given up, and
//! the stretch is searched first and converted around its words.

use std::cell::Cell;

use super::Words;
use crate::converter::Engine;
use crate::data;
use crate::engine::stride::{Starts, Watch, zeros};
use crate::lexicon::{self, Bloom, Route, utf8_length};
use crate::native::units;

/// Where own words start.
#[derive(Debug)]
pub(super) struct OwnStarts {
    /// Where own words and the keys of the route start.
    both: Starts,
    /// Pairs of characters that own words alone start with.
    pairs: Box<[u64; PAIRS]>,
    /// A [`Bloom`] filter of the first eight bytes of own words, or of six if they have less.
    known: Vec<u64>,
}

/// The words of the bitmap of own words.
const PAIRS: usize = 4096;

impl OwnStarts {
    /// More words than this would stop the loop nearly everywhere.
    const MOST: usize = 100_000;

    /// Where these words start; nothing where looking for them first is better, or the only way.
    pub(super) fn new<'k>(engine: &Engine, count: usize, keys: impl Iterator<Item = &'k [u8]>) -> Option<Self> {
        let route: &Route = match engine {
            Engine::Exact { config, tofu } => data::route(*config, *tofu),
            Engine::Native { native, .. } => native.route,
            Engine::Chain(_) => return None,
        };
        if count > Self::MOST {
            return None;
        }
        let (mut both, mut pairs, mut hashes) = (Starts::of(route)?, zeros::<PAIRS>()?, Vec::with_capacity(count));
        for key in keys {
            let eight = key.iter().take(8).rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
            match eight & 0xF0 {
                0x00..0x80 => both.add(eight),
                // No pair of such a word is known.
                0xE0 if key.len() < 6 => return None,
                0xE0 => {
                    both.add(eight);
                    hashes.push(if key.len() < 8 { lexicon::hash(eight) } else { lexicon::hash_nine(eight, 0) });
                    let (at, bit) = lexicon::pair_bit::<PAIRS>(eight);
                    pairs[at] |= 1 << bit;
                }
                // Every pass stops at a character of two or four bytes.
                _ => {}
            }
        }
        Some(Self { both, pairs, known: Bloom::build(hashes.into_iter(), 16) })
    }
}

/// A stretch of a text that is looked through.
#[derive(Debug)]
pub(super) struct Watching<'w> {
    words: &'w Words,
    own: &'w OwnStarts,
    /// The text from the stretch on.
    text: &'w str,
    /// Where the stretch ends.
    end: usize,
    /// Whether one may start at a place that was asked about.
    met: Cell<bool>,
}

impl<'w> Watching<'w> {
    /// Looks for own words that start before `end`; nothing where that takes a search, or where one is known to start.
    pub(super) fn new(words: &'w Words, text: &'w str, end: usize) -> Option<Self> {
        let own = words.starts.as_ref()?;
        let watching = Self { words, own, text, end, met: Cell::new(false) };
        // Of what starts here, a conversion of the stretch alone does not see eight bytes.
        let last = units::floor(text, end.saturating_sub(7));
        (!watching.search(last, end)).then_some(watching)
    }
}

impl Watch for Watching<'_> {
    #[inline]
    fn starts(&self) -> Option<&Starts> {
        Some(&self.own.both)
    }

    #[inline]
    fn may_start(&self, eight: u64) -> bool {
        let known = Bloom(&self.own.known);
        // Most stops are at pairs of the route, whose hash is known by then.
        let may = lexicon::pair(&self.own.pairs, eight) != 0
            && (known.has(lexicon::hash(eight)) || known.has(lexicon::hash_nine(eight, 0)));
        if may {
            self.met.set(true);
        }
        may
    }

    #[inline]
    fn meets(&self, from: usize, to: usize) -> bool {
        // Where a pass stops at a character of three bytes, it has asked about that.
        let asked = self.text.as_bytes().get(from).is_some_and(|&first| first & 0xF0 == 0xE0);
        let from = if asked && !self.met.replace(false) { from + 3 } else { from };
        from < to && self.search(from, to)
    }
}

impl Watching<'_> {
    /// Whether an own word starts in this stretch.
    #[inline(never)]
    fn search(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        while at < to {
            let rest = self.text.as_bytes().get(at..).unwrap_or_default();
            let Some(&first) = rest.first() else { return false };
            let may_start = match (first, rest.first_chunk()) {
                (..0x80, _) => self.own.both.has_ascii(first),
                (0xE0..0xF0, Some(&window)) => self.may_start(u64::from_le_bytes(window)),
                _ => true,
            };
            if may_start && self.words.hole_at(self.text, at, self.end).is_some() {
                return true;
            }
            at += utf8_length(first);
        }
        self.met.set(false);
        false
    }
}
