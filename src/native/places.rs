//! Where the tables of neighbours, which `build.rs` writes, hold a character: open addressing over a power of two of places, the
//! free ones with U+0000.

/// Where the search for a neighbour begins among so many places.
#[must_use]
pub const fn place(c: char, places: usize) -> usize {
    ((c as u32).wrapping_mul(0x9E37_79B9) >> 16) as usize & places.wrapping_sub(1)
}
