//! HTML and XML.
//!
//! A tokenizer in the spirit of the HTML standard, and a stack of open elements with the end tags that may be left out, so
//! that an element which is to stay ends where a browser ends it. It is stricter than browsers where that keeps text
//! from being taken for a tag: names of tags and attributes are ASCII, and no `<` stands outside of quotes in a tag.
//!
//! `lang` of `html` and `body` is not believed: templates say `en` around Chinese pages.

use super::source::{Budget, Held, Source};
use super::{Aside, Kind, Region, Seam};

/// Elements without content.
#[rustfmt::skip]
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];
/// Elements whose content is no markup.
const RAW: &[&str] = &["script", "style", "textarea", "xmp", "iframe", "noembed", "noframes"];
/// Elements whose content is no text for readers of Chinese.
const QUIET: &[&str] = &["code", "kbd", "samp", "var", "tt", "pre", "math", "template", "rt", "rp"];
/// Elements of MediaWiki whose content is no markup.
#[rustfmt::skip]
const WIKI_RAW: &[&str] = &[
    "nowiki", "pre", "math", "chem", "ce", "source", "syntaxhighlight", "score", "timeline", "graph", "hiero",
    "mapframe", "maplink", "templatedata", "templatestyles",
];
/// Elements inside a line: words reach over their tags.
#[rustfmt::skip]
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "center", "cite", "data", "del", "dfn", "em", "font",
    "g", "i", "ins", "label", "mark", "nobr", "q", "rb", "rbc", "ruby", "s", "small", "span", "strike", "strong",
    "time", "u", "wbr", "xliff:g", "annotation", "tspan", "noscript",
];
/// Elements inside a line that words do not reach over.
#[rustfmt::skip]
const OBJECTS: &[&str] = &[
    "audio", "button", "canvas", "code", "embed", "iframe", "img", "input", "kbd", "math", "meter", "nowiki",
    "object", "output", "progress", "ref", "references", "samp", "select", "sub", "sup", "svg", "textarea", "tt",
    "var", "video",
];
/// Elements whose start ends an open paragraph.
#[rustfmt::skip]
const BLOCKS: &[&str] = &[
    "address", "article", "aside", "blockquote", "center", "details", "dialog", "dir", "div", "dl", "fieldset",
    "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "li",
    "dd", "dt", "main", "menu", "nav", "ol", "p", "pre", "search", "section", "summary", "table", "ul",
];
/// Elements that open ones do not end beyond.
#[rustfmt::skip]
const SCOPES: &[&str] = &[
    "ul", "ol", "menu", "dl", "table", "td", "th", "caption", "template", "button", "object", "select", "ruby",
    "html", "body",
];
/// Attributes that people get to see.
#[rustfmt::skip]
const SHOWN: &[&str] = &[
    "abbr", "alt", "aria-description", "aria-label", "aria-placeholder", "aria-roledescription", "aria-valuetext",
    "label", "placeholder", "summary", "title",
];
/// What a `meta` is called that describes the page.
#[rustfmt::skip]
const DESCRIBES: &[&str] = &[
    "description", "keywords", "subject", "title", "application-name", "apple-mobile-web-app-title", "og:title",
    "og:description", "og:site_name", "og:image:alt", "twitter:title", "twitter:description", "twitter:image:alt",
];
/// The tongues whose text is Chinese.
#[rustfmt::skip]
const CHINESE: &[&str] = &[
    "", "zh", "cmn", "yue", "nan", "hak", "wuu", "gan", "hsn", "cjy", "cdo", "mnp", "lzh", "mul", "und", "zxx",
];

/// How far an open element is looked for below the innermost one.
const DEPTH: usize = 256;
/// How far one is looked for that a start tag ends.
const NEAR: usize = 16;

fn is_in(name: &str, list: &[&str]) -> bool {
    list.iter().any(|one| one.eq_ignore_ascii_case(name))
}

