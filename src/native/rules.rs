//! Characters that their neighbours decide when no key does.
//!
//! The rules are lines of `dictionaries/script/rules.txt`, then those of `learned.txt`. They look two characters to each side, in sets of characters,
//! and for words beside or near the character; the first rule that holds decides. `build.rs` expands the named sets.

use crate::data;
use crate::lexicon::code_point;

use super::HONG_KONG;
use super::places::{EDGE, OTHERS, SHOWN, first_bits, last_bits, may_show, neighbour, place, shown, word_at};

/// The rules of all characters, as `build.rs` writes them.
#[derive(Debug)]
pub struct RuleBook {
    /// The number of the rules of a character.
    pub by_character: Neighbours,
    /// The rules of each.
    pub rules: &'static [Rules],
    /// The words of all rules, each once.
    pub text: &'static [u8],
    /// Where each word of a list is in the text; see [`word_at`].
    pub words: &'static [u32],
}

impl RuleBook {
    /// The rules of a character that has some.
    #[inline]
    pub(super) fn of(&self, c: char) -> Option<&'static Rules> {
        self.rules.get(self.by_character.of(c) as usize)
    }

    /// Whether the neighbours let some rule hold, on the way to `target`, for the character of three bytes at `at`, where the text goes on
    /// with these eight bytes, zeros behind its end. A look at two bytes of each rules many places out.
    #[inline(never)]
    pub(super) fn may_hold(&'static self, target: usize, text: &str, at: usize, eight: u64) -> bool {
        let Some((c, rules)) = char::from_u32(code_point(eight)).and_then(|c| Some((c, self.of(c)?))) else {
            return false;
        };
        let before = text.as_bytes().get(..at).and_then(|before| before.last_chunk());
        let [left, right] = rules.shown;
        let prev = before.map_or(OTHERS, |&[first, _, last]| shown(first, last));
        let next = shown((eight >> 24) as u8, (eight >> 40) as u8);
        let may = left.get(prev).zip(right.get(next)).map_or(u64::MAX, |(left, right)| left & right);
        may & !rules.not_to(target) != 0
            && Place::new(self, target, text, at, c).is_some_and(|place| place.candidates != 0)
    }
}

/// The rules of one character, as `build.rs` writes them: at most 64, of which a set of bits is a number.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Which rules a neighbour lets hold: the previous, the next, the one before, the one after.
    pub beside: [Neighbours; 4],
    /// The same of the previous and the next one, by what two bytes [show](shown) of it: those that any such lets hold.
    pub shown: [&'static [u64; SHOWN]; 2],
    /// Rules that pass over blanks to find their neighbours.
    pub spaced: u64,
    /// Rules that are asked before the keys that start with the character.
    pub first: u64,
    /// Rules of the way to Hong Kong alone.
    pub to_hk: u64,
    /// The rules; the first that holds decides.
    pub rules: &'static [Rule],
}

/// The rules that each neighbour lets hold.
#[derive(Debug, Clone, Copy)]
pub struct Neighbours {
    /// Neighbours that some rule names, hashed; see [`super::places`].
    pub named: &'static [(char, u64)],
    /// The rules that any other neighbour lets hold.
    pub others: u64,
}

/// What is left to ask of a rule whose neighbours are as it wants them, and what it gives.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// What the character becomes on the way to Taiwan, to Hong Kong and to plain Traditional.
    pub values: [char; 3],
    /// Its line in `rules.txt`; 0 for a rule that was learned.
    pub line: u16,
    /// Words that stand directly before or after, that do not, that stand nearby, that do not, that stand behind one or
    /// two more characters; no words ask for nothing.
    pub words: [Words; 7],
    /// Whether there are such words.
    pub worded: bool,
    /// Blanks may stand between.
    pub space: bool,
    /// The lattice is not asked whether the character stands alone.
    pub free: bool,
    /// Only in written Cantonese.
    pub cantonese: bool,
}

