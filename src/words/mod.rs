//! A user's own words: entries and protected words that are final, laid over any route.
//!
//! Own words are matched over the source text first, leftmost and longest, on character boundaries, and compete with each
//! other alone. They are *holes* in the text: the route converts what lies between them, with what it has learnt of the text
//! so far going on across. For what stands beside it a hole is the edge of a clause: no key, word, rule or Japanese clause
//! reaches over it or looks into it.
//!
//! On routes between locales a hole that reaches over the end of a unit belongs to the unit in which it starts, and the unit
//! ends with it. On OpenCC's configurations, whose conversion remembers nothing, the stretches between holes are
//! texts of their own.

mod builder;
mod glyphs;
mod lexicon;
mod watch;

use std::sync::Arc;

use crate::converter::{Engine, exact_watching};
use crate::engine::Buffer;
use crate::native::{Evidence, Native, Policy, units};
use crate::trace::{Sink, Trace, Why};
use crate::{Converter, Error};

pub use builder::ConverterBuilder;
pub use glyphs::Glyphs;
pub(crate) use glyphs::{Stage as GlyphStage, official};
pub use lexicon::UserLexicon;
use lexicon::{ALWAYS, Entry};
use watch::{OwnStarts, Watching};

/// The own words of a converter.
#[derive(Debug)]
pub(crate) struct Words {
    /// Lexicons; of keys of the same length at the same place that of the first counts.
    layers: Vec<UserLexicon>,
    /// Which concepts are mapped.
    policy: Policy,
    /// The length of the longest key.
    longest: usize,
    /// Where they start, for conversions that look for them on their way.
    starts: Option<OwnStarts>,
}

/// An own word in a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hole<'w> {
    /// Where the source starts and ends.
    pub start: usize,
    pub end: usize,
    /// What is written. It may come from a file that changes: see [`Hole::write`].
    value: &'w [u8],
    /// The tier and domain of a concept.
    meta: Option<u32>,
    /// The concept waits for its domain to show.
    pub waits: bool,
    layer: u32,
    number: u32,
}

impl<'w> Hole<'w> {
    /// Writes the value in place of `source`.
    pub fn write(&self, source: &str, out: &mut Buffer) {
        push_value(self.value, source.as_bytes(), out);
    }

    /// The value; whoever writes it calls [`push_value`].
    pub fn value(&self) -> &'w [u8] {
        self.value
    }

    /// The domain that the word shows, and whether it does so in any text.
    pub fn shows(&self) -> Option<(u32, bool)> {
        self.meta.filter(|meta| meta & 3 < 2).map(|meta| (meta >> 2 & 63, meta & 3 == 0))
    }

    /// The domain it belongs to.
    pub fn domain(&self) -> u32 {
        self.meta.unwrap_or_default() >> 2 & 63
    }

    /// What a trace says of it.
    pub fn why(&self, settled: bool) -> Why {
        Why::Own { layer: self.layer, number: self.number, settled }
    }
}

/// Writes the value of an own word. A mapped file may change while it is copied: what is no text then is not written, and
/// `instead` is.
pub(crate) fn push_value(value: &[u8], instead: &[u8], out: &mut Buffer) {
    let start = out.len();
    out.extend_from_slice(value);
    if std::str::from_utf8(out.as_slice().get(start..).unwrap_or_default()).is_err() {
        out.truncate(start);
        out.extend_from_slice(instead);
    }
}

impl Words {
    /// Words for an engine; nothing if there are none.
    fn over(engine: &Engine, layers: Vec<UserLexicon>) -> Result<Option<Self>, Error> {
        let (policy, route) = match engine {
            Engine::Native { from, to, native } => (native.policy, builder::route_code(*from, *to)),
            _ => (Policy { safe: false, domains: 0, detect: false, broad: false }, 0),
        };
        if layers.iter().any(|layer| layer.route() != 0 && layer.route() != route) {
            return Err(Error::builder("a lexicon holds concepts that were compiled for other locales"));
        }
        Ok(Self::new(engine, layers, policy))
    }

    fn new(engine: &Engine, layers: Vec<UserLexicon>, policy: Policy) -> Option<Self> {
        let layers: Vec<_> = layers.into_iter().filter(|layer| !layer.is_empty()).collect();
        let longest = layers.iter().map(UserLexicon::longest).max()?;
        let starts = OwnStarts::new(
            engine,
            layers.iter().map(UserLexicon::len).sum(),
            layers.iter().flat_map(UserLexicon::keys),
        );
        Some(Self { layers, policy, longest, starts })
    }

    /// The table and line of an entry, if it has any.
    pub fn source(&self, layer: u32, number: u32) -> Option<(String, u32)> {
        self.layers.get(layer as usize)?.source(number)
    }

    fn allows(&self, meta: u32) -> bool {
        meta == ALWAYS
            || match meta & 3 {
                0 => self.policy.safe,
                1 => self.policy.detect || self.chosen(meta),
                _ => self.policy.broad,
            }
    }

