//! Ideographic description sequences: `⿰虫风` describes one character and stays whole.
//!
//! The limits (depth 16, 64 code points) are OpenCC's.

const MAX_DEPTH: usize = 16;
const MAX_CODE_POINTS: usize = 64;

/// How many operands an ideographic description operator takes; 0 for any other character.
#[must_use]
pub const fn arity(c: char) -> usize {
    match c {
        '\u{2FF2}' | '\u{2FF3}' => 3,
        '\u{2FFE}' | '\u{2FFF}' => 1,
        '\u{2FF0}'..='\u{2FFD}' => 2,
        _ => 0,
    }
}

/// The byte length of the description sequence that `text` starts with, if it is complete.
#[must_use]
pub fn sequence_length(text: &str) -> Option<usize> {
    if arity(text.chars().next()?) == 0 {
        return None;
    }
    let mut budget = MAX_CODE_POINTS;
    sequence(text, MAX_DEPTH, &mut budget)
}

fn sequence(text: &str, depth: usize, budget: &mut usize) -> Option<usize> {
    let c = text.chars().next()?;
    if depth == 0 || *budget == 0 {
        return None;
    }
    *budget -= 1;
    let mut length = c.len_utf8();
    for _ in 0..arity(c) {
        length += sequence(text.get(length..)?, depth - 1, budget)?;
    }
    Some(length)
}

/// The byte length of what is copied when nothing matches: a description sequence or a character.
#[must_use]
pub fn unit_length(text: &str) -> usize {
    sequence_length(text).or_else(|| text.chars().next().map(char::len_utf8)).unwrap_or(0)
}

/// Whether `text` starts with a description sequence that more text could complete.
#[must_use]
pub fn is_open(text: &str) -> bool {
    fn open(text: &str, depth: usize, budget: &mut usize) -> Result<usize, bool> {
        if depth == 0 || *budget == 0 {
            return Err(false);
        }
        let c = text.chars().next().ok_or(true)?;
        *budget -= 1;
        let mut length = c.len_utf8();
        for _ in 0..arity(c) {
            length += open(text.get(length..).unwrap_or_default(), depth - 1, budget)?;
        }
        Ok(length)
    }
    text.starts_with(|c| arity(c) > 0) && open(text, MAX_DEPTH, &mut MAX_CODE_POINTS.clone()) == Err(true)
}
