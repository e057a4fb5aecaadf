//! Compiles the tables under `dictionaries/` with the library's own modules and writes the lexicons as Rust
//! source for `src/data.rs` to include.

#![allow(dead_code, unused_imports, missing_docs)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

#[path = "src/lexicon/mod.rs"]
mod lexicon;
#[path = "src/table/mod.rs"]
mod table;
#[path = "src/opencc"]
mod opencc {
    pub mod compose;
    pub mod spec;
}

#[path = "src/native"]
mod native {
    pub mod compose;
    pub mod domain;
    pub mod regions;
}

use lexicon::compile::{RouteSource, compile};
use lexicon::{Family, Route};
use native::compose::{Conditions, Sources, counts};
use opencc::compose::Tables;
use opencc::spec::{PARTS, SPECS};
use table::Table;

fn main() {
    println!("cargo::rerun-if-changed=dictionaries");
    println!("cargo::rerun-if-changed=src/lexicon");
    println!("cargo::rerun-if-changed=src/table");
    println!("cargo::rerun-if-changed=src/opencc");
    println!("cargo::rerun-if-changed=src/native/compose.rs");
    println!("cargo::rerun-if-changed=src/native/domain.rs");
    println!("cargo::rerun-if-changed=src/native/regions.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    if let Err(message) = run(&out) {
        // Cargo shows what a failed build script prints.
        eprintln!("{message}");
        std::process::exit(1);
    }
}

fn run(out: &Path) -> Result<(), String> {
    let tables = Tables::new(&imported(Path::new("dictionaries/opencc"))?);
    let sources = native_sources(tables.clone())?;
    let mut source = String::new();
    let mut families: BTreeMap<&str, Vec<(String, RouteSource)>> = BTreeMap::new();
    for spec in SPECS.iter().chain(&PARTS) {
        // Normalisation serves the native routes too.
        if !cfg!(feature = "opencc") && spec.name != "normalize" {
            leave_out(&mut source, spec.name, "NORMALIZE");
            if spec.family == "ts" {
                leave_out(&mut source, &format!("{}_tofu", spec.name), "NORMALIZE");
            }
            continue;
        }
        let family = families.entry(spec.family).or_default();
        family.push((spec.name.to_owned(), tables.route(spec, false)));
        if spec.family == "ts" {
            family.push((format!("{}_tofu", spec.name), tables.route(spec, true)));
        }
    }
    for (name, routes) in families {
        let (names, sources): (Vec<String>, Vec<RouteSource>) = routes.into_iter().unzip();
        let (family, compiled) = compile(&sources, &BTreeMap::new()).map_err(|error| error.to_string())?;
        write_family(&mut source, out, name, &family)?;
        for (name, route) in names.iter().zip(&compiled) {
            write_route(&mut source, out, name, route)?;
        }
    }
    if !cfg!(feature = "opencc") {
        leave_out(&mut source, "st", "TT");
        leave_out(&mut source, "ts", "TT");
    }
    if cfg!(feature = "native") {
        write_native(&mut source, out, &sources)?;
    } else {
        leave_out(&mut source, "hans", "TT");
        leave_out(&mut source, "hant", "TT");
        for route in ["hans_tw", "hans_hk", "hans_hant", "tw_cn", "hk_cn", "hant_hans", "tw_hk", "hk_tw"] {
            leave_out(&mut source, route, "NORMALIZE");
        }
        source.push_str("pub(super) static RULES: [Rule; 0] = [];\n");
        source.push_str("pub(super) static CONDITIONS: [[&str; 4]; 1] = [[\"\"; 4]];\n");
    }
    write(&out.join("lexicons.rs"), source.as_bytes())
}

/// A lexicon that this build goes without: its name stands for another, and nothing asks for it.
fn leave_out(source: &mut String, name: &str, instead: &str) {
    let _ = writeln!(source, "use self::{instead} as {};", name.to_uppercase());
}

