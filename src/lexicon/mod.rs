//! Lexicons: compiled dictionaries and the start index that makes them fast.
//!
//! A [`Family`] holds what routes with the same source script share: a map from every key to its number, and the arena
//! of values. A [`Route`] holds what each character and each key of the family becomes on that route.
//!
//! The map has two parts. Keys of two to four characters, nine of ten, are held by the *start index*: a hash table of their
//! first two characters, and sorted lists of what follows. Longer ones, and those that start with other characters than
//! ideographs, are held by an `fst` automaton, which is entered where a filter knows the whole key.
//! The automaton spells keys in UTF-16, most significant byte first: two steps for a character, where UTF-8 takes
//! three.
//!
//! Most positions are answered before all that:
//!
//! ```text
//! three bytes of UTF-8 ──► pages[page] = a block ──► cells[block[6 bits]] = flags:8 | difference:24
//!                          out = in XOR difference           (a character that maps to itself has 0)
//! `pairs` has the bit of the two characters, and `filter` knows them as a key or these three as the start of one
//!                      ──► buckets[upper bits of the mixed pair] = a few slots, the number of their first key, their first tail
//!                      ──► slots[the one with the other bits] = how many keys, of which lengths
//!                      ──► tails = third characters, pairs of third and fourth
//! ```

pub mod compile;
pub mod costs;
pub mod ids;
pub mod naive;
pub mod records;
pub mod regions;
pub mod slots;
pub mod value;

use std::borrow::Cow;
use std::collections::BTreeSet;

use fst::raw::{Fst, Output};

pub use records::Records;
pub use slots::{Bucket, Slot};
use slots::{Slots, Stretch};
pub use value::Value;

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
/// The character may start a key whose second character takes one or two bytes: no bitmap of pairs knows it.
pub const SHORT: u32 = 1 << 31;
/// The part of a block's cell that is XORed onto the UTF-8 bytes.
pub const DIFFERENCE: u32 = (1 << 24) - 1;

/// On this route the key does not exist.
pub const ABSENT: u32 = 1 << 28;
/// The record of a key that has none, although the [base](Route::base) has one.
pub const ONE_BY_ONE: u32 = ABSENT | GAP;
/// The key stands between segments: it holds only where no key of the segmentation starts inside.
pub const GAP: u32 = 1 << 29;
/// A key of the segmentation may start inside and reach beyond the end: to be looked up.
pub const CHECK: u32 = 1 << 30;
/// Stages interact here: the gap is converted stage by stage.
pub const COMPLEX: u32 = 1 << 31;
/// The key has regional terms: the record points into [`Family::pool`].
pub const TERMS: u32 = COMPLEX;
/// In front of the terms stands the record of the script conversion, in two halves.
pub const SCRIPT: u32 = CHECK;
/// The part of a record that is an offset into the arena.
pub const OFFSET: u32 = (1 << 28) - 1;

/// What `specials` holds for a character that normalisation replaces.
pub const NORMALIZE: u32 = u32::MAX;
/// What `specials` holds for an ideographic description operator.
pub const DESCRIBE: u32 = u32::MAX - 1;

/// The first characters that have slots: unified ideographs. Keys that start with others are walked to from the root.
pub const FIRST_HEAD: u32 = 0x4E00;
/// The last of them.
pub const LAST_HEAD: u32 = 0x9FFF;

/// The dot within foreign names, as the keys of native routes have it.
pub const DOT: char = '·';
/// The other dots that texts write for it.
pub const OTHER_DOTS: [char; 2] = ['‧', '．'];

/// What a character costs in a lattice that is no word of its own.
pub const UNKNOWN: u8 = 80;

