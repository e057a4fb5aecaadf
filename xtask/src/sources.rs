//! `dictionaries/SOURCES.toml`: where imported tables come from, with a checksum of every original.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

const HEADER: &str = "# Do not edit: written by `cargo xtask import-opencc` and `cargo xtask import-jieba`.\n";

/// A package that tables were imported from.
pub struct Source<'a> {
    /// The package's name at PyPI, and of its section.
    pub package: &'a str,
    pub version: &'a str,
    pub licence: &'a str,
    /// What the import changes.
    pub changes: &'a str,
    /// The originals' names and contents.
    pub originals: Vec<(String, Vec<u8>)>,
}

/// Writes the sections of a package; those of the others stay.
pub fn record(root: &Path, source: &Source<'_>) -> anyhow::Result<()> {
    let path = root.join("dictionaries/SOURCES.toml");
    let text = fs::read_to_string(&path).unwrap_or_default();
    // A package's sections by its name: `[name]` and `[name.sha256]`, up to the next package.
    let mut packages: BTreeMap<String, String> = BTreeMap::new();
    let mut package = String::new();
    for line in text.lines() {
        if let Some(section) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            package = section.split('.').next().unwrap_or_default().to_owned();
        }
        if !package.is_empty() {
            let sections = packages.entry(package.clone()).or_default();
            sections.push_str(line);
            sections.push('\n');
        }
    }
    let Source { package, version, licence, changes, originals } = source;
    let mut sections = format!(
        "[{package}]\npackage = \"{package}\"\nregistry = \"PyPI\"\nversion = \"{version}\"\nlicence = \"{licence}\"\n\
         changes = \"{changes}\"\n\n[{package}.sha256]\n"
    );
    for (name, bytes) in originals {
        writeln!(sections, "\"{name}\" = \"{}\"", hex(&Sha256::digest(bytes)))?;
    }
    packages.insert((*package).to_owned(), sections);
    let mut out = HEADER.to_owned();
    for sections in packages.values() {
        write!(out, "\n{}\n", sections.trim_end())?;
    }
    Ok(fs::write(path, out)?)
}

/// Bytes as people write checksums.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}
