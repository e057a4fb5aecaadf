//! Runs the sentences of `tests/cases/`; the format stands in `tests/cases/README.md`.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;

use fanjian::table::{Diagnostic, Diagnostics};
use fanjian::{Converter, Locale, Terms};

/// One line of a case file.
struct Case {
    /// File and line.
    place: (String, usize),
    route: String,
    input: String,
    expected: String,
    why: String,
}

/// The columns of a line: exactly `N`, the last a comment that says why.
fn columns<'t, const N: usize>(file: &str, line: usize, text: &'t str) -> Result<[&'t str; N], Diagnostic> {
    let fault = |message: &str, help: &str| Diagnostic::new(file, line, 1, text, message).help(help);
    let cells: Vec<&str> = text.split('\t').collect();
    let cells: [&str; N] = cells.try_into().map_err(|cells: Vec<&str>| {
        fault(&format!("{} columns where {N} are expected", cells.len()), "separate columns by one TAB")
    })?;
    if cells.iter().any(|cell| cell.trim() != *cell || cell.is_empty()) {
        return Err(fault("a column is empty or padded", "every column is written out"));
    }
    if cells.last().and_then(|why| why.strip_prefix("# ")).is_none_or(str::is_empty) {
        return Err(fault("the last column does not say why", "end the line with `# ` and one sentence"));
    }
    Ok(cells)
}

/// The entries of all case files, `known.txt` apart.
fn cases(faults: &mut Diagnostics) -> Vec<Case> {
    let mut out = Vec::new();
    let mut seen: BTreeMap<(String, String), String> = BTreeMap::new();
    for path in common::files("tests/cases", "txt") {
        let file = common::shown(&path);
        if file.ends_with("/known.txt") {
            continue;
        }
        for (index, text) in fs::read_to_string(&path).unwrap().lines().enumerate() {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let line = index + 1;
            match columns::<4>(&file, line, text) {
                Ok([route, input, expected, why]) => {
                    let key = (route.to_owned(), input.to_owned());
                    if let Some(first) = seen.insert(key, format!("{file}:{line}")) {
                        let fault = Diagnostic::new(&file, line, 1, text, "this case stands twice");
                        faults.push(fault.help(format!("it stands at {first} already; delete one of them")));
                    }
                    let [route, input, expected, why] = [route, input, expected, why].map(str::to_owned);
                    out.push(Case { place: (file.clone(), line), route, input, expected, why });
                }
                Err(fault) => faults.push(fault),
            }
        }
    }
    out
}

/// The cases that are known to fail: file name and input, with the line of `known.txt`.
fn known(faults: &mut Diagnostics) -> BTreeMap<(String, String), usize> {
    let file = "tests/cases/known.txt";
    let text = fs::read_to_string(common::root().join(file)).unwrap();
    let mut out = BTreeMap::new();
    for (index, text) in text.lines().enumerate() {
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        match columns::<3>(file, index + 1, text) {
            Ok([name, input, _]) => {
                out.insert((format!("tests/cases/{name}"), input.to_owned()), index + 1);
            }
            Err(fault) => faults.push(fault),
        }
    }
    out
}

/// The converter of a route: `FROM>TO`, perhaps followed by ` terms=…`.
fn converter(route: &str) -> Result<Converter, String> {
    let (locales, terms) = route.split_once(" terms=").unwrap_or((route, "auto"));
    let (from, to) = locales.split_once('>').ok_or("expected FROM>TO")?;
    let text = |error: fanjian::Error| error.to_string();
    let (from, to): (Locale, Locale) = (from.parse().map_err(text)?, to.parse().map_err(text)?);
    Converter::with_terms(from, to, &terms.parse::<Terms>().map_err(text)?).map_err(text)
}

#[test]
fn sentences_come_out_as_expected() {
    let mut faults = Diagnostics::default();
    let (cases, mut known) = (cases(&mut faults), known(&mut faults));
    let mut converters: BTreeMap<&str, Option<Converter>> = BTreeMap::new();
    let mut tally: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut wrong, mut report) = (0, String::new());
    let mut failing = BTreeSet::new();
    for case in &cases {
        let (file, line) = &case.place;
        let converter = converters.entry(&case.route).or_insert_with(|| {
            let complain = |why: String| {
                faults.push(Diagnostic::new(file, *line, 1, &case.route, "this is no route").help(why));
            };
            converter(&case.route).map_err(complain).ok()
        });
        let Some(converter) = converter else { continue };
        let (passed, all) = tally.entry(file).or_default();
        *all += 1;
        let got = converter.convert(&case.input);
        if got == case.expected {
            *passed += 1;
            continue;
        }
        let key = (file.clone(), case.input.clone());
        if !known.contains_key(&key) {
            wrong += 1;
            let marked = mark(&case.expected, &got);
            let Case { route, input, expected, why, .. } = case;
            let _ = writeln!(
                report,
                "{file}:{line}: {route}\n    input     {input}\n    expected  {expected}\n    got       {got}\n    \
                 {marked}why       {}",
                why.trim_start_matches("# ")
            );
        }
        failing.insert(key);
    }
    known.retain(|key, _| !failing.contains(key));
    for ((file, input), line) in &known {
        let fault = Diagnostic::new("tests/cases/known.txt", *line, 1, input, "this is no known failure of");
        faults.push(fault.help(format!("{file} has no such case, or it passes: delete the line")));
    }
    let mut summary = String::new();
    for (file, (passed, all)) in tally {
        let _ = writeln!(summary, "{file}: {passed} of {all}");
    }
    assert!(
        wrong == 0 && faults.is_empty(),
        "\n{report}\n{faults}\n{summary}\n{wrong} unexpected failures\n\
         help: mend the tables; a case that has to wait goes to tests/cases/known.txt with its reason\n"
    );
}

/// A line that marks where two texts of one length differ; nothing for others.
fn mark(expected: &str, got: &str) -> String {
    if expected.chars().count() != got.chars().count() {
        return String::new();
    }
    let width = |c: char| if c < '\u{1100}' { 1 } else { 2 };
    let marks: String = expected
        .chars()
        .zip(got.chars())
        .map(|(a, b)| if a == b { " ".repeat(width(b)) } else { "^".repeat(width(b)) })
        .collect();
    format!("          {}\n    ", marks.trim_end())
}
