//! The compiled form of a user's words, in memory and in files.
//!
//! It is one run of bytes, little-endian and without padding, read in place:
//!
//! ```text
//! header   magic, version, route, lengths, longest key, checksum
//! starts   which characters start a key of less than six bytes: 128 bits of ASCII, 65,536 bits of the basic plane
//! filter   hashed bits of the first six bytes of the other keys; a Bloom filter of the first eight, for a second look
//! slots    hash of six bytes ──► the keys that start with them
//! entries  in the order of their keys; each knows the longest other key that it starts with
//! tables   names of the tables that entries come from
//! contexts what must stand beside an entry
//! arena    the text of all of these
//! ```
//!
//! A position of a text is asked for by the filter. Where that says maybe, the slot gives a few entries, and a binary search
//! among them the greatest that is not greater than the text. The key looked for is that one or one that it starts with.
//!
//! All that a file says is checked when it is opened, and every access is checked again: a file that another process
//! changes under a memory map gives other matches, but never a panic, and no text that is not UTF-8.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::Error;
use crate::lexicon;
use crate::table::{Diagnostics, Table};

/// What each lexicon begins with.
const MAGIC: [u8; 8] = *b"fanjian\x1A";
/// The version of the format.
const VERSION: u32 = 2;
/// The length of the header.
const HEADER: usize = 64;
/// Where the checksum stands.
const CHECKSUM: usize = 56;
/// Bytes of an entry, of a table's name, of a context.
const ENTRY: usize = 32;
const NAME: usize = 8;
const CONTEXT: usize = 32;
/// Bytes of the starts: ASCII, then the basic plane.
const STARTS: usize = 16 + 8192;
/// How many words either half of a filter may have.
const FILTERS: [usize; 4] = [64, 1024, 4096, 65_536];
/// Keys of fewer bytes than this are found by their first character, longer ones by this many bytes.
const PREFIX: usize = 6;
/// The longest key, in bytes: streams hold so much text back at the most.
pub(crate) const LONGEST: usize = 1024;
/// The longest value, in bytes.
const LONGEST_VALUE: usize = 1 << 16;
/// Where the four lists of a context stand: offset and length of each.
type Lists = [(u32, u32); 4];
/// The first [`PREFIX`] bytes of a word.
const SIX: u64 = 0xFFFF_FFFF_FFFF;
/// No entry.
const NONE: u32 = u32::MAX;
/// What an entry of the user has for a meta word: it holds in any text.
pub(crate) const ALWAYS: u32 = u32::MAX;
/// The meta word's context, above tier and domain; as the native routes have it.
pub(crate) const CONTEXT_SHIFT: u32 = 8;

/// A word of a user before it is compiled.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    pub key: String,
    pub value: String,
    /// Tier and domain of a concept, or [`ALWAYS`].
    pub meta: u32,
    /// What must stand beside it: next, previous, not next, not previous, each separated by `|`.
    pub context: [String; 4],
    /// The table and the line it stands on.
    pub place: Option<(Arc<str>, u32)>,
}

impl Word {
    pub(crate) fn new(key: String, value: String) -> Self {
        Self { key, value, meta: ALWAYS, context: Default::default(), place: None }
    }

    /// Which of the words with the same key is asked first: the greatest.
    fn rank(&self) -> (bool, u32, bool) {
        let tier = if self.meta == ALWAYS { 0 } else { self.meta & 3 };
        (self.meta == ALWAYS, 3 - tier, self.context.iter().any(|list| !list.is_empty()))
    }
}

/// A user's words, compiled: to be shared by converters, kept in a file, or opened by memory map.
///
/// A lexicon is cheap to clone; all clones share their data.
///
/// ```
/// use fanjian::{Converter, Locale, UserLexicon};
///
/// let words = UserLexicon::from_table("mine.txt", "麦旋风\t冰炫風\n".as_bytes())?;
/// let file = words.as_bytes().to_vec();
///
/// let words = UserLexicon::from_bytes(file)?;
/// let converter = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).lexicon(&words).build()?;
/// assert_eq!(converter.convert("麦旋风卖完了"), "冰炫風賣完了");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Clone)]
pub struct UserLexicon {
    bytes: Arc<Bytes>,
    layout: Layout,
}

#[derive(Debug)]
enum Bytes {
    Owned(Vec<u8>),
    #[cfg(feature = "mmap")]
    Mapped(memmap2::Mmap),
}

impl Bytes {
    fn get(&self) -> &[u8] {
        match self {
            Self::Owned(bytes) => bytes,
            #[cfg(feature = "mmap")]
            Self::Mapped(map) => map,
        }
    }
}

