//! Prints what a conversion changes and why: `explain FROM TO [TERMS] < text`, or `explain CONFIG < text`.
//!
//! ```text
//! $ echo 他用鼠标剪头发 | cargo run --example explain zh-CN zh-TW
//! 1:3   鼠标 → 滑鼠   a term of the domain computing that is right in any text
//! 1:6   头发 → 頭髮   a phrase: one word on the cheapest path through the words of the neighbourhood
//! ```

use std::error::Error;
use std::io::{self, Read, Write};

use fanjian::{Converter, Terms};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let converter = match *arguments.as_slice() {
        [config] => Converter::opencc(config.parse()?)?,
        [from, to] => Converter::new(from.parse()?, to.parse()?)?,
        [from, to, terms] => Converter::with_terms(from.parse()?, to.parse()?, &terms.parse::<Terms>()?)?,
        _ => return Err("usage: explain FROM TO [TERMS] < text, or: explain CONFIG < text".into()),
    };
    let mut text = String::new();
    io::stdin().read_to_string(&mut text)?;
    let mut out = io::stdout().lock();
    // Line and column of each edit, counted from 1 in characters, as the edits come.
    let (mut line, mut column, mut at) = (1, 1, 0);
    for edit in converter.edits(&text) {
        for c in text[at..edit.range().start].chars() {
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        at = edit.range().start;
        writeln!(out, "{:<5} {edit}   {}", format!("{line}:{column}"), edit.reason())?;
    }
    Ok(())
}
