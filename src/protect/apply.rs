//! Takes the regions out of a text and puts them back into its conversion.

use std::borrow::Cow;
use std::ops::Range;

use super::{Aside, Protection, Region, Seam, check};
use crate::native::Evidence;
use crate::{Aligned, Converter, Error, Punctuation};

/// Stands for an object: the object replacement character, which is in no word and is the edge of a clause.
const OBJECT: char = '\u{FFFC}';
/// Stands for a number.
const NUMBER: char = '0';

/// A stretch between two regions, and where its parts stand.
#[derive(Debug, Clone, Copy)]
struct Piece {
    /// Where it starts in the document.
    document: usize,
    /// Where it starts in the text without regions.
    at: usize,
    length: usize,
    /// All regions just before it open something: a word over its start moves behind them.
    opened: bool,
    /// Where it starts and ends in the conversion of that text.
    target: (usize, usize),
}

impl Piece {
    fn end(&self) -> usize {
        self.at + self.length
    }
}

/// A text without its regions.
#[derive(Debug, Default)]
struct Stripped {
    text: String,
    /// In the order of `text`.
    pieces: Vec<Piece>,
}

/// What is still to be put into the text: a stretch of the document, or what stands for a region.
#[derive(Debug, Clone, Copy)]
enum Token {
    Piece { start: usize, end: usize, opened: bool },
    Stand(char),
}

impl Stripped {
    fn new(document: &str, regions: &[Region], number: char) -> Self {
        let mut out = Self { text: String::with_capacity(document.len()), pieces: Vec::new() };
        // Asides wait for the end of the line that they stand in.
        let mut asides: Vec<Token> = Vec::new();
        let mut aside = false;
        let (mut at, mut opened) = (0, None);
        let end = Region::of(super::Kind::Given, document.len(), document.len(), Seam::Nothing);
        for region in regions.iter().chain([&end]) {
            if at < region.start {
                let (start, opened) = (at, opened.take().unwrap_or(false));
                if aside {
                    asides.push(Token::Piece { start, end: region.start, opened });
                } else {
                    out.piece(document, start..region.start, opened, &mut asides);
                }
            }
            at = region.end;
            let stand = match region.seam {
                Seam::Nothing => None,
                Seam::Number => Some(number),
                Seam::Object => Some(OBJECT),
                Seam::Line => Some('\n'),
            };
            match region.aside {
                Aside::Same if aside => asides.extend(stand.map(Token::Stand)),
                Aside::Same => out.stand(document, stand, &mut asides),
                Aside::Begins => {
                    asides.push(Token::Stand('\n'));
                    aside = true;
                }
                Aside::Ends => {
                    asides.push(Token::Stand('\n'));
                    aside = false;
                    out.stand(document, stand, &mut asides);
                }
            }
            opened = Some(opened.unwrap_or(true) && region.opens);
        }
        if !asides.is_empty() {
            out.stand(document, Some('\n'), &mut asides);
        }
        out
    }

    /// Appends a stretch of the main text, and the asides at its first line end.
    fn piece(&mut self, document: &str, range: Range<usize>, opened: bool, asides: &mut Vec<Token>) {
        let text = document.get(range.clone()).unwrap_or_default();
        let line = if asides.is_empty() { None } else { text.find('\n').map(|at| at + 1) };
        let (line, rest) = text.split_at_checked(line.unwrap_or(text.len())).unwrap_or((text, ""));
        self.push(range.start, line, opened);
        if !rest.is_empty() || line.ends_with('\n') {
            self.flush(document, asides);
            self.push(range.start + line.len(), rest, false);
        }
    }

    fn push(&mut self, document: usize, text: &str, opened: bool) {
        if !text.is_empty() {
            let (at, length) = (self.text.len(), text.len());
            self.pieces.push(Piece { document, at, length, opened, target: (0, 0) });
            self.text.push_str(text);
        }
    }

    /// Appends what stands for a region of the main text, and the asides if a line ends there.
    fn stand(&mut self, document: &str, stand: Option<char>, asides: &mut Vec<Token>) {
        let Some(stand) = stand else { return };
        self.push_stand(stand);
        if stand == '\n' {
            self.flush(document, asides);
        }
    }

