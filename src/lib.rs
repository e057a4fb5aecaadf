//! Chinese script conversion and localisation (wip docs).

mod alignment;
mod converter;
mod data;
mod edits;
mod engine;
mod error;
#[doc(hidden)]
pub mod lexicon;
mod locale;
mod native;
#[doc(hidden)]
pub mod opencc;
mod stream;
pub mod table;
mod terms;
mod trace;

pub use alignment::{Aligned, Alignment, Unit};
pub use converter::Converter;
pub use edits::{Edit, Edits, Origin};
pub use error::Error;
pub use locale::Locale;
pub use opencc::OpenccConfig;
pub use stream::{Chunks, Incremental, InvalidUtf8, Reader, Stream};
pub use terms::{Domain, Terms};
