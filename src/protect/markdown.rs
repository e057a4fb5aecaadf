//! Markdown: CommonMark, with GitHub's strikethrough and footnotes, `==marks==` and `{#id}` of headings.
//!
//! Blocks are told line by line. Emphasis is simpler than in CommonMark: marks are paired when they have the same length.
//! Marks without a partner are text.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Budget, Held, Source};
use super::{Aside, Kind, Region, Seam};

/// The labels that are defined.
pub(super) type Labels = BTreeSet<String>;

/// A label as references compare them.
fn label(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn region(start: usize, end: usize, seam: Seam) -> Region {
    Region::of(Kind::Markdown, start, end, seam)
}

/// Finds front matter, code and reference definitions; returns the labels that are defined.
pub(super) fn blocks(source: Source<'_>, out: &mut Vec<Region>) -> Labels {
    let mut labels = Labels::new();
    let mut at = front_matter(source);
    if at > 0 {
        out.push(region(0, at, Seam::Line));
    }
    // Where the paragraph starts that lines are added to.
    let mut paragraph = at;
    // A list is open: what is indented belongs to it.
    let mut list = false;
    let mut blank = true;
    // The last line is one of a quote.
    let mut quote = false;
    let mut code = false;
    while at < source.len() {
        let end = source.line_end(at);
        let next = (end + 1).min(source.len());
        let Start { at: content, marked, quoted, indent } = content(source, at, end, list);
        let is_blank = source.get(content, end).trim_ascii().is_empty();
        if code {
            if indent >= 4 || is_blank {
                if !is_blank {
                    paragraph = next;
                    if let Some(last) = out.last_mut() {
                        last.end = next;
                    }
                }
                at = next;
                blank = is_blank;
                continue;
            }
            code = false;
            paragraph = at;
        }
        let deep = indent >= 4 && (marked || !list);
        if let Some((mark, length)) = fence(source, content, end).filter(|_| !deep) {
            spans(source, paragraph, at, out);
            // A quote or an item of a list ends what it holds.
            let around = match source.get(at, content) {
                _ if quoted => Around::Quote,
                prefix if marked => Around::Item(prefix.len()),
                _ => Around::Nothing,
            };
            at = fence_end(source, next, mark, length, around);
            out.push(region(content, at, Seam::Line));
            paragraph = at;
            blank = true;
            continue;
        }
        let begins = marked || quoted && !quote;
        if begins || heading(source, content, end) {
            spans(source, paragraph, at, out);
            paragraph = at;
        }
        quote = quoted;
        if is_blank {
            spans(source, paragraph, at, out);
            paragraph = next;
        } else if deep && (blank || begins) {
            list |= marked;
            spans(source, paragraph, at, out);
            out.push(region(at, next, Seam::Line));
            code = true;
            paragraph = next;
        } else {
            if marked {
                list = true;
            } else if indent == 0 && blank {
                list = false;
            }
            if source.byte(content) == b'[' && definition(source, content, end, &mut labels, out) {
                spans(source, paragraph, at, out);
                paragraph = next;
            }
        }
        // What cannot go on with the next line ends a paragraph as an empty line does.
        blank = is_blank || heading(source, content, end);
        if blank && paragraph < next {
            spans(source, paragraph, next, out);
            paragraph = next;
        }
        at = next;
    }
    spans(source, paragraph, source.len(), out);
    out.sort_by_key(|region| region.start);
    super::merge(out);
    labels
}

/// The end of the front matter, between lines of `---` or `+++`; zero if there is none.
fn front_matter(source: Source<'_>) -> usize {
    let mark = match source.get(0, 3) {
        mark @ ("---" | "+++") => mark,
        _ => return 0,
    };
    let mut at = source.line_end(0) + 1;
    if source.get(3, at - 1).trim_end() != "" {
        return 0;
    }
    while at < source.len() {
        let end = source.line_end(at);
        let line = source.get(at, end).trim_end();
        if line == mark || line == "..." {
            return (end + 1).min(source.len());
        }
        at = end + 1;
    }
    0
}

/// How a line starts.
#[derive(Debug, Clone, Copy, Default)]
struct Start {
    /// Where its content starts, behind blanks and marks of quotes and lists.
    at: usize,
    /// It is an item of a list.
    marked: bool,
    /// It is a line of a quote.
    quoted: bool,
    /// How many blanks stand before the content, or behind the blank that belongs to the last mark.
    indent: usize,
}

/// `list` says whether an indented line may belong to a list; else it is code.
fn content(source: Source<'_>, at: usize, end: usize, list: bool) -> Start {
    let mut start = Start { at, ..Start::default() };
    loop {
        let from = start.at;
        start.at = source.skip(from, end, |byte| matches!(byte, b' ' | b'\t'));
        let width = |byte| if byte == b'\t' { 4 } else { 1 };
        let blanks: usize = source.get(from, start.at).bytes().map(width).sum();
        start.indent = blanks.saturating_sub(usize::from(start.marked || start.quoted));
        let digits = source.skip(start.at, end.min(start.at + 9), |byte| byte.is_ascii_digit());
        let mark = match source.byte(start.at) {
            _ if start.indent >= 4 && (start.marked || start.quoted || !list) => return start,
            b'>' => {
                start.quoted = true;
                start.at += 1;
                continue;
            }
            b'-' | b'*' | b'+' => start.at,
            _ if digits > start.at && matches!(source.byte(digits), b'.' | b')') => digits,
            _ => return start,
        };
        if mark + 1 < end && !matches!(source.byte(mark + 1), b' ' | b'\t') {
            return start;
        }
        start.marked = true;
        start.at = (mark + 1).min(end);
        if start.at == end {
            start.indent = 0;
            return start;
        }
    }
}

/// Whether a line's content is a heading with `#`, or a rule.
fn heading(source: Source<'_>, at: usize, end: usize) -> bool {
    let text = source.skip(at, end, |byte| byte == b'#');
    let mark = source.byte(at);
    let rule = |byte: u8| byte == mark || matches!(byte, b' ' | b'\t' | b'\r');
    (1..=6).contains(&(text - at)) && (text == end || matches!(source.byte(text), b' ' | b'\t'))
        || matches!(mark, b'-' | b'*' | b'_')
            && source.skip(at, end, rule) == end
            && source.get(at, end).bytes().filter(|&byte| byte == mark).count() >= 3
}

/// The mark of a fence and its length.
fn fence(source: Source<'_>, at: usize, end: usize) -> Option<(u8, usize)> {
    let mark = source.byte(at);
    if !matches!(mark, b'`' | b'~') {
        return None;
    }
    let info = source.skip(at, end, |byte| byte == mark);
    let code_span = mark == b'`' && source.get(info, end).contains('`');
    (info - at >= 3 && !code_span).then_some((mark, info - at))
}

/// What a fence stands in.
#[derive(Debug, Clone, Copy)]
enum Around {
    Nothing,
    Quote,
    /// An item of a list whose content is indented by so much.
    Item(usize),
}

/// Behind the line that closes a fence, or where the block ends that it stands in; else the end of the text.
fn fence_end(source: Source<'_>, mut at: usize, mark: u8, length: usize, around: Around) -> usize {
    while at < source.len() {
        let end = source.line_end(at);
        let from = source.skip(at, end, |byte| matches!(byte, b' ' | b'\t'));
        let inside = match around {
            Around::Nothing => true,
            Around::Quote => source.byte(from) == b'>',
            Around::Item(indent) => from - at >= indent || from == end || source.byte(at) == b'\t',
        };
        if !inside {
            return at;
        }
        let quote = matches!(around, Around::Quote);
        let from = source.skip(from, end, |byte| matches!(byte, b' ' | b'\t') || quote && byte == b'>');
        let to = source.skip(from, end, |byte| byte == mark);
        at = (end + 1).min(source.len());
        if to - from >= length && source.get(to, end).trim_ascii().is_empty() {
            return at;
        }
    }
    source.len()
}

/// A definition of a reference or a footnote.
fn definition(source: Source<'_>, at: usize, end: usize, labels: &mut Labels, out: &mut Vec<Region>) -> bool {
    let close = source.skip(at + 1, end.min(at + 999), |byte| !matches!(byte, b']' | b'['));
    if source.byte(close) != b']' || source.byte(close + 1) != b':' || close == at + 1 {
        return false;
    }
    if source.byte(at + 1) == b'^' {
        out.push(region(at, close + 2, Seam::Line));
        return false;
    }
    let target = source.skip_blanks(close + 2, end);
    let behind = target_end(source, target, end);
    let Some(behind) = behind.filter(|&behind| behind > target) else { return false };
    let title = source.skip_blanks(behind, end);
    let last = source.get(title, end).trim_end();
    let quoted = last.len() >= 2
        && matches!(
            (last.as_bytes().first(), last.as_bytes().last()),
            (Some(b'"'), Some(b'"')) | (Some(b'\''), Some(b'\'')) | (Some(b'('), Some(b')'))
        );
    if !last.is_empty() && !quoted {
        return false;
    }
    labels.insert(label(source.get(at + 1, close)));
    if last.is_ascii() {
        out.push(region(at, end, Seam::Line));
    } else {
        out.push(region(at, title + 1, Seam::Nothing).aside(Aside::Begins));
        out.push(region(title + last.len() - 1, end, Seam::Line).aside(Aside::Ends));
    }
    true
}

/// The end of a link's target, which may be empty; nothing if there is none that is well formed.
fn target_end(source: Source<'_>, at: usize, end: usize) -> Option<usize> {
    if source.byte(at) == b'<' {
        let close = source.skip(at + 1, end, |byte| !matches!(byte, b'>' | b'<' | b'\n'));
        return (close < end && source.byte(close) == b'>').then_some(close + 1);
    }
    let mut depth = 0usize;
    let mut here = at;
    while here < end {
        match source.byte(here) {
            b'\\' if source.byte(here + 1).is_ascii_punctuation() => here += 1,
            b'(' => depth += 1,
            b')' if depth == 0 => break,
            b')' => depth -= 1,
            byte if byte.is_ascii_whitespace() || byte.is_ascii_control() => break,
            _ => {}
        }
        here += 1;
    }
    (depth == 0).then_some(here.min(end))
}

/// Code spans of a paragraph.
fn spans(source: Source<'_>, from: usize, to: usize, out: &mut Vec<Region>) {
    // The runs of backticks, and for each the next one of its length.
    let mut runs: Vec<(usize, usize, bool)> = Vec::new();
    let mut at = from;
    while let Some(start) = source.find(at, to, "`") {
        let end = source.skip(start, to, |byte| byte == b'`');
        let backslashes = source.get(from, start).bytes().rev().take(64).take_while(|&byte| byte == b'\\').count();
        runs.push((start, end, backslashes % 2 == 1));
        at = end;
    }
    let mut later: BTreeMap<usize, usize> = BTreeMap::new();
    let mut next = vec![None; runs.len()];
    for (n, &(start, end, escaped)) in runs.iter().enumerate().rev() {
        let length = end - start - usize::from(escaped);
        if let Some(next) = next.get_mut(n) {
            *next = later.get(&length).copied().filter(|_| length > 0);
        }
        later.insert(end - start, n);
    }
    let mut n = 0;
    while let Some(&(start, _, escaped)) = runs.get(n) {
        if let Some(closer) = next.get(n).copied().flatten()
            && let Some(&(_, end, _)) = runs.get(closer)
        {
            out.push(region(start + usize::from(escaped), end, Seam::Object));
            n = closer;
        }
        n += 1;
    }
}

/// A mark of emphasis that may open.
type Openers = BTreeMap<(u8, usize), usize>;

/// Finds links, images, emphasis, autolinks and footnote marks outside of what is held.
pub(super) fn inlines(
    source: Source<'_>,
    held: &[Region],
    labels: &Labels,
    budget: &mut Budget,
    out: &mut Vec<Region>,
) {
    let mut held = Held::new(held);
    let mut brackets: Vec<(usize, bool)> = Vec::new();
    let mut openers = Openers::new();
    let mut at = 0;
    while at < source.len() {
        if let Some(region) = held.at(at) {
            if region.seam == Seam::Line {
                brackets.clear();
                openers.clear();
            }
            at = region.end;
            continue;
        }
        match source.byte(at) {
            b'\\' if source.byte(at + 1).is_ascii_punctuation() => at += 2,
            b'\n' => {
                at += 1;
                let end = source.line_end(at);
                let Start { at: text, marked, .. } = content(source, at, end, true);
                if marked || source.get(text, end).trim_ascii().is_empty() || heading(source, text, end) {
                    brackets.clear();
                    openers.clear();
                }
            }
            b'!' if source.byte(at + 1) == b'[' => {
                brackets.push((at, true));
                at += 2;
            }
            b'[' => {
                brackets.push((at, false));
                at += 1;
            }
            b']' => {
                at = match brackets.pop() {
                    Some((open, image)) => link(source, open, image, at, labels, budget, out),
                    None => at + 1,
                };
            }
            b'<' => {
                let end = source.skip(at + 1, (at + 2048).min(source.len()), |byte| {
                    !matches!(byte, b'>' | b'<') && !byte.is_ascii_whitespace()
                });
                let inside = source.get(at + 1, end);
                let scheme =
                    source.skip(at + 1, end, |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'.' | b'-'));
                let address =
                    source.byte(scheme) == b':' && scheme > at + 2 || inside.is_ascii() && inside.contains('@');
                if source.byte(end) == b'>' && address {
                    out.push(region(at, end + 1, Seam::Object));
                    at = end;
                }
                at += 1;
            }
            b'{' if matches!(source.byte(at + 1), b'#' | b'.') => {
                let end = source.skip(at, (at + 128).min(source.len()), |byte| !matches!(byte, b'}' | b'\n'));
                let line = source.skip(end + 1, source.len(), |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'#'));
                if source.byte(end) == b'}' && matches!(source.byte(line), b'\n' | 0) {
                    out.push(region(at, end + 1, Seam::Object));
                    at = end;
                }
                at += 1;
            }
            mark @ (b'*' | b'_' | b'~' | b'=') => {
                let end = source.skip(at, source.len(), |byte| byte == mark);
                emphasis(source, mark, at, end, &mut openers, out);
                at = end;
            }
            _ => {
                let plain = |byte: u8| {
                    !matches!(byte, b'\\' | b'\n' | b'!' | b'[' | b']' | b'<' | b'{' | b'*' | b'_' | b'~' | b'=')
                };
                at = source.skip(at + 1, held.next_start(source.len()).max(at + 1), plain);
            }
        }
    }
}

