//! What a conversion changes, and why: [`Converter::edits`].

use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

use crate::converter::{Engine, exact};
use crate::engine::Buffer;
use crate::lexicon::NORMALIZE;
use crate::native::explain::{self, Paths, Place};
use crate::native::{Evidence, Native};
use crate::table::Tier;
use crate::trace::{Shown, Trace, Why, same_shape};
use crate::{Converter, Domain, OpenccConfig, Terms, data};

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
#[derive(Clone)]
pub struct Edit<'t> {
    text: &'t str,
    target: String,
    at: (usize, usize),
    origin: Origin,
    /// The table and line of an own word.
    place: Option<(String, u32)>,
    ground: Ground<'t>,
}

/// What it takes to look at the place of an edit once more.
#[derive(Clone)]
struct Ground<'t> {
    engine: Engine,
    /// The part of the text that was converted as one, and the stretch of it around the edit without own words.
    part: &'t str,
    gap: (usize, usize),
    /// Where the edit stands in the part, and where the last key before it ends.
    at: usize,
    taken: usize,
    shown: Option<Shown>,
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

    /// What is written instead; it differs from the source, except for [terms that are not written](Edits::with_unwritten).
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

    /// The table that decided and the line in it, from 1: of an own word that comes from a table, as the caller named it; of
    /// a rule, in the sources of this crate. Of other tables the lines are not built in.
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
        if self.origin == Origin::Rule {
            let line = self.ground.place().and_then(|place| place.rule_line())?;
            return Some(("dictionaries/script/rules.txt", line));
        }
        self.place.as_ref().map(|(table, line)| (table.as_str(), *line))
    }

    /// What spoke for the target, in figures that those of [`Edit::alternatives`] compare with.
    ///
    /// Nothing is kept for this: it looks at the place once more, which takes about as long as converting a short line.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// // 头发 and 发展 compete.
    /// let edit = converter.edits("他的头发展开").next().unwrap();
    /// assert!(edit.score().cost < edit.alternatives()[0].score().cost);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn score(&self) -> Score {
        let mut score = Score::default();
        if let Some(shown) = self.ground.shown.filter(|shown| !shown.broad) {
            (score.shown, score.needed) = (Some(shown.sum), Some(shown.needed));
        }
        match (self.origin, &self.ground.engine) {
            (Origin::Own | Origin::Normalization, _) => {}
            (_, Engine::Native { .. }) => score.cost = self.paths().and_then(|paths| paths.chosen),
            (Origin::Phrase | Origin::Stages, _) => score.length = Some(self.text.chars().count() as u32),
            _ => {}
        }
        let candidates = self.candidates();
        score.rank = candidates.iter().position(|value| *value == self.target).map(|rank| rank as u32);
        score
    }

    /// What else could have been written in place of the source, each differing from the target and from the others.
    ///
    /// In this order: other values of the same word (a term that was not written, the word in the target script, other words
    /// of the tables for the same thing); what other ways to cut the text would give, the cheapest first on routes between
    /// locales, the longest key first on OpenCC's; other values of the character, in the order of its table. A text that
    /// wants another one is given an [own word](Converter::builder).
    ///
    /// They are worked out here and now, as for [`Edit::score`]; words of the tables for the same thing are looked for in the
    /// whole lexicon of the way back.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// let alternatives = |text| -> Vec<String> {
    ///     let edit = converter.edits(text).next().unwrap();
    ///     edit.alternatives().iter().map(|other| other.target().to_owned()).collect()
    /// };
    /// assert_eq!(alternatives("鼠标"), ["鼠標"]);
    /// assert_eq!(alternatives("头发"), ["頭發"]);
    /// assert_eq!(alternatives("发"), ["髮"]);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn alternatives(&self) -> Vec<Alternative> {
        let mut out: Vec<Alternative> = Vec::new();
        let mut add =
            |target: String, origin: Origin, score: Score| match out.iter_mut().find(|known| known.target == target) {
                Some(known) => known.score.rank = known.score.rank.or(score.rank),
                None if target == self.target => {}
                None => out.push(Alternative { target, origin, score }),
            };
        match &self.ground.engine {
            _ if self.origin == Origin::Normalization => {}
            engine if self.origin == Origin::Own => {
                add(converted(engine, self.text), Origin::Phrase, Score::default());
            }
            Engine::Native { native, .. } => {
                self.values_of_word(native, &mut add);
                for (value, cost) in self.paths().map(|paths| paths.others).unwrap_or_default() {
                    let origin = if is_character(self.text) { Origin::Character } else { Origin::Phrase };
                    add(value, origin, Score { cost: Some(cost), ..Score::default() });
                }
            }
            engine => {
                let cuts: Vec<usize> = self.text.char_indices().skip(1).take(Self::CUTS).map(|(at, _)| at).collect();
                for (at, count) in cuts.into_iter().zip(1..).collect::<Vec<_>>().into_iter().rev() {
                    let (key, rest) = self.text.split_at_checked(at).unwrap_or_default();
                    let score = Score { length: Some(count as u32), ..Score::default() };
                    add(converted(engine, key) + &converted(engine, rest), Origin::Phrase, score);
                }
            }
        }
        for (value, rank) in self.candidates().into_iter().zip(0..) {
            add(value, Origin::Character, Score { rank: Some(rank), ..Score::default() });
        }
        out
    }

    /// Whole words instead of the one that was written.
    fn values_of_word(&self, native: &Native, add: &mut impl FnMut(String, Origin, Score)) {
        let (Some(place), false) = (self.ground.place(), is_character(self.text)) else { return };
        let (terms, script) = place.values(self.text.len());
        let mut domains: Vec<u32> = Vec::new();
        for (meta, value) in terms {
            let mut origin = term(native, meta, None);
            if let Origin::Term { detected, .. } = &mut origin {
                *detected = false;
            }
            let mut score = Score::default();
            let domain = meta >> 2 & 31;
            if let (Some(shown), true) = (self.ground.shown, meta & 3 == 1)
                && shown.domain == domain
            {
                (score.shown, score.needed) = (Some(shown.sum), Some(shown.needed));
            }
            domains.push(domain);
            add(value, origin, score);
        }
        if let Some(script) = script {
            add(script, Origin::Phrase, Score::default());
        }
        let Engine::Native { from, to, .. } = &self.ground.engine else { return };
        if !matches!(self.origin, Origin::Term { .. } | Origin::Unwritten { .. }) {
            return;
        }
        let back = data::native(*to, *from, &Terms::Broad);
        domains.dedup();
        for domain in domains {
            for word in explain::synonyms(&back, self.text, domain) {
                let origin = Origin::Term { tier: Tier::No, domain: Domain::from_number(domain), detected: false };
                add(native.finish(word), origin, Score::default());
            }
        }
    }

    /// No key is cut in more places.
    const CUTS: usize = 32;

    /// What a character may become, the default first; nothing for words.
    fn candidates(&self) -> Vec<String> {
        let mut chars = self.text.chars();
        let (Some(c), None) = (chars.next(), chars.next()) else { return Vec::new() };
        match (&self.ground.engine, self.origin) {
            (_, Origin::Own | Origin::Normalization | Origin::Stages) => Vec::new(),
            (Engine::Native { native, .. }, _) => native.candidates(c),
            (Engine::Exact { config, tofu }, _) => candidates(*config, *tofu, c),
            (Engine::Chain(_), _) => Vec::new(),
        }
    }

    /// The paths of the lattice over the edit.
    fn paths(&self) -> Option<Paths> {
        Some(self.ground.place()?.paths(self.text.len(), &self.target))
    }

    /// Why this was written and nothing else, as a phrase for people: the path of the lattice and what the best other one
    /// costs, the rule and its line, what the text shows of a domain. The wording may change in any release.
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
        const PATH: &str = "a phrase: one word on the cheapest path through the words of the neighbourhood";
        let paths =
            || self.paths().map(|paths| (paths.asked, paths.chosen, paths.others.first().map(|&(_, cost)| cost)));
        let text = match self.origin {
            Origin::Character => match (&self.ground.engine, paths()) {
                (Engine::Native { .. }, Some((_, Some(cost), Some(other)))) => {
                    return format!(
                        "the character's default: the cheapest path costs {cost}, with another value {other}"
                    );
                }
                _ => "the character's default: no phrase, term or rule decides here",
            },
            Origin::Phrase if !matches!(self.ground.engine, Engine::Native { .. }) => {
                "a phrase: the longest key that stands here"
            }
            Origin::Phrase => match paths() {
                Some((true, Some(cost), Some(other))) => {
                    return format!("{PATH}, which costs {cost}; the best other one {other}");
                }
                Some((true, ..)) => PATH,
                _ => "a phrase: no word of the neighbourhood reaches over its edges",
            },
            Origin::Rule => match self.place() {
                Some((table, line)) => {
                    return format!("a rule for this character and its neighbours: {table}, line {line}");
                }
                None => "a rule for this character and its neighbours",
            },
            Origin::Normalization => "a compatibility ideograph: its unified character is converted",
            Origin::Stages => "stages of the configuration that act one upon the other",
            Origin::Own => match &self.place {
                Some((table, line)) => return format!("an own word: {table}, line {line}"),
                None => "an own word",
            },
            Origin::Term { tier, domain, detected } => {
                let domain = named(domain);
                let why = match tier {
                    Tier::Safe => "that is right in any text".to_owned(),
                    Tier::Domain if detected => match self.ground.shown {
                        Some(Shown { alone: true, .. }) => "that stands alone, as in a list".to_owned(),
                        Some(Shown { sum, needed, .. }) => format!("that the text itself shows: {sum} of {needed}"),
                        None => "that the text itself shows".to_owned(),
                    },
                    Tier::Domain => "that the converter was built for".to_owned(),
                    Tier::Broad | Tier::No => "that is a preference, asked for with all broad terms".to_owned(),
                };
                return format!("a term of {domain} {why}");
            }
            Origin::Unwritten { domain, .. } => {
                let why = match self.ground.shown {
                    Some(Shown { sum, needed, broad: false, .. }) => format!("the text shows {sum} of {needed}"),
                    Some(_) => "it is a preference".to_owned(),
                    None => "the text has the target's vocabulary".to_owned(),
                };
                return format!("a term of {} that is not written: {why}", named(domain));
            }
        };
        text.to_owned()
    }
}

