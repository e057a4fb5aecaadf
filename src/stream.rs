//! Text that arrives in pieces: writers, readers, and text pushed token by token.
//!
//! What comes out never depends on how the input is cut: it is what [`Converter::convert`] makes of the whole. So
//! the end of what has arrived is held back as long as more text could change it:
//!
//! - On routes between locales up to the end of the line or, in a long line, of the sentence; 4,096 bytes at the most, and
//!   then up to 4 bytes to see what follows.
//! - On OpenCC's configurations only what may still become a longer key of the tables or a longer ideographic description
//!   sequence (64 characters): mostly one or two characters.
//! - With own words, on any route, also what may still become one: less than the [longest](crate::UserLexicon::longest) of
//!   them, which is 1,024 bytes at the most.
//!
//! - With [protection](crate::protect) up to the end of a line that stands in no markup that is still open.
//!
//! Memory is bounded by that and by what is written at once. Three ways in: [`Stream`] is a writer in front of a writer,
//! [`Reader`] a reader behind a reader, [`Incremental`] takes and gives `&str`. [`Chunks`] cuts a large text that is
//! there as a whole, to convert the parts side by side.

use std::fmt;
use std::io::{self, Read, Write};

use crate::converter::{Engine, parts};
use crate::engine::tape::{Cuts, LONGEST, Plan, Stage, Tape};
use crate::engine::{Buffer, Scanner};
use crate::native::{Evidence, units};
use crate::{Converter, Error, Protection, data};

/// What a stream does with bytes that are not UTF-8.
///
/// ```
/// use std::io::Write;
/// use fanjian::{Converter, InvalidUtf8, OpenccConfig};
///
/// let mut stream = Converter::opencc(OpenccConfig::S2t)?.stream(Vec::new()).invalid_utf8(InvalidUtf8::Replace);
/// stream.write_all(b"\xE6\xB1\x89\xFF").unwrap();
/// assert_eq!(stream.finish().unwrap(), "漢\u{FFFD}".as_bytes());
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum InvalidUtf8 {
    /// Writes them as they are. They end the text before them, and a new text begins behind.
    #[default]
    PassThrough,
    /// Writes U+FFFD for each invalid sequence, as [`String::from_utf8_lossy`] does.
    Replace,
    /// Stops with an error of the kind [`io::ErrorKind::InvalidData`] that holds an [`Error`] with the offset.
    Error,
}

