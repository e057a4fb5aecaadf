//! Lexicons: compiled dictionaries and the start index that makes them fast.
//!
//! A [`Family`] holds what routes with the same source script share: an `fst` map from every key to
//! its number, the *start index* in front of it, and the arena of values. A [`Route`] holds
//! what each character and each key of the family becomes on that route.
//!
//! The start index answers most positions without entering the automaton:
//!
//! ```text
//! three bytes of UTF-8 ──► pages[4+6 bits] ──► blocks[page][6 bits] = flags:8 | difference:24
//!                          out = in XOR difference           (a character that maps to itself has 0)
//! flag START, and `filter` knows the two characters as a key, or these eight bytes as the start of a longer one
//!                      ──► slots[hash] = pair, number of the two-character key, FST node to go on from
//! ```

pub mod compile;
pub mod ids;
pub mod naive;
pub mod regions;

use std::borrow::Cow;

use fst::raw::{CompiledAddr, Fst, Output};

/// A character may start a key of two or more characters.
pub const START: u32 = 1 << 24;
/// A character needs more than a difference of three bytes; see [`Route::special`].
pub const SPECIAL: u32 = 1 << 25;
/// The character is decided by its neighbours when no key decides it.
pub const RULE: u32 = 1 << 26;
/// Kana: the text may be Japanese.
pub const KANA: u32 = 1 << 27;
/// A variation selector.
pub const VARIATION: u32 = 1 << 28;
/// The character is written in texts of the source script only.
pub const SOURCE: u32 = 1 << 29;
/// The character is written in texts of the target script only.
pub const TARGET: u32 = 1 << 30;
/// What makes the engine stop and think.
pub const DECIDE: u32 = START | SPECIAL | RULE;
/// The part of a block's cell that is XORed onto the UTF-8 bytes.
pub const DIFFERENCE: u32 = (1 << 24) - 1;

/// On this route the key does not exist.
pub const ABSENT: u32 = 1 << 28;
/// The key stands between segments: it holds only where no key of the segmentation starts inside.
pub const GAP: u32 = 1 << 29;
/// A key of the segmentation may start inside and reach beyond the end: to be looked up.
pub const CHECK: u32 = 1 << 30;
/// Stages interact here: the gap is converted stage by stage.
pub const COMPLEX: u32 = 1 << 31;
/// The key has regional terms: the record points into [`Route::pool`].
pub const TERMS: u32 = COMPLEX;
/// The part of a record that is an offset into the arena.
pub const OFFSET: u32 = (1 << 28) - 1;

/// What `specials` holds for a character that normalisation replaces.
pub const NORMALIZE: u32 = u32::MAX;
/// What `specials` holds for an ideographic description operator.
pub const DESCRIBE: u32 = u32::MAX - 1;
/// A special character starts keys whose second character is not one of three bytes, so that the
/// filter cannot hold them.
pub const WALK: u32 = GAP;

/// What routes of one source script share.
#[derive(Clone)]
pub struct Family {
    /// The automaton: key to number.
    pub fst: Fst<Cow<'static, [u8]>>,
    /// A [`Bloom`] filter of keys of two characters, by [`hash`] of their six bytes, and of the first eight bytes of
    /// longer keys, by [`hash_eight`].
    pub filter: Cow<'static, [u64]>,
    /// A [`Bloom`] filter of the pairs of characters that stand together in some word of the lattice.
    pub joints: Cow<'static, [u64]>,
    /// Open addressing by the same hash: `[pair, number of the first key with this pair * 2 + whether that is the pair
    /// alone, node to go on from or 0, mask of third characters]`.
    pub slots: Cow<'static, [[u32; 4]]>,
    /// Blocks of 64 characters; see [`START`] for a cell.
    pub blocks: Cow<'static, [[u32; 64]]>,
    /// Length-prefixed values.
    pub arena: Cow<'static, [u8]>,
    /// The cost of each key as a word of a lattice, by its number; empty where no lattice is solved.
    pub costs: Cow<'static, [u8]>,
    /// The cost of each character of the basic plane as a word, from U+2E80 on; empty where no lattice is solved.
    pub char_costs: Cow<'static, [u8]>,
    /// Bit `b` is set when a key starts with the ASCII character `b`.
    pub ascii_starts: u128,
}

/// What characters and keys become on one route.
#[derive(Debug, Clone)]
pub struct Route {
    /// The block of each run of 64 code points of the basic plane.
    pub pages: Cow<'static, [u16]>,
    /// Characters that need more than a cell says, by code point.
    pub specials: Cow<'static, [[u32; 2]]>,
    /// Bit `n` is set when key number `n` has a record; else each of its characters is converted alone.
    pub explicit: Cow<'static, [u64]>,
    /// The number of bits set before each word of `explicit`.
    pub ranks: Cow<'static, [u16]>,
    /// Flags and the offset of the value in the arena.
    pub records: Cow<'static, [u32]>,
    /// On exact routes: number, next and previous characters (offsets into the arena) of each [`COMPLEX`] key that is so
    /// only beside these. On native routes, keys with regional terms: the script conversion's record or [`ABSENT`], the number of terms, then a
    /// term's meta word and the offset of its value, each.
    pub pool: Cow<'static, [u32]>,
    /// Whether keys of different kinds exist, so that gaps must be tracked.
    pub segmented: bool,
}

