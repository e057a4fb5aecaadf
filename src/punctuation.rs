//! Quotation marks, title marks and widths, as a switch of their own: `“ ” ‘ ’` ↔ `「 」『 』`, `《 》` ↔ `﹏ ﹏`, half ↔ full
//! width.
//!
//! Independent of the script conversion: run it before or after a [`Converter`](crate::Converter), or alone. What a
//! [`Punctuation`] changes is what its locales and options name; all else stays.
//!
//! # Quotes
//!
//! Each mark becomes its counterpart, level for level, so the way back restores the text: for a text whose quotes are
//! all of the source's kind, `back(there(text)) == text` where every line with quotes holds a Chinese character. Some
//! marks are no quotes and stay:
//!
//! * apostrophes: `’` between letters (don’t), before a decade (’90s), after a plural (the students’ books) when the
//!   quote is closed later in the line, and any `’` that closes nothing and does not follow a Chinese character;
//! * `”` after a digit when no quote is open: inches;
//! * `“ ” ‘ ’` in a line without a Chinese character: it is written in another language.
//!
//! Two things are lost: a closing `’` directly between two Latin letters, which reads as an apostrophe, and an inner
//! quote beside a Latin letter that is not closed in its line.
//!
//! # Titles
//!
//! 《》 stay: all regions print them. Taiwan's standard has a second form, a wavy line below the title, which schoolbooks use. In
//! plain text it can only stand beside it, as U+FE4F in front and behind: ﹏紅樓夢﹏. The same character draws faces (>﹏<) and
//! rules (﹏﹏﹏), so it is left alone unless [`Punctuation::titles`] asks for one form or the other. Then a pair counts as
//! title marks when both stand in one line and what they enclose begins with a Chinese letter, ends in Chinese or with a
//! digit, and holds no other such mark. 《》 that could not be read back stay: 《Hamlet》, a title inside a title, a line
//! with ﹏ in it. For a text whose titles are all of one form the way back restores it.
//!
//! # Width
//!
//! To full width, `, . ! ? ; : ( )` are changed only beside Chinese, so that 3.14, 12:30 and code stay; a blank after a mark
//! that becomes full is dropped, for the mark brings its own. To half width each mark is changed. Widths do not promise
//! a way back.
//!
//! ```
//! use fanjian::{Locale, Punctuation, Width};
//!
//! let there = Punctuation::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
//! let back = Punctuation::new(Locale::ZH_HANT_TW, Locale::ZH_HANS_CN);
//! let text = "他说：“老师讲过‘don’t’的意思。”";
//! assert_eq!(there.convert(text), "他说：「老师讲过『don’t』的意思。」");
//! assert_eq!(back.convert(&there.convert(text)), text);
//!
//! let full = Punctuation::new(Locale::ZH_HANS, Locale::ZH_HANS).width(Width::Full);
//! assert_eq!(full.convert("你好, 圆周率是3.14(约)!"), "你好，圆周率是3.14（约）！");
//! ```

use std::borrow::Cow;
use std::ops::Range;

use crate::Locale;

/// A direction of width.
///
/// ```
/// use fanjian::{Locale, Punctuation, Width};
///
/// let half = Punctuation::new(Locale::ZH_HANS, Locale::ZH_HANS).width(Width::Half);
/// assert_eq!(half.convert("好，好。"), "好,好.");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Width {
    /// As written.
    #[default]
    Keep,
    /// Full width: ，。！？；：（） or Ａ１.
    Full,
    /// Half width: , . ! ? ; : ( ) or A1.
    Half,
}

/// How the titles of books are marked.
///
/// ```
/// use fanjian::{Locale, Punctuation, Titles};
///
/// let titles = Punctuation::new(Locale::ZH_HANT_TW, Locale::ZH_HANT_TW).titles(Titles::Angle);
/// assert_eq!(titles.convert("讀﹏紅樓夢﹏"), "讀《紅樓夢》");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Titles {
    /// As written.
    #[default]
    Keep,
    /// 《紅樓夢》.
    Angle,
    /// ﹏紅樓夢﹏, with U+FE4F on both sides.
    Wavy,
}