/// What routes of one source script share.
#[derive(Clone)]
pub struct Family {
    /// The automaton of the keys that the slots don't hold. A key is spelled in UTF-16, big end first.
    pub fst: Fst<Cow<'static, [u8]>>,
    /// The number of the automaton's first key: as many as the slots hold.
    pub held: u32,
    /// Bit `c` is set when a key of two characters or more starts with [`FIRST_HEAD`]` + c`.
    pub firsts: Cow<'static, [u64]>,
    /// Where each [`Bucket`] begins, and where the last one ends; empty when the lexicon is too large for slots.
    pub buckets: Cow<'static, [u64]>,
    /// How much begins with which two characters, bucket by bucket; see [`Slot`].
    pub slots: Cow<'static, [u32]>,
    /// What follows the first two characters of a key; see [`Slot`].
    pub tails: Cow<'static, [u16]>,
    /// A [`Bloom`] filter of the automaton's keys, from the fifth character on: the [hashes](hash_more) of what goes on, and
    /// those of whole keys with every bit turned.
    pub longer: Cow<'static, [u64]>,
    /// A [`Bloom`] filter of the pairs of characters that stand together in some key.
    pub joints: Cow<'static, [u64]>,
    /// Blocks of 64 characters, each the number of its cell.
    pub blocks: Cow<'static, [[u16; 64]]>,
    /// All cells that some character has: flags such as [`SPECIAL`] and a [`DIFFERENCE`].
    pub cells: Cow<'static, [u32]>,
    /// Values; see [`value`].
    pub arena: Cow<'static, [u16]>,
    /// What keys with regional terms hold; see [`Family::terms`].
    pub pool: Cow<'static, [u16]>,
    /// The [cost](costs) of each key as a word of a lattice, by its number; empty where no lattice is solved.
    pub costs: Cow<'static, [u8]>,
    /// The [cost](costs) of each character from [`FIRST_HEAD`] to [`LAST_HEAD`] as a word; empty where no lattice is solved.
    pub char_costs: Cow<'static, [u8]>,
}

/// The hash of the first four characters of a key, the first two as the number of their slot.
#[inline]
#[must_use]
pub const fn hash_four(number: u32, third: u32, fourth: u32) -> u64 {
    ((number as u64) << 42 ^ (third as u64) << 21 ^ fourth as u64).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
}

/// The hash of one character more.
#[inline]
#[must_use]
pub const fn hash_more(before: u64, next: u32) -> u64 {
    (before ^ next as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Where a sorted list holds this: most have one or two items.
#[inline]
fn position<T: Ord>(list: &[T], wanted: &T) -> Option<usize> {
    if list.len() > 8 { list.binary_search(wanted).ok() } else { list.iter().position(|item| item == wanted) }
}

/// What characters and keys become on one route.
#[derive(Debug, Clone)]
pub struct Route {
    /// The block of each [`page`].
    pub pages: Cow<'static, [u16]>,
    /// Those blocks themselves, if they are built in.
    pub built_in: Option<Box<Pages<'static>>>,
    /// Characters that need more than a cell says, by code point.
    pub specials: Cow<'static, [[u32; 2]]>,
    /// Characters that normalisation replaces, in order.
    pub normalize: Cow<'static, [u32]>,
    /// Which pairs of characters a key may start with, as bits; see [`pair`].
    pub pairs: Cow<'static, [u64]>,
    /// How a key may start; see [`Filter`].
    pub filter: Cow<'static, [u64]>,
    /// Flags of keys, and the offsets of their values in the arena.
    pub records: Records,
    /// The route of the family whose records, and lack of them, hold for the keys that have none here: routes to one script
    /// differ in few.
    pub base: Option<&'static Route>,
    /// Bit `n` is set when key number `n` exists on this route; without a record each of its characters is converted alone.
    /// Empty where only keys with a record exist.
    pub keys: Cow<'static, [u64]>,
    /// Number, next and previous characters (offsets into the arena) of each [`COMPLEX`] key that is so only beside these.
    pub neighbours: Cow<'static, [u32]>,
    /// Whether keys of different kinds exist, so that gaps must be tracked.
    pub segmented: bool,
    /// Whether `filter` leaves out the keys without a record; a key that has one is then checked against those before it.
    pub sparse: bool,
    /// Bit `b` is set when a key starts with the ASCII character `b`.
    pub ascii_starts: u128,
    /// The most ASCII characters that a key starts with; nothing when a key holds no others.
    pub ascii_reach: Option<u8>,
}

/// The block of each [`page`]: by reference, so that a hot loop has no number of a block to check.
pub type Pages<'f> = [&'f [u16; 64]; 1024];

/// The pages of a route, given their blocks by number. Out of line, so that no hot loop has room for them in its frame.
#[inline(never)]
#[must_use]
pub fn pages<'b>(numbers: &[u16], blocks: &'b [[u16; 64]]) -> Box<Pages<'b>> {
    let block = |page| numbers.get(page).and_then(|&block| blocks.get(usize::from(block)));
    Box::new(std::array::from_fn(|page| block(page).unwrap_or(&[0; 64])))
}