fn named(domain: Option<Domain>) -> String {
    domain.map_or("no domain".to_owned(), |domain| format!("the domain {domain}"))
}

impl<'t> Ground<'t> {
    /// The place on a native route.
    fn place(&self) -> Option<Place<'t>> {
        let Engine::Native { native, .. } = &self.engine else { return None };
        Place::new(*native, self.part, self.gap, self.at, self.taken)
    }
}

impl fmt::Debug for Edit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit")
            .field("range", &self.range())
            .field("source", &self.text)
            .field("target", &self.target)
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

impl PartialEq for Edit<'_> {
    /// Whether two edits say the same of the same place; it does not matter from what text and converter they come.
    fn eq(&self, other: &Self) -> bool {
        let told = |edit: &Self| (edit.at, edit.origin);
        told(self) == told(other) && (self.text, &self.target, &self.place) == (other.text, &other.target, &other.place)
    }
}

impl Eq for Edit<'_> {}

/// What could have been written in place of an edit's source, from [`Edit::alternatives`].
///
/// ```
/// use fanjian::{Converter, OpenccConfig, Origin};
///
/// let converter = Converter::opencc(OpenccConfig::S2t)?;
/// let others = converter.edits("干").next().unwrap().alternatives();
/// assert!(others.iter().map(|other| other.target()).eq(["乾", "干", "榦"]));
/// assert!(others.iter().all(|other| other.origin() == Origin::Character));
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    target: String,
    origin: Origin,
    score: Score,
}

