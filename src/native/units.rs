//! Units: the pieces in which native routes read a text.
//!
//! A unit is a line, or a part of a long line. It ends
//!
//! 1. behind a line feed;
//! 2. behind the end of a sentence (`。！？!?`, with the closing quotes, brackets and blanks that follow, and a line feed
//!    behind those), once [`SOFT`] bytes are collected;
//! 3. at [`HARD`] bytes at the latest: behind the last character of the second half that is not Han, or else at the last
//!    character that fits.
//!
//! Where a unit ends depends on the text from its start alone, never on how the text arrives. So a stream that converts unit
//! by unit writes what [`Native::convert`](super::Native::convert) writes, and holds back one unit at the most.
//!
//! What a text has shown of its domains is forgotten at the first end of a unit after every [`SPAN`] bytes: chunks of a large
//! text can then be converted side by side.

/// From here on a unit ends with its sentence.
pub(crate) const SOFT: usize = 240;
/// The most bytes that a unit has.
pub(crate) const HARD: usize = 4096;
/// How many bytes share their evidence, up to the end of a unit.
pub(crate) const SPAN: usize = 1 << 20;

/// The units of a text.
#[derive(Debug, Clone)]
pub(crate) struct Units<'t> {
    rest: &'t str,
}

/// The units of a whole text, in order; together they are the text.
pub(crate) fn units(text: &str) -> Units<'_> {
    Units { rest: text }
}

impl<'t> Iterator for Units<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        let (unit, rest) = self.rest.split_at_checked(unit_length(self.rest, true)?)?;
        self.rest = rest;
        Some(unit)
    }
}

/// The length of the unit that `text` starts with. Nothing when it takes more text to know, which `last` rules out.
pub(crate) fn unit_length(text: &str, last: bool) -> Option<usize> {
    let bytes = text.as_bytes();
    let head = bytes.get(..SOFT).unwrap_or(bytes);
    if let Some(at) = line_feed(head) {
        return Some(at + 1);
    }
    // A sentence may end at `SOFT` sharp; its mark starts up to three bytes before.
    let window = bytes.get(..HARD).unwrap_or(bytes);
    let mut at = SOFT - 3;
    // Up to here some mark may stand.
    let mut asked = at;
    while let Some(&byte) = window.get(at) {
        if at >= asked {
            asked = at + BLOCK;
            if window.get(at..).and_then(|rest| rest.first_chunk()).is_some_and(|block| !may_end(block)) {
                at = asked;
                continue;
            }
        }
        let mark = match byte {
            b'\n' => return Some(at + 1),
            b'!' | b'?' => 1,
            0xE3 if bytes.get(at + 1..at + 3) == Some(&[0x80, 0x82]) => 3,
            0xEF if bytes.get(at + 1) == Some(&0xBC) && matches!(bytes.get(at + 2), Some(0x81 | 0x9F)) => 3,
            _ => 0,
        };
        if mark == 0 || at + mark < SOFT {
            at += 1;
            continue;
        }
        match sentence_end(text, at + mark, mark == 1, last) {
            End::At(end) if end <= HARD => return Some(end),
            End::At(_) => break,
            End::No => at += mark,
            End::Open if bytes.len() > HARD => break,
            End::Open => return None,
        }
    }
    // Four bytes more, because the character behind the cut matters too.
    if bytes.len() >= HARD + 4 || last && bytes.len() > HARD {
        return Some(hard_end(text));
    }
    (last && !text.is_empty()).then_some(text.len())
}

/// How many bytes are asked at once.
const BLOCK: usize = 16;

/// Whether a mark or a line feed may start among the bytes of a block, behind which two more are known. All are asked the same, so that
/// the compiler asks them side by side.
fn may_end(block: &[u8; BLOCK + 2]) -> bool {
    let [second, third] = [&block[1..], &block[2..]];
    let bytes = block[..BLOCK].iter().zip(second).zip(third);
    bytes.fold(false, |ends, ((&first, &second), &third)| {
        let full = (second == 0x80) & (third == 0x82) | (second == 0xBC) & ((third == 0x81) | (third == 0x9F));
        ends | (first == b'\n') | (first == b'!') | (first == b'?') | full
    })
}

/// The place of the first line feed, found block by block.
fn line_feed(bytes: &[u8]) -> Option<usize> {
    let (blocks, _) = bytes.as_chunks::<BLOCK>();
    let clear = blocks.iter().position(|block| block.iter().fold(false, |found, &byte| found | (byte == b'\n')));
    let from = clear.unwrap_or(blocks.len()) * BLOCK;
    bytes.get(from..)?.iter().position(|&byte| byte == b'\n').map(|at| from + at)
}

enum End {
    /// The sentence ends here.
    At(usize),
    /// The mark ends no sentence.
    No,
    /// That depends on what follows the text.
    Open,
}