/// A term in a pool: the offset of its value, its meta word, and whether it is the key's last. A meta word without a
/// condition leaves the last number out.
///
/// ```text
/// value:16 | value:5 meta:8 conditional:1 – last:1 | condition:16
/// ```
pub fn pack_term(meta: u32, value: u32, last: bool) -> impl Iterator<Item = u16> {
    let condition = (meta >> 8) as u16;
    let flags =
        (value >> 16 & 31 | (meta & 0xFF) << 5 | u32::from(condition != 0) << 13 | u32::from(last) << 15) as u16;
    [value as u16, flags].into_iter().chain((condition != 0).then_some(condition))
}

/// The terms of a key, as meta word and offset of the value.
#[derive(Debug, Clone)]
pub struct PoolTerms<'p>(&'p [u16]);

impl Iterator for PoolTerms<'_> {
    type Item = (u32, u32);

    #[inline]
    fn next(&mut self) -> Option<(u32, u32)> {
        let &[low, flags, ref rest @ ..] = self.0 else { return None };
        let (condition, rest) = match rest {
            &[condition, ref rest @ ..] if flags >> 13 & 1 != 0 => (condition, rest),
            rest => (0, rest),
        };
        self.0 = if flags >> 15 != 0 { &[] } else { rest };
        Some((u32::from(flags >> 5 & 0xFF) | u32::from(condition) << 8, u32::from(low) | u32::from(flags & 31) << 16))
    }
}

/// A key found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The key's length in bytes.
    pub length: usize,
    /// Its number in the family.
    pub number: u32,
}

/// The first eight bytes of a text, or all of a shorter one, as the low ones of a word.
#[inline]
#[must_use]
pub fn eight(text: &[u8]) -> u64 {
    if let Some(&eight) = text.first_chunk() {
        return u64::from_le_bytes(eight);
    }
    match (text.first_chunk(), text.last_chunk()) {
        // Where both fours have a byte, it is the same.
        (Some(&first), Some(&last)) => {
            u64::from(u32::from_le_bytes(first)) | u64::from(u32::from_le_bytes(last)) << (8 * (text.len() - 4))
        }
        _ => text.iter().rev().fold(0, |word, &byte| word << 8 | u64::from(byte)),
    }
}