fn write_native(source: &mut String, out: &Path, sources: &Sources) -> Result<(), String> {
    let mut conditions = Conditions::default();
    let hans = sources.hans(&mut conditions);
    let hant = sources.hant(&mut conditions, &hans);
    write_regions(out, &native::regions::regions(sources, &hans, &text_table("regions/marks.txt")?)?)?;
    for (name, family) in [("hans", hans), ("hant", hant)] {
        let (names, routes): (Vec<String>, Vec<RouteSource>) = family.routes.into_iter().unzip();
        let (family, compiled) = compile(&routes, &family.words).map_err(|error| error.to_string())?;
        write_family(source, out, name, &family)?;
        for (name, route) in names.iter().zip(&compiled) {
            write_route(source, out, name, route)?;
        }
    }
    let rules = sources.rules()?;
    let _ = writeln!(source, "pub(super) static RULES: [Rule; {}] = [", rules.len());
    for rule in rules {
        let sets = rule.sets.map(|set| {
            let mut chars: Vec<char> = set.chars().collect();
            chars.sort_unstable();
            chars.dedup();
            format!("&{chars:?}")
        });
        let _ = writeln!(
            source,
            "Rule {{ character: {:?}, values: {:?}, sets: [{}], space: {}, free: {}, only: {} }},",
            rule.character,
            rule.values,
            sets.join(", "),
            rule.space,
            rule.free,
            rule.only
        );
    }
    source.push_str("];\n");
    let conditions: Vec<[String; 4]> = conditions
        .0
        .iter()
        .map(|c| [&c.next, &c.prev, &c.not_next, &c.not_prev].map(|words| words.join("|")))
        .collect();
    let _ = writeln!(source, "pub(super) static CONDITIONS: [[&str; 4]; {}] = {conditions:?};", conditions.len());
    Ok(())
}

fn text_table(name: &str) -> Result<Table, String> {
    let path = Path::new("dictionaries").join(name);
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Table::parse(&path.display().to_string(), &bytes).map_err(|faults| faults.to_string())
}

fn write_regions(out: &Path, regions: &BTreeMap<String, u64>) -> Result<(), String> {
    let map =
        fst::Map::from_iter(regions.iter().map(|(word, value)| (word, *value))).map_err(|error| error.to_string())?;
    write(&out.join("regions.fst"), map.as_fst().as_bytes())
}

fn native_sources(opencc: Tables) -> Result<Sources, String> {
    let folder = Path::new("dictionaries");
    let table = text_table;
    let map = |name: &str| -> Result<BTreeMap<String, String>, String> {
        Ok(table(name)?.entries.into_iter().filter_map(|e| Some((e.key, e.values.into_iter().next()?))).collect())
    };
    let (mut words, total) = counts(&table("words/jieba.txt")?);
    words.extend(counts(&table("script/words.txt")?).0);
    let mut concepts = Vec::new();
    let mut files: Vec<PathBuf> = fs::read_dir(folder.join("terms"))
        .map_err(|error| format!("dictionaries/terms: {error}"))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "tsv"))
        .collect();
    files.sort();
    let mut faults = table::Diagnostics::default();
    for path in files {
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let name = path.display().to_string();
        match table::ConceptTable::parse(&name, &bytes) {
            Ok(table) => {
                let domain = table.field("domain").unwrap_or_default().to_owned();
                let Some(number) = native::domain::DOMAINS.iter().position(|known| *known == domain) else {
                    return Err(format!("{name}:1:1: `{domain}` is not a domain"));
                };
                concepts.push((number as u32, table));
            }
            Err(found) => faults.append(found),
        }
    }
    faults.into_result(()).map_err(|faults| faults.to_string())?;
    Ok(Sources {
        opencc,
        words,
        total,
        phrases: map("script/phrases.txt")?,
        characters: map("script/characters.txt")?,
        glyphs: [map("script/glyphs-tw.txt")?, map("script/glyphs-hk.txt")?],
        reverse_phrases: map("script/reverse-phrases.txt")?,
        rules: rules(&folder.join("script/rules.txt"))?,
        concepts,
    })
}

/// The lines of the rules; a character may stand on many of them, so this is no [`Table`].
fn rules(path: &Path) -> Result<Vec<(char, String, String)>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut out = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(character), Some(value), conditions, None) =
            (fields.next().and_then(|f| f.chars().next()), fields.next(), fields.next(), fields.next())
        else {
            return Err(format!("{}:{}:1: expected CHARACTER, VALUE and CONDITIONS", path.display(), index + 1));
        };
        out.push((character, value.to_owned(), conditions.unwrap_or_default().to_owned()));
    }
    Ok(out)
}

