//! Looking for own words while a text is converted as if it had none.
//!
//! A search of its own takes some 24 instructions for a character, a third of what the fastest routes take. But their loop
//! asks a bitmap of pairs at every character anyway. A pair of each own word is written into a copy of it; so a text without own
//! words costs no more than the places where it has such a pair. Where a word does stand, the conversion is given up, and
//! the stretch is searched first and converted around its words.
//!
//! That pair is the first one, or the second if the first is a word and that is none: 数据 of 数据湖仓 is met in many a text, 据湖 only in
//! the word.

use std::cell::Cell;

use super::Words;
use crate::converter::Engine;
use crate::data;
use crate::engine::stride::{Starts, Watch, zeros};
use crate::lexicon::{self, Bloom, Family, eight, utf8_length};
use crate::native::units;

/// Where own words may stand.
#[derive(Debug)]
pub(super) struct OwnStarts {
    /// The pairs of own words, and where the keys of the route start.
    both: Starts,
    /// The pairs of own words alone.
    pairs: Box<[u64; PAIRS]>,
    /// A [`Bloom`] filter of own words by nine bytes from their [pair](Part::Pair) on, or six if there are less, and by the
    /// [first](Part::Start) nine or six.
    known: Vec<u64>,
}

/// The words of the bitmap of own words.
const PAIRS: usize = 4096;

impl OwnStarts {
    /// More words than this would stop the loop nearly everywhere.
    const MOST: usize = 100_000;

    /// Where these words start; nothing where looking for them first is better, or the only way.
    pub(super) fn new<'k>(engine: &Engine, count: usize, keys: impl Iterator<Item = &'k [u8]>) -> Option<Self> {
        let (route, words) = match engine {
            Engine::Exact { config, tofu } => (data::route(*config, *tofu), data::words(*config)),
            Engine::Native { native, .. } => (native.route, native.family),
            Engine::Chain(_) => return None,
        };
        if count > Self::MOST {
            return None;
        }
        let (mut both, mut pairs, mut hashes) = (Starts::of(route)?, zeros::<PAIRS>()?, Vec::with_capacity(2 * count));
        for key in keys {
            match key.first()? & 0xF0 {
                0x00..0x80 => both.add(eight(key)),
                // No pair of such a word is known.
                0xE0 if key.len() < 6 => return None,
                0xE0 => {
                    let from_pair = from_pair(words, key);
                    let [hash, start] = [from_pair, key].map(|key| match key.get(8) {
                        Some(&ninth) => lexicon::hash_nine(eight(key), ninth),
                        None => lexicon::hash(eight(key)),
                    });
                    hashes.extend([Part::Pair.of(hash), Part::Start.of(start)]);
                    both.add(eight(from_pair));
                    let (at, bit) = lexicon::pair_bit::<PAIRS>(eight(from_pair));
                    pairs[at] |= 1 << bit;
                }
                // Every pass stops at a character of two or four bytes.
                _ => {}
            }
        }
        Some(Self { both, pairs, known: Bloom::build(hashes.into_iter(), 16) })
    }

    /// Whether this part of some own word may start with these eight bytes, and the one behind them.
    #[inline]
    fn knows(&self, part: Part, eight: u64, ninth: Option<&u8>) -> bool {
        let known = Bloom(&self.known);
        known.has(part.of(lexicon::hash(eight)))
            || ninth.is_some_and(|&ninth| known.has(part.of(lexicon::hash_nine(eight, ninth))))
    }
}

/// What of a word a hash is of.
#[derive(Debug, Clone, Copy)]
enum Part {
    /// The word from the pair on by which it is looked for.
    Pair,
    /// The whole word.
    Start,
}

impl Part {
    /// The hash as the filter holds it: that of a start with every bit turned.
    #[inline]
    const fn of(self, hash: u64) -> u64 {
        match self {
            Self::Pair => hash,
            Self::Start => !hash,
        }
    }
}

