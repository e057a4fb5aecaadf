//! Native routes: one pass over composed lexicons, with a lattice where words compete.
//!
//! A text is converted unit by unit: by lines, long lines by sentences (see [`units`]). In a unit most characters are answered by their cell. Where a key of the lexicon
//! stands (a phrase with another value than its characters, or a term), a small *lattice* over the neighbourhood
//! decides whether the key is a word there: the cheapest way to cut the window into known words wins
//! (Viterbi, unigram costs). Guard words, ordinary words that convert to themselves, compete.
//!
//! Terms of the tier `domain` are written only when the text shows the domain: they are noted while a unit
//! is converted and settled at its end.

pub(crate) mod conditions;
pub mod domain;
mod evidence;
pub(crate) mod explain;
mod lattice;
mod places;
pub(crate) mod rules;
pub(crate) mod units;
#[cfg(feature = "native")]
pub(crate) mod usage;

use crate::data;
use crate::engine::Buffer;
use crate::engine::stride::{Met, Stride, Watch, pad};
use crate::lexicon::{
    ABSENT, DESCRIBE, DIFFERENCE, Family, KANA, MANY, Match, NORMALIZE, RULE, Route, SOURCE, SPECIAL, TARGET, TERMS,
    VARIATION, Value, ids, in_latin,
};
use crate::trace::{Shown, Trace, Why};
use crate::words::{GlyphStage as Stage, Hole, push_value};

use conditions::hold;
pub(crate) use evidence::Evidence;

/// Which regional terms are mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Policy {
    /// Map terms that are right in any text.
    pub safe: bool,
    /// Map terms of these domains, by bit.
    pub domains: u32,
    /// Map terms of domains that the text shows.
    pub detect: bool,
    /// Map terms that are a preference.
    pub broad: bool,
}

/// A route of its own: lexicon, vocabulary and policy.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Native {
    pub family: &'static Family,
    pub route: &'static Route,
    pub policy: Policy,
    /// What neighbours decide, and for which target: Taiwan, Hong Kong, plain Traditional.
    pub rules: &'static rules::RuleBook,
    /// The target's place among a rule's values.
    pub target: usize,
    /// Characters of the source script must be seen before anything is changed.
    pub strict: bool,
    /// Writes other glyphs over the result.
    pub glyphs: Option<&'static Stage>,
}

/// The flags of cells that tell what a text is.
const TELLING: u32 = SOURCE | TARGET | KANA | VARIATION;

/// Hong Kong's place among a rule's values.
const HONG_KONG: usize = 1;

/// What a term writes when its domain shows.
#[derive(Debug, Clone, Copy)]
enum Filling<'w> {
    /// A value of the lexicon.
    Term(Value<'w>),
    /// The value of an own word, which is final.
    Own(&'w [u8]),
}

/// A term that waits for its domain to show.
#[derive(Debug, Clone, Copy)]
struct Waiting<'w> {
    /// Where its stand-in lies in the output.
    at: usize,
    length: usize,
    /// Where the key stands in the line.
    source: usize,
    value: Filling<'w>,
    domain: u32,
    /// It is right in any text but one that has the target's vocabulary.
    safe: bool,
    /// It stands alone, and waits no longer.
    alone: bool,
    /// A preference: what the text shows of its domain is not enough.
    broad: bool,
}

/// What a key becomes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Verdict {
    /// The key's length in bytes.
    pub length: usize,
    /// The offset of the script conversion's value, or [`ABSENT`] for character by character.
    pub script: u32,
    /// The offset of the term's value and its meta word.
    pub term: Option<(u32, u32)>,
}

/// What one line's conversion carries along.
struct Line<'e, 't, 'w> {
    evidence: &'e mut Evidence,
    waiting: Vec<Waiting<'w>>,
    /// Where terms of computing were written at once in a line that may be a label: offset and length in the line, or in the
    /// output on the way to the Mainland.
    written: Vec<(usize, usize)>,
    trace: Option<&'t mut Vec<Trace>>,
    /// The evidence flags of the characters seen.
    seen: u32,
    /// The whole line.
    text: &'w str,
    /// Where the piece being converted starts in the line.
    base: usize,
    /// Where the next character is read, in the piece.
    i: usize,
    /// Where the last key that was taken ends: no word reaches back over it.
    taken: usize,
    /// Whether the text is written Cantonese, once that was asked.
    cantonese: Option<bool>,
    /// What is looked for in the line was met.
    watched: bool,
}

