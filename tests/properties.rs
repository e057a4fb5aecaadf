//! What holds of a mebibyte of mixed text: edits and alignments tell the conversion, and no cut changes it.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")]

mod mixed;

use std::io::Write as _;

use fanjian::{Converter, Locale, OpenccConfig, Unit};

use mixed::{Random, corpora, text};

/// Mixed text in lines of some hundred bytes: a mebibyte, in a debug build less.
fn mebibyte() -> String {
    let size = if cfg!(debug_assertions) { 1 << 15 } else { 1 << 20 };
    let (corpora, mut random) = (corpora(), Random(0x1_0000));
    let mut out = String::with_capacity(size + 4096);
    while out.len() < size {
        out += &text(&mut random, &corpora, 12);
        if random.below(3) == 0 {
            out.push('\n');
        }
    }
    out.push('\n');
    out
}

fn routes() -> Vec<Converter> {
    let (cn, tw, hk) = (Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, Locale::ZH_HANT_HK);
    vec![
        Converter::new(cn, tw).unwrap(),
        Converter::opencc(OpenccConfig::S2twp).unwrap(),
        Converter::new(hk, cn).unwrap(),
        Converter::opencc(OpenccConfig::Tw2sp).unwrap(),
        Converter::builder(cn, hk).entry("内存", "RAM").entry("着\n", "着。\n").protect("后台").build().unwrap(),
    ]
}

#[test]
fn edits_make_the_conversion() {
    let text = mebibyte();
    for converter in routes() {
        let (mut out, mut at) = (String::new(), 0);
        for edit in converter.edits(&text) {
            out += &text[at..edit.range().start];
            assert_eq!(edit.target_range().start, out.len(), "{converter:?}: {edit:?}");
            out += edit.target();
            at = edit.range().end;
        }
        out += &text[at..];
        assert!(out == converter.convert(&text), "{converter:?}");
    }
}

#[test]
fn alignments_lead_there_and_back() {
    let text = mebibyte();
    for converter in routes() {
        let aligned = converter.convert_aligned(&text);
        assert!(aligned.text() == converter.convert(&text), "{converter:?}");
        assert!(aligned.restore() == text, "{converter:?}");
        let back = aligned.invert();
        assert!(back.text() == text && back.restore() == aligned.text(), "{converter:?}");
        assert!(back.invert() == aligned, "{converter:?}");
        // Each character's place holds the character again, and places are in order.
        let map = aligned.map();
        let mut last = 0;
        for (at, c) in text.char_indices() {
            let range = map.target_range(at..at + c.len_utf8());
            assert!(aligned.text().get(range.clone()).is_some() && range.start >= last, "{converter:?} at {at}");
            last = range.start;
            let again = map.source_range(range.clone());
            assert!(range.is_empty() || again.start <= at && again.end >= at + c.len_utf8(), "{converter:?} at {at}");
        }
        let chars = aligned.text().chars().count();
        assert_eq!(map.target_range_in(Unit::Chars, 0..text.chars().count()), 0..chars, "{converter:?}");
    }
}

#[test]
fn every_byte_may_be_a_piece() {
    let text = mebibyte();
    for converter in routes() {
        let mut stream = converter.stream(Vec::new());
        for byte in text.as_bytes() {
            stream.write_all(std::slice::from_ref(byte)).unwrap();
        }
        assert!(stream.finish().unwrap() == converter.convert(&text).as_bytes(), "{converter:?}");
    }
}

/// A cut in two is tried at every character: behind whole lines, so that the time stays linear. What is cut inside a
/// character waits for its rest, so that other cuts are the same as these.
#[test]
fn a_cut_at_every_place_changes_nothing() {
    let text = mebibyte();
    for converter in routes().iter().take(3) {
        // The text so far in whole lines, in front of each line.
        let mut before = converter.incremental();
        let mut whole = String::new();
        for line in text.split_inclusive('\n') {
            let mut behind = before.clone();
            let expected = behind.push(line).to_owned();
            for (at, _) in line.char_indices().skip(1) {
                let mut cut = before.clone();
                let mut out = cut.push(&line[..at]).to_owned();
                out += cut.push(&line[at..]);
                assert_eq!(out, expected, "{converter:?}: {line:?} cut at {at}");
                // Now and then: what is remembered is the same too.
                if at % 8 == 0 {
                    assert_eq!(cut.push(line), behind.clone().push(line), "{converter:?}: {line:?} cut at {at}");
                }
            }
            whole += &expected;
            before = behind;
        }
        whole += before.finish();
        assert!(whole == converter.convert(&text), "{converter:?}");
    }
}
