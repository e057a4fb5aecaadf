//! Guides: pages to read, with nothing to call.
//!
//! * [`cookbook`]: recipes for common work.
//! * [`migration`]: moving over from other crates, call by call.
//! * [`accuracy`]: how good conversions are, how that was measured, and what they can not do.

#[doc = include_str!("../docs/cookbook.md")]
pub mod cookbook {}

#[doc = include_str!("../docs/migration.md")]
pub mod migration {}

#[doc = include_str!("../docs/accuracy.md")]
pub mod accuracy {}

/// The README's example is true.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