impl Line<'_, '_, '_> {
    fn trace(&mut self, length: usize, target: (usize, usize), why: Why) {
        let source = (self.base + self.i, length);
        if let Some(trace) = &mut self.trace {
            trace.push(Trace { source, target, why, shown: None });
        }
    }

    /// Keeps the text up to `end` as it is.
    fn keep(&mut self, end: usize, out: &mut Buffer) {
        let text = self.text.get(self.base..end).unwrap_or_default();
        self.i = 0;
        self.trace(text.len(), (out.len(), text.len()), Why::Kept);
        out.extend_from_slice(text.as_bytes());
        self.base += text.len();
    }

    /// Writes an own word and goes on behind it.
    fn write_own(&mut self, hole: &Hole<'_>, out: &mut Buffer) {
        let (source, at) = (self.text.get(hole.start..hole.end).unwrap_or_default(), out.len());
        hole.write(source, out);
        (self.base, self.i) = (hole.start, 0);
        self.trace(source.len(), (at, out.len() - at), hole.why(true));
        self.base = hole.end;
    }
}

impl Native {
    /// Converts a text and appends the result.
    pub fn convert(&self, text: &str, out: &mut Buffer) {
        let mut evidence = Evidence::default();
        for unit in units::units(text) {
            self.convert_line(unit, &[], &mut evidence, out, None);
        }
    }

