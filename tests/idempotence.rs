//! Converting twice gives what converting once gives: on every value of every table, on every native route.
//!
//! What is otherwise stands in `tests/idempotence.txt` with its reason; a line that excuses nothing is an error.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use common::{files, opencc_tables, root, shown};
use fanjian::table::{ConceptTable, LocaleColumn, Table};
use fanjian::{Converter, Locale};

/// A locale of each variety.
const LOCALES: [Locale; 5] =
    [Locale::ZH_HANS, Locale::ZH_HANS_CN, Locale::ZH_HANT, Locale::ZH_HANT_TW, Locale::ZH_HANT_HK];

/// The values of OpenCC's tables and of our own phrases and names, and the cells of the concept tables.
fn values() -> Vec<String> {
    let mut out = BTreeSet::new();
    let own = ["phrases.txt", "names.txt"].map(|name| {
        let path = root().join("dictionaries/script").join(name);
        Table::parse(name, &fs::read(path).unwrap()).unwrap()
    });
    for table in opencc_tables().values().chain(&own) {
        out.extend(table.entries.iter().flat_map(|entry| entry.values.iter().cloned()));
    }
    for path in files("dictionaries/terms", "tsv") {
        let table = ConceptTable::parse(&shown(&path), &fs::read(path).unwrap()).unwrap();
        for concept in &table.concepts {
            out.extend(LocaleColumn::ALL.into_iter().flat_map(|column| concept.side(column).words.iter().cloned()));
        }
    }
    out.into_iter().collect()
}

/// The exceptions: route and text, and the line.
fn exceptions() -> BTreeMap<(String, String), usize> {
    let text = fs::read_to_string(root().join("tests/idempotence.txt")).unwrap();
    let mut out = BTreeMap::new();
    for (line, text) in text.lines().enumerate().filter(|(_, text)| !text.starts_with('#') && !text.is_empty()) {
        let [route, value, reason] = text.split('\t').collect::<Vec<_>>()[..] else {
            panic!("tests/idempotence.txt:{}: expected route, text, reason", line + 1);
        };
        assert!(reason.starts_with("# "), "tests/idempotence.txt:{}: the reason starts with `# `", line + 1);
        let before = out.insert((route.to_owned(), value.to_owned()), line + 1);
        assert!(before.is_none(), "tests/idempotence.txt:{}: stands twice", line + 1);
    }
    out
}

#[test]
fn converting_twice_changes_nothing_more() {
    let values = values();
    assert!(values.len() > 60_000, "{}", values.len());
    let routes: Vec<(Locale, Locale)> =
        LOCALES.iter().flat_map(|&from| LOCALES.map(|to| (from, to))).filter(|(from, to)| from != to).collect();
    let found: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|n| {
                let (values, routes) = (&values, &routes);
                scope.spawn(move || {
                    let mut out = Vec::new();
                    for &(from, to) in routes.iter().skip(n).step_by(4) {
                        let converter = Converter::new(from, to).unwrap();
                        for value in values.iter() {
                            let once = converter.convert(value);
                            let twice = converter.convert(&once);
                            if once != twice {
                                out.push(format!("{from} to {to}\t{value}\t# {once}, then {twice}"));
                            }
                        }
                    }
                    out
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let mut exceptions = exceptions();
    let mut complaints: Vec<&String> = found
        .iter()
        .filter(|line| {
            let mut columns = line.split('\t').map(str::to_owned);
            let key = (columns.next().unwrap(), columns.next().unwrap());
            exceptions.remove(&key).is_none()
        })
        .collect();
    complaints.sort();
    for line in &complaints {
        eprintln!("{line}");
    }
    assert!(complaints.is_empty(), "{} texts change again: mend the tables", complaints.len());
    assert!(exceptions.is_empty(), "lines of tests/idempotence.txt that excuse nothing: {exceptions:?}");
}