/// A key found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The key's length in bytes.
    pub length: usize,
    /// Its number in the family.
    pub number: u32,
}

/// The hash of two three-byte characters, given their six bytes in the low bits of a word.
#[inline]
#[must_use]
pub const fn hash(six: u64) -> u64 {
    (six & 0xFFFF_FFFF_FFFF).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The hash of the first eight bytes of a longer key: two characters and most of a third.
#[inline]
#[must_use]
pub const fn hash_eight(eight: u64) -> u64 {
    eight.wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
}

/// The bit of a third character in a slot's mask.
#[inline]
#[must_use]
pub const fn third_bit(three: u64) -> u32 {
    (three.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 59) as u32
}

/// The code point of a three-byte character in the low bits of a word.
#[inline]
#[must_use]
pub const fn code_point(three: u64) -> u32 {
    ((three as u32 & 0x0F) << 12) | ((three as u32 >> 2) & 0xFC0) | ((three as u32 >> 16) & 0x3F)
}

/// A filter that never denies what was put in, with two bits of one word for each hash.
#[derive(Debug, Clone, Copy)]
pub struct Bloom<'a>(pub &'a [u64]);

impl Bloom<'_> {
    /// The word of a hash and the two bits in it, for a filter of `words` words, a power of two.
    #[inline]
    fn place(hash: u64, words: usize) -> (usize, u64) {
        let at = (hash >> 40) as usize & (words.wrapping_sub(1));
        (at, 1 << (hash >> 34 & 63) | 1 << (hash >> 28 & 63))
    }

    /// Whether the hash may have been put in.
    #[inline]
    #[must_use]
    pub fn has(self, hash: u64) -> bool {
        let (at, bits) = Self::place(hash, self.0.len());
        self.0.get(at).is_some_and(|word| word & bits == bits)
    }

    /// A filter of these hashes.
    #[must_use]
    pub fn build(hashes: &std::collections::BTreeSet<u64>) -> Vec<u64> {
        let mut words = vec![0u64; (hashes.len() * 12 / 64).next_power_of_two().max(1)];
        for &hash in hashes {
            let (at, bits) = Self::place(hash, words.len());
            if let Some(word) = words.get_mut(at) {
                *word |= bits;
            }
        }
        words
    }
}

impl std::fmt::Debug for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Family").field("keys", &self.fst.len()).finish_non_exhaustive()
    }
}

impl Family {
    /// Whether a key may start with these eight bytes; `hash` is that of the first six.
    #[inline]
    #[must_use]
    pub fn may_start(&self, hash: u64, eight: u64) -> bool {
        let filter = Bloom(&self.filter);
        filter.has(hash) | filter.has(hash_eight(eight))
    }

    /// The slot of a pair of characters of the basic plane.
    #[inline]
    #[must_use]
    pub fn slot(&self, hash: u64, pair: u32) -> Option<[u32; 4]> {
        let mut at = ((hash >> 32) as usize * self.slots.len()) >> 32;
        loop {
            let slot = *self.slots.get(at)?;
            if slot[0] == pair {
                return Some(slot);
            }
            if slot[0] == 0 {
                return None;
            }
            at += 1;
        }
    }

    /// Calls `found` with every key that `text` goes on with from `node`, shortest first.
    #[inline]
    fn walk(&self, text: &[u8], node: CompiledAddr, output: u64, base: usize, mut found: impl FnMut(Match)) {
        let mut node = self.fst.node(node);
        let mut output = Output::new(output);
        for (at, &byte) in text.iter().enumerate() {
            let Some(index) = node.find_input(byte) else {
                return;
            };
            let transition = node.transition(index);
            output = output.cat(transition.out);
            node = self.fst.node(transition.addr);
            if node.is_final() {
                let number = output.cat(node.final_output()).value() as u32;
                found(Match { length: base + at + 1, number });
            }
        }
    }

    /// Every key of two or more characters that `text` starts with, shortest first.
    #[inline]
    pub fn matches(&self, text: &[u8], found: impl FnMut(Match)) {
        if let Some(six) = first_six(text) {
            self.matches_pair(text, six, hash(six), found);
        } else {
            self.walk_root(text, found);
        }
    }

