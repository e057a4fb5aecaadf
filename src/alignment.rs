//! Where each part of a text went: [`Converter::convert_aligned`].
//!
//! Most of a conversion maps characters one to one, each to one of as many bytes. An [`Alignment`] therefore stores two
//! short lists:
//!
//! * *blocks*, where that does not hold: terms, and phrases or characters that change their length. Outside of blocks an
//!   offset moves by the same distance as the end of the block before it, in any unit.
//! * *patches*, where text changed: the source text of each changed stretch, for restoring it. Stretches with few
//!   unchanged bytes between them share a patch, so that patches never take much more room than the text itself.

use std::borrow::Cow;
use std::ops::Range;

use crate::converter::Engine;
use crate::engine::Buffer;
use crate::lexicon::eight;
use crate::native::Evidence;
use crate::trace::{Trace, Why, clusters, same_shape};
use crate::{Converter, Error, OpenccConfig};

/// What offsets count.
///
/// ```
/// use fanjian::{Converter, OpenccConfig, Unit};
///
/// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("𠮷的内存");
/// assert_eq!(aligned.text(), "𠮷的記憶體");
/// let lengths = [Unit::Bytes, Unit::Chars, Unit::Utf16].map(|unit| aligned.map().target_len(unit));
/// assert_eq!(lengths, [16, 5, 6]);
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Bytes of UTF-8, as in Rust, Go and C.
    Bytes,
    /// Code points, as in Python.
    Chars,
    /// Code units of UTF-16, as in JavaScript, Java, C# and the Language Server Protocol.
    Utf16,
}

/// A converted text and where each part of it came from, from [`Converter::convert_aligned`].
///
/// ```
/// use fanjian::{Converter, Locale};
///
/// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
/// let aligned = converter.convert_aligned("新的英伟达鼠标");
/// assert_eq!(aligned.text(), "新的輝達滑鼠");
/// assert_eq!(aligned.restore(), "新的英伟达鼠标");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aligned<'t> {
    text: Cow<'t, str>,
    map: Alignment,
}

impl<'t> Aligned<'t> {
    /// A text that did not change.
    pub(crate) fn identity(text: &'t str) -> Self {
        Self { text: Cow::Borrowed(text), map: Alignment::identity(text) }
    }

    /// A text whose characters map one to one, each to one of as many bytes, but for these segments; they are byte ranges
    /// of source and target, in order.
    pub(crate) fn of_segments(
        source: &'t str,
        target: String,
        segments: impl IntoIterator<Item = (Range<usize>, Range<usize>)>,
    ) -> Self {
        let mut builder = Builder { text: source, ..Builder::default() };
        for (from, to) in segments {
            builder.one_to_one(target.as_bytes(), (from.start, to.start));
            builder.block(target.as_bytes(), (from.end, to.end));
        }
        let map = builder.finish(target.as_bytes());
        Self { text: Cow::Owned(target), map }
    }

    /// The converted text.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// assert_eq!(Converter::opencc(OpenccConfig::T2s)?.convert_aligned("漢字").text(), "汉字");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The map between source and converted text.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("买内存坏");
    /// assert_eq!(aligned.map().target_range(3..9), 3..12);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn map(&self) -> &Alignment {
        &self.map
    }

    /// The converted text, borrowed if nothing changed, and the map.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let (text, map) = Converter::opencc(OpenccConfig::S2t)?.convert_aligned("不变").into_parts();
    /// assert_eq!((&*text, map.source_range(3..6)), ("不變", 3..6));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn into_parts(self) -> (Cow<'t, str>, Alignment) {
        (self.text, self.map)
    }

    /// The source text, exactly.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// // 里 and 裏 both become 里, and still:
    /// let aligned = Converter::opencc(OpenccConfig::T2s)?.convert_aligned("千里之外，心裏");
    /// assert_eq!(aligned.restore(), "千里之外，心裏");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn restore(&self) -> String {
        self.map.restore(&self.text).unwrap_or_default()
    }

    /// The way back: the source text as the converted one.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let back = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("内存").invert();
    /// assert_eq!((back.text(), &*back.restore()), ("内存", "記憶體"));
    /// assert_eq!(back.map().target_range(0..9), 0..6);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn invert(&self) -> Aligned<'static> {
        Aligned { text: self.restore().into(), map: self.map.invert(&self.text).unwrap_or_default() }
    }
}