    /// Whether the caller named the domain.
    fn chosen(&self, meta: u32) -> bool {
        self.policy.domains >> (meta >> 2 & 31) & 1 != 0
    }

    /// The own word that stands at `at`, the longest; contexts see the text up to `end`.
    fn hole_at<'w>(&'w self, text: &str, at: usize, end: usize) -> Option<Hole<'w>> {
        let bytes = text.as_bytes();
        let rest = bytes.get(at..).unwrap_or_default();
        let mut best: Option<Hole<'w>> = None;
        for (number, layer) in self.layers.iter().enumerate() {
            let accept = |entry: &Entry<'_>| {
                let from = at + entry.key.len();
                let after = bytes.get(from..end.max(from)).unwrap_or_default();
                // A mapped file may have changed since it was checked.
                from > at
                    && text.is_char_boundary(from)
                    && self.allows(entry.meta)
                    && layer.holds(entry.meta, bytes.get(..at).unwrap_or_default(), after)
            };
            if let Some((entry_number, entry)) = layer.longest_at(rest, accept)
                && best.is_none_or(|best| best.end - at < entry.key.len())
            {
                let meta = (entry.meta != ALWAYS).then_some(entry.meta);
                best = Some(Hole {
                    start: at,
                    end: at + entry.key.len(),
                    value: entry.value,
                    meta,
                    waits: meta.is_some_and(|meta| meta & 3 == 1 && !self.chosen(meta)),
                    layer: number as u32,
                    number: entry_number,
                });
            }
        }
        best
    }

    /// Calls `found` with each own word that starts before `end`; contexts see the text up to `end`.
    ///
    /// Returns where to go on: `end`, or the end of a word that reaches over it. If more text may follow, `last` is false,
    /// and what starts at the place returned depends on it when that is before `end`.
    fn scan<'w>(&'w self, text: &str, end: usize, last: bool, mut found: impl FnMut(Hole<'w>)) -> usize {
        let bytes = text.as_bytes();
        let mut at = 0;
        // Of several layers, where each may go on.
        let mut next = if self.layers.len() > 1 { vec![0; self.layers.len()] } else { Vec::new() };
        while at < end {
            at = match self.layers.as_slice() {
                [layer] => layer.candidate(bytes, at, end),
                layers => {
                    for (layer, next) in layers.iter().zip(&mut next).filter(|(_, next)| **next <= at) {
                        *next = layer.candidate(bytes, at, end);
                    }
                    next.iter().copied().min().unwrap_or(end).max(at)
                }
            };
            if at >= end {
                break;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            if !last && rest.len() < self.longest && self.layers.iter().any(|layer| layer.goes_on(rest)) {
                return at;
            }
            at = match self.hole_at(text, at, end) {
                Some(hole) => {
                    found(hole);
                    hole.end
                }
                None => at + crate::lexicon::utf8_length(rest.first().copied().unwrap_or_default()),
            };
        }
        // A word may reach over the end.
        at.max(end)
    }
}

impl Converter {
    /// This converter with a lexicon of own words laid over it, which counts before those that it has.
    ///
    /// For configurations of OpenCC that come from a file; other converters have a [builder](Converter::builder).
    ///
    /// ```
    /// use fanjian::{Converter, UserLexicon};
    ///
    /// let json = r#"{ "conversion_chain": [{ "dict": { "type": "inline", "entries": { "a": "b", "c": "d" } } }] }"#;
    /// let words = UserLexicon::from_entries([("ac", "a")])?;
    /// let converter = Converter::from_opencc_json_str(json, ".")?.with_lexicon(&words)?;
    /// assert_eq!(converter.convert("a c ac"), "b d a");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A lexicon whose concepts are for other locales.
    pub fn with_lexicon(&self, lexicon: &UserLexicon) -> Result<Self, Error> {
        let mut layers = vec![lexicon.clone()];
        layers.extend(self.words.iter().flat_map(|words| words.layers.iter().cloned()));
        let words = Words::over(&self.engine, layers)?.map(Arc::new);
        Ok(Self { engine: self.engine.clone(), words })
    }

