//! The start index: what begins with which two characters.
//!
//! The two characters are 31 bits, of which [`mix`] makes 31 others. The first of these are the number of the pair's
//! [`Bucket`], and the rest stands on top of its [`Slot`]: no other pair has both, and a slot need not hold the pair itself.
//! A bucket has some four slots, and says how many keys and tails those before it have; so a slot need not say where its own
//! are, only how many.

use super::FIRST_HEAD;

/// How many bits [`mix`] gives.
const BITS: u32 = 31;

/// Any odd number would be undone by another; this one spreads the pairs well.
const MIXER: u32 = 0x9E37_79B1;

/// A pair of characters of the basic plane, the first of which may have slots, as the upper 31 bits of a word.
#[inline]
#[must_use]
pub const fn mix(first: u32, second: u32) -> u32 {
    let pair = first.wrapping_sub(FIRST_HEAD) << 16 | second;
    pair.wrapping_mul(MIXER) << 1
}

/// The pair of which [`mix`] makes this.
const fn unmix(mixed: u32) -> [u16; 2] {
    // Newton's iteration doubles the bits that are right, of which an odd number has three.
    let mut inverse = MIXER;
    let mut right = 3;
    while right < 32 {
        inverse = inverse.wrapping_mul(2u32.wrapping_sub(MIXER.wrapping_mul(inverse)));
        right *= 2;
    }
    let pair = (mixed >> 1).wrapping_mul(inverse) & (u32::MAX >> 1);
    [(pair >> 16) as u16 + FIRST_HEAD as u16, pair as u16]
}

/// How many keys start with two characters, by their lengths.
///
/// ```text
/// │ rest of the pair │ threes │ fours │ more │ word │
/// 32                13        7       2      1      0
/// ```
///
/// The tails are the third characters of the keys of three characters, in order, then the third and fourth characters of
/// those of four. Numbers go on in the same order: the pair itself, if it is a key, the threes, the fours.
/// Where a list is too long for its field, `fours` is [`Slot::COUNTED`] and both lengths stand in front of the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot(u32);

impl Slot {
    /// The lengths of the lists stand in front of them.
    pub const COUNTED: usize = 31;
    /// Lists of three characters that a field can count are shorter.
    pub const THREES: usize = 64;

    /// The bits of the fields below the rest of the pair.
    const FIELDS: u32 = 13;

    /// The slot of a pair: whether it is a word, how many keys of three and of four characters start with it, and whether longer
    /// ones do.
    #[must_use]
    pub const fn new(word: bool, threes: usize, fours: usize, more: bool) -> Self {
        Self(word as u32 | (more as u32) << 1 | (fours as u32 & 31) << 2 | (threes as u32 & 63) << 7)
    }

    /// What a family holds, without the rest of the pair.
    const fn of(held: u32) -> Self {
        Self(held & ((1 << Self::FIELDS) - 1))
    }

    /// As a family holds it; the number of a bucket has so many bits.
    #[must_use]
    pub const fn of_pair(self, mixed: u32, bucket_bits: u32) -> u32 {
        self.0 | mixed << bucket_bits
    }

    /// How many keys of three and of four characters, or that these are counted elsewhere.
    const fn lengths(self) -> (usize, usize) {
        ((self.0 >> 7 & 63) as usize, (self.0 >> 2 & 31) as usize)
    }

    pub(super) const fn is_word(self) -> bool {
        self.0 & 1 != 0
    }

    /// The automaton holds keys that start with the two characters.
    pub(super) const fn has_more(self) -> bool {
        self.0 & 2 != 0
    }

    /// Whether any key goes on behind the two characters.
    pub(super) const fn goes_on(self) -> bool {
        self.0 & ((1 << Self::FIELDS) - 2) != 0
    }
}

/// Where a bucket begins.
///
/// ```text
/// │ tails before it │ keys before it │ slots before it │
/// 64               40               16                 0
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bucket(u64);

impl Bucket {
    /// The number of a bucket has so many bits at least: with fewer, the rest of a pair would leave no room for fields.
    pub const LEAST_BITS: u32 = BITS + Slot::FIELDS - 32;

    /// Behind so many slots, keys and tails; nothing when a field is too small.
    #[must_use]
    pub fn new(slots: usize, keys: usize, tails: usize) -> Option<Self> {
        let fits = slots < 1 << 16 && keys < 1 << 24 && tails < 1 << 24;
        fits.then_some(Self(slots as u64 | (keys as u64) << 16 | (tails as u64) << 40))
    }

    /// As a family holds it.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    const fn slots(self) -> usize {
        self.0 as usize & 0xFFFF
    }

    const fn keys(self) -> u32 {
        (self.0 >> 16) as u32 & 0xFF_FFFF
    }

    const fn tails(self) -> usize {
        (self.0 >> 40) as usize
    }
}

