//! Own words: what is compiled opens again and converts; a file with any byte changed opens or gives an error, and
//! converts without a panic if it opens.
#![no_main]

mod common;

use fanjian::{Converter, Locale, UserLexicon};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let [place, more, byte, bytes @ ..] = data else { return };
    let text = common::text(bytes);
    let words: Vec<(String, String)> = text
        .split(['\n', '，'])
        .filter_map(|entry| entry.split_once(' '))
        .filter(|(key, _)| !key.is_empty())
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .collect();
    let Ok(lexicon) = UserLexicon::from_entries(words) else { return };
    let mut file = lexicon.as_bytes().to_vec();
    let opened = UserLexicon::from_bytes(file.clone()).expect("what was compiled opens");
    let builder = || Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    let [one, other] =
        [&lexicon, &opened].map(|lexicon| builder().lexicon(lexicon).build().unwrap().convert(&text).into_owned());
    assert_eq!(one, other);

    let at = (usize::from(*place) << 8 | usize::from(*more)) % file.len();
    file[at] ^= byte;
    if let Ok(changed) = UserLexicon::from_bytes(file) {
        _ = builder().lexicon(&changed).build().unwrap().convert(&text);
    }
    _ = UserLexicon::from_bytes(bytes.to_vec());
});
