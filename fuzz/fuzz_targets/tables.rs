//! Tables, concept tables and configurations from anywhere: they load or give an error.
#![no_main]

mod common;

use fanjian::{Converter, Locale, UserLexicon};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((&kind, bytes)) = data.split_first() else { return };
    let text = common::text(bytes);
    let builder = Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    let built = match kind % 4 {
        0 => builder.table("fuzz", bytes).build(),
        1 => builder.concepts("fuzz", bytes).build(),
        2 => Converter::from_opencc_json_str(&String::from_utf8_lossy(bytes), "."),
        _ => UserLexicon::from_table("fuzz", bytes).and_then(|lexicon| builder.lexicon(&lexicon).build()),
    };
    match built {
        Ok(converter) => _ = converter.convert(&text),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
