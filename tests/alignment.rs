//! Alignments carry offsets both ways, compose, invert and restore.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")]

mod mixed;

use fanjian::{Alignment, Converter, Locale, OpenccConfig, Unit};

use mixed::{Random, corpora, routes, text};

const UNITS: [Unit; 3] = [Unit::Bytes, Unit::Chars, Unit::Utf16];

/// The length of a text, counted the plain way.
fn length(text: &str, unit: Unit) -> usize {
    match unit {
        Unit::Bytes => text.len(),
        Unit::Chars => text.chars().count(),
        Unit::Utf16 => text.encode_utf16().count(),
    }
}

/// A range of bytes in another unit.
fn in_unit(text: &str, unit: Unit, range: &std::ops::Range<usize>) -> std::ops::Range<usize> {
    length(&text[..range.start], unit)..length(&text[..range.end], unit)
}

/// A range of a text between characters.
fn some_range(random: &mut Random, text: &str) -> std::ops::Range<usize> {
    let (mut from, mut to) = (random.below(text.len() + 1), random.below(text.len() + 1));
    if from > to {
        (from, to) = (to, from);
    }
    to = to.min(from + random.below(40));
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    while !text.is_char_boundary(to) {
        to += 1;
    }
    from..to
}

/// What holds of every alignment.
fn check(name: &str, random: &mut Random, source: &str, target: &str, map: &Alignment) {
    assert_eq!(map.restore(target).as_deref(), Ok(source), "{name}");
    let back = map.invert(target).unwrap();
    assert_eq!(back.restore(source).as_deref(), Ok(target), "{name}");
    assert_eq!(back.invert(source).as_ref(), Ok(map), "{name}");
    assert_eq!(map.is_identity(), source == target, "{name}");
    for unit in UNITS {
        assert_eq!(map.source_len(unit), length(source, unit), "{name}: {source:?}");
        assert_eq!(map.target_len(unit), length(target, unit), "{name}: {source:?}");
    }
    assert_eq!(map.target_range(0..source.len()), 0..target.len(), "{name}: {source:?}");
    for _ in 0..12 {
        let range = some_range(random, source);
        let found = map.target_range(range.clone());
        assert!(target.get(found.clone()).is_some(), "{name}: {range:?} of {source:?} becomes {found:?} of {target:?}");
        let again = map.source_range(found.clone());
        if !range.is_empty() {
            assert!(again.start <= range.start && again.end >= range.end, "{name}: {range:?} {again:?} of {source:?}");
        }
        assert_eq!(back.source_range(range.clone()), found, "{name}");
        for unit in UNITS {
            let expected = in_unit(target, unit, &found);
            let range = in_unit(source, unit, &range);
            assert_eq!(map.target_range_in(unit, range.clone()), expected, "{name}: {range:?} {unit:?} of {source:?}");
            assert_eq!(
                map.target_offset(unit, range.start),
                if range.is_empty() { expected.start } else { map.target_range_in(unit, range.clone()).start }
            );
        }
        let range = some_range(random, target);
        let found = map.source_range(range.clone());
        assert!(
            source.get(found.clone()).is_some(),
            "{name}: {range:?} of {target:?} came from {found:?} of {source:?}"
        );
        for unit in UNITS {
            let expected = in_unit(source, unit, &found);
            let range = in_unit(target, unit, &range);
            assert_eq!(map.source_range_in(unit, range.clone()), expected, "{name}: {range:?} {unit:?} of {target:?}");
        }
    }
}

#[test]
fn corpora_are_aligned_and_restored() {
    let corpora = corpora();
    let mut random = Random(0xA11);
    for (name, converter) in routes() {
        for (file, text) in &corpora {
            let aligned = converter.convert_aligned(text);
            assert_eq!(aligned.text(), converter.convert(text), "{name}, {file}");
            assert_eq!(aligned.restore(), *text, "{name}, {file}");
            check(&name, &mut random, text, aligned.text(), aligned.map());
        }
    }
}

#[test]
fn mixed_text_is_aligned_and_restored() {
    let corpora = corpora();
    let mut random = Random(0xA119);
    let texts: Vec<_> = (0..120).map(|n| text(&mut random, &corpora, n % 40)).collect();
    for (name, converter) in routes() {
        for text in &texts {
            let aligned = converter.convert_aligned(text);
            assert_eq!(aligned.text(), converter.convert(text), "{name}: {text:?}");
            check(&name, &mut random, text, aligned.text(), aligned.map());
        }
    }
}

#[test]
fn alignments_agree_with_edits() {
    let corpora = corpora();
    for (name, converter) in routes() {
        for (_, text) in &corpora[..4] {
            let aligned = converter.convert_aligned(text);
            for edit in converter.edits(text) {
                assert_eq!(aligned.map().target_range(edit.range()), edit.target_range(), "{name}: {edit:?}");
                assert_eq!(aligned.map().source_range(edit.target_range()), edit.range(), "{name}: {edit:?}");
            }
        }
    }
}