    /// One line end, or one object, stands for several.
    fn push_stand(&mut self, stand: char) {
        let again = match stand {
            '\n' => self.text.is_empty() || self.text.ends_with('\n'),
            OBJECT => self.text.ends_with(OBJECT),
            _ => false,
        };
        if !again {
            self.text.push(stand);
        }
    }

    fn flush(&mut self, document: &str, asides: &mut Vec<Token>) {
        for token in asides.drain(..) {
            match token {
                Token::Piece { start, end, opened } => {
                    self.push(start, document.get(start..end).unwrap_or_default(), opened);
                }
                Token::Stand(stand) => self.push_stand(stand),
            }
        }
    }
}

/// Finds where the pieces stand in the conversion; or says that what stands for a region did not come through.
fn settle(text: &str, pieces: &mut [Piece], conversion: &Conversion<'_>) -> bool {
    let (target, mut segments) = (&*conversion.text, conversion.segments.as_slice());
    // The end of the last segment that lies before us, in text and conversion.
    let mut behind = (0, 0);
    // How far a segment that pieces cut has been followed: in text and conversion, and whether by character.
    let mut within: Option<(usize, usize, bool)> = None;
    let mut place = |at: usize, joint: Option<bool>| -> Option<usize> {
        while let Some(((source, target), rest)) = segments.split_first()
            && source.end <= at
        {
            behind = (source.end, target.end);
            segments = rest;
            within = None;
        }
        let Some((source, goal)) = segments.first().filter(|(source, _)| source.start < at) else {
            return Some(behind.1 + (at - behind.0));
        };
        let opened = joint?;
        let chars = |text: &str, range: &Range<usize>| text.get(range.clone()).map_or(0, |part| part.chars().count());
        let (from, to, same) =
            within.unwrap_or_else(|| (source.start, goal.start, chars(text, source) == chars(target, goal)));
        let to = if same {
            let count = chars(text, &(from..at));
            target.get(to..goal.end)?.char_indices().nth(count).map_or(goal.end, |(offset, _)| to + offset)
        } else if opened {
            to
        } else {
            goal.end
        };
        within = Some((at, to, same));
        Some(to)
    };
    let mut last = (0, 0);
    for n in 0..pieces.len() {
        let next = pieces.get(n + 1).copied();
        let Some(piece) = pieces.get_mut(n) else { break };
        let start = if n > 0 && piece.at == last.0 { Some(last.1) } else { place(piece.at, None) };
        let joint = next.filter(|next| next.at == piece.end()).map(|next| next.opened);
        let (Some(start), Some(end)) = (start, place(piece.end(), joint)) else { return false };
        if text.get(last.0..piece.at) != target.get(last.1..start) {
            return false;
        }
        piece.target = (start, end);
        last = (piece.end(), end);
    }
    text.get(last.0..) == target.get(last.1..)
}

