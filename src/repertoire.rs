//! Which characters a text may hold, so that nothing is written that a reader's font or encoding lacks.
//!
//! A [`Repertoire`] is a level: [`Repertoire::check`] lists what lies outside, and [`Repertoire::hold_back`] puts the
//! source's character back where the conversion wrote one that does.
//!
//! ```
//! use fanjian::{Converter, OpenccConfig, Repertoire};
//!
//! let source = "㑮";
//! let converted = Converter::opencc_with_tofu(OpenccConfig::T2s)?.convert(source);
//! assert_eq!(converted, "𫝈"); // many fonts show a box
//! let (text, held) = Repertoire::Bmp.hold_back(source, &converted);
//! assert_eq!(text, "㑮");
//! assert_eq!((held[0].source, held[0].target), ('㑮', '𫝈'));
//! # Ok::<(), fanjian::Error>(())
//! ```

use std::borrow::Cow;
use std::sync::OnceLock;

use crate::{Converter, Locale, OpenccConfig, Terms};

/// A set of characters that a text is kept to. ASCII is in each.
///
/// ```
/// use fanjian::Repertoire;
///
/// assert!(Repertoire::Gb2312.contains('汉') && !Repertoire::Gb2312.contains('漢'));
/// assert!(Repertoire::Big5.contains('漢') && !Repertoire::Big5.contains('汉'));
/// assert!(Repertoire::Unified.contains('汉') && !Repertoire::Unified.contains('㑮'));
/// assert!(Repertoire::Bmp.contains('㑮') && !Repertoire::Bmp.contains('𫝈'));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Repertoire {
    /// GB/T 2312-1980: 6,763 Simplified characters, and symbols.
    Gb2312,
    /// Big5 without later extensions: 13,051 Traditional characters, and symbols.
    Big5,
    /// No ideographs but the 20,902 of Unicode's first version, which every Chinese font has. Other characters of the
    /// basic plane are in.
    Unified,
    /// The basic plane of Unicode: no ideographs of Extension B and later, which many fonts lack.
    Bmp,
    /// Everything.
    All,
}

/// A character that [`Repertoire::hold_back`] put back.
///
/// ```
/// let (_, held) = fanjian::Repertoire::Big5.hold_back("漢", "汉");
/// assert_eq!((held[0].offset, held[0].source, held[0].target), (0, '漢', '汉'));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeldBack {
    /// Where it stands, in bytes of the text that was returned.
    pub offset: usize,
    /// The source's character, which the text has.
    pub source: char,
    /// What the conversion had written.
    pub target: char,
}

