//! `cargo xtask import-jieba`: the words of jieba's dictionary that can compete in a lattice.
//!
//! Kept are words of two to four Han characters: from a count of 10 when they hold a character with more than one
//! Traditional form or are words of the concept tables, else from a count of 200; and single characters. The counts are kept,
//! the tags are not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use fanjian::table::{ConceptTable, LocaleColumn, Table};

use crate::sources::{self, Source};

pub fn run(root: &Path, sdist: &Path) -> anyhow::Result<()> {
    let path = root.join("dictionaries/opencc/STCharacters.txt");
    let characters = Table::parse("STCharacters.txt", &fs::read(path)?)?;
    let ambiguous: BTreeSet<char> =
        characters.entries.iter().filter(|e| e.values.len() > 1).filter_map(|e| e.key.chars().next()).collect();
    let mut terms: BTreeSet<String> = BTreeSet::new();
    for entry in fs::read_dir(root.join("dictionaries/terms"))? {
        let path = entry?.path();
        let table = ConceptTable::parse(&path.display().to_string(), &fs::read(&path)?)?;
        terms.extend(table.concepts.into_iter().flat_map(|concept| concept.side(LocaleColumn::Cn).words.clone()));
    }
    let path = sdist.join("jieba/dict.txt");
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut words: BTreeMap<&str, u64> = BTreeMap::new();
    let mut total = 0;
    for (index, line) in text.lines().enumerate() {
        let mut fields = line.split(' ');
        let (Some(word), Some(count)) = (fields.next(), fields.next()) else {
            anyhow::bail!("{}:{}: expected WORD COUNT TAG in {line:?}", path.display(), index + 1);
        };
        let count: u64 = count.parse().with_context(|| format!("{}:{}: no count", path.display(), index + 1))?;
        total += count;
        let length = word.chars().count();
        let han = word.chars().all(|c| ('\u{3400}'..='\u{9FFF}').contains(&c));
        let least = if length == 1 {
            1
        } else if terms.contains(word) || word.chars().any(|c| ambiguous.contains(&c)) {
            10
        } else {
            200
        };
        if han && length <= 4 && count >= least {
            words.insert(word, count);
        }
    }
    let mut out = String::from(
        "# title: words of jieba 0.42.1 with their counts\n\
         # source: PyPI jieba 0.42.1, jieba/dict.txt\n\
         # licence: MIT\n\
         # Written by `cargo xtask import-jieba`; do not edit.\n",
    );
    writeln!(out, "# total: {total}\n")?;
    for (word, count) in words {
        writeln!(out, "{word}\t{count}")?;
    }
    fs::create_dir_all(root.join("dictionaries/words"))?;
    fs::write(root.join("dictionaries/words/jieba.txt"), out)?;
    sources::record(
        root,
        &Source {
            package: "jieba",
            version: "0.42.1",
            licence: "MIT",
            changes: "words that can compete in a lattice, with their counts; tags dropped",
            originals: vec![("dict.txt".to_owned(), text.into_bytes())],
        },
    )
}
