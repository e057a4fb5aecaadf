//! The engine: one pass over the text, from a lexicon's cells and keys to the output.
//!
//! [`Scanner::convert`] is the hot path. Most characters are answered by one cell: the output bytes are the
//! input bytes XOR the cell's difference. Only where the bitmap and the filter know the pair of characters, the keys are
//! asked.

mod buffer;
pub(crate) mod stride;
pub(crate) mod tape;
mod walk;

use std::borrow::Cow;

use crate::lexicon::{
    ABSENT, CHECK, COMPLEX, DESCRIBE, DIFFERENCE, FEW, Family, GAP, MANY, Match, NORMALIZE, Route, SPECIAL, Value, ids,
};
pub use buffer::Buffer;
use stride::Watch;
use walk::{Next, Walk};

use crate::trace::{Sink, Trace, Why, compose};

/// What stands at a position and what becomes of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Step<'a> {
    /// `length` bytes are copied.
    Copy(usize),
    /// `length` bytes, a key or a character, become the value.
    Replace(usize, Value<'a>, Option<u32>),
    /// `length` bytes are a key whose characters are converted one by one.
    EachChar(usize, u32),
    /// The gap must be converted stage by stage.
    Complex,
    /// The text must be normalised first.
    Normalize,
}

/// One route's view of its lexicon.
#[derive(Debug, Clone, Copy)]
pub struct Scanner<'a> {
    pub(crate) family: &'a Family,
    pub(crate) route: &'a Route,
    /// The text has been normalised: what is left to normalise stands in description sequences.
    normalized: bool,
}

/// Why a scan stopped before the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// The end of the text was reached.
    End,
    /// The gap that starts here (input, output) must be converted stage by stage.
    Complex(usize, usize),
    /// The text holds a character that must be normalised first.
    Normalize,
    /// What is looked for was met.
    Watched,
}