/// A map between the offsets of a text and those of its conversion, both ways.
///
/// It is compact: one entry where lengths change or a term was written, and the source text of what changed. Looking up
/// an offset is a binary search.
///
/// # Rounding
///
/// Characters that map one to one are told apart: each has its own place. A term, a phrase that changes its length,
/// or a stretch that several stages changed is one *segment*. A range that touches a part of a segment is widened
/// to the whole segment, on either side of the map. So `source_range(target_range(r))` always contains `r`.
/// Offsets within a character map to the same place within its counterpart; offsets beyond the end map to the end.
///
/// # Examples
///
/// Highlights are carried over by one call. Here a search in the converted text is shown in the original:
///
/// ```
/// use fanjian::{Converter, Locale};
///
/// let text = "服务器的内存不够用";
/// let aligned = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?.convert_aligned(text);
/// assert_eq!(aligned.text(), "伺服器的記憶體不夠用");
///
/// let found = aligned.text().find("不夠").map(|at| at.."不夠".len() + at).unwrap();
/// let highlight = aligned.map().source_range(found);
/// assert_eq!(&text[highlight], "不够");
///
/// // A part of a term is the whole term.
/// let found = aligned.text().find("憶體").map(|at| at.."憶體".len() + at).unwrap();
/// assert_eq!(&text[aligned.map().source_range(found)], "内存");
/// # Ok::<(), fanjian::Error>(())
/// ```
///
/// For JavaScript's offsets, say so:
///
/// ```
/// use fanjian::{Converter, OpenccConfig, Unit};
///
/// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("𠮷野家的内存");
/// assert_eq!(aligned.map().target_range_in(Unit::Utf16, 5..7), 5..8);
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alignment {
    /// Invariant: in order, without overlaps; between them characters map one to one with equal lengths.
    blocks: Vec<Block>,
    /// Invariant: in order, without overlaps; all that changed lies in them; their edges lie between characters.
    patches: Vec<Patch>,
    /// The source text of the patches, one after the other.
    sources: String,
    source: Place,
    target: Place,
}

/// An offset, in each unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Place {
    bytes: usize,
    chars: usize,
    utf16: usize,
}

/// A stretch that is mapped as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Block {
    source: (Place, Place),
    target: (Place, Place),
}

/// A stretch that changed: byte ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Patch {
    source: (usize, usize),
    target: (usize, usize),
}

impl Place {
    /// The length of a text.
    fn of(text: &[u8]) -> Self {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const NIBBLES: u64 = 0x0F0F_0F0F_0F0F_0F0F;
        /// How many bytes are looked at side by side.
        const BLOCK: usize = 64;
        // Bytes inside of a character, and whether some byte starts one beyond the basic plane.
        let (blocks, rest) = text.as_chunks::<BLOCK>();
        let (mut inner, mut beyond) = (0, false);
        for block in blocks {
            inner += usize::from(block.iter().map(|&byte| u8::from((byte as i8) < -0x40)).sum::<u8>());
            beyond |= block.iter().fold(false, |beyond, &byte| beyond | (byte >= 0xF0));
        }
        // By words whose bytes count for themselves; and whether some byte is 0xF0 or more, as sixteens.
        let (words, last) = rest.as_chunks::<8>();
        let mut astral = if beyond { ONES << 4 } else { 0 };
        let mut counts = 0;
        let mut count = |word: u64| {
            counts += (word >> 7) & !(word >> 6) & ONES;
            astral |= (word >> 4 & NIBBLES) + ONES;
        };
        words.iter().for_each(|&word| count(u64::from_le_bytes(word)));
        // The bytes behind the last word, and zeros.
        let missing = 8 * (8 - last.len() as u32);
        count(match text.last_chunk() {
            Some(&eight) => u64::from_le_bytes(eight).checked_shr(missing).unwrap_or(0),
            None => eight(text),
        });
        inner += (counts.wrapping_mul(ONES) >> 56) as usize;
        let chars = text.len() - inner;
        let mut utf16 = chars;
        if astral & (ONES << 4) != 0 {
            utf16 += text.iter().filter(|&&byte| byte >= 0xF0).count();
        }
        Self { bytes: text.len(), chars, utf16 }
    }

    fn get(self, unit: Unit) -> usize {
        match unit {
            Unit::Bytes => self.bytes,
            Unit::Chars => self.chars,
            Unit::Utf16 => self.utf16,
        }
    }