impl Converter {
    /// A writer that converts what is written to it and writes the result to `writer`.
    ///
    /// ```
    /// use std::io::Write;
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let mut stream = Converter::opencc(OpenccConfig::S2t)?.stream(Vec::new());
    /// for byte in "这是头发".bytes() {
    ///     stream.write_all(&[byte]).unwrap();
    /// }
    /// assert_eq!(stream.finish().unwrap(), "這是頭髮".as_bytes());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn stream<W: Write>(&self, writer: W) -> Stream<W> {
        Stream { writer, bytes: Bytes::new(self), out: Buffer::default(), written: 0 }
    }

    /// A reader that gives the conversion of what `reader` gives.
    ///
    /// ```
    /// use std::io::Read;
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let mut text = String::new();
    /// Converter::opencc(OpenccConfig::S2t)?.reader("头发".as_bytes()).read_to_string(&mut text).unwrap();
    /// assert_eq!(text, "頭髮");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn reader<R: Read>(&self, reader: R) -> Reader<R> {
        Reader {
            reader,
            bytes: Bytes::new(self),
            block: vec![0; BLOCK],
            out: Buffer::default(),
            given: 0,
            done: false,
            failed: None,
        }
    }

    /// Converts text that arrives in pieces, such as the tokens of a language model.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let mut text = Converter::opencc(OpenccConfig::S2t)?.incremental();
    /// assert_eq!(text.push("他的头"), "他的");
    /// assert_eq!(text.push("发，"), "頭髮，");
    /// assert_eq!(text.push("发"), "");
    /// assert_eq!(text.finish(), "發");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn incremental(&self) -> Incremental {
        Incremental { core: Core::new(self), out: String::new() }
    }

    /// Cuts a text into parts of about a mebibyte that convert on their own as they do together, for instance in
    /// several threads.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// let text = "发展。头发。\n".repeat(200_000);
    /// assert!(converter.chunks(&text).count() > 2);
    /// let parts: String = converter.chunks(&text).map(|chunk| converter.convert(chunk)).collect();
    /// assert!(parts == converter.convert(&text));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn chunks<'c, 't>(&'c self, text: &'t str) -> Chunks<'c, 't> {
        Chunks { converter: self, rest: text }
    }

    /// The length in bytes of the first of [`Converter::chunks`] when `text` is not all there is, or nothing when that takes more
    /// text.
    ///
    /// `text` begins where the whole text does or where the last chunk ended. A chunk is a little over a mebibyte long
    /// on routes between locales, and not above it on OpenCC's configurations unless ideographic description sequences
    /// are in the way.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// assert_eq!(converter.chunk_end("头发。\n"), None);
    /// assert_eq!(converter.chunk_end(&"头发。\n".repeat(120_000)), Some(1_048_580));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn chunk_end(&self, text: &str) -> Option<usize> {
        if text.len() < units::SPAN {
            return None;
        }
        if let Engine::Native { .. } = &self.engine {
            let mut end = 0;
            let mut holes = Vec::new();
            while end < units::SPAN {
                end += self.unit(text.get(end..)?, false, &mut holes)?;
            }
            return Some(end);
        }
        if let Some(words) = &self.words {
            return self.cut_around(words, text, units::SPAN);
        }
        let cuts = self.cuts();
        let head = text.get(..units::floor(text, units::SPAN))?;
        cuts.last(head, usize::MAX).or_else(|| cuts.first(text, usize::MAX))
    }

    /// Where a text may be cut on an exact route.
    pub(crate) fn cuts(&self) -> Cuts<'_> {
        match &self.engine {
            Engine::Chain(chain) => chain.cuts(),
            _ => Cuts::BUILT_IN,
        }
    }

    /// The stages of an exact route.
    fn plan(&self) -> Plan<'_> {
        let (config, tofu) = match &self.engine {
            Engine::Exact { config, tofu } => (*config, *tofu),
            Engine::Chain(chain) => return chain.plan(),
            Engine::Native { .. } => {
                return Plan { normalization: Vec::new(), segmentation: None, chain: Vec::new() };
            }
        };
        let stage = |(family, route), longest| Stage { scanner: Scanner::new(family, route).normalized(), longest };
        let whole = stage((data::family(config), data::route(config, tofu)), LONGEST);
        let normalization = vec![stage(data::part("normalize"), 0)];
        match parts(config, tofu) {
            None => Plan { normalization, segmentation: None, chain: vec![whole] },
            Some(parts) => Plan {
                normalization,
                segmentation: Some((whole, Scanner::segment_at)),
                chain: parts.into_iter().map(|part| stage(part, LONGEST)).collect(),
            },
        }
    }
}

/// The parts of a text that convert on their own; see [`Converter::chunks`].
///
/// ```
/// use fanjian::{Converter, OpenccConfig};
///
/// let converter = Converter::opencc(OpenccConfig::S2t)?;
/// assert_eq!(converter.chunks("一个短文").collect::<Vec<_>>(), ["一个短文"]);
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Chunks<'c, 't> {
    converter: &'c Converter,
    rest: &'t str,
}

impl<'t> Iterator for Chunks<'_, 't> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.rest.is_empty() {
            return None;
        }
        let end = self.converter.chunk_end(self.rest).unwrap_or(self.rest.len());
        let (chunk, rest) = self.rest.split_at_checked(end)?;
        self.rest = rest;
        Some(chunk)
    }
}

/// A text that is converted while it arrives.
#[derive(Clone)]
struct Core {
    converter: Converter,
    /// Text whose unit has not ended.
    pending: String,
    /// What the text has shown, on a native route.
    evidence: Evidence,
    /// What the stages hold, on an exact route, when the last text did not end at a cut.
    tape: Option<Tape>,
    /// How far back the last description operator is.
    quiet: usize,
    /// What stays as it is, if anything does.
    protected: Option<Box<Protected>>,
}

