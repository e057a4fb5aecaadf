//! A protected text that arrives in pieces becomes what it becomes as a whole, and little of it is held back.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod mixed;

use std::io::{Read, Write};

use fanjian::protect::{Kind, Protection};
use fanjian::{Converter, Locale, OpenccConfig, Terms};

use mixed::Random;

const KINDS: [Kind; 4] = [Kind::Html, Kind::Urls, Kind::Paths, Kind::Placeholders];

fn routes() -> Vec<(&'static str, Converter)> {
    let (cn, tw) = (Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    let own =
        |builder: fanjian::ConverterBuilder| builder.entry("头\n发", "一行").entry("00后", "九零後").build().unwrap();
    vec![
        ("native", Converter::new(cn, tw).unwrap()),
        ("back", Converter::new(tw, cn).unwrap()),
        ("broad", Converter::with_terms(cn, tw, &Terms::Broad).unwrap()),
        ("own words", own(Converter::builder(cn, tw))),
        ("s2twp", Converter::opencc(OpenccConfig::S2twp).unwrap()),
        ("tw2s", Converter::opencc(OpenccConfig::Tw2s).unwrap()),
        ("own words over s2t", own(Converter::opencc_builder(OpenccConfig::S2t))),
    ]
}

/// Texts, with the end of each kind of construct on another line.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "\n", "\n", "\n", "\n\n", "\r\n", " ", "头", "发", "头发", "干", "里面", "的服务器", "内存", "数据库和程序", "文件。", "鼠标，", "后",
    "<p>", "</p>", "<b>", "</b>", "<div>", "</div>", "<div lang=en>", "<p translate=\"no\">", "<span translate=yes>", "</span>",
    "<code>", "</code>", "<pre>", "</pre>", "<script>", "</script>", "<ul>", "<li>", "</ul>", "<br>", "<table><tr><td>", "</table>",
    "<!--", "-->", "<?x", "?>", "<![CDATA[", "]]>", "<!DOCTYPE html>", "<a title=\"头发\n内存\">", "<a title='", "'>", "<a ", "</a>", "<", ">",
    "&amp;", "&", "&lt", ";", "https://例子.com/头发", "www.a.com", "mailto:", "a@b.com", "/usr/头发", "C:\\头发", "./发",
    "%d", "%s", "%(", "只", "00后", "{", "}", "{0}", "{名}", "{头发，", "{{ 名", "}}", "{% if", "%}", "${", "#{名}", "<0>", "</0>", "<1/>",
    "{n, plural, one {", "other {#", "}", "{x, select, a {头发\n} other {}}", "'", "⿰", "⿰虫风", "カナかな", "葛\u{FE00}", "😀",
];

/// Constructs that are whole, so that there is something to cut.
#[rustfmt::skip]
const WHOLE: &[&str] = &[
    "\n", "头发\n", "服务器的内存。\n", "发", "<p>", "</p>\n", "<div class=a>\n", "</div>\n", "<li>发\n", "<b>头\n</b>发", "头<!-- 头\n -->发",
    "<pre>发\n发</pre>\n", "<span translate=no>头\n</span>", "<script>\n<p>\n</script>", "<img alt='头\n发'>", "见 https://例.com/发\n", "/usr/发\n",
    "%d只\n", "{名}", "{{ 名\n}}", "${名}\n", "{n, plural, one {#只\n} other {发\n}}\n", "<0>头\n</0>发", "a < b\n", "{头发\n", "&amp;发\n", "文件\n\n",
];

fn document(random: &mut Random, pieces: usize) -> String {
    let odd = *random.pick(&[1, 10, 40]);
    (0..pieces * if odd > 1 { 4 } else { 1 })
        .map(|_| if random.below(odd) == 0 { *random.pick(PIECES) } else { *random.pick(WHOLE) })
        .collect()
}

fn protection(random: &mut Random) -> Protection {
    // HTML alone more often than not: it has most to go wrong.
    let kinds = KINDS.into_iter().filter(|&kind| random.below(if kind == Kind::Html { 4 } else { 2 }) > 0);
    kinds.collect()
}

fn in_parts(converter: &Converter, keep: &Protection, text: &str, ends: &[usize]) -> String {
    let mut stream = converter.incremental().protect(keep).unwrap();
    let (mut out, mut at) = (String::new(), 0);
    for &end in ends {
        out += stream.push(&text[at..end]);
        at = end;
    }
    out += stream.push(&text[at..]);
    out += stream.finish();
    out
}

