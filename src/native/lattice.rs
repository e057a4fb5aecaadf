//! The lattice: which words a stretch of text is cut into.
//!
//! The window reaches a few characters to both sides of the key in question and ends at anything that is not Han.
//! Costs are quarters of nats of a unigram model; the cheapest path wins, and of equal paths the one whose last word is
//! longer. Everything is integer arithmetic in a fixed order: the answer is the same on every machine.

use super::Verdict;
use crate::lexicon::Family;

/// How many characters the window reaches beyond the key.
const REACH: usize = 5;
/// The most characters a window has.
const MOST: usize = 40;
/// What a character costs that is no word of its own.
const UNKNOWN: u32 = 80;

/// Chooses among the keys found at `at`, or none of them.
pub(super) fn choose(
    family: &Family,
    text: &str,
    at: usize,
    taken: usize,
    longest: usize,
    found: &[Option<Verdict>],
) -> Option<Verdict> {
    let length = word_at(family, text, at, taken, longest)?;
    found.iter().flatten().find(|v| v.length == length).copied()
}

/// Whether the character at `at` is a word of its own.
pub(super) fn alone(family: &Family, text: &str, at: usize, taken: usize) -> bool {
    let length = text.as_bytes().get(at).map_or(1, |&b| crate::lexicon::utf8_length(b));
    word_at(family, text, at, taken, length) == Some(length)
}

/// The length of the word that starts at `at`; nothing when a word reaches over it.
fn word_at(family: &Family, text: &str, at: usize, taken: usize, longest: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    // Byte offsets of the characters of the window.
    let mut offsets = [0usize; MOST + 1];
    let mut count = 0;
    let mut from = at;
    for _ in 0..REACH {
        let Some(before) = from.checked_sub(3).filter(|&b| b >= taken) else { break };
        if !bytes.get(before).is_some_and(|&b| is_han(b)) || !text.is_char_boundary(before) {
            break;
        }
        from = before;
    }
    let mut here = 0;
    let mut place = from;
    let end = at + longest;
    let mut beyond = 0;
    while count < MOST {
        *offsets.get_mut(count)? = place;
        if place == at {
            here = count;
        }
        let Some(&first) = bytes.get(place) else { break };
        if place >= end {
            if beyond == REACH || !is_han(first) {
                break;
            }
            beyond += 1;
        }
        count += 1;
        place += crate::lexicon::utf8_length(first);
    }
    *offsets.get_mut(count)? = place.min(bytes.len());

    let mut best = [(u32::MAX, 0usize); MOST + 1];
    best[0] = (0, 0);
    for start in 0..count {
        let (cost, _) = *best.get(start)?;
        let from = *offsets.get(start)?;
        let mut relax = |length: usize, price: u32| {
            let to = from + length;
            // Words are few characters long: a linear look is faster than a search.
            for end in start + 1..=count {
                let Some(&offset) = offsets.get(end) else { break };
                if offset >= to {
                    if offset == to
                        && let Some(slot) = best.get_mut(end)
                        && cost + price < slot.0
                    {
                        *slot = (cost + price, start);
                    }
                    break;
                }
            }
        };
        let one = crate::lexicon::utf8_length(*bytes.get(from)?);
        relax(one, UNKNOWN);
        let window = bytes.get(from..*offsets.get(count)?)?;
        family.words(window, |m| {
            relax(m.length, u32::from(family.costs.get(m.number as usize).copied().unwrap_or(u8::MAX)));
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