    /// The length of the unit that a text on a native route starts with, and the own words in it. Nothing when it takes
    /// more text to know, which `last` rules out.
    pub(crate) fn unit<'w>(&'w self, text: &str, last: bool, holes: &mut Vec<Hole<'w>>) -> Option<usize> {
        let length = units::unit_length(text, last)?;
        holes.clear();
        let Some(words) = &self.words else { return Some(length) };
        let end = words.scan(text, length, last, |hole| holes.push(hole));
        (end >= length).then_some(end)
    }

    /// Converts a text on a native route around own words.
    ///
    /// Most units have none, as long as the two before had none: they are converted as such, and searched only if one is met.
    pub(crate) fn convert_units(&self, native: &Native, words: &Words, text: &str, out: &mut Buffer) {
        /// How many units without own words make it likely that the next one has none.
        const QUIET: u32 = 2;
        let (mut evidence, mut holes) = (Evidence::default(), Vec::new());
        let (mut rest, mut quiet) = (text, QUIET);
        while let Some(length) = units::unit_length(rest, true) {
            if quiet >= QUIET
                && let Some(watching) = Watching::new(words, rest, length)
                && let Some((unit, behind)) = rest.split_at_checked(length)
            {
                let (before, start) = (evidence.clone(), out.len());
                if native.convert_watching(unit, &[], &mut evidence, out, None, &watching) {
                    rest = behind;
                    continue;
                }
                evidence = before;
                out.truncate(start);
            }
            holes.clear();
            let end = words.scan(rest, length, true, |hole| holes.push(hole));
            quiet = if holes.is_empty() { QUIET.min(quiet + 1) } else { 0 };
            let Some((unit, behind)) = rest.split_at_checked(end) else { return };
            native.convert_line(unit, &holes, &mut evidence, out, None);
            rest = behind;
        }
    }

    /// Converts a text on an exact route around own words.
    ///
    /// A chunk is converted as if it had none, as long as the one before had none, and searched only if one is met.
    pub(crate) fn convert_around(&self, words: &Words, text: &str, out: &mut Buffer, mut trace: Sink<'_>) {
        /// The most bytes of a chunk.
        const CHUNK: usize = 16_384;
        let cuts = self.cuts();
        let (mut rest, mut has_words) = (text, false);
        while !rest.is_empty() {
            let mut length = rest.len();
            if trace.is_none()
                && let Engine::Exact { config, tofu } = self.engine
            {
                let most = rest.get(..units::floor(rest, CHUNK)).filter(|most| most.len() < length);
                length = most.and_then(|most| cuts.last(most, usize::MAX)).unwrap_or(length);
                let (chunk, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
                if !has_words && let Some(watching) = Watching::new(words, rest, length) {
                    let start = out.len();
                    if exact_watching(config, tofu, chunk, out, None, &watching) {
                        rest = behind;
                        continue;
                    }
                    out.truncate(start);
                }
            }
            let mut at = 0;
            let end = words.scan(rest, length, true, |hole| {
                self.convert_gap(rest, (at, hole.start), out, &mut trace);
                let (source, start) = (rest.get(hole.start..hole.end).unwrap_or_default(), out.len());
                hole.write(source, out);
                if let Some(trace) = &mut trace {
                    let target = (start, out.len() - start);
                    trace.push(Trace { source: (hole.start, source.len()), target, why: hole.why(true), shown: None });
                }
                at = hole.end;
            });
            has_words = at > 0;
            self.convert_gap(rest, (at, end), out, &mut trace);
            rest = rest.get(end..).unwrap_or_default();
        }
    }

    fn convert_gap(&self, text: &str, (from, to): (usize, usize), out: &mut Buffer, trace: &mut Sink<'_>) {
        let gap = text.get(from..to).unwrap_or_default();
        if gap.is_empty() {
            return;
        }
        let Some(trace) = trace else {
            self.engine.convert(gap, out, None);
            return;
        };
        let (mut own, mut part) = (Vec::new(), Buffer::after(Vec::new(), gap.len()));
        self.engine.convert(gap, &mut part, Some(&mut own));
        trace.extend(own.into_iter().map(|t| t.shifted(from, out.len())));
        out.extend_from_slice(part.as_slice());
    }

    /// The text between own words up to where they are certain, and the words; for streams on exact routes.
    ///
    /// Returns how much of the text was given.
    pub(crate) fn split_around<'t>(
        &self,
        words: &Words,
        text: &'t str,
        last: bool,
        mut part: impl FnMut((usize, &'t str), Option<(&'t str, &Hole<'_>)>),
    ) -> usize {
        let mut at = 0;
        let end = words.scan(text, text.len(), last, |hole| {
            let source = text.get(hole.start..hole.end).unwrap_or_default();
            part((at, text.get(at..hole.start).unwrap_or_default()), Some((source, &hole)));
            at = hole.end;
        });
        part((at, text.get(at..end).unwrap_or_default()), None);
        end
    }

    /// The last place before `least` where an exact route with own words may be cut, or else the first one behind: behind a
    /// word, or where the route may be cut between words.
    pub(crate) fn cut_around(&self, words: &Words, text: &str, least: usize) -> Option<usize> {
        let cuts = self.cuts();
        let mut before = None;
        let head = text.get(..units::floor(text, least)).unwrap_or_default();
        self.split_around(words, head, false, |(start, gap), hole| {
            before = cuts.last(gap, usize::MAX).map(|cut| start + cut).or(before);
            before = hole.map(|(source, _)| start + gap.len() + source.len()).or(before);
        });
        if before.is_some() {
            return before;
        }
        let mut behind = None;
        self.split_around(words, text, false, |(start, gap), hole| {
            behind = behind
                .or_else(|| cuts.first(gap, usize::MAX).map(|cut| start + cut))
                .or_else(|| hole.map(|(source, _)| start + gap.len() + source.len()));
        });
        behind
    }

    /// Whether a native route converts.
    pub(crate) fn is_native(&self) -> bool {
        matches!(self.engine, Engine::Native { .. })
    }
}
