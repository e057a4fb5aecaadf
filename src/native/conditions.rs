//! What may stand beside a term.
//!
//! The tables hold some 34,000 words of conditions. As slices of strings each would take a pointer, and a note to the loader where
//! that is; so they stand in one text, and the lists say where. Most words are ruled out by a number that holds the character they show to the
//! term: those of a list are asked side by side.

use super::places::{condition_key, first_bits, last_bits, may_show, word_at};
use crate::data;

/// The conditions of all terms, as `build.rs` writes them.
#[derive(Debug)]
pub struct Conditions {
    /// The words of all lists.
    pub text: &'static [u8],
    /// Where each word is in the text; see [`word_at`].
    pub words: &'static [u32],
    /// The [key](condition_key) of each word, zero for those of less than three bytes.
    pub keys: &'static [u32],
    /// Lists of words, each once; the first one is empty.
    pub lists: &'static [List],
    /// The numbers of four lists for each condition: words that follow, that precede, that do not follow, that do not precede.
    pub conditions: &'static [[u16; 4]],
}

/// Words of which one stands beside a term.
#[derive(Debug, Clone, Copy)]
pub struct List {
    /// The first word.
    pub at: u32,
    /// How many there are.
    pub count: u16,
    /// How many of these have less than three bytes.
    pub short: u16,
    /// Bits for the character that each shows to the term: see [`first_bits`], [`last_bits`]. Most neighbours are ruled out by it.
    pub edges: [u64; 2],
}

impl Conditions {
    /// Whether a word of the list is as asked for; `shown` are three bytes beside the term, by which most are ruled out.
    #[inline]
    fn any(&'static self, list: &List, shown: Option<&[u8; 3]>, is: impl Fn(&[u8]) -> bool) -> bool {
        let from = list.at as usize;
        let all = from..from + usize::from(list.count);
        let shown = shown.map_or(u32::MAX, |&shown| condition_key(shown));
        // Without an exit, so that the compiler asks them side by side.
        let keys = self.keys.get(all.clone()).unwrap_or_default();
        let may_be = keys.iter().fold(list.short != 0, |found, &key| found | (key == shown));
        may_be
            && self
                .words
                .get(all)
                .unwrap_or_default()
                .iter()
                .zip(keys)
                .any(|(&place, &key)| (key == shown || key == 0) && is(word_at(self.text, place)))
    }

    /// Whether a text starts with a word of the list of this number.
    #[inline]
    fn starts(&'static self, list: u16, text: &str) -> bool {
        let Some(list) = self.lists.get(usize::from(list)) else { return false };
        let bytes = text.as_bytes();
        may_show(list.edges, first_bits(bytes)) && self.any(list, bytes.first_chunk(), |word| bytes.starts_with(word))
    }

    /// Whether a text ends with a word of the list of this number.
    #[inline]
    fn ends(&'static self, list: u16, text: &str) -> bool {
        let Some(list) = self.lists.get(usize::from(list)) else { return false };
        let bytes = text.as_bytes();
        may_show(list.edges, last_bits(bytes)) && self.any(list, bytes.last_chunk(), |word| bytes.ends_with(word))
    }
}

/// Whether condition number `number` holds around a word.
pub(super) fn hold(text: &str, at: usize, length: usize, number: u32) -> bool {
    if number == 0 {
        return true;
    }
    let conditions = data::conditions();
    let Some(&[next, prev, not_next, not_prev]) = conditions.conditions.get(number as usize) else { return true };
    // Some set a blank between Han and Latin, or between a name and the original in brackets, some do not.
    let latin = |c: char| c.is_ascii_alphanumeric();
    if next | not_next != 0 {
        let after = text.get(at + length..).unwrap_or_default();
        let behind_blank = after.strip_prefix(' ').filter(|rest| rest.starts_with(latin) || rest.starts_with('('));
        let after = behind_blank.unwrap_or(after);
        if next != 0 && !conditions.starts(next, after) || not_next != 0 && conditions.starts(not_next, after) {
            return false;
        }
    }
    if prev | not_prev != 0 {
        let before = text.get(..at).unwrap_or_default();
        let before = before.strip_suffix(' ').filter(|rest| rest.ends_with(latin)).unwrap_or(before);
        if prev != 0 && !conditions.ends(prev, before) || not_prev != 0 && conditions.ends(not_prev, before) {
            return false;
        }
    }
    true
}
