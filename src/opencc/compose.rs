//! From OpenCC's tables to routes: derived tables, pipelines, and several stages fused into one pass.
//!
//! Run by `build.rs`, and by tests as the definition of what a route must do.
//!
//! # Fusing stages
//!
//! With a segmentation, OpenCC cuts the text once: each key of the segmentation is a segment, and
//! so is each *gap* between two of them. Every stage then sees one segment at a time. So
//!
//! 1. a key of the segmentation has one outcome, the chain's answer for the key alone;
//! 2. a character in a gap that no stage joins with a neighbour has one outcome as well;
//! 3. a key of a later stage can only match inside a gap. Its spellings in the source script become
//!    *gap keys*. A gap key holds where no key of the segmentation starts inside it; when one starts inside
//!    for certain the gap key is dead, and when one may, it is marked [`CHECK`].
//! 4. Where two stages really interact (a second-stage key over the output of a first-stage key), the gap key
//!    is marked [`COMPLEX`]; beside a neighbour with which the second-stage key would be complete, the gap is converted
//!    stage by stage.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::spec::{Layer, NORMALIZATION, SPECS, Spec};
use crate::lexicon::compile::{Kind, RouteSource, Target};
use crate::lexicon::naive::{Dictionary, Pipeline, convert_stage, short_circuit, union};
use crate::lexicon::{CHECK, COMPLEX, GAP};
use crate::table::Table;

/// A table's default mapping.
pub type Map = BTreeMap<String, String>;

/// All tables by name, the derived ones included.
#[derive(Debug, Clone, Default)]
pub struct Tables(BTreeMap<String, Map>, BTreeMap<String, BTreeMap<String, Vec<String>>>);

impl Tables {
    /// Takes the imported tables by name and derives the rest, as OpenCC's build does.
    #[must_use]
    pub fn new(imported: &BTreeMap<String, Table>) -> Self {
        let mut tables = Self(
            imported
                .iter()
                .map(|(name, table)| {
                    let map = table.entries.iter().filter_map(|e| Some((e.key.clone(), e.values.first()?.clone())));
                    (name.clone(), map.collect())
                })
                .collect(),
            imported
                .iter()
                .map(|(name, table)| {
                    (name.clone(), table.entries.iter().map(|e| (e.key.clone(), e.values.clone())).collect())
                })
                .collect(),
        );
        for name in ["TWVariants", "HKVariants", "JPShinjitaiCharacters"] {
            if let Some(table) = imported.get(name) {
                tables.0.insert(format!("{name}Rev"), reverse(table));
            }
        }
        if let Some(table) = imported.get("TSCharacters") {
            tables.0.insert("TSCharactersExt".to_owned(), tofu_risk(table));
        }
        let generated = tables.generate_phrases();
        tables.0.insert("STPhrases_GeneratedFromRegionalPhrases".to_owned(), generated);
        tables
    }

    /// The mapping of a table; empty for an unknown name.
    #[must_use]
    pub fn get(&self, name: &str) -> Map {
        self.0.get(name).cloned().unwrap_or_default()
    }

    /// All values of an imported table.
    #[must_use]
    pub fn values(&self, name: &str) -> BTreeMap<String, Vec<String>> {
        self.1.get(name).cloned().unwrap_or_default()
    }

    /// Long keys of the regional tables, in Simplified characters: they keep the spans of regional terms
    /// whole before the terms themselves are applied.
    fn generate_phrases(&self) -> Map {
        let spec = SPECS.iter().find(|spec| spec.name == "t2s");
        let Some(spec) = spec else { return Map::new() };
        let pipeline = self.pipeline(spec, true);
        let mut out = Map::new();
        for name in ["HKPhrases", "TWPhrases"] {
            for key in self.get(name).into_keys() {
                let simplified = pipeline.convert(&key);
                if simplified.chars().count() >= 3 {
                    out.entry(simplified).or_insert(key);
                }
            }
        }
        out
    }