/// The hash of two three-byte characters, given their six bytes in the low bits of a word.
#[inline]
#[must_use]
pub const fn hash(six: u64) -> u64 {
    (six & 0xFFFF_FFFF_FFFF).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The hash of the first nine bytes of a longer key: three characters.
#[inline]
#[must_use]
pub const fn hash_nine(eight: u64, ninth: u8) -> u64 {
    eight.wrapping_mul(0xC2B2_AE3D_27D4_EB4F).wrapping_add((ninth as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// The code point of a three-byte character in the low bits of a word.
#[inline]
#[must_use]
pub const fn code_point(three: u64) -> u32 {
    ((three as u32 & 0x0F) << 12) | ((three as u32 >> 2) & 0xFC0) | ((three as u32 >> 16) & 0x3F)
}

/// The code points of two three-byte characters in the low bits of a word, taken apart at once.
#[inline]
#[must_use]
pub const fn code_points(six: u64) -> [u32; 2] {
    const BOTH: u64 = 1 | 1 << 24;
    let parts = (six & (0x0F * BOTH)) << 12 | (six & (0x3F00 * BOTH)) >> 2 | (six & (0x3F_0000 * BOTH)) >> 16;
    [parts as u32 & 0xFFFF, (parts >> 24) as u32]
}

/// Whether the place behind `before` is within a Latin word or a number, where no key of a native route starts: `IP` is one
/// in 用IP, not in VIP. A capital behind a small letter starts a word, as in `MySQL`.
#[inline]
#[must_use]
pub fn in_latin(before: Option<&u8>, first: u8) -> bool {
    before.is_some_and(|&before| {
        let starts_word = first.is_ascii_uppercase() && before.is_ascii_lowercase();
        first.is_ascii_alphanumeric() && before.is_ascii_alphanumeric() && !starts_word
    })
}

/// The page of a character of three bytes, the first two of which are the low bits of a word: 64 characters that differ in
/// their last byte. Sums of bits that no other page has, in an order that takes one shift, one addition and one mask.
#[inline]
#[must_use]
pub const fn page(bytes: u32) -> usize {
    ((bytes >> 4).wrapping_add(bytes) & 1023) as usize
}

/// The place of a hash among so many words.
#[inline]
const fn place(hash: u64, words: usize) -> usize {
    ((hash >> 32) as usize * words) >> 32
}

/// Two of the bits of a word, which a hash chooses; [`place`] depends on others.
#[inline]
const fn two_bits(hash: u64) -> u64 {
    1 << (hash >> 34 & 63) | 1 << (hash >> 40 & 63)
}

/// A filter that never denies what was put in, with two bits of one word for each hash.
#[derive(Debug, Clone, Copy)]
pub struct Bloom<'a>(pub &'a [u64]);

impl Bloom<'_> {
    /// Whether the hash may have been put in.
    #[inline]
    #[must_use]
    pub fn has(self, hash: u64) -> bool {
        let bits = two_bits(hash);
        self.0.get(place(hash, self.0.len())).is_some_and(|word| word & bits == bits)
    }

    /// A filter of these hashes, with so many bits for each.
    #[must_use]
    pub fn build(hashes: impl ExactSizeIterator<Item = u64>, bits: usize) -> Vec<u64> {
        let mut words = vec![0u64; hashes.len() * bits / 64 + 1];
        for hash in hashes {
            let at = place(hash, words.len());
            if let Some(word) = words.get_mut(at) {
                *word |= two_bits(hash);
            }
        }
        words
    }
}

/// The words of a bitmap of pairs on routes with many keys.
pub const MANY: usize = 8192;
/// The words of a bitmap of pairs on routes with few keys.
pub const FEW: usize = 1024;

/// The bit of a pair of characters of three bytes in a bitmap of so many words, a power of two: the word and the bit.
///
/// One multiplication and one load answer most positions of a text; what passes is asked in the [`Filter`].
#[inline]
#[must_use]
pub const fn pair_bit<const WORDS: usize>(eight: u64) -> (usize, u32) {
    pair_bit_of(WORDS, eight)
}

/// As [`pair_bit`], of so many words.
#[inline]
#[must_use]
pub const fn pair_bit_of(words: usize, eight: u64) -> (usize, u32) {
    // The first two characters alone count: the rest is shifted out.
    let hash = (eight << 16).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let bits = 64 - words.trailing_zeros();
    ((hash >> bits) as usize, (hash >> (bits - 6)) as u32 & 63)
}

/// 1 if a bitmap has the bit of the pair that these eight bytes begin with, else 0: a number, so that hot loops need not
/// branch on it alone.
#[inline]
#[must_use]
pub fn pair<const WORDS: usize>(pairs: &[u64; WORDS], eight: u64) -> u32 {
    let (at, bit) = pair_bit::<WORDS>(eight);
    pairs.get(at).map_or(0, |word| (word >> bit) as u32 & 1)
}

/// Whether the character behind three bytes takes one or two.
#[inline]
const fn is_short_second(eight: u64) -> bool {
    eight >> 29 & 7 != 7
}

/// How a key starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyStart {
    /// Its first eight bytes.
    pub eight: u64,
    /// The ninth, where the first nine are three characters.
    pub third: Option<u8>,
}

/// A filter of the starts of keys: of a key of two characters by their bytes, of a longer one by its first nine, which are
/// three characters. Each has a word of its own: some pairs begin scores of keys, which would fill theirs.
#[derive(Debug, Clone, Copy)]
pub struct Filter<'a>(pub &'a [u64]);

impl Filter<'_> {
    /// The hash of the first two characters, of which the first takes three bytes; of a short second one, of its first
    /// byte alone.
    #[inline]
    const fn pair(eight: u64) -> u64 {
        hash(if is_short_second(eight) { eight & 0xFFFF_FFFF } else { eight })
    }

    /// Whether a key may start with these eight bytes, the first three of which are a character, and the one behind them;
    /// any may if that is not known.
    #[inline]
    #[must_use]
    pub fn may_start(self, eight: u64, ninth: Option<&u8>) -> bool {
        let bloom = Bloom(self.0);
        bloom.has(Self::pair(eight)) || ninth.is_none_or(|&ninth| bloom.has(hash_nine(eight, ninth)))
    }

    /// Whether a key may start with these eight bytes, the first of which is ASCII.
    #[inline]
    #[must_use]
    pub fn may_start_in_ascii(self, eight: u64) -> bool {
        let bloom = Bloom(self.0);
        bloom.has(hash(eight & 0xFFFF)) || bloom.has(hash(eight & 0xFFFF_FFFF)) || bloom.has(hash_nine(eight, 0))
    }

    /// A filter of keys.
    #[must_use]
    pub fn build(starts: &BTreeSet<KeyStart>) -> Vec<u64> {
        let hash = |&KeyStart { eight, third }: &KeyStart| match third {
            _ if eight & 0x80 == 0 => match eight.leading_zeros() / 8 {
                0 => hash_nine(eight, 0),
                1..=4 => hash(eight & 0xFFFF_FFFF),
                _ => hash(eight & 0xFFFF),
            },
            Some(ninth) if !is_short_second(eight) => hash_nine(eight, ninth),
            _ => Self::pair(eight),
        };
        Bloom::build(starts.iter().map(hash).collect::<BTreeSet<_>>().into_iter(), 12)
    }
}