/// Which level a quote is written on.
///
/// ```
/// use fanjian::{Locale, Nesting, Punctuation};
///
/// let quotes = Punctuation::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
/// let text = "“他说“好”。”";
/// assert_eq!(quotes.convert(text), "「他说「好」。」");
/// assert_eq!(quotes.nesting(Nesting::ByDepth).convert(text), "「他说『好』。」");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Nesting {
    /// On the level it had: outer stays outer. Reversible.
    #[default]
    AsWritten,
    /// Outer and inner by turns, counted anew in each line. Reversible for texts that do so already.
    ByDepth,
}

/// Converts quotation marks, title marks and widths.
///
/// ```
/// use fanjian::{Locale, Punctuation};
///
/// let quotes = Punctuation::new(Locale::ZH_HANT_TW, Locale::ZH_HANS_CN);
/// assert_eq!(quotes.convert("「好『的』」"), "“好‘的’”");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Punctuation {
    /// What is read as quotes beside the straight ones.
    from: Style,
    to: Style,
    quotes: bool,
    straight: bool,
    nesting: Nesting,
    titles: Titles,
    width: Width,
    alphanumerics: Width,
}

/// A kind of quotation marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Curly,
    Corner,
}

impl Style {
    const fn of(locale: Locale) -> Self {
        if locale.is_simplified() { Self::Curly } else { Self::Corner }
    }

    const fn mark(self, quote: Quote) -> char {
        match (self, quote.inner, quote.opens) {
            (Self::Curly, false, true) => '“',
            (Self::Curly, false, false) => '”',
            (Self::Curly, true, true) => '‘',
            (Self::Curly, true, false) => '’',
            (Self::Corner, false, true) => '「',
            (Self::Corner, false, false) => '」',
            (Self::Corner, true, true) => '『',
            (Self::Corner, true, false) => '』',
        }
    }

    fn read(c: char) -> Option<(Self, Quote)> {
        let (style, inner, opens) = match c {
            '“' => (Self::Curly, false, true),
            '”' => (Self::Curly, false, false),
            '‘' => (Self::Curly, true, true),
            '’' => (Self::Curly, true, false),
            '「' => (Self::Corner, false, true),
            '」' => (Self::Corner, false, false),
            '『' => (Self::Corner, true, true),
            '』' => (Self::Corner, true, false),
            _ => return None,
        };
        Some((style, Quote { inner, opens }))
    }
}

/// The role of a quotation mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Quote {
    inner: bool,
    opens: bool,
}

impl Punctuation {
    /// Quotes of the locale `from` become those of `to`: `“ ” ‘ ’` where characters are Simplified, `「 」『 』` where they
    /// are Traditional. Titles and widths stay.
    ///
    /// ```
    /// use fanjian::{Locale, Punctuation};
    ///
    /// let quotes = Punctuation::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_HK);
    /// assert_eq!(quotes.convert("“好”"), "「好」");
    /// ```
    #[must_use]
    pub const fn new(from: Locale, to: Locale) -> Self {
        Self {
            from: Style::of(from),
            to: Style::of(to),
            quotes: true,
            straight: false,
            nesting: Nesting::AsWritten,
            titles: Titles::Keep,
            width: Width::Keep,
            alphanumerics: Width::Keep,
        }
    }

    /// Whether quotes are changed; they are unless this says otherwise.
    ///
    /// ```
    /// use fanjian::{Locale, Punctuation};
    ///
    /// let nothing = Punctuation::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).quotes(false);
    /// assert_eq!(nothing.convert("“好”"), "“好”");
    /// ```
    #[must_use]
    pub const fn quotes(mut self, yes: bool) -> Self {
        self.quotes = yes;
        self
    }

    /// Whether straight quotes, `"` and `'`, are read as quotes too when they come in pairs within a line. Off by default:
    /// there is no way back, and code is full of them.
    ///
    /// ```
    /// use fanjian::{Locale, Punctuation};
    ///
    /// let quotes = Punctuation::new(Locale::ZH_HANS_CN, Locale::ZH_HANS_CN).straight(true);
    /// assert_eq!(quotes.convert(r#"他说"it's好""#), "他说“it's好”");
    /// ```
    #[must_use]
    pub const fn straight(mut self, yes: bool) -> Self {
        self.straight = yes;
        self
    }

    /// Which level a quote is written on.
    ///
    /// ```
    /// use fanjian::{Locale, Nesting, Punctuation};
    ///
    /// let quotes = Punctuation::new(Locale::ZH_HANS, Locale::ZH_HANT).nesting(Nesting::ByDepth);
    /// assert_eq!(quotes.convert("‘外’"), "「外」");
    /// ```
    #[must_use]
    pub const fn nesting(mut self, nesting: Nesting) -> Self {
        self.nesting = nesting;
        self
    }

