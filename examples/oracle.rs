//! What `scripts/oracle.py` compares with OpenCC: converts records that are separated by NUL.
//!
//! ```text
//! cargo run --release --example oracle -- s2twp [--tofu] < records > converted
//! ```
//!
//! Every record is a text of its own; the output has as many records as the input.

use std::error::Error;
use std::io::{self, Read, Write};

use fanjian::{Converter, OpenccConfig};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut config, mut tofu) = (None, false);
    for argument in std::env::args().skip(1) {
        match argument.as_str() {
            "--tofu" => tofu = true,
            name => config = Some(name.parse::<OpenccConfig>()?),
        }
    }
    let config = config.ok_or("usage: oracle CONFIG [--tofu]")?;
    let converter = if tofu { Converter::opencc_with_tofu(config)? } else { Converter::opencc(config)? };

    let mut text = String::new();
    io::stdin().lock().read_to_string(&mut text)?;
    let mut out = String::with_capacity(text.len());
    for record in text.split_terminator('\0') {
        out.push_str(&converter.convert(record));
        out.push('\0');
    }
    io::stdout().lock().write_all(out.as_bytes())?;
    Ok(())
}