/// A word from the pair on by which it is looked for.
fn from_pair<'k>(words: &Family, key: &'k [u8]) -> &'k [u8] {
    let is_word = |key: &[u8]| {
        let mut is_word = false;
        words.matches(key.get(..6).unwrap_or_default(), |_| is_word = true);
        is_word
    };
    let of_three_bytes = |at: usize| key.get(at).is_some_and(|byte| byte & 0xF0 == 0xE0);
    let second =
        key.get(3..).filter(|second| of_three_bytes(3) && of_three_bytes(6) && is_word(key) && !is_word(second));
    second.unwrap_or(key)
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
    /// Whether one stands at a place that was asked about.
    met: Cell<bool>,
}

impl<'w> Watching<'w> {
    /// Looks for own words that start before `end`; nothing where that takes a search, or where one is known to start.
    pub(super) fn new(words: &'w Words, text: &'w str, end: usize) -> Option<Self> {
        let own = words.starts.as_ref()?;
        let watching = Self { words, own, text, end, met: Cell::new(false) };
        // A conversion of the stretch alone does not see nine bytes of what stands here, nor the pair of a word that starts with the
        // last character.
        let last = units::floor(text, end.saturating_sub(8));
        (!watching.search(last, end + 1)).then_some(watching)
    }
}

impl Watch for Watching<'_> {
    #[inline]
    fn starts(&self) -> Option<&Starts> {
        Some(&self.own.both)
    }

    #[inline]
    fn stands(&self, at: usize, eight: u64, ninth: Option<&u8>) -> bool {
        // Most stops are at pairs of the route, whose hash is known by then.
        lexicon::pair(&self.own.pairs, eight) != 0 && self.own.knows(Part::Pair, eight, ninth) && self.stands_around(at)
    }

    #[inline]
    fn meets(&self, from: usize, to: usize) -> bool {
        // Where a pass stops at a character of three bytes, it has asked about that.
        let asked = self.text.as_bytes().get(from).is_some_and(|&first| first & 0xF0 == 0xE0);
        let from = if asked { from + 3 } else { from };
        self.met.get() || from < to && self.search(from, to)
    }
}

impl Watching<'_> {
    /// Whether an own word starts, or has its pair, in this stretch.
    #[inline(never)]
    fn search(&self, from: usize, to: usize) -> bool {
        let mut at = from;
        while at < to {
            let rest = self.text.as_bytes().get(at..).unwrap_or_default();
            let Some(&first) = rest.first() else { break };
            let stands = match first {
                ..0x80 => self.own.both.has_ascii(first) && self.has_start(at),
                0xE0..0xF0 => self.stands(at, eight(rest), rest.get(8)),
                _ => self.has_start(at),
            };
            if stands {
                return true;
            }
            at += utf8_length(first);
        }
        false
    }

    /// Whether an own word has its pair at `at`, which is the first one or the second.
    #[inline(never)]
    fn stands_around(&self, at: usize) -> bool {
        let stands = |start: usize| {
            let rest = self.text.as_bytes().get(start..).unwrap_or_default();
            self.own.knows(Part::Start, eight(rest), rest.get(8)) && self.has_start(start)
        };
        let before = at.checked_sub(3).filter(|&before| self.text.is_char_boundary(before));
        let met = stands(at) || before.is_some_and(stands);
        self.met.set(met);
        met
    }

    /// Whether an own word starts at `at`, before the end of the stretch.
    fn has_start(&self, at: usize) -> bool {
        at < self.end && self.words.hole_at(self.text, at, self.end).is_some()
    }
}

#[cfg(all(test, feature = "native"))]
mod tests {
    use super::*;

    #[test]
    fn words_are_looked_for_by_a_pair_that_is_no_word() {
        for (key, pair) in
            [("数据湖仓", "据湖仓"), ("数据库", "据库"), ("大数据", "大数据"), ("数据", "数据"), ("数据A库", "数据A库")]
        {
            let from = from_pair(data::family_of_hans(), key.as_bytes());
            assert_eq!(from, pair.as_bytes(), "{key}");
        }
    }
}
