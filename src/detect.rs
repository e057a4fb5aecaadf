//! Which script a text is written in, and where: by the characters and words that only some write.
//!
//! [`detect`] reads a text once, allocates nothing, and returns a [`Profile`]. The profile counts two kinds of marks:
//!
//! * A character that only Simplified or only Traditional texts hold (国, 國) is a mark of its **script**. When the
//!   rarer script has less than a sixth of these marks they pass for a quotation or a slip, else the text is mixed.
//! * A glyph or word that some regions do not write (裡, 着, 計程車, 的士) is a mark of its **regions**. It counts one to
//!   three bits against each of the others. Traditional texts start with three bits against the Mainland and one and a half
//!   against Hong Kong, since most are written in Taiwan: one that shows nothing else counts as Taiwan's. The likelihood of
//!   a region is 2^−bits, scaled so that the three sum to one. Marks are not independent, so it is no rate of error; on
//!   paragraphs of native text it errs on the side of caution (`docs/accuracy.md`). The region of a Simplified text is the
//!   Mainland.
//!
//! A clause with two kana or more is Japanese, as it is for the converter, and holds no other marks. Written Cantonese
//! shows by characters of its own (嘅, 咗, 唔).
//!
//! ```
//! use fanjian::{Region, Script, detect};
//!
//! let profile = detect("計程車在巷子裡等著");
//! assert_eq!(profile.script(), Script::Hant);
//! assert_eq!(profile.region(), Some(Region::Tw));
//! assert!(profile.likelihood(Region::Tw) > 0.9);
//! ```

use std::ops::Range;

use fst::raw::Fst;

use crate::lexicon::regions::{ALL, CANTONESE, CN, HK, TW, bits, pack};
use crate::lexicon::{self, DIFFERENCE, Family, Route, SOURCE, SPECIAL, TARGET};
use crate::native::usage::Usage;
use crate::{Converter, Error, Locale, data};

/// What ends a clause for the question whether it is Japanese; the converter cuts at the same characters.
const CLAUSE_ENDS: [char; 17] =
    ['。', '！', '？', '，', '；', '：', '、', '「', '」', '『', '』', '“', '”', '（', '）', '\n', ' '];
/// One part in this many of the rarer script makes a text mixed.
const MIXED: u32 = 6;
/// What speaks against each region before a Traditional text is read, in half bits: most are written in Taiwan. An odd number
/// for Hong Kong, so that whole bits never leave it as likely as Taiwan.
const PRIOR: [u32; 3] = [6, 0, 3];
/// What a word of the concept tables counts, in bits: as sure as their tier `safe` is.
const WORD: u64 = 3;
/// What a word counts that only Taiwan does not write. People who write the Mainland's words in Traditional characters are not in
/// Hong Kong for it, and Taiwan prints the names of the Mainland and Hong Kong too.
const NOT_TAIWAN: u64 = 1;
/// One mark of Cantonese in this many Han characters makes a text written Cantonese.
const CANTONESE_DENSITY: u32 = 25;

/// The script of a text.
///
/// ```
/// use fanjian::{Script, detect};
///
/// assert_eq!(detect("汉语").script(), Script::Hans);
/// assert_eq!(detect("山水").script(), Script::Neither);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Script {
    /// Simplified.
    Hans,
    /// Traditional.
    Hant,
    /// Both: each script has at least a sixth of the marks.
    Mixed,
    /// Nothing tells: no Chinese, or only characters that both scripts share.
    Neither,
}

/// A region with a vocabulary of its own.
///
/// ```
/// use fanjian::{Region, detect};
///
/// assert_eq!(detect("搭的士去深水埗").region(), Some(Region::Hk));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Region {
    /// Mainland China.
    Cn,
    /// Taiwan.
    Tw,
    /// Hong Kong.
    Hk,
}

