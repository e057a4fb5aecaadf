//! What the tests of edits and alignments share: all routes, the corpora, and mixed text from a seed.
#![allow(dead_code, clippy::unwrap_used, reason = "each test uses its part; tests may panic")]

use fanjian::{Converter, Domain, Locale, OpenccConfig, Terms};

/// Every route with a name: OpenCC's, with and without tofu; every pair of locales; choices of terms; a chain.
pub fn routes() -> Vec<(String, Converter)> {
    let mut out = Vec::new();
    for &config in OpenccConfig::ALL {
        out.push((config.to_string(), Converter::opencc(config).unwrap()));
        out.push((format!("{config} with tofu"), Converter::opencc_with_tofu(config).unwrap()));
    }
    for &from in Locale::ALL {
        for &to in Locale::ALL {
            if !matches!(from.tag(), "zh-Hans-SG" | "zh-Hans-MY" | "zh-Hant-MO")
                && !matches!(to.tag(), "zh-Hans-SG" | "zh-Hans-MY" | "zh-Hant-MO")
            {
                out.push((format!("{from} to {to}"), Converter::new(from, to).unwrap()));
            }
        }
    }
    let (cn, tw, hk) = (Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, Locale::ZH_HANT_HK);
    for (from, to) in [(cn, tw), (tw, cn), (cn, hk), (hk, cn), (tw, hk), (hk, tw)] {
        for terms in [Terms::None, Terms::Safe, Terms::Broad, Terms::Domains(vec![Domain::COMPUTING])] {
            let name = format!("{from} to {to} with {terms:?}");
            out.push((name, Converter::with_terms(from, to, &terms).unwrap()));
        }
    }
    for (name, json) in CHAINS {
        out.push(((*name).to_owned(), Converter::from_opencc_json_str(json, ".").unwrap()));
    }
    out
}

const CHAINS: &[(&str, &str)] = &[
    (
        "a chain of two stages whose keys overlap",
        r#"{ "conversion_chain": [
            { "dict": { "type": "inline", "entries": { "服务": "服務", "器": "機", "后": "後", "a": "啊" } } },
            { "dict": { "type": "inline", "entries": { "務機": "伺", "後来居": "后", "啊": "bc" } } }
        ] }"#,
    ),
    (
        "a chain with segmentation and normalisation",
        r#"{
            "normalization": [{ "dict": { "type": "inline", "entries": { "\uF900": "豈", "𠀋": "丈" } } }],
            "segmentation": { "type": "mmseg", "dict": { "type": "inline", "entries": { "服务器": "服", "软件": "x" } } },
            "conversion_chain": [
                { "dict": { "type": "inline", "entries": { "服": "𠀋", "软": "軟", "的": "底下" } } },
                { "dict": { "type": "inline", "entries": { "軟件": "軟體", "豈": "岂" } } }
            ]
        }"#,
    ),
];

/// The corpora, by name.
pub fn corpora() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/corpora");
    let mut out: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect();
    out.sort();
    assert!(!out.is_empty());
    out
}

/// Numbers from a seed (xorshift).
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % n.max(1)
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// Pieces that make engines leave their beaten track.
#[rustfmt::skip]
const ODD: &[&str] = &[
    "\n", "\n\n", "\r\n", " ", "abc", "a", "é", "ß", "😀", "👨‍👩‍👧", "𠮷", "𠀋", "𫝈", "㑮", "𨦫", "豈",
    "\u{F900}", "\u{F901}", "\u{F902}", "\u{F951}", "\u{2F800}", "岂\u{F900}有此理", "车\u{F902}", "⿰虫风", "⿰\u{F902}", "⿱⿰\u{F900}风", "葛\u{FE00}", "辻\u{E0100}", "ひらがな", "カ",
    "これは発売された。", "着", "著", "裏", "里面", "后", "皇后", "头发", "理发", "只", "一只", "干",
    "干净", "服务器", "软件", "软件程序内存", "打印文件", "内存", "內存", "軟體", "伺服器", "滑鼠和程式",
    "鼠标", "網絡", "网络", "互聯網", "數據庫", "数据库服务器的内存和程序", "英伟达", "輝達", "，", "。",
    "「", "」", "“", "嘅咗", "喺呢度", "計算機",
];

/// Mixed text of so many pieces: odd ones, stretches of the corpora, single characters.
pub fn text(random: &mut Random, corpora: &[(String, String)], pieces: usize) -> String {
    let mut out = String::new();
    for _ in 0..pieces {
        if random.below(3) > 0 {
            out.push_str(random.pick::<&str>(ODD));
            continue;
        }
        let (_, corpus) = random.pick(corpora);
        let mut from = random.below(corpus.len());
        let mut to = (from + random.below(40)).min(corpus.len());
        while !corpus.is_char_boundary(from) {
            from -= 1;
        }
        while !corpus.is_char_boundary(to) {
            to += 1;
        }
        out.push_str(&corpus[from..to]);
    }
    out
}
