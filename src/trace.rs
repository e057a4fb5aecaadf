//! What an engine notes down while it converts, for those who ask what changed, why, and where it went.
//!
//! A [`Trace`] is one decision. Between traces every character maps to one character of as many bytes, so that a walk
//! over source and output in step finds every change. [`compose`] chains the traces of two stages; [`clusters`] is the
//! sweep beneath it, which alignments share.

use std::ops::Range;

/// One decision of an engine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Trace {
    /// Where the key or character stands in the source, and its length.
    pub source: (usize, usize),
    /// Where its outcome stands in the output, and its length.
    pub target: (usize, usize),
    /// What decided.
    pub why: Why,
    /// Of a word that waited for its domain, what the text had shown.
    pub shown: Option<Shown>,
}

/// What a text had shown of the domain of a waiting word when that was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The number of the domain.
    pub domain: u32,
    /// The sum of the evidence, and from where on the word is written.
    pub sum: u32,
    pub needed: u32,
    /// It stands alone and needs none.
    pub alone: bool,
    /// No evidence is enough.
    pub broad: bool,
}

/// What decided a [`Trace`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// A phrase of the script conversion.
    Phrase,
    /// A term, by its meta word; `settled` at the end of the line when its domain had to show first.
    Term { meta: u32, settled: bool },
    /// An own word of the user, by its layer and number; `settled` as for a term.
    Own { layer: u32, number: u32, settled: bool },
    /// The rule for characters that neighbours decide.
    Rule,
    /// A character that is more than a cell: normalised, described, outside the basic plane.
    Special,
    /// A compatibility ideograph that was normalised before anything else.
    Normalized,
    /// Several stages, one upon the other.
    Stages,
    /// A stretch that was kept: Japanese, variation selectors, or a line in the target script already.
    Kept,
}

/// Where an engine notes its decisions, if anyone asked.
pub(crate) type Sink<'t> = Option<&'t mut Vec<Trace>>;

/// Runs of entries of two lists that overlap in the text between them, in order: which of the first list, which of the
/// second, and the stretch they cover together.
///
/// Both lists are sorted and without overlaps of their own.
pub(crate) fn clusters<'a, A, B>(
    first: &'a [A],
    second: &'a [B],
    range_of_first: impl Fn(&A) -> Range<usize> + 'a,
    range_of_second: impl Fn(&B) -> Range<usize> + 'a,
) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + 'a {
    let (mut i, mut j) = (0, 0);
    std::iter::from_fn(move || {
        let (from_i, from_j) = (i, j);
        let a = first.get(i).map(&range_of_first);
        let b = second.get(j).map(&range_of_second);
        // Where both start at one place, the shorter goes first: it may be empty.
        let mut end = match (a, b) {
            (None, None) => return None,
            (Some(a), Some(b)) if (b.start, b.end) < (a.start, a.end) => {
                j += 1;
                b.end
            }
            (Some(a), _) => {
                i += 1;
                a.end
            }
            (None, Some(b)) => {
                j += 1;
                b.end
            }
        };
        loop {
            if let Some(a) = first.get(i).map(&range_of_first).filter(|a| a.start < end) {
                end = end.max(a.end);
                i += 1;
            } else if let Some(b) = second.get(j).map(&range_of_second).filter(|b| b.start < end) {
                end = end.max(b.end);
                j += 1;
            } else {
                return Some((from_i..i, from_j..j));
            }
        }
    })
}

impl Trace {
    pub(crate) fn source_range(&self) -> Range<usize> {
        self.source.0..self.source.0 + self.source.1
    }

    pub(crate) fn target_range(&self) -> Range<usize> {
        self.target.0..self.target.0 + self.target.1
    }

    /// Moves a trace of a part to its place in the whole.
    pub(crate) fn shifted(self, source: usize, target: usize) -> Self {
        Self {
            source: (self.source.0 + source, self.source.1),
            target: (self.target.0 + target, self.target.1),
            ..self
        }
    }
}

/// The traces of two stages, the second of which read what the first wrote.
pub(crate) fn compose(first: &[Trace], second: &[Trace]) -> Vec<Trace> {
    // The end of the last trace, on both of its sides; what follows keeps the distance.
    let mut before = ((0, 0), (0, 0));
    let mut out = Vec::with_capacity(first.len().max(second.len()));
    for (i, j) in clusters(first, second, Trace::target_range, Trace::source_range) {
        let (of_first, of_second) = (first.get(i).unwrap_or_default(), second.get(j).unwrap_or_default());
        let ranges = || of_first.iter().map(Trace::target_range).chain(of_second.iter().map(Trace::source_range));
        let start = ranges().map(|range| range.start).min().unwrap_or(0);
        let end = ranges().map(|range| range.end).max().unwrap_or(start);
        let (a, b) = before;
        let (from, to) = (a.0 + start.saturating_sub(a.1), b.1 + start.saturating_sub(b.0));
        if let Some(last) = of_first.last() {
            before.0 = (last.source_range().end, last.target_range().end);
        }
        if let Some(last) = of_second.last() {
            before.1 = (last.source_range().end, last.target_range().end);
        }
        let (a, b) = before;
        let (from_end, to_end) = (a.0 + end.saturating_sub(a.1), b.1 + end.saturating_sub(b.0));
        let why = match (of_first, of_second) {
            ([one], []) | ([], [one]) => one.why,
            _ => Why::Stages,
        };
        let (source, target) = ((from, from_end.saturating_sub(from)), (to, to_end.saturating_sub(to)));
        out.push(Trace { source, target, why, shown: None });
    }
    out
}

/// Whether two texts have the same number of characters, and each the length of its counterpart.
pub(crate) fn same_shape(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a & 0xC0 == 0x80) == (b & 0xC0 == 0x80))
}
