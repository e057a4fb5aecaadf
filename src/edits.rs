//! What a conversion changes, and why: [`Converter::edits`].

use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

use crate::converter::Engine;
use crate::engine::Buffer;
use crate::lexicon::NORMALIZE;
use crate::native::{Evidence, Native};
use crate::table::Tier;
use crate::trace::{Trace, Why, same_shape};
use crate::{Converter, Domain};

/// One change that a conversion makes, from [`Converter::edits`].
///
/// ```
/// use fanjian::{Converter, Locale, Origin};
///
/// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
/// let edit = converter.edits("买了新鼠标").last().unwrap();
/// assert_eq!((edit.source(), edit.target()), ("鼠标", "滑鼠"));
/// assert!(matches!(edit.origin(), Origin::Term { .. }));
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit<'t> {
    text: &'t str,
    target: String,
    at: (usize, usize),
    origin: Origin,
    /// The table and line of an own word.
    place: Option<(String, u32)>,
    /// The engine looks for the longest key and solves no lattice.
    longest: bool,
}

impl<'t> Edit<'t> {
    /// Where the source text stands, in bytes of the text.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// assert_eq!(converter.edits("中国").next().unwrap().range(), 3..6);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.at.0..self.at.0 + self.text.len()
    }

    /// Where the target text stands, in bytes of what [`Converter::convert`] returns.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let (text, converter) = ("内存和内存", Converter::opencc(OpenccConfig::S2twp)?);
    /// let edit = converter.edits(text).last().unwrap();
    /// assert_eq!(converter.convert(text)[edit.target_range()], *edit.target());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn target_range(&self) -> Range<usize> {
        self.at.1..self.at.1 + self.target.len()
    }

    /// The text that is replaced: the whole phrase or term, or one character.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// assert!(converter.edits("理发").map(|edit| edit.source()).eq(["理发"]));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn source(&self) -> &'t str {
        self.text
    }

    /// What is written instead; it differs from the source.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// assert_eq!(converter.edits("理发").next().unwrap().target(), "理髮");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// What decided.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig, Origin};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// assert_eq!(converter.edits("理发").next().unwrap().origin(), Origin::Phrase);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// The table that decided, as the caller named it, and the line in it, from 1: of an own word that comes from a table.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// let converter = builder.table("mine.txt", "# mine\n麦旋风\t冰炫風\n".as_bytes()).build()?;
    /// assert_eq!(converter.edits("麦旋风").next().unwrap().place(), Some(("mine.txt", 2)));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn place(&self) -> Option<(&str, u32)> {
        self.place.as_ref().map(|(table, line)| (table.as_str(), *line))
    }

    /// Why this was written and nothing else, as a phrase for people. The wording may change in any release.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// let edit = converter.edits("鼠标").next().unwrap();
    /// assert_eq!(edit.reason(), "a term of the domain computing that is right in any text");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn reason(&self) -> String {
        let text = match self.origin {
            Origin::Character => "the character's default: no phrase, term or rule decides here",
            Origin::Phrase if self.longest => "a phrase: the longest key that stands here",
            Origin::Phrase => "a phrase: one word on the cheapest path through the words of the neighbourhood",
            Origin::Rule => "a rule for this character and its neighbours",
            Origin::Normalization => "a compatibility ideograph: its unified character is converted",
            Origin::Stages => "stages of the configuration that act one upon the other",
            Origin::Own => match &self.place {
                Some((table, line)) => return format!("an own word: {table}, line {line}"),
                None => "an own word",
            },
            Origin::Term { tier, domain, detected } => {
                let domain = domain.map_or("no domain".to_owned(), |domain| format!("the domain {domain}"));
                let why = match tier {
                    Tier::Safe => "that is right in any text",
                    Tier::Domain if detected => "that the text itself shows",
                    Tier::Domain => "that the converter was built for",
                    Tier::Broad | Tier::No => "that is a preference, asked for with all broad terms",
                };
                return format!("a term of {domain} {why}");
            }
        };
        text.to_owned()
    }
}

impl fmt::Display for Edit<'_> {
    /// Writes `source → target`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} → {}", self.text, self.target)
    }
}

