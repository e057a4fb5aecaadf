//! Characters that their neighbours decide when no key does.
//!
//! The rules are lines of `dictionaries/script/rules.txt`. They look two characters to each side, in sets of characters;
//! the first rule that holds decides. `build.rs` expands the named sets.

/// The edge of a clause in a set of characters.
pub const EDGE: char = '\u{1}';

/// A rule as `build.rs` writes it.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// The character it is about.
    pub character: char,
    /// What it becomes on the way to Taiwan, to Hong Kong and to plain Traditional.
    pub values: [char; 3],
    /// Sets for the neighbours: previous, next, the one before, the one after, not previous, not next; an empty set
    /// asks for nothing.
    pub sets: [&'static [char]; 6],
    /// Blanks may stand between.
    pub space: bool,
    /// The lattice is not asked whether the character stands alone.
    pub free: bool,
    /// Only to Hong Kong (1), only in written Cantonese (2), anywhere (0).
    pub only: u8,
}

/// Characters that only written Cantonese uses often.
const CANTONESE: &str = "嘅咗喺唔佢哋嚟冇嗰啲乜咁嘢畀俾噉啱咩㗎喇啦囉吖嘞嗮";

/// Whether a line is written Cantonese.
#[must_use]
pub fn is_cantonese(line: &str) -> bool {
    line.chars().any(|c| c != '啦' && c != '喇' && CANTONESE.contains(c))
}

/// What a character becomes by its neighbours in a piece of a line, and whether it does so inside a word too; nothing when its default
/// stands.
pub(super) fn apply(rules: &[Rule], target: usize, line: &str, text: &str, at: usize, c: char) -> Option<(char, bool)> {
    let start = rules.partition_point(|rule| rule.character < c);
    let of_c = rules.get(start..)?.iter().take_while(|rule| rule.character == c);
    let (before, after) = (text.get(..at)?, text.get(at + c.len_utf8()..)?);
    let mut cantonese = None;
    for rule in of_c {
        let (before, after) =
            if rule.space { (before.trim_end_matches(' '), after.trim_start_matches(' ')) } else { (before, after) };
        let (mut before, mut after) = (before.chars().rev().map(neighbour), after.chars().map(neighbour));
        let (prev, prev2) = (before.next().unwrap_or(EDGE), before.next().unwrap_or(EDGE));
        let (next, next2) = (after.next().unwrap_or(EDGE), after.next().unwrap_or(EDGE));
        let [want_prev, want_next, want_prev2, want_next2, not_prev, not_next] = rule.sets;
        let holds = (want_prev.is_empty() || has(want_prev, prev))
            && (want_next.is_empty() || has(want_next, next))
            && (want_prev2.is_empty() || has(want_prev2, prev2))
            && (want_next2.is_empty() || has(want_next2, next2))
            && !has(not_prev, prev)
            && !has(not_next, next)
            && (rule.only == 0
                || target == 1 && (rule.only == 1 || *cantonese.get_or_insert_with(|| is_cantonese(line))));
        if holds {
            return rule.values.get(target).map(|&value| (value, rule.free));
        }
    }
    None
}

/// A neighbour as rules see it: what is neither a letter nor a digit is the edge of the clause.
fn neighbour(c: char) -> char {
    let letter =
        matches!(c, '\u{3400}'..='\u{9FFF}' | '0'..='9' | 'A'..='Z' | 'a'..='z' | '〇' | '０'..='９' | '\u{20000}'..);
    if letter { c } else { EDGE }
}

/// Whether a sorted set holds a character.
fn has(set: &[char], c: char) -> bool {
    set.binary_search(&c).is_ok()
}
