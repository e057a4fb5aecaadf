//! The built-in lexicons, compiled by `build.rs` and used in place.

use std::borrow::Cow;
use std::sync::OnceLock;

use fst::raw::Fst;

use crate::lexicon::{Family, Records, Route, pages};
use crate::locale::Variety;
use crate::native::conditions::{Conditions, List};
use crate::native::rules::{Neighbours, Rule, RuleBook, Rules, Words};
use crate::native::{Native, Policy};
use crate::{Locale, OpenccConfig, Terms};

/// Bytes at an address that suits any number.
#[repr(C, align(8))]
struct Aligned<T: ?Sized>(T);

/// A file that `build.rs` wrote, embedded.
macro_rules! embed {
    ($name:literal) => {{
        static FILE: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/", $name)));
        &FILE.0
    }};
}

/// A family as `build.rs` writes it.
struct FamilyData {
    fst: &'static [u8],
    firsts: &'static [u8],
    buckets: &'static [u8],
    slots: &'static [u8],
    tails: &'static [u8],
    longer: &'static [u8],
    held: u32,
    joints: &'static [u8],
    blocks: &'static [u8],
    cells: &'static [u8],
    arena: &'static [u8],
    pool: &'static [u8],
    costs: &'static [u8],
    char_costs: &'static [u8],
}

/// A route as `build.rs` writes it.
struct RouteData {
    pages: &'static [u8],
    /// Those of its family.
    blocks: &'static [u8],
    specials: &'static [u8],
    normalize: &'static [u8],
    pairs: &'static [u8],
    filter: &'static [u8],
    explicit: &'static [u8],
    ranks: &'static [u8],
    records: &'static [u8],
    wide: bool,
    base: Option<&'static RouteData>,
    keys: &'static [u8],
    neighbours: &'static [u8],
    segmented: bool,
    sparse: bool,
    ascii_starts: u128,
    ascii_reach: Option<u8>,
    cell: OnceLock<Route>,
}

