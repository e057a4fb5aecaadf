//! The lattice: which words a stretch of text is cut into.
//!
//! The window reaches a few characters to both sides of the key in question and ends at anything that is not Han.
//! Costs are quarters of nats of a unigram model; the cheapest path wins, and of equal paths the one whose last word is
//! longer. Everything is integer arithmetic in a fixed order: the answer is the same on every machine.

use super::Native;
use crate::lexicon::Family;

/// How many characters the window reaches beyond the key.
const REACH: usize = 5;
/// No word has more characters.
const LONGEST: usize = 20;
/// The most characters a window has.
const MOST: usize = 40;

/// The length of the word that starts at `at`, where the longest key of `longest` bytes stands; nothing when a word
/// reaches over the place.
pub(super) fn word(native: &Native, text: &str, at: usize, taken: usize, longest: usize) -> Option<usize> {
    let family = native.family;
    if !crossed(family, text, at, taken) && !crossed(family, text, at + longest, at) {
        return Some(longest);
    }
    word_at(native, text, at, taken, longest)
}

/// Whether the lattice is solved to know what [`word`] answers; for those who explain it.
#[cold]
pub(super) fn is_solved(family: &Family, text: &str, at: usize, taken: usize, longest: usize) -> bool {
    crossed(family, text, at, taken) || crossed(family, text, at + longest, at)
}

/// Whether the character at `at` is a word of its own.
pub(super) fn alone(native: &Native, text: &str, at: usize, taken: usize) -> bool {
    let length = text.as_bytes().get(at).map_or(1, |&b| crate::lexicon::utf8_length(b));
    word(native, text, at, taken, length) == Some(length)
}

/// Whether some word that starts at `from` or later reaches over the edge at `at`.
#[inline]
fn crossed(family: &Family, text: &str, at: usize, from: usize) -> bool {
    // Most edges lie between two characters that no word holds side by side.
    family.joins(text, at) && reaches_over(family, text, at, from)
}

/// As [`crossed`], where some word may hold the two characters at the edge side by side.
#[inline(never)]
fn reaches_over(family: &Family, text: &str, at: usize, from: usize) -> bool {
    let mut start = at;
    for before in text.get(from..at).unwrap_or_default().chars().rev().take(LONGEST) {
        // No word holds these two, so none that starts further to the left comes over.
        if start < at && !family.joins(text, start) {
            return false;
        }
        start -= before.len_utf8();
        let mut over = false;
        family.matches(text.as_bytes().get(start..).unwrap_or_default(), |m| over |= start + m.length > at);
        if over {
            return true;
        }
    }
    false
}

/// The window around `key`, from where it starts to where it ends: it reaches over no edge that no word reaches over, nor
/// back over `taken`.
pub(super) fn window(family: &Family, text: &str, key: (usize, usize), taken: usize) -> (usize, usize) {
    let (mut from, mut end) = key;
    for _ in 0..REACH {
        let Some(before) = from.checked_sub(3).filter(|&before| before >= taken) else { break };
        let is_whole = text.as_bytes().get(before).is_some_and(|&byte| is_han(byte)) && text.is_char_boundary(before);
        if !is_whole || !family.joins(text, from) {
            break;
        }
        from = before;
    }
    for c in text.get(end..).unwrap_or_default().chars().take(REACH) {
        if !family.joins(text, end) {
            break;
        }
        end += c.len_utf8();
    }
    (from, end)
}

/// The length of the word that starts at `at`; nothing when a word reaches over it.
fn word_at(native: &Native, text: &str, at: usize, taken: usize, longest: usize) -> Option<usize> {
    let family = native.family;
    let (from, place) = window(family, text, (at, at + longest), taken);
    let window = text.get(from..place)?;
    // The window's characters, and by how many characters each byte offset is reached.
    let mut chars = ['\0'; MOST];
    let mut offsets = [0usize; MOST + 1];
    let (mut count, mut here) = (0, 0);
    for (offset, c) in window.char_indices() {
        if from + offset == at {
            here = count;
        }
        *chars.get_mut(count)? = c;
        *offsets.get_mut(count)? = from + offset;
        count += 1;
    }
    *offsets.get_mut(count)? = place;

    let mut best = [(u32::MAX, 0usize); MOST + 1];
    best[0] = (0, 0);
    for start in 0..count {
        let (cost, _) = *best.get(start)?;
        let one = family.char_cost(*chars.get(start)?);
        let mut relax = |end: usize, price: u32| {
            if let Some(slot) = best.get_mut(end)
                && cost + price < slot.0
            {
                *slot = (cost + price, start);
            }
        };
        relax(start + 1, u32::from(one));
        if start + 1 == count || !family.joins(text, *offsets.get(start + 1)?) {
            continue;
        }
        let from = *offsets.get(start)?;
        let window = text.as_bytes().get(from..place)?;
        let mut ahead = start + 1;
        family.matches(window, |m| {
            // Words come shortest first, so the look ahead goes on from the last one.
            while ahead < count && offsets.get(ahead).is_some_and(|&offset| offset < from + m.length) {
                ahead += 1;
            }
            if ahead > start + 1 && offsets.get(ahead) == Some(&(from + m.length)) && !native.is_void(text, from, m) {
                relax(ahead, u32::from(family.cost(m.number)));
            }
        });
    }
    // Back along the cheapest path to the word that starts here.
    let mut end = count;
    while end > here {
        let (_, start) = *best.get(end)?;
        if start == here {
            return Some(*offsets.get(end)? - at);
        }
        if start < here {
            return None;
        }
        end = start;
    }
    None
}

fn is_han(first: u8) -> bool {
    (0xE4..=0xE9).contains(&first) || first == 0xE3
}