    /// How titles are marked; they stay unless this says otherwise.
    ///
    /// ```
    /// use fanjian::{Locale, Punctuation, Titles};
    ///
    /// let wavy = Punctuation::new(Locale::ZH_HANS, Locale::ZH_HANT_TW).titles(Titles::Wavy);
    /// let angle = Punctuation::new(Locale::ZH_HANT_TW, Locale::ZH_HANT_TW).titles(Titles::Angle);
    /// let text = "《史記》和《Hamlet》 >﹏<";
    /// assert_eq!(wavy.convert("《史記》、《漢書》"), "﹏史記﹏、﹏漢書﹏");
    /// assert_eq!(angle.convert("﹏史記﹏、﹏漢書﹏ >﹏<"), "《史記》、《漢書》 >﹏<");
    /// assert_eq!(angle.convert(text), text);
    /// ```
    #[must_use]
    pub const fn titles(mut self, titles: Titles) -> Self {
        self.titles = titles;
        self
    }

    /// The width of `, . ! ? ; : ( )`.
    ///
    /// ```
    /// use fanjian::{Locale, Punctuation, Width};
    ///
    /// let full = Punctuation::new(Locale::ZH_HANS, Locale::ZH_HANS).width(Width::Full);
    /// assert_eq!(full.convert("好吗?好!f(x, y)"), "好吗？好！f(x, y)");
    /// ```
    #[must_use]
    pub const fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// The width of Latin letters and digits.
    ///
    /// ```
    /// use fanjian::{Locale, Punctuation, Width};
    ///
    /// let half = Punctuation::new(Locale::ZH_HANT, Locale::ZH_HANT).alphanumerics(Width::Half);
    /// assert_eq!(half.convert("２０２６年Ａ級"), "2026年A級");
    /// ```
    #[must_use]
    pub const fn alphanumerics(mut self, width: Width) -> Self {
        self.alphanumerics = width;
        self
    }

    /// Converts a text; what does not change is borrowed. The time is linear in the length of the text.
    ///
    /// ```
    /// use std::borrow::Cow;
    /// use fanjian::{Locale, Punctuation};
    ///
    /// let quotes = Punctuation::new(Locale::ZH_HANS, Locale::ZH_HANT);
    /// assert!(matches!(quotes.convert("don’t"), Cow::Borrowed("don’t")));
    /// ```
    #[must_use]
    pub fn convert<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.convert_except(text, &[])
    }

    /// As [`Punctuation::convert`], but no character changes that lies in one of `ranges`, even in part, and no quote inside
    /// counts. The ranges are in bytes of the text; they may overlap, stand in any order, and reach beyond the text.
    ///
    /// ```
    /// use fanjian::{Locale, Punctuation};
    ///
    /// let quotes = Punctuation::new(Locale::ZH_HANS, Locale::ZH_HANT);
    /// let text = "“好”`“x”`";
    /// let code = text.find('`').unwrap()..text.len();
    /// assert_eq!(quotes.convert_except(text, &[code]), "「好」`“x”`");
    /// ```
    #[must_use]
    pub fn convert_except<'t>(&self, text: &'t str, ranges: &[Range<usize>]) -> Cow<'t, str> {
        self.convert_noting(text, ranges, None)
    }

    /// As [`Punctuation::convert_except`]; `notes` receives the characters whose length changed, as byte ranges of the text
    /// and of the result.
    pub(crate) fn convert_noting<'t>(
        &self,
        text: &'t str,
        ranges: &[Range<usize>],
        mut notes: Option<&mut Vec<(Range<usize>, Range<usize>)>>,
    ) -> Cow<'t, str> {
        if !text.chars().any(|c| self.may_change(c)) {
            return Cow::Borrowed(text);
        }
        let mut ranges: Vec<Range<usize>> = ranges.iter().filter(|range| !range.is_empty()).cloned().collect();
        ranges.sort_by_key(|range| range.start);
        let mut ranges = ranges.as_slice();
        let mut reach = 0;
        let mut out = String::with_capacity(text.len());
        let mut open = 0;
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let mut cells: Vec<Cell> = Vec::with_capacity(line.len() / 2);
            for (offset, c) in line.char_indices() {
                let start = at + offset;
                while let Some((first, rest)) = ranges.split_first()
                    && first.start < start + c.len_utf8()
                {
                    reach = reach.max(first.end);
                    ranges = rest;
                }
                cells.push(Cell { old: c, new: Some(c), held: start < reach });
            }
            let start = at;
            at += line.len();
            if cells.iter().any(|cell| !cell.held && self.may_change(cell.old)) {
                let mut line = Line { cells, to: self.to };
                if self.quotes {
                    line.quotes(self, &mut open);
                }
                line.titles(self.titles);
                line.widths(self.width);
                line.alphanumerics(self.alphanumerics);
                if let Some(notes) = &mut notes {
                    note(&line.cells, (start, out.len()), notes);
                }
                out.extend(line.cells.iter().filter_map(|cell| cell.new));
            } else {
                out.push_str(line);
            }
        }
        if out == text { Cow::Borrowed(text) } else { Cow::Owned(out) }
    }

    fn may_change(&self, c: char) -> bool {
        let quote = match c {
            '"' | '\'' => self.straight,
            _ => Style::read(c).is_some_and(|(style, _)| {
                style == self.from && self.from != self.to || self.nesting == Nesting::ByDepth
            }),
        };
        self.quotes && quote
            || self.titles == Titles::Angle && c == WAVY
            || self.titles == Titles::Wavy && c == '《'
            || self.width == Width::Full && full_mark(c).is_some()
            || self.width == Width::Half && half_mark(c).is_some()
            || self.alphanumerics == Width::Full && c.is_ascii_alphanumeric()
            || self.alphanumerics == Width::Half && half_alphanumeric(c).is_some()
    }
}