    fn layer(&self, layer: Layer, tofu: bool) -> Map {
        match layer {
            Layer::Table(name) => self.get(name),
            Layer::Tofu(name) => {
                if tofu {
                    self.get(name)
                } else {
                    Map::new()
                }
            }
            Layer::Union(names) => union(&names.iter().map(|name| self.get(name)).collect::<Vec<_>>()),
        }
    }

    /// The stages of a configuration, each flattened to one map for longest match.
    #[must_use]
    pub fn stages(&self, spec: &Spec, tofu: bool) -> Vec<Map> {
        let stage =
            |layers: &&[Layer]| short_circuit(&layers.iter().map(|&layer| self.layer(layer, tofu)).collect::<Vec<_>>());
        spec.chain.iter().map(stage).collect()
    }

    /// The definition of a configuration, run literally.
    #[must_use]
    pub fn pipeline(&self, spec: &Spec, tofu: bool) -> Pipeline {
        Pipeline {
            normalization: vec![Dictionary::new(self.get(NORMALIZATION))],
            segmentation: spec.segmentation.map(|layer| Dictionary::new(self.layer(layer, true))),
            chain: self.stages(spec, tofu).into_iter().map(Dictionary::new).collect(),
        }
    }

    /// A configuration as one pass.
    #[must_use]
    pub fn route(&self, spec: &Spec, tofu: bool) -> RouteSource {
        let normalize = if spec.name == "normalize" {
            BTreeSet::new()
        } else {
            self.get(NORMALIZATION).keys().filter_map(|key| key.chars().next()).collect()
        };
        let stages = self.stages(spec, tofu);
        // Three quarters of the phrases of Simplified texts only keep others from matching.
        let kind = if spec.family == "hans" { Kind::Sparse } else { Kind::Dense };
        let rare = match spec.family {
            "ts" => self.get("TSCharactersExt").keys().filter_map(|key| key.chars().next()).collect(),
            _ => BTreeSet::new(),
        };
        // The keys of regional terms would slow a route that has none.
        let group = u8::from(spec.family == "ts" && spec.segmentation.is_some());
        let Some(segmentation) = spec.segmentation else {
            let entries = stages.into_iter().next().unwrap_or_default();
            let entries = entries.into_iter().map(|(key, value)| (key, Target::new(value))).collect();
            return RouteSource { entries, normalize, rare, kind, group, ..RouteSource::default() };
        };
        let entries = fuse(&self.layer(segmentation, true), &stages);
        RouteSource { entries, normalize, rare, segmented: true, kind, group, ..RouteSource::default() }
    }
}

/// Swaps keys and values. Of several keys for one value the first in order wins, unless the table names
/// another in a header line `reverse-prefer: VALUE KEY`.
fn reverse(table: &Table) -> Map {
    let mut out: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in &table.entries {
        for value in &entry.values {
            out.entry(value.clone()).or_default().push(entry.key.clone());
        }
    }
    for line in &table.header {
        let Some(preference) = line.strip_prefix("reverse-prefer:") else {
            continue;
        };
        let fields: Vec<&str> = preference.split_whitespace().collect();
        if let (Some(&value), Some(&key)) = (fields.first(), fields.last())
            && let Some(keys) = out.get_mut(value)
            && let Some(at) = keys.iter().position(|k| k == key)
        {
            keys.swap(0, at);
        }
    }
    out.into_iter().filter_map(|(value, keys)| Some((value, keys.into_iter().next()?))).collect()
}

/// The second candidates of entries whose simplified form common fonts lack.
fn tofu_risk(table: &Table) -> Map {
    let risky = table.entries.iter().filter(|entry| entry.note == "tofu-risk");
    risky
        .filter_map(|entry| Some((entry.key.clone(), entry.values.iter().find(|v| **v != entry.key)?.clone())))
        .collect()
}

/// Key lookups by prefix and by part, for the questions that fusing asks.
struct Keys {
    all: BTreeSet<String>,
    longest: usize,
}

