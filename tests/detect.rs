//! What detection promises: scripts, regions, Cantonese and Japanese, and evidence that adds up.
#![cfg(feature = "native")]
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, reason = "tests")]

use fanjian::{Converter, Locale, Region, Script, Sign, detect, detect_paragraphs};

/// Name, text, script, region.
const ROWS: &[(&str, &str, Script, Option<Region>)] = &[
    ("empty", "", Script::Neither, None),
    ("latin", "no Chinese here", Script::Neither, None),
    ("shared characters", "山水人家", Script::Neither, None),
    ("simplified", "汉语拼音方案", Script::Hans, Some(Region::Cn)),
    (
        "simplified with one traditional name",
        "这位学者的论文写得极长，读过的人里没几个能说清楚，署名是陳先生",
        Script::Hans,
        Some(Region::Cn),
    ),
    ("one mark of one bit is not enough for Hong Kong", "舖面有麵包和綠茶", Script::Hant, Some(Region::Tw)),
    ("two marks are", "舖面有麵包和綠茶，但未能營業", Script::Hant, Some(Region::Hk)),
    ("nothing but the script: most traditional texts are Taiwan's", "漢字", Script::Hant, Some(Region::Tw)),
    ("half and half", "繁體字和简化字", Script::Mixed, Some(Region::Tw)),
    ("glyphs that traditional texts share", "床前的灶台旁，秘密藏在群峰之間的麥田", Script::Hant, Some(Region::Tw)),
    ("simplified glyph as a given name", "杰森對這個問題沒有意見", Script::Hant, Some(Region::Tw)),
    ("taiwan words", "搭捷運去買便當，再騎機車回家", Script::Hant, Some(Region::Tw)),
    ("taiwan glyphs", "他在屋裡等著", Script::Hant, Some(Region::Tw)),
    ("hong kong words", "搭的士去茶餐廳，八達通增值", Script::Hant, Some(Region::Hk)),
    ("hong kong glyphs", "他在屋裏等着看綫路圖", Script::Hant, Some(Region::Hk)),
    (
        "hong kong written style without its glyphs or terms",
        "由於申請人未能出示證明，署方亦不容許他更改，故此有關決定須就此作出交代",
        Script::Hant,
        Some(Region::Hk),
    ),
    ("cantonese typed without its own characters", "我食左飯先，你點解仲未返屋企", Script::Hant, Some(Region::Hk)),
    ("towns of taiwan", "從礁溪搭車到羅東，再轉往蘇澳", Script::Hant, Some(Region::Tw)),
    (
        "mainland words in traditional characters",
        "點擊鼠標打開服務器的視頻信息，默認打印",
        Script::Hant,
        Some(Region::Cn),
    ),
    ("a shield says nothing of the word inside", "解方程式", Script::Neither, None),
    ("the word itself does", "這個程式", Script::Hant, Some(Region::Tw)),
    ("著 in a word that all write is no mark", "著名的原著", Script::Neither, None),
    ("japanese alone", "これは漢字を使う文です", Script::Neither, None),
];

#[test]
fn scripts_and_regions() {
    for &(name, text, script, region) in ROWS {
        let profile = detect(text);
        assert_eq!((profile.script(), profile.region()), (script, region), "{name}: {:?}", marks(text));
    }
}

fn marks(text: &str) -> Vec<(&str, Sign)> {
    detect(text).evidence().map(|mark| (mark.text, mark.sign)).collect()
}

#[test]
fn evidence_of_regions() {
    let regional = |text: &'static str| -> Vec<&str> {
        marks(text).into_iter().filter(|(_, sign)| matches!(sign, Sign::Regions { .. })).map(|(word, _)| word).collect()
    };
    let rows: &[(&str, &'static str, &[&str])] = &[
        ("words", "計程車開往捷運站", &["計程車", "捷運站"]),
        ("著 after a verb", "看著", &["著"]),
        ("著 in a name of things", "著名的著作顯著", &[]),
        ("方程式 shields 程式", "方程式", &[]),
        ("no mark inside a latin word", "xU盤y", &[]),
        ("a word that others cross", "守衛城堡的士兵", &[]),
        ("the same word", "搭的士", &["的士"]),
        ("a mark of a list that others cross", "在地上等候", &[]),
        ("a name as only Hong Kong spells it", "羅拔迪尼路是演員", &["羅拔迪尼路"]),
    ];
    for &(name, text, expected) in rows {
        assert_eq!(regional(text), expected, "{name}");
    }
}