impl Region {
    /// All regions.
    ///
    /// ```
    /// let profile = fanjian::detect("捷運");
    /// let sum: f32 = fanjian::Region::ALL.iter().map(|&region| profile.likelihood(region)).sum();
    /// assert!((sum - 1.0).abs() < 1e-6);
    /// ```
    pub const ALL: [Self; 3] = [Self::Cn, Self::Tw, Self::Hk];

    const fn bit(self) -> u64 {
        match self {
            Self::Cn => CN,
            Self::Tw => TW,
            Self::Hk => HK,
        }
    }
}

/// What a [`Mark`] says.
///
/// ```
/// use fanjian::{Region, Sign, detect};
///
/// let mark = detect("捷运站").evidence().next().unwrap();
/// assert_eq!(mark.sign, Sign::Hans);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Sign {
    /// Only Simplified texts write the character.
    Hans,
    /// Only Traditional texts write the character.
    Hant,
    /// Only some regions write the glyph or word.
    Regions {
        /// The Mainland writes it.
        cn: bool,
        /// Taiwan writes it.
        tw: bool,
        /// Hong Kong writes it.
        hk: bool,
        /// What it counts against the regions that do not.
        bits: u32,
    },
    /// Only written Cantonese uses the character.
    Cantonese,
    /// The clause is Japanese.
    Japanese,
}

/// A piece of evidence: a character, word or clause and what it says.
///
/// ```
/// use fanjian::{Sign, detect};
///
/// let text = "好的，漢字";
/// let mark = detect(text).evidence().next().unwrap();
/// assert_eq!((mark.text, mark.sign), ("漢", Sign::Hant));
/// assert_eq!(&text[mark.range], "漢");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mark<'t> {
    /// Where it stands, in bytes of the text given to [`detect`] or [`detect_paragraphs`].
    pub range: Range<usize>,
    /// The character, word or clause.
    pub text: &'t str,
    /// What it says.
    pub sign: Sign,
}

/// What a text shows about its script and region.
///
/// ```
/// use fanjian::{Locale, detect};
///
/// assert_eq!(detect("这是简体字").locale(), Some(Locale::ZH_HANS_CN));
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Profile<'t> {
    text: &'t str,
    start: usize,
    hans: u32,
    hant: u32,
    /// Half bits against the regions in the order of [`Region::ALL`].
    against: [u32; 3],
    cantonese: u32,
    han: u32,
    japanese: u32,
}

/// Reads a text and says which script and region it shows.
///
/// Allocates nothing; the time is linear in the length of the text.
///
/// ```
/// use fanjian::{Region, Script, detect};
///
/// let profile = detect("佢哋喺茶餐廳等緊的士");
/// assert_eq!((profile.script(), profile.region()), (Script::Hant, Some(Region::Hk)));
/// assert!(profile.is_cantonese());
/// for mark in profile.evidence() {
///     println!("{:?} {} {:?}", mark.range, mark.text, mark.sign);
/// }
/// ```
#[must_use]
pub fn detect(text: &str) -> Profile<'_> {
    profile(text, 0)
}

/// As [`detect`], for each paragraph: the lines of the text that are not blank.
///
/// ```
/// use fanjian::{Script, detect_paragraphs};
///
/// let scripts: Vec<Script> = detect_paragraphs("简体\n\n繁體\n").map(|profile| profile.script()).collect();
/// assert_eq!(scripts, [Script::Hans, Script::Hant]);
/// ```
#[must_use]
pub fn detect_paragraphs(text: &str) -> Paragraphs<'_> {
    Paragraphs { text, at: 0 }
}

/// The profiles of a text's paragraphs; see [`detect_paragraphs`].
///
/// ```
/// let mut paragraphs = fanjian::detect_paragraphs("一\n二");
/// assert_eq!(paragraphs.next().map(|profile| profile.range()), Some(0..3));
/// ```
#[derive(Debug, Clone)]
pub struct Paragraphs<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Iterator for Paragraphs<'t> {
    type Item = Profile<'t>;

    fn next(&mut self) -> Option<Profile<'t>> {
        loop {
            let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
            let (start, line) = (self.at, rest.split('\n').next()?);
            self.at += line.len() + 1;
            if !line.trim().is_empty() {
                return Some(profile(line, start));
            }
        }
    }
}

