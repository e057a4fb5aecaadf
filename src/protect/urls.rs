//! Addresses on the net, of e-mail, and paths of files.
//!
//! Chinese text puts no blank around an address: 见https://example.com查看. So Chinese characters belong to an address only
//! where it cannot end: behind `/`, `=`, `#`, `-` and other marks, and from there on up to the next blank or Chinese mark.

use super::source::{Held, Source};
use super::{Kind, Region, Seam};

/// Finds addresses, paths or both outside of the regions that are held.
pub(super) fn scan(source: Source<'_>, held: &[Region], urls: bool, paths: bool, out: &mut Vec<Region>) {
    let mut held = Held::new(held);
    // Nothing is found twice: an address starts where the last one ends, or later.
    let (mut at, mut done) = (0, 0);
    while at < source.len() {
        if let Some(region) = held.at(at) {
            at = region.end;
            done = at;
            continue;
        }
        let limit = held.next_start(source.len()).max(at + 1);
        let url = if urls { url(source, at, done, limit) } else { None };
        let found = url.map(|found| (found, Kind::Urls)).or_else(|| {
            let path = if paths { path(source, at, done, limit) } else { None };
            path.map(|found| (found, Kind::Paths))
        });
        match found {
            Some(((start, end), kind)) if start >= done && end > at => {
                out.push(Region::of(kind, start, end, Seam::Object));
                at = end;
                done = end;
            }
            _ => {
                let plain = |byte: u8| !matches!(byte, b':' | b'w' | b'W' | b'@' | b'/' | b'\\' | b'~' | b'.');
                at = source.skip(at + 1, limit, plain);
            }
        }
    }
}

/// An address whose first mark stands at `at`.
fn url(source: Source<'_>, at: usize, done: usize, limit: usize) -> Option<(usize, usize)> {
    let (start, from) = match source.byte(at) {
        b':' => scheme(source, at, done)?,
        b'w' | b'W' if source.has_name(at, "www.") && !source.before(at).is_ascii_alphanumeric() => (at, at + 4),
        b'@' => return mail(source, at, done, limit),
        _ => return None,
    };
    let end = tail(source, from, limit, url_byte);
    (end > from).then_some((start, end))
}

/// Where the address starts whose scheme ends with the `:` at `at`, and where it goes on.
fn scheme(source: Source<'_>, at: usize, done: usize) -> Option<(usize, usize)> {
    let mut start = at;
    while start > done.max(at.saturating_sub(32)) && {
        let byte = source.before(start);
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
    } {
        start -= 1;
    }
    // A scheme starts with a letter.
    start = source.skip(start, at, |byte| !byte.is_ascii_alphabetic());
    if source.has(at, "://") {
        return (at >= start + 2).then_some((start, at + 3));
    }
    let known = ["mailto", "magnet", "data", "tel", "urn"];
    let known = known.iter().find(|name| at >= name.len() && source.has_name(at - name.len(), name))?;
    let start = at - known.len();
    let next = source.byte(at + 1);
    let free = start >= done && !source.before(start).is_ascii_alphanumeric();
    (free && (next.is_ascii_alphanumeric() || matches!(next, b'?' | b'+'))).then_some((start, at + 1))
}

fn url_byte(byte: u8) -> bool {
    byte.is_ascii_graphic() && !matches!(byte, b'<' | b'>' | b'"' | b'`' | b'|' | b'\\' | b'^' | b'[' | b']')
}

/// Whether a character that is not ASCII may stand in an address: letters and digits, of any script.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() && !matches!(c, '\u{FF00}'..='\u{FF60}')
}

/// The end of an address or path that is read up to `at`.
fn tail(source: Source<'_>, from: usize, limit: usize, holds: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    // The last place where it may end.
    let mut end = from;
    let mut depth = [0usize; 2];
    while at < limit {
        let byte = source.byte(at);
        if byte < 0x80 {
            let bracket = usize::from(matches!(byte, b'{' | b'}'));
            let open = depth.get_mut(bracket);
            match (byte, open) {
                (b'(' | b'{', Some(open)) => *open += 1,
                (b')' | b'}', Some(open)) if *open == 0 => break,
                (b')' | b'}', Some(open)) => *open -= 1,
                _ if !holds(byte) => break,
                _ => {}
            }
            at += 1;
            // What ends a sentence does not end an address.
            if !matches!(byte, b'.' | b',' | b';' | b':' | b'!' | b'?' | b'\'' | b'*' | b'_' | b'~' | b'(' | b'{') {
                end = at;
            }
            continue;
        }
        let Some(c) = source.char(at).filter(|&c| is_letter(c)) else { break };
        // Behind what may end an address, text begins; but 头发.中国 goes on.
        let before = source.before(at);
        let ends = match before {
            b'.' => at.checked_sub(1).is_none_or(|dot| source.before(dot) < 0x80),
            b',' | b';' | b'!' | b')' | b'}' | b'\'' => true,
            _ => before.is_ascii_alphanumeric(),
        };
        if at > from && ends {
            break;
        }
        at += c.len_utf8();
        end = at;
    }
    end.min(limit)
}

/// An e-mail address around an `@`.
fn mail(source: Source<'_>, at: usize, done: usize, limit: usize) -> Option<(usize, usize)> {
    let local = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'%' | b'+' | b'-');
    let mut start = at;
    while start > done.max(at.saturating_sub(64)) && local(source.before(start)) {
        start -= 1;
    }
    let end =
        source.skip(at + 1, limit.min(at + 256), |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let domain = source.get(at + 1, end).trim_end_matches(['.', '-']);
    (start < at && domain.contains('.') && !domain.starts_with('.')).then_some((start, at + 1 + domain.len()))
}

/// A path whose first separator stands at `at`.
fn path(source: Source<'_>, at: usize, done: usize, limit: usize) -> Option<(usize, usize)> {
    let free = |at: usize| {
        at == done || matches!(source.before(at), b' ' | b'\n' | b'\t' | b'"' | b'\'' | b'(' | b'=' | b'[' | b'`')
    };
    let drive = |at: usize| at > done && source.before(at).is_ascii_alphabetic() && free(at - 1);
    let (start, from) = match source.byte(at) {
        b':' if matches!(source.byte(at + 1), b'\\' | b'/') && drive(at) => (at - 1, at + 2),
        b'\\' if source.has(at, "\\\\") && free(at) => (at, at + 2),
        b'~' if source.byte(at + 1) == b'/' && free(at) => (at, at + 2),
        b'.' if source.has(at, "./") && free(at) => (at, at + 2),
        b'.' if source.has(at, "../") && free(at) => (at, at + 3),
        b'/' if free(at) && source.byte(at + 1) != b'/' => (at, at + 1),
        _ => return None,
    };
    let holds = |byte: u8| {
        byte.is_ascii_graphic()
            && !matches!(
                byte,
                b'<' | b'>' | b'"' | b'\'' | b'`' | b'|' | b'*' | b'?' | b';' | b',' | b':' | b'[' | b']'
            )
    };
    let end = tail(source, from, limit, holds);
    // `/` alone, or before one name, is a mark between words more often than a path.
    let single = source.byte(start) == b'/' && !source.get(from, end).contains('/');
    (end > from && !single).then_some((start, end))
}