impl Repertoire {
    /// Whether a character is in the repertoire.
    ///
    /// ```
    /// assert!(fanjian::Repertoire::Gb2312.contains('，'));
    /// ```
    #[must_use]
    pub fn contains(self, c: char) -> bool {
        static GB2312: OnceLock<Set> = OnceLock::new();
        static BIG5: OnceLock<Set> = OnceLock::new();
        match self {
            _ if c.is_ascii() => true,
            Self::Gb2312 => {
                GB2312.get_or_init(|| Set::new(include_str!("../dictionaries/repertoire/gb2312.txt"))).contains(c)
            }
            Self::Big5 => {
                BIG5.get_or_init(|| Set::new(include_str!("../dictionaries/repertoire/big5.txt"))).contains(c)
            }
            Self::Unified => {
                c <= '\u{FFFF}'
                    && !matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{9FA6}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}')
            }
            Self::Bmp => c <= '\u{FFFF}',
            Self::All => true,
        }
    }

    /// The characters of a text that are outside, with their places in bytes.
    ///
    /// ```
    /// let outside: Vec<_> = fanjian::Repertoire::Big5.check("汉字").collect();
    /// assert_eq!(outside, [(0, '汉')]);
    /// ```
    pub fn check(self, text: &str) -> impl Iterator<Item = (usize, char)> {
        text.char_indices().filter(move |&(_, c)| !self.contains(c))
    }

    /// Puts the source's character back where the conversion of `source` wrote one outside the repertoire, and reports
    /// each.
    ///
    /// A character is put back when one of the two is the other's conversion, the source's is inside, and both stand in the
    /// same line at about the same place: within 128 characters of where the lengths of the two lines put it. What has no
    /// such source stays; [`Repertoire::check`] finds it. The time is linear in the length of the text.
    ///
    /// ```
    /// use fanjian::Repertoire;
    ///
    /// let (text, held) = Repertoire::Gb2312.hold_back("一只猫", "一隻貓");
    /// assert_eq!((text.as_ref(), held.len()), ("一只猫", 2));
    /// ```
    #[must_use]
    pub fn hold_back<'t>(self, source: &str, converted: &'t str) -> (Cow<'t, str>, Vec<HeldBack>) {
        let mut held = Vec::new();
        if self.check(converted).next().is_none() {
            return (Cow::Borrowed(converted), held);
        }
        let Some(pairs) = Pairs::new() else { return (Cow::Borrowed(converted), held) };
        let mut out = String::with_capacity(converted.len());
        let lines = |text: &str| text.bytes().filter(|&b| b == b'\n').count();
        // A conversion keeps its lines; if it did not, the text is one.
        let cut = if lines(source) == lines(converted) { '\n' } else { '\0' };
        let mut sources = source.split_inclusive(cut);
        for line in converted.split_inclusive(cut) {
            let source = sources.next().unwrap_or_default();
            if self.check(line).next().is_none() {
                out.push_str(line);
                continue;
            }
            let source: Vec<char> = source.chars().collect();
            let length = line.chars().count();
            for (place, c) in line.chars().enumerate() {
                let expected = place * source.len() / length.max(1);
                let back = if self.contains(c) { None } else { self.source_of(c, &source, expected, &pairs) };
                if let Some(source) = back {
                    held.push(HeldBack { offset: out.len(), source, target: c });
                }
                out.push(back.unwrap_or(c));
            }
        }
        if held.is_empty() { (Cow::Borrowed(converted), held) } else { (Cow::Owned(out), held) }
    }

    /// The character of a line that became `target`: of those that may have, the one whose place is nearest.
    fn source_of(self, target: char, line: &[char], expected: usize, pairs: &Pairs) -> Option<char> {
        /// How many characters to both sides the lengths of terms may have moved a place.
        const REACH: usize = 128;
        let (before, after) = line.split_at_checked(expected)?;
        let (mut before, mut after) = (before.iter().rev(), after.iter());
        let mut nearest = std::iter::from_fn(move || Some([after.next(), before.next()])).take(REACH);
        let is_it = |&&c: &&char| c == target || !c.is_ascii() && self.contains(c) && pairs.hold(c, target);
        // A source that has the character already lost nothing.
        nearest.find_map(|sides| sides.into_iter().flatten().find(is_it)).copied().filter(|&c| c != target)
    }
}

/// The conversions that relate two characters.
#[derive(Debug)]
struct Pairs([Converter; 2]);

impl Pairs {
    fn new() -> Option<Self> {
        let pair = |config, from, to| {
            let exact = Converter::opencc_with_tofu(config);
            exact.or_else(|_| Converter::with_terms(from, to, &Terms::None)).ok()
        };
        let (hans, hant) = (Locale::ZH_HANS, Locale::ZH_HANT);
        Some(Self([pair(OpenccConfig::S2t, hans, hant)?, pair(OpenccConfig::T2s, hant, hans)?]))
    }

    /// Whether one is the other's conversion.
    fn hold(&self, a: char, b: char) -> bool {
        let becomes = |converter: &Converter, a: char, b: char| {
            converter.convert(a.encode_utf8(&mut [0; 4])).chars().eq(std::iter::once(b))
        };
        self.0.iter().any(|converter| becomes(converter, a, b) || becomes(converter, b, a))
    }
}

/// A set of characters of the basic plane, a bit for each.
#[derive(Debug)]
struct Set(Box<[u64; 1024]>);

impl Set {
    /// The characters of a list, but for its lines of comment.
    fn new(list: &str) -> Self {
        let mut bits = Box::new([0u64; 1024]);
        let lines = list.lines().filter(|line| !line.starts_with('#'));
        // The list leaves white space out; Chinese text has this one.
        for c in lines.flat_map(str::chars).chain(['\u{3000}']) {
            if let Some(word) = bits.get_mut(c as usize >> 6) {
                *word |= 1 << (c as u32 & 63);
            }
        }
        Self(bits)
    }

    fn contains(&self, c: char) -> bool {
        self.0.get(c as usize >> 6).is_some_and(|word| word >> (c as u32 & 63) & 1 != 0)
    }
}
