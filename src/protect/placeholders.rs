//! What a program replaces in its messages: printf, Python, Rust, .NET, JavaScript, template languages, ICU messages.
//!
//! A single brace is a placeholder only if what stands in it is the name of one, with a format: `{0}`, `{名字:>10}`, not
//! `{头发，胡子}`. The messages inside of ICU's `plural`, `select`, `selectordinal` and `choice` are text.

use super::source::{Budget, Held, Source};
use super::{Kind, Region, Seam};

/// The longest `{{ … }}` and `${ … }`.
const LONG: usize = 2048;
/// The longest placeholder in a single brace that holds no text.
const SHORT: usize = 128;

fn region(start: usize, end: usize, seam: Seam) -> Region {
    Region::of(Kind::Placeholders, start, end, seam)
}

/// Finds placeholders outside of the regions that are held.
pub(super) fn scan(source: Source<'_>, held: &[Region], budget: &mut Budget, out: &mut Vec<Region>) {
    let mut held = Held::new(held);
    let mut tags: Vec<(usize, usize)> = Vec::new();
    let mut at = 0;
    while at < source.len() {
        if let Some(region) = held.at(at) {
            at = region.end;
            continue;
        }
        let limit = budget.reach(at, held.next_start(source.len()));
        let found = match source.byte(at) {
            b'%' => printf(source, at, limit),
            b'$' | b'#' | b'@' if source.byte(at + 1) == b'{' => match balanced(source, at + 1, limit.min(at + LONG)) {
                Ok(end) => Some((end, Seam::Object)),
                Err(stop) => {
                    budget.spend(at, stop);
                    None
                }
            },
            b'{' if matches!(source.byte(at + 1), b'{' | b'%' | b'#') => template(source, at, limit, budget),
            b'{' => match simple(source, at, limit) {
                Some(found) => Some(found),
                None => match message(source, at, limit, out) {
                    Ok(end) => {
                        budget.span(at, end);
                        at = end;
                        continue;
                    }
                    Err(stop) => {
                        budget.spend(at, stop);
                        None
                    }
                },
            },
            b'<' => {
                if let Some(end) = numbered(source, at, limit, &mut tags, budget, out) {
                    at = end;
                    continue;
                }
                None
            }
            _ => {
                let plain = |byte: u8| !matches!(byte, b'%' | b'$' | b'#' | b'@' | b'{' | b'<');
                at = source.skip(at, held.next_start(source.len()), plain).max(at + 1);
                continue;
            }
        };
        match found {
            Some((end, seam)) => {
                out.push(region(at, end, seam));
                at = end;
            }
            None => at += 1,
        }
    }
    // More text may close them.
    if let Some(&(start, _)) = tags.first() {
        budget.undecided(start);
    }
}

/// `%s`, `%1$d`, `%(name)s`, `%-10.2f`, `%@`, `%{name}`, `%1`, `%%`.
fn printf(source: Source<'_>, start: usize, limit: usize) -> Option<(usize, Seam)> {
    let mut at = start + 1;
    match source.byte(at) {
        b'%' => return Some((at + 1, Seam::Object)),
        b'{' | b'(' => {
            let close = if source.byte(at) == b'{' { b'}' } else { b')' };
            let end = source.skip(at + 1, limit.min(at + SHORT), |byte| byte != close && byte != b'\n' && byte != b'%');
            if source.byte(end) != close || end == at + 1 {
                return None;
            }
            at = end + 1;
            if close == b'}' {
                return Some((at, Seam::Object));
            }
        }
        _ => {}
    }
    let limit = limit.min(at + 24);
    let digits = source.skip(at, limit, |byte| byte.is_ascii_digit());
    if digits > at && source.byte(digits) == b'$' {
        at = digits + 1;
    }
    at = source.skip(at, limit, |byte| matches!(byte, b'-' | b'+' | b'#' | b'0' | b'\'' | b','));
    at = source.skip(at, limit, |byte| byte.is_ascii_digit() || byte == b'*');
    if source.byte(at) == b'.' {
        at = source.skip(at + 1, limit, |byte| byte.is_ascii_digit() || byte == b'*');
    }
    let length = source.skip(at, limit, |byte| matches!(byte, b'h' | b'l' | b'L' | b'q' | b'j' | b'z' | b't'));
    match source.byte(length) {
        _ if length >= limit => None,
        b'd' | b'i' | b'u' | b'f' | b'F' | b'e' | b'E' | b'g' | b'G' => Some((length + 1, Seam::Number)),
        b'o' | b'x' | b'X' | b'c' | b'C' | b's' | b'S' | b'p' | b'a' | b'A' | b'n' | b'@' | b'r' | b'v' | b'T'
        | b'b' => Some((length + 1, Seam::Object)),
        // Qt: `%1`, `%L1`.
        _ if digits > start + 1 && at == digits => Some((digits, Seam::Object)),
        _ => None,
    }
}

