//! Chinese script conversion and localisation (wip docs).

mod converter;
mod data;
mod engine;
mod error;
#[doc(hidden)]
pub mod lexicon;
#[doc(hidden)]
pub mod opencc;
pub mod table;

pub use converter::Converter;
pub use error::Error;
pub use opencc::OpenccConfig;