/// Converts each piece on its own.
fn piecewise(text: &str, pieces: &mut [Piece], convert: Convert<'_>) -> Conversion<'static> {
    let mut whole = Conversion::default();
    let mut target = String::new();
    for piece in pieces {
        let part = convert(text.get(piece.at..piece.end()).unwrap_or_default());
        let moved = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        let segments = part.segments.into_iter().map(|(a, b)| (moved(a, piece.at), moved(b, target.len())));
        whole.segments.extend(segments);
        piece.target = (target.len(), target.len() + part.text.len());
        target.push_str(&part.text);
    }
    whole.text = target.into();
    whole
}

/// Puts the regions back. Returns the document, and its segments in order.
fn fill(document: &str, pieces: &[Piece], conversion: &Conversion<'_>) -> (String, Segments) {
    let mut order: Vec<usize> = (0..pieces.len()).collect();
    let piece = |n: usize| pieces.get(n).copied();
    order.sort_unstable_by_key(|&n| piece(n).map(|piece| piece.document));
    let mut out = String::with_capacity(document.len() + document.len() / 16);
    // Where each piece stands in the new document.
    let mut places = vec![0; pieces.len()];
    let mut at = 0;
    for &n in &order {
        let (Some(piece), Some(place)) = (piece(n), places.get_mut(n)) else { continue };
        out.push_str(document.get(at..piece.document).unwrap_or_default());
        *place = out.len();
        out.push_str(conversion.text.get(piece.target.0..piece.target.1).unwrap_or_default());
        at = piece.document + piece.length;
    }
    out.push_str(document.get(at..).unwrap_or_default());

    let mut segments: Segments = Vec::with_capacity(conversion.segments.len());
    let mut n = 0;
    for (source, target) in &conversion.segments {
        while piece(n).is_some_and(|piece| piece.end() <= source.start) {
            n += 1;
        }
        let mut last = n;
        while piece(last + 1).is_some_and(|piece| piece.at < source.end) {
            last += 1;
        }
        let (Some(first), Some(end)) = (piece(n), piece(last)) else { break };
        let place = |n: usize| places.get(n).copied().unwrap_or_default();
        segments.push((
            first.document + source.start.saturating_sub(first.at)..end.document + source.end.saturating_sub(end.at),
            place(n) + target.start.saturating_sub(first.target.0)
                ..place(last) + target.end.saturating_sub(end.target.0),
        ));
    }
    segments.sort_unstable_by_key(|(source, _)| source.start);
    // A word over a tag holds the tag's attributes.
    segments.dedup_by(|next, last| {
        let inside = next.0.start < last.0.end;
        if inside {
            last.0.end = last.0.end.max(next.0.end);
            last.1.end = last.1.end.max(next.1.end);
        }
        inside
    });
    (out, segments)
}

/// Converts a text that stands alone.
type Convert<'c> = &'c dyn for<'s> Fn(&'s str) -> Conversion<'s>;

/// Ranges of source and target that are mapped as wholes, in order.
type Segments = Vec<(Range<usize>, Range<usize>)>;

/// A text that was converted, and where that changed lengths.
#[derive(Debug, Default)]
struct Conversion<'t> {
    text: Cow<'t, str>,
    segments: Segments,
}

impl<'t> Conversion<'t> {
    fn of(aligned: Aligned<'t>) -> Self {
        let segments = aligned.map().segments().collect();
        Self { text: aligned.into_parts().0, segments }
    }
}

/// Converts what lies between the regions, which are in order; nothing when nothing changes.
fn convert(document: &str, regions: &[Region], number: char, convert: Convert<'_>) -> Option<(String, Segments)> {
    let Stripped { text, pieces } = Stripped::new(document, regions, number);
    put_back(document, &text, pieces, convert(&text), convert)
}

/// Puts the regions back into a conversion of the text without them; nothing when nothing changes.
fn put_back(
    document: &str,
    text: &str,
    mut pieces: Vec<Piece>,
    mut conversion: Conversion<'_>,
    convert: Convert<'_>,
) -> Option<(String, Segments)> {
    if conversion.text == text {
        return None;
    }
    if !settle(text, &mut pieces, &conversion) {
        (pieces, conversion) = settle_lines(text, &pieces, &conversion, convert);
    }
    Some(fill(document, &pieces, &conversion))
}

