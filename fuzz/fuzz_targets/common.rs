//! What the targets share: routes, and texts made of random bytes.

use std::sync::OnceLock;

use fanjian::{Converter, Locale, OpenccConfig};

/// Converters of all configurations and of the routes between the locales.
#[allow(dead_code, reason = "not every target converts by all")]
pub fn converters() -> &'static [Converter] {
    static ALL: OnceLock<Vec<Converter>> = OnceLock::new();
    ALL.get_or_init(|| {
        let locales = [Locale::ZH_HANS, Locale::ZH_HANT, Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, Locale::ZH_HANT_HK];
        let pairs = locales.iter().flat_map(|&from| locales.iter().map(move |&to| (from, to)));
        let native = pairs.map(|(from, to)| Converter::new(from, to));
        let exact = OpenccConfig::ALL
            .iter()
            .flat_map(|&config| [Converter::opencc(config), Converter::opencc_with_tofu(config)]);
        native.chain(exact).filter_map(Result::ok).collect()
    })
}

/// One of the converters, chosen by a byte.
#[allow(dead_code, reason = "as above")]
pub fn converter(choice: u8) -> &'static Converter {
    let all = converters();
    &all[usize::from(choice) % all.len()]
}

/// A text of these bytes. Random bytes are seldom Han: two of them stand for one of the characters in `FREQUENT`, so that keys,
/// rules and terms are met; what follows a byte of 0xFF is taken as it is, as far as it is UTF-8.
pub fn text(bytes: &[u8]) -> String {
    const FREQUENT: &str = "头发后面里只系干了钟游卷制复历台松余范谷表冲征签云发展头髮後裡隻係乾鐘遊捲製複歷颱鬆餘範穀錶衝徵簽雲\
        的一是不在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过电脑软件网络服务器\
        信息程序文件数据视频打印机出租车公交车总统记者北京台北香港嘅咗喺唔佢哋，。！？「」『』“”《》、：；（）\n \
        aAzZ09<>/&;{}%$@#*_`[]()\\-|=.:⿰⿱𠮷骨\u{FE00}\u{E0100}ののカ한";
    static CHARS: OnceLock<Vec<char>> = OnceLock::new();
    let chars = CHARS.get_or_init(|| FREQUENT.chars().collect());
    let (made, raw) = match bytes.iter().position(|&byte| byte == 0xFF) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, &[][..]),
    };
    let mut text: String = made
        .chunks(2)
        .map(|pair| chars[pair.iter().fold(0, |sum, &b| sum << 8 | usize::from(b)) % chars.len()])
        .collect();
    text.push_str(&String::from_utf8_lossy(raw));
    text
}
