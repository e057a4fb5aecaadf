//! Own words win, are final, and change nothing else: against the definition, on every route and however a text arrives.
#![cfg(feature = "native")]
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod mixed;

use std::collections::HashMap;
use std::io::{Read, Write};
use std::time::{Duration, Instant};

use fanjian::{
    AutoConverter, Chunks, Converter, ConverterBuilder, Domain, Edit, Edits, Error, Glyphs, Incremental, Locale,
    OpenccConfig, Origin, Reader, Stream, Terms, UserLexicon,
};

use mixed::{Random, corpora, routes, text};

const CN: Locale = Locale::ZH_HANS_CN;
const TW: Locale = Locale::ZH_HANT_TW;
const HK: Locale = Locale::ZH_HANT_HK;

fn cn_tw() -> ConverterBuilder {
    Converter::builder(CN, TW)
}

/// The definition: own words as they stand in a text, leftmost and longest, as ranges.
fn naive(words: &HashMap<String, String>, text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let ends = (at + 1..=text.len()).rev().filter(|&end| text.is_char_boundary(end));
        match ends.clone().find(|&end| words.contains_key(&text[at..end])) {
            Some(end) => {
                out.push((at, end));
                at = end;
            }
            None => at = ends.min().unwrap(),
        }
    }
    out
}

/// The definition of a conversion without memory: what is between own words is converted on its own.
fn around(words: &HashMap<String, String>, converter: &Converter, text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (start, end) in naive(words, text) {
        out += &converter.convert(&text[at..start]);
        out += &words[&text[start..end]];
        at = end;
    }
    out + &converter.convert(&text[at..])
}

/// Own words made of pieces of the texts, of all lengths, with prefixes of each other among them. One time in two, as it
/// falls, none is so short that texts have to be searched for them first.
fn random_words(random: &mut Random, texts: &[String], count: usize) -> HashMap<String, String> {
    let mut out = HashMap::new();
    let least = [1, 6][random.below(2)];
    while out.len() < count {
        let text = &texts[random.below(texts.len())];
        let chars: Vec<char> = text.chars().collect();
        if chars.is_empty() {
            continue;
        }
        let from = random.below(chars.len());
        let most = [1, 2, 3, 6, 12][random.below(5)];
        let length = 1 + random.below(most).min(chars.len() - from - 1);
        let key: String = chars[from..from + length].iter().collect();
        if key.len() < least && !key.starts_with(|c: char| c.is_ascii()) {
            continue;
        }
        let value = match random.below(5) {
            0 => key.clone(),
            1 => String::new(),
            2 => "〔換成 something 别的〕".to_owned(),
            3 => "台后头发".to_owned(),
            _ => key.chars().rev().collect(),
        };
        out.insert(key, value);
    }
    out
}

fn exact() -> Vec<(String, fn() -> ConverterBuilder, Converter)> {
    let mut out: Vec<(String, fn() -> ConverterBuilder, Converter)> = Vec::new();
    macro_rules! add {
        ($($config:ident),*) => {$(
            let converter = Converter::opencc(OpenccConfig::$config).unwrap();
            out.push((stringify!($config).to_owned(), || Converter::opencc_builder(OpenccConfig::$config), converter));
        )*};
    }
    add!(S2t, T2s, S2twp, Tw2sp, Hk2s);
    out
}

fn native() -> Vec<(String, ConverterBuilder)> {
    let mut out = Vec::new();
    for (from, to) in [(CN, TW), (CN, HK), (TW, CN), (HK, TW), (TW, TW)] {
        out.push((format!("{from} to {to}"), Converter::builder(from, to)));
    }
    out.push(("broad".to_owned(), cn_tw().terms(Terms::Broad)));
    out.push(("official".to_owned(), Converter::builder(CN, HK).glyphs(Glyphs::Official)));
    out
}

/// Mixed texts with awkward places.
fn texts(random: &mut Random, count: usize) -> Vec<String> {
    let corpora = corpora();
    let mut out: Vec<String> = (0..count).map(|n| text(random, &corpora, n % 30)).collect();
    out.push("日本語のテキストと漢字です。简体与繁體同在\u{FE00}，葛\u{E0101}城\n⿰虫风⿱艹⿰氵干发⿲一二".to_owned());
    out.push("iPhone C盘、K歌T恤AA制 a?b=1 élan 𠮷野家。".to_owned());
    out
}

