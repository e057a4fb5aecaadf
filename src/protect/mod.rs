//! Regions of a text that a conversion must not touch: markup, code, addresses, placeholders.
//!
//! A [`Protection`] says what kinds of regions there are; [`Converter::convert_protected`](crate::Converter::convert_protected)
//! converts what lies between them. Every byte of a region comes back unchanged and in its order.
//!
//! ```
//! use fanjian::{Converter, Locale};
//! use fanjian::protect::{Kind, Protection};
//!
//! let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
//! let html = r#"<p>头<b>发</b>很长，<code>发</code> <a href="/头发" title="头发">看这里</a></p>"#;
//! assert_eq!(
//!     converter.convert_protected(html, &Protection::new().with(Kind::Html)),
//!     r#"<p>頭<b>髮</b>很長，<code>发</code> <a href="/头发" title="頭髮">看這裡</a></p>"#,
//! );
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! # Kinds
//!
//! | kind | stays | is converted |
//! |---|---|---|
//! | [`Html`](Kind::Html) | tags, comments, CDATA, doctype, `<?…?>`, character references; all of `code kbd samp var tt pre textarea math script style template rt rp`; elements with `translate="no"`, `class="notranslate"` or another language in `lang` | text; attributes that are shown ([`Protection::attributes`]) |
//! | [`Markdown`](Kind::Markdown) | code spans, fences, indented code, targets of links and images, autolinks, reference definitions, labels, footnote marks, front matter, emphasis marks, `{#id}`, and HTML as above | text, link text, descriptions of images, titles |
//! | [`Urls`](Kind::Urls) | `scheme://…`, `www.…`, `mailto:`, e-mail addresses, with Chinese characters behind `/ = # _ -` and the like | |
//! | [`Paths`](Kind::Paths) | `/usr/…`, `~/…`, `./…`, `C:\…`, `\\server\…` | |
//! | [`Placeholders`](Kind::Placeholders) | `%s %1$d %(名)s %{名} %@`, `{}` `{0}` `{名!r:>10}` `{n, number}`, `${名}` `#{名}`, `{{ 名 }}` `{% … %}`, `<0>…</0>`, keywords of ICU messages | branches of `plural`, `select`, `selectordinal` and `choice` |
//! | [`Latex`](Kind::Latex) | commands, braces, comments, mathematics, verbatim text, arguments that name something (`\ref \cite \label \url \includegraphics` …) | text, arguments that are text |
//! | [`Wiki`](Kind::Wiki) | `-{ … }-`, targets of `[[target\|text]]`, `[[target]]`, names of templates and parameters, `''`, `<nowiki>` and other HTML as above | text, link text, values of parameters |
//!
//! Ranges that the caller knows are given to [`Converter::convert_except`](crate::Converter::convert_except), regions
//! from a parser of one's own to [`Converter::convert_regions`](crate::Converter::convert_regions).
//!
//! What is not well formed is text: a `<` that starts no tag, a `{` or `$` without its partner. Two cases follow
//! their standards instead, for there the author meant it: a Markdown fence that is never closed reaches to the end,
//! and an HTML element that is never closed reaches to the end of its parent.
//!
//! # What words see
//!
//! Words are found in the text as a reader sees it. Each region says what it is there, its [`Seam`]:
//!
//! * *nothing*, as tags of inline elements and emphasis: `头<b>发</b>` is the word 头发;
//! * *an object*, as code, an address or a placeholder: no word reaches over it, and rules see the edge of a clause there;
//! * *a number*, as `%d`: `%d只` is `%d隻`, as 3只 is 3隻;
//! * *the end of a line*, as tags of paragraphs.
//!
//! A text inside a region, such as an attribute, is a text of its own: it is read behind the paragraph that it stands in,
//! so that it shares its subject (see [`Terms::Auto`](crate::Terms::Auto)).
//!
//! When words of several characters are replaced as a whole, a tag inside them keeps its place by character if their number
//! stays; else a start tag moves to the beginning of the word and any other one to its end:
//! `英<b>伟</b>达` becomes `<b>輝達</b>`.
//!
//! # How it is done
//!
//! The regions are found in one pass for each kind, in time linear in the length of the text; the text without them is
//! converted as one, with its [alignment](crate::Alignment), by which the regions are put back.
//!
//! A text that arrives in pieces is cut behind lines where nothing is open that more text might change: no tag, comment,
//! placeholder, or element that stays as it is. What is open there otherwise, such as a `div`, is remembered. So memory is
//! bounded by the longest of these and by the longest line; a comment that is never closed is held back to the end.
//! [`Incremental::protect`](crate::Incremental::protect), [`Stream::protect`](crate::Stream::protect) and
//! [`Reader::protect`](crate::Reader::protect) write what [`Converter::convert_protected`](crate::Converter::convert_protected)
//! does, except in texts made to be hard to read: the time spent on what turns out to be no markup is limited by the length of
//! what is there. They know no Markdown, LaTeX and MediaWiki markup, where what a line is may depend on the whole document.
//!
//! The scanners know no more of each syntax than what tells markup from text, since the library is to stay small and
//! needs byte ranges of the source; they read any input and never fail.

