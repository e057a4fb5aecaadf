//! Chinese script conversion and localisation: Simplified and Traditional at phrase level, and the vocabulary of the
//! Mainland, Taiwan and Hong Kong.
//!
//! ```
//! use fanjian::{Converter, Locale, OpenccConfig};
//!
//! let native = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
//! assert_eq!(native.convert("英伟达芯片引发了如此震撼"), "輝達晶片引發了如此震撼");
//!
//! let exact = Converter::opencc(OpenccConfig::S2t)?; // what OpenCC 1.4.2 writes, byte for byte
//! assert_eq!(exact.convert("简体中文"), "簡體中文");
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! Building a converter for a built-in route parses nothing; converting never fails. See [`Converter`] for the rest,
//! [`ConverterBuilder`] for own words and other choices, [`detect()`] for the script and region of a text,
//! [`Punctuation`] for quotation marks, [`protect`] for markup, code and placeholders, which stay.
//!
//! # Features
//!
//! By default the data of all routes is built in:
//!
//! * `native`: routes between locales, and [`detect()`].
//! * `opencc`: OpenCC's configurations. Configurations from a file need it not.
//!
//! Without one of them a build is smaller, and what it lacks gives an error when a converter is built. Not by default:
//!
//! * `mmap`: `UserLexicon::open`, compiled own words in a memory map.
//! * `rayon`: `Converter::convert_batch`, many texts on all cores.
//! * `serde`: `Serialize` for edits, alignments, profiles and the like; `Deserialize` too for [`Locale`], [`Terms`],
//!   [`Domain`] and [`OpenccConfig`].

mod alignment;
#[cfg(feature = "native")]
mod auto;
mod converter;
mod data;
#[cfg(feature = "native")]
mod detect;
mod edits;
mod engine;
mod error;
#[doc(hidden)]
pub mod lexicon;
mod locale;
mod native;
#[doc(hidden)]
pub mod opencc;
pub mod protect;
mod punctuation;
mod repertoire;
#[cfg(feature = "serde")]
mod serialize;
mod stream;
pub mod table;
mod terms;
mod trace;
mod words;

pub use alignment::{Aligned, Alignment, Unit};
#[cfg(feature = "native")]
pub use auto::AutoConverter;
pub use converter::Converter;
#[cfg(feature = "native")]
pub use detect::{Evidence, Mark, Paragraphs, Profile, Region, Script, Sign, detect, detect_paragraphs};
pub use edits::{Edit, Edits, Origin};
pub use error::Error;
pub use locale::Locale;
pub use opencc::OpenccConfig;
pub use protect::Protection;
pub use punctuation::{Nesting, Punctuation, Width};
pub use repertoire::{HeldBack, Repertoire};
pub use stream::{Chunks, Incremental, InvalidUtf8, Reader, Stream};
pub use terms::{Domain, Terms};
pub use words::{ConverterBuilder, Glyphs, UserLexicon};