impl Keys {
    fn new<'a>(keys: impl Iterator<Item = &'a String>) -> Self {
        let all: BTreeSet<String> = keys.cloned().collect();
        let longest = all.iter().map(|key| key.len()).max().unwrap_or(0);
        Self { all, longest }
    }

    /// Whether a key starts at some character of `text` after the first: inside it for certain, or reaching
    /// beyond its end.
    fn starts_inside(&self, text: &str) -> (bool, bool) {
        let (mut inside, mut beyond) = (false, false);
        for (at, _) in text.char_indices().skip(1) {
            let rest = text.get(at..).unwrap_or_default();
            inside |= ends(rest)
                .filter(|&end| end <= self.longest)
                .any(|end| rest.get(..end).is_some_and(|part| self.all.contains(part)));
            beyond |= self.has_longer(rest);
        }
        (inside, beyond)
    }

    /// Whether a key is a prefix of `text` or all of it.
    fn is_start_of(&self, text: &str) -> bool {
        ends(text).any(|end| text.get(..end).is_some_and(|part| self.all.contains(part)))
    }

    /// Whether `text` is a proper prefix of a key.
    fn has_longer(&self, text: &str) -> bool {
        let mut after = self.all.range(text.to_owned()..);
        after.find(|key| key.as_str() != text).is_some_and(|key| key.starts_with(text))
    }
}

/// The byte offsets after each character.
fn ends(text: &str) -> impl Iterator<Item = usize> {
    text.char_indices().map(|(at, c)| at + c.len_utf8())
}

fn is_single(key: &str) -> bool {
    key.chars().nth(1).is_none()
}

/// With which neighbours a gap key must be left to the stages.
enum Neighbours {
    Any,
    These { next: String, prev: String },
}