fn profile(text: &str, start: usize) -> Profile<'_> {
    let mut profile = Profile { text, start, hans: 0, hant: 0, against: [0; 3], cantonese: 0, han: 0, japanese: 0 };
    let mut evidence = Evidence::new(text, start);
    for mark in &mut evidence {
        match mark.sign {
            Sign::Hans => profile.hans += 1,
            Sign::Hant => profile.hant += 1,
            Sign::Regions { cn, tw, hk, bits } => {
                for (sum, writes) in profile.against.iter_mut().zip([cn, tw, hk]) {
                    *sum = sum.saturating_add(if writes { 0 } else { 2 * bits });
                }
            }
            Sign::Cantonese => profile.cantonese += 1,
            Sign::Japanese => {}
        }
    }
    (profile.han, profile.japanese) = (evidence.han, evidence.japanese);
    profile
}

impl<'t> Profile<'t> {
    /// The text that was read.
    ///
    /// ```
    /// assert_eq!(fanjian::detect("漢字").text(), "漢字");
    /// ```
    #[must_use]
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Where the text stands, in bytes: a paragraph's place in what was given to [`detect_paragraphs`].
    ///
    /// ```
    /// assert_eq!(fanjian::detect("漢字").range(), 0..6);
    /// ```
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// The script.
    ///
    /// ```
    /// assert_eq!(fanjian::detect("繁體和简体").script(), fanjian::Script::Mixed);
    /// ```
    #[must_use]
    pub fn script(&self) -> Script {
        let (hans, hant) = self.script_marks();
        let rarer = hans.min(hant);
        if hans == 0 && hant == 0 {
            Script::Neither
        } else if rarer > 0 && rarer.saturating_mul(MIXED) >= hans.saturating_add(hant) {
            Script::Mixed
        } else if hans > hant {
            Script::Hans
        } else {
            Script::Hant
        }
    }

    /// How many characters only Simplified and only Traditional texts hold.
    ///
    /// ```
    /// assert_eq!(fanjian::detect("简体 漢").script_marks(), (2, 1));
    /// ```
    #[must_use]
    pub fn script_marks(&self) -> (u32, u32) {
        (self.hans, self.hant)
    }