/// Embedded bytes as numbers, in place.
fn numbers<T: bytemuck::Pod>(bytes: &'static [u8]) -> Cow<'static, [T]> {
    Cow::Borrowed(bytemuck::cast_slice(bytes))
}

impl FamilyData {
    fn open(&'static self) -> Family {
        #[allow(clippy::panic, reason = "the bytes are built in; every test would fail")]
        let fst =
            Fst::new(Cow::Borrowed(self.fst)).unwrap_or_else(|error| panic!("the built-in lexicon is broken: {error}"));
        Family {
            fst,
            firsts: numbers(self.firsts),
            buckets: numbers(self.buckets),
            slots: numbers(self.slots),
            tails: numbers(self.tails),
            longer: numbers(self.longer),
            held: self.held,
            joints: numbers(self.joints),
            blocks: numbers(self.blocks),
            cells: numbers(self.cells),
            arena: numbers(self.arena),
            pool: numbers(self.pool),
            costs: Cow::Borrowed(self.costs),
            char_costs: Cow::Borrowed(self.char_costs),
        }
    }
}

impl RouteData {
    fn open(&'static self) -> &'static Route {
        self.cell.get_or_init(|| Route {
            pages: numbers(self.pages),
            built_in: Some(pages(bytemuck::cast_slice(self.pages), bytemuck::cast_slice(self.blocks))),
            specials: numbers(self.specials),
            normalize: numbers(self.normalize),
            pairs: numbers(self.pairs),
            filter: numbers(self.filter),
            records: Records {
                explicit: numbers(self.explicit),
                ranks: numbers(self.ranks),
                packed: Cow::Borrowed(self.records),
                wide: self.wide,
            },
            base: self.base.map(Self::open),
            keys: numbers(self.keys),
            neighbours: numbers(self.neighbours),
            segmented: self.segmented,
            sparse: self.sparse,
            ascii_starts: self.ascii_starts,
            ascii_reach: self.ascii_reach,
        })
    }
}

#[allow(clippy::all, clippy::pedantic, reason = "generated")]
mod generated {
    #[allow(unused_imports, reason = "a build without native routes has no rules")]
    use super::{Aligned, Conditions, FamilyData, List, Neighbours, OnceLock, RouteData, Rule, RuleBook, Rules, Words};
    include!(concat!(env!("OUT_DIR"), "/lexicons.rs"));

    pub(super) fn family(name: &str) -> &'static FamilyData {
        match name {
            "ts" => &TS,
            "hans" => &HANS,
            "hant" => &HANT,
            _ => &TT,
        }
    }

    pub(super) fn native(name: &str) -> &'static RouteData {
        match name {
            "hans_tw" => &HANS_TW,
            "hans_hk" => &HANS_HK,
            "hans_hant" => &HANS_HANT,
            "tw_cn" => &TW_CN,
            "hk_cn" => &HK_CN,
            "tw_hk" => &TW_HK,
            "hk_tw" => &HK_TW,
            _ => &HANT_HANS,
        }
    }

    pub(super) fn part(name: &str) -> &'static RouteData {
        match name {
            "tw2tp" => &TW2TP,
            "hk2tp" => &HK2TP,
            _ => &NORMALIZE,
        }
    }

    pub(super) fn route(config: crate::OpenccConfig, tofu: bool) -> &'static RouteData {
        use crate::OpenccConfig::{
            Hk2s, Hk2sp, Hk2t, Jp2t, S2hk, S2hkp, S2t, S2tw, S2twp, T2hk, T2jp, T2s, T2tw, Tw2s, Tw2sp, Tw2t,
        };
        match (config, tofu) {
            (S2t, _) => &S2T,
            (S2tw, _) => &S2TW,
            (S2twp, _) => &S2TWP,
            (S2hk, _) => &S2HK,
            (S2hkp, _) => &S2HKP,
            (T2s, false) => &T2S,
            (T2s, true) => &T2S_TOFU,
            (Tw2s, false) => &TW2S,
            (Tw2s, true) => &TW2S_TOFU,
            (Tw2sp, false) => &TW2SP,
            (Tw2sp, true) => &TW2SP_TOFU,
            (Hk2s, false) => &HK2S,
            (Hk2s, true) => &HK2S_TOFU,
            (Hk2sp, false) => &HK2SP,
            (Hk2sp, true) => &HK2SP_TOFU,
            (T2tw, _) => &T2TW,
            (Tw2t, _) => &TW2T,
            (T2hk, _) => &T2HK,
            (Hk2t, _) => &HK2T,
            (T2jp, _) => &T2JP,
            (Jp2t, _) => &JP2T,
        }
    }
}

/// The family of a configuration.
pub(crate) fn family(config: OpenccConfig) -> &'static Family {
    let spec = crate::opencc::spec::SPECS.iter().find(|spec| spec.name == config.name());
    family_by_name(spec.map_or("tt", |spec| spec.family))
}

/// The lexicon that holds the words of a configuration's texts, if native routes are built in.
pub(crate) fn words(config: OpenccConfig) -> &'static Family {
    family_by_name(if config.name().starts_with('s') { "hans" } else { "hant" })
}

/// A stage that is no configuration of its own: `tw2tp`, `hk2tp`, `normalize`.
pub(crate) fn part(name: &str) -> (&'static Family, &'static Route) {
    (family_by_name("tt"), generated::part(name).open())
}

fn family_by_name(name: &str) -> &'static Family {
    static TS: OnceLock<Family> = OnceLock::new();
    static TT: OnceLock<Family> = OnceLock::new();
    static HANS: OnceLock<Family> = OnceLock::new();
    static HANT: OnceLock<Family> = OnceLock::new();
    let cell = match name {
        "ts" => &TS,
        "hans" => &HANS,
        "hant" => &HANT,
        _ => &TT,
    };
    cell.get_or_init(|| generated::family(name).open())
}