mod apply;
mod html;
mod latex;
mod markdown;
mod placeholders;
mod source;
mod urls;
mod wiki;

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use crate::Error;
use source::{Budget, Source};

/// A kind of protected regions.
///
/// ```
/// use fanjian::protect::Kind;
///
/// assert_eq!("markdown".parse(), Ok(Kind::Markdown));
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Kind {
    /// Markup of HTML and XML.
    Html,
    /// Markup of Markdown (CommonMark, with emphasis and footnotes as GitHub has them), HTML included.
    Markdown,
    /// Addresses on the net, and of e-mail.
    Urls,
    /// Paths of files.
    Paths,
    /// What a program replaces in its messages.
    Placeholders,
    /// Commands of LaTeX.
    Latex,
    /// Markup of MediaWiki, HTML included.
    Wiki,
    /// What the caller named.
    Given,
}

impl Kind {
    /// All kinds that a [`Protection`] can find.
    ///
    /// ```
    /// use fanjian::protect::Kind;
    ///
    /// assert!(Kind::ALL.iter().all(|kind| kind.name().parse() == Ok(*kind)));
    /// ```
    pub const ALL: &'static [Self] =
        &[Self::Html, Self::Markdown, Self::Urls, Self::Paths, Self::Placeholders, Self::Latex, Self::Wiki];

    /// The name that [`Kind::from_str`] reads.
    ///
    /// ```
    /// use fanjian::protect::Kind;
    ///
    /// assert_eq!(Kind::Latex.name(), "latex");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::Urls => "urls",
            Self::Paths => "paths",
            Self::Placeholders => "placeholders",
            Self::Latex => "latex",
            Self::Wiki => "wiki",
            Self::Given => "given",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kind {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name).ok_or_else(|| Error::unknown_protection(name))
    }
}

/// Which regions of a text are protected.
///
/// ```
/// use fanjian::{Converter, OpenccConfig};
/// use fanjian::protect::{Kind, Protection};
///
/// let protection = Protection::new().with(Kind::Markdown).with(Kind::Urls);
/// assert_eq!(protection, "markdown,urls".parse()?);
///
/// let converter = Converter::opencc(OpenccConfig::S2t)?;
/// let text = "**头**发见 `头发` 和 https://example.com/头发";
/// assert_eq!(converter.convert_protected(text, &protection), "**頭**髮見 `头发` 和 https://example.com/头发");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Protection {
    kinds: u8,
    /// The attributes that are converted, when the caller chose them.
    attributes: Option<Vec<String>>,
}

