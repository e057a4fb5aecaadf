//! What else a native route could have written at a place, for those who ask: the paths of the lattice with their costs,
//! the terms of a key, the candidates of a character.
//!
//! Nothing here runs while a text is converted. A [`Place`] is looked at anew, with what the conversion had before it.

use std::collections::BTreeMap;

use super::lattice::is_solved;
use super::{Match, Native, Policy, hold, lattice, pieces, rules};
use crate::data;
use crate::engine::Buffer;
use crate::lexicon::{ABSENT, KANA, RULE, TERMS, VARIATION, Value};

/// A place in a text, as the route saw it.
#[derive(Debug)]
pub(crate) struct Place<'t> {
    native: Native,
    /// What the route converted as one: no key or rule looks beyond.
    text: &'t str,
    at: usize,
    /// Where the last key that was taken ends.
    taken: usize,
    /// The whole unit.
    unit: &'t str,
}

/// The cheapest paths over a place, by what they write there.
#[derive(Debug)]
pub(crate) struct Paths {
    /// What the cheapest path costs that has the word or character itself.
    pub chosen: Option<u32>,
    /// What other paths write, the cheapest first.
    pub others: Vec<(String, u32)>,
    /// Some word reaches over an edge of the longest key, so that the lattice was solved.
    pub asked: bool,
}

/// A word of the lattice.
struct Word {
    start: usize,
    end: usize,
    cost: u32,
    key: Option<Match>,
}

/// What the cheapest paths to each character cost, and the number of their last word; or from each, and their first.
type Costs = Vec<(u32, usize)>;

/// A window of the lattice: its characters with their places, and all its words.
struct Window {
    chars: Vec<(usize, char)>,
    /// Where it ends.
    end: usize,
    words: Vec<Word>,
}