    /// Converts one unit around own words; `trace` receives every decision but those that a single cell answers.
    pub fn convert_line(
        &self,
        text: &str,
        holes: &[Hole<'_>],
        evidence: &mut Evidence,
        out: &mut Buffer,
        trace: Option<&mut Vec<Trace>>,
    ) {
        self.convert_watching(text, holes, evidence, out, trace, &());
    }

    /// As [`Native::convert_line`], unless `watch` meets something in the unit: then evidence and output are of no use.
    pub fn convert_watching(
        &self,
        text: &str,
        holes: &[Hole<'_>],
        evidence: &mut Evidence,
        out: &mut Buffer,
        trace: Option<&mut Vec<Trace>>,
        watch: &impl Watch,
    ) -> bool {
        let start = out.len();
        let mut line = Line {
            evidence,
            waiting: Vec::new(),
            written: Vec::new(),
            trace,
            seen: 0,
            text,
            base: 0,
            i: 0,
            taken: 0,
            cantonese: None,
            watched: false,
        };
        self.run_around(holes, &mut line, out, false, watch);
        if line.watched {
            return false;
        }
        if line.seen & (KANA | VARIATION) != 0 {
            out.truncate(start);
            line.waiting.clear();
            line.written.clear();
            line.seen = 0;
            if let Some(trace) = &mut line.trace {
                trace.clear();
            }
            // The whole unit was looked through before.
            self.run_around(holes, &mut line, out, true, &());
        }
        let (source, target) = (line.seen & SOURCE != 0, line.seen & TARGET != 0);
        let keep = match line.evidence.kept {
            _ if source || target => !source,
            None => self.strict,
            Some(kept) => kept,
        };
        line.evidence.kept = Some(keep);
        if keep {
            // The unit is in the target script already.
            out.truncate(start);
            if let Some(trace) = &mut line.trace {
                trace.clear();
            }
            line.base = 0;
            for hole in holes.iter().filter(|hole| !hole.waits) {
                line.keep(hole.start, out);
                line.write_own(hole, out);
            }
            line.keep(text.len(), out);
        } else if !line.waiting.is_empty() {
            let spans: Vec<_> = line.waiting.iter().map(|w| (w.source, w.length)).collect();
            // Where the text has shown computing, a label shows nothing more; those who explain ask all the same.
            let ease = self.ease();
            let is_open = |w: &Waiting<'_>| w.domain & 31 == 0 && !line.evidence.shows(w.domain, ease);
            let is_asked = line.trace.is_some() || line.waiting.iter().any(is_open);
            let is_label = is_asked && text.len() <= evidence::LABEL_BYTES && {
                let written = line.written.iter().copied();
                let mut terms = line.waiting.iter().filter(|w| w.domain & 31 == 0 && !w.broad);
                // A word of the trade tells, and so do three that newspapers write as well.
                let technical = terms.clone().any(|w| w.domain >> 5 & 1 == 0) || terms.nth(2).is_some();
                if self.target > HONG_KONG {
                    // Labels are known in Simplified characters: read what has been written.
                    let waiting = line.waiting.iter().map(|w| (w.at - start, w.length));
                    let written = written.map(|(at, length)| (at - start, length));
                    evidence::is_label(out.as_slice().get(start..).unwrap_or_default(), waiting, written, technical)
                } else {
                    evidence::is_label(text.as_bytes(), spans.iter().copied(), written, technical)
                }
            };
            line.evidence.read(text, &spans, is_label);
            for number in evidence::alone(text, &spans) {
                if let Some(waiting) = line.waiting.get_mut(number) {
                    waiting.alone = true;
                }
            }
            self.settle(&mut line, start, out);
        }
        line.evidence.end_unit(text);
        true
    }

    /// Converts what lies between own words, and writes those; `clauses` looks for Japanese ones between them.
    fn run_around<'w>(
        &self,
        holes: &[Hole<'w>],
        line: &mut Line<'_, '_, 'w>,
        out: &mut Buffer,
        clauses: bool,
        watch: &impl Watch,
    ) {
        let text = line.text;
        line.base = 0;
        for hole in holes {
            self.run_gap(text.get(line.base..hole.start).unwrap_or_default(), line, out, clauses, watch);
            let source = text.get(hole.start..hole.end).unwrap_or_default();
            // The script of a text shows in all that is written.
            line.seen |= self.flags(source) & (SOURCE | TARGET);
            if let Some((domain, sure)) = hole.shows() {
                line.evidence.add(domain, sure, true);
            }
            if hole.waits {
                self.run_waiting(hole, source, line, out);
            } else {
                line.write_own(hole, out);
            }
        }
        self.run_gap(text.get(line.base..).unwrap_or_default(), line, out, clauses, watch);
    }

    /// Converts a text between own words, and goes on behind it.
    fn run_gap(&self, gap: &str, line: &mut Line<'_, '_, '_>, out: &mut Buffer, clauses: bool, watch: &impl Watch) {
        if clauses {
            for (piece, keep) in pieces(gap) {
                if keep {
                    line.keep(line.base + piece.len(), out);
                } else {
                    self.run_gap(piece, line, out, false, watch);
                }
            }
            return;
        }
        let start = out.len();
        (line.i, line.taken) = (0, 0);
        self.run(gap, line, out, watch);
        if let Some(glyphs) = self.glyphs {
            glyphs.apply(out, start);
        }
        line.base += gap.len();
    }

    /// Converts an own word that waits for its domain to show, and lets it wait.
    fn run_waiting<'w>(&self, hole: &Hole<'w>, source: &str, line: &mut Line<'_, '_, 'w>, out: &mut Buffer) {
        let at = out.len();
        let (waiting, traces) = (line.waiting.len(), line.trace.as_ref().map_or(0, |trace| trace.len()));
        let written = line.written.len();
        self.run_gap(source, line, out, false, &());
        // The word counts as a whole.
        line.waiting.truncate(waiting);
        line.written.truncate(written);
        if let Some(trace) = &mut line.trace {
            trace.truncate(traces);
        }
        line.base = hole.start;
        line.i = 0;
        line.trace(source.len(), (at, out.len() - at), hole.why(false));
        let (length, source) = (out.len() - at, hole.start);
        line.waiting.push(Waiting {
            at,
            length,
            source,
            value: Filling::Own(hole.value()),
            domain: hole.domain(),
            safe: false,
            alone: false,
            broad: false,
        });
        line.base = hole.end;
    }

    /// What may be missing of the evidence for a domain.
    fn ease(&self) -> u32 {
        if self.target == HONG_KONG { Evidence::EASE } else { 0 }
    }

    /// Writes the waiting terms whose domain has shown.
    fn settle(&self, line: &mut Line<'_, '_, '_>, start: usize, out: &mut Buffer) {
        let at_home = line.evidence.is_at_home();
        // Where the text has the target's vocabulary, no sum of evidence is enough.
        if let (Some(trace), false) = (&mut line.trace, at_home) {
            note_shown(trace, &line.waiting, line.evidence, self.ease());
        }
        let waiting = std::mem::take(&mut line.waiting);
        let ease = self.ease();
        let settled = |w: &&Waiting<'_>, evidence: &Evidence| {
            (matches!(w.value, Filling::Own(_)) || !at_home)
                && (w.safe || w.alone || !w.broad && evidence.shows(w.domain, ease))
        };
        if !waiting.iter().any(|w| settled(&w, line.evidence)) {
            return;
        }
        let old = out.split_off(start);
        let mut at = start;
        let mut traces = line.trace.iter_mut().flat_map(|trace| trace.iter_mut()).peekable();
        let (mut grown, mut shrunk) = (0, 0);
        for w in waiting.iter().filter(|w| settled(w, line.evidence)) {
            out.extend_from_slice(old.get(at - start..w.at - start).unwrap_or_default());
            let value = out.len();
            match w.value {
                Filling::Own(own) => {
                    push_value(own, old.get(w.at - start..w.at - start + w.length).unwrap_or_default(), out);
                }
                Filling::Term(term) => {
                    out.push_value(term);
                    if let Some(glyphs) = self.glyphs {
                        glyphs.apply(out, value);
                    }
                }
            }
            let length = out.len() - value;
            at = w.at + w.length;
            // What stands between two settled terms moves by what the terms before it grew.
            while let Some(t) = traces.next_if(|t| t.source.0 <= w.source) {
                t.target.0 = (t.target.0 + grown).saturating_sub(shrunk);
                if t.source.0 == w.source {
                    t.target.1 = length;
                    if let Why::Term { settled, .. } | Why::Own { settled, .. } = &mut t.why {
                        *settled = true;
                    }
                }
            }
            grown += length;
            shrunk += w.length;
        }
        for t in traces {
            t.target.0 = (t.target.0 + grown).saturating_sub(shrunk);
        }
        out.extend_from_slice(old.get(at - start..).unwrap_or_default());
    }

