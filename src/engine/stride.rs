//! The hottest loop, which all routes share: characters that their cells answer.

use std::borrow::Cow;

use crate::lexicon::{self, DIFFERENCE, FEW, Family, Filter, MANY, Pages, Route, SHORT, SPECIAL, in_latin};

/// What a pass met that its caller has to decide.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Met {
    /// Less than eight bytes are left of the text, or of the room.
    End,
    /// These eight bytes start with a character of two or four bytes, or with ASCII that may start a key.
    Other,
    /// These eight bytes start with a character of three bytes that has this cell. A key may start here, or the cell's
    /// flags ask for more. What the cell alone makes of it has been written, but not passed.
    Char(u64, u32),
}

/// The last bytes of a text, less than eight, with zeros behind them, so that a window is full.
#[cold]
pub(crate) fn pad<'p>(rest: &[u8], padded: &'p mut [u8; 16]) -> &'p [u8] {
    *padded = [0; 16];
    padded.iter_mut().zip(rest).for_each(|(slot, &byte)| *slot = byte);
    padded
}

/// What a conversion looks for in the text besides the keys of its route. It goes on as if that were not there, and is given up
/// where it is.
pub(crate) trait Watch {
    /// Where a pass has to stop; nothing where the route's own keys are all.
    fn starts(&self) -> Option<&Starts>;
    /// Whether what is looked for stands at a place of the text where there are these eight bytes and the one behind them.
    fn stands(&self, at: usize, eight: u64, ninth: Option<&u8>) -> bool;
    /// Whether it starts in this stretch of the text.
    fn meets(&self, from: usize, to: usize) -> bool;
}

/// Nothing is looked for.
impl Watch for () {
    #[inline(always)]
    fn starts(&self) -> Option<&Starts> {
        None
    }

    #[inline(always)]
    fn stands(&self, _: usize, _: u64, _: Option<&u8>) -> bool {
        false
    }

    #[inline(always)]
    fn meets(&self, _: usize, _: usize) -> bool {
        false
    }
}

/// Where the keys of a route start, or something else.
#[derive(Debug)]
pub(crate) struct Starts {
    /// Pairs of characters of three bytes.
    pairs: Box<[u64; MANY]>,
    /// ASCII characters that something else starts with.
    ascii: [u64; 2],
}

impl Starts {
    /// Where the keys of a route start; nothing when it has a bitmap of another kind.
    pub fn of(route: &Route) -> Option<Self> {
        let mut pairs = zeros::<MANY>()?;
        match route.pairs.len() {
            MANY => pairs.copy_from_slice(&route.pairs),
            // A hash is looked at more closely here: each bit there is eight here.
            FEW => {
                for (eight, &few) in pairs.as_chunks_mut::<8>().0.iter_mut().zip(route.pairs.iter()) {
                    for (at, word) in eight.iter_mut().enumerate() {
                        let bits = few >> (8 * at) & 0xFF;
                        *word = u64::from_le_bytes(std::array::from_fn(|bit| 0xFF * (bits >> bit & 1) as u8));
                    }
                }
            }
            _ => return None,
        }
        Some(Self { pairs, ascii: [0; 2] })
    }

    /// Adds a pair of characters of three bytes, of which the first six bytes are given; or an ASCII character.
    pub fn add(&mut self, six: u64) {
        if six & 0x80 == 0 {
            self.ascii[(six >> 6 & 1) as usize] |= 1 << (six & 63);
        } else {
            let (at, bit) = lexicon::pair_bit::<MANY>(six);
            self.pairs[at] |= 1 << bit;
        }
    }

    /// Whether this ASCII character was added.
    pub fn has_ascii(&self, byte: u8) -> bool {
        holds(self.ascii, byte.into())
    }
}

/// So many words on the heap; a large array would first stand on the stack.
pub(crate) fn zeros<const WORDS: usize>() -> Option<Box<[u64; WORDS]>> {
    vec![0; WORDS].into_boxed_slice().try_into().ok()
}

/// One route's tables for characters that their cells answer; its bitmap of pairs has so many words.
pub(crate) struct Stride<'r, const WORDS: usize> {
    pages: Cow<'r, Box<Pages<'r>>>,
    cells: &'r [u32],
    pairs: &'r [u64; WORDS],
    filter: Filter<'r>,
    /// Which ASCII characters keys start with, and those at which a pass stops whatever the keys are.
    ascii_starts: [u64; 2],
    /// The latter.
    watched_ascii: [u64; 2],
    /// Some ASCII character is a key by itself, which the filter does not know.
    ascii_keys: bool,
    /// See [`Route::ascii_reach`]; the largest number where some key is ASCII throughout.
    ascii_reach: usize,
}