#[test]
fn conversions_one_after_the_other_compose() {
    let corpora = corpora();
    let mut random = Random(0xC0);
    let routes = routes();
    for _ in 0..1500 {
        let pieces = random.below(30);
        let text = text(&mut random, &corpora, pieces);
        let (mut map, mut current) = (Alignment::identity(&text), text.clone());
        let mut name = String::new();
        for _ in 0..1 + random.below(4) {
            let (route, converter) = random.pick(&routes);
            name = format!("{name}, {route}");
            let (next, second) = converter.convert_aligned(&current).into_parts();
            let both = map.then(&second).unwrap();
            // A range carried over twice lies in the range carried over at once.
            for _ in 0..5 {
                let range = some_range(&mut random, &text);
                let (once, twice) = (both.target_range(range.clone()), second.target_range(map.target_range(range)));
                if !twice.is_empty() {
                    assert!(once.start <= twice.start && once.end >= twice.end, "{name}: {text:?}");
                }
            }
            (map, current) = (both, next.into_owned());
        }
        assert_eq!(map.restore(&current).as_deref(), Ok(&*text), "{name}");
        let back = map.invert(&current).unwrap();
        assert_eq!(back.restore(&text).as_deref(), Ok(&*current), "{name}");
        for _ in 0..20 {
            let range = some_range(&mut random, &text);
            let found = map.target_range(range.clone());
            assert!(current.get(found.clone()).is_some(), "{name}: {text:?}");
            for unit in UNITS {
                let expected = in_unit(&current, unit, &found);
                assert_eq!(map.target_range_in(unit, in_unit(&text, unit, &range)), expected, "{name}: {text:?}");
            }
        }
        // There and back again is where it began.
        let around = map.then(&back).unwrap();
        assert_eq!(around.restore(&text).as_deref(), Ok(&*text), "{name}");
        assert_eq!(around.target_range(0..text.len()), 0..text.len());
    }
}

#[test]
fn ranges_are_carried_over() {
    let tw = || Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    let opencc = |config| Converter::opencc(config).unwrap();
    let rows: &[(&str, Converter, &str, &str, &str)] = &[
        ("a character", tw(), "我[国]人", "我國人", "國"),
        ("half of a phrase that keeps its length", tw(), "[头]发", "頭髮", "頭"),
        ("half of a term is the whole term", tw(), "新的英[伟]达", "新的輝達", "輝達"),
        ("from the middle of a term beyond it", tw(), "鼠[标的]内存", "滑鼠的記憶體", "滑鼠的"),
        ("behind a term that grew", tw(), "内存[不够]", "記憶體不夠", "不夠"),
        ("a phrase of OpenCC's vocabulary is a whole", opencc(OpenccConfig::S2twp), "[鼠]标", "滑鼠", "滑鼠"),
        ("an astral character", Converter::opencc_with_tofu(OpenccConfig::T2s).unwrap(), "漢[㑮]漢", "汉𫝈汉", "𫝈"),
        ("lines", tw(), "内存\n[内存]\n", "記憶體\n記憶體\n", "記憶體"),
    ];
    for (name, converter, marked, expected, found) in rows {
        let from = marked.find('[').unwrap();
        let to = marked.find(']').unwrap() - 1;
        let text = marked.replace(['[', ']'], "");
        let aligned = converter.convert_aligned(&text);
        assert_eq!(aligned.text(), *expected, "{name}");
        for unit in UNITS {
            let range = aligned.map().target_range_in(unit, in_unit(&text, unit, &(from..to)));
            let at = expected.rfind(found).unwrap();
            assert_eq!(range, in_unit(expected, unit, &(at..at + found.len())), "{name}");
        }
    }
}

#[test]
fn offsets_beyond_the_end_are_the_end() {
    let aligned = Converter::opencc(OpenccConfig::S2twp).unwrap().convert_aligned("内存").invert();
    for unit in UNITS {
        assert_eq!(aligned.map().target_offset(unit, 1000), aligned.map().target_len(unit));
        #[allow(clippy::reversed_empty_ranges, reason = "callers make mistakes")]
        let reversed = aligned.map().source_range_in(unit, 5..2);
        assert!(reversed.is_empty());
    }
}

#[test]
fn other_texts_are_refused() {
    let (text, map) = Converter::opencc(OpenccConfig::S2twp).unwrap().convert_aligned("内存条").into_parts();
    assert!(map.restore(&text[3..]).is_err());
    assert!(map.invert("").is_err());
    let error = map.then(&Alignment::identity("abc")).unwrap_err();
    assert!(error.to_string().contains("15 bytes"), "{error}");
}

#[test]
fn what_does_not_change_is_borrowed_and_costs_nothing() {
    let corpora = corpora();
    let converter = Converter::opencc(OpenccConfig::T2s).unwrap();
    for (file, text) in corpora.iter().filter(|(file, _)| file.starts_with("cn-")) {
        let simplified = converter.convert(text);
        let (again, map) = converter.convert_aligned(&simplified).into_parts();
        if map.is_identity() {
            assert!(matches!(again, std::borrow::Cow::Borrowed(_)), "{file}");
            assert_eq!(map, Alignment::identity(&simplified), "{file}");
        }
    }
}