    /// The hot loop over one line or a piece of it.
    fn run(&self, text: &str, line: &mut Line<'_, '_, '_>, out: &mut Buffer, watch: &impl Watch) {
        let src = text.as_bytes();
        let mut i = 0;
        let mut o = out.len();
        // What characters tell is asked until one tells it. Collected from every cell, each would wait for the one before.
        let mut flags = RULE | SPECIAL | TELLING & !line.seen;
        let mut padded = [0; 16];
        let stride: Stride<'_, MANY> = Stride::new(self.family, self.route, watch.starts());
        // Where the last pass stopped: what `watch` looks for was not met before.
        let mut stopped = 0;
        while let Some(rest) = src.get(i..).filter(|rest| !rest.is_empty()) {
            if watch.meets(stopped, i) {
                line.watched = true;
                return;
            }
            let window = if rest.len() >= 8 { rest } else { pad(rest, &mut padded) };
            let stops = |flags: &mut u32, at: usize, word, cell: u32| {
                *flags &= !(cell & TELLING);
                let ninth = window.get(at + 8);
                watch.stands(i + at, word, ninth)
                    || cell & SPECIAL != 0
                    || stride.may_start_at(cell, word, ninth)
                    || cell & RULE != 0 && self.rules.may_hold(self.target, text, i + at, word)
            };
            let room = out.room().get_mut(o..).unwrap_or_default();
            let (passed, met) = stride.pass(window, room, &mut flags, src.get(..i), stops);
            i += passed;
            o += passed;
            stopped = i;
            match met {
                Met::End | Met::Other if i >= src.len() => break,
                Met::End => {
                    out.make_room(o, src.len() - i);
                    continue;
                }
                Met::Char(word, cell) if cell & SPECIAL == 0 => {
                    out.set_len(o);
                    line.i = i;
                    line.seen |= TELLING & !flags;
                    let taken = if cell & RULE != 0 {
                        self.take_ruled(stride.may_start_at(cell, word, src.get(i + 8)), text, line, out)
                    } else {
                        self.take_key(text, line, out)
                    };
                    if taken {
                        i = line.i;
                        o = out.len();
                    } else {
                        i += 3;
                        o += 3;
                    }
                    continue;
                }
                _ => {}
            }
            out.set_len(o);
            line.i = i;
            self.decide(text, line, out);
            i = line.i;
            o = out.len();
        }
        line.watched = watch.meets(stopped, src.len());
        // The zeros behind the last bytes are no text.
        out.set_len(o - i.saturating_sub(src.len()));
        line.i = src.len();
        line.seen |= TELLING & !flags;
    }