/// Behind the brace that closes the one at `start`; or how far it was looked for.
fn balanced(source: Source<'_>, start: usize, limit: usize) -> Result<usize, usize> {
    let mut depth = 0usize;
    let mut at = start;
    while at < limit {
        match source.byte(at) {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Ok(at + 1),
            b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
    }
    Err(limit)
}

/// `{{ name }}`, `{{{ name }}}`, `{% tag %}`, `{# comment #}`.
fn template(source: Source<'_>, at: usize, limit: usize, budget: &mut Budget) -> Option<(usize, Seam)> {
    let close = match source.byte(at + 1) {
        b'{' if source.byte(at + 2) == b'{' => "}}}",
        b'{' => "}}",
        b'%' => "%}",
        _ => "#}",
    };
    let limit = limit.min(at + LONG);
    let found = source.find(at + close.len(), limit, close);
    // What opens again was not closed.
    let again = source.find(at + close.len(), found.unwrap_or(limit), source.get(at, at + 2));
    if found.is_none() || again.is_some() {
        budget.spend(at, found.unwrap_or(limit));
        return None;
    }
    found.map(|found| (found + close.len(), Seam::Object))
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '$' | '@' | '*')
}

/// The end of the name of an argument, which may be empty.
fn name_end(source: Source<'_>, mut at: usize, limit: usize) -> usize {
    while at < limit
        && let Some(c) = source.char(at).filter(|&c| is_name(c))
    {
        at += c.len_utf8();
    }
    at
}

/// `{}`, `{0}`, `{name!r:>10}`, `{name, number}`: all that holds no text.
fn simple(source: Source<'_>, start: usize, limit: usize) -> Option<(usize, Seam)> {
    let limit = limit.min(start + SHORT);
    let name = source.skip_blanks(start + 1, limit);
    let mut at = name_end(source, name, limit);
    let named = at > name;
    at = source.skip_blanks(at, limit);
    if source.byte(at) == b'!' && source.byte(at + 1).is_ascii_alphabetic() {
        at += 2;
    }
    match source.byte(at) {
        b'}' if at < limit => Some((at + 1, Seam::Object)),
        b':' if source.byte(at + 1) != b' ' => {
            let end = balanced(source, start, limit).ok()?;
            let format = source.get(at + 1, end - 1);
            let number = format.trim_end().ends_with(['d', 'f', 'n', 'e', 'g']);
            let plain = !format.contains(['"', '\'', '\n', '，', '。', '、']);
            plain.then_some((end, if number { Seam::Number } else { Seam::Object }))
        }
        b',' if named => {
            let kind = source.skip_blanks(at + 1, limit);
            // .NET: `{0,10}`.
            let kind_end = source.skip(kind, limit, |byte| byte.is_ascii_alphanumeric() || byte == b'-');
            let seam = match source.get(kind, kind_end) {
                "number" | "spellout" | "ordinal" => Seam::Number,
                "date" | "time" | "duration" | "list" => Seam::Object,
                width if !width.is_empty() && width.bytes().all(|b| b.is_ascii_digit() || b == b'-') => Seam::Object,
                _ => return None,
            };
            balanced(source, start, limit).ok().map(|end| (end, seam))
        }
        _ => None,
    }
}

/// What is open in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    /// `{n, plural,`: keywords follow, and messages in braces.
    Choices { plural: bool },
    /// The message of a keyword.
    Message { plural: bool },
}

/// An ICU argument with messages inside; its end, or where it stops being one.
fn message(source: Source<'_>, start: usize, limit: usize, out: &mut Vec<Region>) -> Result<usize, usize> {
    let first = out.len();
    let parsed = parse_message(source, start, limit, out);
    if parsed.is_err() {
        out.truncate(first);
    }
    parsed
}

