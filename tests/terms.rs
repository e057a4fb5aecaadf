//! What the tables promise, asked of the converter: a safe word that stands alone becomes its term, and a shield keeps
//! its word. What must wait is an exception of `tests/exceptions.txt`: `FROM>TO:WORD`.

#[allow(dead_code)]
mod checks;

use std::path::Path;

use checks::{CONVERTED, Dictionaries};
use fanjian::table::{Diagnostic, Diagnostics, LocaleColumn, Tier};
use fanjian::{Converter, Locale, Terms};

const LOCALES: [(LocaleColumn, Locale); 3] = [
    (LocaleColumn::Cn, Locale::ZH_HANS_CN),
    (LocaleColumn::Tw, Locale::ZH_HANT_TW),
    (LocaleColumn::Hk, Locale::ZH_HANT_HK),
];

fn dictionaries() -> Dictionaries {
    Dictionaries::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap_or_else(|faults| panic!("{faults}"))
}

#[track_caller]
fn finish(faults: &Diagnostics, advice: &str) {
    let count = faults.iter().count();
    assert!(count == 0, "\n\n{faults}\n\n{count} complaints\nhelp: {advice}\n");
}

#[test]
fn safe_words_become_their_terms() {
    let dictionaries = dictionaries();
    let mut faults = Diagnostics::default();
    for (from, source) in LOCALES {
        for (to, target) in LOCALES.into_iter().filter(|(to, _)| *to != from) {
            let converter = Converter::with_terms(source, target, &Terms::Safe).unwrap();
            for file in &dictionaries.concepts {
                for concept in &file.table.concepts {
                    let uses = &concept.side(from).uses;
                    let alone = uses.condition.next.is_empty() && uses.condition.prev.is_empty();
                    if uses.tier != Tier::Safe || !alone {
                        continue;
                    }
                    // Latin words are written, and never looked for.
                    for word in concept.side(from).words.iter().filter(|word| !word.is_ascii()) {
                        let Some(value) = concept.written(word, to) else { continue };
                        let got = converter.convert(word);
                        let subject = || format!("{}>{}:{word}", from.name(), to.name());
                        if got == value || dictionaries.excused(CONVERTED, &subject()) {
                            continue;
                        }
                        let message = format!("`{word}` alone becomes `{got}`, not `{value}`");
                        let fault = Diagnostic::new(&file.path, concept.line, 1, &concept.text, &message);
                        faults.push(fault.help(format!("{source}>{target}, terms=safe")));
                    }
                }
            }
        }
    }
    dictionaries.unused_exceptions(CONVERTED, &mut faults);
    finish(&faults, "another word or key wins over this one: look at the costs, or at a line that contradicts");
}

#[test]
fn latin_words_are_never_looked_for() {
    let dictionaries = dictionaries();
    let mut seen = 0;
    for (from, source) in LOCALES {
        for (_, target) in LOCALES.into_iter().filter(|(to, _)| *to != from) {
            let converter = Converter::with_terms(source, target, &Terms::Broad).unwrap();
            for concept in dictionaries.concepts.iter().flat_map(|file| &file.table.concepts) {
                for word in concept.side(from).words.iter().filter(|word| word.is_ascii()) {
                    assert_eq!(converter.convert(word), *word);
                    seen += 1;
                }
            }
        }
    }
    assert!(seen > 100);
}
