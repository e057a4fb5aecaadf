//! Edits are exactly what a conversion changes, and say why.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")]

mod mixed;

use fanjian::table::Tier;
use fanjian::{Converter, Domain, Edit, Locale, OpenccConfig, Origin, Terms};

use mixed::{Random, corpora, routes, text};

/// Applies the edits of a text, checking each.
fn apply(name: &str, converter: &Converter, text: &str, expected: &str) -> String {
    let (mut out, mut at) = (String::new(), 0);
    for edit in converter.edits(text) {
        let range = edit.range();
        assert!(range.start >= at, "{name}: {edit:?} overlaps the edit before it in {text:?}");
        assert_eq!(text.get(range.clone()), Some(edit.source()), "{name}: {edit:?} in {text:?}");
        assert_eq!(expected.get(edit.target_range()), Some(edit.target()), "{name}: {edit:?} in {text:?}");
        assert_ne!(edit.source(), edit.target(), "{name}: an edit that changes nothing in {text:?}");
        assert!(!edit.reason().is_empty());
        out.push_str(&text[at..range.start]);
        out.push_str(edit.target());
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

#[test]
fn edits_of_the_corpora_make_the_conversion() {
    let corpora = corpora();
    for (name, converter) in routes() {
        for (file, text) in &corpora {
            let expected = converter.convert(text);
            assert_eq!(apply(&name, &converter, text, &expected), expected, "{name}, {file}");
        }
    }
}

#[test]
fn edits_of_mixed_text_make_the_conversion() {
    let corpora = corpora();
    let mut random = Random(0x5EED);
    let texts: Vec<_> = (0..400).map(|n| text(&mut random, &corpora, n % 40)).collect();
    for (name, converter) in routes() {
        for text in &texts {
            let expected = converter.convert(text);
            assert_eq!(apply(&name, &converter, text, &expected), expected, "{name}: {text:?}");
        }
    }
}

/// Edits as `source target origin`.
fn told(converter: &Converter, text: &str) -> Vec<String> {
    let origin = |edit: &Edit<'_>| match edit.origin() {
        Origin::Term { tier, domain, detected, .. } => {
            let shown = if detected { " detected" } else { "" };
            format!("{tier:?} {}{shown}", domain.map_or("", Domain::name)).to_lowercase()
        }
        other => format!("{other:?}").to_lowercase(),
    };
    converter.edits(text).map(|edit| format!("{} {} {}", edit.source(), edit.target(), origin(&edit))).collect()
}

#[test]
fn edits_tell_what_decided() {
    let tw = |terms| Converter::with_terms(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, &terms).unwrap();
    let opencc = |config| Converter::opencc(config).unwrap();
    let rows: &[(&str, Converter, &str, &[&str])] = &[
        ("nothing", tw(Terms::Auto), "你好", &[]),
        ("characters side by side stay apart", tw(Terms::Auto), "国语", &["国 國 character", "语 語 character"]),
        ("a phrase is one edit", tw(Terms::Auto), "他的头发", &["头发 頭髮 phrase"]),
        ("a safe term", tw(Terms::Auto), "英伟达", &["英伟达 輝達 safe companies"]),
        (
            "a domain that the caller chose",
            tw(Terms::Domains(vec![Domain::COMPUTING])),
            "英伟达主板",
            &["英伟达 輝達 safe companies", "主板 主機板 domain computing"],
        ),
        (
            "a longest match of OpenCC",
            opencc(OpenccConfig::S2twp),
            "鼠标干净",
            &["鼠标 滑鼠 phrase", "干净 乾淨 phrase"],
        ),
        ("a compatibility ideograph", opencc(OpenccConfig::T2s), "\u{F900}", &["\u{F900} 岂 normalization"]),
        (
            "outside the basic plane",
            Converter::opencc_with_tofu(OpenccConfig::T2s).unwrap(),
            "㑮",
            &["㑮 𫝈 character"],
        ),
        ("Japanese is kept", tw(Terms::Auto), "これは国产です", &[]),
    ];
    for (name, converter, text, expected) in rows {
        assert_eq!(told(converter, text), *expected, "{name}");
    }
}

#[test]
fn a_domain_that_shows_is_told() {
    let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    let text = "服务器的操作系统崩溃，数据库里的文件和程序丢失。";
    let detected = converter.edits(text).find(|edit| matches!(edit.origin(), Origin::Term { detected: true, .. }));
    let detected = detected.expect("a text full of computing shows its domain");
    assert!(matches!(detected.origin(), Origin::Term { tier: Tier::Domain, domain: Some(Domain::COMPUTING), .. }));
    assert!(detected.reason().contains("computing"));
}

#[test]
fn native_edits_come_line_by_line() {
    let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    let text = "国\n".repeat(1 << 20);
    assert_eq!(converter.edits(&text).nth(1).map(|edit| edit.range()), Some(4..7));
    // A debug build would need long for the whole text.
    assert_eq!(converter.edits(&text).take(100).count(), 100);
}

#[test]
fn edits_end_for_good() {
    let converter = Converter::opencc(OpenccConfig::S2t).unwrap();
    let mut edits = converter.edits("国");
    assert!(edits.next().is_some());
    assert!(edits.next().is_none() && edits.next().is_none());
    assert!(converter.edits("").next().is_none());
}