/// Protection of a text that arrives in pieces.
#[derive(Clone)]
struct Protected {
    protection: Protection,
    /// The tags of the elements that are open where the pending text starts.
    open: String,
    /// How long the pending text has to be before it is looked at again.
    next: usize,
}

impl Core {
    fn new(converter: &Converter) -> Self {
        Self {
            converter: converter.clone(),
            pending: String::new(),
            evidence: Evidence::default(),
            tape: None,
            quiet: usize::MAX,
            protected: None,
        }
    }

    fn protect(&mut self, protection: &Protection) -> Result<(), Error> {
        if let Some(kind) = protection.needs_whole() {
            return Err(Error::protected_stream(kind));
        }
        self.protected = Some(Box::new(Protected { protection: protection.clone(), open: String::new(), next: 0 }));
        Ok(())
    }

    /// Converts the part of a protected text that no further text can change, or all of it at the end.
    fn push_protected(&mut self, text: &str, last: bool, out: &mut Buffer) {
        let Some(protected) = &mut self.protected else { return };
        self.pending.push_str(text);
        if !last && (!text.contains('\n') || self.pending.len() < protected.next) {
            return;
        }
        let part = protected.protection.part(&protected.open, &self.pending, last);
        let converted = part.and_then(|(length, regions)| {
            let part = self.pending.get(..length)?;
            Some((length, self.converter.protected_part(part, &regions, &mut self.evidence, last)?))
        });
        let Some((length, converted)) = converted else {
            // Looking again at every line would be quadratic.
            protected.next = self.pending.len() + self.pending.len() / 8;
            return;
        };
        out.extend_from_slice(converted.as_bytes());
        let part = self.pending.get(..length).unwrap_or_default();
        protected.open = protected.protection.open_tags(&protected.open, part);
        protected.next = 0;
        self.pending.drain(..length);
    }

    /// Reads text and appends what is certain.
    fn push(&mut self, text: &str, out: &mut Buffer) {
        if self.protected.is_some() {
            self.push_protected(text, false, out);
            return;
        }
        if !self.converter.is_native() && self.converter.words.is_none() {
            self.push_exact(text, out);
            return;
        }
        if self.pending.is_empty() {
            let used = self.push_certain(text, false, out);
            self.pending.push_str(text.get(used..).unwrap_or_default());
        } else {
            let mut pending = std::mem::take(&mut self.pending);
            pending.push_str(text);
            let used = self.push_certain(&pending, false, out);
            pending.drain(..used);
            self.pending = pending;
        }
    }

    /// Ends the text and appends the rest; the next text starts anew.
    fn finish(&mut self, out: &mut Buffer) {
        if self.protected.is_some() {
            self.push_protected("", true, out);
            self.pending.clear();
            if let Some(protected) = &mut self.protected {
                protected.open.clear();
            }
            self.evidence = Evidence::default();
            return;
        }
        let pending = std::mem::take(&mut self.pending);
        self.push_certain(&pending, true, out);
        self.finish_exact(out);
        self.evidence = Evidence::default();
    }

    /// Converts what no further text can change, or all of it at the end, and says how much that is.
    fn push_certain(&mut self, text: &str, last: bool, out: &mut Buffer) -> usize {
        let Engine::Native { native, .. } = &self.converter.engine else {
            let converter = self.converter.clone();
            let Some(words) = &converter.words else { return 0 };
            return converter.split_around(words, text, last, |(_, gap), hole| {
                self.push_exact(gap, out);
                if let Some((source, hole)) = hole {
                    self.finish_exact(out);
                    hole.write(source, out);
                }
            });
        };
        let (mut at, mut holes) = (0, Vec::new());
        while let Some(rest) = text.get(at..) {
            let length = self.converter.unit(rest, last, &mut holes);
            let Some(unit) = length.and_then(|length| rest.get(..length)) else { break };
            native.convert_line(unit, &holes, &mut self.evidence, out, None);
            at += unit.len();
        }
        at
    }

    /// Ends the text, or its part in front of an own word, on an exact route.
    fn finish_exact(&mut self, out: &mut Buffer) {
        if let Some(mut tape) = self.tape.take() {
            tape.feed(&self.converter.plan(), "", true, out);
        }
        self.quiet = usize::MAX;
    }

