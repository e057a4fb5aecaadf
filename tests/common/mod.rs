//! What several tests share: where the files are, a small generator of random numbers, and how complaints end.
#![allow(dead_code)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fanjian::table::{Diagnostics, Table};

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder with an extension, sorted.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = fs::read_dir(root().join(folder))
        .unwrap_or_else(|error| panic!("{folder}: {error}"))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    out.sort();
    out
}

/// A path as people write it, from the repository on.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string().replace('\\', "/")
}

/// The imported tables by name.
pub fn opencc_tables() -> BTreeMap<String, Table> {
    let name = |path: &PathBuf| path.file_stem().unwrap().to_string_lossy().into_owned();
    let parse = |path: &PathBuf| Table::parse(&shown(path), &fs::read(path).unwrap()).unwrap();
    files("dictionaries/opencc", "txt").iter().map(|path| (name(path), parse(path))).collect()
}

/// SplitMix64: small, seeded, the same everywhere.
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// One of these.
    pub fn choose<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Prints all complaints, then the advice, then fails once.
#[track_caller]
pub fn finish(faults: &Diagnostics, advice: &str) {
    if faults.is_empty() {
        return;
    }
    let count = faults.iter().count();
    panic!("{count} complaints\n\n{faults}\n\nhelp: {advice}\n");
}