/// The open elements that end where an element starts.
fn ended_by(new: &str) -> &'static [&'static str] {
    const RULES: &[(&[&str], &[&str])] = &[
        (&["li"], &["li", "p"]),
        (&["dt", "dd"], &["dt", "dd", "p"]),
        (&["option", "optgroup"], &["option"]),
        (&["td", "th"], &["td", "th"]),
        (&["tr"], &["tr", "td", "th"]),
        (&["tbody", "thead", "tfoot"], &["tbody", "thead", "tfoot", "tr", "td", "th"]),
        (&["rt", "rp", "rb", "rtc"], &["rt", "rp", "rb", "rtc"]),
        (BLOCKS, &["p"]),
    ];
    RULES.iter().find(|(starts, _)| is_in(new, starts)).map_or(&[], |&(_, ended)| ended)
}

/// A start or end tag.
#[derive(Debug)]
struct Tag<'t> {
    name: &'t str,
    start: usize,
    end: usize,
    closes: bool,
    /// It ends with `/>`.
    empty: bool,
    attributes: Vec<Attribute<'t>>,
}

#[derive(Debug, Clone, Copy)]
struct Attribute<'t> {
    name: &'t str,
    value: &'t str,
    /// Where the value starts.
    at: usize,
}

impl<'t> Tag<'t> {
    fn get(&self, name: &str) -> Option<&'t str> {
        self.attributes.iter().find(|a| a.name.eq_ignore_ascii_case(name)).map(|a| a.value)
    }

    fn seam(&self) -> Seam {
        if is_in(self.name, INLINE)
            || is_in(self.name, &["rt", "rp", "rtc", "script", "style", "template", "link", "meta"])
        {
            Seam::Nothing
        } else if is_in(self.name, OBJECTS) {
            Seam::Object
        } else {
            Seam::Line
        }
    }

    /// Whether an attribute is text.
    fn shows(&self, attribute: &Attribute<'_>, chosen: Option<&[String]>) -> bool {
        if let Some(chosen) = chosen {
            return chosen.iter().any(|name| name.eq_ignore_ascii_case(attribute.name));
        }
        let any = |name: &str, list: &[&str]| self.get(name).is_some_and(|value| is_in(value, list));
        is_in(attribute.name, SHOWN)
            || attribute.name.eq_ignore_ascii_case("content")
                && self.name.eq_ignore_ascii_case("meta")
                && (any("name", DESCRIBES) || any("property", DESCRIBES) || any("itemprop", DESCRIBES))
            || attribute.name.eq_ignore_ascii_case("value")
                && self.name.eq_ignore_ascii_case("input")
                && any("type", &["button", "submit", "reset"])
    }
}

/// Why an element stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Quiet {
    untranslated: bool,
    foreign: bool,
}

impl Quiet {
    fn any(self) -> bool {
        self.untranslated || self.foreign
    }

    /// What holds inside an element.
    fn inside(mut self, tag: &Tag<'_>) -> Self {
        self.untranslated |= is_in(tag.name, QUIET);
        for Attribute { name, value, .. } in &tag.attributes {
            if name.eq_ignore_ascii_case("translate") {
                self.untranslated = value.eq_ignore_ascii_case("no");
            } else if name.eq_ignore_ascii_case("translatable") {
                // Resources of Android.
                self.untranslated |= value.eq_ignore_ascii_case("false");
            } else if name.eq_ignore_ascii_case("class") {
                self.untranslated |= value.split_ascii_whitespace().any(|class| class == "notranslate");
            } else if is_in(name, &["lang", "xml:lang"]) && !is_in(tag.name, &["html", "body"]) {
                let language = value.split(['-', '_']).next().unwrap_or_default().trim();
                self.foreign = !is_in(language, CHINESE);
            }
        }
        self
    }
}