impl std::fmt::Debug for Family {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Family").field("keys", &self.len()).finish_non_exhaustive()
    }
}

impl Family {
    /// The start index.
    #[inline]
    fn starts(&self) -> Slots<'_> {
        Slots { buckets: &self.buckets, slots: &self.slots, tails: &self.tails }
    }

    /// The number of keys.
    #[must_use]
    pub fn len(&self) -> usize {
        self.held as usize + self.fst.len()
    }

    /// Whether there is no key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The keys in slots that start with the two characters of `text`; an error where slots can't hold any.
    #[inline]
    fn stretch_at(&self, text: &[u8]) -> Result<Option<Stretch<'_>>, Unheld> {
        let six = match text.first_chunk() {
            Some(&eight) => u64::from_le_bytes(eight),
            None => six_bytes(text).ok_or(Unheld)?,
        };
        let [first, second] = code_points(six);
        if six & 0xF000_00F0 != 0xE000_00E0 || self.buckets.is_empty() || !(FIRST_HEAD..=LAST_HEAD).contains(&first) {
            return Err(Unheld);
        }
        Ok(self.starts().find(first, second))
    }

    /// Every key of two or more characters that `text` starts with, shortest first.
    #[inline]
    pub fn matches(&self, text: &[u8], mut found: impl FnMut(Match)) {
        let stretch = match self.stretch_at(text) {
            Ok(Some(stretch)) => stretch,
            Ok(None) => return,
            Err(Unheld) if text.len() <= utf8_length(text.first().copied().unwrap_or_default()) => return,
            Err(Unheld) => return self.walk(text, found),
        };
        let (slot, mut number) = (stretch.slot, stretch.number);
        if slot.is_word() {
            found(Match { length: 6, number });
            number += 1;
        }
        if !slot.goes_on() {
            return;
        }
        let Some((third, length)) = self.char_at(text, 6) else { return };
        let length = 6 + length;
        let (threes, fours) = (stretch.threes(), stretch.fours());
        // No key in the slots has a third or fourth character beyond the basic plane.
        if let Some(at) = position(threes, &(third as u16)).filter(|_| third <= 0xFFFF) {
            found(Match { length, number: number + at as u32 });
        }
        if fours.is_empty() && !slot.has_more() {
            return;
        }
        let (fourth, next) = self.char_at(text, length).unwrap_or_default();
        if let Some(at) = position(fours, &[third as u16, fourth as u16]).filter(|_| third.max(fourth) <= 0xFFFF) {
            found(Match { length: length + next, number: number + (threes.len() + at) as u32 });
        }
        if slot.has_more() && self.may_go_on(text, length + next, [stretch.number, third, fourth]) {
            self.walk(text, found);
        }
    }

    /// Whether some key may hold the characters before and behind the edge at `at` side by side.
    #[inline]
    #[must_use]
    pub fn joins(&self, text: &str, at: usize) -> bool {
        let window = at.checked_sub(3).and_then(|from| text.as_bytes().get(from..)?.first_chunk::<8>());
        match window.map(|&window| u64::from_le_bytes(window)) {
            Some(six) if six & 0xF000_00F0 == 0xE000_00E0 => Bloom(&self.joints).has(hash(six)),
            _ => self.joins_any(text, at),
        }
    }

    /// As [`Family::joins`], for any characters.
    #[cold]
    fn joins_any(&self, text: &str, at: usize) -> bool {
        let sides = text.split_at_checked(at).and_then(|(a, b)| a.chars().next_back().zip(b.chars().next()));
        sides.is_some_and(|(before, after)| Bloom(&self.joints).has(joint(before, after)))
    }

    /// Whether the automaton may hold a key that starts with these four characters and goes on as the text does at `at`.
    #[inline]
    fn may_go_on(&self, text: &[u8], mut at: usize, [number, third, fourth]: [u32; 3]) -> bool {
        // Beyond the basic plane shorter keys are in the automaton as well.
        if third.max(fourth) > 0xFFFF {
            return true;
        }
        let longer = Bloom(&self.longer);
        let mut hash = hash_four(number, third, fourth);
        while let Some((next, length)) = self.char_at(text, at) {
            hash = hash_more(hash, next);
            if longer.has(!hash) {
                return true;
            }
            if !longer.has(hash) {
                return false;
            }
            at += length;
        }
        false
    }

    /// As [`char_at`]; on native routes, which have a lattice, every dot is [`DOT`].
    #[inline]
    fn char_at(&self, text: &[u8], at: usize) -> Option<(u32, usize)> {
        const OTHERS: [u32; 2] = [OTHER_DOTS[0] as u32, OTHER_DOTS[1] as u32];
        let (code, length) = char_at(text, at)?;
        Some((if OTHERS.contains(&code) && !self.costs.is_empty() { DOT.into() } else { code }, length))
    }

    /// Every key of the automaton that `text` starts with, shortest first.
    #[cold]
    fn walk(&self, text: &[u8], mut found: impl FnMut(Match)) {
        let found = |length, number| found(Match { length, number: self.held + number as u32 });
        walk(&self.fst, |at| self.char_at(text, at), found);
    }

    /// Whether a key of the family starts with `text` and goes on behind it.
    #[must_use]
    pub fn goes_on(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let (first, second) = (rest.next().map_or(0, u32::from), rest.next());
        if second.is_none() && (FIRST_HEAD..=LAST_HEAD).contains(&first) {
            let index = (first - FIRST_HEAD) as usize;
            if self.firsts.get(index >> 6).is_some_and(|word| word >> (index & 63) & 1 != 0) {
                return true;
            }
        }
        if let Ok(Some(stretch)) = self.stretch_at(text.as_bytes()) {
            let (threes, fours) = (stretch.threes(), stretch.fours());
            let found = match (rest.next().map(u32::from), rest.next()) {
                (None, _) => !threes.is_empty() || !fours.is_empty(),
                (Some(third), None) => fours.iter().any(|&[c, _]| u32::from(c) == third),
                _ => false,
            };
            if found {
                return true;
            }
        }
        let mut node = self.fst.root();
        for byte in text.encode_utf16().flat_map(u16::to_be_bytes) {
            let Some(index) = node.find_input(byte) else { return false };
            node = self.fst.node(node.transition(index).addr);
        }
        !node.is_empty()
    }

    /// The key with this number.
    #[must_use]
    pub fn key(&self, number: u32) -> Option<String> {
        match number.checked_sub(self.held) {
            None => String::from_utf16(&self.starts().key(number)?).ok(),
            Some(number) => self.other_key(number.into()),
        }
    }

    /// The key with this number, in the automaton: the way to it are the last transitions that do not exceed it.
    fn other_key(&self, number: u64) -> Option<String> {
        let mut node = self.fst.root();
        let mut sum = 0;
        let mut units: Vec<u8> = Vec::new();
        while !node.is_final() || sum + node.final_output().value() != number {
            let next = node.transitions().filter(|next| sum + next.out.value() <= number).last()?;
            sum += next.out.value();
            units.push(next.inp);
            node = self.fst.node(next.addr);
        }
        let (units, _) = units.as_chunks::<2>();
        String::from_utf16(&units.iter().map(|&unit| u16::from_be_bytes(unit)).collect::<Vec<_>>()).ok()
    }
}