#[test]
fn exact_routes_convert_around_own_words() {
    let mut random = Random(0xA11CE);
    let texts = texts(&mut random, 40);
    for round in 0..12 {
        let words = random_words(&mut random, &texts, [1, 5, 40, 200, 400, 1000][round / 2]);
        for (name, builder, plain) in exact() {
            let converter = builder().entries(words.clone()).build().unwrap();
            for text in &texts {
                assert_eq!(converter.convert(text), around(&words, &plain, text), "{name}: {words:?} {text:?}");
            }
        }
    }
}

#[test]
fn native_routes_convert_around_own_words() {
    // Simplified text with safe terms: nothing is remembered from stretch to stretch, so that the definition is the same.
    let mut random = Random(0xB0B);
    let lines: Vec<String> = corpora()
        .into_iter()
        .filter(|(name, _)| name.starts_with("cn-"))
        .flat_map(|(_, text)| text.lines().map(str::to_owned).collect::<Vec<_>>())
        .filter(|line| !line.is_empty() && line.len() < 2000)
        .collect();
    for round in 0..8 {
        let mut words = random_words(&mut random, &lines, [1, 10, 100, 400][round / 2]);
        words.retain(|_, value| !value.is_empty());
        for to in [TW, Locale::ZH_HANT] {
            let builder = Converter::builder(CN, to).terms(Terms::Safe);
            let plain = builder.build().unwrap();
            let converter = builder.entries(words.clone()).build().unwrap();
            for line in &lines {
                assert_eq!(converter.convert(line), around(&words, &plain, line), "{to}: {words:?} {line:?}");
            }
        }
    }
}

/// All ways to convert a text give the same, and own words are what the definition says.
fn agree(name: &str, converter: &Converter, words: &HashMap<String, String>, text: &str) {
    let whole = converter.convert(text);
    let mut into = String::from("x");
    converter.convert_into(text, &mut into);
    assert_eq!(into[1..], *whole, "{name}");

    let (mut out, mut at) = (String::new(), 0);
    let mut own = Vec::new();
    for edit in converter.edits(text) {
        let range = edit.range();
        assert!(range.start >= at && text[range.clone()] == *edit.source(), "{name}: {edit:?} in {text:?}");
        assert_eq!(whole.get(edit.target_range()), Some(edit.target()), "{name}: {edit:?} in {text:?}");
        if edit.origin() == Origin::Own {
            own.push((range.start, range.end));
        }
        out += &text[at..range.start];
        out += edit.target();
        at = range.end;
    }
    out += &text[at..];
    assert_eq!(out, whole, "{name}: {text:?}");
    let expected = naive(words, text);
    let changing = expected.iter().filter(|&&(start, end)| words[&text[start..end]] != text[start..end]);
    assert!(own.iter().eq(changing), "{name}: {own:?}, not {expected:?} in {text:?}");

    let aligned = converter.convert_aligned(text);
    assert_eq!(aligned.text(), whole, "{name}");
    assert_eq!(aligned.restore(), text, "{name}");
    for (start, end) in expected {
        let target = aligned.map().target_range(start..end);
        assert_eq!(whole.get(target), Some(words[&text[start..end]].as_str()), "{name}: {start} in {text:?}");
    }
}

#[test]
fn edits_and_alignments_agree_with_the_conversion() {
    let mut random = Random(0xCAFE);
    let texts = texts(&mut random, 60);
    for round in 0..8 {
        let words = random_words(&mut random, &texts, [2, 20, 100, 500][round / 2]);
        for (name, builder, _) in exact() {
            let converter = builder().entries(words.clone()).build().unwrap();
            texts.iter().for_each(|text| agree(&name, &converter, &words, text));
        }
        for (name, builder) in native() {
            let converter = builder.entries(words.clone()).build().unwrap();
            texts.iter().for_each(|text| agree(&name, &converter, &words, text));
        }
    }
}