    fn zip(self, other: Self, f: impl Fn(usize, usize) -> usize) -> Self {
        Self { bytes: f(self.bytes, other.bytes), chars: f(self.chars, other.chars), utf16: f(self.utf16, other.utf16) }
    }

    fn plus(self, other: Self) -> Self {
        self.zip(other, usize::saturating_add)
    }

    fn minus(self, other: Self) -> Self {
        self.zip(other, usize::saturating_sub)
    }
}

/// Which way a map is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Forth,
    Back,
}

impl Block {
    /// The range that is looked for and the one that is found.
    fn sides(&self, unit: Unit, way: Way) -> (Range<usize>, Range<usize>) {
        let of = |(start, end): (Place, Place)| start.get(unit)..end.get(unit);
        match way {
            Way::Forth => (of(self.source), of(self.target)),
            Way::Back => (of(self.target), of(self.source)),
        }
    }
}

impl Alignment {
    /// The alignment of a text with itself: a start for [`Alignment::then`].
    ///
    /// ```
    /// use fanjian::Alignment;
    ///
    /// assert_eq!(Alignment::identity("原文").target_range(0..3), 0..3);
    /// ```
    #[must_use]
    pub fn identity(text: &str) -> Self {
        let place = Place::of(text.as_bytes());
        Self { source: place, target: place, ..Self::default() }
    }