/// Notes the characters of a line whose length changed; `at` is where the line starts in text and result.
fn note(cells: &[Cell], mut at: (usize, usize), notes: &mut Vec<(Range<usize>, Range<usize>)>) {
    for cell in cells {
        let end = (at.0 + cell.old.len_utf8(), at.1 + cell.new.map_or(0, char::len_utf8));
        if end.0 - at.0 != end.1 - at.1 {
            notes.push((at.0..end.0, at.1..end.1));
        }
        at = end;
    }
}

/// One character of a line.
#[derive(Debug, Clone, Copy)]
struct Cell {
    old: char,
    /// What is written, or nothing.
    new: Option<char>,
    /// It lies in a range of the caller's.
    held: bool,
}

#[derive(Debug)]
struct Line {
    cells: Vec<Cell>,
    to: Style,
}

impl Line {
    /// The character `step` places on; line ends beyond the line.
    fn at(&self, at: usize, step: isize) -> char {
        at.checked_add_signed(step).and_then(|at| self.cells.get(at)).map_or('\n', |cell| cell.old)
    }

    /// Whether an apostrophe there stands inside a Latin word.
    fn inside_a_word(&self, at: usize) -> bool {
        is_latin(self.at(at, -1)) && is_latin(self.at(at, 1))
    }

    /// The last place of a mark that may close what `marks` open.
    fn last(&self, mark: char) -> usize {
        let closes = |&(at, cell): &(usize, &Cell)| cell.old == mark && !cell.held && !self.inside_a_word(at);
        self.cells.iter().enumerate().rev().find(closes).map_or(0, |(at, _)| at)
    }

    /// Whether an apostrophe there stands before a decade: ’90s.
    fn before_a_decade(&self, at: usize) -> bool {
        self.at(at, 1).is_ascii_digit() && self.at(at, 2).is_ascii_digit() && self.at(at, 3) == 's'
    }

    /// Whether a mark that may be an apostrophe is one, seeing that its like closes the quote later: the students’ books’.
    fn closed_later(&self, at: usize, last: usize, opens: char) -> bool {
        /// How far to look, so that the time stays linear.
        const REACH: usize = 1000;
        let mark = self.at(at, 0);
        let plural =
            self.at(at, -1).is_ascii_alphabetic() && self.at(at, 1) == ' ' && self.at(at, 2).is_ascii_alphabetic();
        if at >= last || !(plural || self.before_a_decade(at)) {
            return false;
        }
        let mut depth = 1usize;
        for later in at + 1..self.cells.len().min(at + REACH) {
            match self.cells.get(later) {
                Some(cell) if cell.held || cell.old != mark && cell.old != opens => {}
                // Straight marks do not tell which of them open: one more closes.
                Some(cell) if cell.old == opens && opens != mark => depth += 1,
                _ if self.inside_a_word(later) || self.before_a_decade(later) => {}
                _ => depth -= 1,
            }
            if depth == 0 {
                return true;
            }
        }
        false
    }

