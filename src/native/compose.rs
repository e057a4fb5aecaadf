//! From tables to the native lexicons: script phrases, regional glyphs, terms and guard words, composed into one
//! lexicon per source script.
//!
//! Keys are spelled in the source locale, values in the target locale; nothing is converted twice. Run by `build.rs`.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::domain::VOCABULARY;
use super::places::{OTHERS, SHOWN, neighbour, place, shown};
use crate::lexicon::compile::{Kind, RouteSource, Target};
use crate::lexicon::naive::{Dictionary, convert_stage, short_circuit};
use crate::lexicon::{KANA, RULE, SOURCE, TARGET, UNKNOWN, VARIATION};
use crate::opencc::compose::{Map, Tables};
use crate::table::{ConceptTable, Condition, LocaleColumn, Table, Tier};

/// A count that a phrase of OpenCC has at least; it moves fixes against breaks from 2:1 to 9:1.
const PHRASE_FLOOR: u64 = 500;
/// A count from which a word of Traditional texts competes that no character needs.
const COMMON: u64 = 200;
/// A count that a term has at least. One of three characters or more often ends with the first character of the next word, so
/// it has to yield to two ordinary words: 环卫|工作, not 环卫工|作.
const fn term_floor(characters: usize) -> u64 {
    match characters {
        3 => 6,
        4 => 30,
        5 => 60,
        _ => 200,
    }
}
/// Words of so many characters are compounds.
const LONG: usize = 3;
/// Terms of so many characters may be made of words.
const COMPOUND: usize = 4;
/// What a text costs that no words make.
const NEVER: u32 = u32::MAX / 2;

/// Characters of foreign names that the script conversion takes for others: 里 for 裡, 布 for 佈.
const KEPT: &str = "里布干谷范余朴松卜";

/// The tables that native routes are made from.
#[derive(Debug)]
pub struct Sources {
    /// OpenCC's tables and what is derived from them.
    pub opencc: Tables,
    /// Word counts.
    pub words: BTreeMap<String, u64>,
    /// Counts of ours, which hold for phrases too, whatever their floor.
    pub own_words: BTreeMap<String, u64>,
    /// The sum of all counts.
    pub total: u64,
    /// Our own phrases, Simplified to Traditional in OpenCC's standard orthography.
    pub phrases: Map,
    /// Our own character defaults, Simplified to Traditional.
    pub characters: Map,
    /// Glyphs as people write them, from OpenCC's Taiwan standard, for Taiwan and for Hong Kong.
    pub glyphs: [Map; 2],
    /// The glyphs of the standards, from those: 台 for 臺 in Taiwan, 線 for 綫 in Hong Kong.
    pub official: [Map; 2],
    /// Our own phrases, Traditional to Simplified.
    pub reverse_phrases: Map,
    /// The lines of the rules.
    pub rules: Vec<RuleLine>,
    /// The concept tables with the number of their domain.
    pub concepts: Vec<(u32, ConceptTable)>,
    /// Words that a region alone writes, in Simplified characters, with the names of the regions; `weak`: more or less.
    pub vocabulary: BTreeMap<String, Vec<String>>,
}

/// What `compile` needs for one source script.
#[derive(Debug, Default)]
pub struct NativeFamily {
    /// The routes by name.
    pub routes: Vec<(String, RouteSource)>,
    /// The words of the lattice with their costs.
    pub words: BTreeMap<String, u8>,
}

/// Conditions of terms, numbered; number 0 asks for nothing.
#[derive(Debug)]
pub struct Conditions(pub Vec<Condition>, BTreeMap<String, u32>);

impl Default for Conditions {
    fn default() -> Self {
        Self(vec![Condition::default()], BTreeMap::new())
    }
}

impl Conditions {
    fn number(&mut self, condition: &Condition) -> u32 {
        if condition.is_empty() {
            return 0;
        }
        let all = &mut self.0;
        *self.1.entry(format!("{condition:?}")).or_insert_with(|| {
            all.push(condition.clone());
            (all.len() - 1) as u32
        })
    }
}

/// The meta word of a term: tier in bits 0–1 (3: broad, but written where it stands alone), domain in bits 2–6, whether it is common in bit 7, condition above.
fn meta(tier: Tier, domain: u32, common: bool, condition: u32) -> u32 {
    let tier = match tier {
        Tier::Safe => 0,
        Tier::Domain => 1,
        Tier::Broad | Tier::No => 2,
    };
    tier | domain << 2 | u32::from(common) << 7 | condition << 8
}

/// The cost of a word: a quarter of a nat, rounded.
fn cost(count: u64, total: u64) -> u8 {
    let nats = (total.max(1) as f64 / count.max(1) as f64).ln();
    (nats * 4.0).round().clamp(0.0, 254.0) as u8
}