impl<'r, const WORDS: usize> Stride<'r, WORDS> {
    /// The tables of a route. `starts` are more places where a pass stops; with them a bitmap has [`MANY`] words.
    #[inline(always)]
    pub(crate) fn new(family: &'r Family, route: &'r Route, starts: Option<&'r Starts>) -> Self {
        let pairs = starts.map_or(&*route.pairs, |starts| &starts.pairs[..]);
        let watched_ascii = starts.map_or([0; 2], |starts| starts.ascii);
        let [low, high] = watched_ascii;
        Self {
            pages: family.pages(route),
            cells: &family.cells,
            pairs: pairs.first_chunk().unwrap_or(&[u64::MAX; WORDS]),
            filter: Filter(&route.filter),
            ascii_starts: [route.ascii_starts as u64 | low, (route.ascii_starts >> 64) as u64 | high],
            watched_ascii,
            ascii_keys: route.specials.first().is_some_and(|&[c, _]| c < 0x80),
            ascii_reach: route.ascii_reach.map_or(usize::MAX, usize::from),
        }
    }

    /// Converts characters until one is met that takes more than its cell, and returns how many bytes were passed, as many
    /// of the text as of the room.
    ///
    /// Where the bitmap knows the pair, or the cell has one of the `flags` or [`SHORT`], `stops` decides, given the place, the
    /// eight bytes there and the cell; [`Stride::may_start`] is what most ask. It may also take away flags that tell nothing more.
    /// `before` is what stands before the text, where no key starts within a Latin word; see [`lexicon::in_latin`].
    #[inline(always)]
    pub(crate) fn pass(
        &self,
        text: &[u8],
        room: &mut [u8],
        flags: &mut u32,
        before: Option<&[u8]>,
        mut stops: impl FnMut(&mut u32, usize, u64, u32) -> bool,
    ) -> (usize, Met) {
        let whole = text;
        // Both have the same length, so one comparison guards them.
        let most = text.len().min(room.len());
        let (text, room) = (text.get(..most).unwrap_or_default(), room.get_mut(..most).unwrap_or_default());
        let Some(last) = most.checked_sub(8) else { return (0, Met::End) };
        let pages: &Pages<'_> = &self.pages;
        let mut at = 0;
        while at <= last {
            let Some(&window) = text.get(at..at + 8).and_then(|rest| rest.first_chunk::<8>()) else { break };
            let Some(place) = room.get_mut(at..at + 8).and_then(|rest| rest.first_chunk_mut::<8>()) else { break };
            let word = u64::from_le_bytes(window);
            if word & 0xF0 != 0xE0 {
                *place = window;
                let run = ascii(word);
                let passed = if run < 8 && self.ascii_starts == [0; 2] {
                    run
                } else {
                    self.pass_ascii(whole, room, at, run, before)
                };
                if passed == 0 {
                    return (at, Met::Other);
                }
                at += passed;
                continue;
            }
            let block = pages[lexicon::page(word as u32)];
            // Every block names cells.
            let Some(&cell) = self.cells.get(usize::from(block[(word >> 16 & 63) as usize])) else {
                return (at, Met::Other);
            };
            *place = (word ^ u64::from(cell & DIFFERENCE)).to_le_bytes();
            // Nearly always taken. Whether any key starts with the character is not asked first: half of them start some, and a
            // branch that can't be foretold costs more than the bitmap.
            if cell & (*flags | SHORT) == 0 && lexicon::pair(self.pairs, word) == 0 {
                at += 3;
                continue;
            }
            if stops(flags, at, word, cell) {
                return (at, Met::Char(word, cell));
            }
            at += 3;
        }
        (at, Met::End)
    }

    /// As [`Stride::pass`], for routes that decide by keys alone, and to where what is looked for stands; `from` is the text's place in
    /// the whole.
    #[inline(always)]
    pub(crate) fn pass_to_key(&self, text: &[u8], room: &mut [u8], from: usize, watch: &impl Watch) -> (usize, Met) {
        let stops = |_: &mut u32, at: usize, word, cell| {
            let ninth = text.get(at + 8);
            watch.stands(from + at, word, ninth) || cell & SPECIAL != 0 || self.may_start(word, ninth)
        };
        self.pass(text, room, &mut { SPECIAL }, None, stops)
    }

    /// Whether a key may start with these eight bytes, the first three of which are a character, and the one behind them.
    #[inline(always)]
    pub(crate) fn may_start(&self, eight: u64, ninth: Option<&u8>) -> bool {
        self.filter.may_start(eight, ninth)
    }