    /// `open` counts the outer quotes that earlier lines left open.
    fn quotes(&mut self, options: &Punctuation, open: &mut usize) {
        let chinese = self.cells.iter().any(|cell| is_chinese(cell.old) && Style::read(cell.old).is_none());
        let (last_curly, last_double, last_single) = (self.last('’'), self.last('"'), self.last('\''));
        let by_depth = options.nesting == Nesting::ByDepth;
        let mut levels: Vec<bool> = Vec::new();
        let (mut inner, mut double, mut single) = (0usize, false, false);
        for at in 0..self.cells.len() {
            let Some(&Cell { old, held: false, .. }) = self.cells.get(at) else { continue };
            let (before, after) = (self.at(at, -1), self.at(at, 1));
            let quote = match old {
                _ if !chinese && !matches!(old, '「' | '」' | '『' | '』') => None,
                '”' if *open == 0 && before.is_ascii_digit() => None,
                '‘' if is_latin(after) && last_curly <= at => None,
                '’' if self.inside_a_word(at) => None,
                '’' if inner > 0 && self.closed_later(at, last_curly, '‘') => None,
                '’' if inner == 0 && (!ends_chinese(before) || is_latin(after)) => None,
                '"' if options.straight && double => Some(Quote { inner: false, opens: false }),
                '"' if options.straight && last_double > at && !before.is_ascii_digit() => {
                    Some(Quote { inner: false, opens: true })
                }
                '\'' if !options.straight || self.inside_a_word(at) => None,
                '\'' if single && self.closed_later(at, last_single, '\'') => None,
                '\'' if single => Some(Quote { inner: true, opens: false }),
                '\'' if last_single > at && !is_latin(before) => Some(Quote { inner: true, opens: true }),
                _ => Style::read(old).map(|(_, quote)| quote),
            };
            let Some(mut quote) = quote else { continue };
            match (old, quote.opens) {
                ('"', opens) => double = opens,
                ('\'', opens) => single = opens,
                ('“', _) => *open += 1,
                ('”', _) => *open = open.saturating_sub(1),
                ('‘', _) => inner += 1,
                ('’', _) => inner = inner.saturating_sub(1),
                _ => {}
            }
            if by_depth {
                if quote.opens {
                    quote.inner = levels.len() % 2 == 1;
                    levels.push(quote.inner);
                } else if let Some(level) = levels.pop() {
                    quote.inner = level;
                }
            }
            let reads = match Style::read(old) {
                Some((style, _)) => style == options.from || by_depth,
                None => true,
            };
            if reads && let Some(cell) = self.cells.get_mut(at) {
                cell.new = Some(self.to.mark(quote));
            }
        }
    }

    /// Whether the text beside a place is Chinese; quotes are looked through, and blanks after it.
    fn beside_chinese(&self, at: usize) -> (bool, bool) {
        let (before, after) = self.cells.split_at_checked(at).unwrap_or_default();
        let chinese = |cell: Option<&Cell>| cell.is_some_and(|cell| is_chinese(cell.new.unwrap_or(cell.old)));
        let quote = |cell: &&Cell| Style::read(cell.old).is_none() && !matches!(cell.old, '"' | '\'');
        (
            chinese(before.iter().rev().find(quote)),
            chinese(after.iter().skip(1).filter(|cell| cell.old != ' ').find(quote)),
        )
    }

    fn titles(&mut self, titles: Titles) {
        let is_mark = |cell: &Cell| matches!(cell.old, WAVY | '《' | '》');
        let (opens, closes, open, close) = match titles {
            Titles::Keep => return,
            Titles::Angle => (WAVY, WAVY, '《', '》'),
            Titles::Wavy if self.cells.iter().any(|cell| cell.old == WAVY) => return,
            Titles::Wavy => ('《', '》', WAVY, WAVY),
        };
        let mut at = 0;
        while let Some(from) = self.next(at, is_mark) {
            at = from + 1;
            let Some(to) = self.next(at, is_mark) else { return };
            if self.at(from, 0) == '《' && self.at(to, 0) == '《' {
                // None of a title with titles inside changes.
                let Some(end) = self.nested_end(from) else { return };
                at = end + 1;
                continue;
            }
            let marks = self.cells.get(from).zip(self.cells.get(to));
            let pair = marks.is_some_and(|(a, b)| !a.held && !b.held && a.old == opens && b.old == closes);
            let (first, last) = (self.at(from, 1), self.at(to, -1));
            let letter = is_chinese(first) && first.is_alphabetic();
            // The last one may be a mark that belongs to the title: 《走吧！》.
            if !pair || !letter || !is_chinese(last) && !last.is_ascii_digit() {
                continue;
            }
            for (place, new) in [(from, open), (to, close)] {
                if let Some(cell) = self.cells.get_mut(place) {
                    cell.new = Some(new);
                }
            }
            at = to + 1;
        }
    }