/// What decided an [`Edit`].
///
/// ```
/// use fanjian::{Converter, Locale, Origin};
///
/// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
/// let characters = converter.edits("头发长了").filter(|edit| edit.origin() == Origin::Character);
/// assert!(characters.map(|edit| edit.to_string()).eq(["长 → 長"]));
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// What the character becomes where nothing else decides.
    Character,
    /// A phrase of the script conversion. On OpenCC's routes, whose tables do not tell them apart, a term as well.
    Phrase,
    /// A regional term.
    #[non_exhaustive]
    Term {
        /// How freely the term is mapped.
        tier: Tier,
        /// The domain of its table.
        domain: Option<Domain>,
        /// The text showed the domain; else the term is right in any text or was asked for.
        detected: bool,
    },
    /// An own word of the converter's builder or lexicons; see [`Edit::place`].
    Own,
    /// A rule for a character that its neighbours decide.
    Rule,
    /// A compatibility ideograph that was replaced by its unified character, which may have been converted in turn.
    Normalization,
    /// Stages of an OpenCC configuration that act one upon the other here.
    Stages,
}

impl Converter {
    /// What [`Converter::convert`] changes in a text, in order.
    ///
    /// Replacing the [range](Edit::range) of each edit by its [target](Edit::target) gives exactly what
    /// [`Converter::convert`] returns. A phrase or term is one edit; characters that stand side by side and are
    /// converted each on its own are one edit each. What is kept is no edit.
    ///
    /// Native routes convert as the iterator goes, line by line; OpenCC's routes convert the whole text when the first
    /// edit is asked for. Each edit allocates its target.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let text = "他用鼠标画了一个发夹";
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// let (mut out, mut at) = (String::new(), 0);
    /// for edit in converter.edits(text) {
    ///     out.push_str(&text[at..edit.range().start]);
    ///     out.push_str(edit.target());
    ///     at = edit.range().end;
    /// }
    /// out.push_str(&text[at..]);
    /// assert_eq!(out, converter.convert(text));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn edits<'c, 't>(&'c self, text: &'t str) -> Edits<'c, 't> {
        Edits { converter: self, rest: text, evidence: Evidence::default(), part: Part::default() }
    }
}

/// The edits of a text, from [`Converter::edits`].
///
/// ```
/// use fanjian::{Converter, OpenccConfig};
///
/// let converter = Converter::opencc(OpenccConfig::T2s)?;
/// assert_eq!(converter.edits("沒有變化").count(), 2);
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Clone)]
pub struct Edits<'c, 't> {
    converter: &'c Converter,
    /// What has not been converted yet.
    rest: &'t str,
    evidence: Evidence,
    part: Part<'t>,
}

/// A part of the text that has been converted, and how far its edits have been told.
#[derive(Clone, Default)]
struct Part<'t> {
    source: &'t str,
    output: String,
    traces: Vec<Trace>,
    /// The trace that comes next.
    next: usize,
    /// Where we stand in source and output.
    at: (usize, usize),
    /// Up to where characters map one to one.
    until: (usize, usize),
    /// Where the part stands in the text and in the whole output.
    base: (usize, usize),
}

impl<'t> Iterator for Edits<'_, 't> {
    type Item = Edit<'t>;

    fn next(&mut self) -> Option<Edit<'t>> {
        loop {
            if let Some(edit) = self.part.next(self.converter) {
                return Some(edit);
            }
            if self.rest.is_empty() {
                return None;
            }
            self.convert();
        }
    }
}

impl FusedIterator for Edits<'_, '_> {}

impl fmt::Debug for Edits<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edits").field("at", &(self.part.base.0 + self.part.at.0)).finish_non_exhaustive()
    }
}

impl Edits<'_, '_> {
    /// Converts the next part.
    fn convert(&mut self) {
        let part = &mut self.part;
        part.base.0 += part.source.len();
        part.base.1 += part.output.len();
        part.traces.clear();
        (part.next, part.at, part.until) = (0, (0, 0), (0, 0));
        let native = match &self.converter.engine {
            Engine::Native { native, .. } => Some(native),
            _ => None,
        };
        let mut holes = Vec::new();
        let length = native.and_then(|_| self.converter.unit(self.rest, true, &mut holes)).unwrap_or(self.rest.len());
        (part.source, self.rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        let mut out = Buffer::after(Vec::new(), length);
        match native {
            Some(native) => {
                native.convert_line(part.source, &holes, &mut self.evidence, &mut out, Some(&mut part.traces));
            }
            None => self.converter.convert_exact(part.source, &mut out, Some(&mut part.traces)),
        }
        part.output = out.into_string();
    }
}

impl<'t> Part<'t> {
    fn next(&mut self, converter: &Converter) -> Option<Edit<'t>> {
        loop {
            if self.at != self.until {
                if let Some(edit) = self.next_character(converter) {
                    return Some(edit);
                }
                continue;
            }
            let trace = self.traces.get(self.next);
            let until = trace.map_or((self.source.len(), self.output.len()), |t| (t.source.0, t.target.0));
            if self.at != until {
                self.until = until;
                continue;
            }
            let trace = *trace?;
            self.next += 1;
            self.until = (trace.source_range().end, trace.target_range().end);
            if trace.why == Why::Kept {
                self.at = self.until;
            } else if let Some(origin) = self.origin(converter, &trace)
                && let Some(edit) = self.edit(converter, self.until, origin)
            {
                let place = match (trace.why, &converter.words) {
                    (Why::Own { layer, number, settled: true }, Some(words)) => words.source(layer, number),
                    _ => None,
                };
                return Some(Edit { place, ..edit });
            }
        }
    }