struct Scanner<'t, 'o> {
    source: Source<'t>,
    chosen: Option<&'o [String]>,
    wiki: bool,
    out: &'o mut Vec<Region>,
    /// The open elements, what holds inside each, and where their tags start.
    open: Vec<(&'t str, Quiet, usize)>,
    quiet: Quiet,
    /// Where the quiet stretch began, and its seam.
    since: (usize, Seam),
    /// Elements without markup that are not closed in the rest of the text.
    unclosed: Vec<&'t str>,
    /// Where the first of them starts.
    undecided: usize,
}

/// Finds markup outside of the regions that are held. Returns where the tags of the elements start that are open at the end.
pub(super) fn scan<'t>(
    source: Source<'t>,
    held: &[Region],
    chosen: Option<&[String]>,
    wiki: bool,
    budget: &mut Budget,
    out: &mut Vec<Region>,
) -> Vec<usize> {
    let mut held = Held::new(held);
    let mut scanner = Scanner {
        source,
        chosen,
        wiki,
        out,
        open: Vec::new(),
        quiet: Quiet::default(),
        since: (0, Seam::Line),
        unclosed: Vec::new(),
        undecided: usize::MAX,
    };
    let mut missing = Missing::default();
    let mut at = 0;
    while at < source.len() {
        if let Some(region) = held.at(at) {
            at = region.end;
            continue;
        }
        at = source.skip(at, held.next_start(source.len()), |byte| byte != b'<' && byte != b'&');
        match source.byte(at) {
            b'<' if held.at(at).is_none() => at = scanner.markup(at, budget, &mut missing),
            b'&' if held.at(at).is_none() => at = scanner.reference(at, source.len()),
            _ => {}
        }
    }
    scanner.turn(Quiet::default(), source.len(), source.len(), Seam::Line);
    budget.undecided(scanner.undecided);
    scanner.open.iter().map(|&(.., start)| start).collect()
}

/// The tags of the elements that are open at the end of a text: what follows is read behind them as it is behind the text.
pub(super) fn open_tags(source: Source<'_>, chosen: Option<&[String]>) -> String {
    let mut budget = Budget::new(source.text);
    let open = scan(source, &[], chosen, false, &mut budget, &mut Vec::new());
    let tags = open.into_iter().filter_map(|start| tag(source, start, source.len()).ok());
    tags.map(|tag| source.get(tag.start, tag.end)).collect()
}

/// Ends that do not come any more.
#[derive(Debug, Default)]
struct Missing {
    comment: bool,
    data: bool,
    instruction: bool,
}

