//! Characters that their neighbours decide when no key does.
//!
//! The rules are lines of `dictionaries/script/rules.txt`. They look two characters to each side, in sets of characters,
//! and for words beside or near the character; the first rule that holds decides. `build.rs` expands the named sets.

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
    /// Words that stand directly before or after, that do not, that stand nearby, that do not, that stand behind one or
    /// two more characters; no words ask for nothing.
    pub words: [&'static [&'static str]; 7],
    /// Whether there are such words.
    pub worded: bool,
    /// Blanks may stand between.
    pub space: bool,
    /// The lattice is not asked whether the character stands alone.
    pub free: bool,
    /// Keys that start with the character are not asked either.
    pub first: bool,
    /// Only to Hong Kong (1), only in written Cantonese (2), anywhere (0).
    pub only: u8,
}

/// How far words may stand apart to be near, in bytes: thirty characters.
const NEAR: usize = 90;

/// Whether a line is written Cantonese: it holds a character that little else uses, or a word of it.
#[must_use]
pub fn is_cantonese(line: &str) -> bool {
    let mut prev = EDGE;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        if is_cantonese_character(c) || is_cantonese_word(prev, c, chars.peek().copied()) {
            return true;
        }
        prev = c;
    }
    false
}

const fn is_cantonese_character(c: char) -> bool {
    matches!(
        c,
        '嘅' | '咗'
            | '喺'
            | '唔'
            | '佢'
            | '哋'
            | '嚟'
            | '冇'
            | '嗰'
            | '啲'
            | '乜'
            | '咁'
            | '嘢'
            | '畀'
            | '俾'
            | '噉'
            | '啱'
            | '咩'
            | '㗎'
            | '囉'
            | '吖'
            | '嘞'
            | '嗮'
            | '㖞'
            | '囖'
            | '谂'
            | '諗'
            | '揾'
            | '搵'
            | '瞓'
            | '攞'
            | '睇'
            | '冧'
            | '嘥'
            | '攰'
            | '嬲'
            | '孭'
            | '孖'
            | '乸'
            | '曱'
            | '甴'
            | '揸'
            | '揿'
            | '撳'
            | '嚿'
            | '嗌'
            | '噃'
            | '啫'
            | '唧'
            | '骹'
            | '髀'
            | '掟'
    )
}

/// Whether two characters are a word that only Cantonese uses; 都系统 is no 都系.
const fn is_cantonese_word(prev: char, c: char, next: Option<char>) -> bool {
    match (prev, c) {
        ('即' | '真' | '仲' | '净' | '梗' | '但' | '都', '系') => {
            !matches!(next, Some('统' | '統' | '列' | '数' | '數' | '所' | '办'))
        }
        ('系', '咪' | '度')
        | ('边', '个')
        | ('点', '解' | '样')
        | ('而' | '依', '家')
        | ('呢', '个' | '条' | '度')
        | ('条', '友') => true,
        ('钟', '意') => !matches!(next, Some('外' | '义' | '味' | '思' | '图')),
        ('架', '啦') => true,
        _ => false,
    }
}

/// The rules of one character, those that come before the keys in front.
pub(super) fn of_character(rules: &'static [Rule], c: char) -> &'static [Rule] {
    let start = rules.partition_point(|rule| rule.character < c);
    let rest = rules.get(start..).unwrap_or_default();
    let length = rest.iter().position(|rule| rule.character != c).unwrap_or(rest.len());
    rest.get(..length).unwrap_or_default()
}

/// A character with what stands around it, as its rules see it.
#[derive(Debug)]
pub(super) struct Place<'t> {
    before: &'t str,
    after: &'t str,
    /// The neighbours, and those where blanks are passed over.
    beside: [Option<Beside>; 2],
}

#[derive(Debug, Clone, Copy)]
struct Beside {
    prev: char,
    next: char,
    prev2: char,
    next2: char,
}