/// The costs of words with these counts.
///
/// A term of [`COMPOUND`] characters or more whose own count nobody knows costs nine tenths of the words that it is made of, which
/// stand together more often than by chance. So it decides little beyond its edges: 測試|程式碼, as if 測試程式 were no term. A count that is
/// just [`term_floor`] is taken for none.
fn costs(words: &BTreeMap<String, u64>, total: u64) -> BTreeMap<String, u8> {
    let mut costs: BTreeMap<String, u8> =
        words.iter().map(|(word, &count)| (word.clone(), cost(count, total))).collect();
    let compounds = words.iter().filter_map(|(word, &count)| {
        let length = word.chars().count();
        (length >= COMPOUND && count == term_floor(length)).then_some((length, word))
    });
    let mut compounds: Vec<(usize, &String)> = compounds.collect();
    // Shorter ones may be parts of longer ones.
    compounds.sort();
    for (length, word) in compounds {
        let edges: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        // What the cheapest words up to each character cost, and the same without words of one character.
        let mut best = vec![[0u32; 2]];
        for end in 1..edges.len() {
            let mut cheapest = [NEVER; 2];
            for start in (0..end).filter(|start| end - start < length) {
                let part = word.get(edges[start]..edges[end]).unwrap_or_default();
                let single = end - start == 1;
                let Some(price) = costs.get(part).copied().or(single.then_some(UNKNOWN)) else { continue };
                let [any, whole] = best[start].map(|before| before + u32::from(price));
                cheapest = [cheapest[0].min(any), cheapest[1].min(if single { NEVER } else { whole })];
            }
            best.push(cheapest);
        }
        let &[parts, whole] = best.last().unwrap_or(&[NEVER; 2]);
        if let Some(cost) = costs.get_mut(word).filter(|_| whole < NEVER) {
            *cost = (*cost).max(u8::try_from(parts - parts / 10).unwrap_or(u8::MAX));
        }
    }
    costs
}

fn first_char(key: &str) -> Option<char> {
    let mut chars = key.chars();
    chars.next().filter(|_| chars.next().is_none())
}

impl Sources {
    #[allow(clippy::type_complexity, reason = "a table of three rows, read once")]
    /// The lexicon of Simplified texts: to Taiwan, to Hong Kong, to plain Traditional.
    #[must_use]
    pub fn hans(&self, conditions: &mut Conditions) -> NativeFamily {
        let st_characters = self.opencc.get("STCharacters");
        let mut phrases = self.opencc.get("STPhrases");
        phrases.retain(|key, _| self.words.get(key) != Some(&0));
        phrases.extend(self.phrases.clone());
        // Words keep what OpenCC's defaults give them; our defaults are for characters that stand alone.
        let mut characters = st_characters.clone();
        characters.extend(self.characters.clone());

        // A guard word that is no phrase is converted as OpenCC would convert it alone: 头发丝 → 頭髮絲. One that is taken out decides nothing.
        let standard = Dictionary::new(short_circuit(&[phrases.clone(), st_characters]));
        let mut entries: Map = phrases.clone();
        for (word, _) in self.words.iter().filter(|(word, n)| **n > 0 && first_char(word).is_none()) {
            let value = convert_stage(&standard, word);
            entries.entry(word.clone()).or_insert(value);
        }

        let tw_stage =
            Dictionary::new(short_circuit(&[self.opencc.get("TWVariantsPhrases"), self.opencc.get("TWVariants")]));
        let [tw_glyphs, hk_glyphs] = self.glyphs.clone().map(Dictionary::new);
        let to_tw = |value: &str| convert_stage(&tw_glyphs, &convert_stage(&tw_stage, value));
        let to_hk = |value: &str| convert_stage(&hk_glyphs, &convert_stage(&tw_stage, value));
        let plain = |value: &str| value.to_owned();

        let mut words: BTreeMap<String, u64> =
            self.words.iter().filter(|(_, n)| **n > 0).map(|(w, n)| (w.clone(), *n)).collect();
        for key in phrases.keys().filter(|key| !self.own_words.contains_key(*key)) {
            let count = words.entry(key.clone()).or_default();
            *count = (*count).max(PHRASE_FLOOR);
        }
        let mut family = NativeFamily::default();
        let targets: [(&str, &dyn Fn(&str) -> String, Option<LocaleColumn>); 3] = [
            ("hans_tw", &to_tw, Some(LocaleColumn::Tw)),
            ("hans_hk", &to_hk, Some(LocaleColumn::Hk)),
            ("hans_hant", &plain, None),
        ];
        for (name, glyphs, column) in targets {
            let mut singles: Map = characters.iter().map(|(key, value)| (key.clone(), glyphs(value))).collect();
            // Characters that are the same in both scripts but have regional glyphs: 着 → 著.
            for key in
                self.opencc.get("TWVariants").into_keys().chain(self.glyphs.iter().flat_map(|g| g.keys().cloned()))
            {
                if first_char(&key).is_some() {
                    let value = glyphs(&key);
                    singles.entry(key).or_insert(value);
                }
            }
            let mut values: Map = entries.iter().map(|(key, value)| (key.clone(), glyphs(value))).collect();
            if column.is_none() {
                spell_words(&words, &mut values, &singles);
            }
            let mut route = script_route(&singles, &values);
            if let Some(column) = column {
                let script = Dictionary::new(short_circuit(&[values.clone(), singles.clone()]));
                let spell = |w: &str| convert_stage(&script, w);
                self.add_terms(&mut route, &mut words, conditions, LocaleColumn::Cn, column, [&spell, &spell]);
                for (word, weak) in self.vocabulary_of(column) {
                    let target = route.entries.entry(word.clone()).or_insert_with(|| Target::new(spell(word)));
                    target.terms.push((meta(Tier::Safe, VOCABULARY, weak, 0), String::new()));
                    let count = words.entry(word.clone()).or_default();
                    *count = (*count).max(term_floor(word.chars().count()));
                }
            }
            self.add_cells(&mut route, true);
            // Hong Kong's terms are many, and its own.
            route.filter = u8::from(column == Some(LocaleColumn::Hk));
            if column.is_some() {
                Self::close(&mut route, &mut words, conditions);
            }
            family.routes.push((name.to_owned(), route));
        }
        family.words = costs(&words, self.total);
        family
    }

