//! Streams write what converting the whole text writes, wherever the input is cut.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::io::{Read, Write};

use fanjian::{Converter, Error, InvalidUtf8, Locale, OpenccConfig, Terms};

/// A small generator of pseudo-random numbers (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

fn exact() -> Vec<(String, Converter)> {
    let mut out = Vec::new();
    for &config in OpenccConfig::ALL {
        out.push((config.to_string(), Converter::opencc(config).unwrap()));
    }
    for config in [OpenccConfig::T2s, OpenccConfig::Tw2sp] {
        out.push((format!("{config} with tofu"), Converter::opencc_with_tofu(config).unwrap()));
    }
    let own = [
        ("twp", TWP),
        // Keys with line feeds, values with operators, keys that shrink: nothing to rely on.
        (
            "hostile",
            r#"{"conversion_chain": [
                {"dict": {"type": "inline", "entries": {"A\nB": "⿰", "你你你你你你你你": "我", "。": "，", "a": "⿱一"}}},
                {"dict": {"type": "inline", "entries": {"我": "\n\n", "，，": " ", "⿰": "b", "⿱一一": "c"}}}
            ]}"#,
        ),
        (
            "shrinking",
            r#"{"conversion_chain": [{"dict": {"type": "inline", "entries": {"你你你你你你你你": "我"}}}, {"dict": {"type": "inline", "entries": {"我": "他", "我我": "们"}}}]}"#,
        ),
    ];
    for (name, json) in own {
        out.push((name.to_owned(), Converter::from_opencc_json_str(json, "dictionaries/opencc").unwrap()));
    }
    out
}

const TWP: &str = r#"{
    "normalization": [{"dict": {"type": "text", "file": "CJK_Compatibility_Ideographs.txt"}}],
    "segmentation": {"type": "mmseg", "dict": {"type": "text", "file": "STPhrases.txt"}},
    "conversion_chain": [
        {"dict": {"type": "group", "dicts": [
            {"type": "text", "file": "STPhrases.txt"}, {"type": "text", "file": "STCharacters.txt"}]}},
        {"dict": {"type": "group", "dicts": [
            {"type": "text", "file": "TWPhrases.txt"}, {"type": "text", "file": "TWVariants.txt"}]}}
    ]
}"#;

fn native() -> Vec<(String, Converter)> {
    let mut out = Vec::new();
    let (cn, tw, hk) = (Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, Locale::ZH_HANT_HK);
    for (from, to) in [(cn, tw), (cn, hk), (tw, cn), (hk, cn), (tw, hk), (hk, tw), (tw, tw), (cn, cn)] {
        out.push((format!("{from} to {to}"), Converter::new(from, to).unwrap()));
    }
    out.push(("hans".to_owned(), Converter::with_terms(Locale::ZH_HANS, Locale::ZH_HANT, &Terms::None).unwrap()));
    out.push(("broad".to_owned(), Converter::with_terms(cn, tw, &Terms::Broad).unwrap()));
    out
}

fn corpus() -> Vec<(&'static str, String)> {
    let article = "这台计算机的内存条坏了，只有一只手机能用。我们打印文件时，程序报告说服务器网络不通；\
        他于是把对象、数组、线程都检查了一遍。「发现头发里的发夹」，后台的里程表显示：干涉、干燥、树干。\n\
        英伟达与特朗普在硅谷见面！“面条好吃吗？”她问。系统维护中……关系着大家。\r\n\n鼠标、键盘 and a USB drive?q=1 ok! Yes.";
    let traditional = "這臺電腦的記憶體壞了，只有一隻手機能用。我們列印檔案時，程式說伺服器網路不通；\
        他於是把物件、陣列、執行緒都檢查了一遍。\n乾燥、乾坤、著作、看著、瞭解、徵求。叫做「計程車」，不叫的士。\n嘅咗喺唔佢哋，隻，裏面。";
    let mixed = "日本語のテキストと漢字です。簡体字混じり，简体与繁體同在\u{FE00}，葛\u{E0101}城\n\
        ⿰虫风⿱艹⿰氵干发⿲一二\n发里⿳一\n二，三头发。豈更車賈滑\u{FA0C}⿰\u{FA0C}\u{FA0D}C盘、K歌T恤AA制。";
    vec![
        ("article", article.to_owned()),
        ("traditional", traditional.to_owned()),
        ("mixed", mixed.to_owned()),
        ("one long line", format!("{}。{}", "头发里的发夹干燥".repeat(12), "发展中国家与计算机".repeat(12))),
        ("operators", "⿰⿱⿲头发\n".repeat(40)),
    ]
}