fn emphasis(source: Source<'_>, mark: u8, start: usize, end: usize, openers: &mut Openers, out: &mut Vec<Region>) {
    let length = end - start;
    if length > 3 || mark == b'=' && length != 2 || mark == b'~' && length > 2 {
        return;
    }
    let (before, after) = (source.char_before(start), source.char(end));
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let opens = !blank(after) && (mark != b'_' || !word(before));
    let closes = !blank(before) && (mark != b'_' || !word(after));
    if closes && let Some(from) = openers.remove(&(mark, length)) {
        if from + length < start {
            out.push(region(from, from + length, Seam::Nothing).opening());
            out.push(region(start, end, Seam::Nothing));
        }
    } else if opens {
        openers.insert((mark, length), start);
    }
}

/// A link or image whose text ends at `close`; returns where to go on.
fn link(
    source: Source<'_>,
    open: usize,
    image: bool,
    close: usize,
    labels: &Labels,
    budget: &mut Budget,
    out: &mut Vec<Region>,
) -> usize {
    let text = open + 1 + usize::from(image);
    // A longer label is none.
    let short = close - text < 1000;
    if !image
        && short
        && source.byte(text) == b'^'
        && close > text + 1
        && !source.get(text, close).contains(char::is_whitespace)
    {
        out.push(region(open, close + 1, Seam::Object));
        return close + 1;
    }
    let defined = |from: usize, to: usize| {
        !labels.is_empty() && to - from < 1000 && labels.contains(&label(source.get(from, to)))
    };
    let mut title = None;
    let end = match source.byte(close + 1) {
        b'(' => match target(source, close + 2, budget.reach(close, source.len())) {
            Ok((end, found)) => {
                title = found;
                Some(end)
            }
            Err(stop) => {
                budget.spend(close, stop);
                None
            }
        },
        b'[' => {
            let end =
                source.skip(close + 2, (close + 1002).min(source.len()), |byte| !matches!(byte, b']' | b'[' | b'\n'));
            let label = if end == close + 2 { (text, close) } else { (close + 2, end) };
            (source.byte(end) == b']' && defined(label.0, label.1) && end > close + 2).then_some(end + 1)
        }
        _ => None,
    };
    let Some(end) = end else {
        // `[label]` and `[label][]` show what they are found by.
        if short && defined(text, close) {
            let end = if source.has(close + 1, "[]") { close + 3 } else { close + 1 };
            out.push(region(open, end, Seam::Object));
            return end;
        }
        return close + 1;
    };
    let seam = if image { Seam::Object } else { Seam::Nothing };
    out.push(if image {
        region(open, text, Seam::Nothing).aside(Aside::Begins)
    } else {
        region(open, text, Seam::Nothing).opening()
    });
    let mut from = close;
    if let Some((start, stop)) = title.filter(|&(start, stop)| !source.get(start, stop).is_ascii()) {
        out.push(region(close, start, Seam::Nothing).aside(Aside::Begins));
        from = stop;
    }
    let last = region(from, end, seam);
    out.push(if image || from > close { last.aside(Aside::Ends) } else { last });
    end
}