/// The marks of regions, and what each says; see [`crate::lexicon::regions`].
#[cfg(feature = "native")]
pub(crate) fn regions() -> &'static Fst<Cow<'static, [u8]>> {
    static REGIONS: OnceLock<Fst<Cow<'static, [u8]>>> = OnceLock::new();
    #[allow(clippy::panic, reason = "the bytes are built in; every test would fail")]
    REGIONS.get_or_init(|| {
        Fst::new(Cow::Borrowed(embed!("regions.fst"))).unwrap_or_else(|error| panic!("the marks are broken: {error}"))
    })
}

/// The lexicon of Simplified texts on its way to Taiwan and to Hong Kong: cells tell the scripts apart.
#[cfg(feature = "native")]
pub(crate) fn scripts() -> (&'static Family, [&'static Route; 2]) {
    (family_by_name("hans"), ["hans_tw", "hans_hk"].map(|name| generated::native(name).open()))
}

/// The route of a configuration.
pub(crate) fn route(config: OpenccConfig, tofu: bool) -> &'static Route {
    generated::route(config, tofu).open()
}

/// The rules of characters.
#[inline]
pub(crate) fn rule_book() -> &'static RuleBook {
    &generated::RULES
}

/// What may stand beside terms.
#[inline]
pub(crate) fn conditions() -> &'static Conditions {
    &generated::CONDITIONS
}

/// The lexicon of Simplified texts.
pub(crate) fn family_of_hans() -> &'static Family {
    family_by_name("hans")
}

/// The values that the table of a script gives for a character that has several, the first of them its default.
pub(crate) fn candidates(from_hans: bool, c: char) -> impl Iterator<Item = char> {
    let [hans, hant] = generated::CANDIDATES;
    let lines = if from_hans { hans } else { hant }.lines();
    let line = lines.map(str::chars).find_map(|mut line| (line.next() == Some(c)).then_some(line));
    line.into_iter().flatten()
}

/// The native route between two locales.
pub(crate) fn native(from: Locale, to: Locale, terms: &Terms) -> Native {
    use Variety::{Cn, Hans, Hant, Hk, Tw};
    let (name, strict) = match (from.variety, to.variety) {
        (Hans | Cn, Tw) => ("hans_tw", false),
        (Hans | Cn, Hk) => ("hans_hk", false),
        (Hans | Cn, Hant) => ("hans_hant", false),
        (Tw, Cn) => ("tw_cn", false),
        (Hk, Cn) => ("hk_cn", false),
        (Hant, Cn) | (Hant | Tw | Hk, Hans) => ("hant_hans", false),
        (Tw | Hant, Hk) => ("tw_hk", false),
        (Hk | Hant, Tw) => ("hk_tw", false),
        // Clean-up within a locale: stray characters of the other script.
        (Tw, Tw) => ("hans_tw", true),
        (Hk, Hk) => ("hans_hk", true),
        (Hant | Tw | Hk, Hant) => ("hans_hant", true),
        (Hans | Cn, Hans | Cn) => ("hant_hans", true),
    };
    let regional =
        !matches!(from.variety, Hans | Hant) && !matches!(to.variety, Hans | Hant) && from.variety != to.variety;
    let policy = if regional { terms.policy() } else { Terms::None.policy() };
    let from_hans = name.starts_with("hans");
    let target = match to.variety {
        Tw => 0,
        Hk => 1,
        _ => 2,
    };
    Native {
        family: family_by_name(if from_hans { "hans" } else { "hant" }),
        route: generated::native(name).open(),
        policy,
        rules: rule_book(),
        target,
        strict,
        glyphs: None,
    }
}

impl Terms {
    fn policy(&self) -> Policy {
        let none = Policy { safe: false, domains: 0, detect: false, broad: false };
        match self {
            Self::None => none,
            Self::Safe => Policy { safe: true, ..none },
            Self::Auto => Policy { safe: true, detect: true, ..none },
            Self::Domains(list) => {
                let domains = list.iter().fold(0, |bits, domain| bits | 1 << domain.number());
                Policy { safe: true, domains, ..none }
            }
            Self::Broad => Policy { safe: true, domains: u32::MAX, detect: false, broad: true },
        }
    }
}