/// As [`settle`], line by line; where what stands for a region did not come through, the pieces of the line are converted
/// each on its own.
fn settle_lines(
    text: &str,
    pieces: &[Piece],
    conversion: &Conversion<'_>,
    convert: Convert<'_>,
) -> (Vec<Piece>, Conversion<'static>) {
    let (mut out, mut target) = (Vec::with_capacity(pieces.len()), String::with_capacity(conversion.text.len()));
    let (mut all, mut segments, mut rest): (_, _, &[Piece]) = (Segments::new(), conversion.segments.as_slice(), pieces);
    // Where the line starts, in text and conversion, and where its first piece does if that began before.
    let (mut from, mut to, mut opened) = (0, 0, None::<Piece>);
    let next = |rest: &mut &[Piece]| {
        let (first, behind) = rest.split_first()?;
        *rest = behind;
        Some(*first)
    };
    let ends = text.match_indices('\n').map(|(at, _)| at + 1).chain([text.len()]);
    for end in ends {
        let count = segments.partition_point(|(source, _)| source.start < end);
        let (own, behind) = segments.split_at(count);
        // A word that reaches over the end of the line joins the next one.
        if end == from || own.last().is_some_and(|(source, _)| source.end > end) {
            continue;
        }
        let goal = own.last().map_or(to + (end - from), |(source, target)| target.end + (end - source.end));
        let mut line: Vec<Piece> = Vec::new();
        while let Some(mut piece) = opened.take().or_else(|| next(&mut rest)) {
            if piece.at >= end {
                opened = Some(piece);
                break;
            }
            if piece.end() > end {
                let length = end - piece.at;
                let tail = (piece.document + length, end, piece.length - length);
                opened = Some(Piece { document: tail.0, at: tail.1, length: tail.2, opened: false, target: (0, 0) });
                piece.length = length;
            }
            piece.at -= from;
            line.push(piece);
        }
        let shifted = |range: &Range<usize>, by: usize| range.start - by..range.end - by;
        let part = text.get(from..end).unwrap_or_default();
        let mut whole = Conversion {
            text: conversion.text.get(to..goal).unwrap_or_default().to_owned().into(),
            segments: own.iter().map(|(a, b)| (shifted(a, from), shifted(b, to))).collect(),
        };
        if !settle(part, &mut line, &whole) {
            whole = piecewise(part, &mut line, convert);
        }
        let moved = |range: Range<usize>, by: usize| range.start + by..range.end + by;
        all.extend(whole.segments.into_iter().map(|(a, b)| (moved(a, from), moved(b, target.len()))));
        out.extend(line.into_iter().map(|piece| {
            let places = (piece.target.0 + target.len(), piece.target.1 + target.len());
            Piece { at: piece.at + from, target: places, ..piece }
        }));
        target.push_str(&whole.text);
        (from, to, segments) = (end, goal, behind);
    }
    (out, Conversion { text: target.into(), segments: all })
}