    /// As [`Stride::may_start`], where a pass may have stopped for the flags of the character's cell alone.
    #[inline(always)]
    pub(crate) fn may_start_at(&self, cell: u32, eight: u64, ninth: Option<&u8>) -> bool {
        (cell & SHORT != 0 || lexicon::pair(self.pairs, eight) != 0) && self.may_start(eight, ninth)
    }

    /// Writes the ASCII characters from `from` on that start no key, as far as text and room go, and returns how many. The first `run`,
    /// up to eight, are known and written; other arguments as for [`Stride::pass`]. Out of line, so that the loop over other characters
    /// has all registers.
    ///
    /// A key holds other characters too, so one that starts in a run of ASCII starts at its end: the run is written as it is, and
    /// asked from there. Keys that are ASCII throughout, which only tables of users have, may start anywhere.
    #[inline(never)]
    fn pass_ascii(&self, text: &[u8], room: &mut [u8], from: usize, run: usize, before: Option<&[u8]>) -> usize {
        let mut end = from + run;
        let watched = self.watched_ascii != [0; 2];
        // A run at which something may stop is passed in pieces, so that nothing is read again and again.
        if run == 8 && !watched && self.ascii_reach != usize::MAX {
            end += write_ascii(text.get(end..).unwrap_or_default(), room.get_mut(end..).unwrap_or_default());
        }
        // Room may have cut the run.
        let behind = || text.get(end..)?.iter().take(self.ascii_reach).position(|byte| !byte.is_ascii());
        let first = match self.ascii_reach {
            usize::MAX => from,
            reach if run < 8 => from.max(end.saturating_sub(reach)),
            0 => end,
            reach => behind().map_or(end, |behind| from.max((end + behind).saturating_sub(reach))),
        };
        if watched {
            let stop =
                text.get(from..end).and_then(|run| run.iter().position(|&c| holds(self.watched_ascii, c.into())));
            end = stop.map_or(end, |at| from + at);
        }
        let mut last = first.checked_sub(1).map_or(before.and_then(|text| text.last()), |last| text.get(last));
        for (at, byte) in (first..).zip(text.get(first..end).unwrap_or_default()) {
            let last = last.replace(byte);
            if holds(self.ascii_starts, u64::from(*byte))
                && !(before.is_some() && in_latin(last, *byte))
                && self.starts_with(text.get(at..).unwrap_or_default())
            {
                return at - from;
            }
        }
        end - from
    }

    /// Whether a key may start with these bytes, the first of which is ASCII that some key starts with.
    #[inline]
    fn starts_with(&self, rest: &[u8]) -> bool {
        let eight = lexicon::eight(rest);
        self.ascii_keys || lexicon::pair(self.pairs, eight & 0xFFFF) != 0 && self.filter.may_start_in_ascii(eight)
    }
}

/// How many ASCII characters are looked at side by side.
const BLOCK: usize = 32;

/// Writes the ASCII characters that a text begins with, as far as the room goes, and returns how many.
fn write_ascii(text: &[u8], room: &mut [u8]) -> usize {
    let most = text.len().min(room.len());
    let (text, room) = (text.get(..most).unwrap_or_default(), room.get_mut(..most).unwrap_or_default());
    let mut end = 0;
    for (block, place) in text.as_chunks::<BLOCK>().0.iter().zip(room.as_chunks_mut::<BLOCK>().0) {
        *place = *block;
        if !block.is_ascii() {
            break;
        }
        end += BLOCK;
    }
    let (text, room) = (text.get(end..).unwrap_or_default(), room.get_mut(end..).unwrap_or_default());
    for (eight, place) in text.as_chunks::<8>().0.iter().zip(room.as_chunks_mut::<8>().0) {
        *place = *eight;
        let run = ascii(u64::from_le_bytes(*eight));
        end += run;
        if run < 8 {
            return end;
        }
    }
    let rest = text.as_chunks::<8>().1.iter().zip(room.as_chunks_mut::<8>().1);
    end + rest.take_while(|(byte, _)| byte.is_ascii()).map(|(&byte, place)| *place = byte).count()
}

/// How many of eight bytes, from the first on, are ASCII.
#[inline]
const fn ascii(word: u64) -> usize {
    ((word & 0x8080_8080_8080_8080).trailing_zeros() / 8) as usize
}

/// Whether a set of ASCII characters has the first of these bytes, which is one.
#[inline]
const fn holds([low, high]: [u64; 2], bytes: u64) -> bool {
    (if bytes & 64 == 0 { low } else { high }) >> (bytes & 63) & 1 != 0
}