/// Every key of an automaton that a text starts with, by its length in bytes and its value, shortest first. `read` gives the code
/// point at an offset of the text, and its length.
#[inline]
pub fn walk<D: AsRef<[u8]>>(
    keys: &Fst<D>,
    read: impl Fn(usize) -> Option<(u32, usize)>,
    mut found: impl FnMut(usize, u64),
) {
    let mut node = keys.root();
    let mut output = Output::zero();
    let mut at = 0;
    while let Some((code, length)) = read(at) {
        at += length;
        let (first, second) = units(code);
        for byte in first.to_be_bytes().into_iter().chain(second.into_iter().flat_map(u16::to_be_bytes)) {
            let Some(index) = node.find_input(byte) else {
                return;
            };
            let transition = node.transition(index);
            output = output.cat(transition.out);
            node = keys.node(transition.addr);
        }
        if node.is_final() {
            found(at, output.cat(node.final_output()).value());
        }
    }
}

/// These two characters can't stand in slots.
struct Unheld;

/// The first bytes of a text of six or seven, as the low ones of a word.
#[cold]
fn six_bytes(text: &[u8]) -> Option<u64> {
    text.first_chunk::<6>().map(|six| eight(six))
}

/// The code point of the character at `at` and its length in bytes.
#[inline]
pub fn char_at(text: &[u8], at: usize) -> Option<(u32, usize)> {
    let rest = text.get(at..)?;
    let low = |byte: u8| u32::from(byte & 63);
    match *rest.first()? {
        a @ 0..=0x7F => Some((u32::from(a), 1)),
        a @ 0x80..=0xDF => Some((u32::from(a & 31) << 6 | low(*rest.get(1)?), 2)),
        a @ 0xE0..=0xEF => Some((u32::from(a & 15) << 12 | low(*rest.get(1)?) << 6 | low(*rest.get(2)?), 3)),
        a => {
            let &[_, b, c, d] = rest.first_chunk::<4>()?;
            Some((u32::from(a & 7) << 18 | low(b) << 12 | low(c) << 6 | low(d), 4))
        }
    }
}

