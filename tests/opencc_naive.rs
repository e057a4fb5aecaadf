//! The compiled OpenCC routes against the definition of a configuration, which is too simple to be wrong: maps, stages
//! and segments, run literally. `scripts/oracle.sh` does the same against OpenCC itself, at length.

mod common;

use std::collections::BTreeSet;

use common::Random;
use fanjian::opencc::compose::Tables;
use fanjian::opencc::spec::SPECS;
use fanjian::{Converter, OpenccConfig};

/// Random texts per configuration.
const TEXTS: usize = if cfg!(debug_assertions) { 2_000 } else { 20_000 };
/// One of so many keys is tested in an unoptimised build; all of them otherwise.
const STEP: usize = if cfg!(debug_assertions) { 11 } else { 1 };

/// What stands between keys: ordinary characters, and pieces that break converters.
const GAPS: [&str; 40] = [
    "的",
    "了",
    "在",
    "不",
    "这",
    "後",
    "后",
    "里",
    "裡",
    "裏",
    "发",
    "發",
    "只",
    "台",
    "臺",
    "着",
    "著",
    "面",
    "干",
    "a",
    "Z",
    " ",
    "，",
    "。",
    "\n",
    "\t",
    "é",
    "か",
    "豈",
    "樂",
    "\u{2F800}",
    "⿰",
    "⿱⿰虫风里",
    "⿰豈更",
    "\u{FE00}",
    "\u{E0100}",
    "\u{301}",
    "𠮷",
    "👩\u{200D}👧",
    "\u{0}",
];

struct Fixture {
    tables: Tables,
    /// Every key and every value of every table.
    texts: Vec<String>,
}

fn fixture() -> Fixture {
    let imported = common::opencc_tables();
    let tables = Tables::new(&imported);
    let mut texts = BTreeSet::new();
    for entry in imported.values().flat_map(|table| &table.entries) {
        texts.insert(entry.key.clone());
        texts.extend(entry.values.iter().cloned());
    }
    for spec in SPECS {
        for map in tables.stages(&spec, true) {
            texts.extend(map.into_iter().flat_map(|(key, value)| [key, value]));
        }
    }
    Fixture { tables, texts: texts.into_iter().collect() }
}

fn random_text(random: &mut Random, texts: &[String]) -> String {
    let mut out = String::new();
    for _ in 0..1 + random.below(10) {
        match random.below(10) {
            0..=5 => out.push_str(random.choose::<String>(texts)),
            6 | 7 => out.push_str(random.choose::<&str>(&GAPS)),
            _ => {
                // A part of a key: what nearly matches.
                let text = random.choose(texts);
                let skip = random.below(text.chars().count());
                out.extend(text.chars().skip(skip).take(1 + random.below(3)));
            }
        }
    }
    out
}

/// Compares one configuration and returns what differs, at most a few rows.
fn differences(fixture: &Fixture, name: &str, tofu: bool) -> Vec<String> {
    let config: OpenccConfig = name.parse().unwrap();
    let spec = SPECS.iter().find(|spec| spec.name == name).unwrap();
    let definition = fixture.tables.pipeline(spec, tofu);
    let converter = if tofu { Converter::opencc_with_tofu(config) } else { Converter::opencc(config) }.unwrap();
    // Each configuration has its own seed, so that it fails alone as it fails among all.
    let mut random = Random(name.bytes().fold(u64::from(tofu), |seed, byte| seed << 7 ^ seed >> 50 ^ u64::from(byte)));
    let texts = fixture.texts.iter().skip(random.below(STEP)).step_by(STEP).cloned();
    let texts: Vec<String> = texts.chain((0..TEXTS).map(|_| random_text(&mut random, &fixture.texts))).collect();
    let row = |text: &String| {
        let (expected, got) = (definition.convert(text), converter.convert(text));
        (expected != got).then(|| {
            format!(
                "{name}{}\n  input    {text:?}\n  defined  {expected:?}\n  compiled {got:?}",
                ["", " with tofu",][usize::from(tofu)]
            )
        })
    };
    texts.iter().filter_map(row).take(8).collect()
}

#[test]
fn compiled_routes_equal_their_definition() {
    let fixture = fixture();
    assert!(fixture.texts.len() > 100_000, "the tables were not found");
    let jobs: Vec<(&str, bool)> = SPECS.iter().flat_map(|spec| [(spec.name, false), (spec.name, true)]).collect();
    let next = std::sync::atomic::AtomicUsize::new(0);
    let work = || {
        let mut out = Vec::new();
        while let Some(&(name, tofu)) = jobs.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
            out.extend(differences(&fixture, name, tofu));
        }
        out
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let found: Vec<String> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        handles.into_iter().flat_map(|handle| handle.join().unwrap()).collect()
    });
    assert!(
        found.is_empty(),
        "{}\n\nhelp: src/opencc/compose.rs fuses what src/lexicon/naive.rs defines; the definition is right unless \
         scripts/oracle.sh disagrees with both\n",
        found.join("\n")
    );
}

#[test]
fn every_configuration_has_a_specification() {
    let names: Vec<&str> = SPECS.iter().map(|spec| spec.name).collect();
    let configs: Vec<&str> = OpenccConfig::ALL.iter().map(|config| config.name()).collect();
    assert_eq!(names, configs);
}