/// Words that may stand beside a character: as slices of strings each would take a pointer, and a note to the loader where that is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Words {
    /// The place of the first one in [`RuleBook::words`].
    pub at: u16,
    /// How many there are.
    pub count: u16,
    /// Bits for the character that each shows to what it stands beside: see [`first_bits`], [`last_bits`]. Most neighbours
    /// are ruled out by it.
    pub edges: [u64; 2],
}

impl Words {
    /// The words, in order.
    fn list(self) -> impl Iterator<Item = &'static [u8]> {
        self.places().iter().map(|&place| word(place))
    }

    fn places(self) -> &'static [u32] {
        let from = usize::from(self.at);
        data::rule_book().words.get(from..from + usize::from(self.count)).unwrap_or_default()
    }

    /// Whether a text starts with one of them.
    #[inline]
    pub(super) fn start(self, text: &str) -> bool {
        let text = text.as_bytes();
        let alike = |word: &[u8]| text.first_chunk::<3>() == word.first_chunk::<3>();
        // Where both have three bytes, these are compared in place.
        may_show(self.edges, first_bits(text))
            && self.list().any(|word| (word.len() < 3 || alike(word)) && text.starts_with(word))
    }

    /// Whether a text ends with one of them.
    #[inline]
    pub(super) fn end(self, text: &str) -> bool {
        let text = text.as_bytes();
        let alike = |word: &[u8]| text.last_chunk::<3>() == word.last_chunk::<3>();
        may_show(self.edges, last_bits(text))
            && self.list().any(|word| (word.len() < 3 || alike(word)) && text.ends_with(word))
    }

    /// Whether one of them, which are in order and none of which starts with another, stands in a text.
    fn stand_in(self, text: &str) -> bool {
        let places = self.places();
        text.char_indices().any(|(at, _)| {
            let rest = text.as_bytes().get(at..).unwrap_or_default();
            // What lies in order between a word and a text that starts with it starts with it too.
            let last = || places.get(..places.partition_point(|&place| word(place) <= rest))?.last();
            may_show(self.edges, first_bits(rest)) && last().is_some_and(|&place| rest.starts_with(word(place)))
        })
    }

    pub(super) fn is_empty(self) -> bool {
        self.count == 0
    }
}

/// The word at a place of [`RuleBook::words`].
#[inline]
fn word(place: u32) -> &'static [u8] {
    word_at(data::rule_book().text, place)
}

impl Neighbours {
    fn of(&self, c: char) -> u64 {
        let mut at = place(c, self.named.len());
        while let Some(&(named, rules)) = self.named.get(at) {
            if named == c {
                return rules;
            }
            if named == '\0' {
                break;
            }
            at = (at + 1) & (self.named.len() - 1);
        }
        self.others
    }
}

/// How far words may stand apart to be near, in bytes: thirty characters.
const NEAR: usize = 90;

/// Whether a line is written Cantonese: it holds a character that little else uses, or a word of it.
#[must_use]
pub fn is_cantonese(line: &str) -> bool {
    let mut prev = EDGE;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        if may_be_cantonese(c) && (CANTONESE.contains(&c) || is_cantonese_word(prev, c, chars.peek().copied())) {
            return true;
        }
        prev = c;
    }
    false
}

/// Characters that little else than Cantonese uses.
const CANTONESE: [char; 52] = [
    '嘅', '咗', '喺', '唔', '佢', '哋', '嚟', '冇', '嗰', '啲', '乜', '咁', '嘢', '畀', '俾', '噉', '啱', '咩', '㗎',
    '囉', '吖', '嘞', '嗮', '㖞', '囖', '谂', '諗', '揾', '搵', '瞓', '攞', '睇', '冧', '嘥', '攰', '嬲', '孭', '孖',
    '乸', '曱', '甴', '揸', '揿', '撳', '嚿', '嗌', '噃', '啫', '唧', '骹', '髀', '掟',
];

/// With what its [words](is_cantonese_word) end.
const ENDS: [char; 11] = ['系', '咪', '度', '个', '解', '样', '家', '条', '友', '意', '啦'];