/// A code point in UTF-16.
#[inline]
const fn units(code: u32) -> (u16, Option<u16>) {
    match code.checked_sub(0x1_0000) {
        None => (code as u16, None),
        Some(beyond) => (0xD800 | (beyond >> 10) as u16, Some(0xDC00 | (beyond & 0x3FF) as u16)),
    }
}

/// The hash of two characters that stand side by side: that of their bytes where both take three.
#[must_use]
pub fn joint(first: char, second: char) -> u64 {
    let bytes = |c: char| {
        let mut bytes = [0; 4];
        c.encode_utf8(&mut bytes);
        u64::from(u32::from_le_bytes(bytes))
    };
    if first.len_utf8() == 3 && second.len_utf8() == 3 {
        return hash(bytes(first) | bytes(second) << 24);
    }
    ((first as u64) << 21 | second as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15)
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
    /// The record of a key: `None` when its characters are converted one by one, [`ABSENT`] when this route has no such
    /// key.
    #[inline]
    #[must_use]
    pub fn record(&self, number: u32) -> Option<u32> {
        match (self.records.get(number), self.base) {
            (Some(ONE_BY_ONE), _) => None,
            (None, Some(base)) => base.record_or_none(number),
            (None, None) => self.record_or_none(number),
            (record, _) => record,
        }
    }

    /// As [`Route::record`], on a route without a base.
    #[inline]
    fn record_or_none(&self, number: u32) -> Option<u32> {
        let exists = || self.keys.get(number as usize >> 6).is_some_and(|word| word >> (number & 63) & 1 != 0);
        self.records.get(number).or_else(|| if exists() { None } else { Some(ABSENT) })
    }

    /// The numbers of all keys with a record.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        let others = self.base.into_iter().flat_map(|base| base.records.numbers());
        self.records.numbers().chain(others.filter(|&number| !self.records.has(number)))
    }

    /// Leaves out what this route of so many keys shares with another one, which is then to be its [`Route::base`].
    pub fn rest_on(&mut self, base: &Self, keys: usize) {
        let records = (0..keys as u32).filter(|&number| self.record(number) != base.record(number));
        let records: Vec<(u32, u32)> =
            records.map(|number| (number, self.record(number).unwrap_or(ONE_BY_ONE))).collect();
        self.records = Records::new(keys, &records);
        self.keys = Cow::Borrowed(&[]);
    }

    /// What a special character needs: a record, or one of [`NORMALIZE`], [`DESCRIBE`].
    #[must_use]
    pub fn special(&self, code_point: u32) -> Option<u32> {
        if self.normalize.binary_search(&code_point).is_ok() {
            return Some(NORMALIZE);
        }
        let index = self.specials.binary_search_by_key(&code_point, |&[c, _]| c).ok()?;
        self.specials.get(index).map(|&[_, record]| record)
    }
}

