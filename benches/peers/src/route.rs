//! The conversions that are measured.

/// Where the source text of a route comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Region {
    Cn,
    Tw,
    Hk,
}

impl Region {
    pub fn name(self) -> &'static str {
        match self {
            Self::Cn => "cn",
            Self::Tw => "tw",
            Self::Hk => "hk",
        }
    }
}

/// A conversion, under the name of an OpenCC configuration, or with the prefix
/// `native-` one between regions with fanjian's own data. The other engines run
/// a native route with what they have that comes nearest.
#[derive(Debug, PartialEq, Eq)]
pub struct Route {
    pub name: &'static str,
    pub source: Region,
    /// The OpenCC configuration, or the nearest.
    pub opencc: Option<&'static str>,
    /// What to ask of an engine that lacks the configuration.
    pub fallback: Option<&'static str>,
    /// The variant of zhconv, which only knows targets.
    pub zhconv: Option<&'static str>,
    /// fanjian's own data, from `source` to this region.
    pub native: Option<Region>,
}

const fn opencc(
    name: &'static str,
    source: Region,
    zhconv: Option<&'static str>,
    fallback: Option<&'static str>,
) -> Route {
    Route { name, source, opencc: Some(name), fallback, zhconv, native: None }
}

const fn native(
    name: &'static str,
    source: Region,
    target: Region,
    opencc: Option<&'static str>,
    fallback: Option<&'static str>,
    zhconv: &'static str,
) -> Route {
    Route { name, source, opencc, fallback, zhconv: Some(zhconv), native: Some(target) }
}

pub const ROUTES: &[Route] = &[
    opencc("s2t", Region::Cn, Some("zh-Hant"), None),
    opencc("s2tw", Region::Cn, Some("zh-TW"), None),
    opencc("s2twp", Region::Cn, Some("zh-TW"), None),
    opencc("s2hk", Region::Cn, Some("zh-HK"), None),
    opencc("s2hkp", Region::Cn, Some("zh-HK"), Some("s2hk")),
    opencc("t2s", Region::Tw, Some("zh-Hans"), None),
    opencc("t2tw", Region::Tw, None, None),
    opencc("t2hk", Region::Tw, None, None),
    opencc("t2jp", Region::Tw, None, None),
    opencc("tw2s", Region::Tw, Some("zh-Hans"), None),
    opencc("tw2sp", Region::Tw, Some("zh-CN"), None),
    opencc("tw2t", Region::Tw, None, None),
    opencc("hk2s", Region::Hk, Some("zh-Hans"), None),
    opencc("hk2sp", Region::Hk, Some("zh-CN"), Some("hk2s")),
    opencc("hk2t", Region::Hk, None, None),
    native("native-tw", Region::Cn, Region::Tw, Some("s2twp"), None, "zh-TW"),
    native("native-hk", Region::Cn, Region::Hk, Some("s2hkp"), Some("s2hk"), "zh-HK"),
    native("native-cn", Region::Tw, Region::Cn, Some("tw2sp"), None, "zh-CN"),
    native("native-hk-cn", Region::Hk, Region::Cn, Some("hk2sp"), Some("hk2s"), "zh-CN"),
    native("native-tw-hk", Region::Tw, Region::Hk, None, None, "zh-HK"),
    native("native-hk-tw", Region::Hk, Region::Tw, None, None, "zh-TW"),
];

impl Route {
    pub fn find(name: &str) -> crate::Result<&'static Self> {
        ROUTES.iter().find(|route| route.name == name).ok_or_else(|| {
            let names: Vec<_> = ROUTES.iter().map(|route| route.name).collect();
            format!("there is no route {name}; there are {}", names.join(", ")).into()
        })
    }

    /// The configuration for an engine with OpenCC's configurations, of which
    /// `find` gives those that it has.
    pub fn nearest<T>(&self, find: impl Fn(&str) -> Option<T>) -> Option<T> {
        [self.opencc, self.fallback].into_iter().flatten().find_map(find)
    }

    /// Whether OpenCC's regional vocabulary takes part.
    pub fn vocabulary(&self) -> bool {
        self.native.is_some() || self.opencc.is_some_and(|name| name.ends_with('p') && name != "t2jp")
    }
}