/// Whether a character is among those two lists, or looks alike in its lower twelve bits: lines are long and such characters rare.
const fn may_be_cantonese(c: char) -> bool {
    const BITS: [u64; 64] = {
        let mut bits = [0; 64];
        let mut at = 0;
        while at < CANTONESE.len() + ENDS.len() {
            let c = if at < ENDS.len() { ENDS[at] } else { CANTONESE[at - ENDS.len()] };
            bits[c as usize >> 6 & 63] |= 1 << (c as usize & 63);
            at += 1;
        }
        bits
    };
    BITS[c as usize >> 6 & 63] >> (c as usize & 63) & 1 != 0
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

/// The rules of a character that stands somewhere, those among them that its neighbours let hold.
#[derive(Debug)]
pub(super) struct Place<'t> {
    rules: &'static Rules,
    candidates: u64,
    before: &'t str,
    after: &'t str,
}

impl<'t> Place<'t> {
    /// The place of the character `c` at `at`, on the way to `target`; nothing when no rule is about it.
    #[inline]
    pub(super) fn new(all: &'static RuleBook, target: usize, text: &'t str, at: usize, c: char) -> Option<Self> {
        let rules = all.of(c)?;
        let (before, after) = (text.get(..at)?, text.get(at + c.len_utf8()..)?);
        let mut candidates = rules.beside(before, after);
        if rules.spaced != 0 && (before.ends_with(' ') || after.starts_with(' ')) {
            let spaced = rules.beside(before.trim_end_matches(' '), after.trim_start_matches(' '));
            candidates = candidates & !rules.spaced | spaced & rules.spaced;
        }
        candidates &= !rules.not_to(target);
        Some(Self { rules, candidates, before, after })
    }

    /// The first rule that holds, of those that come before the keys or of the others; `cantonese` knows whether the
    /// unit is that.
    #[inline]
    pub(super) fn decide(&self, first: bool, cantonese: impl FnMut() -> bool) -> Option<&'static Rule> {
        let left = self.candidates & if first { self.rules.first } else { !self.rules.first };
        if left == 0 { None } else { self.decide_among(left, cantonese) }
    }

    /// The first of these rules that holds.
    fn decide_among(&self, mut left: u64, mut cantonese: impl FnMut() -> bool) -> Option<&'static Rule> {
        while left != 0 {
            let rule = self.rules.rules.get(left.trailing_zeros() as usize)?;
            left &= left - 1;
            let words = || {
                if rule.space {
                    stand(&rule.words, self.before.trim_end_matches(' '), self.after.trim_start_matches(' '))
                } else {
                    stand(&rule.words, self.before, self.after)
                }
            };
            if (!rule.worded || words()) && (!rule.cantonese || cantonese()) {
                return Some(rule);
            }
        }
        None
    }
}

impl Rules {
    /// The rules that are not for this target.
    fn not_to(&self, target: usize) -> u64 {
        if target == HONG_KONG { 0 } else { self.to_hk }
    }

    /// The rules that these neighbours let hold.
    fn beside(&self, before: &str, after: &str) -> u64 {
        let (mut left, mut right) = (before.chars().rev().map(neighbour), after.chars().map(neighbour));
        let [prev, next, prev2, next2] = &self.beside;
        let mut rules = prev.of(left.next().unwrap_or(EDGE));
        if rules == 0 {
            return 0;
        }
        rules &= next.of(right.next().unwrap_or(EDGE));
        if rules & !prev2.others != 0 {
            rules &= prev2.of(left.next().unwrap_or(EDGE));
        }
        if rules & !next2.others != 0 {
            rules &= next2.of(right.next().unwrap_or(EDGE));
        }
        rules
    }
}

/// Whether the words around a character are as a rule wants them.
fn stand(words: &[Words; 7], before: &str, after: &str) -> bool {
    let [want_before, want_after, not_before, not_after, near, not_near, then] = words;
    (want_before.is_empty() || want_before.end(before))
        && (want_after.is_empty() || want_after.start(after))
        && !not_before.end(before)
        && !not_after.start(after)
        && (then.is_empty() || follows(*then, after))
        && (near.is_empty() || nearby(*near, before, after))
        && (not_near.is_empty() || !nearby(*not_near, before, after))
}