    fn push_exact(&mut self, text: &str, out: &mut Buffer) {
        let cuts = self.converter.cuts();
        let mut rest = text;
        if let Some(tape) = &mut self.tape {
            let cut = cuts.first(text, self.quiet);
            let (head, tail) = text.split_at_checked(cut.unwrap_or(text.len())).unwrap_or((text, ""));
            tape.feed(&self.converter.plan(), head, cut.is_some(), out);
            self.quiet = cuts.quiet(head, self.quiet);
            if cut.is_none() {
                return;
            }
            self.tape = None;
            rest = tail;
        }
        let cut = cuts.last(rest, self.quiet);
        let (head, tail) = rest.split_at_checked(cut.unwrap_or(0)).unwrap_or(("", rest));
        // No operator stands in the margin before a cut.
        self.quiet = cuts.quiet(tail, if cut.is_some() { cuts.margin } else { self.quiet });
        if !head.is_empty() {
            self.converter.engine.convert(head, out, None);
        }
        if !tail.is_empty() {
            self.tape.insert(Tape::default()).feed(&self.converter.plan(), tail, false, out);
        }
    }
}

/// Converts text that is pushed in pieces; see [`Converter::incremental`].
///
/// A clone goes its own way: `text.clone().finish()` shows what the held-back end would become if nothing followed.
///
/// ```
/// use fanjian::{Converter, Locale};
///
/// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
/// let mut text = converter.incremental();
/// let mut out = String::new();
/// for token in ["头", "发长", "了。\n", "出发"] {
///     out += text.push(token);
/// }
/// assert_eq!(out, "頭髮長了。\n");
/// assert_eq!(text.clone().finish(), "出發");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Clone)]
pub struct Incremental {
    core: Core,
    out: String,
}

impl Incremental {
    /// Keeps what the protection finds, as [`Converter::convert_protected`] does; before the first piece of the text.
    ///
    /// What is held back ends with a line that stands in no tag, comment, placeholder or element that stays as it is: a
    /// `<pre>` comes out as a whole.
    ///
    /// ```
    /// use fanjian::protect::{Kind, Protection};
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let keep = Protection::new().with(Kind::Html).with(Kind::Urls);
    /// let mut text = Converter::opencc(OpenccConfig::S2t)?.incremental().protect(&keep)?;
    /// assert_eq!(text.push("<p>头<b"), "");
    /// assert_eq!(text.push(">发</b>\n<code>发\n"), "<p>頭<b>髮</b>\n");
    /// assert_eq!(text.push("</code>发\n"), "<code>发\n</code>發\n");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Kinds that need the whole text: [`Markdown`](crate::protect::Kind::Markdown), where a reference may be defined at the
    /// end, [`Latex`](crate::protect::Kind::Latex) and [`Wiki`](crate::protect::Kind::Wiki).
    pub fn protect(mut self, protection: &Protection) -> Result<Self, Error> {
        self.core.protect(protection)?;
        Ok(self)
    }

    /// Takes the next piece of text and gives what has become certain since the last call.
    ///
    /// Whatever follows, this text will not change: append it to what came before.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let mut text = Converter::opencc(OpenccConfig::T2s)?.incremental();
    /// assert_eq!(text.push("漢字。"), "汉字。");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn push(&mut self, text: &str) -> &str {
        let mut bytes = std::mem::take(&mut self.out).into_bytes();
        bytes.clear();
        let mut out = Buffer::after(bytes, text.len());
        self.core.push(text, &mut out);
        self.out = out.into_string();
        &self.out
    }

    /// Gives the rest of the text. The next [`Incremental::push`] begins a new one.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let mut text = Converter::opencc(OpenccConfig::S2t)?.incremental();
    /// text.push("头");
    /// assert_eq!(text.finish(), "頭");
    /// assert_eq!(text.push("发。"), "發。");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn finish(&mut self) -> &str {
        let mut bytes = std::mem::take(&mut self.out).into_bytes();
        bytes.clear();
        let mut out = Buffer::after(bytes, 0);
        self.core.finish(&mut out);
        self.out = out.into_string();
        &self.out
    }
}

impl fmt::Debug for Incremental {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Incremental").field("converter", &self.core.converter).finish_non_exhaustive()
    }
}