impl Route {
    /// Offsets of the characters beside which a [`COMPLEX`] key is so; nothing when it always is.
    #[must_use]
    pub fn neighbours(&self, number: u32) -> Option<(u32, u32)> {
        let (triples, _) = self.neighbours.as_chunks::<3>();
        let at = triples.binary_search_by_key(&number, |&[number, ..]| number).ok()?;
        triples.get(at).map(|&[_, next, prev]| (next, prev))
    }
}

impl Family {
    /// The terms of a key whose record is marked [`TERMS`], and the script conversion's record, or [`ABSENT`] when that goes
    /// character by character.
    #[inline]
    pub fn terms(&self, record: u32) -> (u32, PoolTerms<'_>) {
        let pool = self.pool.get((record & OFFSET) as usize..).unwrap_or_default();
        match pool {
            &[low, high, ref rest @ ..] if record & SCRIPT != 0 => {
                (u32::from(low) | u32::from(high) << 16, PoolTerms(rest))
            }
            pool => (ABSENT, PoolTerms(pool)),
        }
    }

    /// The value that a record points to.
    #[inline]
    #[must_use]
    pub fn value(&self, record: u32) -> Value<'_> {
        Value::at(&self.arena, (record & OFFSET) as usize)
    }

    /// What a key costs as a word of the lattice.
    #[inline]
    #[must_use]
    pub fn cost(&self, number: u32) -> u8 {
        costs::get::<{ costs::WORD }>(&self.costs, number as usize).unwrap_or(u8::MAX)
    }

    /// What a character costs as a word of the lattice.
    #[inline]
    #[must_use]
    pub fn char_cost(&self, c: char) -> u8 {
        match u32::from(c).checked_sub(FIRST_HEAD) {
            Some(at) if at > LAST_HEAD - FIRST_HEAD => u8::MAX,
            at => {
                at.and_then(|at| costs::get::<{ costs::CHARACTER }>(&self.char_costs, at as usize)).unwrap_or(UNKNOWN)
            }
        }
    }

    /// The pages of a route of this family: those built in, or, where they would point into what somebody owns, made for one
    /// conversion.
    #[inline]
    #[must_use]
    pub fn pages<'f>(&'f self, route: &'f Route) -> Cow<'f, Box<Pages<'f>>> {
        match &route.built_in {
            Some(pages) => Cow::Borrowed(pages),
            None => Cow::Owned(pages(&route.pages, &self.blocks)),
        }
    }

    /// The cell of a character of three bytes.
    #[inline]
    #[must_use]
    pub fn cell(&self, route: &Route, three: [u8; 3]) -> u32 {
        let [a, b, c] = three;
        let page = page(u32::from_le_bytes([a, b, c, 0]));
        let block = route.pages.get(page).copied().unwrap_or(0);
        let cell = self.blocks.get(usize::from(block)).and_then(|block| block.get(usize::from(c & 63)));
        cell.and_then(|&cell| self.cells.get(usize::from(cell))).copied().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_of_64_characters() {
        let mut pages = [None; 1024];
        for c in ('\u{800}'..='\u{FFFF}').filter(|c| c.len_utf8() == 3) {
            let mut bytes = [0; 4];
            c.encode_utf8(&mut bytes);
            let known = pages[page(u32::from_le_bytes(bytes))].get_or_insert(c as u32 >> 6);
            assert_eq!(*known, c as u32 >> 6, "{c:?}");
        }
    }

    #[test]
    fn pairs_are_hashed_by_their_bytes() {
        for (first, second) in [('中', '国'), ('，', '㐀'), ('\u{800}', '\u{FFFD}')] {
            let text = format!("{first}{second}");
            let six = text.bytes().rev().fold(0, |word, byte| word << 8 | u64::from(byte));
            assert_eq!(joint(first, second), hash(six));
            assert_eq!(code_points(six), [first as u32, second as u32]);
            assert_eq!(code_points(six | 0xFFFF << 48), [first as u32, second as u32]);
        }
        assert_ne!(joint('a', '中'), joint('中', 'a'));
    }

    #[test]
    fn latin_words_start_behind_what_is_neither_letter_nor_digit() {
        let text = b"MUSB 3.0x USBMySQL @[`{z";
        let starts =
            (1..text.len()).filter(|&at| text[at].is_ascii_alphanumeric() && !in_latin(text.get(at - 1), text[at]));
        assert_eq!(starts.collect::<Vec<usize>>(), [5, 7, 10, 15, 23]);
    }
}