#[test]
fn every_route_takes_a_lexicon() {
    let mut random = Random(0xE7E7);
    let texts = texts(&mut random, 8);
    let words = random_words(&mut random, &texts, 60);
    let lexicon = UserLexicon::from_entries(words.iter()).unwrap();
    for (name, converter) in routes() {
        let converter = converter.with_lexicon(&lexicon).unwrap();
        for text in &texts {
            agree(&name, &converter, &words, text);
            let mut stream = converter.stream(Vec::new());
            text.bytes().for_each(|byte| stream.write_all(&[byte]).unwrap());
            assert_eq!(stream.finish().unwrap(), converter.convert(text).as_bytes(), "{name}: {text:?}");
        }
    }
}

#[test]
fn streams_do_not_depend_on_how_the_text_is_cut() {
    let mut random = Random(0xD1CE);
    let mut texts = texts(&mut random, 12);
    texts.push(format!("{}。{}", "头发里的发夹干燥".repeat(12), "发展中国家与计算机".repeat(12)));
    texts.push("字".repeat(1360) + "汉字头发" + &"字".repeat(20));
    for round in 0..3 {
        let mut words = random_words(&mut random, &texts, [3, 30, 120][round]);
        words
            .extend([("。\n", "！"), ("字字汉字头", "〔〕"), ("\n", "⏎\n")].map(|(a, b)| (a.to_owned(), b.to_owned())));
        let exact = exact().into_iter().map(|(name, builder, _)| (name, builder()));
        for (name, builder) in exact.chain(native()) {
            let converter = builder.entries(words.clone()).build().unwrap();
            for text in &texts {
                let whole = converter.convert(text);
                for (at, _) in text.char_indices().filter(|(at, _)| text.len() < 600 || at % 7 == 0 || *at > 4000) {
                    let mut stream = converter.incremental();
                    let mut out = stream.push(&text[..at]).to_owned();
                    out += stream.push(&text[at..]);
                    out += stream.finish();
                    assert_eq!(out, whole, "{name}: cut at {at} of {text:?}");
                }
                let mut stream = converter.stream(Vec::new());
                text.bytes().for_each(|byte| stream.write_all(&[byte]).unwrap());
                assert_eq!(String::from_utf8(stream.finish().unwrap()).unwrap(), whole, "{name}");
                let mut read = String::new();
                converter.reader(text.as_bytes()).read_to_string(&mut read).unwrap();
                assert_eq!(read, whole, "{name}");
            }
        }
    }
}

#[test]
fn streams_hold_back_no_more_than_they_must() {
    let converter = cn_tw().entries([("汉字头发", "x"), ("汉字", "y")]).build().unwrap();
    let mut stream = converter.incremental();
    assert_eq!(stream.push("长汉字头\n"), "長y頭\n", "a line is written when it ends");
    assert_eq!(stream.push("汉字头"), "");
    assert_eq!(stream.finish(), "y頭");
    let converter = Converter::opencc_builder(OpenccConfig::S2t).entry("汉字头发", "x").build().unwrap();
    let mut stream = converter.incremental();
    assert_eq!(stream.push("长，汉字"), "長，");
    assert_eq!(stream.push("头"), "");
    assert_eq!(stream.push("发"), "x");
}

#[test]
fn chunks_of_a_large_text_convert_on_their_own() {
    let line = "发展中国家。头发，理发师的后台\n";
    let text = line.repeat((3 << 20) / line.len());
    let words = [("家。头", "〔一〕"), ("\n发展", "〔二〕"), ("台", "〔三〕")];
    let unbroken = "发展中国家".repeat((5 << 20) / 15);
    for (name, builder) in [
        ("s2t", Converter::opencc_builder(OpenccConfig::S2t)),
        ("tw2sp", Converter::opencc_builder(OpenccConfig::Tw2sp)),
        ("native", cn_tw()),
    ] {
        let converter = builder.entries(words).build().unwrap();
        let parts: String = converter.chunks(&text).map(|chunk| converter.convert(chunk)).collect();
        assert!(parts == converter.convert(&text), "{name}");
        assert!(converter.chunks(&text).count() >= 3, "{name}");
        let parts: String = converter.chunks(&unbroken).map(|chunk| converter.convert(chunk)).collect();
        assert!(parts == converter.convert(&unbroken), "{name}");
    }
}