    /// Converts what stands at any position.
    fn decide(&self, text: &str, line: &mut Line<'_, '_, '_>, out: &mut Buffer) {
        let (at, o) = (line.i, out.len());
        let rest = text.get(at..).unwrap_or_default();
        let Some(c) = rest.chars().next() else {
            line.i += 1;
            return;
        };
        let cell = self.cell(c);
        line.seen |= cell;
        let taken =
            if cell & RULE != 0 { self.take_ruled(true, text, line, out) } else { self.take_key(text, line, out) };
        if taken {
            return;
        }
        let length = self.push_char(rest, c, out);
        if cell & SPECIAL != 0 {
            line.trace(length, (o, out.len() - o), Why::Special);
        }
        line.i += length;
    }

    /// Converts the key that stands here, if one does.
    fn take_key(&self, text: &str, line: &mut Line<'_, '_, '_>, out: &mut Buffer) -> bool {
        let (at, o) = (line.i, out.len());
        let Some(verdict) = self.key_at(text, at, line.taken) else { return false };
        let key = text.get(at..at + verdict.length).unwrap_or_default();
        if line.seen & SOURCE == 0 {
            line.seen |= self.flags(key);
        }
        let mut why = Why::Phrase;
        if let Some((value, meta)) = verdict.term {
            let domain = meta >> 2 & 63;
            let (safe, broad) = (meta & 3 == 0, meta & 3 == 3);
            let value = self.family.value(value);
            // What both regions write, or the target alone, only tells.
            let tells = value.is_empty();
            let at_home = safe && self.policy.detect && line.evidence.is_at_home();
            let settled = self.settles(meta) && !at_home;
            why = Why::Term { meta, settled: settled && !tells };
            if meta & 3 < 2 {
                line.evidence.add(domain, safe, tells);
            }
            if tells {
                self.push_script(key, verdict.script, out);
            } else if settled {
                out.push_value(value);
            } else {
                self.push_script(key, verdict.script, out);
                let source = line.base + at;
                line.waiting.push(Waiting {
                    at: o,
                    length: out.len() - o,
                    source,
                    value: Filling::Term(value),
                    domain,
                    safe,
                    alone: false,
                    broad,
                });
            }
            if (tells || settled) && safe && domain & 31 == 0 && line.text.len() <= evidence::LABEL_BYTES {
                let place = (line.base + at, verdict.length);
                line.written.push(if self.target > HONG_KONG { (o, out.len() - o) } else { place });
            }
        } else {
            self.push_script(key, verdict.script, out);
        }
        line.trace(verdict.length, (o, out.len() - o), why);
        line.i += verdict.length;
        line.taken = line.i;
        true
    }

    /// Converts what stands here of a character that its neighbours may decide: by the rules that come before the keys, by a
    /// key if `key` says that one may stand here, or by the other rules.
    fn take_ruled(&self, key: bool, text: &str, line: &mut Line<'_, '_, '_>, out: &mut Buffer) -> bool {
        let at = line.i;
        let Some(c) = text.get(at..).and_then(|rest| rest.chars().next()) else { return false };
        let Some(place) = rules::Place::new(self.rules, self.target, text, at, c) else {
            return key && self.take_key(text, line, out);
        };
        let (mut known, unit) = (line.cantonese, line.text);
        let mut cantonese = || *known.get_or_insert_with(|| rules::is_cantonese(unit));
        let mut rule = place.decide(true, &mut cantonese);
        if rule.is_none() {
            if key && self.take_key(text, line, out) {
                line.cantonese = known;
                return true;
            }
            rule = place.decide(false, &mut cantonese);
            rule = rule.filter(|rule| rule.free || lattice::alone(self, text, at, line.taken));
        }
        line.cantonese = known;
        let Some(&value) = rule.and_then(|rule| rule.values.get(self.target)) else { return false };
        let o = out.len();
        out.extend_from_slice(value.encode_utf8(&mut [0; 4]).as_bytes());
        line.trace(c.len_utf8(), (o, out.len() - o), Why::Rule);
        line.i += c.len_utf8();
        true
    }

    /// The cell of any character.
    fn cell(&self, c: char) -> u32 {
        let mut bytes = [0; 4];
        let length = c.encode_utf8(&mut bytes).len();
        self.cell_of(bytes, length)
    }

