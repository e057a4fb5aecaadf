//! Protected regions never change, and what lies between them is converted as if they were not there.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests may panic")]

mod mixed;

use std::borrow::Cow;
use std::time::{Duration, Instant};

use fanjian::protect::{Kind, Protection, Region, Seam};
use fanjian::{Converter, Locale, OpenccConfig, Punctuation, Width};

use mixed::{Random, corpora};

fn tw() -> Converter {
    Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW).unwrap()
}

fn only(kind: Kind) -> Protection {
    Protection::new().with(kind)
}

fn all() -> Protection {
    Kind::ALL.iter().copied().collect()
}

/// The bytes of each region.
fn bytes<'t>(text: &'t str, regions: &[Region]) -> Vec<&'t str> {
    regions.iter().map(|region| &text[region.range()]).collect()
}

/// Why, a text, and what becomes of it.
type Row = (&'static str, &'static str, &'static str);

#[track_caller]
fn check_rows(protection: &Protection, rows: &[Row]) {
    let converter = tw();
    let mut wrong = String::new();
    for (why, text, expected) in rows {
        let found = converter.convert_protected(text, protection);
        if found != *expected {
            wrong += &format!("{why}\n  of        {text}\n  expected  {expected}\n  found     {found}\n");
        }
        assert_eq!(converter.convert_protected_aligned(text, protection).restore(), **text, "{why}");
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
#[rustfmt::skip]
fn html() {
    check_rows(&only(Kind::Html), &[
        ("inline tags are looked through", "头<b>发</b>很长", "頭<b>髮</b>很長"),
        ("and guard words see across them", "引<i>发</i>了", "引<i>發</i>了"),
        ("several tags at one place", "头<i><b></i>发</b>", "頭<i><b></i>髮</b>"),
        ("paragraphs are not", "<p>头</p><p>发现</p>", "<p>頭</p><p>發現</p>"),
        ("nor is the end of a line", "理<br>发现", "理<br>發現"),
        ("a comment is looked through", "头<!-- 发 -->发", "頭<!-- 发 -->髮"),
        ("attributes that are no text stay", r#"<a href="/头发" data-x='发'>头发</a>"#, r#"<a href="/头发" data-x='发'>頭髮</a>"#),
        ("attributes that are text", r#"<img alt="头发" src=发.png title='内存'>"#, r#"<img alt="頭髮" src=发.png title='記憶體'>"#),
        ("a word around an attribute", r#"头<a title="理发">发</a>"#, r#"頭<a title="理髮">髮</a>"#),
        ("character references in an attribute", r#"<b title="头&quot;发&quot;">发</b>"#, r#"<b title="頭&quot;發&quot;">發</b>"#),
        ("the description of a page", r#"<meta name="description" content="头发"><meta name="x" content="头发">"#, r#"<meta name="description" content="頭髮"><meta name="x" content="头发">"#),
        ("the label of a button", r#"<input type="submit" value="发送"><input value="发送">"#, r#"<input type="submit" value="傳送"><input value="发送">"#),
        ("code stays", "<code>头发</code><pre>头<b>发</b></pre>头发", "<code>头发</code><pre>头<b>发</b></pre>頭髮"),
        ("nested elements of one name", "<pre><pre>发</pre>发</pre>发", "<pre><pre>发</pre>发</pre>發"),
        ("scripts hold anything", "<script>if (a<b) '</p>头发'</script>头发", "<script>if (a<b) '</p>头发'</script>頭髮"),
        ("a script that is never closed is none", "<script>头发", "<script>頭髮"),
        ("translate=no", r#"<p translate="no">头<b>发</b></p>头发"#, r#"<p translate="no">头<b>发</b></p>頭髮"#),
        ("translate=yes inside it", r#"<div translate=no>发<p translate=yes>发</p>发</div>"#, r#"<div translate=no>发<p translate=yes>發</p>发</div>"#),
        ("notranslate", r#"<span class="x notranslate">发</span>发"#, r#"<span class="x notranslate">发</span>發"#),
        ("resources of Android", r#"<string name="a" translatable="false">发</string><string name="b">发</string>"#, r#"<string name="a" translatable="false">发</string><string name="b">發</string>"#),
        ("another language", r#"<p lang="ja">発图</p><p lang="zh-CN">图</p>"#, r#"<p lang="ja">発图</p><p lang="zh-CN">圖</p>"#),
        ("Chinese inside another language", r#"<p lang=ja>图<q lang=zh>图</q></p>"#, r#"<p lang=ja>图<q lang=zh>圖</q></p>"#),
        ("a page whose template says English", r#"<html lang="en"><body>头发</body></html>"#, r#"<html lang="en"><body>頭髮</body></html>"#),
        ("an end tag that may be left out", "<ul><li translate=no>发<li>发</ul>", "<ul><li translate=no>发<li>發</ul>"),
        ("a paragraph ends where a block starts", "<p translate=no>发<div>发</div>", "<p translate=no>发<div>發</div>"),
        ("an open element ends with its parent", "<p><code>发</p><p>发</p>", "<p><code>发</p><p>發</p>"),
        ("ruby", "<ruby>头<rp>(</rp><rt>tóu</rt>发<rt>发</rt></ruby>", "<ruby>頭<rp>(</rp><rt>tóu</rt>髮<rt>发</rt></ruby>"),
        ("CDATA, declarations, instructions", "<?xml 发?><!DOCTYPE 发 [<!ENTITY a '发>'>]><a><![CDATA[发]]>发</a>", "<?xml 发?><!DOCTYPE 发 [<!ENTITY a '发>'>]><a><![CDATA[发]]>發</a>"),
        ("quotes hide the end of a tag", r#"<a x="发>发">发</a>"#, r#"<a x="发>发">發</a>"#),
        ("a sign is no tag", "1<2，发<发>发 a < b", "1<2，發<發>發 a < b"),
        ("what is not closed is text", "<b title='发", "<b title='發"),
        ("an open comment is text", "<!-- 发", "<!-- 發"),
        ("character references come between", "头&nbsp;发 头&shy;发", "頭&nbsp;發 頭&shy;髮"),
        ("a bare & is text", "头&发;", "頭&發;"),
        ("a word of another length moves to the start tag", "用英<b>伟</b>达的", "用<b>輝達</b>的"),
        ("a part of it too", "<b>英伟</b>达<i>内</i>存", "<b>輝達</b><i>記憶體</i>"),
        ("a void element moves to the end", "英<wbr>伟达", "輝達<wbr>"),
        ("as many characters keep their places", "鼠<b>标</b>", "滑<b>鼠</b>"),
    ]);
}

#[test]
#[rustfmt::skip]
fn markdown() {
    check_rows(&only(Kind::Markdown), &[
        ("emphasis is looked through", "头**发**很长，_引_发了，~~理~~发", "頭**髮**很長，_引_發了，~~理~~髮"),
        ("marks without a partner are text", "头*发，头**发", "頭*發，頭**發"),
        ("an underscore in a word is none", "头_发_很", "頭_發_很"),
        ("code spans", "`头发` ``头`发`` 头发", "`头发` ``头`发`` 頭髮"),
        ("a backtick without a partner", "`头发 ``头发", "`頭髮 ``頭髮"),
        ("an escaped backtick opens none", "\\`头发`", "\\`頭髮`"),
        ("code spans end with their paragraph", "`头发\n\n头发`", "`頭髮\n\n頭髮`"),
        ("fences", "头发\n```py\n头发\n```\n头发\n~~~\n头发\n```\n~~~\n发", "頭髮\n```py\n头发\n```\n頭髮\n~~~\n头发\n```\n~~~\n發"),
        ("a fence in a list and a quote", "- 头发\n  ```\n  头发\n  ```\n> ```\n> 发\n> ```\n> 发", "- 頭髮\n  ```\n  头发\n  ```\n> ```\n> 发\n> ```\n> 發"),
        ("a fence that is not closed", "```\n头发", "```\n头发"),
        ("indented code", "头发\n\n    头发\n\n    头发\n头发", "頭髮\n\n    头发\n\n    头发\n頭髮"),
        ("indented code that looks like a list, or a quote of it", "    - 头发\n\n发\n>     发", "    - 头发\n\n發\n>     发"),
        ("a fence that its item or quote ends", "- ```\n  发\n发\n\n> ~~~\n> 发\n发", "- ```\n  发\n發\n\n> ~~~\n> 发\n發"),
        ("code behind a heading", "# 发\n    发", "# 發\n    发"),
        ("code spans end with their item", "- `发\n- 发`", "- `發\n- 發`"),
        ("an indented paragraph of a list", "- 头发\n\n    头发", "- 頭髮\n\n    頭髮"),
        ("an indented line goes on with its paragraph", "头发\n    头发", "頭髮\n    頭髮"),
        ("targets of links", "头[发](发.md)很，[头发](<头 发> \"头发\")", "頭[髮](发.md)很，[頭髮](<头 发> \"頭髮\")"),
        ("brackets in targets", "[发](发_(发))发", "[發](发_(发))發"),
        ("no target", "[发](发 发)", "[發](發 發)"),
        ("images", "头![发型](发.png '发')发", "頭![髮型](发.png '發')發"),
        ("an image in a link", "[![头发](发.png)](发)发", "[![頭髮](发.png)](发)發"),
        ("references", "[头发][发] [发] [里][]\n\n[发]: /发 '头发'\n", "[頭髮][发] [发] [裡][]\n\n[发]: /发 '頭髮'\n"),
        ("brackets that are no references", "[头发][发]", "[頭髮][發]"),
        ("footnotes", "头发[^发]\n\n[^发]: 头发", "頭髮[^发]\n\n[^发]: 頭髮"),
        ("autolinks", "<https://a.cn/发?发>发<发@a.cn>", "<https://a.cn/发?发>發<發@a.cn>"),
        ("front matter", "---\ntitle: 头发\n---\n头发", "---\ntitle: 头发\n---\n頭髮"),
        ("a rule is no front matter", "头发\n\n---\n头发\n\n---\n", "頭髮\n\n---\n頭髮\n\n---\n"),
        ("ids of headings", "## 头发 {#头发}\n头发{#发}发", "## 頭髮 {#头发}\n頭髮{#發}發"),
        ("HTML", "头<b>发</b> <code>头发</code> `<code>` 头发", "頭<b>髮</b> <code>头发</code> `<code>` 頭髮"),
        ("emphasis in a link", "[**头**发](发)", "[**頭**髮](发)"),
        ("a word of another length", "英**伟**达", "**輝達**"),
    ]);
}

#[test]
#[rustfmt::skip]
fn urls_and_paths() {
    check_rows(&only(Kind::Urls), &[
        ("Chinese in a path", "见https://a.cn/头发，头发", "見https://a.cn/头发，頭髮"),
        ("Chinese behind an address", "见https://a.cn/x头发", "見https://a.cn/x頭髮"),
        ("a query", "http://a.cn/?发=头发&x=1#发 发", "http://a.cn/?发=头发&x=1#发 發"),
        ("a host in Chinese", "http://头发.中国/ 发", "http://头发.中国/ 發"),
        ("a sentence behind an address", "https://a.cn.头发 https://a.cn/发.txt", "https://a.cn.頭髮 https://a.cn/发.txt"),
        ("brackets around it", "(https://a.cn/发)发 https://a.cn/发_(发)发", "(https://a.cn/发)發 https://a.cn/发_(发)發"),
        ("the end of a sentence", "https://a.cn/发.", "https://a.cn/发."),
        ("no scheme", "www.a.cn/发。发", "www.a.cn/发。發"),
        ("mail", "发mailto:a@b.cn?subject=发 a.b@c.cn发", "發mailto:a@b.cn?subject=发 a.b@c.cn發"),
        ("a colon is no scheme", "发://发 发:发", "發://發 發:發"),
    ]);
    check_rows(&only(Kind::Paths), &[
        ("paths", "看 /usr/头发/发.txt 发", "看 /usr/头发/发.txt 發"),
        ("of a home, of here, of a drive", "~/发 ./发 ../发 C:\\发\\发.txt \\\\发\\发 发", "~/发 ./发 ../发 C:\\发\\发.txt \\\\发\\发 發"),
        ("a slash between words", "头发/理发 / 发", "頭髮/理髮 / 發"),
        ("one name is no path", "和 /发 一样", "和 /發 一樣"),
    ]);
}

#[test]
#[rustfmt::skip]
fn placeholders() {
    check_rows(&only(Kind::Placeholders), &[
        ("printf", "%s头发%1$d个%(头发)s %-10.2f%%", "%s頭髮%1$d個%(头发)s %-10.2f%%"),
        ("a number counts", "%d只猫，{n, number}只猫，{0:d}只猫", "%d隻貓，{n, number}隻貓，{0:d}隻貓"),
        ("an object does not", "{0}只是", "{0}只是"),
        ("no word reaches over one", "理{0}发", "理{0}發"),
        ("Cocoa and Ruby", "%@头发 %{头发}", "%@頭髮 %{头发}"),
        ("percents are none", "50%的头发", "50%的頭髮"),
        ("Rust, Python, .NET", "{} {头发} {头发!r:>10} {0,-10:头发} 发", "{} {头发} {头发!r:>10} {0,-10:头发} 發"),
        ("JavaScript, Vue, Jinja", "${头发 + {a: '发'}.a} {{ 头发 }} {% if 发 %} {{{发}}} 发", "${头发 + {a: '发'}.a} {{ 头发 }} {% if 发 %} {{{发}}} 發"),
        ("braces around text", "{头发，理发} {\"a\": \"头发\"} { a: 发 } {头发", "{頭髮，理髮} {\"a\": \"頭髮\"} { a: 發 } {頭髮"),
        ("ICU plural", "{数, plural, offset:1 =0 {没头发} one {#只} other {# 只{发}}}发", "{数, plural, offset:1 =0 {沒頭髮} one {#隻} other {# 隻{发}}}發"),
        ("ICU select in plural", "{a, select, 发 {头发{n, plural, other {发}}} other {}}", "{a, select, 发 {頭髮{n, plural, other {發}}} other {}}"),
        ("ICU choice", "{0, choice, 0#没发|1#发|1<{0}发}发", "{0, choice, 0#沒發|1#發|1<{0}發}發"),
        ("ICU quotes", "{n, plural, other {'{发}'发}}", "{n, plural, other {'{發}'發}}"),
        ("ICU not closed", "{n, plural, other {头 发}", "{n, plural, other {頭 發}"),
        ("numbered tags", "头<0>发</0>很<1/>长<2>", "頭<0>髮</0>很<1/>長<2>"),
        ("two braces", "{{头发}} {{头发", "{{头发}} {{頭髮"),
    ]);
}

#[test]
#[rustfmt::skip]
fn latex() {
    check_rows(&only(Kind::Latex), &[
        ("fonts are looked through", r"头\textbf{发}很长，{\bf 引}发了", r"頭\textbf{髮}很長，{\bf 引}發了"),
        ("headings are not", r"\section{头发}发", r"\section{頭髮}發"),
        ("arguments that name", r"\ref{发}\cite[发]{发}\label{发}发\includegraphics[发]{发}", r"\ref{发}\cite[发]{发}\label{发}發\includegraphics[发]{发}"),
        ("first arguments that name", r"\href{发}{头发}\textcolor{发}{发}", r"\href{发}{頭髮}\textcolor{发}{發}"),
        ("mathematics", r"$发$ \(发\) \[发\] $$发$$ 发", r"$发$ \(发\) \[发\] $$发$$ 發"),
        ("prices", r"$5发$6发 \$发\$ $ 发$", r"$5發$6發 \$發\$ $ 發$"),
        ("environments", r"\begin{发}[发]发\end{发}\begin{align*}发\end{align*}\begin{tabular}{发}发\end{tabular}", r"\begin{发}[发]發\end{发}\begin{align*}发\end{align*}\begin{tabular}{发}發\end{tabular}"),
        ("verbatim", "\\verb|发|发\\lstinline{发}\\begin{verbatim}\n$发\n\\end{verbatim}发", "\\verb|发|發\\lstinline{发}\\begin{verbatim}\n$发\n\\end{verbatim}發"),
        ("footnotes are apart", r"头\footnote{理发}发", r"頭\footnote{理髮}髮"),
        ("comments", "头% 发\n发\\%发", "頭% 发\n髮\\%發"),
        ("what is not closed is text", r"\textbf{发 $发 \begin{verbatim}发 \(发", r"\textbf{發 $發 \begin{verbatim}發 \(發"),
    ]);
}

#[test]
#[rustfmt::skip]
fn wiki() {
    check_rows(&only(Kind::Wiki), &[
        ("rules of conversion", "-{发}-发-{zh-cn:发;zh-tw:-{发}-}-发", "-{发}-發-{zh-cn:发;zh-tw:-{发}-}-發"),
        ("an open rule is text", "-{发 -{发}- }", "-{發 -{发}- }"),
        ("targets of links", "头[[发|发]]很长 [[头发]]发", "頭[[发|髮]]很長 [[头发]]發"),
        ("addresses", "[https://a.cn/发 头发]", "[https://a.cn/发 頭髮]"),
        ("templates", "{{头发|头发=头发|头发}}发{{发}}", "{{头发|头发=頭髮|頭髮}}發{{发}}"),
        ("groups of conversion", "{{NoteTA|1=zh-cn:发;zh-tw:髮}}发", "{{NoteTA|1=zh-cn:发;zh-tw:髮}}發"),
        ("emphasis", "头'''发'''很长", "頭'''髮'''很長"),
        ("nowiki and HTML", "<nowiki>[[发]]</nowiki>发<ref name=\"发\">发</ref>", "<nowiki>[[发]]</nowiki>發<ref name=\"发\">發</ref>"),
        ("files", "头[[File:发.jpg|thumb|发型]]发", "頭[[File:发.jpg|thumb|髮型]]髮"),
        ("categories", "[[Category:头发|发]]发", "[[Category:头发|發]]發"),
        ("tables", "{| class=\"发\"\n|-\n| 头发 || 发\n|}", "{| class=\"发\"\n|-\n| 頭髮 || 發\n|}"),
        ("what is not closed is text", "[[发|发 {{发", "[[發|發 {{發"),
    ]);
}

#[test]
fn the_subject_of_a_text_shows_in_its_attributes() {
    let text = "<p>服务器的内存和硬盘，<b title=\"文件\">文件</b></p>";
    assert!(tw().convert_protected(text, &only(Kind::Html)).contains("<b title=\"檔案\">檔案</b>"));
}

#[test]
fn quotes_and_widths() {
    let html = only(Kind::Html);
    let quotes = Punctuation::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    let full = Punctuation::new(Locale::ZH_HANS, Locale::ZH_HANS).width(Width::Full);
    let rows: &[(Punctuation, &str, &str)] = &[
        (quotes, "“<b>好</b>”<code>“x”</code>", "「<b>好</b>」<code>“x”</code>"),
        (quotes, "‘<i>好</i>’<br>“好”", "『<i>好</i>』<br>「好」"),
        (full, "好<b>,</b> <i>好</i>!<code>好,</code>", "好<b>，</b><i>好</i>！<code>好,</code>"),
        (full, "<a href='好,好'>好,好</a>", "<a href='好,好'>好，好</a>"),
    ];
    for (punctuation, text, expected) in rows {
        assert_eq!(punctuation.convert_protected(text, &html), *expected);
    }
    assert!(matches!(quotes.convert_protected("<b>“x”</b>", &html), Cow::Borrowed(_)));
}

#[test]
fn ranges_of_the_caller() {
    let converter = tw();
    let text = "头发与头发";
    assert_eq!(converter.convert_except(text, &[]).unwrap(), "頭髮與頭髮");
    assert_eq!(converter.convert_except(text, &[0..6, 12..15]).unwrap(), "头发與頭发");
    assert_eq!(converter.convert_except(text, std::slice::from_ref(&(0..15))).unwrap(), text);
    #[allow(clippy::reversed_empty_ranges, clippy::single_range_in_vec_init, reason = "callers make mistakes")]
    let wrong: &[&[std::ops::Range<usize>]] = &[&[1..3], &[0..4], &[6..9, 0..3], &[0..6, 3..9], &[0..30], &[6..3]];
    for ranges in wrong {
        let error = converter.convert_except(text, ranges).unwrap_err();
        assert!(error.to_string().contains("cannot be protected"), "{error}");
    }
    for empty in [0, 3, 15] {
        let regions = [Region::new(empty..empty, Seam::Object)];
        assert!(converter.convert_regions(text, &regions).is_ok());
    }
}

#[test]
fn a_route_that_maps_the_stand_in_keeps_the_regions() {
    let json = r#"{ "conversion_chain": [
        { "dict": { "type": "inline", "entries": { "\uFFFC": "x", "发\uFFFC": "y", "发": "發發", "\n": "x" } } }
    ] }"#;
    let converter = Converter::from_opencc_json_str(json, ".").unwrap();
    let text = "发<code>发</code>发<p>发</p>";
    let aligned = converter.convert_protected_aligned(text, &only(Kind::Html));
    assert_eq!(aligned.text(), "發發<code>发</code>發發<p>發發</p>");
    assert_eq!(aligned.restore(), text);
}

#[test]
fn text_without_regions_is_converted_as_ever() {
    let converter = tw();
    let protection = only(Kind::Html).with(Kind::Placeholders).with(Kind::Latex);
    for (_, text) in corpora() {
        for line in text.lines().filter(|line| protection.regions(line).is_empty()) {
            assert_eq!(converter.convert_protected(line, &protection), converter.convert(line));
        }
    }
    assert!(matches!(converter.convert_protected("<b>不用改</b>", &protection), Cow::Borrowed(_)));
}

/// Text between markup: words that the conversion changes, words that reach over tags, terms of other lengths.
const WORDS: &[&str] = &[
    "头发",
    "头",
    "发",
    "引发了",
    "内存",
    "英伟达",
    "服务器",
    "文件",
    "鼠标",
    "，",
    "。",
    "的",
    "只",
    "一",
    "面",
    "后",
    "里",
    "abc",
    " ",
    "\n",
    "简体",
    "计算机",
    "理",
    "“",
    "”",
    "視窗",
    "3",
    "𠮷",
    "為",
];

/// Grows a document; `depth` bounds how deep its parts nest.
fn document(random: &mut Random, kind: Kind, depth: usize) -> String {
    let mut out = String::new();
    for _ in 0..=random.below(7) {
        for _ in 0..random.below(4) {
            out += random.pick::<&str>(WORDS);
        }
        let inner = if depth > 0 { document(random, kind, depth - 1) } else { "发".to_owned() };
        // Code and names hold no markup.
        let word = *random.pick(&["头发", "发", "内存", "x"]);
        let line = inner.replace('\n', "");
        out += &match kind {
            Kind::Html => match random.below(14) {
                0 => format!("<b>{inner}</b>"),
                1 => format!("<i class='{word}'>{inner}</i>"),
                2 => format!("<p id=\"{word}\">{inner}</p>\n"),
                3 => format!("<code>{inner}</code>"),
                4 => format!("<span translate=\"no\">{inner}</span>"),
                5 => format!("<!-- {word} -->"),
                6 => format!("<a href=\"/{word}\" title=\"{word}{word}\">{inner}</a>"),
                7 => "<br/>".to_owned(),
                8 => format!("<script>{word}<b></script>"),
                9 => "&amp;".to_owned(),
                10 => format!("<div lang=ja>{inner}</div>"),
                11 => format!("<![CDATA[{word}]]>"),
                12 => format!("<img alt={word}>"),
                _ => "<wbr>".to_owned(),
            },
            Kind::Markdown => match random.below(11) {
                0 => format!("**{word}**"),
                1 => format!("`{word}`"),
                2 => format!("\n\n```{word}\n{inner}\n```\n\n"),
                3 => format!("[{word}{word}](/{word})"),
                4 => format!("![{word}](/{word} \"{word}\")"),
                5 => format!("*{word}*"),
                6 => format!("<https://a.cn/{word}>"),
                7 => format!("\n\n    {line}\n\n"),
                8 => format!("[^{word}]"),
                9 => format!("<b>{word}</b>"),
                _ => "\n\n".to_owned(),
            },
            Kind::Urls => match random.below(3) {
                0 => format!("https://a.cn/{word}，"),
                1 => format!(" www.a.cn/?q={word} "),
                _ => " a@b.cn ".to_owned(),
            },
            Kind::Paths => match random.below(3) {
                0 => format!(" /usr/{word} "),
                1 => format!(" C:\\{word} "),
                _ => format!(" ~/{word} "),
            },
            Kind::Placeholders => match random.below(9) {
                0 => format!("{{{word}}}"),
                1 => "%d".to_owned(),
                2 => format!("%({word})s"),
                3 => format!("${{{word}}}"),
                4 => format!("{{{{ {word} }}}}"),
                5 => format!("<0>{word}</0>"),
                6 => format!("{{n, plural, one {{#{word}}} other {{{word}#}}}}"),
                7 => format!("{{{word}, select, {word} {{{word}}} other {{}}}}"),
                _ => "%@".to_owned(),
            },
            Kind::Latex => match random.below(9) {
                0 => format!("\\textbf{{{inner}}}"),
                1 => format!("\\ref{{{word}}}"),
                2 => format!("${word}$ "),
                3 => format!("\\section{{{line}}}\n"),
                4 => format!("\\footnote{{{word}}}"),
                5 => format!("\\begin{{equation}}{word}\\end{{equation}}"),
                6 => format!("\\verb|{word}|"),
                7 => format!("%{word}\n"),
                _ => format!("{{{inner}}}"),
            },
            _ => match random.below(8) {
                0 => format!("-{{{word}}}-"),
                1 => format!("[[{word}|{line}]]"),
                2 => format!("[[{word}]]"),
                3 => format!("{{{{{word}|{word}={inner}}}}}"),
                4 => format!("<nowiki>{inner}</nowiki>"),
                5 => format!("''{word}''"),
                6 => format!("[https://a.cn/{word} {word}]"),
                _ => format!("<ref name=\"{word}\">{word}</ref>"),
            },
        };
    }
    out
}

/// What the conversion of the text without regions leaves between the regions; nothing where a part is read apart.
fn expected(converter: &Converter, text: &str, regions: &[Region]) -> String {
    let mut stripped = String::new();
    let mut at = 0;
    for region in regions {
        stripped += &text[at..region.range().start];
        match region.seam() {
            Seam::Number => stripped.push('0'),
            Seam::Object if !stripped.ends_with('\u{FFFC}') => stripped.push('\u{FFFC}'),
            Seam::Line if !stripped.is_empty() && !stripped.ends_with('\n') => stripped.push('\n'),
            _ => {}
        }
        at = region.range().end;
    }
    stripped += &text[at..];
    converter.convert(&stripped).into_owned()
}

/// A text without its regions, and without what stood for them.
fn outside(text: &str, regions: &[Region]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for region in regions {
        out += &text[at..region.range().start];
        at = region.range().end;
    }
    (out + &text[at..]).replace(['\n', '0', '\u{FFFC}'], "")
}

#[test]
fn protected_bytes_never_change() {
    let converters =
        [tw(), Converter::opencc(OpenccConfig::S2twp).unwrap(), Converter::opencc(OpenccConfig::Tw2sp).unwrap()];
    for &kind in Kind::ALL {
        let protection = only(kind);
        let mut random = Random(0x5EED ^ kind as u64);
        let mut count = [0usize; 2];
        for n in 0..10_000 {
            let text = document(&mut random, kind, 2);
            let regions = protection.regions(&text);
            let converter = &converters[if n % 10 < 8 { 0 } else { n % 10 - 7 }];
            let out = converter.convert_protected(&text, &protection);
            let again = protection.regions(&out);
            assert_eq!(bytes(&text, &regions), bytes(&out, &again), "{kind}: {text:?} becomes {out:?}");
            // Attributes and the like are read behind their paragraph.
            let apart = ["title=", "alt=", "![", "\\footnote"].iter().any(|mark| text.contains(mark));
            if !apart {
                let expected = expected(converter, &text, &regions).replace(['\n', '0', '\u{FFFC}'], "");
                assert_eq!(outside(&out, &again), expected, "{kind}: {text:?}");
                count[0] += 1;
            }
            let aligned = converter.convert_protected_aligned(&text, &protection);
            assert_eq!(aligned.text(), out, "{kind}");
            assert_eq!(aligned.restore(), text, "{kind}");
            for region in &regions {
                let range = aligned.map().target_range(region.range());
                assert!(out[range].contains(&text[region.range()]), "{kind}: {text:?}");
            }
            if n % 10 < 8 {
                assert_eq!(converter.convert_protected(&out, &protection), out, "{kind}: {text:?}");
            }
            count[1] += usize::from(!regions.is_empty());
        }
        assert!(count[0] > 1000 && count[1] > 9000, "{kind}: {count:?}");
    }
}

#[test]
fn malformed_markup_is_text() {
    #[rustfmt::skip]
    const ODD: &[&str] = &[
        "<", ">", "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<!", "<?", "?>", "&", "&#", ";", "\"", "'", "=", "<b", "<code>",
        "</p>", "<script>", "`", "```", "~~~", "*", "**", "_", "[", "]", "(", ")", "](", "][", "![", "]:", "[^", "{", "}", "{{",
        "}}", "${", "%", "%(", "%d", "#", ",", "plural", "{n, plural, other {", "\\", "\\begin{", "\\end{", "\\verb", "$", "$$", "\\(",
        "\\[", "-{", "}-", "[[", "]]", "|", "''", "{|", "://", "https://", "@", "www.", "/", "~/", "\n", "\n\n", "    ", "---\n",
        "头", "发", "内存", "英伟达", "𠮷", "é", "\u{FFFC}", "a", "0", " ", ".", "title=", "lang=ja", "translate=no", "<li>", "<p>",
    ];
    let converter = tw();
    let mut random = Random(7);
    let protections: Vec<Protection> = Kind::ALL.iter().map(|&kind| only(kind)).chain([all(), all()]).collect();
    for n in 0..20_000 {
        let text: String = (0..random.below(40)).map(|_| *random.pick(ODD)).collect();
        let protection = &protections[n % protections.len()];
        let regions = protection.regions(&text);
        let aligned = converter.convert_protected_aligned(&text, protection);
        assert_eq!(aligned.restore(), text);
        assert_eq!(aligned.text(), converter.convert_protected(&text, protection));
        let mut rest = aligned.text();
        for part in bytes(&text, &regions) {
            let at = rest.find(part).unwrap_or_else(|| panic!("{text:?} lost {part:?} in {:?}", aligned.text()));
            rest = &rest[at + part.len()..];
        }
    }
}

#[test]
fn time_is_linear() {
    let converter = tw();
    let units = [
        "<",
        "<a ",
        "<a x='",
        "<a x=\"<b y='",
        "<!",
        "<!--",
        "<![CDATA[",
        "<!a [",
        "<?",
        "<b>",
        "</b>",
        "<p><b>",
        "<script>",
        "<code>",
        "<a title='发' ",
        "&",
        "&#",
        "&a",
        "`",
        "`a``",
        "```\n",
        "[",
        "](",
        "](<",
        "][",
        "]: ",
        "[a](",
        "[a](b \"",
        "![",
        "[^",
        "*",
        "*a",
        "**a*",
        "_",
        "~~",
        "{",
        "{a",
        "{a:",
        "{a,",
        "{n, plural, other {",
        "{n, choice, 0#",
        "{{",
        "{{ a",
        "{%",
        "${",
        "${{",
        "}",
        "%",
        "%(",
        "%{",
        "%1$",
        "<0>",
        "</0>",
        "$",
        "$a ",
        "$$",
        "\\",
        "\\(",
        "\\[",
        "\\begin{verbatim}",
        "\\begin{",
        "\\a[",
        "\\ref{",
        "\\verb",
        "-{",
        "}-",
        "-{}-",
        "[[",
        "[[a|",
        "[http://",
        "{{a|",
        "}}",
        "''",
        "__",
        "a:",
        "://",
        "a://",
        "http://",
        "@",
        "a@",
        "www.",
        "/",
        "/a",
        "~/",
        "C:\\",
        "> ",
        "- ",
        "1. ",
        "\n    a\n\n",
        "[a]: b\n",
        "头",
        "头<b>发</b>",
        "英<b>伟</b>达",
        "<b title='发'>",
    ];
    for protection in Kind::ALL.iter().copied().map(only).chain([all()]) {
        for unit in units {
            is_linear(unit, |text| {
                std::hint::black_box(protection.regions(text));
            });
        }
    }
    for unit in ["头<b>发</b>", "英<b>伟</b>达", "<b title='发'>", "{0}", "<i>内</i>"] {
        is_linear(unit, |text| {
            std::hint::black_box(converter.convert_protected_aligned(text, &all()));
        });
    }
}

/// Compares the time for one long text with that for eight short ones; noise is allowed for, and tries.
#[track_caller]
fn is_linear(unit: &str, work: impl Fn(&str)) {
    let [short, long] = [1 << 14, 1 << 17].map(|length| unit.repeat(length / unit.len()));
    let time = |text: &str, times: usize| {
        let start = Instant::now();
        (0..times).for_each(|_| work(text));
        start.elapsed()
    };
    let mut found = Vec::new();
    for _ in 0..5 {
        let (short, long) = (time(&short, 8), time(&long, 1));
        // Quadratic, it would be eight times as long.
        if long < short * 4 + Duration::from_millis(20) {
            return;
        }
        found.push((short, long));
    }
    panic!("{unit:?} takes {found:?}");
}