    /// The words of a region's vocabulary, and whether the Mainland writes them now and then.
    fn vocabulary_of(&self, column: LocaleColumn) -> impl Iterator<Item = (&String, bool)> {
        let has = |marks: &[String], mark: &str| marks.iter().any(|known| known == mark);
        let words = self.vocabulary.iter().filter(move |(_, marks)| has(marks, column.name()));
        words.map(move |(word, marks)| (word, has(marks, "weak")))
    }

    #[allow(clippy::type_complexity, reason = "a table of five rows, read once")]
    /// The lexicon of Traditional texts: to the Mainland, and between Taiwan and Hong Kong.
    #[must_use]
    pub fn hant(&self, conditions: &mut Conditions, words_of_hans: &NativeFamily) -> NativeFamily {
        let pipeline = |name: &str| {
            let spec = crate::opencc::spec::SPECS.iter().find(|spec| spec.name == name);
            spec.map(|spec| self.opencc.pipeline(spec, false)).unwrap_or_default()
        };
        let (tw2s, hk2s) = (pipeline("tw2s"), pipeline("hk2s"));
        let mut characters = Map::new();
        for name in ["TSCharacters", "TWVariantsRev", "HKVariantsRev"] {
            for key in self.opencc.get(name).into_keys() {
                let (tw, hk) = (tw2s.convert_segment(&key), hk2s.convert_segment(&key));
                let value = if tw == key { hk } else { tw };
                characters.entry(key).or_insert(value);
            }
        }
        // 么 is the Simplified 麼 in most texts that hold it, not the Traditional 幺.
        characters.remove("么");
        // Simplified Cantonese writes 嗰; fonts lack 𠮶.
        characters.remove("嗰");
        let mut phrases = Map::new();
        for name in ["TSPhrases", "TWVariantsRevPhrases", "HKVariantsRevPhrases"] {
            for key in self.opencc.get(name).into_keys() {
                let value = if name.starts_with("HK") { hk2s.convert(&key) } else { tw2s.convert(&key) };
                phrases.entry(key).or_insert(value);
            }
        }
        let (ours, of_characters): (Map, Map) =
            self.reverse_phrases.clone().into_iter().partition(|(key, _)| first_char(key).is_none());
        phrases.extend(ours);
        characters.extend(of_characters);
        let floored: Vec<String> = phrases.keys().cloned().collect();

        // Guard words: the Simplified words as the way there writes them.
        let mut words: BTreeMap<String, u64> = BTreeMap::new();
        let mut simplified: BTreeMap<String, (u64, &String)> = BTreeMap::new();
        let table = self.opencc.values("TSCharacters");
        let two_ways: BTreeSet<char> =
            table.iter().filter(|(_, values)| values.len() > 1).filter_map(|(key, _)| first_char(key)).collect();
        if let Some((_, route)) = words_of_hans.routes.first() {
            for (word, &count) in self.words.iter().filter(|(_, n)| **n > 0) {
                let spelled = spelled_by(route, word);
                // Rare words are there for the characters that Simplified texts write in one way and others in two.
                let decides = spelled.chars().any(|c| two_ways.contains(&c)) || first_char(&spelled).is_some();
                if count < COMMON && !decides {
                    continue;
                }
                let known = words.entry(spelled.clone()).or_default();
                *known = (*known).max(count);
                let best = simplified.entry(spelled).or_insert((count, word));
                *best = (*best).max((count, word));
            }
        }
        // They go back to where they came from where a character has two ways to go: 原著 is not 原着. Other differences
        // are odd spellings in the list of words.
        for (spelled, (_, word)) in simplified {
            let default =
                |c: char| characters.get(c.encode_utf8(&mut [0; 4]) as &str).and_then(|v| first_char(v)).unwrap_or(c);
            let same = |(from, to): (char, char)| to == default(from) || "乾著复".contains(to);
            if first_char(&spelled).is_none() && spelled.chars().zip(word.chars()).all(same) {
                phrases.entry(spelled).or_insert_with(|| word.clone());
            }
        }
        for key in &floored {
            let count = words.entry(key.clone()).or_default();
            *count = (*count).max(PHRASE_FLOOR);
        }

        let tw_stage =
            Dictionary::new(short_circuit(&[self.opencc.get("TWVariantsPhrases"), self.opencc.get("TWVariants")]));
        let hk_rev = Dictionary::new(short_circuit(&[
            self.opencc.get("HKVariantsRevPhrases"),
            self.opencc.get("HKVariantsRev"),
        ]));
        let [tw_glyphs, hk_glyphs] = self.glyphs.clone().map(Dictionary::new);
        let mut family = NativeFamily::default();
        // The glyphs of one region in the other: 裏 → 裡, 綫 → 線. Of ours, what one region writes for the other's.
        // 樑 is a beam in both regions; 梁 would be brought back by the phrases that write 樑 for it.
        let mut hk_tw = Map::new();
        for name in ["HKVariantsRev", "TWVariants"] {
            for key in self.opencc.get(name).into_keys() {
                let value = convert_stage(&tw_glyphs, &convert_stage(&tw_stage, &convert_stage(&hk_rev, &key)));
                if first_char(&key).is_some() && value != key && !matches!(key.as_str(), "么" | "樑") {
                    hk_tw.insert(key, value);
                }
            }
        }
        let mut tw_hk = Map::new();
        let (mut tw_hk_phrases, mut hk_tw_phrases) = (Map::new(), Map::new());
        for key in self.glyphs.iter().flat_map(Map::keys) {
            let (tw, hk) = (convert_stage(&tw_glyphs, key), convert_stage(&hk_glyphs, key));
            if first_char(key).is_some() {
                // Hong Kong's own glyphs; of others, the other way, a character may have several sources: 煙 is 煙 and 菸.
                if tw == hk || hk == *key {
                    hk_tw.insert(key.clone(), tw);
                }
                tw_hk.insert(key.clone(), hk);
                continue;
            }
            for source in [key, &tw] {
                tw_hk_phrases.insert(source.clone(), hk.clone());
            }
            for source in [key, &hk] {
                hk_tw_phrases.insert(source.clone(), tw.clone());
            }
        }
        tw_hk.retain(|key, value| key != value);
        for key in tw_hk_phrases.keys().chain(hk_tw_phrases.keys()) {
            let count = words.entry(key.clone()).or_default();
            *count = (*count).max(PHRASE_FLOOR);
        }
        // Longer words keep what stands in them: 計畫書 → 計劃書.
        for (phrases, singles) in [(&mut tw_hk_phrases, &tw_hk), (&mut hk_tw_phrases, &hk_tw)] {
            spell_words(&words, phrases, singles);
        }
        let routes: [(&str, &Map, &Map, Option<(LocaleColumn, LocaleColumn)>); 5] = [
            ("tw_cn", &characters, &phrases, Some((LocaleColumn::Tw, LocaleColumn::Cn))),
            ("hk_cn", &characters, &phrases, Some((LocaleColumn::Hk, LocaleColumn::Cn))),
            ("hant_hans", &characters, &phrases, None),
            ("tw_hk", &tw_hk, &tw_hk_phrases, Some((LocaleColumn::Tw, LocaleColumn::Hk))),
            ("hk_tw", &hk_tw, &hk_tw_phrases, Some((LocaleColumn::Hk, LocaleColumn::Tw))),
        ];
        for (name, singles, keys, columns) in routes {
            let mut keys = Cow::Borrowed(keys);
            if columns.is_none() {
                spell_words(&words, keys.to_mut(), singles);
            }
            let mut route = script_route(singles, &keys);
            if let Some((from, to)) = columns {
                let script = Dictionary::new(short_circuit(&[keys.into_owned(), singles.clone()]));
                let of_hans = if to == LocaleColumn::Tw { "hans_tw" } else { "hans_hk" };
                let of_hans = words_of_hans.routes.iter().find(|(name, _)| name == of_hans).map(|(_, route)| route);
                let mainland = |w: &str| of_hans.map_or_else(|| w.to_owned(), |route| spelled_by(route, w));
                let spell = |w: &str| convert_stage(&script, w);
                self.add_terms(&mut route, &mut words, conditions, from, to, [&spell, &mainland]);
            }
            self.add_cells(&mut route, false);
            if columns.is_some() {
                Self::close(&mut route, &mut words, conditions);
            }
            family.routes.push((name.to_owned(), route));
        }
        for ((_, route), (_, singles, keys, columns)) in family.routes.iter_mut().zip(routes) {
            if let Some((from, to)) = columns {
                let script = Dictionary::new(short_circuit(&[keys.clone(), singles.clone()]));
                self.take_apart(route, &words, [from, to], &|w| convert_stage(&script, w));
            }
        }
        family.words = costs(&words, self.total);
        family
    }