impl Protection {
    /// Protects nothing.
    ///
    /// ```
    /// use fanjian::protect::Protection;
    ///
    /// assert!(Protection::new().regions("<b>{0}</b>").is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { kinds: 0, attributes: None }
    }

    /// Protects one kind more.
    ///
    /// ```
    /// use fanjian::protect::{Kind, Protection};
    ///
    /// let protection = Protection::new().with(Kind::Placeholders);
    /// assert_eq!(protection.regions("共 {0} 个")[0].range(), 4..7);
    /// ```
    #[must_use]
    pub const fn with(mut self, kind: Kind) -> Self {
        self.kinds |= Self::bit(kind);
        self
    }

    /// Whether a kind is protected.
    ///
    /// ```
    /// use fanjian::protect::{Kind, Protection};
    ///
    /// assert!(Protection::new().with(Kind::Urls).has(Kind::Urls));
    /// ```
    #[must_use]
    pub const fn has(&self, kind: Kind) -> bool {
        self.kinds & Self::bit(kind) != 0
    }

    const fn bit(kind: Kind) -> u8 {
        1 << kind as u8
    }

    /// The attributes of HTML and XML whose values are text that is converted, and no others; names are compared without
    /// case.
    ///
    /// Unless this is called they are those that people get to see: `abbr alt aria-description aria-label
    /// aria-placeholder aria-roledescription aria-valuetext label placeholder summary title`, `content` of a `meta`
    /// that describes the page (description, keywords, titles of Open Graph and Twitter cards), and `value` of a button.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    /// use fanjian::protect::{Kind, Protection};
    ///
    /// let protection = Protection::new().with(Kind::Html).attributes(["data-tip"]);
    /// let html = r#"<b data-tip="头发" title="头发">头发</b>"#;
    /// assert_eq!(
    ///     Converter::opencc(OpenccConfig::S2t)?.convert_protected(html, &protection),
    ///     r#"<b data-tip="頭髮" title="头发">頭髮</b>"#,
    /// );
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn attributes<I>(mut self, names: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<String>,
    {
        self.attributes = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The protected regions of a text, in order, without overlaps. The time is linear in the length of the text.
    ///
    /// Where constructs of several kinds overlap, the one that starts first holds what lies in it.
    ///
    /// ```
    /// use fanjian::protect::{Kind, Protection, Seam};
    ///
    /// let regions = Protection::new().with(Kind::Html).regions("头<b>发</b>");
    /// assert!(regions.iter().map(|region| region.range()).eq([3..6, 9..13]));
    /// assert!(regions.iter().all(|region| region.seam() == Seam::Nothing && region.kind() == Kind::Html));
    /// ```
    #[must_use]
    pub fn regions(&self, text: &str) -> Vec<Region> {
        self.find(text, &mut Budget::new(text))
    }

    fn find(&self, text: &str, budget: &mut Budget) -> Vec<Region> {
        let source = Source::new(text);
        let mut regions = Vec::new();
        let (markdown, wiki) = (self.has(Kind::Markdown), self.has(Kind::Wiki));
        // Code comes first, for it holds anything; marks as common as `*` and `{` come last.
        let labels = if markdown { markdown::blocks(source, &mut regions) } else { Default::default() };
        if markdown || wiki || self.has(Kind::Html) {
            let attributes = self.attributes.as_deref();
            pass(&mut regions, |held, out| {
                html::scan(source, held, attributes, wiki, budget, out);
            });
        }
        if self.has(Kind::Latex) {
            pass(&mut regions, |held, out| latex::scan(source, held, budget, out));
        }
        if self.has(Kind::Urls) || self.has(Kind::Paths) {
            let (urls, paths) = (self.has(Kind::Urls), self.has(Kind::Paths));
            pass(&mut regions, |held, out| urls::scan(source, held, urls, paths, out));
        }
        if markdown {
            pass(&mut regions, |held, out| markdown::inlines(source, held, &labels, budget, out));
        }
        if wiki {
            pass(&mut regions, |held, out| wiki::scan(source, held, budget, out));
        }
        if self.has(Kind::Placeholders) {
            pass(&mut regions, |held, out| placeholders::scan(source, held, budget, out));
        }
        debug_assert!(check(text, &regions).is_ok());
        regions
    }

    /// Whether text may be protected that arrives in pieces; if not, the kind that needs the whole.
    pub(crate) fn needs_whole(&self) -> Option<Kind> {
        [Kind::Markdown, Kind::Latex, Kind::Wiki].into_iter().find(|&kind| self.has(kind))
    }

    /// The regions of the longest part of a text that can be read without what follows, and the length of that part: all of
    /// it if nothing follows. `before` are the tags that are open where the text starts.
    pub(crate) fn part(&self, before: &str, text: &str, last: bool) -> Option<(usize, Vec<Region>)> {
        let document = format!("{before}{text}");
        let mut budget = Budget::new(&document);
        let mut regions = self.find(&document, &mut budget);
        let end = if last { document.len() } else { budget.cut(Source::new(&document), &regions)? };
        let length = end.checked_sub(before.len()).filter(|&length| length > 0)?;
        regions.retain(|region| (before.len()..end).contains(&region.start));
        for region in &mut regions {
            region.start -= before.len();
            region.end -= before.len();
        }
        Some((length, regions))
    }

    /// The tags that are open behind a part.
    pub(crate) fn open_tags(&self, before: &str, part: &str) -> String {
        if !self.has(Kind::Html) {
            return String::new();
        }
        html::open_tags(Source::new(&format!("{before}{part}")), self.attributes.as_deref())
    }
}

impl FromIterator<Kind> for Protection {
    fn from_iter<I: IntoIterator<Item = Kind>>(kinds: I) -> Self {
        kinds.into_iter().fold(Self::new(), Self::with)
    }
}

impl FromStr for Protection {
    type Err = Error;

    /// Reads names of kinds, separated by commas.
    fn from_str(names: &str) -> Result<Self, Error> {
        names.split(',').map(|name| name.trim().parse::<Kind>()).collect()
    }
}

/// What a protected region is for the text around it.
///
/// ```
/// use fanjian::{Converter, OpenccConfig};
/// use fanjian::protect::{Region, Seam};
///
/// let converter = Converter::opencc(OpenccConfig::S2t)?;
/// let convert = |seam| converter.convert_regions("头|发", &[Region::new(3..4, seam)]).map(|text| text.into_owned());
/// assert_eq!(convert(Seam::Nothing)?, "頭|髮");
/// assert_eq!(convert(Seam::Object)?, "頭|發");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Seam {
    /// Nothing: the text goes on as if the region were not there.
    Nothing,
    /// A number.
    Number,
    /// An object that no word reaches over.
    Object,
    /// The end of a line.
    Line,
}