/// The keys that start with two characters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub slot: Slot,
    /// The number of the first of them.
    pub number: u32,
    threes: usize,
    fours: usize,
    /// From here on stand their tails, and then those of others.
    tails: &'a [u16],
}

impl<'a> Stretch<'a> {
    /// The third characters of keys of three.
    #[inline]
    pub fn threes(self) -> &'a [u16] {
        self.tails.get(..self.threes).unwrap_or_default()
    }

    /// The third and fourth characters of keys of four.
    #[inline]
    pub fn fours(self) -> &'a [[u16; 2]] {
        let fours = self.tails.get(self.threes..).unwrap_or_default();
        fours.as_chunks().0.get(..self.fours).unwrap_or_default()
    }
}

/// Where the keys and tails of the next slot begin.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    number: u32,
    at: usize,
    tails: &'a [u16],
}

impl<'a> Cursor<'a> {
    /// What the next slot holds.
    #[inline]
    fn stretch(self, slot: Slot) -> Stretch<'a> {
        let tails = self.tails.get(self.at..).unwrap_or_default();
        let (threes, fours) = slot.lengths();
        match tails.split_first_chunk::<2>() {
            Some((&[threes, long], tails)) if fours == Slot::COUNTED => {
                Stretch { slot, number: self.number, threes: threes.into(), fours: long.into(), tails }
            }
            _ => Stretch { slot, number: self.number, threes, fours, tails },
        }
    }

    /// Goes on behind a slot.
    #[inline]
    fn pass(&mut self, slot: Slot) {
        let (mut threes, mut fours) = slot.lengths();
        if fours == Slot::COUNTED {
            let stretch = self.stretch(slot);
            (threes, fours) = (stretch.threes, stretch.fours);
            self.at += 2;
        }
        self.number += slot.is_word() as u32 + (threes + fours) as u32;
        self.at += threes + 2 * fours;
    }
}

/// The start index of a family.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slots<'a> {
    /// A power of two, and one that says where the last of these ends; none when the lexicon is too large for slots.
    pub buckets: &'a [u64],
    pub slots: &'a [u32],
    pub tails: &'a [u16],
}

impl<'a> Slots<'a> {
    /// How many bits the number of a bucket has.
    #[inline]
    fn bucket_bits(self) -> u32 {
        self.buckets.len().checked_ilog2().unwrap_or(0)
    }

    #[inline]
    fn cursor(self, bucket: Bucket) -> Cursor<'a> {
        Cursor { number: bucket.keys(), at: bucket.tails(), tails: self.tails }
    }

    /// The keys that start with a pair of characters of the basic plane, the first of which may have slots.
    #[inline]
    pub fn find(self, first: u32, second: u32) -> Option<Stretch<'a>> {
        let (mixed, bits) = (mix(first, second), self.bucket_bits());
        let &[bucket, next] = self.buckets.get((mixed >> (32 - bits)) as usize..)?.first_chunk()?;
        let (bucket, next) = (Bucket(bucket), Bucket(next));
        let mut cursor = self.cursor(bucket);
        for slot in self.slots.get(bucket.slots()..next.slots())? {
            // What is left of the pair's own slot is without the pair.
            let left = slot ^ mixed << bits;
            if left >> (bits + 1) == 0 {
                return Some(cursor.stretch(Slot(left)));
            }
            cursor.pass(Slot::of(*slot));
        }
        None
    }

    /// The characters of the key with this number: numbers go on from one slot to the next.
    pub fn key(self, number: u32) -> Option<Vec<u16>> {
        let bits = self.bucket_bits();
        // Of several that begin with this number, the last one holds it.
        let at = self.buckets.partition_point(|&bucket| Bucket(bucket).keys() <= number).checked_sub(1)?;
        let bucket = Bucket(*self.buckets.get(at)?);
        let mut next = self.cursor(bucket);
        for &slot in self.slots.get(bucket.slots()..)? {
            let stretch = next.stretch(Slot::of(slot));
            next.pass(stretch.slot);
            if next.number <= number {
                continue;
            }
            let mut key = unmix((at as u32) << (32 - bits) | slot >> (bits + 1) << 1).to_vec();
            let pair = stretch.slot.is_word().then_some(&[][..]).into_iter();
            let mut tails = pair.chain(stretch.threes().chunks(1)).chain(stretch.fours().iter().map(|four| &four[..]));
            key.extend(tails.nth((number - stretch.number) as usize)?);
            return Some(key);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_back() {
        for pair in [[0x4E00, 0], [0x4E00, 0xFFFF], [0x9FFF, 0x4E2D], [0x9FFF, 0xFFFF]] {
            assert_eq!(unmix(mix(pair[0], pair[1])).map(u32::from), pair);
        }
    }
}