    /// The likeliest region; none when two are as likely. Ask [`Profile::likelihood`] where a weak guess is worse than none.
    ///
    /// ```
    /// use fanjian::{Region, detect};
    ///
    /// assert_eq!(detect("搭的士").region(), Some(Region::Hk));
    /// assert_eq!(detect("山水").region(), None);
    /// assert_eq!(detect("软件").region(), Some(Region::Cn));
    /// ```
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        let against = self.against();
        let (&best, region) = against.iter().zip(Region::ALL).min_by_key(|&(bits, _)| bits)?;
        let next =
            against.iter().zip(Region::ALL).filter(|&(_, other)| other != region).map(|(&bits, _)| bits).min()?;
        (next > best).then_some(region)
    }

    /// How likely a region is, from 0 to 1: 2^−bits of what speaks against it, scaled so that all regions sum to 1.
    ///
    /// ```
    /// use fanjian::{Region, detect};
    ///
    /// assert!(detect("搭的士").likelihood(Region::Hk) > 0.5);
    /// assert_eq!(detect("搭计程车").likelihood(Region::Cn), 1.0);
    /// ```
    #[must_use]
    pub fn likelihood(&self, region: Region) -> f32 {
        /// Half bits from which on nothing is left.
        const MOST: u32 = 40;
        /// 2^20 and 2^19.5: integers, so that the answer is the same on every machine.
        const ONE: [u32; 2] = [1 << 20, 741_455];
        let against = self.against();
        let best = against.iter().copied().min().unwrap_or(0);
        let weight = |halves: u32| match halves - best {
            more if more < MOST => ONE.get(more as usize & 1).map_or(0, |one| one >> (more / 2)),
            _ => 0,
        };
        let sum: u32 = against.iter().map(|&halves| weight(halves)).sum();
        let own = against.iter().zip(Region::ALL).find(|&(_, r)| r == region).map_or(0, |(&halves, _)| weight(halves));
        own as f32 / sum.max(1) as f32
    }

    /// Half bits against each region, what holds before the text is read included.
    fn against(&self) -> [u32; 3] {
        let mut against = self.against;
        match self.script() {
            Script::Hans => against = [0, u32::MAX / 2, u32::MAX / 2],
            Script::Hant | Script::Mixed => {
                against.iter_mut().zip(PRIOR).for_each(|(bits, prior)| *bits = bits.saturating_add(prior));
            }
            Script::Neither => {}
        }
        against
    }

    /// Whether the text is written Cantonese: at least one Han character in 25 is one that only Cantonese uses.
    ///
    /// ```
    /// assert!(fanjian::detect("我哋食咗飯").is_cantonese());
    /// assert!(!fanjian::detect("我們吃了飯").is_cantonese());
    /// ```
    #[must_use]
    pub fn is_cantonese(&self) -> bool {
        self.cantonese > 0 && self.cantonese.saturating_mul(CANTONESE_DENSITY) >= self.han
    }

    /// Whether the text is Japanese: at least half of its letters stand in clauses with two kana or more.
    ///
    /// ```
    /// assert!(fanjian::detect("図書館で本を読む").is_japanese());
    /// assert!(!fanjian::detect("在圖書館看の書").is_japanese());
    /// ```
    #[must_use]
    pub fn is_japanese(&self) -> bool {
        self.japanese > 0 && self.japanese >= self.han
    }

    /// The locale that the text is written in, as far as it shows: script and region, the script alone when regions are as
    /// likely as each other or Traditional characters spell the Mainland's words, or nothing. A mixed text counts as its
    /// commoner script.
    ///
    /// ```
    /// use fanjian::{Locale, detect};
    ///
    /// assert_eq!(detect("搭捷運").locale(), Some(Locale::ZH_HANT_TW));
    /// assert_eq!(detect("點擊鼠標打開服務器").locale(), Some(Locale::ZH_HANT));
    /// assert_eq!(detect("abc").locale(), None);
    /// ```
    #[must_use]
    pub fn locale(&self) -> Option<Locale> {
        match self.script() {
            Script::Neither if self.written_in_traditional() => Some(self.traditional()),
            Script::Neither => None,
            Script::Hans => Some(Locale::ZH_HANS_CN),
            Script::Mixed if self.hans > self.hant => Some(Locale::ZH_HANS_CN),
            Script::Mixed | Script::Hant => Some(self.traditional()),
        }
    }

    /// The locale to convert from on the way to `to`: a text that is mixed, or shows nothing, is read as the script
    /// that `to` is not, so that what needs conversion gets it.
    ///
    /// ```
    /// use fanjian::{Locale, detect};
    ///
    /// let to = Locale::ZH_HANT_TW;
    /// assert_eq!(detect("繁體和简体").source(to), Locale::ZH_HANS_CN);
    /// assert_eq!(detect("搭的士").source(to), Locale::ZH_HANT_HK);
    /// ```
    #[must_use]
    pub fn source(&self, to: Locale) -> Locale {
        match self.script() {
            Script::Hans => Locale::ZH_HANS_CN,
            Script::Hant => self.traditional(),
            Script::Neither if self.written_in_traditional() => self.traditional(),
            Script::Mixed | Script::Neither if to.is_simplified() => self.traditional(),
            Script::Mixed | Script::Neither => Locale::ZH_HANS_CN,
        }
    }

    /// Whether words show a region that writes Traditional characters, though no character does.
    fn written_in_traditional(&self) -> bool {
        matches!(self.region(), Some(Region::Tw | Region::Hk))
    }

    fn traditional(&self) -> Locale {
        match self.region() {
            Some(Region::Tw) => Locale::ZH_HANT_TW,
            Some(Region::Hk) => Locale::ZH_HANT_HK,
            Some(Region::Cn) | None => Locale::ZH_HANT,
        }
    }

    /// The marks that count, in the order of the text; found anew while iterating.
    ///
    /// ```
    /// let profile = fanjian::detect("裡");
    /// assert_eq!(profile.evidence().count(), 2); // Traditional, and Taiwan's
    /// ```
    #[must_use]
    pub fn evidence(&self) -> Evidence<'t> {
        Evidence::new(self.text, self.start)
    }
}

