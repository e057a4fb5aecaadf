//! What the map of regional marks holds for a word: who writes it, and how much that says.
//!
//! ```text
//! bits 0–2  the regions that write it: Mainland, Taiwan, Hong Kong
//! bits 3–7  what it counts against the others, in bits of information
//! bit  8    only written Cantonese uses it
//! ```

/// Mainland China writes the word.
pub const CN: u64 = 1;
/// Taiwan writes the word.
pub const TW: u64 = 2;
/// Hong Kong writes the word.
pub const HK: u64 = 4;
/// Every region writes the word: it shields the marks inside it.
pub const ALL: u64 = CN | TW | HK;
/// Only written Cantonese uses the word.
pub const CANTONESE: u64 = 1 << 8;

/// The value of a word with these regions and this weight.
#[must_use]
pub const fn pack(regions: u64, bits: u64) -> u64 {
    regions & ALL | (bits & 31) << 3
}

/// What a word counts against the regions that do not write it.
#[must_use]
pub const fn bits(value: u64) -> u32 {
    (value >> 3 & 31) as u32
}
