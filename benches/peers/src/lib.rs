//! What the benchmark of fanjian beside other converters is made of: the
//! routes, the engines, the input texts, the measurement and the comparison of
//! outputs.

pub mod diff;
pub mod engine;
pub mod measure;
pub mod random;
pub mod route;
pub mod text;

/// An error is a sentence for whoever runs the benchmark.
pub type Error = Box<dyn std::error::Error>;
pub type Result<T> = std::result::Result<T, Error>;