impl Alternative {
    /// What would be written; it may be the source itself.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// assert_eq!(converter.edits("理发").next().unwrap().alternatives()[0].target(), "理發");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// What would have decided. [`Tier::No`] marks a word that is only read, not written.
    ///
    /// ```
    /// use fanjian::{Converter, Locale, Origin};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// let edit = converter.edits("鼠标").next().unwrap();
    /// assert_eq!(edit.alternatives()[0].origin(), Origin::Phrase);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn origin(&self) -> Origin {
        self.origin
    }

    /// What spoke for it, to compare with [`Edit::score`].
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// let edit = converter.edits("理发").next().unwrap();
    /// assert_eq!((edit.score().length, edit.alternatives()[0].score().length), (Some(2), Some(1)));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn score(&self) -> Score {
        self.score
    }
}

/// What speaks for a value, from [`Edit::score`] and [`Alternative::score`]; nothing where a figure says nothing.
///
/// ```
/// use fanjian::{Converter, Locale};
///
/// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
/// let edit = converter.edits("发").next().unwrap();
/// assert_eq!((edit.target(), edit.score().rank), ("發", Some(0)));
/// let other = &edit.alternatives()[0];
/// assert_eq!((other.target(), other.score().rank), ("髮", Some(1)));
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Score {
    /// What the cheapest path through the words of the neighbourhood costs that writes it, in quarters of a nat: 4 less is 2.7
    /// times as likely. On routes between locales the cheapest path wins where words overlap; a longest key that no word
    /// reaches over is written without asking.
    pub cost: Option<u32>,
    /// How many characters the longest key at the start of the place has, or is taken to have. On OpenCC's routes the
    /// longest wins.
    pub length: Option<u32>,
    /// The place among the values of the character, from 0: the first is its default. A phrase, word or rule may want
    /// another.
    pub rank: Option<u32>,
    /// What the text had shown of the term's domain. A safe term of the domain shows 256.
    pub shown: Option<u32>,
    /// From where on the domain counts as shown.
    pub needed: Option<u32>,
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
    /// A regional term that was found and not written; see [`Edits::with_unwritten`].
    #[non_exhaustive]
    Unwritten {
        /// How freely the term is mapped.
        tier: Tier,
        /// The domain of its table.
        domain: Option<Domain>,
    },
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
        let part = Part::default();
        Edits { converter: self, rest: text, evidence: Evidence::default(), part, unwritten: false }
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
    unwritten: bool,
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
    /// Where the last own word and the last key before us end, in the source.
    gap: usize,
    taken: usize,
}