fn in_two(converter: &Converter, text: &str, at: usize) -> String {
    let mut stream = converter.incremental();
    let mut out = stream.push(&text[..at]).to_owned();
    out += stream.push(&text[at..]);
    out += stream.finish();
    out
}

fn bytewise(converter: &Converter, bytes: &[u8]) -> Vec<u8> {
    let mut stream = converter.stream(Vec::new());
    for &byte in bytes {
        stream.write_all(&[byte]).unwrap();
    }
    stream.finish().unwrap()
}

#[test]
fn every_cut_in_two_writes_the_same() {
    for (route, converter) in exact().into_iter().chain(native()) {
        for (name, text) in corpus() {
            let whole = converter.convert(&text);
            for (at, _) in text.char_indices() {
                assert_eq!(in_two(&converter, &text, at), whole, "{route}: {name} cut at {at}");
            }
        }
    }
}

#[test]
fn every_byte_on_its_own_writes_the_same() {
    for (route, converter) in exact().into_iter().chain(native()) {
        for (name, text) in corpus() {
            let whole = converter.convert(&text);
            assert_eq!(bytewise(&converter, text.as_bytes()), whole.as_bytes(), "{route}: {name}");
        }
    }
}

/// Keys and values of the tables, and what is awkward between them.
fn pieces() -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for entry in std::fs::read_dir("dictionaries/opencc").unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        out.extend(
            text.lines()
                .filter(|line| !line.starts_with('#'))
                .step_by(3)
                .flat_map(|line| line.split(['\t', ' ']).map(str::to_owned).collect::<Vec<_>>())
                .filter(|piece| !piece.is_empty()),
        );
    }
    out.sort_unstable();
    let awkward =
        "\n|\r\n| |。|，|！”|？|⿰|⿱一|⿲|⿾|\u{FE00}|\u{FA0C}|\u{F900}|𠀀|の|カ|a|?|B|·|你你你你你你你你|\0|A\nB";
    let awkward: Vec<&str> = awkward.split('|').collect();
    // As many awkward pieces as others.
    let count = out.len();
    out.extend((0..count).map(|n| awkward[n % awkward.len()].to_owned()));
    out.sort_unstable();
    out
}

/// A text of random pieces; every other one begins with the last character of the one before, so that keys overlap.
fn text_of(pieces: &[String], random: &mut Random, count: usize, skip: &[char]) -> String {
    let mut out = String::new();
    for n in 0..count {
        let piece = random.pick(pieces);
        let last = out.chars().next_back().filter(|_| n % 2 == 0);
        let found = last.and_then(|last| {
            let from = pieces.partition_point(|piece| !piece.starts_with(last) && *piece < last.to_string());
            let known = pieces.get(from..)?.iter().take_while(|piece| piece.starts_with(last)).count();
            pieces.get(from + random.below(known.max(1)))?.strip_prefix(last)
        });
        out.extend(found.unwrap_or(piece).chars().filter(|c| !skip.contains(c)));
    }
    out
}

#[test]
fn random_texts_in_random_pieces_write_the_same() {
    let pieces = pieces();
    let mut random = Random(7);
    for (route, converter) in exact().into_iter().chain(native()) {
        for round in 0..100 {
            // Now and then very long, without a line feed or without a separator.
            let count = if round % 20 == 0 { 4000 } else { 60 };
            let skip: &[char] = match round % 3 {
                0 => &['\n', ' ', '。', '，', '！', '？', '?', '!'],
                1 => &['⿰', '⿱', '⿲', '⿾'],
                _ => &[],
            };
            let text = text_of(&pieces, &mut random, count, skip);
            let whole = converter.convert(&text);
            let mut stream = converter.stream(Vec::new());
            let mut rest = text.as_bytes();
            while !rest.is_empty() {
                let most = if round % 2 == 0 { 9 } else { 6000 };
                let (head, tail) = rest.split_at(rest.len().min(1 + random.below(most)));
                stream.write_all(head).unwrap();
                rest = tail;
            }
            let out = String::from_utf8(stream.finish().unwrap()).unwrap();
            assert!(out == whole, "{route}: round {round}: {text:?}\n{out:?}\n{whole:?}");
        }
    }
}