#[test]
fn cantonese_and_japanese() {
    let rows: &[(&str, &str, bool, bool)] = &[
        ("cantonese", "佢哋食咗飯未呀？", true, false),
        ("cantonese in simplified characters", "我哋唔知佢讲乜嘢", true, false),
        ("standard chinese", "他們吃過飯了嗎？", false, false),
        (
            "one quoted word in a long sentence",
            "他在文章裡提到香港人常說的「唔該」這個詞，並且解釋了它在不同場合之下的各種用法和意思",
            false,
            false,
        ),
        ("japanese", "私は東京に住んでいます。", false, true),
        (
            "japanese title in chinese",
            "他最喜歡的作品是「となりのトトロ」，小時候看過許多遍，每次看都覺得感動",
            false,
            false,
        ),
        ("one の is chinese", "優の良品開新店", false, false),
    ];
    for &(name, text, cantonese, japanese) in rows {
        let profile = detect(text);
        assert_eq!((profile.is_cantonese(), profile.is_japanese()), (cantonese, japanese), "{name}");
    }
}

#[test]
fn paragraphs_of_the_corpora() {
    for (region, script, expected) in
        [("cn", Script::Hans, Region::Cn), ("tw", Script::Hant, Region::Tw), ("hk", Script::Hant, Region::Hk)]
    {
        for subject in ["news", "tech", "finance", "life"] {
            let path = format!("{}/benches/corpora/{region}-{subject}.txt", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(&path).unwrap();
            for profile in detect_paragraphs(&text).filter(|p| p.text().chars().count() >= 100) {
                let found = (profile.script(), profile.region());
                assert_eq!(found, (script, Some(expected)), "{path}: {}\n{:?}", profile.text(), marks(profile.text()));
            }
        }
    }
}

#[test]
fn evidence_adds_up() {
    for &(name, text, ..) in ROWS {
        let profile = detect(text);
        let count = |sign: Sign| marks(text).iter().filter(|(_, s)| *s == sign).count() as u32;
        assert_eq!(profile.script_marks(), (count(Sign::Hans), count(Sign::Hant)), "{name}");
        let sum: f32 = Region::ALL.iter().map(|&region| profile.likelihood(region)).sum();
        assert!((sum - 1.0).abs() < 1e-6, "{name}: {sum}");
        for mark in profile.evidence() {
            assert_eq!(text.get(mark.range.clone()), Some(mark.text), "{name}");
        }
    }
}

#[test]
fn paragraphs_know_their_place() {
    let text = "\n  \n简体\r\n\n繁體字";
    let found: Vec<(&str, Script)> =
        detect_paragraphs(text).map(|profile| (text.get(profile.range()).unwrap(), profile.script())).collect();
    assert_eq!(found, [("简体\r", Script::Hans), ("繁體字", Script::Hant)]);
    for profile in detect_paragraphs(text) {
        for mark in profile.evidence() {
            assert_eq!(text.get(mark.range.clone()), Some(mark.text));
        }
    }
}

#[test]
fn sources_for_a_target() {
    let (tw, cn) = (Locale::ZH_HANT_TW, Locale::ZH_HANS_CN);
    let rows: &[(&str, &str, Locale, Locale)] = &[
        ("simplified", "汉语", tw, cn),
        ("simplified to itself", "汉语", cn, cn),
        ("taiwan", "搭捷運", cn, tw),
        ("hong kong", "搭的士，食雞脾", tw, Locale::ZH_HANT_HK),
        ("mixed to traditional", "繁體和简体", tw, cn),
        ("mixed to simplified", "繁體和简体", cn, tw),
        ("neither to traditional", "山水", tw, cn),
        ("neither to simplified", "山水", cn, Locale::ZH_HANT),
    ];
    for &(name, text, to, expected) in rows {
        assert_eq!(detect(text).source(to), expected, "{name}");
    }
}

#[test]
fn a_detected_converter_converts() {
    let convert = |text: &str, to| Converter::from_detected(text, to).unwrap().convert(text).into_owned();
    assert_eq!(convert("出租车司机", Locale::ZH_HANT_TW), "計程車司機");
    assert_eq!(convert("計程車司機等著", Locale::ZH_HANS_CN), "出租车司机等着");
    assert_eq!(convert("汉语", Locale::ZH_HANS_CN), "汉语");
}

#[test]
fn every_cut_of_a_text_is_read() {
    let text = "の「漢字」を使う。裡面U盤，着看𠮷";
    for (at, _) in text.char_indices() {
        let (a, b) = text.split_at(at);
        for part in [a, b] {
            assert!(detect(part).evidence().all(|mark| part.get(mark.range.clone()) == Some(mark.text)));
        }
    }
}
