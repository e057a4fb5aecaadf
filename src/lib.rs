//! Chinese script conversion and localisation (wip docs).

mod converter;
mod data;
mod detect;
mod engine;
mod error;
#[doc(hidden)]
pub mod lexicon;
mod locale;
mod native;
#[doc(hidden)]
pub mod opencc;
mod punctuation;
mod repertoire;
pub mod table;
mod terms;

pub use converter::Converter;
pub use detect::{Evidence, Mark, Paragraphs, Profile, Region, Script, Sign, detect, detect_paragraphs};
pub use error::Error;
pub use locale::Locale;
pub use opencc::OpenccConfig;
pub use punctuation::{Nesting, Punctuation, Width};
pub use repertoire::{HeldBack, Repertoire};
pub use terms::{Domain, Terms};