    /// The rules with their sets expanded and their values in each route's glyphs, by character.
    ///
    /// # Errors
    ///
    /// A condition that is not understood, too many rules for one character.
    pub fn rules(&self) -> Result<BTreeMap<char, Vec<Rule>>, String> {
        let tw_stage = Dictionary::new(self.opencc.get("TWVariants"));
        let [tw, hk] = self.glyphs.clone().map(Dictionary::new);
        // The words of a list, where `<name>` stands for a list of its own.
        let list = |set: &str| -> Result<Vec<String>, String> {
            let mut out = Vec::new();
            for word in set.split('|') {
                match word.strip_prefix('<').and_then(|word| word.strip_suffix('>')) {
                    None => out.push(word.replace('_', " ")),
                    Some(name) => {
                        let named = self.rules.iter().find(|line| line.is_list() && line.value == name);
                        let named = named.ok_or_else(|| format!("script/rules.txt: no list `{name}`"))?;
                        out.extend(named.conditions.split('|').map(str::to_owned));
                    }
                }
            }
            Ok(out)
        };
        // A list stands for its characters in a set.
        let characters = |set: &str| {
            let lists = self.rules.iter().filter(|line| line.is_list());
            expand(&lists.fold(set.to_owned(), |set, list| set.replace(&format!("<{}>", list.value), &list.conditions)))
        };
        let mut out: BTreeMap<char, Vec<Rule>> = BTreeMap::new();
        for RuleLine { character, value, conditions, line } in self.rules.iter().filter(|line| !line.is_list()) {
            let region = convert_stage(&tw_stage, value);
            let values = [convert_stage(&tw, &region), convert_stage(&hk, &region), value.clone()];
            let mut rule = Rule {
                values: values.map(|value| value.chars().next().unwrap_or(*character)),
                line: *line,
                ..Rule::default()
            };
            for condition in conditions.split_whitespace() {
                let (name, set) = condition.split_once('=').unwrap_or((condition, ""));
                let index = ["prev", "next", "prev2", "next2", "not_prev", "not_next"].iter().position(|n| *n == name);
                match (index, name, set) {
                    (Some(index), ..) => rule.sets[index] = characters(set),
                    (None, name, set) if WORDS.contains(&name) => {
                        let place = WORDS.iter().position(|n| *n == name).unwrap_or_default();
                        rule.words[place] = list(set)?;
                        // Those nearby are searched for in order.
                        if name.ends_with("near") {
                            rule.words[place].sort();
                            rule.words[place].dedup_by(|next, kept| next.starts_with(kept.as_str()));
                        }
                    }
                    (None, "space", "") => rule.space = true,
                    (None, "free", "") => rule.free = true,
                    (None, "first", "") => rule.first = true,
                    (None, "for", "hk") => rule.only = 1,
                    (None, "for", "yue") => rule.only = 2,
                    _ => return Err(format!("script/rules.txt: `{condition}` of `{character}` is not understood")),
                }
            }
            let rules = out.entry(*character).or_default();
            rules.push(rule);
            if rules.len() > 64 {
                return Err(format!("script/rules.txt: more than 64 rules for `{character}`; join some"));
            }
        }
        Ok(out)
    }

