//! The hottest loop, which all routes share: characters that their cells answer.

use std::borrow::Cow;

use crate::lexicon::{self, DIFFERENCE, FEW, Family, Filter, MANY, Pages, Route, SHORT, SPECIAL};

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
    /// Some ASCII character is a key by itself, which the filter does not know.
    ascii_keys: bool,
    /// The latter.
    watched_ascii: [u64; 2],
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
            ascii_keys: route.specials.first().is_some_and(|&[c, _]| c < 0x80),
            ascii_starts: [route.ascii_starts as u64 | low, (route.ascii_starts >> 64) as u64 | high],
            watched_ascii,
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
                let passed = match before {
                    Some(before) => self.pass_latin(text, room, at, before),
                    None => {
                        *place = window;
                        self.plain_ascii(word)
                    }
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

    /// Whether a key may start with these eight bytes, the first of which is ASCII.
    #[inline(always)]
    fn starts_in_ascii(&self, eight: u64) -> bool {
        // In line this test alone: few characters pass it.
        self.may_be_first(eight) && self.starts_with_first(eight)
    }

    /// As [`Stride::starts_in_ascii`], where some key starts with the first of these bytes.
    #[inline]
    fn starts_with_first(&self, eight: u64) -> bool {
        self.ascii_keys
            || holds(self.watched_ascii, eight)
            || lexicon::pair(self.pairs, eight & 0xFFFF) != 0 && self.filter.may_start_in_ascii(eight)
    }

    /// Whether some key starts with the first of these bytes, which is ASCII.
    #[inline]
    fn may_be_first(&self, bytes: u64) -> bool {
        holds(self.ascii_starts, bytes)
    }

    /// How many of so many ASCII characters stand before one at which a pass stops.
    #[inline]
    fn before_watched(&self, word: u64, run: usize) -> usize {
        if self.watched_ascii == [0; 2] {
            return run;
        }
        (0..run).find(|&at| holds(self.watched_ascii, word >> (8 * at))).unwrap_or(run)
    }

    /// Writes the ASCII characters from `from` on that start no key, if keys start where Latin words do, and returns how many;
    /// arguments as for [`Stride::pass`]. Out of line, so that the loop over other characters has all registers.
    #[inline(never)]
    fn pass_latin(&self, text: &[u8], room: &mut [u8], from: usize, before: &[u8]) -> usize {
        let mut at = from;
        while let Some(&window) = text.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            let Some(place) = room.get_mut(at..) else { break };
            let last = *if at == 0 { before } else { text.get(..at).unwrap_or_default() }.last().unwrap_or(&0);
            let word = u64::from_le_bytes(window);
            let (passed, goes_on) = match text.get(at..).and_then(|rest| rest.first_chunk()) {
                Some(block) if ascii(word) == 8 => {
                    let Some(place) = place.first_chunk_mut::<LATIN>() else { break };
                    place.copy_from_slice(&block[..LATIN]);
                    self.plain_block(block, last)
                }
                _ => {
                    let Some(place) = place.first_chunk_mut() else { break };
                    *place = window;
                    let run = self.before_watched(word, self.plain_latin(word, last));
                    // Behind all of the ASCII characters here stands another one, unless there may be more.
                    (run, run != 0 && (run < ascii(word) || run == 8))
                }
            };
            at += passed;
            if !goes_on {
                break;
            }
        }
        at - from
    }

    /// How many of the [`LATIN`] characters that a block begins with are ASCII and start no key, as [`Stride::plain_latin`], and whether
    /// those are all. The starts of words are asked side by side; one after the other, each would wait for the one before.
    #[inline]
    fn plain_block(&self, block: &[u8; LATIN + 8], before: u8) -> (usize, bool) {
        let mut behind = [before; LATIN];
        behind[1..].copy_from_slice(&block[..LATIN - 1]);
        let (mut begins, mut others) = ([0; LATIN], [0; LATIN]);
        for ((begins, &here), &behind) in begins.iter_mut().zip(block).zip(&behind) {
            *begins = u8::from(lexicon::starts_latin(behind, here));
        }
        for (other, &here) in others.iter_mut().zip(block) {
            *other = here >> 7;
        }
        let (starts, others) = (first_bits(&begins), first_bits(&others));
        let run = (others | 1 << LATIN).trailing_zeros() as usize;
        let eight = |at: usize| {
            block.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |&eight| u64::from_le_bytes(eight))
        };
        let mut left = starts & ((1 << run) - 1);
        let mut hits = if self.ascii_keys { left } else { 0 };
        while left != 0 {
            // Where words start can't be foretold, so there is no branch for each. Behind the last one the bits are those of what
            // follows the block.
            for _ in 0..4 {
                let at = (left | 1 << LATIN).trailing_zeros() as usize;
                hits |= u64::from(lexicon::pair(self.pairs, eight(at) & 0xFFFF)) << at;
                left &= left.wrapping_sub(1);
            }
        }
        if self.watched_ascii != [0; 2] {
            (0..run).filter(|&at| holds(self.watched_ascii, eight(at))).for_each(|at| hits |= 1 << at);
        }
        hits &= (1 << run) - 1;
        while hits != 0 {
            let at = hits.trailing_zeros() as usize;
            if self.starts_in_ascii(eight(at)) {
                return (at, false);
            }
            hits &= hits - 1;
        }
        (run, run == LATIN)
    }

    /// How many of the ASCII characters that these eight bytes begin with start no key; where a later one may, the next pass asks with
    /// all of its bytes.
    #[inline]
    fn plain_ascii(&self, word: u64) -> usize {
        let run = ascii(word);
        if self.ascii_starts == [0, 0] {
            return run;
        }
        if self.starts_in_ascii(word) {
            return 0;
        }
        (1..run).find(|&at| self.may_be_first(word >> (8 * at))).unwrap_or(run)
    }

    /// As [`Stride::plain_ascii`], if keys start where Latin words do; `before` is the byte before them.
    #[inline]
    fn plain_latin(&self, word: u64, before: u8) -> usize {
        let starts = lexicon::latin_starts(word, before);
        // Where words start can't be foretold, but that one of them starts a key can.
        let pair = lexicon::pair(self.pairs, word & 0xFFFF) | u32::from(self.ascii_keys);
        if starts as u32 >> 7 & pair != 0 && self.starts_in_ascii(word) {
            return 0;
        }
        ascii(word).min(((starts & !0x80).trailing_zeros() / 8) as usize)
    }
}

/// How many ASCII characters are looked at side by side.
const LATIN: usize = 32;

/// So many bytes, each 0 or 1, as bits.
#[inline]
fn first_bits(bytes: &[u8; LATIN]) -> u64 {
    let (words, _) = bytes.as_chunks::<8>();
    // The bit of byte `n` of eight comes to 56 + `n`; no two of the others meet, so nothing is carried.
    let bits = |&eight: &[u8; 8]| u64::from_le_bytes(eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    words.iter().rev().fold(0, |all, eight| all << 8 | bits(eight))
}

/// Whether a set of ASCII characters has the first of these bytes, which is one.
#[inline]
const fn holds([low, high]: [u64; 2], bytes: u64) -> bool {
    (if bytes & 64 == 0 { low } else { high }) >> (bytes & 63) & 1 != 0
}

/// How many of eight bytes, from the first on, are ASCII.
#[inline]
const fn ascii(word: u64) -> usize {
    ((word & 0x8080_8080_8080_8080).trailing_zeros() / 8) as usize
}
