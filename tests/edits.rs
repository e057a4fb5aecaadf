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

/// Checks what an edit tells of itself; the reason stands for what its figures do not.
fn check_alternatives(name: &str, edit: &Edit<'_>, text: &str) {
    let (others, score, reason) = (edit.alternatives(), edit.score(), edit.reason());
    let context = || format!("{name}: {edit:?} in {text:?}: {score:?}, {others:?}, {reason}");
    assert!(!reason.is_empty());
    for (n, other) in others.iter().enumerate() {
        assert_ne!(other.target(), edit.target(), "{}", context());
        assert!(others[..n].iter().all(|before| before.target() != other.target()), "{}", context());
    }
    let costs: Vec<u32> = others.iter().filter_map(|other| other.score().cost).collect();
    let lengths: Vec<u32> = others.iter().filter_map(|other| other.score().length).collect();
    let ranks = others.iter().filter(|other| other.score().cost.is_none()).filter_map(|other| other.score().rank);
    assert!(costs.is_sorted() && lengths.is_sorted_by(|a, b| a > b) && ranks.is_sorted(), "{}", context());
    assert!(lengths.first() < score.length.as_ref() || lengths.is_empty(), "{}", context());
    let origin = edit.origin();
    if let (Some(cost), Some(&other)) = (score.cost, costs.first()) {
        let best = cost <= other;
        let told = matches!(origin, Origin::Rule | Origin::Unwritten { .. })
            || reason.contains("no word of the neighbourhood reaches over its edges")
            || reason.contains("a term of")
            || reason.contains("with another value");
        assert!(best || told, "{}", context());
    }
    if origin == Origin::Character {
        assert!(matches!(score.rank, None | Some(0)), "{}", context());
    }
    if let (Some(shown), Some(needed)) = (score.shown, score.needed) {
        let alone = reason.contains("stands alone");
        assert_eq!(matches!(origin, Origin::Term { .. }), shown >= needed || alone, "{}", context());
    }
}

#[test]
fn alternatives_differ_and_are_ordered() {
    let corpora = corpora();
    let mut random = Random(0xA17);
    let texts: Vec<_> = (0..60).map(|n| text(&mut random, &corpora, n % 30)).collect();
    for (name, converter) in routes() {
        for text in &texts {
            for edit in converter.edits(text) {
                check_alternatives(&name, &edit, text);
            }
        }
    }
    for (from, to) in [(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW), (Locale::ZH_HANT_TW, Locale::ZH_HANS_CN)] {
        let converter = Converter::new(from, to).unwrap();
        for (_, text) in &corpora {
            for edit in converter.edits(text).with_unwritten().step_by(3) {
                check_alternatives("corpora", &edit, edit.source());
            }
        }
    }
}

#[test]
fn alternatives_are_those_that_a_person_would_name() {
    let tw = |terms| Converter::with_terms(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, &terms).unwrap();
    let opencc = |config| Converter::opencc(config).unwrap();
    let own = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).entry("鼠标", "滑仔").build().unwrap();
    let back = Converter::new(Locale::ZH_HANT_TW, Locale::ZH_HANS_CN).unwrap();
    let rows: &[(&str, Converter, &str, &[&str])] = &[
        ("candidates in regional glyphs", tw(Terms::Auto), "发", &["髮"]),
        ("of OpenCC's table", opencc(OpenccConfig::S2t), "干", &["乾", "干", "榦"]),
        ("in the glyphs of the configuration", opencc(OpenccConfig::S2tw), "里", &["里", "哩"]),
        ("from Traditional", back, "鍾", &["锺"]),
        ("a phrase taken apart", tw(Terms::Auto), "头发", &["頭發"]),
        ("a phrase of OpenCC taken apart", opencc(OpenccConfig::S2t), "头发", &["頭發"]),
        ("the word of a term", tw(Terms::Auto), "鼠标", &["鼠標"]),
        ("a term that waits", tw(Terms::Auto), "请你看看这份文件好不好。", &["檔案"]),
        ("what an own word replaces", own, "鼠标", &["滑鼠"]),
        ("a compatibility ideograph", opencc(OpenccConfig::T2s), "\u{F900}", &[]),
    ];
    for (name, converter, text, expected) in rows {
        let waits = |edit: &Edit<'_>| matches!(edit.origin(), Origin::Unwritten { .. });
        let mut edits = converter.edits(text).with_unwritten();
        let edit = edits.find(|edit| waits(edit) || !name.contains("waits")).expect(name);
        let found: Vec<_> = edit.alternatives().iter().map(|other| other.target().to_owned()).collect();
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn the_margin_of_the_lattice_is_told() {
    let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    let edit = converter.edits("他的头发展开").next().unwrap();
    assert_eq!((edit.source(), edit.target()), ("头发", "頭髮"));
    let (cost, other) = (edit.score().cost.unwrap(), edit.alternatives()[0].score().cost.unwrap());
    assert!(cost < other && edit.reason().ends_with(&format!("which costs {cost}; the best other one {other}")));
}

#[test]
fn rules_have_a_line() {
    let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    let rules = include_str!("../dictionaries/script/rules.txt");
    let texts = ["他姓钟。", "马里长大", "钟同志"];
    let edits: Vec<_> = texts.iter().flat_map(|text| converter.edits(text)).collect();
    let mut seen = 0;
    for edit in edits.iter().filter(|edit| edit.origin() == Origin::Rule) {
        let (file, line) = edit.place().unwrap();
        assert_eq!(file, "dictionaries/script/rules.txt");
        assert!(rules.lines().nth(line as usize - 1).unwrap().starts_with(edit.source()), "{edit}");
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn terms_that_are_not_written_are_told_on_demand() {
    let corpora = corpora();
    let mut random = Random(0x7E12);
    let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    let mut unwritten = 0;
    for n in 0..200 {
        let text = text(&mut random, &corpora, n % 30);
        let (mut out, mut at) = (String::new(), 0);
        for edit in converter.edits(&text).with_unwritten() {
            out.push_str(&text[at..edit.range().start]);
            out.push_str(edit.target());
            at = edit.range().end;
            unwritten += usize::from(matches!(edit.origin(), Origin::Unwritten { .. }));
        }
        out.push_str(&text[at..]);
        assert_eq!(out, converter.convert(&text));
    }
    assert!(unwritten > 10);
}

#[test]
fn edits_end_for_good() {
    let converter = Converter::opencc(OpenccConfig::S2t).unwrap();
    let mut edits = converter.edits("国");
    assert!(edits.next().is_some());
    assert!(edits.next().is_none() && edits.next().is_none());
    assert!(converter.edits("").next().is_none());
}
