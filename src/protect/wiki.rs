//! MediaWiki, as far as it tells text from markup; HTML and `<nowiki>` are found before.
//!
//! A target stays, also where it is the text: `[[头发]]` names a page, and only the wiki knows whether `[[頭髮]]` leads there.

use super::source::{Budget, Held, Source};
use super::{Aside, Kind, Region, Seam};

/// Templates whose parameters are rules of conversion.
const RULES: &[&str] = &["NoteTA", "noteTA", "CGroup", "Cgroup", "Lang", "lang", "Langwithname", "lan"];
/// Prefixes of pages that are shown with a caption.
const FILES: &[&str] = &["file:", "image:", "media:", "文件:", "图像:", "图片:", "檔案:", "圖像:", "圖片:", "档案:"];

fn region(start: usize, end: usize, seam: Seam) -> Region {
    Region::of(Kind::Wiki, start, end, seam)
}

/// What is open.
#[derive(Debug, Clone, Copy)]
enum Open {
    /// `-{`, which starts here.
    Rule(usize),
    /// `{{`: which of the regions found is its beginning, and where it starts.
    Template { first: usize, start: usize, rules: bool },
    /// `[[target|`: which of the regions found is its beginning.
    Link { first: usize, aside: bool },
    /// `[https://… `.
    Outside { first: usize },
}

/// Finds markup outside of the regions that are held.
pub(super) fn scan(source: Source<'_>, held: &[Region], budget: &mut Budget, out: &mut Vec<Region>) {
    let mut held = Held::new(held);
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    while at < source.len() {
        if let Some(region) = held.at(at) {
            at = region.end;
            continue;
        }
        let line = at == 0 || source.before(at) == b'\n';
        at = match source.byte(at) {
            b'-' if source.has(at, "-{") && !source.has(at, "-{{") => {
                open.push(Open::Rule(at));
                at + 2
            }
            b'}' if source.has(at, "}-") && open.iter().rev().take(64).any(|open| matches!(open, Open::Rule(_))) => {
                close_rule(at, &mut open, out)
            }
            b'{' if line && source.byte(at + 1) == b'|' => table(source, at, out),
            b'|' if line && !matches!(open.last(), Some(Open::Template { .. })) => table(source, at, out),
            b'{' if source.byte(at + 1) == b'{' => template(source, at, &mut open, out),
            b'}' if source.byte(at + 1) == b'}' => close_template(source, at, &mut open, out),
            b'|' if matches!(open.last(), Some(Open::Template { .. })) => {
                let end = parameter(source, at + 1);
                out.push(region(at, end, Seam::Line));
                end
            }
            b'[' => link(source, at, budget, &mut open, out),
            b']' => close_link(source, at, &mut open, out),
            b'\'' => {
                let end = source.skip(at, source.len(), |byte| byte == b'\'');
                if matches!(end - at, 2 | 3 | 5) {
                    out.push(region(at, end, Seam::Nothing));
                }
                end
            }
            b'_' if source.byte(at + 1) == b'_' => {
                let end =
                    source.skip(at + 2, (at + 40).min(source.len()), |byte| byte >= 0x80 || byte.is_ascii_alphabetic());
                if end > at + 2 && source.has(end, "__") {
                    out.push(region(at, end + 2, Seam::Object));
                    end + 2
                } else {
                    at + 1
                }
            }
            _ => {
                let plain = |byte: u8| !matches!(byte, b'-' | b'{' | b'}' | b'|' | b'[' | b']' | b'\'' | b'_' | b'\n');
                source.skip(at + 1, held.next_start(source.len()).max(at + 1), plain)
            }
        };
    }
    for open in open {
        open.is_text(out);
    }
}

impl Open {
    /// What is not closed is text.
    fn is_text(self, out: &mut [Region]) {
        if let Self::Template { first, .. } | Self::Link { first, .. } | Self::Outside { first } = self
            && let Some(region) = out.get_mut(first)
        {
            region.end = region.start;
        }
    }
}

fn close_rule(at: usize, open: &mut Vec<Open>, out: &mut Vec<Region>) -> usize {
    while let Some(last) = open.pop() {
        if let Open::Rule(start) = last {
            out.push(region(start, at + 2, Seam::Object));
            break;
        }
        last.is_text(out);
    }
    at + 2
}

/// A line of a table: its beginning, its rows with their attributes, its end; of cells the mark.
fn table(source: Source<'_>, at: usize, out: &mut Vec<Region>) -> usize {
    let end = match (source.byte(at), source.byte(at + 1)) {
        (b'{', _) | (_, b'-') => source.line_end(at),
        (_, b'}') => at + 2,
        _ => at + 1,
    };
    out.push(region(at, end, Seam::Line));
    end
}