/// The marks of a text; see [`Profile::evidence`].
///
/// ```
/// let words: Vec<&str> = fanjian::detect("有捷運").evidence().map(|mark| mark.text).collect();
/// assert_eq!(words, ["捷運", "運"]);
/// ```
#[derive(Clone)]
pub struct Evidence<'t> {
    text: &'t str,
    start: usize,
    at: usize,
    /// Where the clause ends that `at` stands in.
    clause: usize,
    /// Where the last regional mark or shield ends.
    taken: usize,
    /// Marks that were found and are still to be told.
    waiting: [Option<Mark<'t>>; 3],
    marks: &'static Fst<std::borrow::Cow<'static, [u8]>>,
    usage: Usage,
    family: &'static Family,
    routes: [&'static Route; 2],
    /// Han characters read, those of Japanese clauses not counted.
    han: u32,
    /// Han characters and kana of Japanese clauses.
    japanese: u32,
}

impl std::fmt::Debug for Evidence<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Evidence").field("text", &self.text).field("at", &self.at).finish_non_exhaustive()
    }
}

impl<'t> Evidence<'t> {
    fn new(text: &'t str, start: usize) -> Self {
        let (family, routes) = data::scripts();
        let marks = data::regions();
        Self {
            text,
            start,
            at: 0,
            clause: 0,
            taken: 0,
            waiting: [None, None, None],
            marks,
            usage: Usage::new(),
            family,
            routes,
            han: 0,
            japanese: 0,
        }
    }