    /// Where the title that opens at `from` closes, titles inside it counted.
    fn nested_end(&self, from: usize) -> Option<usize> {
        let mut depth = 0usize;
        let closes = |cell: &Cell| {
            match cell.old {
                '《' => depth += 1,
                '》' => depth = depth.saturating_sub(1),
                _ => {}
            }
            depth == 0
        };
        self.cells.get(from..)?.iter().position(closes).map(|more| from + more)
    }

    /// The first place from `at` on whose cell is so.
    fn next(&self, at: usize, is_so: impl Fn(&Cell) -> bool) -> Option<usize> {
        self.cells.get(at..)?.iter().position(is_so).map(|more| at + more)
    }

    fn widths(&mut self, width: Width) {
        // Whether each bracket that is open became full.
        let mut brackets: Vec<bool> = Vec::new();
        for at in 0..self.cells.len() {
            let Some(&Cell { old, held: false, .. }) = self.cells.get(at) else { continue };
            let new = match width {
                Width::Keep => return,
                Width::Half => half_mark(old),
                Width::Full => full_mark(old).filter(|_| {
                    let (before, after) = self.beside_chinese(at);
                    match old {
                        '(' => {
                            brackets.push(before || after);
                            before || after
                        }
                        ')' => brackets.pop().unwrap_or(before || after),
                        '.' => {
                            let next = self.at(at, 1);
                            let ends = next.is_whitespace() || is_chinese(next) || matches!(next, '"' | '\'');
                            before && ends && self.at(at, -1) != '.'
                        }
                        _ => before || after,
                    }
                }),
            };
            let Some(new) = new else { continue };
            if let Some(cell) = self.cells.get_mut(at) {
                cell.new = Some(new);
            }
            if width == Width::Full
                && !matches!(new, '（' | '）')
                && let Some(blank) = self.cells.get_mut(at + 1)
                && blank.old == ' '
                && !blank.held
            {
                blank.new = None;
            }
        }
    }

    fn alphanumerics(&mut self, width: Width) {
        for cell in self.cells.iter_mut().filter(|cell| !cell.held) {
            let new = match width {
                Width::Keep => return,
                Width::Full if cell.old.is_ascii_alphanumeric() => char::from_u32(cell.old as u32 + 0xFEE0),
                Width::Full => None,
                Width::Half => half_alphanumeric(cell.old),
            };
            if new.is_some() {
                cell.new = new;
            }
        }
    }
}

/// The wavy low line, which stands for the line below a title.
const WAVY: char = '\u{FE4F}';

const MARKS: [(char, char); 8] =
    [(',', '，'), ('.', '。'), ('!', '！'), ('?', '？'), (';', '；'), (':', '：'), ('(', '（'), (')', '）')];

fn full_mark(c: char) -> Option<char> {
    MARKS.iter().find(|&&(half, _)| half == c).map(|&(_, full)| full)
}

fn half_mark(c: char) -> Option<char> {
    MARKS.iter().find(|&&(_, full)| full == c).map(|&(half, _)| half)
}

fn half_alphanumeric(c: char) -> Option<char> {
    char::from_u32((c as u32).checked_sub(0xFEE0)?).filter(char::is_ascii_alphanumeric)
}

/// A letter or digit of another script than Chinese.
fn is_latin(c: char) -> bool {
    c.is_alphanumeric() && !is_chinese(c)
}

/// Whether Chinese text may end with the character: a quote that closes may come after it.
fn ends_chinese(c: char) -> bool {
    is_chinese(c) || Style::read(c).is_some_and(|(_, quote)| !quote.opens)
}

/// Whether a character belongs to Chinese text: Han, kana, bopomofo, their punctuation and full-width forms.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{312F}' | '\u{31A0}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFF}')
}
