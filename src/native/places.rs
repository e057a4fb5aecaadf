//! What `build.rs` and the library have to agree on in the tables of neighbours.
//!
//! Where they hold a character: open addressing over a power of two of places, the free ones with U+0000. What two bytes
//! show of a neighbour. And the bits of a character in sets of the characters that words start or end with.

/// The edge of a clause in a set of characters.
pub const EDGE: char = '\u{1}';

/// A neighbour as rules see it: what is neither a letter nor a digit is the edge of the clause.
#[inline]
#[must_use]
pub const fn neighbour(c: char) -> char {
    // Most are Han.
    if matches!(c, '\u{3400}'..='\u{9FFF}') {
        return c;
    }
    let letter = matches!(c, '0'..='9' | 'A'..='Z' | 'a'..='z' | '〇' | '０'..='９' | '\u{20000}'..);
    if letter { c } else { EDGE }
}

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

/// The bits of the first character of a text in two sets, by its last byte and by the one before it, of which the same is the bit
/// of an ASCII character; none of an empty text.
#[inline]
#[must_use]
pub const fn first_bits(text: &[u8]) -> [u64; 2] {
    match *text {
        [0xE0..=0xFF, byte, last, ..] | [byte @ 0xC0..=0xDF, last, ..] | [byte @ last, ..] => [bit(last), bit(byte)],
        [] => [0; 2],
    }
}

/// The bits of the last character of a text, as [`first_bits`].
#[inline]
#[must_use]
pub const fn last_bits(text: &[u8]) -> [u64; 2] {
    match *text {
        [.., byte, last @ 0x80..=0xFF] | [.., byte @ last] => [bit(last), bit(byte)],
        [] => [0; 2],
    }
}

/// Whether words of these bits, all taken together, may hold one that shows a character of those.
#[inline]
#[must_use]
pub const fn may_show(edges: [u64; 2], [last, before]: [u64; 2]) -> bool {
    edges[0] & last != 0 && edges[1] & before != 0
}

/// A word in the text that holds all words of conditions or of rules: `place` is its offset, and in the lowest eight bits its length in
/// bytes.
#[inline]
#[must_use]
pub fn word_at(text: &[u8], place: u32) -> &[u8] {
    let at = (place >> 8) as usize;
    text.get(at..at + (place & 0xFF) as usize).unwrap_or_default()
}

const fn bit(byte: u8) -> u64 {
    1 << (byte & 63)
}

/// The three bytes that a word of a condition shows to a term, as a number; that of a shorter word is zero.
#[inline]
#[must_use]
pub const fn condition_key([a, b, c]: [u8; 3]) -> u32 {
    u32::from_le_bytes([a, b, c, 0])
}