    /// Whether source and target are the same text.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// assert!(Converter::opencc(OpenccConfig::T2s)?.convert_aligned("不用改").map().is_identity());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn is_identity(&self) -> bool {
        self.patches.is_empty()
    }

    /// The length of the source text.
    ///
    /// ```
    /// use fanjian::{Alignment, Unit};
    ///
    /// assert_eq!(Alignment::identity("原文").source_len(Unit::Chars), 2);
    /// ```
    #[must_use]
    pub fn source_len(&self, unit: Unit) -> usize {
        self.source.get(unit)
    }

    /// The length of the target text.
    ///
    /// ```
    /// use fanjian::{Alignment, Unit};
    ///
    /// assert_eq!(Alignment::identity("原文").target_len(Unit::Bytes), 6);
    /// ```
    #[must_use]
    pub fn target_len(&self, unit: Unit) -> usize {
        self.target.get(unit)
    }

    /// The range of the target text that came from a range of the source text, in bytes; see
    /// [rounding](Alignment#rounding). An empty range stays empty.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("用内存");
    /// assert_eq!(aligned.map().target_range(0..3), 0..3);
    /// assert_eq!(aligned.map().target_range(3..6), 3..12);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn target_range(&self, source: Range<usize>) -> Range<usize> {
        self.target_range_in(Unit::Bytes, source)
    }

    /// The range of the source text that became a range of the target text, in bytes; see
    /// [rounding](Alignment#rounding). An empty range stays empty.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("用内存");
    /// assert_eq!(aligned.map().source_range(6..12), 3..9);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn source_range(&self, target: Range<usize>) -> Range<usize> {
        self.source_range_in(Unit::Bytes, target)
    }

    /// As [`Alignment::target_range`], in a unit of choice on both sides.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig, Unit};
    ///
    /// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("用内存");
    /// assert_eq!(aligned.map().target_range_in(Unit::Chars, 1..3), 1..4);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn target_range_in(&self, unit: Unit, source: Range<usize>) -> Range<usize> {
        self.range(unit, source, Way::Forth)
    }

    /// As [`Alignment::source_range`], in a unit of choice on both sides.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig, Unit};
    ///
    /// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("用内存");
    /// assert_eq!(aligned.map().source_range_in(Unit::Utf16, 1..4), 1..3);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn source_range_in(&self, unit: Unit, target: Range<usize>) -> Range<usize> {
        self.range(unit, target, Way::Back)
    }

    /// Where an offset of the source text lies in the target text; within a segment, the segment's start.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig, Unit};
    ///
    /// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("内存坏");
    /// assert_eq!([0, 1, 2, 3].map(|at| aligned.map().target_offset(Unit::Chars, at)), [0, 0, 3, 4]);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn target_offset(&self, unit: Unit, source: usize) -> usize {
        self.target_range_in(unit, source..source).start
    }

    /// Where an offset of the target text lies in the source text; within a segment, the segment's start.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig, Unit};
    ///
    /// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("内存坏");
    /// assert_eq!([0, 1, 3, 4].map(|at| aligned.map().source_offset(Unit::Chars, at)), [0, 0, 2, 3]);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn source_offset(&self, unit: Unit, target: usize) -> usize {
        self.source_range_in(unit, target..target).start
    }

    /// The segments that are mapped as a whole, as byte ranges of source and target, in order.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let aligned = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("新内存");
    /// assert!(aligned.map().segments().eq([(3..9, 3..12)]));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn segments(&self) -> impl Iterator<Item = (Range<usize>, Range<usize>)> + '_ {
        self.blocks.iter().map(|b| (b.source.0.bytes..b.source.1.bytes, b.target.0.bytes..b.target.1.bytes))
    }

    /// The map of two conversions one after the other: `self`, then `next` of what `self` led to.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let (middle, first) = Converter::opencc(OpenccConfig::S2t)?.convert_aligned("内存坏").into_parts();
    /// let (last, second) = Converter::opencc(OpenccConfig::T2s)?.convert_aligned(&middle).into_parts();
    /// let both = first.then(&second)?;
    /// assert_eq!(both.restore(&last)?, "内存坏");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// `next` starts from a text of another length than the one that `self` leads to.
    pub fn then(&self, next: &Self) -> Result<Self, Error> {
        if self.target != next.source {
            return Err(Error::alignment(self.target.bytes, next.source.bytes));
        }
        let (patches, sources) = self.then_patches(next);
        Ok(Self { blocks: self.then_blocks(next), patches, sources, source: self.source, target: next.target })
    }

    fn then_blocks(&self, next: &Self) -> Vec<Block> {
        let mut out = Vec::with_capacity(self.blocks.len() + next.blocks.len());
        // The ends of the last block on either map; what follows keeps its distance from them.
        let mut before = [(Place::default(), Place::default()); 2];
        let target = |b: &Block| b.target.0.bytes..b.target.1.bytes;
        let source = |b: &Block| b.source.0.bytes..b.source.1.bytes;
        for (i, j) in clusters(&self.blocks, &next.blocks, target, source) {
            let (first, second) = (self.blocks.get(i).unwrap_or_default(), next.blocks.get(j).unwrap_or_default());
            let middles = || first.iter().map(|b| b.target).chain(second.iter().map(|b| b.source));
            let start = middles().map(|m| m.0).min_by_key(|place| place.bytes).unwrap_or_default();
            let end = middles().map(|m| m.1).max_by_key(|place| place.bytes).unwrap_or_default();
            let outer =
                |place: Place, [a, b]: [(Place, Place); 2]| (a.0.plus(place.minus(a.1)), b.1.plus(place.minus(b.0)));
            let starts = outer(start, before);
            if let Some(last) = first.last() {
                before[0] = (last.source.1, last.target.1);
            }
            if let Some(last) = second.last() {
                before[1] = (last.source.1, last.target.1);
            }
            let ends = outer(end, before);
            out.push(Block { source: (starts.0, ends.0), target: (starts.1, ends.1) });
        }
        out
    }

    fn then_patches(&self, next: &Self) -> (Vec<Patch>, String) {
        let mut out = Vec::with_capacity(self.patches.len().max(next.patches.len()));
        let mut sources = String::with_capacity(self.sources.len().max(next.sources.len()));
        let first: Vec<_> = self.patches_with_sources().collect();
        let second: Vec<_> = next.patches_with_sources().collect();
        let mut before = [(0, 0); 2];
        for (i, j) in clusters(&first, &second, |(p, _)| p.target.0..p.target.1, |(p, _)| p.source.0..p.source.1) {
            let (first, second) = (first.get(i).unwrap_or_default(), second.get(j).unwrap_or_default());
            let middles = || first.iter().map(|(p, _)| p.target).chain(second.iter().map(|(p, _)| p.source));
            let start = middles().map(|m| m.0).min().unwrap_or_default();
            let end = middles().map(|m| m.1).max().unwrap_or_default();
            let outer =
                |at: usize, [a, b]: [(usize, usize); 2]| (a.0 + at.saturating_sub(a.1), b.1 + at.saturating_sub(b.0));
            let starts = outer(start, before);
            // What `self` left alone here, `next` changed: there the text between the two is the source text.
            let mut at = start;
            let between = |from: usize, to: usize, sources: &mut String| {
                for (patch, text) in second {
                    let (from, to) = (from.max(patch.source.0), to.min(patch.source.1));
                    if from < to {
                        let part = from - patch.source.0..to - patch.source.0;
                        sources.push_str(text.get(part).unwrap_or_default());
                    }
                }
            };
            for (patch, text) in first {
                between(at, patch.target.0, &mut sources);
                sources.push_str(text);
                at = patch.target.1;
            }
            between(at, end, &mut sources);
            if let Some((last, _)) = first.last() {
                before[0] = (last.source.1, last.target.1);
            }
            if let Some((last, _)) = second.last() {
                before[1] = (last.source.1, last.target.1);
            }
            let ends = outer(end, before);
            out.push(Patch { source: (starts.0, ends.0), target: (starts.1, ends.1) });
        }
        (out, sources)
    }

    fn patches_with_sources(&self) -> impl Iterator<Item = (&Patch, &str)> {
        let mut at = 0;
        self.patches.iter().map(move |patch| {
            let from = at;
            at += patch.source.1 - patch.source.0;
            (patch, self.sources.get(from..at).unwrap_or_default())
        })
    }

    /// The source text, exactly, from the target text.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let (text, map) = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("内存坏").into_parts();
    /// assert_eq!(map.restore(&text)?, "内存坏");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A text of another length than the target text, or with other lengths of characters. That it is the target text
    /// otherwise is not checked.
    pub fn restore(&self, target: &str) -> Result<String, Error> {
        let other = || Error::alignment(self.target.bytes, target.len());
        if target.len() != self.target.bytes {
            return Err(other());
        }
        let mut out = String::with_capacity(self.source.bytes);
        let mut at = 0;
        for (patch, text) in self.patches_with_sources() {
            out.push_str(target.get(at..patch.target.0).ok_or_else(other)?);
            out.push_str(text);
            at = patch.target.1;
        }
        out.push_str(target.get(at..).ok_or_else(other)?);
        Ok(out)
    }

    /// The map from the target text back to the source text; it is told the target text, which it will restore.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let (text, map) = Converter::opencc(OpenccConfig::S2twp)?.convert_aligned("内存坏").into_parts();
    /// let back = map.invert(&text)?;
    /// assert_eq!(back.restore("内存坏")?, "記憶體壞");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Alignment::restore`].
    pub fn invert(&self, target: &str) -> Result<Self, Error> {
        let other = || Error::alignment(self.target.bytes, target.len());
        if target.len() != self.target.bytes {
            return Err(other());
        }
        let mut sources = String::with_capacity(self.sources.len());
        for patch in &self.patches {
            sources.push_str(target.get(patch.target.0..patch.target.1).ok_or_else(other)?);
        }
        Ok(Self {
            blocks: self.blocks.iter().map(|b| Block { source: b.target, target: b.source }).collect(),
            patches: self.patches.iter().map(|p| Patch { source: p.target, target: p.source }).collect(),
            sources,
            source: self.target,
            target: self.source,
        })
    }

    fn range(&self, unit: Unit, range: Range<usize>, way: Way) -> Range<usize> {
        let last = if way == Way::Forth { self.source } else { self.target }.get(unit);
        let (start, end) = (range.start.min(last), range.end.min(last));
        // The last block that starts here or before decides; where none is, nothing has moved.
        let before = self.blocks.partition_point(|b| b.sides(unit, way).0.start <= start).checked_sub(1);
        let first = before.and_then(|n| self.blocks.get(n)).map_or(start, |b| {
            let (from, to) = b.sides(unit, way);
            if start < from.end { to.start } else { to.end + (start - from.end) }
        });
        if start >= end {
            return first..first;
        }
        let before = self.blocks.partition_point(|b| b.sides(unit, way).0.start < end).checked_sub(1);
        let end = before.and_then(|n| self.blocks.get(n)).map_or(end, |b| {
            let (from, to) = b.sides(unit, way);
            to.end + end.saturating_sub(from.end)
        });
        first..end.max(first)
    }
}

