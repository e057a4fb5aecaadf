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
use crate::lexicon::{self, Route, utf8_length};
use crate::native::units;

/// Where own words start.
#[derive(Debug)]
pub(super) struct OwnStarts {
    /// Where own words and the keys of the route start.
    both: Starts,
    /// ASCII characters that own words start with.
    ascii: u128,
    /// Pairs of characters that own words alone start with.
    pairs: Box<[u64; KNOWN]>,
    /// A filter of the first eight bytes of own words, of two bits each; and one of words that have less.
    long: Box<[u64; KNOWN]>,
    short: Box<[u64; KNOWN]>,
}

/// How many words a bitmap or a filter has.
const KNOWN: usize = 4096;

/// The word of a hash in a filter.
#[inline]
const fn place(hash: u64) -> usize {
    (hash >> 52) as usize
}

/// Its bits there.
#[inline]
const fn bits(hash: u64) -> u64 {
    1 << (hash >> 46 & 63) | 1 << (hash >> 40 & 63)
}

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
        let (mut both, mut ascii) = (Starts::of(route)?, 0);
        let (mut pairs, mut long, mut short) = (zeros::<KNOWN>()?, zeros::<KNOWN>()?, zeros::<KNOWN>()?);
        for key in keys {
            let eight = key.iter().take(8).rev().fold(0, |word, &byte| word << 8 | u64::from(byte));
            match eight & 0xF0 {
                0x00..0x80 => {
                    both.add(eight);
                    ascii |= 1 << (eight & 127);
                }
                // No pair of such a word is known.
                0xE0 if key.len() < 6 => return None,
                0xE0 => {
                    both.add(eight);
                    let (filter, hash) = match key.len() {
                        ..8 => (&mut short, lexicon::hash(eight)),
                        _ => (&mut long, lexicon::hash_nine(eight, 0)),
                    };
                    filter[place(hash)] |= bits(hash);
                    let (at, bit) = lexicon::pair_bit::<KNOWN>(eight);
                    pairs[at] |= 1 << bit;
                }
                // Every pass stops at a character of two or four bytes.
                _ => {}
            }
        }
        Some(Self { both, ascii, pairs, long, short })
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
        let has = |filter: &[u64; KNOWN], hash| !filter[place(hash)] & bits(hash) == 0;
        // Most stops are at pairs of the route, whose hash is known by then.
        let may = lexicon::pair(&self.own.pairs, eight) != 0
            && (has(&self.own.short, lexicon::hash(eight)) || has(&self.own.long, lexicon::hash_nine(eight, 0)));
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
                (..0x80, _) => self.own.ascii >> first & 1 != 0,
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
