//! `cargo xtask import-opencc`: OpenCC's tables in our canonical form.
//!
//! What changes on the way: annotations (`# @tofu-risk:`, `# @reverse-prefer:`) become a note of
//! the entry or a header line, other comments are dropped, entries are sorted by code point. Keys
//! and values are untouched.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use fanjian::table::{Entry, Table};

use crate::sources::{self, Source};

const VERSION: &str = "1.4.2";

/// The tables that people keep at OpenCC; the others are derived while building.
const TABLES: [&str; 17] = [
    "CJK_Compatibility_Ideographs",
    "HKPhrases",
    "HKPhrasesRev",
    "HKVariants",
    "HKVariantsPhrases",
    "HKVariantsRevPhrases",
    "JPShinjitaiCharacters",
    "JPShinjitaiPhrases",
    "STCharacters",
    "STPhrases",
    "TSCharacters",
    "TSPhrases",
    "TWPhrases",
    "TWPhrasesRev",
    "TWVariants",
    "TWVariantsPhrases",
    "TWVariantsRevPhrases",
];

pub fn run(root: &Path, sdist: &Path) -> anyhow::Result<()> {
    let from = sdist.join("data/dictionary");
    let to = root.join("dictionaries/opencc");
    fs::create_dir_all(&to)?;
    let mut originals = Vec::new();
    for name in TABLES {
        let path = from.join(name).with_extension("txt");
        let bytes = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
        let table = convert(name, &bytes)?;
        fs::write(to.join(name).with_extension("txt"), table.format())?;
        originals.push((format!("{name}.txt"), bytes));
    }
    sources::record(
        root,
        &Source {
            package: "opencc",
            version: VERSION,
            licence: "Apache-2.0",
            changes: "annotations became notes, other comments dropped, entries sorted; keys and values untouched",
            originals,
        },
    )
}

fn convert(name: &str, bytes: &[u8]) -> anyhow::Result<Table> {
    let text = std::str::from_utf8(bytes)?;
    let mut table = Table::default();
    table.header.extend([
        format!("title: OpenCC {name}"),
        format!("source: PyPI opencc {VERSION}, data/dictionary/{name}.txt"),
        "licence: Apache-2.0".to_owned(),
        "Written by `cargo xtask import-opencc`; do not edit.".to_owned(),
    ]);
    let mut tofu = false;
    for (index, line) in text.lines().enumerate() {
        if let Some(comment) = line.strip_prefix('#') {
            let comment = comment.trim();
            if comment.starts_with("@tofu-risk:") {
                tofu = true;
            } else if let Some(preference) = comment.strip_prefix("@reverse-prefer:") {
                table.header.push(format!("reverse-prefer: {}", preference.trim()));
            }
            continue;
        }
        if line.trim().is_empty() {
            continue;
        }
        let Some((key, values)) = line.split_once('\t') else {
            bail!("{name}.txt:{}: no TAB in {line:?}", index + 1);
        };
        let mut entry = Entry::new(key, values.split(' '));
        entry.line = index + 1;
        if std::mem::take(&mut tofu) {
            entry.note = "tofu-risk".to_owned();
        }
        table.entries.push(entry);
    }
    Ok(table)
}