    fn add_terms(
        &self,
        route: &mut RouteSource,
        words: &mut BTreeMap<String, u64>,
        conditions: &mut Conditions,
        from: LocaleColumn,
        to: LocaleColumn,
        [script, mainland]: [&dyn Fn(&str) -> String; 2],
    ) {
        // Texts may be spelled as the standards are: 月臺, 綫上.
        let [tw, hk] = self.official.clone().map(Dictionary::new);
        let official = |word: &String| match from {
            LocaleColumn::Cn => None,
            LocaleColumn::Tw => Some(convert_stage(&tw, word)).filter(|spelled| spelled != word),
            LocaleColumn::Hk => Some(convert_stage(&hk, word)).filter(|spelled| spelled != word),
        };
        for (domain, table) in &self.concepts {
            for concept in &table.concepts {
                let side = concept.side(from);
                let cn = concept.side(LocaleColumn::Cn);
                let listed = side.words.iter().map(|word| (word.clone(), false));
                let waits = matches!(side.uses.tier, Tier::Safe | Tier::Domain);
                let other_glyphs = side.words.iter().filter(|_| waits).filter_map(official);
                for (word, is_respelled) in listed.chain(other_glyphs.map(|word| (word, true))) {
                    let word = &word;
                    // Latin words stay, and a long compound without a way back must not keep its parts from theirs.
                    if word.is_ascii() || side.uses.tier == Tier::No && word.chars().count() >= LONG {
                        continue;
                    }
                    let Some(value) = concept.written(word, to).or_else(|| {
                        // `-`: the Mainland word in the target's script.
                        let of_cn = if from == LocaleColumn::Cn { Some(word) } else { cn.words.first() };
                        of_cn.map(|word| mainland(word))
                    }) else {
                        continue;
                    };
                    let mut spelled = script(word);
                    let kept = (from == LocaleColumn::Cn)
                        .then_some([to, LocaleColumn::Tw, LocaleColumn::Hk])
                        .and_then(|columns| columns.iter().find_map(|&c| kept(word, &spelled, &concept.side(c).words)));
                    if let Some(kept) = &kept {
                        spelled.clone_from(kept);
                    }
                    let known = route.entries.get(word).is_some_and(|target| !target.terms.is_empty());
                    if is_respelled && (known || value == spelled) {
                        continue;
                    }
                    let count = words.entry(word.clone()).or_default();
                    *count = (*count).max(term_floor(word.chars().count()));
                    let target = route.entries.entry(word.clone()).or_insert_with(|| Target::new(spelled.clone()));
                    if kept.is_some() {
                        target.value.clone_from(&spelled);
                    }
                    // A word that only the other region writes otherwise tells of computing all the same.
                    let tells = concept.sign
                        || (*domain, from, side.uses.tier, concept.common) == (0, LocaleColumn::Cn, Tier::Safe, false)
                            && concept.side(LocaleColumn::Tw).words.first()
                                != concept.side(LocaleColumn::Hk).words.first();
                    if side.uses.tier == Tier::No || value == spelled && !tells {
                        continue;
                    }
                    let condition = conditions.number(&side.uses.condition);
                    // The mark is about Mainland words, and about what the others leave to the domain.
                    let common = concept.common && (from == LocaleColumn::Cn || side.uses.tier == Tier::Domain);
                    let alone = u32::from(concept.alone && from == LocaleColumn::Cn && side.uses.tier == Tier::Broad);
                    // What is the same everywhere has no value, and only tells.
                    let value = if value == spelled { String::new() } else { value };
                    let term = (alone | meta(side.uses.tier, *domain, common, condition), value);
                    if !target.terms.contains(&term) {
                        target.terms.push(term);
                    }
                }
            }
        }
        for target in route.entries.values_mut() {
            // Safe before domain before broad; with a condition before without.
            target.terms.sort_by_key(|(meta, _)| (meta & 3, u32::from(meta >> 8 == 0)));
        }
    }

