//! What can go wrong while a converter is built. Converting itself never fails.

use std::path::PathBuf;

use crate::table::Diagnostics;

/// Why a [`Converter`](crate::Converter) could not be built.
///
/// The message says what is wrong and what to do about it.
///
/// ```
/// use fanjian::OpenccConfig;
///
/// let error = "s2xx".parse::<OpenccConfig>().unwrap_err();
/// assert!(error.to_string().contains("s2xx"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(transparent)]
pub struct Error(#[from] Kind);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Kind {
    #[error("`{0}` is not an OpenCC configuration; expected one of {names}", names = config_names())]
    Config(String),
    #[error("`{0}` is not a locale that fanjian knows; expected a tag such as zh-Hans-CN, zh-Hant-TW, zh-Hant-HK")]
    Locale(String),
    #[error("`{0}` is not a domain of terms; expected one of {names}", names = crate::native::domain::DOMAINS.join(", "))]
    Domain(String),
    #[error("{0}")]
    Table(Diagnostics),
    #[error("{}: cannot be read: {why}", .path.display())]
    Read { path: PathBuf, why: String },
    #[error("{}: cannot be written: {why}", .path.display())]
    Write { path: PathBuf, why: String },
    #[error("{name}: {why}")]
    Lexicon { name: String, why: &'static str },
    #[error("the entry `{source_text}`: {why}")]
    Entry { source_text: String, why: &'static str },
    #[error("{0}")]
    Builder(&'static str),
    #[error("{0} are left out of this build; turn on the feature `{1}`")]
    LeftOut(&'static str, &'static str),
    #[error("{file}: {message}")]
    Json { file: String, message: String },
    #[error("the dictionary cannot be compiled: {0}")]
    Compile(String),
    #[error("the text is not UTF-8 at byte {0}; convert it to UTF-8 first, or let such bytes pass through")]
    Utf8(u64),
    #[error(
        "the alignment leads to a text of {expected} bytes, not to this one of {found}; give it the text that came with it"
    )]
    Alignment { expected: usize, found: usize },
    #[error("`{0}` is not a kind of protection; expected one of {names}", names = protection_names())]
    Protection(String),
    #[error(
        "{0} cannot be protected in a text that arrives in pieces: its markup depends on the whole; use `convert_protected`"
    )]
    ProtectedStream(crate::protect::Kind),
    #[error(
        "the range {start}..{end} cannot be protected; ranges are in order, without overlaps, between characters, and within \
         the {length} bytes of the text"
    )]
    Range { start: usize, end: usize, length: usize },
}

fn config_names() -> String {
    crate::OpenccConfig::ALL.iter().map(|config| config.name()).collect::<Vec<_>>().join(", ")
}

fn protection_names() -> String {
    crate::protect::Kind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
}

impl Error {
    pub(crate) fn unknown_config(name: &str) -> Self {
        Kind::Config(name.to_owned()).into()
    }

    pub(crate) fn unknown_locale(tag: &str) -> Self {
        Kind::Locale(tag.to_owned()).into()
    }

    pub(crate) fn unknown_domain(name: &str) -> Self {
        Kind::Domain(name.to_owned()).into()
    }

    pub(crate) fn read(path: impl Into<PathBuf>, error: &std::io::Error) -> Self {
        Kind::Read { path: path.into(), why: error.to_string() }.into()
    }

    pub(crate) fn write(path: impl Into<PathBuf>, error: &std::io::Error) -> Self {
        Kind::Write { path: path.into(), why: error.to_string() }.into()
    }

    pub(crate) fn lexicon(name: &str, why: &'static str) -> Self {
        Kind::Lexicon { name: name.to_owned(), why }.into()
    }

    pub(crate) fn entry(source: &str, why: &'static str) -> Self {
        // A whole page is no help.
        Kind::Entry { source_text: source.chars().take(40).collect(), why }.into()
    }

    pub(crate) fn builder(why: &'static str) -> Self {
        Kind::Builder(why).into()
    }

    /// Fails if this build has no data for routes between locales.
    pub(crate) fn unless_native() -> Result<(), Self> {
        if cfg!(feature = "native") { Ok(()) } else { Err(Kind::LeftOut("routes between locales", "native").into()) }
    }

    /// Fails if this build has no data for OpenCC's configurations.
    pub(crate) fn unless_opencc() -> Result<(), Self> {
        if cfg!(feature = "opencc") { Ok(()) } else { Err(Kind::LeftOut("OpenCC's configurations", "opencc").into()) }
    }

    pub(crate) fn json(file: &str, message: impl Into<String>) -> Self {
        Kind::Json { file: file.to_owned(), message: message.into() }.into()
    }

    pub(crate) fn utf8(offset: u64) -> Self {
        Kind::Utf8(offset).into()
    }

    /// The offset in bytes of the first byte that is not UTF-8, when that is what went wrong in a stream.
    ///
    /// ```
    /// use std::io::Write;
    /// use fanjian::{Converter, Error, InvalidUtf8, OpenccConfig};
    ///
    /// let mut stream = Converter::opencc(OpenccConfig::S2t)?.stream(Vec::new()).invalid_utf8(InvalidUtf8::Error);
    /// let failed = stream.write_all(b"ab\xFF").unwrap_err();
    /// assert_eq!(failed.downcast::<Error>().unwrap().invalid_at(), Some(2));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn invalid_at(&self) -> Option<u64> {
        match self.0 {
            Kind::Utf8(offset) => Some(offset),
            _ => None,
        }
    }

    pub(crate) fn unknown_protection(name: &str) -> Self {
        Kind::Protection(name.to_owned()).into()
    }

    pub(crate) fn protected_stream(kind: crate::protect::Kind) -> Self {
        Kind::ProtectedStream(kind).into()
    }

    pub(crate) fn range(range: std::ops::Range<usize>, length: usize) -> Self {
        Kind::Range { start: range.start, end: range.end, length }.into()
    }

    pub(crate) fn alignment(expected: usize, found: usize) -> Self {
        Kind::Alignment { expected, found }.into()
    }

    /// The faults of a user's table, when that is what went wrong.
    ///
    /// ```
    /// use fanjian::UserLexicon;
    ///
    /// let error = UserLexicon::from_table("mine.txt", b"a\nb\n").unwrap_err();
    /// assert_eq!(error.diagnostics().unwrap().iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 2]);
    /// ```
    #[must_use]
    pub fn diagnostics(&self) -> Option<&Diagnostics> {
        match &self.0 {
            Kind::Table(faults) => Some(faults),
            _ => None,
        }
    }
}

impl From<Diagnostics> for Error {
    fn from(faults: Diagnostics) -> Self {
        Kind::Table(faults).into()
    }
}

impl From<fst::Error> for Error {
    fn from(error: fst::Error) -> Self {
        Kind::Compile(error.to_string()).into()
    }
}
