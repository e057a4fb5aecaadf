//! `cargo xtask dict fmt|check`: the canonical form of the tables, and what must hold of them.

use std::fs;
use std::path::Path;

use anyhow::bail;

#[allow(dead_code)]
#[path = "../../tests/checks/mod.rs"]
pub mod checks;

use checks::{CHECKS, Dictionaries};

/// Writes the canonical form of every table that is not in it.
pub fn fmt(root: &Path) -> anyhow::Result<()> {
    let dictionaries = Dictionaries::read(root)?;
    let mut count = 0;
    for (path, _, canonical) in dictionaries.to_format() {
        fs::write(&path, canonical)?;
        println!("{}", path.strip_prefix(root).unwrap_or(&path).display());
        count += 1;
    }
    println!("{count} files changed");
    Ok(())
}

/// Runs all checks of `tests/dictionaries.rs`.
pub fn check(root: &Path) -> anyhow::Result<()> {
    let dictionaries = Dictionaries::read(root)?;
    let mut count = 0;
    for check in &CHECKS {
        let faults = check.complaints(&dictionaries);
        if !faults.is_empty() {
            count += faults.iter().count();
            println!("{faults}\nhelp: {}: {}\n", check.name, check.advice);
        }
    }
    if count > 0 {
        bail!("{count} complaints");
    }
    println!("{} checks, no complaint", CHECKS.len());
    Ok(())
}