fn imported(folder: &Path) -> Result<BTreeMap<String, Table>, String> {
    let mut out = BTreeMap::new();
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|error| format!("{}: {error}", folder.display()))?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    for path in files {
        let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        let table = Table::parse(&path.display().to_string(), &bytes).map_err(|faults| faults.to_string())?;
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        out.insert(name, table);
    }
    Ok(out)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()))
}

fn write_family(source: &mut String, out: &Path, name: &str, family: &Family) -> Result<(), String> {
    let upper = name.to_uppercase();
    write(&out.join(format!("{name}.fst")), family.fst.as_bytes())?;
    write(&out.join(format!("{name}.arena")), &family.arena)?;
    write(&out.join(format!("{name}.costs")), &family.costs)?;
    write(&out.join(format!("{name}.char_costs")), &family.char_costs)?;
    write(
        &out.join(format!("{name}.joints")),
        &bytes(family.joints.iter().copied(), u64::to_le_bytes, u64::to_be_bytes),
    )?;
    write(
        &out.join(format!("{name}.filter")),
        &bytes(family.filter.iter().copied(), u64::to_le_bytes, u64::to_be_bytes),
    )?;
    write(&out.join(format!("{name}.slots")), &words(family.slots.iter().flatten().copied()))?;
    write(&out.join(format!("{name}.blocks")), &words(family.blocks.iter().flatten().copied()))?;
    let _ = writeln!(
        source,
        "static {upper}: FamilyData = FamilyData {{ fst: embed!(\"{name}.fst\"), arena: embed!(\"{name}.arena\"), \
         costs: embed!(\"{name}.costs\"), \
         char_costs: embed!(\"{name}.char_costs\"), joints: embed!(\"{name}.joints\"), filter: embed!(\"{name}.filter\"), slots: embed!(\"{name}.slots\"), \
         blocks: embed!(\"{name}.blocks\"), ascii_starts: {} }};",
        family.ascii_starts
    );
    Ok(())
}

fn write_route(source: &mut String, out: &Path, name: &str, route: &Route) -> Result<(), String> {
    let upper = name.to_uppercase();
    let halves = |values: &[u16]| bytes(values.iter().copied(), u16::to_le_bytes, u16::to_be_bytes);
    write(&out.join(format!("{name}.pages")), &halves(&route.pages))?;
    write(&out.join(format!("{name}.ranks")), &halves(&route.ranks))?;
    write(&out.join(format!("{name}.specials")), &words(route.specials.iter().flatten().copied()))?;
    write(
        &out.join(format!("{name}.explicit")),
        &bytes(route.explicit.iter().copied(), u64::to_le_bytes, u64::to_be_bytes),
    )?;
    write(&out.join(format!("{name}.records")), &words(route.records.iter().copied()))?;
    write(&out.join(format!("{name}.pool")), &words(route.pool.iter().copied()))?;
    let _ = writeln!(
        source,
        "static {upper}: RouteData = RouteData {{ pages: embed!(\"{name}.pages\"), ranks: embed!(\"{name}.ranks\"), \
         specials: embed!(\"{name}.specials\"), explicit: embed!(\"{name}.explicit\"), records: embed!(\"{name}.records\"), \
         pool: embed!(\"{name}.pool\"), segmented: {}, cell: OnceLock::new() }};",
        route.segmented
    );
    Ok(())
}

fn words(values: impl Iterator<Item = u32>) -> Vec<u8> {
    bytes(values, u32::to_le_bytes, u32::to_be_bytes)
}

/// Numbers in the byte order of the machine the library is built for: they are used in place.
fn bytes<T, const N: usize>(
    values: impl Iterator<Item = T>,
    little: fn(T) -> [u8; N],
    big: fn(T) -> [u8; N],
) -> Vec<u8> {
    let write = if env::var("CARGO_CFG_TARGET_ENDIAN").is_ok_and(|endian| endian == "big") { big } else { little };
    values.flat_map(write).collect()
}