impl<'t> Scanner<'t, '_> {
    fn push(&mut self, start: usize, end: usize, seam: Seam) {
        if !self.quiet.any() {
            self.out.push(Region::of(Kind::Html, start, end, seam));
        }
    }

    /// What starts with `<`; returns where to go on.
    fn markup(&mut self, at: usize, budget: &mut Budget, missing: &mut Missing) -> usize {
        let source = self.source;
        let until = |mark: &str, from: usize, missing: &mut bool| {
            let end = if *missing { None } else { source.find(from, source.len(), mark) };
            *missing = end.is_none();
            end.map(|end| end + mark.len())
        };
        let (end, seam) = match source.byte(at + 1) {
            b'!' if source.has(at, "<!--") => {
                let short = ["<!-->", "<!--->"].iter().find(|mark| source.has(at, mark)).map(|mark| at + mark.len());
                (short.or_else(|| until("-->", at + 4, &mut missing.comment)), Seam::Nothing)
            }
            b'!' if source.has(at, "<![CDATA[") => (until("]]>", at + 9, &mut missing.data), Seam::Object),
            b'!' if source.byte(at + 2).is_ascii_alphabetic() => {
                let limit = budget.reach(at, source.len());
                match declaration(source, at + 2, limit) {
                    Ok(end) => (Some(end), Seam::Line),
                    Err(stop) => {
                        budget.spend(at, stop);
                        (None, Seam::Line)
                    }
                }
            }
            b'?' => (until("?>", at + 2, &mut missing.instruction), Seam::Object),
            _ => match tag(source, at, budget.reach(at, source.len())) {
                Ok(tag) => return if tag.closes { self.end_tag(&tag) } else { self.start_tag(&tag) },
                Err(stop) => {
                    budget.spend(at, stop);
                    (None, Seam::Nothing)
                }
            },
        };
        let Some(end) = end else {
            if source.byte(at + 1) == b'?' || source.has(at, "<!--") || source.has(at, "<![CDATA[") {
                budget.undecided(at);
            }
            return at + 1;
        };
        self.push(at, end, seam);
        end
    }

    /// A character reference; returns where to go on.
    fn reference(&mut self, at: usize, limit: usize) -> usize {
        let source = self.source;
        let limit = limit.min(at + 40);
        let name = source.skip(at + 1, limit, |byte| byte == b'#');
        let end = source.skip(name, limit, |byte| byte.is_ascii_alphanumeric());
        if end == name || name > at + 2 || source.byte(end) != b';' || end >= limit {
            return at + 1;
        }
        let invisible =
            ["shy", "zwj", "zwnj", "ZeroWidthSpace", "173", "xad", "8203", "x200b", "8204", "x200c", "8205", "x200d"];
        let seam = if is_in(source.get(name, end), &invisible) { Seam::Nothing } else { Seam::Object };
        self.push(at, end + 1, seam);
        end + 1
    }

    /// From `start` on something else holds; `end` is where the tag ends that makes it so.
    fn turn(&mut self, quiet: Quiet, start: usize, end: usize, seam: Seam) {
        if self.quiet.any() && !quiet.any() {
            let (since, seam) = self.since;
            self.out.push(Region::of(Kind::Html, since, end, seam));
        } else if quiet.any() && !self.quiet.any() {
            self.since = (start, seam);
        }
        self.quiet = quiet;
    }

    fn start_tag(&mut self, tag: &Tag<'t>) -> usize {
        // Elements that end here because this one starts.
        let candidates = ended_by(tag.name);
        let mut ended = None;
        if !candidates.is_empty() {
            for (depth, (name, ..)) in self.open.iter().enumerate().rev().take(NEAR) {
                if is_in(name, candidates) {
                    ended = Some(depth);
                }
                if is_in(name, SCOPES) {
                    break;
                }
            }
        }
        if let Some(depth) = ended {
            self.close(depth, tag.start, tag.start);
        }
        let inside = self.quiet.inside(tag);
        if tag.empty || is_in(tag.name, VOID) {
            self.tag(tag, inside.any());
            return tag.end;
        }
        let raw = is_in(tag.name, RAW) || self.wiki && is_in(tag.name, WIKI_RAW);
        if raw && let Some(end) = self.raw_end(tag) {
            self.push(tag.start, end, tag.seam());
            return end;
        }
        if inside.any() == self.quiet.any() {
            self.tag(tag, inside.any());
            self.quiet = inside;
        } else {
            self.turn(inside, tag.start, tag.end, tag.seam());
        }
        self.open.push((tag.name, inside, tag.start));
        tag.end
    }

    /// The end of an element without markup.
    fn raw_end(&mut self, tag: &Tag<'t>) -> Option<usize> {
        if self.unclosed.iter().any(|name| name.eq_ignore_ascii_case(tag.name)) {
            return None;
        }
        let mut at = tag.end;
        while let Some(found) = self.source.find(at, self.source.len(), "</") {
            at = found + 2;
            let end = at + tag.name.len();
            if self.source.has_name(at, tag.name) && !self.source.byte(end).is_ascii_alphanumeric() {
                let end = self.source.skip_blanks(end, self.source.len());
                if self.source.byte(end) == b'>' {
                    return Some(end + 1);
                }
            }
        }
        self.unclosed.push(tag.name);
        self.undecided = self.undecided.min(tag.start);
        None
    }

    fn end_tag(&mut self, tag: &Tag<'t>) -> usize {
        let found = self.open.iter().enumerate().rev().take(DEPTH);
        let found = found.filter(|(_, (name, ..))| name.eq_ignore_ascii_case(tag.name)).map(|(depth, _)| depth).next();
        let quiet = self.quiet.any();
        if let Some(depth) = found {
            self.close(depth, tag.start, tag.end);
        }
        if !quiet && !self.quiet.any() {
            self.out.push(Region::of(Kind::Html, tag.start, tag.end, tag.seam()));
        }
        tag.end
    }

    /// Closes the open elements from a depth on.
    fn close(&mut self, depth: usize, start: usize, end: usize) {
        self.open.truncate(depth);
        let around = self.open.last().map(|&(_, inside, _)| inside).unwrap_or_default();
        self.turn(around, start, end, Seam::Line);
    }

    /// The regions of a start tag, between which attributes are text.
    fn tag(&mut self, tag: &Tag<'t>, quiet: bool) {
        if self.quiet.any() {
            return;
        }
        let seam = tag.seam();
        let mut from = tag.start;
        if !quiet {
            for attribute in &tag.attributes {
                if attribute.value.is_ascii() || !tag.shows(attribute, self.chosen) {
                    continue;
                }
                self.out.push(Region::of(Kind::Html, from, attribute.at, Seam::Nothing).aside(Aside::Begins));
                from = attribute.at + attribute.value.len();
                let mut at = attribute.at;
                while let Some(found) = self.source.find(at, from, "&") {
                    at = self.reference(found, from);
                }
            }
        }
        let mut last = Region::of(Kind::Html, from, tag.end, seam);
        if from > tag.start {
            last = last.aside(Aside::Ends);
        }
        let opens = !tag.empty && !is_in(tag.name, VOID);
        self.out.push(if opens { last.opening() } else { last });
    }
}

