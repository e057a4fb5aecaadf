//! What an output repertoire promises: membership, and characters held back.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::borrow::Cow;

use fanjian::{Converter, Locale, OpenccConfig, Repertoire};

#[test]
fn sizes() {
    let ideographs = |level: Repertoire| ('\u{4E00}'..='\u{9FFF}').filter(|&c| level.contains(c)).count();
    assert_eq!(ideographs(Repertoire::Gb2312), 6_763);
    assert_eq!(ideographs(Repertoire::Unified), 20_902);
    // 13,051 and ten unit signs that look like them.
    assert_eq!(ideographs(Repertoire::Big5), 13_061);
    for level in [Repertoire::Gb2312, Repertoire::Big5, Repertoire::Unified, Repertoire::Bmp, Repertoire::All] {
        assert_eq!(level.check("ASCII\n，。、；：？！“”「」《》…—·（）\u{3000}").count(), 0, "{level:?}");
    }
}

#[test]
fn characters_are_held_back() {
    use Repertoire::{All, Big5, Bmp, Gb2312, Unified};
    let rows: &[(&str, Repertoire, &str, &str, &str, usize)] = &[
        ("nothing outside", Big5, "汉字", "漢字", "漢字", 0),
        ("outside the basic plane", Bmp, "㑮的", "𫝈的", "㑮的", 1),
        ("all is in", All, "㑮的", "𫝈的", "𫝈的", 0),
        ("two in Extension A", Unified, "鸊鷉", "䴙䴘", "鸊鷉", 2),
        ("all of a phrase", Gb2312, "一只猫", "一隻貓", "一只猫", 2),
        ("the length changed before it", Bmp, "打印機和㑮", "列印機與事務機和𫝈", "列印機與事務機和㑮", 1),
        ("the source had it already", Bmp, "𫝈和㑮", "𫝈和𫝈", "𫝈和㑮", 1),
        ("no source in the line", Bmp, "甲\n㑮", "𫝈\n乙", "𫝈\n乙", 0),
        ("lines were joined", Bmp, "甲\n㑮", "甲𫝈", "甲㑮", 1),
        ("empty source", Bmp, "", "𫝈", "𫝈", 0),
    ];
    for &(name, level, source, converted, expected, count) in rows {
        let (text, held) = level.hold_back(source, converted);
        assert_eq!((text.as_ref(), held.len()), (expected, count), "{name}");
        assert_eq!(matches!(text, Cow::Borrowed(_)), count == 0, "{name}");
        for back in held {
            assert!(text.get(back.offset..).unwrap().starts_with(back.source), "{name}");
            assert!(level.contains(back.source) && !level.contains(back.target), "{name}");
        }
    }
}

#[test]
fn every_simplification_is_held_back() {
    let converter = Converter::opencc_with_tofu(OpenccConfig::T2s).unwrap();
    let mut held = 0;
    for source in ('\u{3400}'..='\u{9FFF}').filter(|&c| Repertoire::Bmp.contains(c)) {
        let source = source.to_string();
        let converted = converter.convert(&source);
        let (text, report) = Repertoire::Bmp.hold_back(&source, &converted);
        assert_eq!(Repertoire::Bmp.check(&text).count(), 0, "{source}");
        held += report.len();
    }
    assert!(held > 500, "{held}");
}

#[test]
fn long_lines_take_linear_time() {
    let (source, converted) = ("发".repeat(20_000), "發".repeat(20_000));
    assert_eq!(Repertoire::Gb2312.hold_back(&source, &converted).1.len(), 20_000);
    let (source, converted) = ("甲".repeat(200), "發".repeat(200));
    assert_eq!(Repertoire::Gb2312.hold_back(&source, &converted).1.len(), 0);
}

#[test]
fn corpora_stay_in_the_basic_plane() {
    let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    for subject in ["news", "tech", "finance", "life"] {
        let path = format!("{}/benches/corpora/cn-{subject}.txt", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let converted = converter.convert(&text);
        assert!(matches!(Repertoire::Bmp.hold_back(&text, &converted).0, Cow::Borrowed(_)));
    }
}
