//! What the punctuation switch promises: quotes there and back, apostrophes, widths, ranges that stay.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]
#![allow(clippy::all, reason = "rows of literal ranges read best as they are")]

use std::borrow::Cow;

use fanjian::{Locale, Nesting, Punctuation, Titles, Width};

const CN: Locale = Locale::ZH_HANS_CN;
const TW: Locale = Locale::ZH_HANT_TW;

/// Name, curly, corner: each is the other's conversion.
const PAIRS: &[(&str, &str, &str)] = &[
    ("outer", "他说：“好。”", "他说：「好。」"),
    ("nested", "“他说‘好’。”", "「他说『好』。」"),
    ("three deep", "“甲‘乙“丙”乙’甲”", "「甲『乙「丙」乙』甲」"),
    ("inner level first, as some headlines", "所谓‘常识’", "所谓『常识』"),
    ("closing side by side", "“他说‘好’”", "「他说『好』」"),
    ("don’t", "“他写了don’t这个词”", "「他写了don’t这个词」"),
    ("apostrophe inside an inner quote", "他说‘我don’t care啦’。", "他说『我don’t care啦』。"),
    ("rock’n’roll", "“听rock’n’roll”", "「听rock’n’roll」"),
    ("decade", "我爱’90s的歌", "我爱’90s的歌"),
    ("decade inside an inner quote", "题为‘回到’90s’的歌", "題為『回到’90s』的歌"),
    ("plural inside an inner quote", "书名‘the students’ books’在此", "书名『the students’ books』在此"),
    ("two inner quotes with latin", "‘apple’ and ‘pear’是水果", "『apple』 and 『pear』是水果"),
    ("possessive of a Chinese name", "小明’s book", "小明’s book"),
    ("inches", "一台15”屏幕", "一台15”屏幕"),
    ("a digit before a real close", "“第15”", "「第15」"),
    ("paragraphs that open again", "“第一段。\n“第二段。”", "「第一段。\n「第二段。」"),
    ("inner quote over two lines", "“甲‘乙\n丙’丁”", "「甲『乙\n丙』丁」"),
    ("both close on a later line", "“甲‘乙\n丙。’”", "「甲『乙\n丙。』」"),
    ("digit closes on a later line", "“甲\n第3”", "「甲\n第3」"),
    ("book titles stay", "《“红”与黑》", "《「红」与黑》"),
    ("quotes around latin in chinese", "单词“hello”", "单词「hello」"),
    ("a line of english stays", "中“文”\nHe said “yes”.\n中‘文’", "中「文」\nHe said “yes”.\n中『文』"),
    ("empty", "", ""),
    ("empty quotes", "空“”‘’", "空「」『』"),
];

#[test]
fn quotes_there_and_back() {
    let (there, back) = (Punctuation::new(CN, TW), Punctuation::new(TW, CN));
    for &(name, curly, corner) in PAIRS {
        let corner = corner.replace("題為", "题为");
        assert_eq!(there.convert(curly), corner, "{name}: there");
        assert_eq!(back.convert(&corner), curly, "{name}: back");
        for again in [Punctuation::new(TW, TW).convert(&corner), there.convert(&corner)] {
            assert_eq!(again, corner, "{name}: twice");
        }
    }
}

#[test]
fn quotes_by_depth() {
    let rows: &[(&str, &str, &str)] = &[
        ("same level inside", "“他说“好”。”", "「他说『好』。」"),
        ("inner level outside", "‘甲“乙”’", "「甲『乙』」"),
        ("target's quotes inside", "“甲「乙」”", "「甲『乙』」"),
        ("counted anew in each line", "“甲\n“乙”", "「甲\n「乙」"),
        ("more closes than opens", "甲”’", "甲」』"),
    ];
    for &(name, text, expected) in rows {
        assert_eq!(Punctuation::new(CN, TW).nesting(Nesting::ByDepth).convert(text), expected, "{name}");
    }
}

