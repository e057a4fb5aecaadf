//! What the scanners share: looking at a text without ever failing, and in linear time.

use super::{Aside, Region};

/// A text to look at by offset. Behind its end there are zero bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source<'t> {
    pub text: &'t str,
    bytes: &'t [u8],
}

impl<'t> Source<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, bytes: text.as_bytes() }
    }

    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// The byte before an offset; zero at the beginning.
    pub fn before(&self, at: usize) -> u8 {
        at.checked_sub(1).map_or(0, |at| self.byte(at))
    }

    pub fn get(&self, from: usize, to: usize) -> &'t str {
        self.text.get(from..to).unwrap_or_default()
    }

    pub fn has(&self, at: usize, what: &str) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(what.as_bytes()))
    }

    /// As [`Source::has`], without regard to ASCII case.
    pub fn has_name(&self, at: usize, name: &str) -> bool {
        self.bytes.get(at..at + name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
    }

    /// The character at an offset.
    pub fn char(&self, at: usize) -> Option<char> {
        self.text.get(at..)?.chars().next()
    }

    /// The character before an offset.
    pub fn char_before(&self, at: usize) -> Option<char> {
        self.text.get(..at)?.chars().next_back()
    }

    /// The first place of an ASCII string that starts in a range of bytes and ends there too.
    pub fn find(&self, from: usize, end: usize, what: &str) -> Option<usize> {
        let what = what.as_bytes();
        let stretch = self.bytes.get(from..end.min(self.len()))?;
        let first = *what.first()?;
        let mut at = 0;
        while let Some(next) = stretch.get(at..)?.iter().position(|&byte| byte == first) {
            at += next;
            if stretch.get(at..)?.starts_with(what) {
                return Some(from + at);
            }
            at += 1;
        }
        None
    }

    /// The first offset from `at` on, and not beyond `end`, whose byte does not hold.
    pub fn skip(&self, mut at: usize, end: usize, holds: impl Fn(u8) -> bool) -> usize {
        while at < end && self.bytes.get(at).is_some_and(|&byte| holds(byte)) {
            at += 1;
        }
        at
    }

    pub fn skip_blanks(&self, at: usize, end: usize) -> usize {
        self.skip(at, end, |byte| byte.is_ascii_whitespace())
    }

    /// The end of a line, before its line feed.
    pub fn line_end(&self, at: usize) -> usize {
        self.skip(at, self.len(), |byte| byte != b'\n')
    }
}

/// How many bytes may be looked at in vain.
///
/// A construct is looked for from its first mark on, as far as it takes; when it turns out to be none, that was in vain. A
/// text made for it, such as 100 KB of `<a x='`, would make that quadratic. So after a multiple of the text's length a
/// construct is looked for in the next few bytes only.
///
/// It also keeps in mind which constructs another end of the text might have changed, and which hold text inside: a text that
/// arrives in pieces is not cut there.
#[derive(Debug)]
pub(super) struct Budget {
    left: usize,
    length: usize,
    /// Where the first construct starts that more text might change.
    undecided: usize,
    /// Constructs that hold text.
    spans: Vec<(usize, usize)>,
}

impl Budget {
    /// How far is looked when the budget is spent.
    const NEAR: usize = 256;

    pub fn new(text: &str) -> Self {
        let length = text.len();
        Self { left: length.saturating_mul(8) + 4096, length, undecided: usize::MAX, spans: Vec::new() }
    }

    /// How far a construct that starts at `at` may reach in a text that ends at `end`.
    pub fn reach(&self, at: usize, end: usize) -> usize {
        if self.left > 0 { end } else { end.min(at + Self::NEAR) }
    }

    /// A construct was looked for from `from` to `to` in vain.
    pub fn spend(&mut self, from: usize, to: usize) {
        self.left = self.left.saturating_sub(to.saturating_sub(from));
        // What a scanner looks at beyond the place where it gives up.
        const AHEAD: usize = 256;
        if to + AHEAD >= self.length {
            self.undecided(from);
        }
    }

    /// More text might change what starts at `at`.
    pub fn undecided(&mut self, at: usize) {
        self.undecided = self.undecided.min(at);
    }

    /// A construct from `from` to `to` holds text that belongs to it.
    pub fn span(&mut self, from: usize, to: usize) {
        self.spans.push((from, to));
    }

    /// The last line end at which the text may be cut, so that both parts are read as they are together, whatever follows:
    /// behind it.
    pub fn cut(&mut self, source: Source<'_>, regions: &[Region]) -> Option<usize> {
        self.spans.sort_unstable();
        let mut spans = self.spans.iter().peekable();
        let mut held = regions.iter();
        let (mut at, mut aside, mut cut) = (0, false, None);
        while at < source.len().min(self.undecided) {
            let region = held.next();
            // Text goes on up to the next region.
            let end = region.map_or(source.len(), |region| region.start).min(self.undecided);
            while !aside && let Some(line) = source.find(at, end, "\n") {
                at = line + 1;
                while spans.next_if(|&&(_, to)| to <= line).is_some() {}
                if spans.peek().is_none_or(|&&(from, _)| from > line) {
                    cut = Some(at);
                }
            }
            let Some(region) = region else { break };
            at = region.end;
            aside = match region.aside {
                Aside::Same => aside,
                Aside::Begins => true,
                Aside::Ends => false,
            };
        }
        cut
    }
}

/// Steps over regions that are held already; asked with offsets that only grow.
#[derive(Debug, Clone)]
pub(super) struct Held<'r> {
    rest: &'r [Region],
}

impl<'r> Held<'r> {
    pub fn new(regions: &'r [Region]) -> Self {
        Self { rest: regions }
    }

    /// The region that an offset lies in.
    pub fn at(&mut self, at: usize) -> Option<&'r Region> {
        while let Some((first, rest)) = self.rest.split_first()
            && first.end <= at
        {
            self.rest = rest;
        }
        self.rest.first().filter(|region| region.start <= at)
    }

    /// Where the next region starts that does not end before `at`; asked after [`Held::at`].
    pub fn next_start(&self, end: usize) -> usize {
        self.rest.first().map_or(end, |region| region.start)
    }
}