/// Reads a declaration such as a document type, whose `<!` is read; or says where it stops being one.
fn declaration(source: Source<'_>, mut at: usize, limit: usize) -> Result<usize, usize> {
    let mut depth = 0usize;
    while at < limit {
        match source.byte(at) {
            quote @ (b'"' | b'\'') => at = source.skip(at + 1, limit, |byte| byte != quote),
            b'[' => depth += 1,
            b']' => depth = depth.saturating_sub(1),
            b'>' if depth == 0 => return Ok(at + 1),
            b'<' if depth == 0 => return Err(at),
            _ => {}
        }
        at += 1;
    }
    Err(at.min(limit))
}

/// Reads a tag; or says where it stops being one.
fn tag(source: Source<'_>, start: usize, limit: usize) -> Result<Tag<'_>, usize> {
    let closes = source.byte(start + 1) == b'/';
    let name = start + 1 + usize::from(closes);
    if !source.byte(name).is_ascii_alphabetic() {
        return Err(name);
    }
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b':');
    let mut at = source.skip(name, limit, in_name);
    let mut tag = Tag { name: source.get(name, at), start, end: at, closes, empty: false, attributes: Vec::new() };
    // `<https://…>` is an address.
    if source.before(at) == b':' || !matches!(source.byte(at), b'/' | b'>' | b' ' | b'\t' | b'\n' | b'\r' | 0x0C) {
        return Err(at);
    }
    loop {
        at = source.skip(at, limit, |byte| byte.is_ascii_whitespace() || byte == b'/');
        if at >= limit {
            return Err(at);
        }
        match source.byte(at) {
            b'>' => {
                tag.empty = source.before(at) == b'/';
                tag.end = at + 1;
                return Ok(tag);
            }
            b'<' => return Err(at),
            _ => {}
        }
        let from = at;
        let in_name = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'=' | b'/');
        // A stray `=` begins a name.
        at = source.skip(at + usize::from(source.byte(at) == b'='), limit, in_name);
        let name = source.get(from, at);
        if at == from {
            return Err(at);
        }
        let equals = source.skip_blanks(at, limit);
        if equals >= limit || source.byte(equals) != b'=' {
            tag.attributes.push(Attribute { name, value: "", at });
            continue;
        }
        at = source.skip_blanks(equals + 1, limit);
        let (value, end, next) = match source.byte(at) {
            quote @ (b'"' | b'\'') => {
                let end = source.skip(at + 1, limit, |byte| byte != quote);
                (at + 1, end, end + 1)
            }
            _ => {
                let end = source.skip(at, limit, |byte| !byte.is_ascii_whitespace() && byte != b'>' && byte != b'<');
                (at, end, end)
            }
        };
        if end >= limit {
            return Err(limit);
        }
        tag.attributes.push(Attribute { name, value: source.get(value, end), at: value });
        at = next;
    }
}
