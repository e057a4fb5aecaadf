//! Converts strings with libopencc, for tests that compare with it.

use std::fs;
use std::io::{Read, Write, stdin, stdout};
use std::path::PathBuf;

use clap::Parser;
use fanjian_peers::Result;
use fanjian_peers::engine::opencc;

/// Converts each string of a file by itself with libopencc, and writes the
/// results in the same order with the same separator.
#[derive(Parser)]
struct Arguments {
    /// Name of the configuration, as in s2twp.
    config: String,
    /// File of strings; standard input when it is missing or `-`.
    file: Option<PathBuf>,
    /// Where to write; standard output when missing.
    #[arg(short, long)]
    output: Option<PathBuf>,
    /// Strings end with NUL instead of a newline.
    #[arg(short = '0', long)]
    nul: bool,
    /// Let dictionaries take part whose results many fonts lack, as the C
    /// interface does and OpenCC's command only on request.
    #[arg(long)]
    tofu: bool,
    /// Convert the whole file as one string.
    #[arg(long, conflicts_with = "nul")]
    whole: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let text = match arguments.file {
        Some(path) if path.as_os_str() != "-" => fs::read_to_string(path)?,
        _ => {
            let mut text = String::new();
            stdin().read_to_string(&mut text)?;
            text
        }
    };
    let converter = opencc::open(&arguments.config, arguments.tofu)?;
    let mut output = String::with_capacity(text.len());
    if arguments.whole {
        output = converter.convert(&text)?;
    } else {
        let separator = if arguments.nul { '\0' } else { '\n' };
        for string in text.split_inclusive(separator) {
            let unterminated = string.strip_suffix(separator);
            output.push_str(&converter.convert(unterminated.unwrap_or(string))?);
            if unterminated.is_some() {
                output.push(separator);
            }
        }
    }
    match arguments.output {
        Some(path) => fs::write(path, output)?,
        None => stdout().write_all(output.as_bytes())?,
    }
    Ok(())
}