/// Skips blanks and one line feed: an empty line ends a paragraph.
fn gap(source: Source<'_>, at: usize, limit: usize) -> usize {
    let blank = |byte: u8| matches!(byte, b' ' | b'\t' | b'\r');
    let at = source.skip(at, limit, blank);
    let line = source.skip(at, limit.min(at + 1), |byte| byte == b'\n');
    if line > at { source.skip(line, limit, blank) } else { at }
}

/// The end of what stands in brackets behind a link's text, and where its title stands; or where it stops being that.
#[allow(clippy::type_complexity, reason = "an end and a range")]
fn target(source: Source<'_>, at: usize, limit: usize) -> Result<(usize, Option<(usize, usize)>), usize> {
    let at = gap(source, at, limit);
    let end =
        target_end(source, at, limit).ok_or_else(|| source.skip(at, limit, |byte| !byte.is_ascii_whitespace()))?;
    let at = gap(source, end, limit);
    let quote = match source.byte(at) {
        b')' if at < limit => return Ok((at + 1, None)),
        b'"' => b'"',
        b'\'' => b'\'',
        b'(' => b')',
        _ => return Err(at),
    };
    let mut here = at + 1;
    while here < limit && source.byte(here) != quote {
        // A title holds no blank line.
        if source.byte(here) == b'\n' && source.byte(source.skip(here + 1, limit, |byte| byte == b' ')) == b'\n' {
            return Err(here);
        }
        here += 1 + usize::from(source.byte(here) == b'\\');
    }
    let close = gap(source, (here + 1).min(limit), limit);
    if close < limit && source.byte(close) == b')' { Ok((close + 1, Some((at + 1, here)))) } else { Err(close) }
}