    /// The cell of a character of so many of these bytes.
    #[inline]
    fn cell_of(&self, bytes: [u8; 4], length: usize) -> u32 {
        match (length, bytes) {
            (3, [x, y, z, _]) => self.family.cell(self.route, [x, y, z]),
            (1, [first, ..]) if self.route.ascii_starts >> first & 1 == 0 => 0,
            _ => SPECIAL,
        }
    }

    /// The evidence flags of all characters of a key.
    fn flags(&self, key: &str) -> u32 {
        key.chars().fold(0, |flags, c| flags | self.cell(c))
    }

    /// The script conversion of a key.
    fn push_script(&self, key: &str, script: u32, out: &mut Buffer) {
        if script & ABSENT == 0 {
            out.push_value(self.family.value(script));
            return;
        }
        let mut rest = key.as_bytes();
        while let Some((&[x, y, z], behind)) = rest.split_first_chunk() {
            let cell = if x & 0xF0 == 0xE0 { self.family.cell(self.route, [x, y, z]) } else { SPECIAL };
            if cell & SPECIAL != 0 {
                break;
            }
            let word = u32::from_le_bytes([x, y, z, 0]) ^ (cell & DIFFERENCE);
            out.push_bytes(word.to_le_bytes(), 3);
            rest = behind;
        }
        let rest = key.get(key.len() - rest.len()..).unwrap_or_default();
        for (at, c) in rest.char_indices() {
            self.push_char(rest.get(at..).unwrap_or_default(), c, out);
        }
    }

    /// One character by its cell; returns how much was consumed, more than the character for a description sequence.
    pub(crate) fn push_char(&self, rest: &str, c: char, out: &mut Buffer) -> usize {
        let mut bytes = [0; 4];
        let length = c.encode_utf8(&mut bytes).len();
        let cell = self.cell_of(bytes, length);
        if cell & SPECIAL != 0 {
            match self.route.special(c as u32) {
                Some(DESCRIBE) => {
                    let length = ids::sequence_length(rest).unwrap_or(length);
                    out.extend_from_slice(rest.as_bytes().get(..length).unwrap_or_default());
                    return length;
                }
                Some(NORMALIZE) => {
                    let (family, route) = data::part("normalize");
                    let normal = crate::converter::stage((family, route), rest.get(..length).unwrap_or_default(), None);
                    for (at, c) in normal.char_indices() {
                        if self.route.special(c as u32) != Some(NORMALIZE) {
                            self.push_char(normal.get(at..).unwrap_or_default(), c, out);
                        }
                    }
                    return length;
                }
                Some(record) if record & ABSENT == 0 => {
                    out.push_value(self.family.value(record));
                    return length;
                }
                _ => {}
            }
        }
        let word = u32::from_le_bytes(bytes) ^ (cell & DIFFERENCE);
        out.push_bytes(word.to_le_bytes(), length);
        length
    }

    /// What a key becomes under the policy, or nothing when it is a guard word on this route.
    pub(crate) fn verdict(&self, text: &str, at: usize, m: Match) -> Option<Verdict> {
        self.verdict_of(text, at, m.length, self.route.records.get(m.number)?)
    }

    /// As [`Native::verdict`], of a key of so many bytes with this record.
    #[inline]
    fn verdict_of(&self, text: &str, at: usize, length: usize, record: u32) -> Option<Verdict> {
        if record & TERMS == 0 {
            return (record & ABSENT == 0).then_some(Verdict { length, script: record, term: None });
        }
        let (script, mut terms) = self.family.terms(record);
        let term = terms.find(|&(meta, _)| self.allows(meta) && hold(text, at, length, meta >> 8));
        if term.is_none() && script & ABSENT != 0 {
            return None;
        }
        Some(Verdict { length, script, term: term.map(|(meta, value)| (value, meta)) })
    }

    /// Whether a key is no word here: a compound that is known for its terms alone, none of which may stand between these
    /// neighbours. `打开文件` must not keep `文件系统` from being one word in `打开文件系统`.
    #[inline(always)]
    fn is_void(&self, text: &str, at: usize, m: Match) -> bool {
        /// Shorter keys are mostly words in their own right.
        const SHORTEST: usize = 9;
        if m.length < SHORTEST {
            return false;
        }
        let Some(record) =
            self.route.records.get(m.number).filter(|record| record & ABSENT == 0 && record & TERMS != 0)
        else {
            return false;
        };
        let (script, mut terms) = self.family.terms(record);
        script & ABSENT != 0 && terms.all(|(meta, _)| !hold(text, at, m.length, meta >> 8))
    }