impl<'t> Iterator for Edits<'_, 't> {
    type Item = Edit<'t>;

    fn next(&mut self) -> Option<Edit<'t>> {
        loop {
            if let Some(edit) = self.part.next(self.converter, self.unwritten) {
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
    /// Tells terms too that were found but not written, because the text does not show their domain: an edit of the
    /// [origin](Edit::origin) [`Origin::Unwritten`], whose target is the word in the target script, be it the source itself. The
    /// term is the first of its [alternatives](Edit::alternatives).
    ///
    /// ```
    /// use fanjian::{Converter, Locale, Origin};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// let text = "请你看看这份文件好不好。";
    /// let edits = converter.edits(text).with_unwritten();
    /// let edit = edits.into_iter().find(|edit| matches!(edit.origin(), Origin::Unwritten { .. })).unwrap();
    /// assert_eq!((edit.source(), edit.target(), edit.alternatives()[0].target()), ("文件", "文件", "檔案"));
    /// assert!(edit.score().shown < edit.score().needed);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn with_unwritten(mut self) -> Self {
        self.unwritten = true;
        self
    }

    /// Converts the next part.
    fn convert(&mut self) {
        let part = &mut self.part;
        part.base.0 += part.source.len();
        part.base.1 += part.output.len();
        part.traces.clear();
        (part.next, part.at, part.until, part.gap, part.taken) = (0, (0, 0), (0, 0), 0, 0);
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
    fn next(&mut self, converter: &Converter, unwritten: bool) -> Option<Edit<'t>> {
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
            let (gap, taken) = (self.gap, self.taken);
            match trace.why {
                Why::Own { .. } => (self.gap, self.taken) = (self.until.0, self.until.0),
                Why::Phrase | Why::Term { .. } => self.taken = self.until.0,
                _ => {}
            }
            if trace.why == Why::Kept {
                self.at = self.until;
            } else if let Some(origin) = self.origin(converter, &trace, unwritten)
                && let Some(mut edit) = self.edit(converter, self.until, origin)
            {
                if let (Why::Own { layer, number, settled: true }, Some(words)) = (trace.why, &converter.words) {
                    edit.place = words.source(layer, number);
                }
                (edit.ground.gap.0, edit.ground.taken, edit.ground.shown) = (gap, taken, trace.shown);
                return Some(edit);
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
        let from = std::mem::replace(&mut self.at, to).0;
        if text == target && !matches!(origin, Origin::Unwritten { .. }) {
            return None;
        }
        let engine = converter.engine.clone();
        let ground = Ground {
            engine,
            part: self.source,
            gap: (self.gap, self.gap_end(converter)),
            at: from,
            taken: self.taken,
            shown: None,
        };
        Some(Edit { text, target: target.to_owned(), at, origin, place: None, ground })
    }

    /// Where the next own word starts.
    fn gap_end(&self, converter: &Converter) -> usize {
        let rest = converter.words.as_ref().and_then(|_| self.traces.get(self.next..)).unwrap_or_default();
        let own = rest.iter().find(|trace| matches!(trace.why, Why::Own { .. }));
        own.map_or(self.source.len(), |trace| trace.source.0)
    }

    /// What decided a trace; nothing when its characters are to be told one by one.
    fn origin(&self, converter: &Converter, trace: &Trace, unwritten: bool) -> Option<Origin> {
        let native = match &converter.engine {
            Engine::Native { native, .. } => Some(native),
            _ => None,
        };
        Some(match trace.why {
            Why::Term { meta, settled: true } => term(native?, meta, trace.shown),
            Why::Term { meta, settled: false } if unwritten => {
                let tier = if meta & 3 == 1 { Tier::Domain } else { Tier::Broad };
                Origin::Unwritten { tier, domain: Domain::from_number(meta >> 2 & 31) }
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

/// What a term's meta word says of it.
fn term(native: &Native, meta: u32, shown: Option<Shown>) -> Origin {
    let tier = match meta & 3 {
        0 => Tier::Safe,
        1 => Tier::Domain,
        // It stands alone.
        3 if shown.is_some() => Tier::Domain,
        _ => Tier::Broad,
    };
    let number = meta >> 2 & 31;
    let chosen = native.policy.domains >> number & 1 != 0;
    Origin::Term { tier, domain: Domain::from_number(number), detected: tier == Tier::Domain && !chosen }
}

fn is_character(text: &str) -> bool {
    text.chars().nth(1).is_none()
}

/// What an engine makes of a text that stands alone.
fn converted(engine: &Engine, text: &str) -> String {
    let mut out = Buffer::after(Vec::new(), text.len());
    engine.convert(text, &mut out, None);
    out.into_string()
}

/// What a character may become on a route of OpenCC's, the default first.
fn candidates(config: OpenccConfig, tofu: bool, c: char) -> Vec<String> {
    use OpenccConfig::{S2hk, S2hkp, S2t, S2tw, S2twp, T2hk, T2tw};
    let from_hans = matches!(config, S2hk | S2hkp | S2t | S2tw | S2twp);
    if !from_hans && !config.name().contains("2s") {
        return Vec::new();
    }
    let region = match config {
        S2tw | S2twp => Some(T2tw),
        S2hk | S2hkp => Some(T2hk),
        _ => None,
    };
    let convert = |config: OpenccConfig, tofu: bool, c: char| {
        let mut out = Buffer::after(Vec::new(), 4);
        exact(config, tofu, c.encode_utf8(&mut [0; 4]), &mut out, None);
        out.into_string()
    };
    let listed = data::candidates(from_hans, c).map(|value| match region {
        Some(region) => convert(region, false, value),
        None => value.to_string(),
    });
    let mut out: Vec<String> = Vec::new();
    for value in [convert(config, tofu, c)].into_iter().chain(listed) {
        if !out.contains(&value) {
            out.push(value);
        }
    }
    out
}