/// Bytes on their way to becoming text.
struct Bytes {
    core: Core,
    policy: InvalidUtf8,
    /// The beginning of a character whose rest has not arrived.
    carry: Vec<u8>,
    /// How many bytes have been read, the carried ones not counted.
    offset: u64,
    /// How many invalid sequences were met.
    invalid: u64,
    /// Where the text was found invalid, under [`InvalidUtf8::Error`]: it stays so.
    failed: Option<u64>,
}

impl Bytes {
    fn new(converter: &Converter) -> Self {
        Self {
            core: Core::new(converter),
            policy: InvalidUtf8::default(),
            carry: Vec::new(),
            offset: 0,
            invalid: 0,
            failed: None,
        }
    }

    /// Reads bytes and appends what is certain.
    fn push(&mut self, mut bytes: &[u8], out: &mut Buffer) -> Result<(), Error> {
        if let Some(offset) = self.failed {
            return Err(Error::utf8(offset));
        }
        while let (false, Some((&first, rest))) = (self.carry.is_empty(), bytes.split_first()) {
            self.carry.push(first);
            match std::str::from_utf8(&self.carry) {
                Ok(text) => {
                    self.core.push(text, out);
                    self.offset += self.carry.len() as u64;
                    self.carry.clear();
                    bytes = rest;
                }
                // The byte belongs to what follows.
                Err(error) if error.error_len().is_some() => {
                    self.carry.pop();
                    let carry = std::mem::take(&mut self.carry);
                    self.reject(&carry, out)?;
                }
                Err(_) => bytes = rest,
            }
        }
        // Nearly always all is text, but for a character at the end whose rest has not arrived.
        let (whole, rest) = bytes.split_at_checked(whole_characters(bytes)).unwrap_or((bytes, &[]));
        if !whole.is_empty()
            && let Ok(text) = simdutf8::basic::from_utf8(whole)
        {
            self.core.push(text, out);
            self.offset += text.len() as u64;
            bytes = rest;
        }
        let mut chunks = bytes.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            self.core.push(chunk.valid(), out);
            self.offset += chunk.valid().len() as u64;
            let invalid = chunk.invalid();
            // The last chunk may lack the rest of a character.
            if chunks.peek().is_none() && std::str::from_utf8(invalid).is_err_and(|e| e.error_len().is_none()) {
                self.carry.extend_from_slice(invalid);
            } else if !invalid.is_empty() {
                self.reject(invalid, out)?;
            }
        }
        Ok(())
    }

    /// Ends the text.
    fn finish(&mut self, out: &mut Buffer) -> Result<(), Error> {
        let carry = std::mem::take(&mut self.carry);
        if !carry.is_empty() {
            self.reject(&carry, out)?;
        }
        self.core.finish(out);
        self.failed.map_or(Ok(()), |offset| Err(Error::utf8(offset)))
    }

    /// An invalid sequence.
    fn reject(&mut self, bytes: &[u8], out: &mut Buffer) -> Result<(), Error> {
        match self.policy {
            InvalidUtf8::PassThrough => {
                self.core.finish(out);
                out.extend_from_slice(bytes);
            }
            InvalidUtf8::Replace => self.core.push("\u{FFFD}", out),
            InvalidUtf8::Error => {
                self.core.finish(out);
                self.failed = Some(self.offset);
                return Err(Error::utf8(self.offset));
            }
        }
        self.offset += bytes.len() as u64;
        self.invalid += 1;
        Ok(())
    }
}

/// Up to where bytes hold no character whose rest is missing, if they are text.
fn whole_characters(bytes: &[u8]) -> usize {
    let last = bytes.iter().rev().take(3).position(|&byte| byte & 0xC0 != 0x80);
    let start = last.map_or(bytes.len(), |back| bytes.len() - 1 - back);
    let first = bytes.get(start).copied().unwrap_or_default();
    if crate::lexicon::utf8_length(first) > bytes.len() - start { start } else { bytes.len() }
}

/// How much is read or converted at once.
const BLOCK: usize = 1 << 16;