#[test]
fn straight_quotes() {
    let rows: &[(&str, &str, &str)] = &[
        ("outer", "他说\"好\"。", "他说「好」。"),
        ("inner with an apostrophe", "他说'don't'。", "他说『don't』。"),
        ("nested", "\"他说'好'\"", "「他说『好』」"),
        ("inches", "15\"屏幕", "15\"屏幕"),
        ("one alone", "一个\"引号", "一个\"引号"),
        ("not over lines", "甲\"\n乙\"", "甲\"\n乙\""),
        ("a line of code", "let x = \"a\";", "let x = \"a\";"),
        ("plural", "书'the students' books'好", "书『the students' books』好"),
    ];
    for &(name, text, expected) in rows {
        assert_eq!(Punctuation::new(CN, TW).straight(true).convert(text), expected, "{name}");
        assert!(matches!(Punctuation::new(CN, TW).convert(text), Cow::Borrowed(_)), "{name}: off by default");
    }
}

#[test]
fn titles_there_and_back() {
    let (angle, wavy) = (Punctuation::new(TW, TW).titles(Titles::Angle), Punctuation::new(TW, TW).titles(Titles::Wavy));
    // Name, wavy, angle: each is the other's conversion.
    let pairs: &[(&str, &str, &str)] = &[
        ("one title", "他讀過﹏水滸傳﹏嗎？", "他讀過《水滸傳》嗎？"),
        ("side by side", "﹏論語﹏﹏孟子﹏", "《論語》《孟子》"),
        ("a list over two lines", "﹏詩經﹏、﹏楚辭﹏\n﹏老子﹏", "《詩經》、《楚辭》\n《老子》"),
        ("a mark that belongs to the title", "﹏起來吧！﹏", "《起來吧！》"),
        ("a number at the end", "﹏地理30﹏", "《地理30》"),
        ("one character", "﹏家﹏", "《家》"),
        ("empty", "", ""),
    ];
    for &(name, there, back) in pairs {
        assert_eq!(angle.convert(there), back, "{name}: to angle");
        assert_eq!(wavy.convert(back), there, "{name}: to wavy");
        assert_eq!((angle.convert(back), wavy.convert(there)), (back.into(), there.into()), "{name}: twice");
    }
    let stay: &[(&str, &str)] = &[
        ("faces", "好累>﹏<今天>﹏<"),
        ("faces of letters", "T﹏T 走不動了 T﹏T"),
        ("a rule", "第一章\n﹏﹏﹏﹏﹏﹏﹏﹏\n第二章"),
        ("a rule in the line", "完﹏﹏﹏﹏"),
        ("open at the end of the line", "讀﹏水滸傳\n讀﹏完"),
        ("a latin title", "《Hamlet》和《1984》"),
        ("a title inside a title", "《論《紅樓夢》》"),
        ("both forms in one line, which the way back would mix up", "﹏寫在《史記》前"),
    ];
    for &(name, text) in stay {
        assert_eq!(wavy.convert(text), text, "{name}: to wavy");
    }
    for &(name, text) in stay.iter().filter(|(_, text)| !text.contains('《')) {
        assert_eq!(angle.convert(text), text, "{name}: to angle");
    }
    assert!(matches!(Punctuation::new(CN, TW).convert("﹏水滸傳﹏《史記》"), Cow::Borrowed(_)), "by default they stay");
    let code = 0.."﹏水滸傳﹏".len();
    assert_eq!(angle.convert_except("﹏水滸傳﹏﹏史記﹏", &[code]), "﹏水滸傳﹏《史記》", "ranges stay");
}

#[test]
fn widths() {
    let full = Punctuation::new(CN, CN).width(Width::Full);
    let half = Punctuation::new(CN, CN).width(Width::Half);
    let rows: &[(&str, Punctuation, &str, &str)] = &[
        ("sentence", full, "你好,世界.再见!", "你好，世界。再见！"),
        ("blanks after marks", full, "你好, 世界. 再见", "你好，世界。再见"),
        ("numbers", full, "圆周率3.14,约3,000次,在12:30", "圆周率3.14，约3,000次，在12:30"),
        ("latin before chinese", full, "用Rust,然后", "用Rust，然后"),
        ("english sentence", full, "Hello, world. 你好", "Hello, world. 你好"),
        ("file name", full, "打开文件a.txt", "打开文件a.txt"),
        ("full stop before latin", full, "网址是百度.com", "网址是百度.com"),
        ("dots", full, "等等...好", "等等...好"),
        ("url", full, "见http://a.cn/?x=1", "见http://a.cn/?x=1"),
        ("brackets agree", full, "价格(USD)和f(x)", "价格（USD）和f(x)"),
        ("after a quote", full, "“好”,他说", "“好”，他说"),
        ("line end", full, "好.\n", "好。\n"),
        ("half", half, "好，的。！？；：（x）", "好,的.!?;:(x)"),
        ("half keeps the rest", half, "《书》、〈文〉　", "《书》、〈文〉　"),
        ("letters to half", Punctuation::new(CN, CN).alphanumerics(Width::Half), "Ａ１ｚ，", "A1z，"),
        ("letters to full", Punctuation::new(CN, CN).alphanumerics(Width::Full), "A1z,", "Ａ１ｚ,"),
    ];
    for (name, punctuation, text, expected) in rows {
        assert_eq!(punctuation.convert(text), *expected, "{name}");
    }
}