/// A conversion of a part of the text by other stages, which notes what decided.
pub(crate) type Stages<'s> = &'s dyn Fn(&str, Sink<'_>) -> String;

fn note(trace: &mut Sink<'_>, source: (usize, usize), target: (usize, usize), why: Why) {
    if let Some(trace) = trace {
        trace.push(Trace { source, target, why, shown: None });
    }
}

/// The traces of normalisation, which maps characters one to one, many of them by cells that leave no trace.
fn normalized(text: &str, normal: &str) -> Vec<Trace> {
    text.char_indices()
        .zip(normal.char_indices())
        .filter(|((_, a), (_, b))| a != b)
        .map(|((from, a), (to, b))| Trace {
            source: (from, a.len_utf8()),
            target: (to, b.len_utf8()),
            why: Why::Normalized,
            shown: None,
        })
        .collect()
}

/// What decided a replacement: a key by its number, or a character that is more than a cell.
fn why(number: Option<u32>) -> Why {
    if number.is_some() { Why::Phrase } else { Why::Special }
}

impl<'a> Scanner<'a> {
    /// A scanner of one route.
    #[must_use]
    pub fn new(family: &'a Family, route: &'a Route) -> Self {
        Self { family, route, normalized: false }
    }

    /// The scanner for text that has been normalised.
    pub(crate) fn normalized(self) -> Self {
        Self { normalized: true, ..self }
    }

    /// The longest key of a segmentation (or of a route without one) that stands at `at`.
    pub(crate) fn segment_at(&self, text: &str, at: usize) -> Option<usize> {
        let mut best = None;
        self.keys_at(text.as_bytes(), at, |m| {
            let record = self.route.record(m.number);
            if record.is_none_or(|record| record & (ABSENT | GAP) == 0) {
                best = Some(m.length);
            }
        });
        best
    }

    fn keys_at(&self, text: &[u8], at: usize, found: impl FnMut(Match)) {
        let Some(rest) = text.get(at..) else { return };
        if rest.first().is_some_and(|&first| first >= 0x80 || self.route.ascii_starts >> first & 1 != 0) {
            self.family.matches(rest, found);
        }
    }

    /// The key that is taken at `at`: the longest that holds there.
    fn key_at(&self, text: &str, at: usize) -> Option<(Match, Option<u32>)> {
        let mut best: Option<(Match, Option<u32>)> = None;
        self.keys_at(text.as_bytes(), at, |m| {
            if let Some((_, record)) = self.accept(text, at, m) {
                best = Some((m, record));
            }
        });
        best
    }

    /// Whether a segment starts inside a gap key.
    #[cold]
    fn cut_inside(&self, text: &str, at: usize, length: usize) -> bool {
        let inner = text.get(at..at + length).unwrap_or_default();
        inner.char_indices().skip(1).any(|(offset, _)| self.segment_at(text, at + offset).is_some())
    }

    /// What stands at a position, the general way.
    pub(crate) fn step(&self, text: &str, at: usize) -> Step<'a> {
        if let Some((m, record)) = self.key_at(text, at) {
            return match record {
                Some(record) if record & COMPLEX != 0 => Step::Complex,
                Some(record) => Step::Replace(m.length, self.family.value(record), Some(m.number)),
                None => Step::EachChar(m.length, m.number),
            };
        }
        self.step_char(text, at)
    }

    /// What becomes of the single character at a position.
    fn step_char(&self, text: &str, at: usize) -> Step<'a> {
        let rest = text.get(at..).unwrap_or_default();
        let Some(c) = rest.chars().next() else {
            return Step::Copy(0);
        };
        let length = c.len_utf8();
        if length == 3 {
            let &[a, b, d] = rest.as_bytes().first_chunk::<3>().unwrap_or(&[0; 3]);
            let cell = self.family.cell(self.route, [a, b, d]);
            if cell & (SPECIAL | DIFFERENCE) == 0 {
                return Step::Copy(length);
            }
            if cell & SPECIAL == 0 {
                return Step::EachChar(length, u32::MAX);
            }
        } else if length == 1 && self.route.ascii_starts >> (c as u32) & 1 == 0 {
            return Step::Copy(1);
        }
        match self.route.special(c as u32) {
            Some(NORMALIZE) if self.normalized => Step::Copy(length),
            Some(NORMALIZE) => Step::Normalize,
            Some(DESCRIBE) => Step::Copy(ids::sequence_length(rest).unwrap_or(length)),
            Some(record) if record & ABSENT == 0 => Step::Replace(length, self.family.value(record), None),
            _ => Step::Copy(length),
        }
    }

    /// Appends the characters of `text[from..to]` one by one.
    pub(crate) fn push_chars(&self, text: &str, (from, to): (usize, usize), out: &mut Buffer, trace: &mut Sink<'_>) {
        let text = text.get(..to).unwrap_or_default();
        for (at, c) in text.get(from..).unwrap_or_default().char_indices() {
            let at = from + at;
            match self.step_char(text, at) {
                Step::Replace(length, value, _) => {
                    let o = out.len();
                    out.push_value(value);
                    note(trace, (at, length), (o, out.len() - o), Why::Special);
                }
                Step::EachChar(..) => {
                    let mut bytes = [0; 4];
                    c.encode_utf8(&mut bytes);
                    let [x, y, z, _] = bytes;
                    let cell = self.family.cell(self.route, [x, y, z]) & DIFFERENCE;
                    let word = u32::from_le_bytes(bytes) ^ cell;
                    out.extend_from_slice(word.to_le_bytes().get(..3).unwrap_or_default());
                }
                _ => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
    }

    /// Converts from `at` on, the general way, to `end` or a stop. Up to `inside` the characters belong to a key that
    /// converts them one by one; `gap` is where the current gap began, in the input and in the output.
    #[allow(clippy::too_many_arguments, reason = "the state of the hot loop, which keeps it in registers")]
    fn convert_slowly(
        &self,
        text: &str,
        mut at: usize,
        inside: usize,
        mut gap: (usize, usize),
        end: usize,
        out: &mut Buffer,
        trace: &mut Sink<'_>,
    ) -> (usize, (usize, usize), Stop) {
        while at < end {
            let step = if at < inside { self.step_char(text, at) } else { self.step(text, at) };
            match step {
                Step::Copy(length) => {
                    out.extend_from_slice(text.as_bytes().get(at..at + length).unwrap_or_default());
                    at += length;
                }
                Step::Replace(length, value, number) => {
                    let o = out.len();
                    out.push_value(value);
                    note(trace, (at, length), (o, out.len() - o), why(number));
                    at += length;
                    if number.is_some_and(|n| self.is_segment(n)) {
                        gap = (at, out.len());
                    }
                }
                Step::EachChar(length, number) => {
                    self.push_chars(text, (at, at + length), out, trace);
                    at += length;
                    if number != u32::MAX {
                        gap = (at, out.len());
                    }
                }
                Step::Complex => return (at, gap, Stop::Complex(gap.0, gap.1)),
                Step::Normalize => return (at, gap, Stop::Normalize),
            }
        }
        (at, gap, Stop::End)
    }

    fn is_segment(&self, number: u32) -> bool {
        self.route.record(number).is_none_or(|record| record & GAP == 0)
    }

    /// The end of the gap that starts at `at`: where the next segment starts.
    fn gap_end(&self, text: &str, mut at: usize) -> usize {
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if self.segment_at(text, at).is_some() {
                return at;
            }
            at += ids::unit_length(rest);
        }
        text.len()
    }

    /// Converts a text and notes what decided in `trace`, which is empty; `gap` converts one gap stage by stage,
    /// `normalize` the whole text.
    pub(crate) fn convert(
        &self,
        text: &str,
        out: &mut Buffer,
        trace: Sink<'_>,
        gap: Stages<'_>,
        normalize: &dyn Fn(&str) -> String,
    ) {
        self.convert_watching(text, out, trace, gap, normalize, &());
    }

    /// As [`Scanner::convert`], unless `watch` meets something in the text: then the output is of no use.
    pub(crate) fn convert_watching(
        &self,
        text: &str,
        out: &mut Buffer,
        mut trace: Sink<'_>,
        gap: Stages<'_>,
        normalize: &dyn Fn(&str) -> String,
        watch: &impl Watch,
    ) -> bool {
        let start = out.len();
        let mut at = 0;
        loop {
            match self.run(text, at, out, &mut trace, watch) {
                Stop::End => return true,
                Stop::Watched => return false,
                Stop::Complex(from, from_out) => {
                    let end = self.gap_end(text, from);
                    if watch.meets(from, end) {
                        return false;
                    }
                    let stretch = text.get(from..end).unwrap_or_default();
                    if !self.normalized && normalize(stretch) != stretch {
                        break;
                    }
                    out.truncate(from_out);
                    if let Some(trace) = &mut trace {
                        let kept = trace.partition_point(|t| t.source.0 < from);
                        trace.truncate(kept);
                        let mut inner = Vec::new();
                        out.extend_from_slice(gap(stretch, Some(&mut inner)).as_bytes());
                        trace.extend(inner.into_iter().map(|t| t.shifted(from, from_out)));
                    } else {
                        out.extend_from_slice(gap(stretch, None).as_bytes());
                    }
                    at = end;
                }
                Stop::Normalize => break,
            }
        }
        if watch.meets(0, text.len()) {
            return false;
        }
        out.truncate(start);
        let this = Self { normalized: true, ..*self };
        let normal = normalize(text);
        let Some(trace) = trace else {
            this.convert(&normal, out, None, gap, normalize);
            return true;
        };
        let (first, mut second) = (normalized(text, &normal), Vec::new());
        this.convert(&normal, out, Some(&mut second), gap, normalize);
        for t in &mut second {
            t.target.0 -= start;
        }
        trace.clear();
        trace.extend(compose(&first, &second).into_iter().map(|t| t.shifted(0, start)));
        true
    }

    /// Appends to `out` from `at` on, a segment's start, until the end or a stop.
    fn run<W: Watch>(&self, text: &str, at: usize, out: &mut Buffer, trace: &mut Sink<'_>, watch: &W) -> Stop {
        if self.route.sparse {
            self.run_sparse(text, at, out, trace, watch)
        } else if watch.starts().is_some() {
            self.run_dense::<W, MANY>(text, at, out, trace, watch)
        } else {
            self.run_dense::<W, FEW>(text, at, out, trace, watch)
        }
    }

    /// The hot loop over a text in which every key counts.
    fn run_dense<W: Watch, const WORDS: usize>(
        &self,
        text: &str,
        at: usize,
        out: &mut Buffer,
        trace: &mut Sink<'_>,
        watch: &W,
    ) -> Stop {
        let mut walk = Walk::<W, WORDS>::new(self, text, at, out, watch);
        let mut gap = (walk.i, walk.o);
        // Up to here the characters belong to a key that converts them one by one.
        let mut inside = at;
        loop {
            match walk.next(out) {
                Next::Key if walk.i < inside => walk.pass_char(),
                Next::Key => match self.longest_at(text, walk.i) {
                    None => walk.pass_char(),
                    Some((length, None)) => {
                        inside = walk.i + length;
                        gap = (inside, walk.o + length);
                        walk.pass_char();
                    }
                    Some((_, Some(record))) if record & COMPLEX != 0 => {
                        out.set_len(gap.1);
                        return Stop::Complex(gap.0, gap.1);
                    }
                    Some((length, Some(record))) => {
                        self.replace(&mut walk, length, record, out, trace);
                        if record & GAP == 0 {
                            gap = (walk.i, walk.o);
                        }
                    }
                },
                Next::Other => {
                    out.set_len(walk.o);
                    let (next, next_gap, stop) = self.convert_slowly(text, walk.i, inside, gap, walk.i + 1, out, trace);
                    if stop != Stop::End {
                        return stop;
                    }
                    gap = next_gap;
                    (walk.i, walk.o) = (next, out.len());
                }
                Next::Stop(stop) => return stop,
            }
        }
    }

    /// The hot loop over a text in which most keys have no record, so that they only keep others from matching: a key that
    /// has a record is looked for, and where one stands, the keys in front of it are asked whether they leave it whole.
    /// Such a route has no [`COMPLEX`] keys, so nobody asks where its gaps begin.
    fn run_sparse<W: Watch>(&self, text: &str, at: usize, out: &mut Buffer, trace: &mut Sink<'_>, watch: &W) -> Stop {
        let mut walk = Walk::<W, MANY>::new(self, text, at, out, watch);
        // No key with a record starts before this place: a key without one covers it.
        let mut inside = at;
        // No key reaches over this place; what lies in front of it is never looked at again.
        let mut edge = at;
        loop {
            match walk.next(out) {
                Next::Key => {
                    let key = if walk.i < inside { None } else { self.longest_at(text, walk.i) };
                    if let Some((length, Some(record))) = key {
                        inside = self.covered(text, edge, walk.i);
                        edge = inside;
                        if walk.i >= inside {
                            debug_assert!(record & COMPLEX == 0, "a sparse route has a key that needs stages");
                            self.replace(&mut walk, length, record, out, trace);
                            edge = walk.i;
                            continue;
                        }
                    }
                    walk.pass_char();
                }
                Next::Other => {
                    out.set_len(walk.o);
                    inside = inside.max(self.covered(text, edge, walk.i));
                    edge = inside;
                    let here = (walk.i, walk.o);
                    let (next, _, stop) = self.convert_slowly(text, walk.i, inside, here, walk.i + 1, out, trace);
                    if stop != Stop::End {
                        return stop;
                    }
                    edge = edge.max(next);
                    (walk.i, walk.o) = (next, out.len());
                }
                Next::Stop(stop) => return stop,
            }
        }
    }

    /// Writes the value of the key that stands here, and goes on behind it.
    #[inline(always)]
    fn replace<W: Watch, const WORDS: usize>(
        &self,
        walk: &mut Walk<'_, W, WORDS>,
        length: usize,
        record: u32,
        out: &mut Buffer,
        trace: &mut Sink<'_>,
    ) {
        out.set_len(walk.o);
        out.push_value(self.family.value(record));
        note(trace, (walk.i, length), (walk.o, out.len() - walk.o), Why::Phrase);
        walk.i += length;
        walk.o = out.len();
    }

    /// The longest key that counts at `at`, and its record.
    #[inline]
    fn longest_at(&self, text: &str, at: usize) -> Option<(usize, Option<u32>)> {
        let mut best = None;
        self.family.matches(text.as_bytes().get(at..).unwrap_or_default(), |m| {
            best = self.accept(text, at, m).or(best);
        });
        best
    }

    /// Where the key ends that covers `at` but starts before it; `at` or less when none does. No key reaches over `edge`.
    fn covered(&self, text: &str, edge: usize, at: usize) -> usize {
        // Back to a place that no key reaches over, from which keys follow each other as they do from the start.
        let mut from = at;
        let mut before = text.get(edge..at).unwrap_or_default().chars();
        while self.family.joins(text, from)
            && let Some(c) = before.next_back()
        {
            from -= c.len_utf8();
        }
        while from < at {
            from += match self.key_at(text, from) {
                Some((m, _)) => m.length,
                None => ids::unit_length(text.get(from..).unwrap_or_default()).max(1),
            };
        }
        from
    }

    /// Whether a key counts at its place on this route, and its record.
    #[inline]
    fn accept(&self, text: &str, at: usize, m: Match) -> Option<(usize, Option<u32>)> {
        let record = self.route.record(m.number);
        match record {
            Some(record) if record & ABSENT != 0 => None,
            Some(record) if record & CHECK != 0 && self.cut_inside(text, at, m.length) => None,
            Some(record) if record & COMPLEX != 0 && !self.interacts(text, at, m) => {
                Some((m.length, Some(record & !COMPLEX)))
            }
            _ => Some((m.length, record)),
        }
    }

    /// Whether stages interact at a [`COMPLEX`] key.
    #[cold]
    fn interacts(&self, text: &str, at: usize, m: Match) -> bool {
        let Some((next, prev)) = self.route.neighbours(m.number) else { return true };
        let beside = |set: u32, c: Option<char>| c.is_some_and(|c| self.family.value(set).any(|of_set| of_set == c));
        beside(next, text.get(at + m.length..).and_then(|rest| rest.chars().next()))
            || beside(prev, text.get(..at).and_then(|rest| rest.chars().next_back()))
    }
}

/// The text if the conversion changed nothing, else the output.
pub(crate) fn cow<'t>(text: &'t str, out: String) -> Cow<'t, str> {
    if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
}

impl Scanner<'_> {
    /// The longest key, of one or more characters, that stands at `at`: for segmentation.
    pub(crate) fn any_key_at(&self, text: &str, at: usize) -> Option<usize> {
        match self.step(text, at) {
            Step::Replace(length, ..) | Step::EachChar(length, _) => Some(length),
            _ => None,
        }
    }
}