#[test]
fn every_cut_in_two_writes_the_same() {
    let html = "<!DOCTYPE html>\n<html lang=\"en\">\n<body>\n<div class=a>\n<p title=\"头\n发\">头<b>\n发</b>服务器的内存\n<p>理<!-- 头\n发 -->发\n<pre>头发\n\
        发</pre>\n<div translate=no>\n头发<p translate=yes>头发\n</p>\n</div>里面\n</div>\n<script>\n头发\n</script>文件&amp;头发\n</body>\n</html>\n";
    let messages = "{n, plural, one {#只\n鼠标} other {#只鼠标}}\n还剩 %d 个 %s 文件\n见 https://例子.com/头发 和\n/usr/头发/发\n<0>头\n发</0>里面\n{{ 名\n字 }}后 %d%d后\n";
    for (name, converter) in routes() {
        for text in [html, messages] {
            for keep in [KINDS.into_iter().collect::<Protection>(), Protection::new().with(Kind::Html)] {
                let whole = converter.convert_protected(text, &keep);
                for (at, _) in text.char_indices() {
                    assert_eq!(in_parts(&converter, &keep, text, &[at]), whole, "{name}, cut at {at}: {keep:?}");
                }
            }
        }
    }
}

#[test]
fn any_cuts_of_any_text_write_the_same() {
    let mut random = Random(0xC07);
    let routes = routes();
    let (mut early, mut all) = (0, 0);
    for n in 0..3000 {
        let text = document(&mut random, n % 60);
        let keep = protection(&mut random);
        let (name, converter) = random.pick(&routes);
        let whole = converter.convert_protected(&text, &keep);
        let ends: Vec<usize> = match n % 3 {
            0 => text.char_indices().map(|(at, _)| at).collect(),
            1 => text.match_indices('\n').map(|(at, _)| at + 1).collect(),
            _ => text.char_indices().map(|(at, _)| at).filter(|_| random.below(8) == 0).collect(),
        };
        assert_eq!(in_parts(converter, &keep, &text, &ends), whole, "{name} with {keep:?}: {text:?}, cut at {ends:?}");
        let mut stream = converter.incremental().protect(&keep).unwrap();
        early += stream.push(&text).len();
        all += whole.len();
    }
    assert!(early > all / 3, "most waits for the end: {early} of {all}");
}

#[test]
fn little_is_held_back() {
    let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    let keep: Protection = KINDS.into_iter().collect();
    let page =
        "<div>\n<p title=\"头发\">头<b>发</b>里的{名}，见 https://例子.com/发\n</p>\n<pre>\n头发\n</pre>\n</div>\n";
    let mut stream = converter.incremental().protect(&keep).unwrap();
    let (mut read, mut written, mut held) = (0, 0, 0);
    stream.push("<html>\n<body>\n");
    for _ in 0..2000 {
        for piece in page.split_inclusive('>') {
            read += piece.len();
            written += stream.push(piece).len();
            held = held.max(read - written.min(read));
        }
    }
    assert!(held < 1000, "{held}");
}

#[test]
fn writers_and_readers_protect_too() {
    let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap();
    let keep = Protection::new().with(Kind::Html);
    let text = "<pre>头发\n</pre>\n头<b>发</b>\n".repeat(10_000);
    let whole = converter.convert_protected(&text, &keep);
    let mut writer = converter.stream(Vec::new()).protect(&keep).unwrap();
    writer.write_all(text.as_bytes()).unwrap();
    assert!(writer.get_ref().len() > text.len() / 2);
    assert!(writer.finish().unwrap() == whole.as_bytes());
    let mut read = String::new();
    converter.reader(text.as_bytes()).protect(&keep).unwrap().read_to_string(&mut read).unwrap();
    assert!(read == whole);
    // What is not UTF-8 ends the text, and with it what is open.
    let mut writer = converter.stream(Vec::new()).protect(&keep).unwrap();
    writer.write_all("<div translate=no>\n<p translate=yes>\n头发\n".as_bytes()).unwrap();
    writer.write_all(b"\xFF").unwrap();
    writer.write_all("</p>头发\n".as_bytes()).unwrap();
    let expected =
        ["<div translate=no>\n<p translate=yes>\n頭髮\n".as_bytes(), b"\xFF", "</p>頭髮\n".as_bytes()].concat();
    assert_eq!(writer.finish().unwrap(), expected);
}

#[test]
fn kinds_that_need_the_whole_say_so() {
    let converter = Converter::opencc(OpenccConfig::S2t).unwrap();
    for kind in [Kind::Markdown, Kind::Latex, Kind::Wiki] {
        let error = converter.incremental().protect(&Protection::new().with(kind)).unwrap_err();
        assert!(error.to_string().contains(kind.name()) && error.to_string().contains("convert_protected"), "{error}");
    }
}