#[test]
fn own_words_win_and_are_final() {
    let mine = |entries: &[(&str, &str)]| cn_tw().entries(entries.iter().copied()).build().unwrap();
    // What it shows, own words, text, result.
    let rows: &[(&str, &[(&str, &str)], &str, &str)] = &[
        ("wins over a term", &[("鼠标", "老鼠")], "买鼠标", "買老鼠"),
        ("is not converted again", &[("今后", "爾后台")], "今后台湾", "爾后台台灣"),
        ("the longest of its start", &[("头", "A"), ("头发", "B")], "头发和头", "B和A"),
        ("the one that starts first", &[("发里", "A"), ("里面的", "B")], "头发里面的", "頭A面的"),
        ("inside a phrase: an edge", &[("头", "頭")], "头发", "頭發"),
        ("a word protects itself", &[("云南白药", "云南白药")], "云南的云南白药", "雲南的云南白药"),
        ("Latin letters", &[("iPhone", "愛鳳")], "买 iPhone 了", "買 愛鳳 了"),
        ("one letter", &[("a", "甲")], "a里b", "甲裡b"),
        ("outside of the basic plane", &[("𠮷", "吉")], "𠮷里", "吉裡"),
        ("in a Japanese clause", &[("国", "〔國〕")], "これは国産です。国", "これは〔國〕産です。〔國〕"),
        ("kana of an own word is none", &[("ノート", "筆記")], "ノート里头发", "筆記裡頭髮"),
        ("in a line of the target script", &[("電腦", "計算機")], "這台電腦裏", "這台計算機裏"),
        ("an empty target takes it out", &[("，", "")], "头，发", "頭發"),
        ("the last of the same counts", &[("头", "A"), ("头", "B")], "头", "B"),
        ("across lines", &[("头\n发", "\n")], "长头\n发长", "長\n長"),
    ];
    for (name, entries, text, expected) in rows {
        assert_eq!(mine(entries).convert(text), *expected, "{name}");
    }
}

#[test]
fn what_a_text_has_shown_goes_on_across_own_words() {
    // The domain shows on both sides of the own word.
    let converter = cn_tw().entry("某某", "〇〇").build().unwrap();
    let text = "服务器的操作系统崩溃，某某数据库里的文件和程序丢失。";
    let plain = Converter::new(CN, TW).unwrap();
    assert_eq!(converter.convert(text), plain.convert(text).replace("某某", "〇〇"));
    assert!(converter.convert(text).contains("檔案"));
    // So does the script: the second half alone would be changed.
    let converter = cn_tw().entry("某某", "〇〇").build().unwrap();
    assert_eq!(converter.convert("這個國家，某某的里程"), "這個國家，〇〇的里程");
    // And Cantonese.
    let text = "佢哋某某系好人";
    let hk = Converter::builder(CN, HK);
    let plain = hk.build().unwrap().convert(text).into_owned();
    assert_eq!(hk.entry("某某", "〇〇").build().unwrap().convert(text), plain.replace("某某", "〇〇"));
}

#[test]
fn layers_count_by_place_then_length_then_order() {
    let first = UserLexicon::from_entries([("头发", "一"), ("发夹", "一")]).unwrap();
    let second = UserLexicon::from_entries([("头发", "二"), ("头发里", "二"), ("长", "二")]).unwrap();
    let converter = cn_tw().lexicon(&first).lexicon(&second).build().unwrap();
    assert_eq!(converter.convert("头发，头发里，发夹，长"), "二，二，一，二");
    let converter = cn_tw().lexicon(&first).lexicon(&second).entry("头发", "零").build().unwrap();
    assert_eq!(converter.convert("头发，头发里，发夹，长"), "零，二，一，二");
    let converter = cn_tw().lexicon(&second).build().unwrap().with_lexicon(&first).unwrap();
    assert_eq!(converter.convert("头发，头发里，发夹，长"), "一，二，一，二");

    // Layers match as one lexicon of all their words does.
    let mut random = Random(0x1A7E);
    let texts = texts(&mut random, 30);
    let words = random_words(&mut random, &texts, 300);
    let mut builder = cn_tw();
    let parts: Vec<_> = words.iter().collect();
    for part in parts.chunks(100) {
        builder = builder.lexicon(&UserLexicon::from_entries(part.iter().map(|&(a, b)| (a, b))).unwrap());
    }
    let (layers, one) = (builder.build().unwrap(), cn_tw().entries(words.clone()).build().unwrap());
    for text in &texts {
        assert_eq!(layers.convert(text), one.convert(text), "{text:?}");
        agree("layers", &layers, &words, text);
    }
}