impl Converter {
    /// Converts a text and keeps track of where each part went.
    ///
    /// The text is what [`Converter::convert`] returns. It costs little more, and the map takes at most about as much
    /// memory as the text.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// // Highlight in the converted text what was marked in the original one.
    /// let text = "这款打印机打印得很快";
    /// let marked = 6..15;
    /// assert_eq!(&text[marked.clone()], "打印机");
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// let aligned = converter.convert_aligned(text);
    /// let range = aligned.map().target_range(marked);
    /// let (before, after) = (&aligned.text()[..range.start], &aligned.text()[range.end..]);
    /// let html = format!("{before}<mark>{}</mark>{after}", &aligned.text()[range]);
    /// assert!(html.starts_with("這款<mark>印表機</mark>列印得"));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn convert_aligned<'t>(&self, text: &'t str) -> Aligned<'t> {
        self.align(text, &mut Evidence::default(), true).unwrap_or_else(|| Aligned::identity(text))
    }

    /// Converts and aligns a part of a text, behind what `evidence` has seen. Unless it is the `last`: nothing if what follows
    /// may change how it ends.
    pub(crate) fn align<'t>(&self, text: &'t str, evidence: &mut Evidence, last: bool) -> Option<Aligned<'t>> {
        // Room for the traces of an article, so that they seldom move.
        let (mut out, mut traces) =
            (Buffer::after(Vec::new(), text.len()), Vec::with_capacity(128.min(text.len() / 8)));
        let mut builder = Builder { text, by_character: true, ..Builder::default() };
        if let Engine::Native { native, .. } = &self.engine {
            let mut holes = Vec::new();
            let mut at = 0;
            while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
                let unit = self.unit(rest, last, &mut holes).and_then(|length| rest.get(..length))?;
                native.convert_line(unit, &holes, evidence, &mut out, Some(&mut traces));
                builder.add(out.as_slice(), at, &traces);
                at += unit.len();
                traces.clear();
            }
        } else {
            let cut = match &self.words {
                _ if last => Some(text.len()),
                Some(words) => self.cut_around(words, text, text.len()),
                None => self.cuts().last(text, usize::MAX),
            };
            if cut != Some(text.len()) && !text.is_empty() {
                return None;
            }
            use OpenccConfig::{Hk2sp, S2hkp, S2twp, Tw2sp};
            // Where phrases may be terms, half a phrase does not correspond to half a phrase.
            builder.by_character = match &self.engine {
                Engine::Exact { config, .. } => !matches!(config, S2twp | S2hkp | Tw2sp | Hk2sp),
                _ => false,
            };
            self.convert_exact(text, &mut out, Some(&mut traces));
            builder.add(out.as_slice(), 0, &traces);
        }
        let map = builder.finish(out.as_slice());
        let text = if map.is_identity() { Cow::Borrowed(text) } else { Cow::Owned(out.into_string()) };
        Some(Aligned { text, map })
    }
}

