//! Values as the arena holds them: a unit of sixteen bits for a character, the top bit of which marks the last.
//!
//! Nearly all characters of values lie between U+3400 and U+9FFF; these, and what else the other codes have room for, take one
//! unit. Others take two: an escape that holds their upper bits, and a unit for the lower fourteen.

/// The unit is the last of its value.
const LAST: u16 = 1 << 15;
/// Codes from here on hold the upper bits of a character of two units.
const ESCAPE: u32 = 0x7F00;
/// Runs of characters that take one unit: the first code, the first character, how many.
const RUNS: [[u32; 3]; 5] = [
    [0, 0x3400, 0x6C00],
    [0x6C00, 0, 0x1000],
    [0x7C00, 0x2000, 0x100],
    [0x7D00, 0x3000, 0x100],
    [0x7E00, 0xFF00, 0x100],
];

/// The characters of a value.
#[derive(Debug, Clone, Copy)]
pub struct Value<'a>(&'a [u16]);

impl<'a> Value<'a> {
    /// The value that starts at an offset of the arena.
    #[inline]
    #[must_use]
    pub fn at(arena: &'a [u16], offset: usize) -> Self {
        Self(arena.get(offset..).unwrap_or_default())
    }
}

impl Value<'_> {
    /// Whether it has no characters.
    #[must_use]
    pub fn is_empty(mut self) -> bool {
        self.next().is_none()
    }

    /// The next character in UTF-8, and its length.
    #[inline]
    pub fn next_bytes(&mut self) -> Option<([u8; 4], usize)> {
        let (&unit, rest) = self.0.split_first()?;
        let [[_, base, most], ..] = RUNS;
        let code = u32::from(unit & !LAST);
        if code < most {
            // An ideograph, as nearly all are.
            self.0 = if unit & LAST != 0 { &[] } else { rest };
            let c = base + code;
            return Some(([(0xE0 | c >> 12) as u8, (0x80 | c >> 6 & 63) as u8, (0x80 | c & 63) as u8, 0], 3));
        }
        let mut bytes = [0; 4];
        let length = self.next()?.encode_utf8(&mut bytes).len();
        Some((bytes, length))
    }
}

impl Iterator for Value<'_> {
    type Item = char;

    #[inline]
    fn next(&mut self) -> Option<char> {
        let (&unit, mut rest) = self.0.split_first()?;
        let code = u32::from(unit & !LAST);
        let [[_, base, most], ..] = RUNS;
        let mut last = unit;
        let c = if code < most {
            base + code
        } else if code < ESCAPE {
            let [from, base, _] = RUNS.into_iter().rev().find(|[from, ..]| *from <= code)?;
            base + code - from
        } else {
            let (&low, behind) = rest.split_first()?;
            (last, rest) = (low, behind);
            (code - ESCAPE) << 14 | u32::from(low & 0x3FFF)
        };
        self.0 = if last & LAST != 0 { &[] } else { rest };
        // U+0000 stands for the value without characters.
        char::from_u32(c).filter(|&c| c != '\0')
    }
}

/// The units of a value.
#[must_use]
pub fn encode(value: &str) -> Vec<u16> {
    let mut units = Vec::new();
    for c in value.chars().map(u32::from).filter(|&c| c != 0) {
        match RUNS.into_iter().find(|[_, base, most]| c.checked_sub(*base).is_some_and(|at| at < *most)) {
            Some([from, base, _]) => units.push((from + c - base) as u16),
            None => units.extend([(ESCAPE + (c >> 14)) as u16, (c & 0x3FFF) as u16]),
        }
    }
    if units.is_empty() {
        units.extend([ESCAPE as u16, 0]);
    }
    if let Some(last) = units.last_mut() {
        *last |= LAST;
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_back() {
        let every: String = (1..=0x10FFFF).filter_map(char::from_u32).collect();
        let arena = encode(&every);
        assert!(Value::at(&arena, 0).eq(every.chars()));
        for value in ["", "a", "體", "㐀鿿", "🀄", "A型·𠮷豈", "\u{7FF}\u{FFFF}\u{10000}"] {
            let arena = [encode("前"), encode(value), encode("後")].concat();
            assert_eq!(Value::at(&arena, 1).collect::<String>(), value);
            let mut bytes: Vec<u8> = Vec::new();
            let mut left = Value::at(&arena, 1);
            while let Some((next, length)) = left.next_bytes() {
                bytes.extend(&next[..length]);
            }
            assert_eq!(bytes, value.as_bytes());
        }
        assert_eq!(Value::at(&[], 0).next(), None);
        assert_eq!(Value::at(&[0], 7).next(), None);
    }
}