/// Where a sentence ends whose mark ends at `at`.
fn sentence_end(text: &str, at: usize, ascii: bool, last: bool) -> End {
    let rest = text.get(at..).unwrap_or_default();
    let behind = rest.trim_start_matches(|c| is_mark(c) || is_closer(c) || matches!(c, ' ' | '\t' | '\r' | '\u{3000}'));
    let end = text.len() - behind.len();
    match behind.chars().next() {
        Some('\n') => End::At(end + 1),
        // `a?b=1` and `!important` are no sentences.
        Some(next) if ascii && end == at && next.is_ascii_graphic() => End::No,
        None if !last => End::Open,
        _ => End::At(end),
    }
}

const fn is_mark(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?')
}

const fn is_closer(c: char) -> bool {
    matches!(
        c,
        '”' | '’'
            | '」'
            | '』'
            | '）'
            | '》'
            | '〉'
            | '】'
            | '〕'
            | '］'
            | '｝'
            | '"'
            | '\''
            | ')'
            | ']'
            | '}'
            | '…'
    )
}

/// Where a unit ends that no line feed and no sentence ends in time.
fn hard_end(text: &str) -> usize {
    let most = floor(text, HARD);
    let head = text.get(..most).unwrap_or_default();
    let free = head.char_indices().rev().take_while(|&(at, _)| at >= HARD / 2).find_map(|(at, c)| {
        let end = at + c.len_utf8();
        let next = text.get(end..).and_then(|rest| rest.chars().next());
        (!is_han(c) && !is_description(c) && !next.is_some_and(is_selector)).then_some(end)
    });
    free.unwrap_or_else(|| {
        // A character stays with its variation selectors, unless it has hundreds.
        let selectors = text.get(most..).and_then(|rest| rest.chars().next()).is_some_and(is_selector);
        let base = head.char_indices().rev().take(8).find(|&(_, c)| selectors && !is_selector(c));
        base.map_or(most, |(at, _)| at)
    })
}

/// The last character boundary that is not behind `at`.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

const fn is_han(c: char) -> bool {
    matches!(c, '〇' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

const fn is_description(c: char) -> bool {
    matches!(c, '\u{2FF0}'..='\u{2FFF}')
}

const fn is_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' | '\u{300}'..='\u{36F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_end_where_they_should() {
        let long = "汉字".repeat(39); // 234 bytes
        let x = |tail: &str| format!("{long}{tail}");
        // What is read, and the first unit's length.
        let rows: &[(&str, String, usize)] = &[
            ("a line", "一行\n二行\n".to_owned(), 7),
            ("a short line keeps its sentences", "一句。二句。\n三".to_owned(), 19),
            ("no line feed", "一句。二句".to_owned(), 15),
            ("a sentence at the soft limit", x("汉。再来"), 240),
            ("a sentence before the soft limit", x("。再来。又"), 234 + 12),
            ("closing quotes belong to it", x("汉。」』再来"), 246),
            ("so does the line feed behind it", x("汉！”\r\n再来"), 245),
            ("several marks", x("汉？！！再来"), 246),
            ("a query is no sentence", x("汉a?b=1。再来"), 245),
            ("an ASCII mark before Han", x("汉汉!再来"), 241),
            ("a line feed first", x("汉汉\n。再来"), 241),
        ];
        for (name, text, length) in rows {
            assert_eq!(unit_length(text, true), Some(*length), "{name}");
        }
        let han = "字".repeat(3000);
        assert_eq!(unit_length(&han, true), Some(4095));
        let comma = "字".repeat(900) + "，" + &han;
        assert_eq!(unit_length(&comma, true), Some(2703));
        let early = "字".repeat(100) + "，" + &han;
        assert_eq!(unit_length(&early, true), Some(4095), "a cut in the first half would make small units");
        let selector = "字".repeat(1365) + "\u{FE00}" + &han;
        assert_eq!(unit_length(&selector, true), Some(4092));
        assert_eq!(unit_length("", true), None);
    }

    #[test]
    fn a_prefix_says_the_same_or_nothing() {
        let long = "汉字".repeat(39);
        for text in [
            format!("{long}汉？」』 \n又"),
            format!("{long}汉字汉字a?b!c! d"),
            "短\n行".to_owned(),
            "字".repeat(1600),
            format!("{}{}", "字".repeat(1360), "。".repeat(300)),
            format!("{}{}", "字".repeat(1364), "\u{FE00}".repeat(20)),
        ] {
            let whole = unit_length(&text, true);
            for (end, _) in text.char_indices() {
                let part = unit_length(&text[..end], false);
                assert!(part.is_none() || part == whole, "{end}: {part:?}, not {whole:?}");
            }
            assert_eq!(units(&text).collect::<String>(), text);
            assert!(units(&text).all(|unit| unit.len() <= HARD));
        }
    }
}
