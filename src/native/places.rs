//! What `build.rs` and the library have to agree on in the tables of neighbours.
//!
//! Where they hold a character: open addressing over a power of two of places, the free ones with U+0000. What two bytes
//! show of a neighbour. And the bit of a character in a set of the characters that words start or end with.

/// Where the search for a neighbour begins among so many places.
#[must_use]
pub const fn place(c: char, places: usize) -> usize {
    ((c as u32).wrapping_mul(0x9E37_79B9) >> 16) as usize & places.wrapping_sub(1)
}

/// How many neighbours two of their bytes tell apart: the common ideographs by their last, and all others.
pub const SHOWN: usize = 65;
/// The place of neighbours that are no ideographs, or rare ones.
pub const OTHERS: usize = 64;

/// The place of a neighbour of three bytes, of which these are the first and the last.
#[inline]
#[must_use]
pub const fn shown(first: u8, last: u8) -> usize {
    if matches!(first, 0xE4..=0xE9) { (last & 63) as usize } else { OTHERS }
}

/// The bit of the first character of a text; none of an empty one.
#[inline]
#[must_use]
pub const fn first_bit(text: &str) -> u64 {
    match *text.as_bytes() {
        // Its last byte tells more than its first.
        [0xE0..=0xFF, _, byte, ..] | [byte, ..] => 1 << (byte & 63),
        [] => 0,
    }
}

/// The bit of the last character of a text; none of an empty one.
#[inline]
#[must_use]
pub const fn last_bit(text: &str) -> u64 {
    match *text.as_bytes() {
        [.., byte] => 1 << (byte & 63),
        [] => 0,
    }
}