#[test]
fn ranges_stay() {
    let all = Punctuation::new(CN, TW).straight(true).width(Width::Full).alphanumerics(Width::Full);
    let text = "“a”,‘乙’,好\n“c”,丁";
    let cases =
        [vec![], vec![0..3], vec![4..5, 0..1], vec![7..20], vec![3..9, 5..14], vec![0..text.len()], vec![2..999]];
    for ranges in cases {
        let out = all.convert_except(text, &ranges);
        for range in &ranges {
            let held: String = text
                .char_indices()
                .filter(|&(at, c)| at < range.end && at + c.len_utf8() > range.start)
                .map(|(_, c)| c)
                .collect();
            assert!(out.contains(&held), "{ranges:?}: `{held}` in `{out}`");
        }
    }
    assert_eq!(
        Punctuation::new(CN, TW).convert_except("“甲`‘`乙”", &[6..11]),
        "「甲`‘`乙」",
        "quotes inside do not count"
    );
}

/// A small generator of our own: the same texts on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

const PIECES: &[&str] = &[
    "汉",
    "字",
    "，",
    "。",
    "！",
    "《书》",
    "don’t",
    " it’s ",
    "rock’n’roll",
    "3.14",
    "Rust",
    " ",
    "’90s的",
    "：",
    "……",
    "𠮷",
    "（注）",
];

fn write(random: &mut Random, depth: usize, marks: [&str; 4], out: &mut String) {
    for _ in 0..random.below(5) {
        if depth < 5 && random.below(3) == 0 {
            let (opens, closes) = if depth % 2 == 0 { (marks[0], marks[1]) } else { (marks[2], marks[3]) };
            out.push_str(opens);
            out.push_str("语");
            write(random, depth + 1, marks, out);
            out.push_str("文");
            out.push_str(closes);
            out.push_str("了");
        } else {
            out.push_str(random.pick(PIECES));
        }
    }
}

#[test]
fn nested_texts_come_back() {
    let mut random = Random(7);
    for nesting in [Nesting::AsWritten, Nesting::ByDepth] {
        let there = Punctuation::new(CN, TW).nesting(nesting);
        let back = Punctuation::new(TW, CN).nesting(nesting);
        for _ in 0..10_000 {
            let seed = random.0;
            let (mut curly, mut corner) = (String::from("文"), String::from("文"));
            write(&mut random, 0, ["“", "”", "‘", "’"], &mut curly);
            write(&mut Random(seed), 0, ["「", "」", "『", "』"], &mut corner);
            assert_eq!(there.convert(&curly), corner);
            assert_eq!(back.convert(&corner), curly);
        }
    }
}

#[test]
fn any_text_is_safe() {
    let bits = [
        "“", "”", "‘", "’", "「", "」", "『", "』", "\"", "'", "a", "1", "s", " ", "\n", "汉", "，", ",", ".", "(",
        ")", "）", "𠮷", "é",
    ];
    let mut random = Random(11);
    for round in 0..20_000 {
        let text: String = (0..random.below(14)).map(|_| random.pick(&bits)).collect();
        let mut all = Punctuation::new(if round % 2 == 0 { CN } else { TW }, if round % 3 == 0 { CN } else { TW });
        if round % 5 == 0 {
            all = all.straight(true).width(Width::Full).nesting(Nesting::ByDepth);
        }
        let ranges = [random.below(20)..random.below(20)];
        let out = all.convert_except(&text, &ranges);
        if round % 5 != 0 {
            assert_eq!(out.chars().count(), text.chars().count(), "{text}");
        }
        assert_eq!(all.quotes(false).width(Width::Keep).convert(&text), text);
    }
}