impl<'t> Place<'t> {
    /// The place of the character of `length` bytes at `at`.
    pub(super) fn new(text: &'t str, at: usize, length: usize) -> Self {
        let before = text.get(..at).unwrap_or_default();
        Self { before, after: text.get(at + length..).unwrap_or_default(), beside: [None; 2] }
    }

    /// The texts on both sides, blanks passed over or not.
    fn sides(&self, space: bool) -> (&'t str, &'t str) {
        if space {
            (self.before.trim_end_matches(' '), self.after.trim_start_matches(' '))
        } else {
            (self.before, self.after)
        }
    }

    fn beside(&mut self, space: bool) -> Beside {
        let (before, after) = self.sides(space);
        let find = || {
            let (mut left, mut right) = (before.chars().rev().map(neighbour), after.chars().map(neighbour));
            let next = |side: &mut dyn Iterator<Item = char>| side.next().unwrap_or(EDGE);
            Beside { prev: next(&mut left), next: next(&mut right), prev2: next(&mut left), next2: next(&mut right) }
        };
        let [plain, spaced] = &mut self.beside;
        *(if space { spaced } else { plain }).get_or_insert_with(find)
    }

    /// The first of these rules that holds, on the way to `target`; `cantonese` knows whether the unit is that.
    pub(super) fn decide(
        &mut self,
        rules: &'static [Rule],
        target: usize,
        mut cantonese: impl FnMut() -> bool,
    ) -> Option<&'static Rule> {
        rules.iter().find(|rule| {
            if rule.only != 0 && target != 1 {
                return false;
            }
            let Beside { prev, next, prev2, next2 } = self.beside(rule.space);
            let [want_prev, want_next, want_prev2, want_next2, not_prev, not_next] = rule.sets;
            (want_prev.is_empty() || has(want_prev, prev))
                && (want_next.is_empty() || has(want_next, next))
                && (want_prev2.is_empty() || has(want_prev2, prev2))
                && (want_next2.is_empty() || has(want_next2, next2))
                && !has(not_prev, prev)
                && !has(not_next, next)
                && (!rule.worded || {
                    let (before, after) = self.sides(rule.space);
                    stand(rule.words, before, after)
                })
                && (rule.only != 2 || cantonese())
        })
    }
}

/// Whether the words around a character are as a rule wants them.
fn stand(words: [&[&str]; 7], before: &str, after: &str) -> bool {
    let [want_before, want_after, not_before, not_after, near, not_near, then] = words;
    (want_before.is_empty() || want_before.iter().any(|word| before.ends_with(word)))
        && (want_after.is_empty() || want_after.iter().any(|word| after.starts_with(word)))
        && !not_before.iter().any(|word| before.ends_with(word))
        && !not_after.iter().any(|word| after.starts_with(word))
        && (near.is_empty() || nearby(near, before, after))
        && (not_near.is_empty() || !nearby(not_near, before, after))
        && (then.is_empty() || follows(then, after))
}

/// Whether one of the words stands behind one or two characters of the clause: a title behind a given name.
fn follows(words: &[&str], after: &str) -> bool {
    let mut rest = after.chars();
    for _ in 0..2 {
        if rest.next().map(neighbour).is_none_or(|c| c == EDGE) {
            return false;
        }
        if words.iter().any(|word| rest.as_str().starts_with(word)) {
            return true;
        }
    }
    false
}

/// Whether one of the words stands within [`NEAR`] bytes to one side.
fn nearby(words: &[&str], before: &str, after: &str) -> bool {
    let mut start = before.len().saturating_sub(NEAR);
    while !before.is_char_boundary(start) {
        start += 1;
    }
    let mut end = after.len().min(NEAR);
    while !after.is_char_boundary(end) {
        end -= 1;
    }
    let left = before.get(start..).unwrap_or_default();
    let right = after.get(..end).unwrap_or_default();
    words.iter().any(|word| left.contains(word) || right.contains(word))
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