#[test]
fn edits_name_the_table_and_line() {
    let words = UserLexicon::from_table("old.txt", "# old\n\n发夹\t髮夾\n".as_bytes()).unwrap();
    let words = UserLexicon::from_bytes(words.as_bytes()).unwrap();
    let builder = cn_tw().table("new.txt", "头发\t青絲\n".as_bytes()).entry("长", "長").lexicon(&words);
    let converter = builder.build().unwrap();
    let told: Vec<_> = converter
        .edits("头发长，发夹贵")
        .map(|edit| (edit.origin(), edit.place().map(|(table, line)| format!("{table}:{line}")), edit.reason()))
        .collect();
    assert_eq!(told[0], (Origin::Own, Some("new.txt:1".to_owned()), "an own word: new.txt, line 1".to_owned()));
    assert_eq!(told[1], (Origin::Own, None, "an own word".to_owned()));
    assert_eq!(told[2].1.as_deref(), Some("old.txt:3"));
    assert_eq!((told[3].0, &told[3].1), (Origin::Character, &None));
}

const CONCEPTS: &str = "\
# title: Ours
# domain: computing
# source: us
# licence: none
云盘\t雲端硬碟|網碟\t雲端硬碟\tsafe
卡片\t圖卡\t卡片\tdomain
小样\t樣張\t-\tbroad
旧词\t舊詞乙\t舊詞丙\tno
苹果\t蘋果公司\t蘋果\tsafe cn.next=发布|手机 cn.not_prev=吃
苹果\t蘋果\t蘋果\tdomain
";

#[test]
fn concepts_follow_tiers_columns_and_contexts() {
    let with = |from, to, terms| {
        let builder = Converter::builder(from, to).terms(terms);
        builder.concepts("ours.tsv", CONCEPTS.as_bytes()).build().unwrap()
    };
    let computing = "云盘的服务器和数据库显示卡片。";
    let computing_only = || Terms::Domains(vec![Domain::COMPUTING]);
    // The route, the text, the result.
    let rows: Vec<(Converter, &str, &str)> = vec![
        (with(CN, TW, Terms::None), "云盘", "雲盤"),
        (with(CN, TW, Terms::Safe), "云盘", "雲端硬碟"),
        (with(CN, HK, Terms::Safe), "云盘", "雲端硬碟"),
        (with(TW, CN, Terms::Safe), "網碟", "云盘"),
        (with(CN, TW, Terms::Safe), "卡片", "卡片"),
        (with(CN, TW, computing_only()), "卡片", "圖卡"),
        (with(CN, TW, Terms::Auto), "一张卡片。", "一張卡片。"),
        (with(CN, TW, Terms::Auto), computing, "雲端硬碟的伺服器和資料庫顯示圖卡。"),
        (with(CN, TW, Terms::Auto), "旧词小样", "舊詞小樣"),
        (with(CN, TW, Terms::Broad), "旧词小样", "舊詞樣張"),
        (with(CN, HK, Terms::Broad), "旧词小样", "舊詞小樣"),
        (with(CN, TW, Terms::Safe), "苹果发布，吃苹果手机，苹果。", "蘋果公司發布，吃蘋果手機，蘋果。"),
        (with(Locale::ZH_HANS, TW, Terms::Broad), "云盘", "雲盤"),
    ];
    for (converter, text, expected) in &rows {
        assert_eq!(converter.convert(text), *expected, "{converter:?}");
        // Told as it is done, and however it arrives.
        let mut out = String::new();
        let mut at = 0;
        for edit in converter.edits(text) {
            out = out + &text[at..edit.range().start] + edit.target();
            at = edit.range().end;
        }
        assert_eq!(out + &text[at..], *expected);
        assert_eq!(converter.convert_aligned(text).restore(), *text);
        for (at, _) in text.char_indices() {
            let mut stream = converter.incremental();
            let head = stream.push(&text[..at]).to_owned();
            let body = stream.push(&text[at..]).to_owned();
            assert_eq!(head + &body + stream.finish(), *expected);
        }
    }
    let edit = rows[1].0.edits("云盘").next().map(|edit| (edit.origin(), edit.place().map(|(_, line)| line)));
    assert_eq!(edit, Some((Origin::Own, Some(5))));
}

