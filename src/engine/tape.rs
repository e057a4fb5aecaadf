//! Stages that read a text piece by piece, and where a text may be cut.
//!
//! The engine converts whole texts. What a stream holds at its end, where the next piece may go on with a key, runs through a
//! [`Tape`]: the stages as OpenCC defines them, one behind the other, each of which writes what no further text can
//! change. A tape is slower than the engine, and needed for the end of a piece only: in front of it a stream cuts at
//! [`Cuts`] and asks the engine.

use super::{Buffer, Scanner, Step};
use crate::lexicon::ids;
use crate::native::units::floor;

/// Characters behind which a text may be cut, when no key contains them.
pub(crate) const SEPARATORS: [char; 6] = ['\n', ' ', '。', '，', '！', '？'];
/// No key of the built-in lexicons is longer, in bytes.
pub(crate) const LONGEST: usize = 64;

/// One stage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stage<'a> {
    pub scanner: Scanner<'a>,
    /// The length of its longest key; 0 when all keys are single characters.
    pub longest: usize,
}

/// The stages of a route as OpenCC defines them.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub normalization: Vec<Stage<'a>>,
    /// Cuts the text: what stands at a position is a segment, or else part of a gap.
    pub segmentation: Option<(Stage<'a>, SegmentAt<'a>)>,
    pub chain: Vec<Stage<'a>>,
}

/// The length of the segment at a position.
pub(crate) type SegmentAt<'a> = fn(&Scanner<'a>, &str, usize) -> Option<usize>;

impl Stage<'_> {
    /// Whether what stands at `at` depends on what follows the text.
    fn is_open(&self, text: &str, at: usize) -> bool {
        let rest = text.get(at..).unwrap_or_default();
        rest.len() < self.longest && self.scanner.family.goes_on(rest) || ids::is_open(rest)
    }

    /// Converts what is certain of `pending`, or all of it at the end.
    fn run(&self, pending: &mut String, end: bool, out: &mut Buffer) {
        let mut at = 0;
        while at < pending.len() {
            if !end && self.is_open(pending, at) {
                break;
            }
            let step = self.scanner.step(pending, at);
            let length = match step {
                Step::Copy(length) | Step::Replace(length, ..) | Step::EachChar(length, _) => length,
                // Neither happens: the text is normalised, and these stages stand alone.
                Step::Complex | Step::Normalize => {
                    debug_assert!(false, "a stage of a tape must be plain");
                    crate::lexicon::utf8_length(pending.as_bytes().get(at).copied().unwrap_or(0))
                }
            };
            let unit = pending.get(at..at + length).unwrap_or_default();
            // A gap key holds where no segment starts inside.
            if !end && unit.char_indices().skip(1).any(|(offset, _)| self.is_open(pending, at + offset)) {
                break;
            }
            match step {
                Step::Replace(_, value, _) => out.push_value(value),
                Step::EachChar(..) => self.scanner.push_chars(unit, (0, unit.len()), out, &mut None),
                _ => out.extend_from_slice(unit.as_bytes()),
            }
            at += length.max(1);
        }
        pending.drain(..floor(pending, at));
    }
}

/// Stages one behind the other, each with the text that it can't decide yet.
#[derive(Debug, Clone, Default)]
struct Line(Vec<String>);

impl Line {
    fn feed(&mut self, stages: &[Stage<'_>], text: &str, end: bool, out: &mut Buffer) {
        self.0.resize(stages.len(), String::new());
        let mut text = std::borrow::Cow::Borrowed(text);
        for (stage, pending) in stages.iter().zip(&mut self.0) {
            pending.push_str(&text);
            let mut next = Buffer::after(Vec::new(), pending.len());
            stage.run(pending, end, &mut next);
            text = next.into_string().into();
        }
        out.extend_from_slice(text.as_bytes());
    }
}

/// The state of a [`Plan`] in the middle of a text.
///
/// It holds the longest key and the longest description sequence of each stage at the most.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tape {
    normalization: Line,
    segmentation: String,
    chain: Line,
}

impl Tape {
    /// Reads text and appends what is certain, or all at the end of the text.
    pub fn feed(&mut self, plan: &Plan<'_>, text: &str, end: bool, out: &mut Buffer) {
        let mut normal = Buffer::after(Vec::new(), text.len());
        self.normalization.feed(&plan.normalization, text, end, &mut normal);
        let normal = normal.into_string();
        let Some((stage, segment_at)) = &plan.segmentation else {
            self.chain.feed(&plan.chain, &normal, end, out);
            return;
        };
        let mut pending = std::mem::take(&mut self.segmentation);
        pending.push_str(&normal);
        let (mut gap, mut at) = (0, 0);
        while let Some(rest) = pending.get(at..).filter(|rest| !rest.is_empty()) {
            if !end && stage.is_open(&pending, at) {
                break;
            }
            let Some(length) = segment_at(&stage.scanner, &pending, at) else {
                at += ids::unit_length(rest);
                continue;
            };
            self.chain.feed(&plan.chain, pending.get(gap..at).unwrap_or_default(), true, out);
            self.chain.feed(&plan.chain, rest.get(..length).unwrap_or_default(), true, out);
            at += length.max(1);
            gap = at;
        }
        self.chain.feed(&plan.chain, pending.get(gap..at).unwrap_or_default(), end, out);
        pending.drain(..floor(&pending, at));
        self.segmentation = pending;
    }
}