/// A writer that converts; see [`Converter::stream`].
///
/// [`Write::flush`] hands on what is certain, and does not end the text. Call [`Stream::finish`] at the end: the last piece
/// of the text is lost without it.
///
/// ```
/// use std::io::Write;
/// use fanjian::{Converter, Locale};
///
/// let mut stream = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?.stream(Vec::new());
/// writeln!(stream, "头发").unwrap();
/// stream.flush().unwrap();
/// assert_eq!(stream.get_ref(), "頭髮\n".as_bytes());
/// # Ok::<(), fanjian::Error>(())
/// ```
pub struct Stream<W> {
    writer: W,
    bytes: Bytes,
    /// What waits to be written, from `written` on.
    out: Buffer,
    written: usize,
}

impl<W> Stream<W> {
    /// Chooses what becomes of bytes that are not UTF-8.
    ///
    /// ```
    /// use std::io::Write;
    /// use fanjian::{Converter, InvalidUtf8, OpenccConfig};
    ///
    /// let mut stream = Converter::opencc(OpenccConfig::S2t)?.stream(Vec::new()).invalid_utf8(InvalidUtf8::Error);
    /// assert!(stream.write_all(b"a\xFF").is_err());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn invalid_utf8(mut self, policy: InvalidUtf8) -> Self {
        self.bytes.policy = policy;
        self
    }

    /// Keeps what the protection finds; see [`Incremental::protect`].
    ///
    /// ```
    /// use std::io::Write;
    /// use fanjian::protect::{Kind, Protection};
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let keep = Protection::new().with(Kind::Html);
    /// let mut stream = Converter::opencc(OpenccConfig::S2t)?.stream(Vec::new()).protect(&keep)?;
    /// stream.write_all("<pre>头发\n</pre>\n头<b>发</b>".as_bytes()).unwrap();
    /// assert_eq!(stream.finish().unwrap(), "<pre>头发\n</pre>\n頭<b>髮</b>".as_bytes());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Incremental::protect`].
    pub fn protect(mut self, protection: &Protection) -> Result<Self, Error> {
        self.bytes.core.protect(protection)?;
        Ok(self)
    }

    /// How many invalid sequences have passed through or have been replaced.
    ///
    /// ```
    /// use std::io::Write;
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let mut stream = Converter::opencc(OpenccConfig::S2t)?.stream(Vec::new());
    /// stream.write_all(b"a\xFFb\xFE").unwrap();
    /// assert_eq!(stream.invalid_sequences(), 2);
    /// assert_eq!(stream.finish().unwrap(), b"a\xFFb\xFE");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn invalid_sequences(&self) -> u64 {
        self.bytes.invalid
    }

    /// The writer behind.
    ///
    /// ```
    /// let converter = fanjian::Converter::opencc(fanjian::OpenccConfig::S2t)?;
    /// assert!(converter.stream(Vec::new()).get_ref().is_empty());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn get_ref(&self) -> &W {
        &self.writer
    }
}

impl<W: Write> Stream<W> {
    /// Ends the text, writes the rest, flushes, and gives the writer back.
    ///
    /// ```
    /// let converter = fanjian::Converter::opencc(fanjian::OpenccConfig::S2t)?;
    /// assert_eq!(converter.stream(Vec::new()).finish().unwrap(), b"");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What the writer reports, and invalid UTF-8 under [`InvalidUtf8::Error`].
    pub fn finish(mut self) -> io::Result<W> {
        self.try_finish()?;
        Ok(self.writer)
    }

    /// Ends the text, writes the rest and flushes. What is written next is a new text.
    ///
    /// ```
    /// use std::io::Write;
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let mut stream = Converter::opencc(OpenccConfig::S2t)?.stream(Vec::new());
    /// for subtitle in ["头", "发"] {
    ///     stream.write_all(subtitle.as_bytes()).unwrap();
    ///     stream.try_finish().unwrap();
    /// }
    /// assert_eq!(stream.get_ref(), "頭發".as_bytes());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Stream::finish`].
    pub fn try_finish(&mut self) -> io::Result<()> {
        let ended = self.bytes.finish(&mut self.out);
        self.flush()?;
        ended.map_err(invalid_data)
    }