    fn allows(&self, meta: u32) -> bool {
        match meta & 3 {
            0 => self.policy.safe,
            1 => self.policy.detect || self.policy.domains >> (meta >> 2 & 31) & 1 != 0,
            3 => self.policy.detect || self.policy.broad,
            _ => self.policy.broad,
        }
    }

    /// The key that is a word at `at`, as the lattice cuts the neighbourhood.
    pub(crate) fn key_at(&self, text: &str, at: usize, taken: usize) -> Option<Verdict> {
        let rest = text.as_bytes().get(at..)?;
        // Lengths and records of the keys that have one.
        let mut found = [(0, 0); 8];
        let mut count = 0;
        let add = |m: Match| {
            if let Some(record) = self.route.records.get(m.number)
                && let Some(slot) = found.get_mut(count)
            {
                *slot = (m.length, record);
                count += 1;
            }
        };
        let first = *rest.first()?;
        let before = || at.checked_sub(1).and_then(|before| text.as_bytes().get(before));
        if first >= 0x80 || self.route.ascii_starts >> first & 1 != 0 && !in_latin(before(), first) {
            self.family.matches(rest, add);
        }
        let found = found.get(..count)?;
        let verdict = |&(length, record): &(usize, u32)| self.verdict_of(text, at, length, record);
        let longest = found.iter().rev().find_map(verdict)?;
        match lattice::word(self, text, at, taken, longest.length)? {
            length if length == longest.length => Some(longest),
            length => found.iter().find(|key| key.0 == length).and_then(verdict),
        }
    }
}

/// Notes what the text has shown of the domains of terms that wait, before they are settled.
#[cold]
#[inline(never)]
fn note_shown(traces: &mut [Trace], waiting: &[Waiting<'_>], evidence: &Evidence, ease: u32) {
    let mut traces = traces.iter_mut();
    // A safe term waits for the text's vocabulary, not for a domain.
    for w in waiting.iter().filter(|w| !w.safe) {
        if let Some(trace) = traces.find(|trace| trace.source.0 == w.source) {
            let (sum, needed) = evidence.sum(w.domain, ease);
            trace.shown = Some(Shown { domain: w.domain & 31, sum, needed, alone: w.alone, broad: w.broad });
        }
    }
}

/// Cuts a line that holds kana or variation selectors into pieces; `true` marks a piece that is kept as it is.
///
/// A clause with two kana or more is Japanese. A character with a variation selector is one thing with it.
fn pieces(line: &str) -> Vec<(&str, bool)> {
    let is_kana = |c: char| matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}');
    let is_variation = |c: char| matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
    let mut out = Vec::new();
    for clause in line.split_inclusive([
        '。', '！', '？', '，', '；', '：', '、', '「', '」', '『', '』', '“', '”', '（', '）', '\n', ' ',
    ]) {
        if clause.chars().filter(|&c| is_kana(c)).count() >= 2 {
            out.push((clause, true));
            continue;
        }
        let (mut from, mut last) = (0, 0);
        for (at, c) in clause.char_indices() {
            if is_variation(c) {
                // A second selector has no character of its own.
                let (start, end) = (last.max(from), at + c.len_utf8());
                out.push((clause.get(from..start).unwrap_or_default(), false));
                out.push((clause.get(start..end).unwrap_or_default(), true));
                from = end;
            }
            last = at;
        }
        out.push((clause.get(from..).unwrap_or_default(), false));
    }
    out.retain(|(piece, _)| !piece.is_empty());
    out
}

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn pieces_are_the_line() {
        for line in
            ["", "汉\u{FE00}字", "\u{FE00}\u{E0100}喺", "汉\u{E0100}\u{E0101}字。これは\u{FE00}。后", "の\u{FE00}"]
        {
            assert_eq!(pieces(line).iter().map(|&(piece, _)| piece).collect::<String>(), line);
        }
        assert_eq!(pieces("后\u{FE00}\u{FE01}后"), [("后\u{FE00}", true), ("\u{FE01}", true), ("后", false)]);
    }
}
