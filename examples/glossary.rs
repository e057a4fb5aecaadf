//! Converts with a glossary of one's own, and says where it was used.
//!
//! ```text
//! cargo run --release --example glossary
//! cargo run --release --example glossary -- glossary.txt < article.txt
//! ```
//!
//! The glossary is a table in OpenCC's text format. It is compiled once and kept beside the table as `glossary.txt.compiled`;
//! an up-to-date one is read instead of the table.

use std::error::Error;
use std::fs;
use std::io::{Read, stdin};
use std::path::{Path, PathBuf};

use fanjian::{Converter, Locale, Origin, UserLexicon};

/// What is used without a glossary.
const GLOSSARY: &str = "\
# source\ttarget
麦旋风\t冰炫風
云南白药\t云南白药
后台管理\t後臺管理
";
const ARTICLE: &str = "他在后台管理系统里查到，麦旋风和云南白药都卖完了。";

fn main() -> Result<(), Box<dyn Error>> {
    let (words, text) = match std::env::args_os().nth(1) {
        None => (UserLexicon::from_table("glossary", GLOSSARY.as_bytes())?, ARTICLE.to_owned()),
        Some(path) => {
            let mut text = String::new();
            stdin().read_to_string(&mut text)?;
            (compiled(Path::new(&path))?, text)
        }
    };
    let converter = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).lexicon(&words).build()?;
    println!("{}", converter.convert(&text));
    for edit in converter.edits(&text).filter(|edit| edit.origin() == Origin::Own) {
        let (table, line) = edit.place().unwrap_or_default();
        eprintln!("{table}:{line}: {edit} at byte {}", edit.range().start);
    }
    Ok(())
}

/// The compiled glossary, which is made if it is older than the table.
fn compiled(table: &Path) -> Result<UserLexicon, Box<dyn Error>> {
    let mut name = table.as_os_str().to_owned();
    name.push(".compiled");
    let compiled = PathBuf::from(name);
    let age = |path: &Path| fs::metadata(path).and_then(|data| data.modified());
    if matches!((age(table), age(&compiled)), (Ok(old), Ok(new)) if new >= old) {
        // A lexicon of another version is made again.
        if let Ok(words) = UserLexicon::from_bytes(fs::read(&compiled)?) {
            return Ok(words);
        }
    }
    let words = UserLexicon::from_table(&table.display().to_string(), &fs::read(table)?)?;
    words.write(&compiled)?;
    Ok(words)
}