/// Whether one of the words stands behind one or two characters of the clause: a title behind a given name.
fn follows(words: Words, after: &str) -> bool {
    let mut rest = after.chars();
    for _ in 0..2 {
        if rest.next().map(neighbour).is_none_or(|c| c == EDGE) {
            return false;
        }
        if words.start(rest.as_str()) {
            return true;
        }
    }
    false
}

/// Whether one of the words stands within [`NEAR`] bytes to one side.
fn nearby(words: Words, before: &str, after: &str) -> bool {
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
    words.stand_in(left) || words.stand_in(right)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Locale, Terms};

    /// What may stand in front of a character or behind it, as a rule asks for it: words, or characters that some rule names.
    fn sides(words: Words, named: &Neighbours) -> Vec<String> {
        let characters = named.named.iter().map(|&(c, _)| c).filter(|&c| c > EDGE).chain("，。 a9𠮷㐀の".chars());
        let words = words.list().map(|word| String::from_utf8_lossy(word).into_owned());
        words.chain(characters.map(String::from)).chain([String::new(), " ".to_owned()]).collect()
    }

    #[test]
    fn what_may_be_no_cantonese_ends_none_of_its_words() {
        let ends = |c| ('\u{4E00}'..='\u{9FFF}').any(|prev| is_cantonese_word(prev, c, None));
        let others = ('\u{0}'..=char::MAX).filter(|&c| !may_be_cantonese(c));
        assert!(others.clone().all(|c| !CANTONESE.contains(&c)));
        assert_eq!(others.filter(|c| ('\u{4E00}'..='\u{9FFF}').contains(c)).find(|&c| ends(c)), None);
        assert!(ENDS.into_iter().all(ends));
    }

    #[test]
    fn words_show_neighbours_that_let_their_rules_hold() {
        let book = data::native(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, &Terms::None).rules;
        for rules in book.rules {
            for (bit, rule) in rules.rules.iter().enumerate() {
                let [before, after, ..] = rule.words;
                let lets =
                    |side: usize, c: Option<char>| rules.beside[side].of(c.map_or(EDGE, neighbour)) >> bit & 1 != 0;
                let text = |word: &'static [u8]| std::str::from_utf8(word).unwrap();
                let ends = || before.list().any(|word| lets(0, text(word).chars().next_back()));
                let starts = || after.list().any(|word| lets(1, text(word).chars().next()));
                assert!(before.is_empty() || ends(), "no word in front lets line {} hold", rule.line);
                assert!(after.is_empty() || starts(), "no word behind lets line {} hold", rule.line);
            }
        }
    }

    #[test]
    fn no_rule_holds_where_the_neighbours_rule_all_out() {
        let book = data::native(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, &Terms::None).rules;
        let (mut asked, mut ruled_out) = (0, 0);
        for &(c, number) in book.by_character.named.iter().filter(|(c, _)| *c != '\0') {
            let rules = &book.rules[number as usize];
            for rule in rules.rules {
                let [before, after, ..] = rule.words;
                let (before, after) = (sides(before, &rules.beside[0]), sides(after, &rules.beside[1]));
                // All of one side beside some of the other.
                let pairs = before.iter().enumerate().map(|(at, before)| (before, &after[at * 7 % after.len()]));
                let others = after.iter().enumerate().map(|(at, after)| (&before[at * 7 % before.len()], after));
                for (before, after) in pairs.chain(others) {
                    let text = format!("{before}{c}{after}");
                    for target in 0..3 {
                        let eight = crate::lexicon::eight(&text.as_bytes()[before.len()..]);
                        let may_hold = book.may_hold(target, &text, before.len(), eight);
                        let place = Place::new(book, target, &text, before.len(), c).unwrap();
                        let holds = place.decide(true, || true).or_else(|| place.decide(false, || true)).is_some();
                        assert!(may_hold || !holds, "{text:?} on the way to {target}");
                        asked += 1;
                        ruled_out += usize::from(!may_hold);
                    }
                }
            }
        }
        assert!(asked > 100_000 && ruled_out > 10_000, "{ruled_out} of {asked}");
    }
}
