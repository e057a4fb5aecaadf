//! The records of a route's keys, each in three bytes, or in four where offsets need them.

use std::borrow::Cow;

/// Records by the numbers of their keys, of which most have none.
#[derive(Debug, Clone)]
pub struct Records {
    /// Bit `n` is set when key number `n` has a record.
    pub explicit: Cow<'static, [u64]>,
    /// The number of bits set before each word of `explicit`.
    pub ranks: Cow<'static, [u16]>,
    /// The records, one behind the other.
    pub packed: Cow<'static, [u8]>,
    /// Whether a record takes four bytes.
    pub wide: bool,
}

impl Records {
    /// Records of so many keys, in the order of their numbers.
    #[must_use]
    pub fn new(keys: usize, records: &[(u32, u32)]) -> Self {
        let mut explicit = vec![0u64; keys / 64 + 1];
        for &(number, _) in records {
            set(&mut explicit, number);
        }
        let ranks = explicit.iter().scan(0u32, |sum, word| {
            let rank = *sum as u16;
            *sum += word.count_ones();
            Some(rank)
        });
        let ranks: Vec<u16> = ranks.collect();
        let records = || records.iter().map(|&(_, record)| record);
        let packed: Option<Vec<[u8; 3]>> = records().map(pack).collect();
        let wide = packed.is_none();
        let packed = packed.map(|packed| packed.into_flattened());
        let packed = packed.unwrap_or_else(|| records().flat_map(u32::to_le_bytes).collect());
        Self { explicit: explicit.into(), ranks: ranks.into(), packed: packed.into(), wide }
    }

    /// Whether a key has a record.
    #[inline]
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        self.explicit.get(number as usize >> 6).is_some_and(|word| word >> (number & 63) & 1 != 0)
    }

    /// The record of a key.
    #[inline]
    #[must_use]
    pub fn get(&self, number: u32) -> Option<u32> {
        let (at, bit) = (number as usize >> 6, number & 63);
        let word = *self.explicit.get(at)?;
        if word >> bit & 1 == 0 {
            return None;
        }
        let rank = u32::from(*self.ranks.get(at)?) + (word & ((1 << bit) - 1)).count_ones();
        if self.wide {
            self.packed.as_chunks::<4>().0.get(rank as usize).map(|&bytes| u32::from_le_bytes(bytes))
        } else {
            self.packed.as_chunks::<3>().0.get(rank as usize).map(|&bytes| unpack(bytes))
        }
    }

    /// The numbers of the keys that have one.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        let bits = |word: u64| (0..64).filter(move |bit| word >> bit & 1 != 0);
        self.explicit.iter().zip(0u32..).flat_map(move |(&word, at)| bits(word).map(move |bit| at * 64 + bit))
    }
}

/// Sets the bit of a number.
pub fn set(bits: &mut [u64], number: u32) {
    if let Some(word) = bits.get_mut(number as usize >> 6) {
        *word |= 1 << (number & 63);
    }
}

/// A record in three bytes: its flags in the upper four bits, its offset below; nothing when that is too large.
const fn pack(record: u32) -> Option<[u8; 3]> {
    if record & super::OFFSET >= 1 << 20 {
        return None;
    }
    let [a, b, c, _] = (record >> 8 & 0xF0_0000 | record & 0xF_FFFF).to_le_bytes();
    Some([a, b, c])
}

const fn unpack([a, b, c]: [u8; 3]) -> u32 {
    let packed = u32::from_le_bytes([a, b, c, 0]);
    (packed & 0xF0_0000) << 8 | packed & 0xF_FFFF
}

#[cfg(test)]
mod tests {
    use super::super::{ABSENT, CHECK, OFFSET};
    use super::*;

    #[test]
    fn records_come_back() {
        for offset in [0xF_FFFF, OFFSET] {
            let records = [(0, ABSENT), (63, CHECK | offset), (64, 7), (700, ABSENT | CHECK)];
            let packed = Records::new(701, &records);
            assert_eq!(packed.wide, offset == OFFSET);
            assert!(packed.numbers().eq(records.map(|(number, _)| number)));
            for number in 0..710 {
                let record = records.iter().find(|(n, _)| *n == number).map(|&(_, record)| record);
                assert_eq!(packed.get(number), record, "{number}");
                assert_eq!(packed.has(number), record.is_some());
            }
        }
    }
}