    /// What a route writes is no text of its source, and stays when it is read once more: its values are keys that map to
    /// themselves where their parts would change (休斯敦太空人), unless they are words of the source as well (桌球).
    fn close(route: &mut RouteSource, words: &mut BTreeMap<String, u64>, conditions: &Conditions) {
        let terms = route.entries.values().flat_map(|target| &target.terms);
        let values: BTreeSet<&String> = terms.filter(|(meta, _)| meta & 3 < 2).map(|(_, value)| value).collect();
        let flags = |text: &str| text.chars().fold(0, |flags, c| flags | route.cells.get(&c).copied().unwrap_or(0));
        let changes = |value: &&&String| {
            let seen = flags(value);
            !route.entries.contains_key(**value)
                && (seen & TARGET == 0 || seen & SOURCE != 0)
                && read(route, conditions, value) != ***value
        };
        let closed: Vec<String> = values.iter().filter(changes).map(|value| (*value).clone()).collect();
        for value in closed {
            words.entry(value.clone()).or_insert(term_floor(value.chars().count()));
            route.entries.insert(value.clone(), Target::new(value));
        }
    }

    /// Compounds without a way back that are words for another route's sake: here too their parts change. Those of the other
    /// region alone (幼稚園老師 on the way from Taiwan) become the Mainland's word where it has what their parts become.
    fn take_apart(
        &self,
        route: &mut RouteSource,
        words: &BTreeMap<String, u64>,
        [from, to]: [LocaleColumn; 2],
        script: &dyn Fn(&str) -> String,
    ) {
        let parts: Map = route
            .entries
            .iter()
            .map(|(key, target)| {
                let is_safe = |(meta, value): &&(u32, String)| meta & 3 == 0 && meta >> 8 == 0 && !value.is_empty();
                let safe = target.terms.iter().find(is_safe);
                (key.clone(), safe.map_or_else(|| target.value.clone(), |(_, value)| value.clone()))
            })
            .collect();
        let parts = Dictionary::new(parts);
        let other = if from == LocaleColumn::Tw { LocaleColumn::Hk } else { LocaleColumn::Tw };
        for (domain, table) in &self.concepts {
            for concept in &table.concepts {
                let side = concept.side(from);
                let own = side.words.iter().filter(|_| side.uses.tier == Tier::No).map(|word| (word, true));
                let others = concept.side(other).words.iter().filter(|_| to == LocaleColumn::Cn);
                for (word, is_own) in own.chain(others.map(|word| (word, false))) {
                    if word.chars().count() < LONG || !words.contains_key(word) || route.entries.contains_key(word) {
                        continue;
                    }
                    let (mut value, spelled) = (convert_stage(&parts, word), script(word));
                    if value == spelled {
                        continue;
                    }
                    if !is_own {
                        let Some(word) = confirmed(&concept.side(LocaleColumn::Cn).words, &value, &spelled) else {
                            continue;
                        };
                        value.clone_from(word);
                    }
                    let mut target = Target::new(spelled);
                    target.terms.push((meta(Tier::Safe, *domain, true, 0), value));
                    route.entries.insert(word.clone(), target);
                }
            }
        }
    }

    /// Evidence and decisions by character.
    fn add_cells(&self, route: &mut RouteSource, from_hans: bool) {
        let only = |name: &str| -> BTreeSet<char> {
            let table = self.opencc.values(name);
            // A form that fonts lack is no evidence: Simplified Cantonese writes 嗰, not 𠮶.
            let common = |values: &[String]| values.iter().any(|value| value.chars().all(|c| c < '\u{20000}'));
            let changing = table.iter().filter(|(key, values)| !values.contains(key) && common(values));
            changing.filter_map(|(key, _)| first_char(key)).collect()
        };
        let (mut hans, mut hant) = (only("STCharacters"), only("TSCharacters"));
        // Chemists of the Mainland write 噁.
        hant.remove(&'噁');
        // Traditional texts write these too: 群 床 峰 where OpenCC's standard has 羣 牀 峯.
        for table in [self.opencc.get("TWVariants"), self.opencc.get("HKVariants")].iter().chain(&self.glyphs) {
            hans.retain(|c| !table.values().any(|value| value.contains(*c)));
        }
        let (source, target) = if from_hans { (&hans, &hant) } else { (&hant, &hans) };
        for &c in source {
            *route.cells.entry(c).or_default() |= SOURCE;
        }
        for &c in target.iter().filter(|c| !source.contains(c)) {
            *route.cells.entry(c).or_default() |= TARGET;
        }
        for c in ('\u{3041}'..='\u{3096}').chain('\u{30A1}'..='\u{30FA}') {
            *route.cells.entry(c).or_default() |= KANA;
        }
        for c in '\u{FE00}'..='\u{FE0F}' {
            *route.cells.entry(c).or_default() |= VARIATION;
        }
        if from_hans {
            for line in self.rules.iter().filter(|line| !line.is_list()) {
                *route.cells.entry(line.character).or_default() |= RULE;
            }
        }
        route.normalize =
            self.opencc.get(crate::opencc::spec::NORMALIZATION).keys().filter_map(|k| k.chars().next()).collect();
    }
}

/// The terms of other routes are words here too, and must not hide the phrases in them: 井冈霉素.
fn spell_words(words: &BTreeMap<String, u64>, values: &mut Map, singles: &Map) {
    let script = Dictionary::new(short_circuit(&[values.clone(), singles.clone()]));
    for word in words.keys() {
        values.entry(word.clone()).or_insert_with(|| convert_stage(&script, word));
    }
}

