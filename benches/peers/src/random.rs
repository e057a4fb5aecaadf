//! A seeded generator, so that the same texts arise everywhere.

/// SplitMix64.
pub struct Random(u64);

impl Random {
    /// Seeded by a name.
    pub fn new(name: &str) -> Self {
        // FNV-1a
        let seed = name
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Self(seed)
    }

    fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number less than `end`, which is not 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((u128::from(self.number()) * end as u128) >> 64) as usize
    }

    /// One of the strings, of which there is at least one.
    pub fn pick<'a>(&mut self, strings: &'a [impl AsRef<str>]) -> &'a str {
        strings[self.below(strings.len())].as_ref()
    }
}