/// Where a text may be cut so that its parts convert as the whole does.
///
/// A cut lies behind a separator, a character that no key contains, so no match of any stage spans it. What may swallow a
/// separator is a description sequence: 64 characters at most, counted in any stage. So no description operator may stand
/// in the last `margin` bytes before a cut, which no stage can shrink to 64 characters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cuts<'a> {
    pub separators: &'a [char],
    pub margin: usize,
}

impl Cuts<'static> {
    /// The cuts of the built-in configurations.
    pub const BUILT_IN: Self = Self { separators: &SEPARATORS, margin: 64 * LONGEST };
}

impl Cuts<'_> {
    /// The last cut of a text that comes `quiet` bytes behind the last operator.
    pub fn last(&self, text: &str, quiet: usize) -> Option<usize> {
        let mut end = text.len();
        loop {
            let (at, c) = text.get(..end)?.char_indices().rev().find(|(_, c)| self.separators.contains(c))?;
            let cut = at + c.len_utf8();
            let from = floor(text, cut.saturating_sub(self.margin));
            match last_operator(text.get(from..cut)?) {
                Some(operator) => end = from + operator,
                None if quiet.saturating_add(cut) < self.margin => return None,
                None => return Some(cut),
            }
        }
    }

    /// The first cut.
    pub fn first(&self, text: &str, quiet: usize) -> Option<usize> {
        let mut from = self.margin.saturating_sub(quiet);
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            if is_operator(c) {
                from = end.saturating_add(self.margin);
            } else if end >= from && self.separators.contains(&c) {
                return Some(end);
            }
        }
        None
    }

    /// How many bytes the end of a text lies behind the last operator; the margin counts for more.
    pub fn quiet(&self, text: &str, before: usize) -> usize {
        let from = floor(text, text.len().saturating_sub(self.margin));
        let window = text.get(from..).unwrap_or_default();
        match last_operator(window) {
            Some(at) => window.len() - at,
            None => before.saturating_add(text.len()),
        }
    }
}

/// Where the last operator starts.
fn last_operator(text: &str) -> Option<usize> {
    // All of them start with these two bytes, and hardly any text has one: a loop without an exit takes many bytes at once.
    let bytes = text.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    if !pairs.fold(false, |any, (&a, &b)| any | ((a == 0xE2) & (b == 0xBF))) {
        return None;
    }
    text.char_indices().rev().find(|&(_, c)| is_operator(c)).map(|(at, _)| at)
}

const fn is_operator(c: char) -> bool {
    matches!(c, '\u{2FF0}'..='\u{2FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{ABSENT, COMPLEX};
    use crate::{OpenccConfig, data};

    #[test]
    fn no_built_in_key_contains_a_separator_or_is_too_long() {
        for &config in OpenccConfig::ALL {
            let route = data::route(config, true);
            let family = data::family(config);
            for number in 0..family.len() as u32 {
                let key = family.key(number).unwrap();
                if route.record(number) == Some(ABSENT) {
                    continue;
                }
                assert!(!key.is_empty() && key.len() < LONGEST, "{key}");
                assert!(!key.contains(SEPARATORS) && !key.contains(is_operator), "{key}");
            }
        }
    }

    #[test]
    fn every_key_is_found_by_its_number_and_its_text() {
        for config in [OpenccConfig::S2t, OpenccConfig::T2s, OpenccConfig::T2tw] {
            let family = data::family(config);
            for number in 0..family.len() as u32 {
                let key = family.key(number).unwrap();
                let mut found = Vec::new();
                family.matches(key.as_bytes(), |m| found.push((m.length, m.number)));
                assert_eq!(found.last(), Some(&(key.len(), number)), "{key}");
                assert!(found.is_sorted(), "{key}: shortest first");
            }
            assert_eq!(family.key(family.len() as u32), None);
        }
    }

    #[test]
    fn only_reverse_configurations_have_gaps_that_need_stages() {
        for &config in OpenccConfig::ALL {
            for tofu in [false, true] {
                let route = data::route(config, tofu);
                let numbers = 0..data::family(config).len() as u32;
                let complex = numbers.filter_map(|n| route.record(n)).any(|record| record & COMPLEX != 0);
                let special = route.specials.iter().any(|&[_, r]| r & COMPLEX != 0 && r < crate::lexicon::DESCRIBE);
                assert!(!(complex || special) || crate::converter::parts(config, tofu).is_some(), "{config}");
            }
        }
    }

    #[test]
    fn cuts_keep_their_distance_from_operators() {
        let cuts = Cuts { separators: &SEPARATORS, margin: 10 };
        // The text, how far back the last operator is, the first and the last cut.
        let rows: &[(&str, usize, Option<usize>, Option<usize>)] = &[
            ("", 99, None, None),
            ("汉字", 99, None, None),
            ("汉。字\n汉", 99, Some(6), Some(10)),
            ("汉。字\n汉", 3, Some(10), Some(10)),
            ("汉。字\n汉", 0, Some(10), Some(10)),
            ("a\n", 3, None, None),
            ("a\n⿰汉\n", 99, Some(2), Some(2)),
            ("a\n⿰汉字汉字\n", 99, Some(2), Some(18)),
            ("⿰汉\n字汉字\n", 99, Some(17), Some(17)),
        ];
        for &(text, quiet, first, last) in rows {
            assert_eq!(cuts.first(text, quiet), first, "{text:?}");
            assert_eq!(cuts.last(text, quiet), last, "{text:?}");
        }
        assert_eq!(cuts.quiet("汉⿰a", 99), 4);
        assert!(cuts.quiet("汉字汉字", 0) >= 10);
        assert_eq!(cuts.quiet("ab", 3), 5);
    }
}
