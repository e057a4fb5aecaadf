//! Where the engine writes.

use crate::lexicon::Value;

/// Bytes with room behind them, so that the hot loops can write whole words without asking for space.
///
/// The room is filled with zeros once, when it is made; `len` says how much of it is output.
#[derive(Debug, Default)]
pub struct Buffer {
    bytes: Vec<u8>,
    len: usize,
}

impl Buffer {
    /// What the hot loops may write behind the output before they ask.
    pub(crate) const SLACK: usize = 32;

    /// Output that continues `bytes`, with room for the conversion of a text of this length.
    #[must_use]
    pub fn after(mut bytes: Vec<u8>, text: usize) -> Self {
        let len = bytes.len();
        if len == 0 {
            // A fresh allocation of zeros costs nothing until it is touched.
            bytes = vec![0; text + text / 32 + 2 * Self::SLACK];
        } else {
            bytes.resize(len + text + text / 32 + 2 * Self::SLACK, 0);
        }
        Self { bytes, len }
    }

    /// How many bytes of output there are.
    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The output.
    #[must_use]
    pub(crate) fn as_slice(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Takes output back.
    #[inline]
    pub fn truncate(&mut self, len: usize) {
        self.len = self.len.min(len);
    }

    /// Says how much of what was written by [`Buffer::room`] is output.
    #[inline]
    pub(crate) fn set_len(&mut self, len: usize) {
        self.len = len.min(self.bytes.len());
    }

    /// All bytes, output and room.
    #[inline]
    pub(crate) fn room(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Makes room for this many bytes behind output of `len` bytes where a window no longer fits.
    pub(crate) fn make_room(&mut self, len: usize, more: usize) {
        if self.bytes.len() < len + 8 {
            self.set_len(len);
            self.grow(more);
        }
    }

    /// Makes room for this many bytes behind the output, and then some.
    #[cold]
    pub(crate) fn grow(&mut self, more: usize) {
        let want = (self.len + more + 2 * Self::SLACK).max(self.bytes.len() + self.bytes.len() / 4);
        self.bytes.resize(want, 0);
    }

    /// Appends bytes.
    #[inline]
    pub fn extend_from_slice(&mut self, more: &[u8]) {
        let end = self.len + more.len();
        if end + Self::SLACK > self.bytes.len() {
            self.grow(more.len());
        }
        if let Some(place) = self.bytes.get_mut(self.len..end) {
            place.copy_from_slice(more);
            self.len = end;
        }
    }

    /// Appends a character, given so many of these bytes.
    #[inline]
    pub(crate) fn push_bytes(&mut self, bytes: [u8; 4], length: usize) {
        if self.len + Self::SLACK > self.bytes.len() {
            self.grow(length);
        }
        if let Some(place) = self.bytes.get_mut(self.len..).and_then(|room| room.first_chunk_mut::<4>()) {
            *place = bytes;
            self.len += length;
        }
    }

    /// Appends a value of a lexicon.
    #[inline]
    pub(crate) fn push_value(&mut self, mut value: Value<'_>) {
        while let Some((bytes, length)) = value.next_bytes() {
            self.push_bytes(bytes, length);
        }
    }

    /// Takes the output from `start` on away.
    #[must_use]
    pub fn split_off(&mut self, start: usize) -> Vec<u8> {
        let old = self.bytes.get(start..self.len).unwrap_or_default().to_vec();
        self.truncate(start);
        old
    }

    /// The output as a string.
    ///
    /// Checking that the output is UTF-8 would take as long as half of the conversion (`DESIGN.md`, "One unsafe
    /// block"), so release builds trust what debug builds and the fuzzer check.
    #[must_use]
    #[allow(unsafe_code, reason = "measured: without it a conversion takes half as long again")]
    pub fn into_string(mut self) -> String {
        self.bytes.truncate(self.len);
        debug_assert!(std::str::from_utf8(&self.bytes).is_ok(), "the engine wrote bytes that are not UTF-8");
        // SAFETY: every byte in front of `len` was written by the engine as part of one of these, and `len` is only
        // ever set behind the last of them:
        // - a slice of the input, cut at the character boundaries that its first bytes tell, or of ASCII alone;
        // - a character of three bytes XOR its cell's difference, which `compile::route` computes from two characters
        //   of three bytes each;
        // - a `char` encoded by the standard library, or an ideograph by `Value::next_bytes`.
        // What a caller's `String` held before is UTF-8 by its type. Embedded tables are written by the same compiler.
        unsafe { String::from_utf8_unchecked(self.bytes) }
    }
}
