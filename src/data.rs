//! The built-in lexicons, compiled by `build.rs` and used in place.

use std::borrow::Cow;
use std::sync::OnceLock;

use fst::raw::Fst;

use crate::OpenccConfig;
use crate::lexicon::{Family, Route};

/// A family as `build.rs` writes it.
struct FamilyData {
    fst: &'static [u8],
    arena: &'static [u8],
    filter: &'static [u64],
    slots: &'static [[u32; 4]],
    blocks: &'static [[u32; 64]],
    ascii_starts: u128,
}

impl FamilyData {
    fn open(&'static self) -> Family {
        #[allow(clippy::panic, reason = "the bytes are built in; every test would fail")]
        let fst =
            Fst::new(Cow::Borrowed(self.fst)).unwrap_or_else(|error| panic!("the built-in lexicon is broken: {error}"));
        Family {
            fst,
            filter: Cow::Borrowed(self.filter),
            slots: Cow::Borrowed(self.slots),
            blocks: Cow::Borrowed(self.blocks),
            arena: Cow::Borrowed(self.arena),
            ascii_starts: self.ascii_starts,
        }
    }
}

#[allow(clippy::all, clippy::pedantic, reason = "generated")]
mod generated {
    use super::{Cow, FamilyData, Route};
    include!(concat!(env!("OUT_DIR"), "/lexicons.rs"));

    pub(super) fn family(name: &str) -> &'static FamilyData {
        match name {
            "st" => &ST,
            "ts" => &TS,
            _ => &TT,
        }
    }

    pub(super) fn part(name: &str) -> &'static Route {
        match name {
            "tw2tp" => &TW2TP,
            "hk2tp" => &HK2TP,
            _ => &NORMALIZE,
        }
    }

    pub(super) fn route(config: crate::OpenccConfig, tofu: bool) -> &'static Route {
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

/// A stage that is no configuration of its own: `tw2tp`, `hk2tp`, `normalize`.
pub(crate) fn part(name: &str) -> (&'static Family, &'static Route) {
    (family_by_name("tt"), generated::part(name))
}

fn family_by_name(name: &str) -> &'static Family {
    static ST: OnceLock<Family> = OnceLock::new();
    static TS: OnceLock<Family> = OnceLock::new();
    static TT: OnceLock<Family> = OnceLock::new();
    let cell = match name {
        "st" => &ST,
        "ts" => &TS,
        _ => &TT,
    };
    cell.get_or_init(|| generated::family(name).open())
}

/// The route of a configuration.
pub(crate) fn route(config: OpenccConfig, tofu: bool) -> &'static Route {
    generated::route(config, tofu)
}
