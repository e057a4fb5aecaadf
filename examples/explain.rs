//! Prints what a conversion changes and why, and what else could have been written: `explain FROM TO [TERMS] < text`, or
//! `explain CONFIG < text`. Terms that were found and not written are told too.
//!
//! ```text
//! $ echo 他用鼠标剪头发 | cargo run --example explain zh-CN zh-TW
//! 1:3   鼠标 → 滑鼠   a term of the domain computing that is right in any text
//!                     鼠標
//! 1:6   头发 → 頭髮   a phrase: no word of the neighbourhood reaches over its edges
//!                     頭發   cost 77, not 61
//! ```

use std::error::Error;
use std::io::{self, Read, Write};

use fanjian::{Converter, Edit, Score, Terms};

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
    for edit in converter.edits(&text).with_unwritten() {
        for c in text[at..edit.range().start].chars() {
            (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        at = edit.range().start;
        writeln!(out, "{:<5} {edit}   {}", format!("{line}:{column}"), edit.reason())?;
        alternatives(&mut out, &edit)?;
    }
    Ok(())
}

/// Prints what else could have been written, with the figures that both have.
fn alternatives(out: &mut impl Write, edit: &Edit<'_>) -> io::Result<()> {
    let ours = edit.score();
    for other in edit.alternatives() {
        let Score { cost, length, shown, needed, .. } = other.score();
        let mut figures: Vec<String> = Vec::new();
        for (name, theirs, ours) in [("cost", cost, ours.cost), ("length", length, ours.length)] {
            if let (Some(theirs), Some(ours)) = (theirs, ours) {
                figures.push(format!("{name} {theirs}, not {ours}"));
            }
        }
        if let (Some(shown), Some(needed)) = (shown, needed) {
            figures.push(format!("shown {shown} of {needed}"));
        }
        let line = format!("{:20}{}   {}", "", other.target(), figures.join("; "));
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
