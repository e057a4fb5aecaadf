//! One conversion of an article, to be counted by callgrind: `benches/check.sh`.
//!
//! Instructions are the same on every run of the same binary, whatever else the machine does.

use std::fs;
use std::path::Path;

use fanjian::{Converter, Locale, OpenccConfig};

/// What callgrind counts: it collects only inside a function of this name.
#[inline(never)]
fn measured_conversion(converter: &Converter, text: &str) -> usize {
    converter.convert(text).len()
}

fn main() {
    // `cargo bench -- --test` and the like pass flags; without a route there is nothing to do.
    let Some(route) = std::env::args().nth(1).filter(|arg| !arg.starts_with('-')) else { return };
    let (converter, file) = match route.as_str() {
        "cn-tw" => (Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW), "cn-tech.txt"),
        "cn-hk" => (Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_HK), "cn-tech.txt"),
        "tw-cn" => (Converter::new(Locale::ZH_HANT_TW, Locale::ZH_HANS_CN), "tw-tech.txt"),
        "hk-tw" => (Converter::new(Locale::ZH_HANT_HK, Locale::ZH_HANT_TW), "hk-tech.txt"),
        name => {
            let config: OpenccConfig = name.parse().unwrap();
            let file = match name.as_bytes()[0] {
                b's' => "cn-tech.txt",
                b'h' => "hk-tech.txt",
                _ => "tw-tech.txt",
            };
            (Converter::opencc(config), file)
        }
    };
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/corpora").join(file)).unwrap();
    let length = measured_conversion(&converter.unwrap(), &text);
    println!("{route}: {length} bytes");
}
