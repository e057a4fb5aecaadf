//! Locales: which script and which region's vocabulary.

use std::fmt;
use std::str::FromStr;

use crate::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Variety {
    Hans,
    Cn,
    Hant,
    Tw,
    Hk,
}

/// A written variety of Chinese, as a BCP 47 tag.
///
/// `zh-Hans-SG` and `zh-Hans-MY` are written as the Mainland's, `zh-Hant-MO` as Hong Kong's. Plain `zh-Hans` and `zh-Hant`
/// name a script without a region: only the script is converted.
///
/// ```
/// use fanjian::Locale;
///
/// assert_eq!("zh-TW".parse(), Ok(Locale::ZH_HANT_TW));
/// assert_eq!("cmn-Hans-CN".parse(), Ok(Locale::ZH_HANS_CN));
/// assert_eq!(Locale::ZH_HANT_HK.to_string(), "zh-Hant-HK");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Locale {
    tag: &'static str,
    pub(crate) variety: Variety,
}

impl Locale {
    /// Simplified characters, no region.
    pub const ZH_HANS: Self = Self { tag: "zh-Hans", variety: Variety::Hans };
    /// Mainland China.
    pub const ZH_HANS_CN: Self = Self { tag: "zh-Hans-CN", variety: Variety::Cn };
    /// Malaysia: written as in Mainland China.
    pub const ZH_HANS_MY: Self = Self { tag: "zh-Hans-MY", variety: Variety::Cn };
    /// Singapore: written as in Mainland China.
    pub const ZH_HANS_SG: Self = Self { tag: "zh-Hans-SG", variety: Variety::Cn };
    /// Traditional characters, no region.
    pub const ZH_HANT: Self = Self { tag: "zh-Hant", variety: Variety::Hant };
    /// Hong Kong.
    pub const ZH_HANT_HK: Self = Self { tag: "zh-Hant-HK", variety: Variety::Hk };
    /// Macau: written as in Hong Kong.
    pub const ZH_HANT_MO: Self = Self { tag: "zh-Hant-MO", variety: Variety::Hk };
    /// Taiwan.
    pub const ZH_HANT_TW: Self = Self { tag: "zh-Hant-TW", variety: Variety::Tw };

    /// All locales.
    ///
    /// ```
    /// use fanjian::Locale;
    ///
    /// assert!(Locale::ALL.iter().all(|locale| locale.tag().parse() == Ok(*locale)));
    /// ```
    pub const ALL: &[Self] = &[
        Self::ZH_HANS,
        Self::ZH_HANS_CN,
        Self::ZH_HANS_MY,
        Self::ZH_HANS_SG,
        Self::ZH_HANT,
        Self::ZH_HANT_HK,
        Self::ZH_HANT_MO,
        Self::ZH_HANT_TW,
    ];

    /// The canonical tag.
    ///
    /// ```
    /// assert_eq!(fanjian::Locale::ZH_HANT_TW.tag(), "zh-Hant-TW");
    /// ```
    #[must_use]
    pub const fn tag(self) -> &'static str {
        self.tag
    }

    /// Whether the script is Simplified.
    ///
    /// ```
    /// assert!(fanjian::Locale::ZH_HANS_SG.is_simplified());
    /// ```
    #[must_use]
    pub const fn is_simplified(self) -> bool {
        matches!(self.variety, Variety::Hans | Variety::Cn)
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag)
    }
}

impl FromStr for Locale {
    type Err = Error;

    /// Parses a tag: any case, `_` for `-`, `cmn` and `yue` for `zh`, and the short forms `zh-TW`, `zh-CN`, `zh-HK` ….
    ///
    /// # Errors
    ///
    /// A tag of another language or region.
    fn from_str(text: &str) -> Result<Self, Error> {
        let tag = text.replace('_', "-").to_ascii_lowercase();
        let rest = ["zh-cmn-", "zh-yue-", "cmn-", "yue-", "zh-"].iter().find_map(|prefix| tag.strip_prefix(prefix));
        let locale = match rest.unwrap_or(if tag == "yue" { "hant-hk" } else { "" }) {
            "hans" => Self::ZH_HANS,
            "cn" | "hans-cn" => Self::ZH_HANS_CN,
            "my" | "hans-my" => Self::ZH_HANS_MY,
            "sg" | "hans-sg" => Self::ZH_HANS_SG,
            "hant" => Self::ZH_HANT,
            "hk" | "hant-hk" => Self::ZH_HANT_HK,
            "mo" | "hant-mo" => Self::ZH_HANT_MO,
            "tw" | "hant-tw" => Self::ZH_HANT_TW,
            _ => return Err(Error::unknown_locale(text)),
        };
        Ok(locale)
    }
}