#[test]
fn compiled_concepts_keep_their_locales() {
    let builder = cn_tw().concepts("ours.tsv", CONCEPTS.as_bytes());
    let words = UserLexicon::from_bytes(builder.compile().unwrap().as_bytes()).unwrap();
    assert_eq!(cn_tw().lexicon(&words).build().unwrap().convert("云盘"), "雲端硬碟");
    assert_eq!(cn_tw().terms(Terms::None).lexicon(&words).build().unwrap().convert("云盘"), "雲盤");
    assert!(Converter::builder(TW, CN).lexicon(&words).build().is_err());
    assert!(Converter::opencc(OpenccConfig::S2t).unwrap().with_lexicon(&words).is_err());
    assert!(Converter::opencc_builder(OpenccConfig::S2t).concepts("x", CONCEPTS.as_bytes()).build().is_err());
}

#[test]
fn faults_are_told_with_file_line_and_column() {
    let builder = cn_tw()
        .table("a.txt", "头发\t頭髮\n头发 頭髮\n".as_bytes())
        .table("b.txt", b"\t\xFF\n")
        .concepts("c.tsv", "# title: x\n# domain: cooking\n# source: x\n# licence: x\n文件\t\t-\tsafe\n".as_bytes())
        .concepts("d.tsv", "# title: x\n# domain: cooking\n# source: x\n# licence: x\n".as_bytes());
    let message = builder.build().unwrap_err().to_string();
    for start in [
        "a.txt:2:6: there is no TAB",
        "b.txt:1:2: this is not UTF-8",
        "c.tsv:5:4: the `tw` column",
        "d.tsv:1:1: `cooking`",
    ] {
        assert!(message.lines().any(|line| line.starts_with(start)), "{start} in\n{message}");
    }
    assert!(message.contains("\n    头发 頭髮\n"), "{message}");

    let long = "长".repeat(400);
    let rows: [(&str, ConverterBuilder); 3] = [
        ("the source is empty", cn_tw().entry("", "x")),
        ("the source is longer than 1,024 bytes", cn_tw().entry(long.clone(), "x")),
        ("the target is longer than 65,536 bytes", cn_tw().entry("x", "y".repeat(65_537))),
    ];
    for (why, builder) in rows {
        let error: Error = builder.build().unwrap_err();
        assert!(error.to_string().ends_with(why) && error.to_string().len() < 300, "{error}");
    }
}

#[test]
fn damaged_lexicons_are_refused() {
    let words = UserLexicon::from_table("mine.txt", "麦旋风\t冰炫風\n头\t頭\niPhone\t愛鳳\n".as_bytes()).unwrap();
    let good = words.as_bytes().to_vec();
    assert!(UserLexicon::from_bytes(good.clone()).is_ok());
    for length in 0..good.len() {
        assert!(UserLexicon::from_bytes(&good[..length]).is_err(), "cut at {length}");
    }
    let mut longer = good.clone();
    longer.push(0);
    assert!(UserLexicon::from_bytes(longer).is_err());
    let mut random = Random(0xF11B);
    for _ in 0..5_000 {
        let mut bad = good.clone();
        for _ in 0..=random.below(4) {
            let at = random.below(bad.len());
            bad[at] ^= 1 << random.below(8);
        }
        assert!(bad == good || UserLexicon::from_bytes(bad).is_err());
    }
    for foreign in ["", "fanjian", "fanjian\x1A", "PK\x03\x04 a zip file, not a lexicon of ours"] {
        let error = UserLexicon::from_bytes(foreign).unwrap_err();
        assert!(error.to_string().starts_with("the bytes: it is"), "{error}");
    }
}