impl<'t> Place<'t> {
    /// A place at `at` of a unit. It lies in `gap`, which own words or the edges of the unit bound; the last key that was
    /// taken ends at `taken`.
    pub fn new(native: Native, unit: &'t str, gap: (usize, usize), at: usize, taken: usize) -> Option<Self> {
        let text = unit.get(gap.0..gap.1)?;
        let (mut start, mut piece) = (gap.0, text);
        if native.flags(text) & (KANA | VARIATION) != 0 {
            for (next, _) in pieces(text) {
                piece = next;
                if at < start + next.len() {
                    break;
                }
                start += next.len();
            }
        }
        let at = at.checked_sub(start).filter(|&at| piece.is_char_boundary(at))?;
        Some(Self { native, text: piece, at, taken: taken.saturating_sub(start).min(at), unit })
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn matches(&self, from: usize) -> Vec<Match> {
        let mut found = Vec::new();
        self.native.family.matches(self.text.as_bytes().get(from..).unwrap_or_default(), |m| found.push(m));
        found
    }

    /// The paths over the `length` bytes at the place, of which the text has become `target`.
    pub fn paths(&self, length: usize, target: &str) -> Paths {
        let end = self.at + length;
        let verdict = |m: &Match| self.native.verdict(self.text, self.at, *m);
        let longest = self.matches(self.at).iter().rev().find_map(verdict).map_or(length, |v| v.length.max(length));
        let family = self.native.family;
        let asked = is_solved(family, self.text, self.at, self.taken, longest);
        let window = self.window(self.at + longest);
        let [before, after] = window.costs();
        let place = |offset: usize| window.chars.partition_point(|&(at, _)| at < offset);
        let (from, to) = (place(self.at), place(end));
        let mut chosen: Option<u32> = None;
        let mut others: BTreeMap<String, u32> = BTreeMap::new();
        for (number, word) in window.words.iter().enumerate().filter(|(_, w)| w.start < to && w.end > from) {
            let through = |costs: &[(u32, usize)], at: usize| costs.get(at).map(|&(cost, _)| cost);
            let (Some(a), Some(b)) = (through(&before, word.start), through(&after, word.end)) else { continue };
            if a == u32::MAX || b == u32::MAX {
                continue;
            }
            let cost = a + word.cost + b;
            if (word.start, word.end) == (from, to) {
                chosen = Some(chosen.map_or(cost, |known| known.min(cost)));
                continue;
            }
            let Some(value) = self.written(&window, &before, &after, number, (from, to)) else { continue };
            if value == target {
                // A character that stays may be a part of words that leave it as it is.
                if to == from + 1 {
                    chosen = Some(chosen.map_or(cost, |known| known.min(cost)));
                }
            } else {
                others.entry(value).and_modify(|known| *known = (*known).min(cost)).or_insert(cost);
            }
        }
        let mut others: Vec<(String, u32)> = others.into_iter().collect();
        others.sort_by_key(|&(_, cost)| cost);
        Paths { chosen, others, asked }
    }

    /// The window around the place, which reaches beyond `end`: the one that the lattice would solve.
    fn window(&self, end: usize) -> Window {
        let (family, text) = (self.native.family, self.text);
        let (from, end) = lattice::window(family, text, (self.at, end), self.taken);
        let chars = text.get(from..end).unwrap_or_default().char_indices();
        let mut window = Window { chars: chars.map(|(at, c)| (from + at, c)).collect(), end, words: Vec::new() };
        let places: Vec<usize> = window.chars.iter().map(|&(at, _)| at).chain([window.end]).collect();
        for (start, &(at, c)) in window.chars.iter().enumerate() {
            window.words.push(Word { start, end: start + 1, cost: u32::from(family.char_cost(c)), key: None });
            for m in self.matches(at) {
                let Ok(end) = places.binary_search(&(at + m.length)) else { continue };
                if end > start + 1 && !self.native.is_void(text, at, m) {
                    let cost = family.cost(m.number);
                    window.words.push(Word { start, end, cost: u32::from(cost), key: Some(m) });
                }
            }
        }
        window
    }

    /// What the cheapest path with a word writes in a range of the window's characters; nothing when that cannot be told
    /// from what it writes beside it.
    fn written(
        &self,
        window: &Window,
        before: &[(u32, usize)],
        after: &[(u32, usize)],
        number: usize,
        (from, to): (usize, usize),
    ) -> Option<String> {
        let word = window.words.get(number)?;
        let mut path = vec![number];
        let (mut start, mut end) = (word.start, word.end);
        while start > from {
            let &(_, word) = before.get(start)?;
            path.insert(0, word);
            start = window.words.get(word)?.start;
        }
        while end < to {
            let &(_, word) = after.get(end)?;
            path.push(word);
            end = window.words.get(word)?.end;
        }
        let mut out = String::new();
        for word in path.into_iter().filter_map(|number| window.words.get(number)) {
            let value = self.value(window, word);
            if word.start >= from && word.end <= to {
                out.push_str(&value);
                continue;
            }
            // A part of a word is told by its characters.
            let length = word.end - word.start;
            if value.chars().count() != length {
                return None;
            }
            let (skip, last) = (from.saturating_sub(word.start), length.min(to - word.start));
            out.extend(value.chars().skip(skip).take(last - skip));
        }
        Some(self.native.finish(out))
    }

    /// What the route writes for a word of a path.
    fn value(&self, window: &Window, word: &Word) -> String {
        let at = window.chars.get(word.start).map_or(0, |&(at, _)| at);
        let end = window.chars.get(word.end).map_or(window.end, |&(at, _)| at);
        let text = self.text.get(at..end).unwrap_or_default();
        let mut out = Buffer::after(Vec::new(), text.len());
        match word.key.and_then(|m| self.native.verdict(self.text, at, m)) {
            Some(verdict) => match verdict
                .term
                .filter(|&(value, meta)| self.native.settles(meta) && !self.native.family.value(value).is_empty())
            {
                Some((value, _)) => out.push_value(self.native.family.value(value)),
                None => self.native.push_script(text, verdict.script, &mut out),
            },
            None => match self.rule_at(at).filter(|_| word.key.is_none()) {
                Some(rule) => out.extend_from_slice(self.ruled(rule).encode_utf8(&mut [0; 4]).as_bytes()),
                None => self.native.push_script(text, ABSENT, &mut out),
            },
        }
        out.into_string()
    }

    fn ruled(&self, rule: &rules::Rule) -> char {
        rule.values.get(self.native.target).copied().unwrap_or_default()
    }

    /// The rule that holds for a character that stands alone.
    fn rule_at(&self, at: usize) -> Option<&'static rules::Rule> {
        let c = self.text.get(at..)?.chars().next().filter(|&c| self.native.cell(c) & RULE != 0)?;
        let place = rules::Place::new(self.native.rules, self.native.target, self.text, at, c)?;
        let cantonese = || rules::is_cantonese(self.unit);
        place.decide(true, cantonese).or_else(|| place.decide(false, cantonese))
    }

    /// The line of the rules that decides the character at the place.
    pub fn rule_line(&self) -> Option<u32> {
        self.rule_at(self.at).map(|rule| u32::from(rule.line)).filter(|&line| line > 0)
    }