    fn mark(&self, at: usize, length: usize, sign: Sign) -> Mark<'t> {
        let text = self.text.get(at..at + length).unwrap_or_default();
        Mark { range: self.start + at..self.start + at + length, text, sign }
    }

    /// Reads a clause ahead; a Japanese one is passed over.
    fn enter_clause(&mut self) -> Option<Mark<'t>> {
        let at = self.at;
        let rest = self.text.get(at..)?;
        let clause = rest.split_inclusive(CLAUSE_ENDS).next()?;
        self.clause = at + clause.len();
        let kana = clause.chars().filter(|&c| is_kana(c)).count() as u32;
        if kana < 2 {
            return None;
        }
        let han = clause.chars().filter(|&c| is_han(c)).count() as u32;
        self.japanese = self.japanese.saturating_add(kana + han);
        self.at = self.clause;
        Some(self.mark(at, clause.trim_end_matches(CLAUSE_ENDS).len(), Sign::Japanese))
    }

    /// The longest mark or shield at `at`: its length and what it says.
    fn longest(&self) -> Option<(usize, u64)> {
        let (before, text) = self.text.get(..self.clause)?.split_at_checked(self.at)?;
        let latin = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        if latin(before.as_bytes().last()) && latin(text.as_bytes().first()) {
            return None;
        }
        // No word ends inside a Latin one.
        let ends_at = |end: usize| {
            let (word, rest) = text.as_bytes().split_at_checked(end)?;
            (!(latin(word.last()) && latin(rest.first()))).then_some(())
        };
        let mut listed = None;
        lexicon::walk(
            self.marks,
            |at| lexicon::char_at(text.as_bytes(), at),
            |end, value| {
                if ends_at(end).is_some() {
                    listed = Some((end, value));
                }
            },
        );
        let word = self.usage.word(self.text, self.at, self.taken);
        let word = word.filter(|&(length, _)| ends_at(length).is_some());
        match (listed, word) {
            (listed, Some((length, regions))) if listed.is_none_or(|(listed, _)| listed < length) => {
                Some((length, pack(regions, if regions == CN | HK { NOT_TAIWAN } else { WORD })))
            }
            (Some((length, value)), _) => {
                let one = text.chars().next().is_some_and(|c| c.len_utf8() == length);
                let stands = one || value & ALL == ALL || !self.usage.is_broken(self.text, self.at, length, self.taken);
                stands.then_some((length, value))
            }
            (None, _) => None,
        }
    }

    /// Which script alone writes a character.
    fn script(&self, c: char) -> Option<Sign> {
        let mut bytes = [0; 4];
        c.encode_utf8(&mut bytes);
        let three = match bytes {
            [a, b, d, _] if c.len_utf8() == 3 => [a, b, d],
            _ => return None,
        };
        let cells = self.routes.map(|route| self.family.cell(route, three));
        let [cell, _] = cells;
        if cell & TARGET != 0 {
            return Some(Sign::Hant);
        }
        // A glyph that a Traditional region keeps (床, 峰) is no mark, though OpenCC's standard writes another.
        let kept = || cells.iter().any(|cell| cell & (DIFFERENCE | SPECIAL) == 0);
        let listed = || {
            let key = (c as u32 as u16).to_be_bytes();
            self.marks.get(key).is_some_and(|value| value.value() & (TW | HK) != 0)
        };
        (cell & SOURCE != 0 && !kept() && !listed()).then_some(Sign::Hans)
    }
}

impl<'t> Iterator for Evidence<'t> {
    type Item = Mark<'t>;

    fn next(&mut self) -> Option<Mark<'t>> {
        loop {
            if let Some(mark) = self.waiting.iter_mut().find_map(Option::take) {
                return Some(mark);
            }
            let c = self.text.get(self.at..)?.chars().next()?;
            if self.at >= self.clause
                && let Some(mark) = self.enter_clause()
            {
                return Some(mark);
            }
            let at = self.at;
            let (mut regions, mut cantonese) = (None, None);
            if at >= self.taken
                && let Some((length, value)) = self.longest()
            {
                self.taken = at + length;
                let [cn, tw, hk] = Region::ALL.map(|region| value & region.bit() != 0);
                if value & ALL != ALL && bits(value) > 0 {
                    regions = Some(self.mark(at, length, Sign::Regions { cn, tw, hk, bits: bits(value) }));
                }
                cantonese = (value & CANTONESE != 0).then(|| self.mark(at, length, Sign::Cantonese));
            }
            let script = self.script(c).map(|sign| self.mark(at, c.len_utf8(), sign));
            self.waiting = [regions, cantonese, script];
            self.han = self.han.saturating_add(u32::from(is_han(c)));
            self.at += c.len_utf8();
        }
    }
}

impl Converter {
    /// A converter to `to` from the locale that `text` shows; see [`Profile::source`].
    ///
    /// The text is a sample: the converter can be used for others. A converter costs nothing to build, so each text may
    /// have its own.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// for text in ["出租车", "計程車", "的士"] {
    ///     let converter = Converter::from_detected(text, Locale::ZH_HANT_TW)?;
    ///     println!("{}", converter.convert(text));
    /// }
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Converter::new`].
    pub fn from_detected(text: &str, to: Locale) -> Result<Self, Error> {
        Self::new(detect(text).source(to), to)
    }
}

fn is_kana(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FA}')
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}