/// A protected region of a text, from [`Protection::regions`] or made for
/// [`Converter::convert_regions`](crate::Converter::convert_regions).
///
/// ```
/// use fanjian::protect::{Kind, Region, Seam};
///
/// let region = Region::new(0..3, Seam::Object);
/// assert_eq!((region.range(), region.kind(), region.seam()), (0..3, Kind::Given, Seam::Object));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    start: usize,
    end: usize,
    kind: Kind,
    seam: Seam,
    /// A start tag, or another mark that opens: a word that it stands in moves behind it.
    opens: bool,
    aside: Aside,
}

/// Which text goes on behind a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aside {
    /// The one before it.
    Same,
    /// A text of its own begins, such as an attribute; what was one before ends.
    Begins,
    /// The main text goes on. Only here the region's seam counts for it.
    Ends,
}

impl Region {
    /// A region of the caller's, in bytes of the text.
    ///
    /// ```
    /// use fanjian::protect::{Region, Seam};
    ///
    /// assert_eq!(Region::new(3..6, Seam::Line).range(), 3..6);
    /// ```
    #[must_use]
    pub const fn new(range: Range<usize>, seam: Seam) -> Self {
        Self::of(Kind::Given, range.start, range.end, seam)
    }

    const fn of(kind: Kind, start: usize, end: usize, seam: Seam) -> Self {
        Self { start, end, kind, seam, opens: false, aside: Aside::Same }
    }

    const fn opening(mut self) -> Self {
        self.opens = true;
        self
    }

    const fn aside(mut self, aside: Aside) -> Self {
        self.aside = aside;
        self
    }

    /// Where it stands, in bytes.
    ///
    /// ```
    /// use fanjian::protect::{Kind, Protection};
    ///
    /// let text = "看 www.example.com 吧";
    /// let regions = Protection::new().with(Kind::Urls).regions(text);
    /// assert_eq!(&text[regions[0].range()], "www.example.com");
    /// ```
    #[must_use]
    pub const fn range(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Of which kind it is. Inside Markdown and MediaWiki markup, HTML is [`Kind::Html`].
    ///
    /// ```
    /// use fanjian::protect::{Kind, Protection};
    ///
    /// let regions = Protection::new().with(Kind::Markdown).regions("*好*<br>");
    /// assert!(regions.iter().map(|region| region.kind()).eq([Kind::Markdown, Kind::Markdown, Kind::Html]));
    /// ```
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// What it is for the text around it.
    ///
    /// ```
    /// use fanjian::protect::{Kind, Protection, Seam};
    ///
    /// let regions = Protection::new().with(Kind::Placeholders).regions("%d只{名}");
    /// assert!(regions.iter().map(|region| region.seam()).eq([Seam::Number, Seam::Object]));
    /// ```
    #[must_use]
    pub const fn seam(&self) -> Seam {
        self.seam
    }
}

/// Runs a scanner and adds what it found to the regions.
fn pass(regions: &mut Vec<Region>, scan: impl FnOnce(&[Region], &mut Vec<Region>)) {
    let mut found = Vec::new();
    scan(regions, &mut found);
    if !found.is_empty() {
        regions.append(&mut found);
        merge(regions);
    }
}

/// Puts regions in order. One that lies in another is dropped; one that reaches beyond it makes it longer.
fn merge(regions: &mut Vec<Region>) {
    regions.retain(|region| region.start < region.end);
    regions.sort_by_key(|region| (region.start, std::cmp::Reverse(region.end)));
    regions.dedup_by(|next, last| {
        let inside = next.start < last.end;
        if inside && next.end > last.end {
            last.end = next.end;
            last.seam = last.seam.max(next.seam);
            last.opens &= next.opens;
            last.aside = next.aside;
        }
        inside
    });
}

/// Whether regions are in order, without overlaps, and between characters of the text.
fn check(text: &str, regions: &[Region]) -> Result<(), Error> {
    let mut at = 0;
    for region in regions {
        if region.start < at || text.get(region.range()).is_none() {
            return Err(Error::range(region.range(), text.len()));
        }
        at = region.end;
    }
    Ok(())
}