    fn drain(&mut self) -> io::Result<()> {
        while let Some(rest) = self.out.as_slice().get(self.written..).filter(|rest| !rest.is_empty()) {
            match self.writer.write(rest) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => self.written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.out.truncate(0);
        self.written = 0;
        Ok(())
    }
}

impl<W: Write> Write for Stream<W> {
    /// Converts up to 64 KiB of `bytes`. What is certain of it is written by the next call or by [`Write::flush`], so that after an error
    /// of the writer nothing is lost and the call can be repeated.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.drain()?;
        let bytes = bytes.get(..BLOCK).unwrap_or(bytes);
        self.bytes.push(bytes, &mut self.out).map_err(invalid_data)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.drain()?;
        self.writer.flush()
    }
}

impl<W: fmt::Debug> fmt::Debug for Stream<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Stream");
        out.field("writer", &self.writer).field("converter", &self.bytes.core.converter).finish_non_exhaustive()
    }
}

fn invalid_data(error: Error) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// A reader that converts; see [`Converter::reader`].
///
/// ```
/// use std::io::{BufRead, BufReader};
/// use fanjian::{Converter, Locale};
///
/// let converter = Converter::new(Locale::ZH_HANT_TW, Locale::ZH_HANS_CN)?;
/// let lines = BufReader::new(converter.reader("頭髮\n出發\n".as_bytes())).lines();
/// assert_eq!(lines.map(Result::unwrap).collect::<Vec<_>>(), ["头发", "出发"]);
/// # Ok::<(), fanjian::Error>(())
/// ```
pub struct Reader<R> {
    reader: R,
    bytes: Bytes,
    block: Vec<u8>,
    /// What waits to be read, from `given` on.
    out: Buffer,
    given: usize,
    done: bool,
    /// Invalid UTF-8, to be reported behind the text before it.
    failed: Option<Error>,
}

impl<R> Reader<R> {
    /// Chooses what becomes of bytes that are not UTF-8.
    ///
    /// ```
    /// use std::io::Read;
    /// use fanjian::{Converter, InvalidUtf8, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// let mut reader = converter.reader(&b"ab\xFF"[..]).invalid_utf8(InvalidUtf8::Error);
    /// assert!(reader.read_to_end(&mut Vec::new()).is_err());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn invalid_utf8(mut self, policy: InvalidUtf8) -> Self {
        self.bytes.policy = policy;
        self
    }

    /// Keeps what the protection finds; see [`Incremental::protect`].
    ///
    /// ```
    /// use std::io::Read;
    /// use fanjian::protect::{Kind, Protection};
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// let mut text = String::new();
    /// let mut reader = converter.reader("见 /头发/发 页".as_bytes()).protect(&Protection::new().with(Kind::Paths))?;
    /// reader.read_to_string(&mut text).unwrap();
    /// assert_eq!(text, "見 /头发/发 頁");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Incremental::protect`].
    pub fn protect(mut self, protection: &Protection) -> Result<Self, Error> {
        self.bytes.core.protect(protection)?;
        Ok(self)
    }

    /// How many invalid sequences have passed through or have been replaced.
    ///
    /// ```
    /// let converter = fanjian::Converter::opencc(fanjian::OpenccConfig::S2t)?;
    /// assert_eq!(converter.reader(&b"a"[..]).invalid_sequences(), 0);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn invalid_sequences(&self) -> u64 {
        self.bytes.invalid
    }
}

impl<R: Read> Read for Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() && !self.done && !buffer.is_empty() {
            self.out.truncate(0);
            self.given = 0;
            let count = self.reader.read(&mut self.block)?;
            let block = self.block.get(..count).unwrap_or_default();
            let result = if count == 0 {
                self.done = true;
                self.bytes.finish(&mut self.out)
            } else {
                self.bytes.push(block, &mut self.out)
            };
            if let Err(error) = result {
                // What stands before the error is given first.
                self.failed = Some(error);
                self.done = true;
            }
        }
        let rest = self.out.as_slice().get(self.given..).unwrap_or_default();
        if rest.is_empty()
            && !buffer.is_empty()
            && let Some(error) = &self.failed
        {
            return Err(invalid_data(error.clone()));
        }
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.given += count;
        Ok(count)
    }
}

impl<R: fmt::Debug> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Reader");
        out.field("reader", &self.reader).field("converter", &self.bytes.core.converter).finish_non_exhaustive()
    }
}