fn parse_message(source: Source<'_>, start: usize, limit: usize, out: &mut Vec<Region>) -> Result<usize, usize> {
    let mut open: Vec<Open> = Vec::new();
    // Where what is no text began.
    let mut from = start;
    let mut at = start;
    loop {
        if at >= limit {
            return Err(limit);
        }
        match open.last().copied() {
            None | Some(Open::Message { .. }) => {
                let plural = matches!(open.last(), Some(Open::Message { plural: true }));
                match source.byte(at) {
                    b'}' => {
                        open.pop();
                        from = at;
                        at += 1;
                    }
                    b'\'' if matches!(source.byte(at + 1), b'{' | b'}' | b'#' | b'|') => {
                        at = source.skip(at + 1, limit, |byte| byte != b'\'') + 1;
                    }
                    b'#' if plural => {
                        out.push(region(at, at + 1, Seam::Number));
                        at += 1;
                    }
                    b'{' => {
                        if let Some((end, seam)) = simple(source, at, limit).filter(|_| at > start) {
                            out.push(region(at, end, seam));
                            at = end;
                            continue;
                        }
                        from = at;
                        let name = source.skip_blanks(at + 1, limit);
                        let end = name_end(source, name, limit.min(name + SHORT));
                        let comma = source.skip_blanks(end, limit);
                        if end == name || source.byte(comma) != b',' {
                            return Err(comma);
                        }
                        let kind = source.skip_blanks(comma + 1, limit);
                        let end = source.skip(kind, limit, |byte| byte.is_ascii_alphabetic());
                        at = source.skip_blanks(end, limit);
                        if source.byte(at) != b',' {
                            return Err(at);
                        }
                        at += 1;
                        match source.get(kind, end) {
                            "plural" | "selectordinal" => open.push(Open::Choices { plural: true }),
                            "select" => open.push(Open::Choices { plural: false }),
                            "choice" if at > start => {
                                at = choice(source, from, at, limit, out)?;
                                if open.is_empty() {
                                    return Ok(at);
                                }
                            }
                            _ => return Err(at),
                        }
                    }
                    _ if open.is_empty() => return Err(at),
                    _ => at += 1,
                }
            }
            Some(Open::Choices { plural }) => {
                at = source.skip_blanks(at, limit);
                match source.byte(at) {
                    b'{' => {
                        at += 1;
                        out.push(region(from, at, Seam::Object));
                        open.push(Open::Message { plural });
                    }
                    b'}' => {
                        at += 1;
                        open.pop();
                        out.push(region(from, at, Seam::Object));
                        if open.is_empty() {
                            return Ok(at);
                        }
                    }
                    _ => {
                        let end = source.skip(at, limit, |byte| {
                            byte >= 0x80
                                || byte.is_ascii_alphanumeric()
                                || matches!(byte, b'=' | b'_' | b'-' | b':' | b'.')
                        });
                        if end == at {
                            return Err(at);
                        }
                        at = end;
                    }
                }
            }
        }
    }
}

/// The style of `{n, choice, 0#none|1#one|1<many {n}}`, from `at` on; the argument starts at `start`.
fn choice(
    source: Source<'_>,
    start: usize,
    mut at: usize,
    limit: usize,
    out: &mut Vec<Region>,
) -> Result<usize, usize> {
    let mut from = start;
    loop {
        // A limit.
        let mark = source.skip(at, limit, |byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.' | b' '));
        match source.char(mark) {
            Some(c @ ('#' | '<' | '≤')) if mark < limit => at = mark + c.len_utf8(),
            _ => return Err(mark),
        }
        out.push(region(from, at, Seam::Object));
        // Its text.
        loop {
            match source.byte(at) {
                _ if at >= limit => return Err(limit),
                b'{' => {
                    let (end, seam) = simple(source, at, limit).ok_or(at)?;
                    out.push(region(at, end, seam));
                    at = end;
                }
                b'}' => {
                    out.push(region(at, at + 1, Seam::Object));
                    return Ok(at + 1);
                }
                b'|' => {
                    from = at;
                    at += 1;
                    break;
                }
                _ => at += 1,
            }
        }
    }
}

/// `<0>`, `</0>` in pairs, and `<0/>`.
fn numbered(
    source: Source<'_>,
    at: usize,
    limit: usize,
    tags: &mut Vec<(usize, usize)>,
    budget: &mut Budget,
    out: &mut Vec<Region>,
) -> Option<usize> {
    let closes = source.byte(at + 1) == b'/';
    let digits = at + 1 + usize::from(closes);
    let end = source.skip(digits, limit.min(digits + 4), |byte| byte.is_ascii_digit());
    if end == digits {
        return None;
    }
    if source.has(end, "/>") && !closes {
        out.push(region(at, end + 2, Seam::Object));
        return Some(end + 2);
    }
    if source.byte(end) != b'>' {
        return None;
    }
    if !closes {
        tags.push((at, end + 1));
    } else if let Some(&(from, to)) = tags.last()
        && source.get(from + 1, to) == source.get(digits, end + 1)
    {
        tags.pop();
        budget.span(from, end + 1);
        out.push(region(from, to, Seam::Nothing).opening());
        out.push(region(at, end + 1, Seam::Nothing));
    }
    Some(end + 1)
}