/// `{{name|`, `{{name}}`, `{{{parameter|`.
fn template(source: Source<'_>, start: usize, open: &mut Vec<Open>, out: &mut Vec<Region>) -> usize {
    let from = source.skip(start, start + 3, |byte| byte == b'{');
    let limit = source.len().min(from + 256);
    let function = source.skip_blanks(from, limit);
    let function =
        matches!(source.byte(function), b'#') || source.has_name(function, "lc:") || source.has_name(function, "uc:");
    let ends = |byte: u8| matches!(byte, b'|' | b'}' | b'{' | b'[' | b']' | b'<') || function && byte == b':';
    let end = source.skip(from, limit, |byte| !ends(byte));
    if end == from || !source.text.is_char_boundary(end) {
        return from;
    }
    let name = source.get(from, end).trim();
    let rules = RULES.contains(&name);
    open.push(Open::Template { first: out.len(), start, rules });
    let end = match source.byte(end) {
        b'|' => parameter(source, end + 1),
        b':' => end + 1,
        _ => end,
    };
    out.push(region(start, end, Seam::Object));
    end
}

/// Behind the name of a parameter, if it has one.
fn parameter(source: Source<'_>, at: usize) -> usize {
    let limit = source.len().min(at + 128);
    let end =
        source.skip(at, limit, |byte| !matches!(byte, b'=' | b'|' | b'}' | b'{' | b'[' | b']' | b'<' | b'\'' | b'"'));
    if source.byte(end) == b'=' && end < limit { end + 1 } else { at }
}

fn close_template(source: Source<'_>, at: usize, open: &mut Vec<Open>, out: &mut Vec<Region>) -> usize {
    if let Some(&Open::Template { first, start, rules }) = open.last() {
        open.pop();
        let end = source.skip(at, at + if source.has(start, "{{{") { 3 } else { 2 }, |byte| byte == b'}');
        if rules {
            out.truncate(first);
            out.push(region(start, end, Seam::Object));
        } else {
            out.push(region(at, end, Seam::Object));
        }
        return end;
    }
    at + 2
}

/// `[[target|`, `[[target]]`, `[https://… `.
fn link(source: Source<'_>, at: usize, budget: &mut Budget, open: &mut Vec<Open>, out: &mut Vec<Region>) -> usize {
    if source.byte(at + 1) != b'[' {
        let limit = source.len().min(at + 2048);
        let end = source.skip(at + 1, limit, |byte| byte > b' ' && !matches!(byte, b']' | b'[' | b'<'));
        let address = source.get(at + 1, end);
        if !(address.contains("://") || address.starts_with("//") || address.starts_with("mailto:")) {
            budget.spend(at, end);
            return at + 1;
        }
        if source.byte(end) == b' ' {
            open.push(Open::Outside { first: out.len() });
            out.push(region(at, end + 1, Seam::Nothing).opening());
        }
        return end;
    }
    let from = at + 2;
    let target = |from: usize| {
        source.skip(from, source.len().min(from + 512), |byte| {
            !matches!(byte, b'|' | b']' | b'[' | b'{' | b'}' | b'<' | b'\n')
        })
    };
    let mut end = target(from);
    let name = source.get(from, end).trim_start().to_lowercase();
    match source.byte(end) {
        b']' if source.has(end, "]]") => {
            let page = name.contains(':') && !name.starts_with(':');
            out.push(region(at, end + 2, if page { Seam::Line } else { Seam::Object }));
            end + 2
        }
        b'|' => {
            let file = FILES.iter().any(|prefix| name.starts_with(prefix));
            if file || name.starts_with("category:") || name.starts_with("分类:") || name.starts_with("分類:") {
                // Options, up to the caption.
                loop {
                    let next = target(end + 1);
                    if source.byte(next) != b'|' {
                        break;
                    }
                    end = next;
                }
            }
            open.push(Open::Link { first: out.len(), aside: file });
            let begin = region(at, end + 1, Seam::Nothing);
            out.push(if file { begin.aside(Aside::Begins) } else { begin.opening() });
            end + 1
        }
        _ => from,
    }
}

fn close_link(source: Source<'_>, at: usize, open: &mut Vec<Open>, out: &mut Vec<Region>) -> usize {
    match open.last() {
        Some(&Open::Link { aside, .. }) if source.byte(at + 1) == b']' => {
            open.pop();
            let end = region(at, at + 2, Seam::Nothing);
            out.push(if aside { end.aside(Aside::Ends) } else { end });
            at + 2
        }
        Some(Open::Outside { .. }) => {
            open.pop();
            out.push(region(at, at + 1, Seam::Nothing));
            at + 1
        }
        _ => at + 1,
    }
}