#[test]
fn chunks_convert_as_the_whole() {
    let pieces = pieces();
    let mut random = Random(11);
    let text: String = std::iter::repeat_with(|| random.pick(&pieces).as_str()).take(600_000).collect();
    assert!(text.len() > 3 << 20, "{}", text.len());
    let sparse: String = text.chars().filter(|c| !('\u{2FF0}'..='\u{2FFF}').contains(c)).collect();
    let line: String = sparse.chars().filter(|&c| c != '\n').collect();
    let (cn, tw) = (Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    for converter in [
        Converter::new(cn, tw).unwrap(),
        Converter::opencc(OpenccConfig::S2twp).unwrap(),
        Converter::opencc(OpenccConfig::Tw2sp).unwrap(),
    ] {
        for text in [&text, &sparse, &line] {
            let chunks: Vec<&str> = converter.chunks(text).collect();
            assert!(chunks.concat() == *text);
            let parts: String = chunks.iter().map(|chunk| converter.convert(chunk)).collect();
            assert!(parts == converter.convert(text), "{converter:?}");
        }
        assert!(converter.chunks(&line).count() > 2, "{converter:?}");
    }
}

#[test]
fn latency_is_bounded() {
    // What is pushed and what comes back at once, on an exact and on a native route.
    let s2t = Converter::opencc(OpenccConfig::S2t).unwrap();
    let rows = [
        ("头", ""),
        ("发", ""),
        ("。", "頭髮。"),
        ("ab", "ab"),
        ("⿰虫", ""),
        ("风\n", "⿰虫风\n"),
        ("汉", ""),
        ("\n", "漢\n"),
    ];
    let mut stream = s2t.incremental();
    for (text, out) in rows {
        let held = stream.clone().finish().to_owned();
        let got = stream.push(text);
        assert!(got == out || got.starts_with(&held), "{text}: {got}");
    }
    let tw = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    for converter in [&s2t, &tw] {
        for text in ["发".repeat(20_000), "a".repeat(20_000), "⿰".repeat(20_000), "⿰发".repeat(20_000)] {
            let mut stream = converter.incremental();
            let (mut read, mut written) = (0, 0);
            for c in text.chars() {
                read += c.len_utf8();
                written += stream.push(c.encode_utf8(&mut [0; 4])).len();
                assert!(read - written <= 4096 + 4, "{converter:?} holds back {} bytes", read - written);
            }
        }
        let mut stream = converter.incremental();
        assert_eq!(stream.push("头发\n出"), "頭髮\n", "a line is written when it is complete");
    }
}

#[test]
fn invalid_bytes_are_handled_by_choice() {
    let rows: &[(&str, &[u8], &[u8], &str, Option<u64>, u64)] = &[
        ("valid", "头发".as_bytes(), "頭髮".as_bytes(), "頭髮", None, 0),
        ("alone", b"\xFF", b"\xFF", "\u{FFFD}", Some(0), 1),
        ("between", b"\xE5\xA4\xB4\xFF\xE5\x8F\x91", b"\xE9\xA0\xAD\xFF\xE7\x99\xBC", "頭\u{FFFD}發", Some(3), 1),
        ("cut off", b"a\xE5\xA4", b"a\xE5\xA4", "a\u{FFFD}", Some(1), 1),
        ("cut short", b"\xE5\xA4a", b"\xE5\xA4a", "\u{FFFD}a", Some(0), 1),
        ("two", b"\xC0\xAF!", b"\xC0\xAF!", "\u{FFFD}\u{FFFD}!", Some(0), 2),
        ("surrogate", b"\xED\xA0\x80", b"\xED\xA0\x80", "\u{FFFD}\u{FFFD}\u{FFFD}", Some(0), 3),
        ("four bytes", b"\xF0\x9F\x98x", b"\xF0\x9F\x98x", "\u{FFFD}x", Some(0), 1),
    ];
    let converters =
        [Converter::opencc(OpenccConfig::S2t).unwrap(), Converter::new(Locale::ZH_HANS, Locale::ZH_HANT).unwrap()];
    for converter in &converters {
        for &(name, bytes, passed, replaced, offset, count) in rows {
            for size in 1..=bytes.len() {
                let run = |policy| {
                    let mut stream = converter.stream(Vec::new()).invalid_utf8(policy);
                    let result = bytes.chunks(size).try_for_each(|piece| stream.write_all(piece));
                    let count = stream.invalid_sequences();
                    (result.and(stream.finish()), count)
                };
                let (out, counted) = run(InvalidUtf8::PassThrough);
                assert_eq!(out.unwrap(), passed, "{name} by {size}");
                // The end is only found by `finish`.
                assert!(counted == count || name == "cut off", "{name} by {size}");
                assert_eq!(run(InvalidUtf8::Replace).0.unwrap(), replaced.as_bytes(), "{name} by {size}");
                assert_eq!(replaced, converter.convert(&String::from_utf8_lossy(bytes)), "{name}");
                let failed = run(InvalidUtf8::Error).0.err().map(|error| error.downcast::<Error>().unwrap());
                assert_eq!(failed.and_then(|error| error.invalid_at()), offset, "{name} by {size}");
            }
        }
    }
}

#[test]
fn invalid_bytes_in_long_blocks_are_handled_alike() {
    let (before, behind) = ("头发里的发夹。\n".repeat(12), "干燥，後面𠮷還有。".repeat(9));
    let converters = [
        Converter::opencc(OpenccConfig::S2t).unwrap(),
        Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap(),
    ];
    for converter in &converters {
        for bad in [&b""[..], b"\xFF", b"\xE5\xA4", b"\x80\x80", b"\xF0\x9F\x98", b"\xC0\xAF"] {
            let bytes = [before.as_bytes(), bad, behind.as_bytes(), bad].concat();
            let passed = [&before, &behind].map(|text| converter.convert(text).into_owned().into_bytes());
            let passed = [&passed[0], bad, &passed[1], bad].concat();
            let replaced = converter.convert(&String::from_utf8_lossy(&bytes)).into_owned().into_bytes();
            let error = std::str::from_utf8(&bytes).err().map(|error| error.valid_up_to() as u64);
            for cut in 0..=bytes.len() {
                let run = |policy| {
                    let mut stream = converter.stream(Vec::new()).invalid_utf8(policy);
                    let (head, tail) = bytes.split_at(cut);
                    stream.write_all(head).and_then(|()| stream.write_all(tail)).and_then(|()| stream.finish())
                };
                if !bad.is_empty() {
                    assert_eq!(run(InvalidUtf8::PassThrough).unwrap(), passed, "{bad:?} cut at {cut}");
                }
                assert_eq!(run(InvalidUtf8::Replace).unwrap(), replaced, "{bad:?} cut at {cut}");
                let failed = run(InvalidUtf8::Error).err().map(|error| error.downcast::<Error>().unwrap());
                assert_eq!(failed.and_then(|error| error.invalid_at()), error, "{bad:?} cut at {cut}");
            }
        }
    }
}

#[test]
fn readers_give_what_streams_write() {
    for (route, converter) in exact().into_iter().chain(native()) {
        for (name, text) in corpus() {
            let mut out = String::new();
            converter.reader(text.as_bytes()).read_to_string(&mut out).unwrap();
            assert_eq!(out, converter.convert(&text), "{route}: {name}");
        }
    }
    let converter = Converter::opencc(OpenccConfig::S2t).unwrap();
    let mut reader = converter.reader(&b"\xE5\xA4\xB4\xFFa"[..]).invalid_utf8(InvalidUtf8::Error);
    let mut out = Vec::new();
    assert!(reader.read_to_end(&mut out).is_err());
    assert_eq!(out, "頭".as_bytes(), "what stands before the error is given");
    assert!(reader.read(&mut [0]).is_err());
}

#[test]
fn a_writer_that_fails_loses_nothing() {
    /// Takes three bytes at a time, and every other call fails.
    struct Balky(Vec<u8>, bool);
    impl Write for Balky {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.1 = !self.1;
            if self.1 {
                return Err(std::io::ErrorKind::WouldBlock.into());
            }
            let count = bytes.len().min(3);
            self.0.extend_from_slice(&bytes[..count]);
            Ok(count)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let converter = Converter::opencc(OpenccConfig::S2t).unwrap();
    let text = "头发。\n".repeat(30);
    let mut stream = converter.stream(Balky(Vec::new(), false));
    let mut rest = text.as_bytes();
    while !rest.is_empty() {
        if let Ok(count) = stream.write(&rest[..rest.len().min(10)]) {
            rest = &rest[count..];
        }
    }
    while stream.flush().is_err() {}
    assert_eq!(stream.get_ref().0, converter.convert(&text).as_bytes());
}

#[test]
fn evidence_starts_anew_in_every_mebibyte() {
    // A domain shown at the end of one chunk does not show in the next.
    let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    let text = "服务器与鼠标、数据库、操作系统，程序。\n".repeat(60_000);
    let cut = converter.chunk_end(&text).unwrap();
    let parts = converter.convert(&text[..cut]).into_owned() + &converter.convert(&text[cut..]);
    assert!(parts == converter.convert(&text));
}
