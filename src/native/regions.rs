//! From tables to the map of regional marks that detection reads: words in Traditional characters, and who writes
//! them.
//!
//! The map holds what is listed for detection, and short words that the Mainland alone writes. The words of Taiwan and Hong
//! Kong are not in it: the lexicon of Traditional texts has them, and its terms tell who writes them (`usage`).
//! A longer word that all regions write shields the marks inside it: 名著 says nothing of 著. Run by `build.rs`.

use std::collections::{BTreeMap, BTreeSet};

use super::compose::{NativeFamily, Sources};
use crate::lexicon::regions::{ALL, CANTONESE, CN, HK, TW, pack};
use crate::table::{LocaleColumn, Table, Tier};

/// What a word of the Mainland counts, in bits: people elsewhere read and quote its words.
const MAINLAND: u64 = 2;
/// The longest of these words, in characters.
const LONGEST: usize = 4;
/// Domains of names: there are too many, and one that is written nowhere else says little.
const NAMES: [&str; 3] = ["companies", "people", "places"];

/// The map from marks to what they say; `hans` spells the Mainland's words in Traditional characters, `lists` are the marks
/// under `dictionaries/regions/`.
///
/// # Errors
///
/// A line of a list that is not understood, a word in two lists.
pub fn regions(sources: &Sources, hans: &NativeFamily, lists: &[Table]) -> Result<BTreeMap<String, u64>, String> {
    // To Taiwan, to Hong Kong, in OpenCC's standard.
    let spell = |word: &str| -> Vec<String> {
        hans.routes
            .iter()
            .map(|(_, route)| {
                let value = |key: &str| route.entries.get(key).map(|target| target.value.clone());
                value(word).unwrap_or_else(|| {
                    word.chars().map(|c| value(c.encode_utf8(&mut [0; 4])).unwrap_or_else(|| c.to_string())).collect()
                })
            })
            .collect()
    };

    // Who writes a word at all; which words of the Mainland are sure to mean one thing; which words tell only of their domain.
    let mut written: BTreeMap<String, u64> = BTreeMap::new();
    let (mut sure, mut signs): (BTreeSet<String>, BTreeSet<String>) = Default::default();
    for (table, concept) in sources.concepts.iter().flat_map(|(_, t)| t.concepts.iter().map(move |c| (t, c))) {
        let is_name = table.field("domain").is_some_and(|domain| NAMES.contains(&domain));
        for column in LocaleColumn::ALL {
            let region = match column {
                LocaleColumn::Cn => CN,
                LocaleColumn::Tw => TW,
                LocaleColumn::Hk => HK,
            };
            let side = concept.side(column);
            // `-`: the region uses the Mainland's word.
            let words = if side.words.is_empty() { &concept.side(LocaleColumn::Cn).words } else { &side.words };
            let foreign = column == LocaleColumn::Cn || side.words.is_empty();
            for word in words {
                for spelling in if foreign { spell(word) } else { vec![word.clone()] } {
                    let is_sure = side.uses.tier == Tier::Safe && side.uses.condition.is_empty();
                    if column == LocaleColumn::Cn && is_sure && !is_name {
                        sure.insert(spelling.clone());
                    }
                    if concept.sign {
                        signs.insert(spelling.clone());
                    }
                    *written.entry(spelling).or_default() |= region;
                }
            }
        }
    }
    let is_short = |word: &str| (2..=LONGEST).contains(&word.chars().count());
    let mut map: BTreeMap<String, u64> = written
        .iter()
        .filter(|(word, regions)| **regions == CN && sure.contains(*word) && is_short(word))
        .map(|(word, regions)| (word.clone(), pack(*regions, MAINLAND)))
        .collect();
    let mut listed = BTreeSet::new();
    for entry in lists.iter().flat_map(|list| &list.entries) {
        if !listed.insert(&entry.key) {
            return Err(format!("regions: `{}` is listed twice", entry.key));
        }
        let mut value = 0;
        for field in &entry.values {
            value |= match (field.as_str(), field.parse::<u64>()) {
                ("cn", _) => CN,
                ("tw", _) => TW,
                ("hk", _) => HK,
                ("all", _) => ALL,
                ("yue", _) => CANTONESE,
                (_, Ok(bits @ 0..=8)) => pack(0, bits),
                _ => return Err(format!("regions: `{field}` of `{}` is not understood", entry.key)),
            };
        }
        map.insert(entry.key.clone(), value);
    }

    let shields = written.iter().filter(|(_, regions)| **regions == ALL).map(|(word, _)| word.clone());
    // A counted word of the Mainland shields what it holds, unless its own glyphs tell regions apart (貼著 and 貼着).
    let tells = |c: char| map.contains_key(c.encode_utf8(&mut [0; 4]) as &str);
    let counted = sources.words.iter().filter(|(_, count)| **count > 0).flat_map(|(word, _)| {
        let spellings = spell(word);
        let same = |a: &str, b: &str| a.chars().zip(b.chars()).all(|(a, b)| a == b || !tells(a) && !tells(b));
        let plain = spellings.iter().all(|a| spellings.iter().all(|b| same(a, b)));
        if plain { spellings } else { Vec::new() }
    });
    let shields: Vec<String> =
        shields.chain(counted).filter(|word| !map.contains_key(word) && holds_a_mark(word, &map)).collect();
    let signs = signs.into_iter().filter(|word| written.get(word) == Some(&ALL) && !map.contains_key(word));
    let shields: Vec<String> = shields.into_iter().chain(signs.collect::<Vec<_>>()).collect();
    map.extend(shields.into_iter().map(|word| (word, pack(ALL, 0))));
    Ok(map)
}

/// Whether a mark is a part of the word.
fn holds_a_mark(word: &str, map: &BTreeMap<String, u64>) -> bool {
    let ends = || word.char_indices().map(|(at, c)| at + c.len_utf8());
    let starts = word.char_indices().map(|(at, _)| at);
    starts.flat_map(|from| ends().filter_map(move |to| word.get(from..to))).any(|part| map.contains_key(part))
}
