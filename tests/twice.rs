//! A term's last character must not stand twice where the text goes on with it: 端口号码 has no 號碼碼.

use std::fs;

use fanjian::{Converter, Locale, Terms};

const MAINLAND: Locale = Locale::ZH_HANS_CN;

/// 大鲵 is 娃娃魚, which has its first character twice.
const REPEATED: &str = "娃娃";
/// So have these words as a whole: 姥爷 in Hong Kong, 产品质量, 艾滋病毒.
const RIGHT: [&str; 3] = ["公公", "產品品質", "愛滋病病毒"];

/// The characters that stand twice in a row.
fn repeated(text: &str) -> Vec<String> {
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs.filter(|(a, b)| a == b).map(|(a, b)| [a, b].iter().collect()).collect()
}

#[test]
fn words_get_no_character_twice() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/dictionaries/words/jieba.txt");
    let list = fs::read_to_string(path).unwrap();
    let words: Vec<&str> = list
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split('\t').next())
        .filter(|word| repeated(word).is_empty())
        .collect();
    assert!(words.len() > 30_000, "{} words", words.len());
    let mut complaints = Vec::new();
    for region in [Locale::ZH_HANT_TW, Locale::ZH_HANT_HK] {
        let script = Converter::with_terms(MAINLAND, region, &Terms::None).unwrap();
        let there = Converter::new(MAINLAND, region).unwrap();
        let back = Converter::new(region, MAINLAND).unwrap();
        for word in &words {
            let spelled = script.convert(word);
            for out in [there.convert(word), back.convert(&spelled)] {
                if !RIGHT.contains(&&*out) && repeated(&out).iter().any(|pair| pair != REPEATED) {
                    complaints.push(format!("{word} or {spelled} becomes {out} ({region})"));
                }
            }
        }
    }
    assert!(complaints.is_empty(), "give the terms `not_next` or `not_prev`:\n{}", complaints.join("\n"));
}