#[test]
fn files_hold_the_same_words() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("words");
    let words = UserLexicon::from_entries([("麦旋风", "冰炫風"), ("头", "頭")]).unwrap();
    words.write(&path).unwrap();
    // Written again, in its place.
    words.write(&path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    assert!(words.write(folder.path().join("no/such/folder")).is_err());
    let read = UserLexicon::from_bytes(std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(read.as_bytes(), words.as_bytes());
    assert_eq!(cn_tw().lexicon(&read).build().unwrap().convert("麦旋风头发"), "冰炫風頭發");
    #[cfg(feature = "mmap")]
    {
        let mapped = UserLexicon::open(&path).unwrap();
        assert_eq!(cn_tw().lexicon(&mapped).build().unwrap().convert("麦旋风头发"), "冰炫風頭發");
        std::fs::write(folder.path().join("bad"), "bad").unwrap();
        assert!(UserLexicon::open(folder.path().join("bad")).unwrap_err().to_string().contains("not a lexicon"));
        assert!(UserLexicon::open(folder.path().join("none")).is_err());
        std::fs::write(folder.path().join("empty"), "").unwrap();
        assert!(UserLexicon::open(folder.path().join("empty")).is_err());
    }
}

#[test]
fn ten_thousand_entries_are_compiled_in_no_time() {
    let entries: Vec<(String, String)> = (0..10_000u32)
        .map(|n| {
            let c = |shift: u32| char::from_u32(0x4E00 + (n.wrapping_mul(2_654_435_761) >> shift) % 0x5000).unwrap();
            (format!("{}{}{}", c(3), c(11), c(17)), format!("〔{n}〕"))
        })
        .collect();
    let start = Instant::now();
    let words = UserLexicon::from_entries(entries.clone()).unwrap();
    // 30 milliseconds are meant; a machine under load and a build without optimisation get more.
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    assert!(words.len() > 9_000);
    let converter = cn_tw().lexicon(&words).build().unwrap();
    let last: HashMap<_, _> = entries.into_iter().collect();
    for (source, target) in last.iter().step_by(37) {
        assert_eq!(converter.convert(source), *target);
    }
}

#[test]
fn official_glyphs_are_the_same_in_all_ways() {
    // From, to, text, common, official.
    let rows: &[(Locale, Locale, &str, &str, &str)] = &[
        (CN, TW, "台湾台州的秘密", "台灣台州的秘密", "臺灣台州的祕密"),
        (CN, HK, "说着著作，里面的温度和税", "說著著作，裡面的溫度和稅", "説着著作，裏面的温度和税"),
        (TW, HK, "說著裡面", "說著裡面", "説着裏面"),
        (HK, TW, "台灣的裏面", "台灣的裡面", "臺灣的裡面"),
        (TW, CN, "臺灣", "台湾", "台湾"),
    ];
    for &(from, to, text, common, official) in rows {
        let builder = Converter::builder(from, to).entry("原样", "台着");
        assert_eq!(builder.build().unwrap().convert(text), common);
        let converter = builder.glyphs(Glyphs::Official).build().unwrap();
        assert_eq!(converter.convert(text), official, "{from} to {to}");
        let own = format!("{text}原样");
        assert_eq!(converter.convert(&own), format!("{official}台着"), "own words are final");
        let words = HashMap::from([("原样".to_owned(), "台着".to_owned())]);
        agree("official", &converter, &words, &own);
        assert_eq!(converter.convert(official), official, "{from} to {to}: twice");
    }
    let mut random = Random(0x0FF1);
    for text in texts(&mut random, 60) {
        for (from, to) in [(CN, TW), (CN, HK), (TW, HK), (HK, TW)] {
            let converter = Converter::builder(from, to).glyphs(Glyphs::Official).build().unwrap();
            agree("official", &converter, &HashMap::new(), &text);
        }
    }
}

#[test]
fn an_automatic_source_is_what_the_text_shows() {
    let to_tw = Converter::auto(TW).unwrap();
    assert_eq!(to_tw.source_of("这台打印机"), CN);
    assert_eq!(to_tw.source_of("搭的士去茶餐廳"), HK);
    assert_eq!(to_tw.source_of("搭計程車去"), TW);
    assert_eq!(to_tw.source_of("山水"), CN);
    assert_eq!(Converter::auto(CN).unwrap().source_of("山水"), Locale::ZH_HANT);
    assert_eq!(to_tw.source_of("繁體和简体"), CN, "the script that is to be changed");
    let own = Converter::builder(HK, CN).entry("麥旋風", "麦旋风（雪糕）").build_auto().unwrap();
    assert_eq!(own.convert("麥旋風"), "麦旋风（雪糕）");
    assert_eq!(own.source_of("山"), HK);
    assert!(Converter::opencc_builder(OpenccConfig::S2t).build_auto().is_err());
}

#[test]
fn converters_are_shared_among_threads() {
    fn shared<T: Send + Sync + Clone>() {}
    fn both<T: Send + Sync>() {}
    shared::<Converter>();
    shared::<ConverterBuilder>();
    shared::<UserLexicon>();
    shared::<AutoConverter>();
    shared::<Incremental>();
    shared::<Error>();
    shared::<Chunks<'_, '_>>();
    shared::<Edits<'_, '_>>();
    shared::<Edit<'_>>();
    both::<Stream<Vec<u8>>>();
    both::<Reader<&[u8]>>();

    let converter = cn_tw().entry("麦旋风", "冰炫風").build().unwrap();
    let text = "吃麦旋风的头发，服务器里的文件。\n".repeat(40);
    let expected = converter.convert(&text);
    std::thread::scope(|scope| {
        for _ in 0..64 {
            scope.spawn(|| assert_eq!(converter.convert(&text), expected));
        }
    });
}

#[cfg(feature = "rayon")]
#[test]
fn a_batch_keeps_its_order() {
    let converter = cn_tw().entry("麦旋风", "冰炫風").build().unwrap();
    let texts: Vec<String> = (0..500).map(|n| format!("{n}头发麦旋风")).collect();
    let expected: Vec<String> = (0..500).map(|n| format!("{n}頭髮冰炫風")).collect();
    assert_eq!(converter.convert_batch(&texts), expected);
}

#[cfg(feature = "serde")]
#[test]
fn reports_are_serialised() {
    let json = |value: &dyn erased::Json| value.json();
    let converter = cn_tw().table("mine.txt", "麦旋风\t冰炫風\n".as_bytes()).build().unwrap();
    let edits: Vec<_> = converter.edits("麦旋风鼠标").collect();
    assert_eq!(
        json(&edits[0]),
        r#"{"range":{"start":0,"end":9},"target_range":{"start":0,"end":9},"source":"麦旋风","target":"冰炫風","origin":{"kind":"own"},"place":["mine.txt",1],"reason":"an own word: mine.txt, line 1"}"#
    );
    assert!(
        json(&edits[1]).contains(r#""origin":{"kind":"term","tier":"safe","domain":"computing","detected":false}"#)
    );
    assert_eq!(json(&Locale::ZH_HANT_TW), r#""zh-Hant-TW""#);
    assert_eq!(serde_json::from_str::<Locale>(r#""zh-tw""#).unwrap(), TW);
    assert_eq!(serde_json::from_str::<Terms>(r#""computing,food""#).unwrap().to_string(), "computing,food");
    assert!(serde_json::from_str::<Domain>(r#""cooking""#).is_err());
    assert!(json(&converter.convert_aligned("鼠标")).contains(r#""segments":"#));
    assert!(json(&fanjian::detect("这是")).contains(r#""script":"hans""#));
    assert!(json(&fanjian::detect("捷運").evidence().collect::<Vec<_>>()).contains(r#""kind":"hant""#));
}

#[cfg(feature = "serde")]
mod erased {
    pub trait Json {
        fn json(&self) -> String;
    }

    impl<T: serde::Serialize> Json for T {
        fn json(&self) -> String {
            serde_json::to_string(self).unwrap()
        }
    }
}