    /// The next character before `until` that changes; goes to `until` if there is none.
    fn next_character(&mut self, converter: &Converter) -> Option<Edit<'t>> {
        let from = self.source.get(self.at.0..self.until.0).unwrap_or_default();
        let to = self.output.get(self.at.1..self.until.1).unwrap_or_default();
        if from.len() != to.len() {
            debug_assert!(false, "an engine did not note a change of length");
            return self.edit(converter, self.until, Origin::Stages);
        }
        let changed = from.char_indices().zip(to.chars()).find(|((_, a), b)| a != b);
        let Some(((skip, a), b)) = changed else {
            self.at = self.until;
            return None;
        };
        self.at = (self.at.0 + skip, self.at.1 + skip);
        self.edit(converter, (self.at.0 + a.len_utf8(), self.at.1 + b.len_utf8()), Origin::Character)
    }

    /// An edit from here to there, unless nothing changes.
    fn edit(&mut self, converter: &Converter, to: (usize, usize), origin: Origin) -> Option<Edit<'t>> {
        let text = self.source.get(self.at.0..to.0).unwrap_or_default();
        let target = self.output.get(self.at.1..to.1).unwrap_or_default();
        let at = (self.base.0 + self.at.0, self.base.1 + self.at.1);
        self.at = to;
        let longest = !converter.is_native();
        (text != target).then(|| Edit { text, target: target.to_owned(), at, origin, place: None, longest })
    }

    /// What decided a trace; nothing when its characters are to be told one by one.
    fn origin(&self, converter: &Converter, trace: &Trace) -> Option<Origin> {
        let native = match &converter.engine {
            Engine::Native { native, .. } => Some(native),
            _ => None,
        };
        Some(match trace.why {
            Why::Term { meta, settled: true } => {
                let tier = match meta & 3 {
                    0 => Tier::Safe,
                    1 => Tier::Domain,
                    // It stands alone.
                    3 if native.is_some_and(|native| !native.policy.broad) => Tier::Domain,
                    _ => Tier::Broad,
                };
                let number = meta >> 2 & 31;
                let chosen = native.is_some_and(|native| native.policy.domains >> number & 1 != 0);
                let detected = tier == Tier::Domain && !chosen;
                Origin::Term { tier, domain: Domain::from_number(number), detected }
            }
            Why::Term { settled: false, .. } | Why::Own { settled: false, .. } => {
                let source = self.source.get(trace.source_range()).unwrap_or_default();
                let target = self.output.get(trace.target_range()).unwrap_or_default();
                let alone = native.is_some_and(|native| by_characters(native, source) == target);
                if alone && same_shape(source.as_bytes(), target.as_bytes()) {
                    return None;
                }
                Origin::Phrase
            }
            Why::Own { settled: true, .. } => Origin::Own,
            Why::Rule => Origin::Rule,
            Why::Special => {
                let c = self.source.get(trace.source.0..).and_then(|rest| rest.chars().next()).unwrap_or_default();
                match native {
                    Some(native) if native.route.special(c as u32) == Some(NORMALIZE) => Origin::Normalization,
                    _ => Origin::Character,
                }
            }
            Why::Normalized => Origin::Normalization,
            Why::Stages => Origin::Stages,
            Why::Phrase | Why::Kept => Origin::Phrase,
        })
    }
}

/// What a word becomes when each of its characters is converted on its own.
fn by_characters(native: &Native, word: &str) -> String {
    let mut out = Buffer::after(Vec::new(), word.len());
    for (at, c) in word.char_indices() {
        native.push_char(word.get(at..).unwrap_or_default(), c, &mut out);
    }
    out.into_string()
}