impl Converter {
    /// As [`Converter::convert`], but the regions that `protection` finds stay as they are: see [`protect`](crate::protect).
    ///
    /// A text without such regions becomes what [`Converter::convert`] makes of it; what does not change is borrowed. The
    /// time is linear in the length of the text.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    /// use fanjian::protect::{Kind, Protection};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// let messages = Protection::new().with(Kind::Placeholders).with(Kind::Html);
    /// let text = "{用户}买了<b>{n, plural, one {#只鼠标} other {#只鼠标}}</b>";
    /// assert_eq!(
    ///     converter.convert_protected(text, &messages),
    ///     "{用户}買了<b>{n, plural, one {#隻滑鼠} other {#隻滑鼠}}</b>",
    /// );
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn convert_protected<'t>(&self, text: &'t str, protection: &Protection) -> Cow<'t, str> {
        self.protected(text, &protection.regions(text))
    }

    /// As [`Converter::convert_protected`], and keeps track of where each part went, as [`Converter::convert_aligned`] does.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    /// use fanjian::protect::{Kind, Protection};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// let text = "<p>鼠标 <i>内存</i></p>";
    /// let aligned = converter.convert_protected_aligned(text, &Protection::new().with(Kind::Html));
    /// assert_eq!(aligned.text(), "<p>滑鼠 <i>記憶體</i></p>");
    /// let at = text.find("内存").unwrap();
    /// assert_eq!(&aligned.text()[aligned.map().target_range(at..at + 6)], "記憶體");
    /// assert_eq!(aligned.restore(), text);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn convert_protected_aligned<'t>(&self, text: &'t str, protection: &Protection) -> Aligned<'t> {
        self.protected_aligned(text, &protection.regions(text))
    }

    /// As [`Converter::convert`], but `ranges` stay as they are; they are in bytes of the text. No word reaches over one.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// assert_eq!(converter.convert_except("头发与头发", &[9..15])?, "頭髮與头发");
    /// assert!(converter.convert_except("头发", &[1..3]).is_err());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A range that starts before the one before it ends, does not lie between characters, or reaches beyond the text.
    pub fn convert_except<'t>(&self, text: &'t str, ranges: &[Range<usize>]) -> Result<Cow<'t, str>, Error> {
        let regions: Vec<Region> = ranges.iter().map(|range| Region::new(range.clone(), Seam::Object)).collect();
        self.convert_regions(text, &regions)
    }

    /// As [`Converter::convert_protected`], with regions that a parser of one's own found, or that [`Protection::regions`]
    /// found and the caller changed.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    /// use fanjian::protect::{Region, Seam};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// // Ruby in brackets: words are found as if it were not there.
    /// let text = "头(tóu)发(fà)";
    /// let regions = [Region::new(3..9, Seam::Nothing), Region::new(12..17, Seam::Nothing)];
    /// assert_eq!(converter.convert_regions(text, &regions)?, "頭(tóu)髮(fà)");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Converter::convert_except`].
    pub fn convert_regions<'t>(&self, text: &'t str, regions: &[Region]) -> Result<Cow<'t, str>, Error> {
        check(text, regions)?;
        Ok(self.protected(text, regions))
    }

    /// As [`Converter::convert_regions`], and keeps track of where each part went.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    /// use fanjian::protect::{Region, Seam};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2twp)?;
    /// let aligned = converter.convert_regions_aligned("内存|内存", &[Region::new(6..7, Seam::Object)])?;
    /// assert_eq!(aligned.map().target_range(7..13), 10..19);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Converter::convert_except`].
    pub fn convert_regions_aligned<'t>(&self, text: &'t str, regions: &[Region]) -> Result<Aligned<'t>, Error> {
        check(text, regions)?;
        Ok(self.protected_aligned(text, regions))
    }

    /// Converts a part of a document, behind what `evidence` has seen. Unless it is the `last`: nothing if what follows may
    /// change how it ends.
    pub(crate) fn protected_part(
        &self,
        document: &str,
        regions: &[Region],
        evidence: &mut Evidence,
        last: bool,
    ) -> Option<String> {
        let Stripped { text, pieces } = Stripped::new(document, regions, NUMBER);
        let mut seen = evidence.clone();
        let conversion = Conversion::of(self.align(&text, &mut seen, last)?);
        *evidence = seen;
        let out = put_back(document, &text, pieces, conversion, &|text| Conversion::of(self.convert_aligned(text)));
        Some(out.map_or_else(|| document.to_owned(), |(out, _)| out))
    }

    fn protected<'t>(&self, text: &'t str, regions: &[Region]) -> Cow<'t, str> {
        if regions.is_empty() {
            return self.convert(text);
        }
        match convert(text, regions, NUMBER, &|text| Conversion::of(self.convert_aligned(text))) {
            Some((out, _)) => Cow::Owned(out),
            None => Cow::Borrowed(text),
        }
    }

    fn protected_aligned<'t>(&self, text: &'t str, regions: &[Region]) -> Aligned<'t> {
        if regions.is_empty() {
            return self.convert_aligned(text);
        }
        match convert(text, regions, NUMBER, &|text| Conversion::of(self.convert_aligned(text))) {
            Some((out, segments)) => Aligned::of_segments(text, out, segments),
            None => Aligned::identity(text),
        }
    }
}

impl Punctuation {
    /// As [`Punctuation::convert`], but the regions that `protection` finds stay as they are, and marks see the text around
    /// them as a reader does: see [`protect`](crate::protect).
    ///
    /// ```
    /// use fanjian::{Locale, Punctuation};
    /// use fanjian::protect::{Kind, Protection};
    ///
    /// let quotes = Punctuation::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    /// let text = r#"“<a title="“甲”" href="/“乙”">好</a>”，<code>“丙”</code>"#;
    /// assert_eq!(
    ///     quotes.convert_protected(text, &Protection::new().with(Kind::Html)),
    ///     r#"「<a title="「甲」" href="/“乙”">好</a>」，<code>“丙”</code>"#,
    /// );
    /// ```
    #[must_use]
    pub fn convert_protected<'t>(&self, text: &'t str, protection: &Protection) -> Cow<'t, str> {
        let regions = protection.regions(text);
        if regions.is_empty() {
            return self.convert(text);
        }
        let convert = convert(text, &regions, OBJECT, &|text| {
            let mut segments = Vec::new();
            let text = self.convert_noting(text, &[], Some(&mut segments));
            Conversion { text, segments }
        });
        convert.map_or(Cow::Borrowed(text), |(out, _)| Cow::Owned(out))
    }
}