/// What a route makes of a text that stands alone, its terms written: the longest key first.
fn read(route: &RouteSource, conditions: &Conditions, text: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let ends: Vec<usize> = rest.char_indices().map(|(end, c)| end + c.len_utf8()).take(16).collect();
        let found = ends.iter().rev().find_map(|&length| {
            let target = route.entries.get(rest.get(..length)?)?;
            let holds = |condition: &Condition| {
                let (before, after) = (text.get(..at).unwrap_or_default(), rest.get(length..).unwrap_or_default());
                let starts = |words: &[String]| words.iter().any(|word| after.starts_with(word.as_str()));
                let ends = |words: &[String]| words.iter().any(|word| before.ends_with(word.as_str()));
                (condition.next.is_empty() || starts(&condition.next))
                    && (condition.prev.is_empty() || ends(&condition.prev))
                    && !starts(&condition.not_next)
                    && !ends(&condition.not_prev)
            };
            let is_written = |(meta, value): &&(u32, String)| {
                meta & 3 < 2 && !value.is_empty() && conditions.0.get((meta >> 8) as usize).is_some_and(holds)
            };
            let term = target.terms.iter().find(is_written).map(|(_, value)| value);
            Some((length, term.unwrap_or(&target.value)))
        });
        let first = ends.first().copied().unwrap_or(1);
        let (length, value) = found
            .map_or_else(|| (first, rest.get(..first).unwrap_or_default()), |(length, value)| (length, value.as_str()));
        out.push_str(value);
        at += length;
    }
    out
}

/// What a route's script conversion makes of a word.
fn spelled_by(route: &RouteSource, word: &str) -> String {
    let value = |key: &str| route.entries.get(key).map(|target| target.value.clone());
    let by_characters = || word.chars().map(|c| value(c.encode_utf8(&mut [0; 4])).unwrap_or_else(|| c.to_string()));
    value(word).unwrap_or_else(|| by_characters().collect())
}

/// Which of these words is the value, or has all in which the value differs from the spelling.
fn confirmed<'w>(words: &'w [String], value: &str, spelled: &str) -> Option<&'w String> {
    let alike = value.chars().count() == spelled.chars().count();
    let holds = |word: &&String| {
        let mut pairs = value.chars().zip(spelled.chars());
        alike && pairs.all(|(new, old)| new == old || word.contains(new))
    };
    words.iter().find(|word| *word == value).or_else(|| words.iter().find(holds))
}

/// A foreign name as a cell spells it, where that differs from the script conversion in characters that names keep:
/// 马里兰 is no 馬裡蘭, also where no term is written.
fn kept(word: &str, spelled: &str, cells: &[String]) -> Option<String> {
    let length = word.chars().count();
    let agrees = |cell: &&String| {
        let mut characters = word.chars().zip(spelled.chars()).zip(cell.chars());
        characters.all(|((from, to), c)| c == to || c == from && KEPT.contains(c))
    };
    let alike = |text: &str| text.chars().count() == length;
    if length < LONG || !alike(spelled) || cells.iter().any(|cell| cell == spelled) {
        return None;
    }
    cells.iter().find(|cell| *cell != spelled && alike(cell) && agrees(cell)).cloned()
}

/// A route of the script conversion alone: characters, and the keys whose value is not what their characters give.
fn script_route(singles: &Map, keys: &Map) -> RouteSource {
    let mut route = RouteSource { kind: Kind::Native, ..RouteSource::default() };
    for (key, value) in singles {
        route.entries.insert(key.clone(), Target::new(value.clone()));
    }
    for (key, value) in keys {
        let one_by_one: String = key
            .chars()
            .map(|c| {
                let key = c.to_string();
                singles.get(&key).cloned().unwrap_or(key)
            })
            .collect();
        if *value != one_by_one {
            route.entries.insert(key.clone(), Target::new(value.clone()));
        }
    }
    route
}

/// Word counts of a table `WORD <TAB> COUNT` with a header line `total: N`.
#[must_use]
pub fn counts(table: &Table) -> (BTreeMap<String, u64>, u64) {
    let total = table.field("total").and_then(|total| total.parse().ok()).unwrap_or(1);
    let words = table
        .entries
        .iter()
        .filter_map(|entry| Some((entry.key.clone(), entry.values.first()?.parse().ok()?)))
        .collect();
    (words, total)
}

/// A line of the rules.
#[derive(Debug)]
pub struct RuleLine {
    /// The character, or `<` for a list.
    pub character: char,
    /// What it becomes, or the list's name.
    pub value: String,
    /// The conditions, or the list's words.
    pub conditions: String,
    /// Its number in `rules.txt`; 0 for a rule that was learned.
    pub line: u16,
}

impl RuleLine {
    /// Whether it is a list of words that conditions name.
    fn is_list(&self) -> bool {
        self.character == '<'
    }
}

/// A rule before it is written as Rust source.
#[derive(Debug, Default)]
pub struct Rule {
    /// What it becomes to Taiwan, to Hong Kong, to plain Traditional.
    pub values: [char; 3],
    /// Sets for the neighbours.
    pub sets: [String; 6],
    /// Words before, after, not before, not after, near, not near, behind one or two characters.
    pub words: [Vec<String>; 7],
    /// Blanks may stand between.
    pub space: bool,
    /// The lattice is not asked whether the character stands alone.
    pub free: bool,
    /// Keys that start with the character are not asked either.
    pub first: bool,
    /// 0 anywhere, 1 to Hong Kong, 2 in written Cantonese.
    pub only: u8,
    /// Its line in `rules.txt`; 0 for a rule that was learned.
    pub line: u16,
}