/// Where the parts of a lexicon lie, as its header says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Layout {
    route: u32,
    longest: usize,
    count: usize,
    /// Whether there are keys of fewer than [`PREFIX`] bytes at all, and some that start with a character of three.
    short: bool,
    short_han: bool,
    filter: Range<usize>,
    slots: Range<usize>,
    entries: Range<usize>,
    tables: Range<usize>,
    contexts: Range<usize>,
    arena: Range<usize>,
}

/// An entry as it stands in the bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'l> {
    pub key: &'l [u8],
    pub value: &'l [u8],
    parent: u32,
    pub meta: u32,
    table: u32,
    line: u32,
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk::<4>().map(|&bytes| u32::from_le_bytes(bytes))
}

fn long(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk::<8>().map(|&bytes| u64::from_le_bytes(bytes))
}

/// The hash of the first [`PREFIX`] bytes, in the low bits of a word.
#[inline]
const fn hash(six: u64) -> u64 {
    (six & SIX).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The hash of a key's first eight bytes for the second look; of a shorter key's first six.
///
/// A multiplication carries upwards only, so that the last bytes are folded upon the first.
#[inline]
const fn second_hash(eight: u64) -> u64 {
    (eight ^ eight >> 32).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
}

/// The bits of a second hash in its word of the filter.
#[inline]
const fn bits(hash: u64) -> u64 {
    1 << (hash >> 34 & 63) | 1 << (hash >> 28 & 63)
}

/// The place of a hash among `count` words or slots, a power of two.
#[inline]
const fn place(hash: u64, count: usize) -> usize {
    (hash >> 40) as usize & count.wrapping_sub(1)
}

fn six(bytes: &[u8]) -> Option<u64> {
    bytes.first_chunk::<PREFIX>().map(|&[a, b, c, d, e, f]| u64::from_le_bytes([a, b, c, d, e, f, 0, 0]))
}

/// A sum over all bytes but its own place, eight at a time. Every step is a bijection of the state, so no change within eight
/// bytes goes unseen.
fn checksum(bytes: &[u8]) -> u64 {
    let (head, rest) = bytes.split_at_checked(CHECKSUM).unwrap_or((bytes, &[]));
    let rest = rest.get(8..).unwrap_or_default();
    let mut sum = 0xCBF2_9CE4_8422_2325u64 ^ bytes.len() as u64;
    for part in [head, rest] {
        let (chunks, last) = part.as_chunks::<8>();
        let mut padded = [0; 8];
        padded.iter_mut().zip(last).for_each(|(to, &from)| *to = from);
        for &chunk in chunks.iter().chain([&padded]) {
            sum = (sum ^ u64::from_le_bytes(chunk)).wrapping_mul(0x100_0000_01B3);
            sum ^= sum >> 29;
        }
    }
    sum
}

impl UserLexicon {
    /// Compiles entries: each source is replaced by its target, which is final. Of entries with the same source the last
    /// counts.
    ///
    /// ```
    /// let words = fanjian::UserLexicon::from_entries([("麦旋风", "冰炫風"), ("面板", "面板")])?;
    /// assert_eq!(words.len(), 2);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A source that is empty or longer than 1,024 bytes, a target that is longer than 65,536 bytes.
    pub fn from_entries<S: Into<String>, T: Into<String>>(
        entries: impl IntoIterator<Item = (S, T)>,
    ) -> Result<Self, Error> {
        Self::compile(entries.into_iter().map(|(key, value)| Word::new(key.into(), value.into())).collect(), 0)
    }

    /// Compiles a table in OpenCC's text format: lines of a key, one TAB and a value. `name` is what messages call it.
    ///
    /// Of several values, separated by blanks, the first is written. Lines that start with `#` are comments.
    ///
    /// ```
    /// use fanjian::UserLexicon;
    ///
    /// let words = UserLexicon::from_table("mine.txt", "# my words\n麦旋风\t冰炫風\n".as_bytes())?;
    /// assert_eq!(words.len(), 1);
    ///
    /// let error = UserLexicon::from_table("mine.txt", "麦旋风 冰炫風\n".as_bytes()).unwrap_err();
    /// assert!(error.to_string().starts_with("mine.txt:1:8: there is no TAB in this line"));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// All faults of the table, each with line and column; what [`UserLexicon::from_entries`] refuses.
    pub fn from_table(name: &str, bytes: &[u8]) -> Result<Self, Error> {
        Self::compile(table_words(name, bytes)?, 0)
    }

    /// Reads a lexicon that [`UserLexicon::as_bytes`] or [`UserLexicon::write`] gave, on any machine.
    ///
    /// All of it is checked: the time is linear in its length.
    ///
    /// ```
    /// use fanjian::UserLexicon;
    ///
    /// let file = UserLexicon::from_entries([("麦旋风", "冰炫風")])?.as_bytes().to_vec();
    /// assert_eq!(UserLexicon::from_bytes(file)?.len(), 1);
    /// assert!(UserLexicon::from_bytes("something else").is_err());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Bytes that are no lexicon, one of another version, one that is damaged.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Self, Error> {
        Self::open_bytes("the bytes", Bytes::Owned(bytes.into()))
    }

    /// Opens a file that [`UserLexicon::write`] wrote by memory map: processes that open the same file share its memory.
    ///
    /// The file is read once, to check it. If it is changed while it is open, other words may be matched than meant; nothing
    /// worse can happen than what the operating system does when a mapped file is cut short: it may end the process.
    /// [`UserLexicon::write`] replaces files and never changes one.
    ///
    /// ```
    /// use fanjian::UserLexicon;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("words.fanjian");
    /// UserLexicon::from_entries([("麦旋风", "冰炫風")])?.write(&path)?;
    /// assert_eq!(UserLexicon::open(&path)?.len(), 1);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A file that cannot be read, and as [`UserLexicon::from_bytes`].
    #[cfg(feature = "mmap")]
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let failed = |error| Error::read(path, &error);
        let file = std::fs::File::open(path).map_err(failed)?;
        Self::open_bytes(&path.display().to_string(), Bytes::Mapped(map(&file).map_err(failed)?))
    }

    /// Writes the lexicon to a file: beside it first, then in its place, so that nobody reads a part.
    ///
    /// ```
    /// use fanjian::UserLexicon;
    ///
    /// let folder = tempfile::tempdir().unwrap();
    /// let path = folder.path().join("words.fanjian");
    /// UserLexicon::from_entries([("麦旋风", "冰炫風")])?.write(&path)?;
    /// assert_eq!(UserLexicon::from_bytes(std::fs::read(&path).unwrap())?.len(), 1);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A file that cannot be written.
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref();
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.new", std::process::id()));
        let new = path.with_file_name(name);
        let written = std::fs::write(&new, self.as_bytes()).and_then(|()| std::fs::rename(&new, path));
        written.map_err(|error| {
            // What is left of it helps nobody.
            let _ = std::fs::remove_file(&new);
            Error::write(path, &error)
        })
    }

    /// The lexicon as bytes, the same on every machine, for [`UserLexicon::from_bytes`].
    ///
    /// ```
    /// let words = fanjian::UserLexicon::from_entries([("a", "b")])?;
    /// assert!(words.as_bytes().starts_with(b"fanjian"));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get()
    }

    /// How many entries there are.
    ///
    /// ```
    /// assert_eq!(fanjian::UserLexicon::from_entries([("a", "b")])?.len(), 1);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.layout.count
    }

    /// Whether there is no entry.
    ///
    /// ```
    /// assert!(fanjian::UserLexicon::from_table("empty", b"# nothing\n")?.is_empty());
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The length of the longest source in bytes: a stream holds less than this back to see whether one goes on.
    ///
    /// ```
    /// assert_eq!(fanjian::UserLexicon::from_entries([("麦旋风", "x"), ("a", "b")])?.longest(), 9);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn longest(&self) -> usize {
        self.layout.longest
    }

    /// What tells the locales of the concepts: 0 if there are none.
    pub(crate) fn route(&self) -> u32 {
        self.layout.route
    }

    /// Compiles words; of those with the same key and class the last counts.
    pub(crate) fn compile(mut words: Vec<Word>, route: u32) -> Result<Self, Error> {
        for word in &words {
            if word.key.is_empty() {
                return Err(Error::entry(&word.key, "the source is empty"));
            }
            if word.key.len() > LONGEST {
                return Err(Error::entry(&word.key, "the source is longer than 1,024 bytes"));
            }
            if word.value.len() > LONGEST_VALUE {
                return Err(Error::entry(&word.key, "the target is longer than 65,536 bytes"));
            }
        }
        words.sort_by(|a, b| a.key.cmp(&b.key).then_with(|| a.rank().cmp(&b.rank())));
        words.dedup_by(|next, kept| {
            let same = next.meta == ALWAYS && kept.meta == ALWAYS && next.key == kept.key;
            if same {
                std::mem::swap(next, kept);
            }
            same
        });
        Compiled::new(&words).finish(&words, route)
    }

    fn open_bytes(name: &str, bytes: Bytes) -> Result<Self, Error> {
        let layout = Layout::read(bytes.get()).map_err(|why| Error::lexicon(name, why))?;
        let out = Self { bytes: Arc::new(bytes), layout };
        out.check().map_err(|why| Error::lexicon(name, why))?;
        Ok(out)
    }

    /// Checks all that a header does not tell.
    fn check(&self) -> Result<(), &'static str> {
        const DAMAGED: &str = "it is damaged";
        let text = |bytes: &[u8]| std::str::from_utf8(bytes).map(|_| ()).map_err(|_| DAMAGED);
        let mut before: &[u8] = &[];
        for number in 0..self.layout.count {
            let entry = self.entry(number as u32).ok_or(DAMAGED)?;
            let context = if entry.meta == ALWAYS { 0 } else { entry.meta >> CONTEXT_SHIFT };
            let linked = entry.parent == NONE || (entry.parent as usize) < number;
            let known = context == 0 || (context as usize) <= self.layout.contexts.len() / CONTEXT;
            let sized = !entry.key.is_empty() && entry.key.len() <= self.layout.longest;
            if before > entry.key || !linked || !known || !sized {
                return Err(DAMAGED);
            }
            text(entry.key)?;
            text(entry.value)?;
            if entry.table != 0 {
                text(self.name(entry.table).ok_or(DAMAGED)?)?;
            }
            before = entry.key;
        }
        let slots = self.part(&self.layout.slots);
        for slot in 0..slots.len() / 8 {
            let (first, end) = (word(slots, slot * 8).ok_or(DAMAGED)?, word(slots, slot * 8 + 4).ok_or(DAMAGED)?);
            if first > end || end as usize > self.layout.count {
                return Err(DAMAGED);
            }
        }
        Ok(())
    }

    fn part(&self, range: &Range<usize>) -> &[u8] {
        self.as_bytes().get(range.clone()).unwrap_or_default()
    }

    /// A stretch of the arena.
    fn text(&self, at: u32, length: u32) -> Option<&[u8]> {
        let arena = self.part(&self.layout.arena);
        arena.get(at as usize..(at as usize).checked_add(length as usize)?)
    }

    /// The fields of the entry of a number.
    #[inline]
    fn fields(&self, number: u32) -> Option<[u32; ENTRY / 4]> {
        let (entries, _) = self.part(&self.layout.entries).as_chunks::<ENTRY>();
        let (fields, _) = entries.get(number as usize)?.as_chunks::<4>();
        fields.first_chunk::<{ ENTRY / 4 }>().map(|fields| fields.map(u32::from_le_bytes))
    }

    /// The entry of a number.
    #[inline]
    pub(crate) fn entry(&self, number: u32) -> Option<Entry<'_>> {
        let [key, length, value, value_length, parent, meta, table, line] = self.fields(number)?;
        let (key, value) = (self.text(key, length)?, self.text(value, value_length)?);
        Some(Entry { key, value, parent, meta, table, line })
    }

    /// The key of the entry of a number.
    #[inline]
    fn key(&self, number: u32) -> Option<&[u8]> {
        let [key, length, ..] = self.fields(number)?;
        self.text(key, length)
    }

    /// All keys, in order.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.layout.count as u32).filter_map(|number| self.key(number))
    }

    /// A table's name, from 1.
    fn name(&self, table: u32) -> Option<&[u8]> {
        let at = (table as usize).checked_sub(1)?.checked_mul(NAME)?;
        let names = self.part(&self.layout.tables);
        self.text(word(names, at)?, word(names, at + 4)?)
    }

    /// The table and line that an entry comes from.
    pub(crate) fn source(&self, number: u32) -> Option<(String, u32)> {
        let entry = self.entry(number)?;
        // Copied before it is looked at: a mapped file may change in between.
        let name = self.name(entry.table)?.to_vec();
        Some((String::from_utf8_lossy(&name).into_owned(), entry.line))
    }

    /// Whether the context of an entry holds: what stands before it and behind it, as far as it may look.
    pub(crate) fn holds(&self, meta: u32, before: &[u8], after: &[u8]) -> bool {
        let number = meta >> CONTEXT_SHIFT;
        if meta == ALWAYS || number == 0 {
            return true;
        }
        let contexts = self.part(&self.layout.contexts);
        let list = |n: usize| {
            let at = (number as usize - 1) * CONTEXT + n * 8;
            self.text(word(contexts, at)?, word(contexts, at + 4)?)
        };
        let words = |n: usize| list(n).unwrap_or_default().split(|&byte| byte == b'|').filter(|word| !word.is_empty());
        let starts = |n: usize| words(n).any(|word| after.starts_with(word));
        let ends = |n: usize| words(n).any(|word| before.ends_with(word));
        let asks = |n: usize| words(n).next().is_some();
        (!asks(0) || starts(0)) && (!asks(1) || ends(1)) && !starts(2) && !ends(3)
    }

    /// The first position from `at` on, and before `end`, where a key may start; `end` if there is none.
    ///
    /// The last seven bytes of the text are always such positions, since they may go on.
    #[inline]
    pub(crate) fn candidate(&self, text: &[u8], at: usize, end: usize) -> usize {
        const A: usize = FILTERS[0];
        const B: usize = FILTERS[1];
        const C: usize = FILTERS[2];
        const D: usize = FILTERS[3];
        match (self.layout.filter.len() / 16, self.layout.short_han) {
            (A, false) => self.candidate_of::<A, false>(text, at, end),
            (A, true) => self.candidate_of::<A, true>(text, at, end),
            (B, false) => self.candidate_of::<B, false>(text, at, end),
            (B, true) => self.candidate_of::<B, true>(text, at, end),
            (C, false) => self.candidate_of::<C, false>(text, at, end),
            (C, true) => self.candidate_of::<C, true>(text, at, end),
            (_, false) => self.candidate_of::<D, false>(text, at, end),
            (_, true) => self.candidate_of::<D, true>(text, at, end),
        }
    }

    fn candidate_of<const WORDS: usize, const SHORT_HAN: bool>(&self, text: &[u8], at: usize, end: usize) -> usize {
        let (filter, _) = self.part(&self.layout.filter).as_chunks::<8>();
        let Some((first, second)) = filter.split_first_chunk::<WORDS>() else { return end };
        let starts = self.part(&(HEADER..HEADER + STARTS));
        let Some((&ascii, plane)) = starts.split_first_chunk::<16>() else { return end };
        let (ascii, any_short) = (u128::from_le_bytes(ascii), self.layout.short);
        let in_first = |word: u64| {
            let (at, bit) = lexicon::pair_bit::<WORDS>(word);
            u64::from_le_bytes(first[at]) >> bit & 1 != 0
        };
        let in_second = |hash: u64| {
            let bits = bits(hash);
            second.get(place(hash, second.len())).is_some_and(|&word| u64::from_le_bytes(word) & bits == bits)
        };
        let known = |word: u64| in_second(second_hash(word)) || in_second(second_hash(word & SIX));
        let short = |word: u64| {
            let code = lexicon::code_point(word) as usize;
            plane.get(code >> 3).is_some_and(|byte| byte >> (code & 7) & 1 != 0)
        };
        // With it a window of eight bytes is there for every position before `end`, if the text goes on.
        let text = text.get(..end + 7).unwrap_or(text);
        let mut rest = text.get(at..).unwrap_or_default();
        while let Some(&window) = rest.first_chunk::<8>() {
            let word = u64::from_le_bytes(window);
            let passed = if word & 0xF0 == 0xE0 {
                if in_first(word) && known(word) || SHORT_HAN && short(word) {
                    break;
                }
                3
            } else if word & 0x80 == 0 {
                if ascii == 0 {
                    ((word & 0x8080_8080_8080_8080).trailing_zeros() / 8) as usize
                } else if ascii >> (word & 127) & 1 != 0 && (any_short || in_first(word) && known(word)) {
                    break;
                } else {
                    1
                }
            } else if any_short || in_first(word) && known(word) {
                break;
            } else if word & 0xE0 == 0xC0 {
                2
            } else {
                4
            };
            rest = rest.get(passed..).unwrap_or_default();
        }
        (text.len() - rest.len()).min(end)
    }

    /// Whether a key goes on behind the end of the text, of which `rest` is all there is from a position on.
    pub(crate) fn goes_on(&self, rest: &[u8]) -> bool {
        if rest.len() >= self.layout.longest {
            return false;
        }
        let next = self.upper(rest, 0, self.layout.count);
        self.key(next as u32).is_some_and(|key| key.starts_with(rest))
    }

    /// The longest key that `rest` starts with and that `accept` takes, asked longest first.
    pub(crate) fn longest_at(&self, rest: &[u8], accept: impl Fn(&Entry<'_>) -> bool) -> Option<(u32, Entry<'_>)> {
        let by_prefix = six(rest).and_then(|six| {
            let slots = self.part(&self.layout.slots);
            let count = slots.len() / 8;
            let mut at = place(hash(six), count);
            for _ in 0..count {
                let (first, end) = (word(slots, at * 8)?, word(slots, at * 8 + 4)?);
                if end == 0 {
                    return None;
                }
                if self.key(first)?.get(..PREFIX) == rest.get(..PREFIX) {
                    return self.chain(rest, self.upper(rest, first as usize, end as usize), &accept);
                }
                at = (at + 1) & (count - 1);
            }
            None
        });
        if by_prefix.is_some() || !self.short_starts(rest) {
            return by_prefix;
        }
        self.chain(rest, self.upper(rest, 0, self.layout.count), &accept)
    }

    /// Whether a key of fewer than [`PREFIX`] bytes may start here.
    fn short_starts(&self, rest: &[u8]) -> bool {
        let bit = match rest.first_chunk::<3>() {
            Some(&[a, b, c]) if a & 0xF0 == 0xE0 => {
                128 + lexicon::code_point(u32::from_le_bytes([a, b, c, 0]).into()) as usize
            }
            _ => match rest.first() {
                Some(&byte) if byte < 0x80 => usize::from(byte),
                _ => return self.layout.short,
            },
        };
        let starts = self.part(&(HEADER..HEADER + STARTS));
        self.layout.short && starts.get(bit >> 3).is_some_and(|byte| byte >> (bit & 7) & 1 != 0)
    }

    /// How many of the entries before `to`, from `from` on, have a key that is not greater than the text; with those before
    /// `from`.
    fn upper(&self, text: &[u8], from: usize, to: usize) -> usize {
        let (mut from, mut to) = (from, to);
        while from < to {
            let middle = from + (to - from) / 2;
            if self.key(middle as u32).is_some_and(|key| key <= text) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// From the last entry before `end` to ever shorter ones, until one fits.
    fn chain(&self, text: &[u8], end: usize, accept: impl Fn(&Entry<'_>) -> bool) -> Option<(u32, Entry<'_>)> {
        let mut number = u32::try_from(end.checked_sub(1)?).ok()?;
        loop {
            let entry = self.entry(number)?;
            if text.starts_with(entry.key) && accept(&entry) {
                return Some((number, entry));
            }
            // Always less, so that this ends.
            number = Some(entry.parent).filter(|&parent| parent < number)?;
        }
    }
}

impl fmt::Debug for UserLexicon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserLexicon").field("entries", &self.len()).finish_non_exhaustive()
    }
}

/// Maps a file.
#[cfg(feature = "mmap")]
#[allow(unsafe_code, reason = "a memory map is shared with whoever writes to the file")]
fn map(file: &std::fs::File) -> std::io::Result<memmap2::Mmap> {
    // SAFETY: the map must not be taken for memory that stays the same. Nothing here does: it is read as bytes, every offset
    // and length in it is checked at each use, and what is copied from it into a text is checked to be UTF-8 after it was
    // copied. The remaining danger, a file that is cut short while it is mapped, ends the process by a signal; the
    // documentation of `UserLexicon::open` says so.
    unsafe { memmap2::Mmap::map(file) }
}

/// The words of a table in OpenCC's text format.
pub(crate) fn table_words(name: &str, bytes: &[u8]) -> Result<Vec<Word>, Diagnostics> {
    let file: Arc<str> = name.into();
    let table = Table::parse(name, bytes)?;
    let words = table.entries.into_iter().filter_map(|entry| {
        let value = entry.values.into_iter().next()?;
        let place = Some((Arc::clone(&file), u32::try_from(entry.line).unwrap_or(u32::MAX)));
        Some(Word { place, ..Word::new(entry.key, value) })
    });
    Ok(words.collect())
}

impl Layout {
    fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        const CUT: &str = "it is cut short or damaged";
        if !bytes.starts_with(&MAGIC) {
            return Err("it is not a lexicon of fanjian");
        }
        let field = |n: usize| word(bytes, 8 + 4 * n).ok_or(CUT);
        if field(0)? != VERSION {
            return Err("it is of another version of the format; compile it again");
        }
        if bytes.len() < HEADER + STARTS || long(bytes, 48) != Some(bytes.len() as u64) {
            return Err(CUT);
        }
        if long(bytes, CHECKSUM) != Some(checksum(bytes)) {
            return Err("its checksum is wrong: it is damaged");
        }
        let mut at = HEADER + STARTS;
        let mut take = |count: u32, size: usize| {
            let start = at;
            at = (count as usize).checked_mul(size).and_then(|length| at.checked_add(length)).ok_or(CUT)?;
            Ok::<_, &'static str>(start..at)
        };
        let (count, filter, slots, tables) = (field(2)?, field(3)?, field(4)?, field(5)?);
        let out = Self {
            route: field(1)?,
            longest: field(8)? as usize,
            count: count as usize,
            short: field(9)? & 1 != 0,
            short_han: field(9)? & 2 != 0,
            filter: take(filter, 8)?,
            slots: take(slots, 8)?,
            entries: take(count, ENTRY)?,
            tables: take(tables, NAME)?,
            contexts: take(field(6)?, CONTEXT)?,
            arena: take(field(7)?, 1)?,
        };
        let known_filter = FILTERS.contains(&(filter as usize / 2)) && filter % 2 == 0;
        if at != bytes.len() || !known_filter || !slots.is_power_of_two() || out.longest > LONGEST {
            return Err(CUT);
        }
        Ok(out)
    }
}