    /// As [`Family::matches`], when the filter has let the first two characters pass.
    #[inline]
    pub fn matches_pair(&self, text: &[u8], six: u64, hash: u64, mut found: impl FnMut(Match)) {
        let pair = code_point(six) << 16 | code_point(six >> 24);
        let Some([_, first, node, mask]) = self.slot(hash, pair) else { return };
        if first & 1 != 0 {
            found(Match { length: 6, number: first >> 1 });
        }
        if node == 0 {
            return;
        }
        // Two of three texts that go on from here have a third character that no key has.
        let Some(rest) = text.get(6..) else { return };
        let third = rest.first_chunk::<3>().map_or(0, |&[a, b, c]| u64::from_le_bytes([a, b, c, 0, 0, 0, 0, 0]));
        if mask >> third_bit(third) & 1 != 0 {
            self.walk(rest, node as usize, u64::from(first >> 1), 6, found);
        }
    }

    /// Every word that `text` starts with, single characters included, shortest first.
    #[inline]
    pub fn words(&self, text: &[u8], found: impl FnMut(Match)) {
        self.walk(text, self.fst.root().addr(), 0, 0, found);
    }

    /// Whether a key of the family starts with `text` and goes on behind it.
    #[must_use]
    pub fn goes_on(&self, text: &[u8]) -> bool {
        let mut node = self.fst.root();
        for &byte in text {
            let Some(index) = node.find_input(byte) else { return false };
            node = self.fst.node(node.transition(index).addr);
        }
        !node.is_empty()
    }

    /// As [`Family::matches`], from the root of the automaton: for keys that the filter can't hold.
    #[cold]
    pub fn walk_root(&self, text: &[u8], mut found: impl FnMut(Match)) {
        let first = utf8_length(text.first().copied().unwrap_or(0));
        self.walk(text, self.fst.root().addr(), 0, 0, |m| {
            if m.length > first {
                found(m);
            }
        });
    }
}

/// The first two characters if both take three bytes, as a little-endian word.
#[inline]
fn first_six(text: &[u8]) -> Option<u64> {
    let &[a, b, c, d, e, f] = text.first_chunk::<6>()?;
    (a & 0xF0 == 0xE0 && d & 0xF0 == 0xE0).then(|| u64::from_le_bytes([a, b, c, d, e, f, 0, 0]))
}

/// The hash of two characters that stand side by side.
#[inline]
#[must_use]
pub fn joint(first: Option<char>, second: Option<char>) -> u64 {
    let code = |c: Option<char>| u64::from(c.map_or(0, u32::from));
    (code(first) << 21 | code(second)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The length of a character by its first byte.
#[inline]
#[must_use]
pub const fn utf8_length(first: u8) -> usize {
    match first {
        0..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        _ => 4,
    }
}

impl Route {
    /// The record of a key: `None` when its characters are converted one by one.
    #[inline]
    #[must_use]
    pub fn record(&self, number: u32) -> Option<u32> {
        let word = *self.explicit.get(number as usize >> 6)?;
        let bit = number & 63;
        if word >> bit & 1 == 0 {
            return None;
        }
        let rank = u32::from(*self.ranks.get(number as usize >> 6)?) + (word & ((1 << bit) - 1)).count_ones();
        self.records.get(rank as usize).copied()
    }

    /// What a special character needs: a record, or one of [`NORMALIZE`], [`DESCRIBE`], [`WALK`].
    #[must_use]
    pub fn special(&self, code_point: u32) -> Option<u32> {
        let index = self.specials.binary_search_by_key(&code_point, |&[c, _]| c).ok()?;
        self.specials.get(index).map(|&[_, record]| record)
    }
}

impl Route {
    /// Offsets of the characters beside which a [`COMPLEX`] key is so; nothing when it always is.
    #[must_use]
    pub fn neighbours(&self, number: u32) -> Option<(u32, u32)> {
        let (triples, _) = self.pool.as_chunks::<3>();
        let at = triples.binary_search_by_key(&number, |&[number, ..]| number).ok()?;
        triples.get(at).map(|&[_, next, prev]| (next, prev))
    }
}

impl Family {
    /// The value that a record points to.
    #[inline]
    #[must_use]
    pub fn value(&self, record: u32) -> &[u8] {
        let at = (record & OFFSET) as usize;
        let length = self.arena.get(at).map_or(0, |&n| usize::from(n));
        self.arena.get(at + 1..at + 1 + length).unwrap_or_default()
    }

    /// The cell of a character of three bytes.
    #[inline]
    #[must_use]
    pub fn cell(&self, route: &Route, three: [u8; 3]) -> u32 {
        let [a, b, c] = three;
        let page = usize::from(a & 15) << 6 | usize::from(b & 63);
        let block = route.pages.get(page).copied().unwrap_or(0);
        self.blocks.get(usize::from(block)).and_then(|block| block.get(usize::from(c & 63))).copied().unwrap_or(0)
    }
}