/// The neighbours that a rule wants and those it does not, by the places of its sets, and by that of the list of words one of which
/// must stand on that side. Nothing wanted: any neighbour will do.
#[derive(Debug, Clone, Copy)]
pub struct Side {
    wanted: usize,
    unwanted: Option<usize>,
    words: Option<usize>,
}

impl Side {
    /// The previous neighbour, the next one, the one before, the one after.
    pub const ALL: [Self; 4] = [
        Self { wanted: 0, unwanted: Some(4), words: Some(0) },
        Self { wanted: 1, unwanted: Some(5), words: Some(1) },
        Self { wanted: 2, unwanted: None, words: None },
        Self { wanted: 3, unwanted: None, words: None },
    ];

    fn wanted(self, rule: &Rule) -> Option<BTreeSet<char>> {
        let set = rule.sets.get(self.wanted).filter(|set| !set.is_empty()).map(|set| set.chars().collect());
        let words = self.words.and_then(|at| rule.words.get(at)).filter(|words| !words.is_empty());
        // Words show the neighbour that they begin or end with.
        let edge = |word: &String| if self.wanted == 0 { word.chars().next_back() } else { word.chars().next() };
        let shown = words.map(|words| words.iter().filter_map(edge).map(neighbour).collect::<BTreeSet<char>>());
        match (set, shown) {
            (Some(set), Some(shown)) => Some(&set & &shown),
            (set, shown) => set.or(shown),
        }
    }

    fn unwanted(self, rule: &Rule) -> BTreeSet<char> {
        self.unwanted.and_then(|at| rule.sets.get(at)).map(|set| set.chars().collect()).unwrap_or_default()
    }
}

/// The rules that each neighbour on a side lets hold, as bits, and those that any other does.
#[must_use]
pub fn neighbours(rules: &[Rule], side: Side) -> (BTreeMap<char, u64>, u64) {
    let sets: Vec<_> = rules.iter().map(|rule| (side.wanted(rule), side.unwanted(rule))).collect();
    let lets = |c: Option<char>| {
        let has = |set: &BTreeSet<char>| c.is_some_and(|c| set.contains(&c));
        let holds =
            |(wanted, unwanted): &(Option<BTreeSet<char>>, _)| wanted.as_ref().is_none_or(has) && !has(unwanted);
        sets.iter().enumerate().fold(0, |bits, (at, sets)| bits | u64::from(holds(sets)) << at)
    };
    let named: BTreeSet<char> = sets.iter().flat_map(|(a, b)| a.iter().flatten().chain(b)).copied().collect();
    (named.into_iter().map(|c| (c, lets(Some(c)))).collect(), lets(None))
}

/// The rules that a neighbour may let hold of which two bytes are known, as [`neighbours`] says of whole ones.
#[must_use]
pub fn neighbours_shown(rules: &[Rule], side: Side) -> [u64; SHOWN] {
    let of = |c: char| {
        let mut bytes = [0; 4];
        c.encode_utf8(&mut bytes);
        if c.len_utf8() == 3 { shown(bytes[0], bytes[2]) } else { OTHERS }
    };
    let (named, others) = neighbours(rules, side);
    let mut out = [others; SHOWN];
    for (c, rules) in named {
        out[of(c)] |= rules;
    }
    // A blank may stand between.
    for (at, _) in rules.iter().enumerate().filter(|(_, rule)| rule.space) {
        out[OTHERS] |= 1 << at;
    }
    out
}

/// The conditions of rules that are lists of words.
const WORDS: [&str; 7] = ["before", "after", "not_before", "not_after", "near", "not_near", "then"];

/// The named sets of the rules.
const NUMERALS: &str = "一二三四五六七八九十百千两兩零〇0123456789０１２３４５６７８９";
/// Characters that transliterate foreign names and seldom stand beside 里 or 干 otherwise.
const NAMES: &str = "娜莎娅婭妮莉琳蘭兰尔爾斯克特德普奇诺諾塔卡萨薩罗羅达達姆弗蒂芙巴玛瑪亚亞阿伊奥奧埃艾哈迪凯凱乔喬基尼维維\
    拉鲁魯瓦贝貝莫洛雷莱萊泽澤赫格戈库庫科托图圖坦顿頓森马馬加费費布比夫韦韋桑丹班乌烏肯沃";

fn expand(set: &str) -> String {
    set.replace("<num>", NUMERALS).replace("<name>", NAMES).replace("<edge>", "\u{1}").replace("<space>", "")
}

/// The places of these neighbours; one in three at least is free.
#[must_use]
pub fn places(named: impl ExactSizeIterator<Item = (char, u64)>) -> Vec<(char, u64)> {
    let size = (named.len() * 3 / 2 + 1).next_power_of_two();
    let mut out = vec![('\0', 0); size];
    for (c, rules) in named {
        let from = place(c, size);
        let free = (from..size).chain(0..from).find(|&at| out.get(at).is_some_and(|&(known, _)| known == '\0'));
        if let Some(slot) = free.and_then(|at| out.get_mut(at)) {
            *slot = (c, rules);
        }
    }
    out
}