/// The parts of a lexicon while it is compiled.
struct Compiled {
    starts: [u8; STARTS],
    short: bool,
    short_han: bool,
    filter: Vec<u64>,
    slots: Vec<[u32; 2]>,
    parents: Vec<u32>,
}

impl Compiled {
    /// From words in the order of their keys.
    fn new(words: &[Word]) -> Self {
        let mut starts = [0u8; STARTS];
        let (mut short, mut short_han) = (false, false);
        // Keys with the same first bytes: the numbers of the first and of the one behind the last.
        let mut groups: Vec<(u64, [u32; 2])> = Vec::new();
        // Hashes for the second look.
        let mut long_keys: Vec<u64> = Vec::new();
        let mut parents = Vec::with_capacity(words.len());
        let mut open: Vec<usize> = Vec::new();
        for (number, word) in words.iter().enumerate() {
            while open.last().is_some_and(|&top| words.get(top).is_none_or(|top| !word.key.starts_with(&top.key))) {
                open.pop();
            }
            parents.push(open.last().map_or(NONE, |&top| top as u32));
            open.push(number);
            let c = word.key.chars().next().unwrap_or_default() as usize;
            let mut mark = |bit: usize| {
                if let Some(byte) = starts.get_mut(bit >> 3) {
                    *byte |= 1 << (bit & 7);
                }
            };
            if c < 0x80 {
                mark(c);
            }
            let Some(six) = six(word.key.as_bytes()) else {
                short = true;
                short_han |= (0x800..0x10000).contains(&c);
                if (0x80..0x10000).contains(&c) {
                    mark(128 + c);
                }
                continue;
            };
            let second = second_hash(long(word.key.as_bytes(), 0).unwrap_or(six));
            if long_keys.last() != Some(&second) {
                long_keys.push(second);
            }
            match groups.last_mut() {
                Some((prefix, range)) if *prefix == six => range[1] = number as u32 + 1,
                _ => groups.push((six, [number as u32, number as u32 + 1])),
            }
        }
        let wanted = groups.len().max(long_keys.len()) * 16 / 64;
        let [.., most] = FILTERS;
        let half = FILTERS.into_iter().find(|&words| words >= wanted).unwrap_or(most);
        let (mut filter, mut second) = (vec![0u64; half], vec![0u64; half]);
        for hash in long_keys {
            if let Some(word) = second.get_mut(place(hash, half)) {
                *word |= bits(hash);
            }
        }
        let mut slots = vec![[0; 2]; (groups.len() * 2).next_power_of_two()];
        let mask = slots.len() - 1;
        for (six, range) in groups {
            let (at, bit) = lexicon::pair_bit_of(half, six);
            if let Some(word) = filter.get_mut(at) {
                *word |= 1 << bit;
            }
            let mut at = place(hash(six), mask + 1);
            while slots.get(at).is_some_and(|slot| slot[1] != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = range;
            }
        }
        filter.append(&mut second);
        Self { starts, short, short_han, filter, slots, parents }
    }

