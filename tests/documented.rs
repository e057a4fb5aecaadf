//! Every public item has an example.
//!
//! Constants and variants are shown by their types' examples. Modules that are public for the build only are left out.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests may panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// Public for the build alone, or for nobody outside.
const INTERNAL: [&str; 7] = [
    "src/engine",
    "src/lexicon",
    "src/native",
    "src/opencc/compose.rs",
    "src/opencc/spec.rs",
    "src/protect/source.rs",
    "src/words/mod.rs",
];

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

/// The name of a public item that a line of code begins.
fn item(line: &str) -> Option<&str> {
    let rest = line.strip_prefix("pub ")?;
    let rest = rest.strip_prefix("const fn ").or_else(|| {
        ["fn ", "struct ", "enum ", "trait ", "type ", "unsafe fn "].iter().find_map(|kind| rest.strip_prefix(kind))
    })?;
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
}

#[test]
fn every_public_item_has_an_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    files.sort();
    let (mut missing, mut seen) = (Vec::new(), 0);
    for path in files {
        let name = path.strip_prefix(root).unwrap().display().to_string().replace('\\', "/");
        if INTERNAL.iter().any(|internal| name.starts_with(internal)) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        let mut example = false;
        for (number, line) in code.lines().enumerate() {
            let line = line.trim_start();
            if line.starts_with("///") {
                example |= line.starts_with("/// ```");
                continue;
            }
            if line.starts_with("#[") || line.starts_with(")]") {
                continue;
            }
            if let Some(item) = item(line) {
                seen += 1;
                if !example {
                    missing.push(format!("{name}:{}: `{item}`", number + 1));
                }
            }
            example = false;
        }
    }
    assert!(seen > 150, "{seen}");
    assert!(missing.is_empty(), "without an example:\n{}", missing.join("\n"));
}