/// Stretches of this many bytes are compared at once, two where that is all, and patches closer than this are joined.
const STRIDE: usize = 64;

/// Whether two texts are equal, which texts that a conversion has changed mostly show not to be by their first bytes.
#[inline]
fn equal<const FIRST: usize>(a: &[u8], b: &[u8]) -> bool {
    a.first_chunk::<FIRST>() == b.first_chunk() && a == b
}

/// Builds an alignment from traces.
#[derive(Debug, Default)]
struct Builder<'t> {
    text: &'t str,
    /// Phrases whose characters keep their lengths are mapped character by character.
    by_character: bool,
    map: Alignment,
    /// Where the current run of characters that map one to one starts, in source and output.
    run: (usize, usize),
    /// Where we stand.
    at: (usize, usize),
}

impl Builder<'_> {
    /// Adds the traces of a part that starts at `base`; `out` is the output so far.
    fn add(&mut self, out: &[u8], base: usize, traces: &[Trace]) {
        if !self.by_character {
            self.map.blocks.reserve(traces.len());
        }
        for t in traces {
            let source = base + t.source.0;
            self.one_to_one(out, (source, t.target.0));
            let to = (source + t.source.1, t.target.0 + t.target.1);
            let by_character = match t.why {
                Why::Kept => true,
                Why::Term { settled, .. } | Why::Own { settled, .. } => !settled,
                Why::Phrase | Why::Stages => self.by_character,
                Why::Rule | Why::Special | Why::Normalized => true,
            };
            let (a, b) = (self.text.as_bytes().get(source..to.0), out.get(t.target.0..to.1));
            let (a, b) = (a.unwrap_or_default(), b.unwrap_or_default());
            if equal::<3>(a, b) || by_character && same_shape(a, b) {
                self.at = to;
            } else {
                self.block(out, to);
            }
        }
    }

    /// Goes on to where both sides stand `to`, character by character.
    fn one_to_one(&mut self, out: &[u8], to: (usize, usize)) {
        if to.0 - self.at.0 == to.1 - self.at.1 {
            self.at = to;
        } else {
            debug_assert!(false, "an engine did not note a change of length");
            self.block(out, to);
        }
    }

    /// What lies between here and `to` is mapped as a whole.
    fn block(&mut self, out: &[u8], to: (usize, usize)) {
        self.close_run(out);
        let (source, target) = (self.map.source, self.map.target);
        self.map.source = source.plus(Place::of(self.text.as_bytes().get(self.at.0..to.0).unwrap_or_default()));
        self.map.target = target.plus(Place::of(out.get(self.at.1..to.1).unwrap_or_default()));
        self.map.blocks.push(Block { source: (source, self.map.source), target: (target, self.map.target) });
        self.patch((self.at.0, to.0), (self.at.1, to.1));
        self.at = to;
        self.run = to;
    }

    /// Compares the run that ends here.
    fn close_run(&mut self, out: &[u8]) {
        let run = self.text.get(self.run.0..self.at.0).unwrap_or_default();
        let result = out.get(self.run.1..self.at.1).unwrap_or_default();
        let place = Place::of(run.as_bytes());
        self.map.source = self.map.source.plus(place);
        self.map.target = self.map.target.plus(place);
        if run.len() <= 2 * STRIDE {
            if !equal::<16>(run.as_bytes(), result) {
                self.patch((self.run.0, self.at.0), (self.run.1, self.at.1));
            }
            self.run = self.at;
            return;
        }
        let (strides, rest) = run.as_bytes().as_chunks::<STRIDE>();
        let (results, rest_of_result) = result.as_chunks::<STRIDE>();
        // Most strides of a changed text have changed: they are joined before they become a patch.
        let mut open = 0..0;
        let mut changed = |at: usize| {
            if at > open.end + STRIDE && !open.is_empty() {
                self.patch_in_run(run, open.start, open.end);
                open.start = at;
            } else if open.is_empty() {
                open.start = at;
            }
            open.end = at + STRIDE;
        };
        let mut at = 0;
        for (a, b) in strides.iter().zip(results) {
            if a != b {
                changed(at);
            }
            at += STRIDE;
        }
        if !equal::<16>(rest, rest_of_result) {
            changed(at);
        }
        if !open.is_empty() {
            self.patch_in_run(run, open.start, open.end.min(run.len()));
        }
        self.run = self.at;
    }

    /// A patch in a run, whose edges are moved outwards to the edges of characters.
    fn patch_in_run(&mut self, run: &str, mut start: usize, mut end: usize) {
        while !run.is_char_boundary(start) && start > 0 {
            start -= 1;
        }
        while !run.is_char_boundary(end) && end < run.len() {
            end += 1;
        }
        self.patch((self.run.0 + start, self.run.0 + end), (self.run.1 + start, self.run.1 + end));
    }

    fn patch(&mut self, source: (usize, usize), target: (usize, usize)) {
        match self.map.patches.last_mut() {
            Some(last) if source.0 <= last.source.1 + STRIDE => {
                (last.source.1, last.target.1) = (source.1, target.1);
            }
            _ => self.map.patches.push(Patch { source, target }),
        }
    }

    fn finish(mut self, out: &[u8]) -> Alignment {
        self.one_to_one(out, (self.text.len(), out.len()));
        self.close_run(out);
        let mut map = self.map;
        map.blocks.shrink_to_fit();
        map.sources.reserve_exact(map.patches.iter().map(|p| p.source.1 - p.source.0).sum());
        for patch in &map.patches {
            map.sources.push_str(self.text.get(patch.source.0..patch.source.1).unwrap_or_default());
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    #[test]
    fn lengths_are_those_of_the_text() {
        let all: String = ["a", "é", "汉", "𠮷", "，", "\u{7FF}", "\u{FFFF}"].into_iter().cycle().take(300).collect();
        let edges: Vec<usize> = all.char_indices().map(|(at, _)| at).collect();
        for &start in edges.iter().take(8) {
            for &end in edges.iter().filter(|&&end| end >= start) {
                let text = &all[start..end];
                let (bytes, chars, utf16) = (text.len(), text.chars().count(), text.encode_utf16().count());
                assert_eq!(Place::of(text.as_bytes()), Place { bytes, chars, utf16 }, "{text}");
            }
        }
    }
}
