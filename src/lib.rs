//! Chinese script conversion and localisation: Simplified and Traditional at phrase level, and the vocabulary of the
//! Mainland, Taiwan and Hong Kong.
//!
//! ```
//! use fanjian::{Converter, Locale};
//!
//! let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
//! assert_eq!(converter.convert("英伟达芯片引发了如此震撼"), "輝達晶片引發了如此震撼");
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! Building a converter for a built-in route parses nothing; converting never fails, and what does not change is borrowed.
//! Recipes stand in the [cookbook](guide::cookbook), measurements in [accuracy and limits](guide::accuracy). Users of other
//! crates find their calls in [moving over](guide::migration).
//!
//! # A tour in five minutes
//!
//! **Convert.** [`Converter::new`] takes two locales. [`Converter::opencc`] takes a configuration of OpenCC and writes what OpenCC
//! 1.4.2 writes, byte for byte.
//!
//! ```
//! use fanjian::{Converter, Locale, OpenccConfig};
//!
//! let native = Converter::new(Locale::ZH_HANT_TW, Locale::ZH_HANT_HK)?;
//! assert_eq!(native.convert("計程車司機"), "的士司機");
//!
//! let exact = Converter::opencc(OpenccConfig::S2t)?;
//! assert_eq!(exact.convert("简体中文"), "簡體中文");
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! **Choose.** [`Converter::builder`] chooses regional terms, domains and glyphs.
//!
//! ```
//! use fanjian::{Converter, Domain, Glyphs, Locale, Terms};
//!
//! let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
//! assert_eq!(builder.clone().build()?.convert("鼠标在台湾"), "滑鼠在台灣");
//! assert_eq!(builder.clone().terms(Terms::None).build()?.convert("鼠标在台湾"), "鼠標在台灣");
//! assert_eq!(builder.clone().glyphs(Glyphs::Official).build()?.convert("鼠标在台湾"), "滑鼠在臺灣");
//! // 文件 is a document too; where nothing shows that files are meant, say so.
//! assert_eq!(builder.domain(Domain::COMPUTING).build()?.convert("请看这份文件"), "請看這份檔案");
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! **Own words** are final and win over everything built in. Large glossaries are compiled once: [`UserLexicon`].
//!
//! ```
//! use fanjian::{Converter, Locale};
//!
//! let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
//! let converter = builder.entry("麦旋风", "冰炫風").protect("云南白药").build()?;
//! assert_eq!(converter.convert("买云南白药和麦旋风"), "買云南白药和冰炫風");
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! **Ask why.** [`Converter::edits`] gives what changes, where, and what decided.
//!
//! ```
//! use fanjian::{Converter, Locale};
//!
//! let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
//! let edit = converter.edits("买鼠标").last().unwrap();
//! assert_eq!((edit.range(), edit.source(), edit.target()), (3..9, "鼠标", "滑鼠"));
//! assert_eq!(edit.reason(), "a term of the domain computing that is right in any text");
//! // What else could stand there, with the figures that were compared.
//! assert_eq!(edit.alternatives()[0].target(), "鼠標");
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! **Keep offsets.** [`Converter::convert_aligned`] maps ranges both ways, in bytes, characters or UTF-16 code units.
//!
//! ```
//! use fanjian::{Converter, Locale};
//!
//! let text = "内存不够用";
//! let aligned = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?.convert_aligned(text);
//! assert_eq!(aligned.text(), "記憶體不夠用");
//! assert_eq!(&text[aligned.map().source_range(9..15)], "不够");
//! assert_eq!(aligned.restore(), text);
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! **Stream.** [`Converter::incremental`] takes tokens, [`Converter::stream`] wraps a writer, [`Converter::reader`] a reader. The result
//! does not depend on how the text is cut.
//!
//! ```
//! use fanjian::{Converter, OpenccConfig};
//!
//! let mut text = Converter::opencc(OpenccConfig::S2t)?.incremental();
//! assert_eq!(text.push("他的头"), "他的");
//! assert_eq!(text.push("发，"), "頭髮，");
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! **Protect** markup, code, addresses and placeholders: [`protect`]. Words are found across inline tags, also in streams.
//!
//! ```
//! use fanjian::protect::{Kind, Protection};
//! use fanjian::{Converter, Locale};
//!
//! let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
//! let keep = Protection::new().with(Kind::Html).with(Kind::Placeholders);
//! assert_eq!(converter.convert_protected("头<b>发</b><code>发</code>{发}", &keep), "頭<b>髮</b><code>发</code>{发}");
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! **Detect.** [`detect()`] tells script and region and what shows them; [`Converter::auto`] converts texts from anywhere.
//!
//! ```
//! use fanjian::{Converter, Locale, Region, detect};
//!
//! assert_eq!(detect("搭的士去").region(), Some(Region::Hk));
//! assert_eq!(Converter::auto(Locale::ZH_HANT_TW)?.convert("这台打印机"), "這台印表機");
//! # Ok::<(), fanjian::Error>(())
//! ```
//!
//! **Punctuation** is a switch of its own: [`Punctuation`] converts quotation marks, title marks and widths. [`Repertoire`] keeps out characters
//! that fonts lack.
//!
//! ```
//! use fanjian::{Locale, Punctuation};
//!
//! let quotes = Punctuation::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
//! assert_eq!(quotes.convert("“他说‘好’。”"), "「他说『好』。」");
//! ```
//!
//! # Features
//!
//! | feature | default | what |
//! |---|---|---|
//! | `native` | yes | the data of routes between locales, [`detect()`], [`Converter::auto`] |
//! | `opencc` | yes | the data of OpenCC's configurations; configurations from a file need it not |
//! | `mmap` | | `UserLexicon::open`: compiled own words in a memory map |
//! | `rayon` | | `Converter::convert_batch`: many texts on all cores |
//! | `serde` | | `Serialize` for edits, alignments, profiles and the like; `Deserialize` too for [`Locale`], [`Terms`], [`Domain`] and [`OpenccConfig`] |
//!
//! Without `native` or `opencc` a build is smaller, and what it lacks gives an error when a converter is built.
//!
//! # What most users can ignore
//!
//! [`Converter`] is enough for most. The module [`table`] parses, checks and formats dictionaries: it is for those who edit them.
//! [`Converter::from_opencc_json`] runs configurations of one's own. [`Converter::convert_regions`], [`Alignment`] and
//! [`Converter::chunk_end`] are for authors of parsers, editors and pipelines.

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
pub mod guide;
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
pub use edits::{Alternative, Edit, Edits, Origin, Score};
pub use error::Error;
pub use locale::Locale;
pub use opencc::OpenccConfig;
pub use protect::Protection;
pub use punctuation::{Nesting, Punctuation, Titles, Width};
pub use repertoire::{HeldBack, Repertoire};
pub use stream::{Chunks, Incremental, InvalidUtf8, Reader, Stream};
pub use terms::{Domain, Terms};
pub use words::{ConverterBuilder, Glyphs, UserLexicon};
