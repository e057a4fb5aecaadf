//! A walk from one place where a key may start to the next, which exact routes share.

use super::stride::{Met, Stride, Watch, pad};
use super::{Buffer, Scanner, Stop};
use crate::lexicon::SPECIAL;

/// What a [`Walk`] met.
pub(super) enum Next {
    /// A key may start here. What the character's cell makes of it has been written, but not passed.
    Key,
    /// Something else that its cell does not answer.
    Other,
    /// The walk is over; the output has its length.
    Stop(Stop),
}

/// A walk over a text to where keys may start; all characters before are answered by their cells.
pub(super) struct Walk<'t, W, const WORDS: usize> {
    text: &'t [u8],
    watch: &'t W,
    stride: Stride<'t, WORDS>,
    padded: [u8; 16],
    /// Where we stand, in text and output.
    pub i: usize,
    pub o: usize,
    /// Where the last pass stopped: what `watch` looks for was not met before.
    stopped: usize,
}

impl<'t, W: Watch, const WORDS: usize> Walk<'t, W, WORDS> {
    #[inline(always)]
    pub fn new(scanner: &Scanner<'t>, text: &'t str, at: usize, out: &Buffer, watch: &'t W) -> Self {
        let stride = Stride::new(scanner.family, scanner.route, watch.starts());
        Self { text: text.as_bytes(), watch, stride, padded: [0; 16], i: at, o: out.len(), stopped: at }
    }

    /// Goes on to the next place that takes more than a cell.
    #[inline(always)]
    pub fn next(&mut self, out: &mut Buffer) -> Next {
        let (mut i, mut o) = (self.i, self.o);
        while let Some(rest) = self.text.get(i..).filter(|rest| !rest.is_empty()) {
            if self.watch.meets(self.stopped, i) {
                return Next::Stop(Stop::Watched);
            }
            let window = if rest.len() >= 8 { rest } else { pad(rest, &mut self.padded) };
            let room = out.room().get_mut(o..).unwrap_or_default();
            let (passed, met) = self.stride.pass_to_key(window, room, i, self.watch);
            i += passed;
            o += passed;
            (self.i, self.o, self.stopped) = (i, o, i);
            match met {
                Met::Char(_, cell) if cell & SPECIAL == 0 => return Next::Key,
                Met::End | Met::Other if i >= self.text.len() => break,
                Met::End => out.make_room(o, self.text.len() - i),
                _ => return Next::Other,
            }
        }
        if self.watch.meets(self.stopped, self.text.len()) {
            return Next::Stop(Stop::Watched);
        }
        // The zeros behind the last bytes are no text.
        out.set_len(o - i.saturating_sub(self.text.len()));
        Next::Stop(Stop::End)
    }

    /// Goes on behind the character here.
    #[inline(always)]
    pub fn pass_char(&mut self) {
        self.i += 3;
        self.o += 3;
    }
}