    /// Terms of the key of `length` bytes at the place that may stand here, as meta word and value, and what the script
    /// conversion makes of it.
    pub fn values(&self, length: usize) -> (Vec<(u32, String)>, Option<String>) {
        let Some(key) = self.rest().get(..length) else { return Default::default() };
        let script = |script: u32| {
            let mut out = Buffer::after(Vec::new(), length);
            self.native.push_script(key, script, &mut out);
            Some(self.native.finish(out.into_string()))
        };
        let record = self.matches(self.at).into_iter().find(|m| m.length == length);
        let Some(record) = record.and_then(|m| self.native.route.record(m.number)) else {
            return (Vec::new(), script(ABSENT));
        };
        if record & TERMS == 0 {
            return (Vec::new(), script(record));
        }
        let (of_script, terms) = self.native.family.terms(record);
        let terms = terms.filter(|&(meta, _)| hold(self.text, self.at, length, meta >> 8));
        let terms = terms.map(|(meta, value)| (meta, self.native.finish(self.native.value(value)))).collect();
        (terms, script(of_script))
    }
}

impl Window {
    /// What the cheapest paths from the start to each character and from each character to the end cost, and their last
    /// and first word.
    fn costs(&self) -> [Costs; 2] {
        let count = self.chars.len();
        let mut before = vec![(u32::MAX, 0); count + 1];
        let mut after = before.clone();
        if let (Some(first), Some(last)) = (before.first_mut(), after.last_mut()) {
            (*first, *last) = ((0, 0), (0, 0));
        }
        let relax = |costs: &mut [(u32, usize)], from: usize, to: usize, number: usize, price: u32| {
            let Some(&(cost, _)) = costs.get(from) else { return };
            let cost = cost.saturating_add(price);
            if let Some(slot) = costs.get_mut(to).filter(|slot| cost < slot.0) {
                *slot = (cost, number);
            }
        };
        for (number, word) in self.words.iter().enumerate() {
            relax(&mut before, word.start, word.end, number, word.cost);
        }
        for (number, word) in self.words.iter().enumerate().rev() {
            relax(&mut after, word.end, word.start, number, word.cost);
        }
        [before, after]
    }
}

impl Native {
    /// Whether a term is written where it is found, without waiting for its domain.
    pub(crate) fn settles(&self, meta: u32) -> bool {
        let Policy { domains, broad, .. } = self.policy;
        match meta & 3 {
            1 => domains >> (meta >> 2 & 31) & 1 != 0,
            3 => broad,
            _ => true,
        }
    }

    fn value(&self, offset: u32) -> String {
        self.family.value(offset).collect()
    }

    /// A value in the glyphs of the route.
    pub(crate) fn finish(&self, value: String) -> String {
        let Some(glyphs) = self.glyphs else { return value };
        let mut out = Buffer::after(value.into_bytes(), 0);
        glyphs.apply(&mut out, 0);
        out.into_string()
    }

    /// What a character may become, the default first: the candidates of the script's table, and the values of rules.
    pub(crate) fn candidates(&self, c: char) -> Vec<String> {
        let one = |from: char| {
            let mut out = Buffer::after(Vec::new(), 4);
            self.push_char(from.encode_utf8(&mut [0; 4]), from, &mut out);
            out.into_string()
        };
        let from_hans = std::ptr::eq(self.family, data::family_of_hans());
        let listed = data::candidates(from_hans, c);
        let of_rules = self.rules.of(c).filter(|_| from_hans).map_or(&[] as &[rules::Rule], |rules| rules.rules);
        let target = self.target;
        let ruled = of_rules.iter().filter_map(|rule| rule.values.get(target)).map(|value| value.to_string());
        // The glyph that the target's readers write: 裏 becomes 裡. A character that stays keeps its own.
        let listed = listed.map(|value| if value == c || !from_hans { value.to_string() } else { one(value) });
        let mut out: Vec<String> = Vec::new();
        for value in [one(c)].into_iter().chain(listed).chain(ruled).map(|value| self.finish(value)) {
            if !out.contains(&value) {
                out.push(value);
            }
        }
        out
    }

    /// The keys that have a term with this value, as number and meta word.
    fn keys_with_term<'v>(
        &self,
        is_value: impl Fn(Value<'_>) -> bool + Copy + 'v,
    ) -> impl Iterator<Item = (u32, u32)> + 'v {
        let Self { family, route, .. } = *self;
        let records = route.numbers().filter_map(|number| Some((number, route.record(number)?)));
        records.filter(|(_, record)| record & (ABSENT | TERMS) == TERMS).flat_map(move |(number, record)| {
            let (_, terms) = family.terms(record);
            terms.filter(move |&(_, value)| is_value(family.value(value))).map(move |(meta, _)| (number, meta))
        })
    }
}

/// Words of the target that the way back turns into `word` for the same domain: those that the tables list beside the one that is written.
pub(crate) fn synonyms(back: &Native, word: &str, domain: u32) -> Vec<String> {
    let keys = back.keys_with_term(|value| value.eq(word.chars()));
    keys.filter(|(_, meta)| meta >> 2 & 31 == domain).filter_map(|(number, _)| back.family.key(number)).collect()
}
