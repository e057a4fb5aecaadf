//! Which regions write a word, read from the terms of the routes between them.
//!
//! A safe term from Taiwan to the Mainland promises that the Mainland does not write the word; whether Taiwan writes it shows
//! in that it has terms at all. So the lexicon of Traditional texts tells who writes its words, and needs no list besides.
//! As everywhere, the lattice says whether a word stands there: 的士 does not in 城堡的士兵.

use super::{Native, hold, lattice};
use crate::lexicon::regions::{ALL, CN, HK, TW};
use crate::lexicon::{ABSENT, Match, TERMS};
use crate::{Locale, Terms, data};

/// The routes whose terms are read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Usage {
    tw_cn: Native,
    tw_hk: Native,
    hk_cn: Native,
    hk_tw: Native,
}

impl Usage {
    pub fn new() -> Self {
        let [cn, tw, hk] = [Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, Locale::ZH_HANT_HK];
        let route = |from, to| data::native(from, to, &Terms::None);
        Self { tw_cn: route(tw, cn), tw_hk: route(tw, hk), hk_cn: route(hk, cn), hk_tw: route(hk, tw) }
    }

    /// The longest word at `at` that some region does not write: its length, and the regions that write it.
    pub fn word(&self, text: &str, at: usize, taken: usize) -> Option<(usize, u64)> {
        let rest = text.as_bytes().get(at..)?;
        let mut longest = None;
        self.tw_cn.family.matches(rest, |m| {
            if let Some(regions) = self.regions(text, at, m) {
                longest = Some((m.length, regions));
            }
        });
        longest.filter(|&(length, _)| !self.is_broken(text, at, length, taken))
    }

    /// Whether other words make something else of the word at `at`: 區選 does not stand in 地區選舉.
    pub fn is_broken(&self, text: &str, at: usize, length: usize, taken: usize) -> bool {
        lattice::word(&self.tw_cn, text, at, taken, length) != Some(length)
    }

    fn regions(&self, text: &str, at: usize, m: Match) -> Option<u64> {
        let [tw_cn, tw_hk, hk_cn, hk_tw] =
            [&self.tw_cn, &self.tw_hk, &self.hk_cn, &self.hk_tw].map(|native| terms(native, text, at, m));
        let (tw, hk) = (tw_cn.or(tw_hk).is_some(), hk_cn.or(hk_tw).is_some());
        let mut regions = if tw { TW } else { 0 } | if hk { HK } else { 0 };
        let safe = |term: Option<bool>| term == Some(true);
        if !safe(tw_cn) && !safe(hk_cn) {
            regions |= CN;
        }
        if !hk && !safe(tw_hk) {
            regions |= HK;
        }
        if !tw && !safe(hk_tw) {
            regions |= TW;
        }
        ((tw || hk) && regions != ALL).then_some(regions)
    }
}

/// Whether a key has terms on a route, and whether one is safe here.
fn terms(native: &Native, text: &str, at: usize, m: Match) -> Option<bool> {
    let record = native.route.record(m.number).filter(|record| record & ABSENT == 0 && record & TERMS != 0)?;
    let (_, mut terms) = native.family.terms(record);
    Some(terms.any(|(meta, _)| meta & 3 == 0 && hold(text, at, m.length, meta >> 8)))
}
