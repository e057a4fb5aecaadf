//! What `build.rs` and the library have to agree on in the tables of neighbours.
//!
//! Where they hold a character: open addressing over a power of two of places, the free ones with U+0000. And the bit of a
//! character in a set of the characters that words start or end with.

/// Where the search for a neighbour begins among so many places.
#[must_use]
pub const fn place(c: char, places: usize) -> usize {
    ((c as u32).wrapping_mul(0x9E37_79B9) >> 16) as usize & places.wrapping_sub(1)
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