    fn finish(self, words: &[Word], route: u32) -> Result<UserLexicon, Error> {
        let mut arena: Vec<u8> = Vec::with_capacity(words.iter().map(|word| word.key.len() + word.value.len()).sum());
        let mut add = |text: &str| {
            let at = arena.len();
            arena.extend_from_slice(text.as_bytes());
            (at as u32, text.len() as u32)
        };
        let mut names: Vec<(Arc<str>, (u32, u32))> = Vec::new();
        let mut contexts: Vec<(&[String; 4], Lists)> = Vec::new();
        let mut entries: Vec<u8> = Vec::with_capacity(words.len() * ENTRY);
        let mut longest = 0;
        for (word, &parent) in words.iter().zip(&self.parents) {
            longest = longest.max(word.key.len());
            let key = add(&word.key);
            let value = if word.value == word.key { key } else { add(&word.value) };
            let (table, line) = word.place.as_ref().map_or((0, 0), |(name, line)| {
                let known = names.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
                    names.push((Arc::clone(name), add(name)));
                    names.len() - 1
                });
                (known as u32 + 1, *line)
            });
            let mut meta = word.meta;
            if meta != ALWAYS && word.context.iter().any(|list| !list.is_empty()) {
                let known = contexts.iter().position(|(known, _)| **known == word.context).unwrap_or_else(|| {
                    contexts.push((&word.context, word.context.each_ref().map(|list| add(list))));
                    contexts.len() - 1
                });
                meta |= (known as u32 + 1) << CONTEXT_SHIFT;
            }
            for field in [key.0, key.1, value.0, value.1, parent, meta, table, line] {
                entries.extend_from_slice(&field.to_le_bytes());
            }
        }
        if arena.len() + entries.len() > (u32::MAX / 2) as usize {
            return Err(Error::builder("all entries together take more than two gigabytes"));
        }
        let mut out = Vec::with_capacity(HEADER + STARTS + arena.len() + entries.len() + self.filter.len() * 8);
        out.extend_from_slice(&MAGIC);
        let counts =
            [words.len(), self.filter.len(), self.slots.len(), names.len(), contexts.len(), arena.len(), longest];
        let fields = [VERSION, route].into_iter().chain(counts.map(|count| count as u32));
        for field in fields.chain([u32::from(self.short) | u32::from(self.short_han) << 1]) {
            out.extend_from_slice(&field.to_le_bytes());
        }
        out.resize(HEADER, 0);
        out.extend_from_slice(&self.starts);
        out.extend(self.filter.iter().flat_map(|word| word.to_le_bytes()));
        out.extend(self.slots.iter().flatten().flat_map(|field| field.to_le_bytes()));
        out.extend_from_slice(&entries);
        let places = names.iter().map(|(_, place)| place).chain(contexts.iter().flat_map(|(_, lists)| lists));
        out.extend(places.flat_map(|&(at, length)| [at, length]).flat_map(u32::to_le_bytes));
        out.extend_from_slice(&arena);
        let length = (out.len() as u64).to_le_bytes();
        if let Some(place) = out.get_mut(48..CHECKSUM) {
            place.copy_from_slice(&length);
        }
        let sum = checksum(&out).to_le_bytes();
        if let Some(place) = out.get_mut(CHECKSUM..HEADER) {
            place.copy_from_slice(&sum);
        }
        UserLexicon::open_bytes("the words", Bytes::Owned(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Converter, Locale, OpenccConfig};

    const TABLE: &str =
        "头\t頭\n头发\t頭髮\n头发里\t〔裡〕\n里面\t裡面\n国家\t國\n国\t國\n麦旋风\t冰炫風\niPhone\t愛鳳\na\t甲\n";
    const TEXT: &str = "头发里面的头，iPhone 与国家的麦旋风。a 头发长了国\n𠮷野家的里面麦旋风好吃";

    fn mutated(good: &[u8], seed: &mut u64, from: usize, flips: usize) -> Vec<u8> {
        let mut bad = good.to_vec();
        for _ in 0..flips {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            // Most of the length is the bits of starts, which matter little.
            let skip = if *seed & 1 == 0 { HEADER + STARTS } else { from };
            let at = skip + (*seed >> 33) as usize % (bad.len() - skip);
            if let Some(byte) = bad.get_mut(at) {
                *byte = if *seed & 2 == 0 { (*seed >> 8) as u8 } else { *byte ^ 1 << (*seed >> 16 & 7) };
            }
        }
        bad
    }

    /// Converts in all ways; what comes out must be text.
    fn convert(lexicon: &UserLexicon) {
        let builders =
            [Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW), Converter::opencc_builder(OpenccConfig::S2t)];
        for builder in builders {
            let Ok(converter) = builder.lexicon(lexicon).build() else { continue };
            let out = converter.convert(TEXT);
            assert!(std::str::from_utf8(out.as_bytes()).is_ok());
            assert!(converter.edits(TEXT).all(|edit| std::str::from_utf8(edit.target().as_bytes()).is_ok()));
            let aligned = converter.convert_aligned(TEXT);
            assert!(std::str::from_utf8(aligned.text().as_bytes()).is_ok());
            let mut stream = converter.incremental();
            for c in TEXT.chars() {
                let piece = stream.push(c.encode_utf8(&mut [0; 4]));
                assert!(std::str::from_utf8(piece.as_bytes()).is_ok());
            }
            assert!(std::str::from_utf8(stream.finish().as_bytes()).is_ok());
        }
    }

    #[test]
    fn a_file_that_lies_is_refused_or_does_no_harm() -> Result<(), Error> {
        let good = UserLexicon::from_table("lies", TABLE.as_bytes())?;
        let mut seed = 1;
        for n in 0..3_000 {
            let mut bad = mutated(good.as_bytes(), &mut seed, 12, 1 + n % 3);
            let sum = checksum(&bad).to_le_bytes();
            if let Some(place) = bad.get_mut(CHECKSUM..HEADER) {
                place.copy_from_slice(&sum);
            }
            if let Ok(lexicon) = UserLexicon::from_bytes(bad) {
                convert(&lexicon);
            }
        }
        Ok(())
    }

    #[test]
    fn a_file_that_changes_while_it_is_open_does_no_harm() -> Result<(), Error> {
        let good = UserLexicon::from_table("changes", TABLE.as_bytes())?;
        let mut seed = 2;
        for n in 0..3_000 {
            let bytes = Arc::new(Bytes::Owned(mutated(good.as_bytes(), &mut seed, HEADER, 1 + n % 8)));
            convert(&UserLexicon { bytes, layout: good.layout.clone() });
        }
        Ok(())
    }

    #[test]
    fn the_format_is_the_same_on_every_machine() -> Result<(), Error> {
        let lexicon = UserLexicon::from_table("mine", TABLE.as_bytes())?;
        // A change of the format needs another version number.
        assert_eq!((lexicon.as_bytes().len(), checksum(lexicon.as_bytes())), FINGERPRINT);
        Ok(())
    }

    const FINGERPRINT: (usize, u64) = (9821, 2_134_667_425_709_346_837);
}
