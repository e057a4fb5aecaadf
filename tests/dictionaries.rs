//! What must hold of the tables under `dictionaries/`; see `tests/checks/mod.rs`.

mod checks;

use std::path::Path;
use std::sync::LazyLock;

use checks::{CHECKS, Dictionaries};
use fanjian::table::Diagnostics;

static DICTIONARIES: LazyLock<Result<Dictionaries, Diagnostics>> =
    LazyLock::new(|| Dictionaries::read(Path::new(env!("CARGO_MANIFEST_DIR"))));

/// Runs a check, prints all its complaints and one line of advice, and fails once.
#[track_caller]
fn run(name: &str) {
    let check = CHECKS.iter().find(|check| check.name == name).expect("the check is listed");
    let dictionaries = match &*DICTIONARIES {
        Ok(dictionaries) => dictionaries,
        Err(faults) => panic!("\n\n{faults}\n\nhelp: mend the grammar first\n"),
    };
    let faults = check.complaints(dictionaries);
    let count = faults.iter().count();
    assert!(count == 0, "\n\n{faults}\n\n{count} complaints\nhelp: {}\n", check.advice);
}

macro_rules! tests {
    ($($name:ident)*) => {
        $(#[test]
        fn $name() {
            run(stringify!($name));
        })*

        #[test]
        fn every_check_is_a_test() {
            let names: Vec<&str> = CHECKS.iter().map(|check| check.name).collect();
            assert_eq!(names, [$(stringify!($name)),*]);
        }
    };
}

tests! {
    files_are_canonical
    headers_are_complete
    sources_are_recorded
    rules_are_whole
    sides_are_trimmed
    sides_match_their_script
    concepts_stand_once
    terms_do_not_contradict
    conditions_are_whole
    single_characters_are_not_safe
    ascii_words_are_not_sources
    code_points_are_expected
}