/// Fuses a segmentation and two stages into one map; see the module's text.
fn fuse(segmentation: &Map, stages: &[Map]) -> BTreeMap<String, Target> {
    let [first, second] = stages else {
        // No configuration of OpenCC has another number of stages behind a segmentation.
        return BTreeMap::new();
    };
    let segments = Keys::new(segmentation.keys());
    let stage1 = Dictionary::new(first.clone());
    let stage2 = Dictionary::new(second.clone());
    let chain = |text: &str| convert_stage(&stage2, &convert_stage(&stage1, text));
    let mut out: BTreeMap<String, Target> = BTreeMap::new();

    for key in segmentation.keys() {
        out.insert(key.clone(), Target::new(chain(key)));
    }
    let mut add_gap = |key: String, value: String, complex: Option<Neighbours>| {
        if segments.is_start_of(&key) {
            return;
        }
        let (inside, beyond) = segments.starts_inside(&key);
        if inside {
            return;
        }
        let flags = GAP | if beyond { CHECK } else { 0 } | if complex.is_some() { COMPLEX } else { 0 };
        let terms = match complex {
            Some(Neighbours::These { next, prev }) => vec![(0, next), (1, prev)],
            _ => Vec::new(),
        };
        let target = out.entry(key).or_insert(Target { value, flags, terms });
        target.flags |= flags & COMPLEX;
    };

    // What one character of a gap becomes in the first stage, and which characters become it.
    let mut spellings: HashMap<char, Vec<char>> = HashMap::new();
    for (key, value) in first.iter().filter(|(key, _)| is_single(key)) {
        if let (Some(from), Some(to)) = (key.chars().next(), value.chars().next())
            && is_single(value)
        {
            spellings.entry(to).or_default().push(from);
        }
    }
    let maps_away = |c: char| first.get(c.encode_utf8(&mut [0; 4]) as &str).is_some_and(|v| !v.starts_with(c));

    // Keys of the first stage that no segment starts with: in gaps they are units of their own.
    let second_phrases: Vec<&String> = second.keys().filter(|key| !is_single(key)).collect();
    // The characters of the source that the first stage makes end in, or begin with, a character.
    let mut ends_in: HashMap<char, BTreeSet<char>> = HashMap::new();
    let mut begins_with: HashMap<char, BTreeSet<char>> = HashMap::new();
    for (key, value) in first {
        if let (Some(from), Some(to)) = (key.chars().next_back(), value.chars().next_back()) {
            ends_in.entry(to).or_default().insert(from);
        }
        if let (Some(from), Some(to)) = (key.chars().next(), value.chars().next()) {
            begins_with.entry(to).or_default().insert(from);
        }
    }
    // The cuts of the second stage's keys, by the characters beside the cut: of two texts one can only end the other
    // when their last characters agree.
    let mut cuts_after: HashMap<char, Vec<(&str, char)>> = HashMap::new();
    let mut cuts_before: HashMap<char, Vec<(char, &str)>> = HashMap::new();
    for key in &second_phrases {
        for (at, after) in key.char_indices().skip(1) {
            let (head, tail) = key.split_at(at);
            let Some(before) = head.chars().next_back() else { continue };
            cuts_after.entry(before).or_default().push((head, after));
            cuts_before.entry(after).or_default().push((before, tail));
        }
    }
    // Where a key of the second stage reaches over an edge of this output: the neighbours in the source with which it
    // does.
    let crosses = |value: &str| {
        let (mut next, mut prev) = (BTreeSet::new(), BTreeSet::new());
        let of_edge = value.chars().next_back().and_then(|last| cuts_after.get(&last));
        for &(head, after) in of_edge.into_iter().flatten() {
            if value.ends_with(head) || head.ends_with(value) {
                next.insert(after);
                next.extend(begins_with.get(&after).into_iter().flatten());
            }
        }
        let of_edge = value.chars().next().and_then(|first| cuts_before.get(&first));
        for &(before, tail) in of_edge.into_iter().flatten() {
            if value.starts_with(tail) || tail.starts_with(value) {
                prev.insert(before);
                prev.extend(ends_in.get(&before).into_iter().flatten());
            }
        }
        if next.is_empty() && prev.is_empty() {
            return None;
        }
        let (next, prev): (String, String) = (next.into_iter().collect(), prev.into_iter().collect());
        // A list that the arena cannot hold means: with any neighbours.
        Some(if next.len().max(prev.len()) > 255 { Neighbours::Any } else { Neighbours::These { next, prev } })
    };
    for (key, value) in first.iter().filter(|(key, _)| !is_single(key)) {
        if !segmentation.contains_key(key) {
            add_gap(key.clone(), chain(key), crosses(value));
        }
    }
    // Keys of the second stage in all spellings that the first stage turns into them character by character.
    let first_phrases = Keys::new(first.keys().filter(|key| !is_single(key)));
    let all_are_segments = first_phrases.all.iter().all(|phrase| segmentation.contains_key(phrase));
    for key in second_phrases {
        let mut forms = vec![String::new()];
        for c in key.chars() {
            let mut options = spellings.get(&c).cloned().unwrap_or_default();
            if !maps_away(c) {
                options.push(c);
            }
            options.sort_unstable();
            options.dedup();
            forms =
                forms.iter().flat_map(|form| options.iter().map(move |&option| format!("{form}{option}"))).collect();
        }
        for form in forms {
            if segmentation.contains_key(&form) || convert_stage(&stage1, &form) != *key {
                continue;
            }
            // A first-stage key that starts in the form changes how it is cut: leave it to the stages.
            let touched = form.char_indices().any(|(at, _)| {
                let rest = form.get(at..).unwrap_or_default();
                first_phrases.is_start_of(rest) || first_phrases.has_longer(rest)
            });
            add_gap(form.clone(), chain(&form), (touched && !all_are_segments).then_some(Neighbours::Any));
        }
    }
    // Single characters of gaps.
    let mut singles: BTreeSet<&String> = first.keys().filter(|key| is_single(key)).collect();
    singles.extend(second.keys().filter(|key| is_single(key)));
    for key in singles {
        let value = chain(key);
        out.entry(key.clone()).or_insert(Target::new(value));
    }
    out
}
