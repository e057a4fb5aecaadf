//! The conversion of OpenCC, too simple to be wrong: maps, stages and segments as they are defined.
//!
//! It composes the compiled lexicons while building, runs configurations that users bring, and is
//! the oracle that the compiled routes are tested against.

use std::collections::{BTreeMap, HashMap};

use super::ids;

/// A dictionary with longest-prefix lookup.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    entries: HashMap<String, String>,
    /// Byte lengths of the keys that start with a character, longest first.
    lengths: HashMap<char, Vec<usize>>,
}

impl Dictionary {
    /// A dictionary of these entries.
    pub fn new(entries: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut out = Self::default();
        for (key, value) in entries {
            let Some(first) = key.chars().next() else {
                continue;
            };
            let lengths = out.lengths.entry(first).or_default();
            if !lengths.contains(&key.len()) {
                lengths.push(key.len());
            }
            out.entries.insert(key, value);
        }
        for lengths in out.lengths.values_mut() {
            lengths.sort_unstable_by(|a, b| b.cmp(a));
        }
        out
    }

    /// The longest key that `text` starts with, and its value.
    #[must_use]
    pub fn longest<'a>(&'a self, text: &str) -> Option<(usize, &'a str)> {
        let lengths = self.lengths.get(&text.chars().next()?)?;
        lengths.iter().find_map(|&length| {
            let value = self.entries.get(text.get(..length)?)?;
            Some((length, value.as_str()))
        })
    }

    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.entries.get(key).map(String::as_str)
    }

    /// All entries, in no order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// Joins layers into one map for plain longest match.
///
/// OpenCC's `short_circuit` group asks its members in order, and the first that matches at all
/// answers with its own longest key. So an entry of a later layer is dead when a key of an earlier
/// layer is a prefix of its key: it is left out, and what remains is a plain longest match.
#[must_use]
pub fn short_circuit(layers: &[BTreeMap<String, String>]) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    for layer in layers {
        let mut add = Vec::new();
        for (key, value) in layer {
            let dead = key
                .char_indices()
                .map(|(at, c)| at + c.len_utf8())
                .any(|end| key.get(..end).is_some_and(|prefix| out.contains_key(prefix)));
            if !dead {
                add.push((key.clone(), value.clone()));
            }
        }
        out.extend(add);
    }
    out
}

/// Joins layers where the longest key of all wins, and the earlier layer at equal length.
#[must_use]
pub fn union(layers: &[BTreeMap<String, String>]) -> BTreeMap<String, String> {
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    for layer in layers {
        for (key, value) in layer {
            out.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    out
}

/// OpenCC's pipeline: normalisation, segmentation, a chain of stages on each segment.
#[derive(Debug, Clone, Default)]
pub struct Pipeline {
    /// Stages over the whole text before segmentation.
    pub normalization: Vec<Dictionary>,
    /// Its keys are segments of their own, and what lies between them is one segment each.
    pub segmentation: Option<Dictionary>,
    /// Stages over each segment.
    pub chain: Vec<Dictionary>,
}

impl Pipeline {
    /// Converts a text.
    #[must_use]
    pub fn convert(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for stage in &self.normalization {
            text = convert_stage(stage, &text);
        }
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        let Some(segmentation) = &self.segmentation else {
            return self.convert_segment(&text);
        };
        let (mut gap, mut at) = (0, 0);
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some((length, _)) = segmentation.longest(rest) {
                if gap < at {
                    out.push_str(&self.convert_segment(text.get(gap..at).unwrap_or_default()));
                }
                out.push_str(&self.convert_segment(rest.get(..length).unwrap_or_default()));
                at += length;
                gap = at;
            } else {
                at += ids::unit_length(rest);
            }
        }
        if gap < at {
            out.push_str(&self.convert_segment(text.get(gap..).unwrap_or_default()));
        }
        out
    }

    /// Runs the chain on one segment.
    #[must_use]
    pub fn convert_segment(&self, segment: &str) -> String {
        let mut text = segment.to_owned();
        for stage in &self.chain {
            text = convert_stage(stage, &text);
        }
        text
    }
}

/// One stage: longest match from left to right, what nothing matches is copied.
#[must_use]
pub fn convert_stage(stage: &Dictionary, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if let Some((length, value)) = stage.longest(rest) {
            out.push_str(value);
            at += length;
        } else {
            let length = ids::unit_length(rest);
            out.push_str(rest.get(..length).unwrap_or_default());
            at += length;
        }
    }
    out
}
