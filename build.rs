//! Compiles the tables under `dictionaries/` with the library's own modules and writes the lexicons as Rust
//! source for `src/data.rs` to include.

#![allow(dead_code, unused_imports, missing_docs)]

use std::cmp::Reverse;
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
    pub mod places;
    pub mod regions;
}

use lexicon::compile::{Arena, RouteSource, compile, spelling};
use lexicon::{Family, Records, Route};
use native::compose::{Conditions, NativeFamily, RuleLine, Side, Sources, counts, neighbours, neighbours_shown};
use native::places::{condition_key, first_bits, last_bits};
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
    println!("cargo::rerun-if-changed=src/native/places.rs");
    println!("cargo::rerun-if-changed=src/native/regions.rs");
    println!("cargo::rerun-if-env-changed=FANJIAN_TRAIN");
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
    let mut families: BTreeMap<&str, NativeFamily> = BTreeMap::new();
    let mut conditions = Conditions::default();
    let (native, opencc) = (cfg!(feature = "native"), cfg!(feature = "opencc"));
    // A lexicon that this build goes without: its name stands for another, and nothing asks for it.
    let mut left_out = String::new();
    let mut leave_out = |name: &str, instead: &str| {
        let _ = writeln!(left_out, "use self::{instead} as {};", name.to_uppercase());
    };
    if native {
        let hans = sources.hans(&mut conditions);
        let hant = sources.hant(&mut conditions, &hans);
        let lists = ["marks", "places", "institutions"].map(|name| text_table(&format!("regions/{name}.txt")));
        let lists = lists.into_iter().collect::<Result<Vec<Table>, String>>()?;
        write_regions(out, &native::regions::regions(&sources, &hans, &lists)?)?;
        families.insert("hans", hans);
        families.insert("hant", hant);
    } else {
        for route in NATIVE_ROUTES {
            leave_out(route, "NORMALIZE");
        }
    }
    for spec in SPECS.iter().chain(&PARTS) {
        let mut add = |name: &str, tofu: bool| {
            // Normalisation serves the native routes too.
            if opencc || spec.name == "normalize" {
                let routes = &mut families.entry(spec.family).or_default().routes;
                routes.push((name.to_owned(), tables.route(spec, tofu)));
            } else {
                leave_out(name, "NORMALIZE");
            }
        };
        add(spec.name, false);
        if spec.family == "ts" {
            add(&format!("{}_tofu", spec.name), true);
        }
    }
    for name in ["hans", "hant", "ts"].iter().filter(|name| !families.contains_key(**name)) {
        leave_out(name, "TT");
    }
    let mut writer = Writer { out, source: String::new(), known: BTreeMap::new() };
    let mut arena = Arena::default();
    // Exact routes never ask for flags, and native ones from the same script have some.
    let traditional = families.get("hant").and_then(|family| flags(&family.routes)).cloned().unwrap_or_default();
    let mut compiled = Vec::new();
    for (name, family) in families {
        let mut routes = family.routes;
        let flags = flags(&routes).unwrap_or(&traditional).clone();
        for (_, route) in routes.iter_mut().filter(|(_, route)| route.cells.is_empty()) {
            route.cells.clone_from(&flags);
        }
        let (names, routes): (Vec<String>, Vec<RouteSource>) = routes.into_iter().unzip();
        let (family, routes) = compile(&routes, &family.words, &mut arena).map_err(|error| error.to_string())?;
        compiled.push((name, family, names, routes));
    }
    for (name, mut family, names, routes) in compiled {
        arena.fill(&mut family);
        for (name, route) in names.iter().zip(&routes) {
            let mut route = route.clone();
            let s2t = names.iter().zip(&routes).find(|(other, _)| *other == "s2t" && ON_S2T.contains(&name.as_str()));
            if let Some((_, s2t)) = s2t {
                route.rest_on(s2t, family.len());
            }
            writer.route(name, &family, &route, s2t.map(|(name, _)| name.as_str()))?;
        }
        writer.family(name, &family)?;
    }
    let mut source = writer.source;
    source.push_str(&left_out);
    let rules = if native { sources.rules()? } else { BTreeMap::new() };
    let by_character = native::compose::places(rules.keys().enumerate().map(|(number, &c)| (c, number as u64)));
    let _ = writeln!(
        source,
        "pub(super) static RULES: RuleBook = RuleBook {{ by_character: Neighbours {{ named: &{by_character:?}, others: \
         u64::MAX }}, rules: &["
    );
    let mut word_lists = WordLists::default();
    for rules in rules.into_values() {
        let bits = |which: fn(&native::compose::Rule) -> bool| {
            rules.iter().enumerate().fold(0u64, |bits, (at, rule)| bits | u64::from(which(rule)) << at)
        };
        let (spaced, first, to_hk) = (bits(|rule| rule.space), bits(|rule| rule.first), bits(|rule| rule.only != 0));
        let _ = write!(source, "Rules {{ spaced: {spaced}, first: {first}, to_hk: {to_hk}, beside: [");
        for side in Side::ALL {
            let (named, others) = neighbours(&rules, side);
            let named = native::compose::places(named.into_iter());
            let _ = write!(source, "Neighbours {{ named: &{named:?}, others: {others} }}, ");
        }
        let [before, after, ..] = Side::ALL;
        let [before, after] = [before, after].map(|side| neighbours_shown(&rules, side));
        let _ = writeln!(source, "], shown: [&{before:?}, &{after:?}], rules: &[");
        for rule in &rules {
            let _ = writeln!(
                source,
                "Rule {{ values: {:?}, line: {}, words: {}, worded: {}, space: {}, free: {}, cantonese: {} }},",
                rule.values,
                rule.line,
                // The first list and the third are about what stands before the character.
                word_lists.write(rule.words.iter().enumerate().map(|(at, list)| (list, matches!(at, 0 | 2)))),
                rule.words.iter().any(|list| !list.is_empty()),
                rule.space,
                rule.free,
                rule.only == 2
            );
        }
        source.push_str("] },\n");
    }
    let _ = writeln!(source, "], {} }};", word_lists.finish()?);
    source.push_str(&packed(&conditions)?);
    let _ = writeln!(source, "pub(super) static CANDIDATES: [&str; 2] = {:?};", candidates(&tables));
    write(&out.join("lexicons.rs"), source.as_bytes())
}

/// A text that holds all words, and their places for the library's `word_at`. Words of 256 bytes or more have none.
fn place_words<'w>(words: impl Iterator<Item = &'w String>) -> (Vec<u8>, BTreeMap<&'w str, usize>) {
    // The longest first, because a word that starts another one need not stand twice.
    let mut words: Vec<&str> = words.map(String::as_str).filter(|word| word.len() < 256).collect();
    words.sort_by_key(|word| (Reverse(word.len()), *word));
    let (mut text, mut places) = (Vec::new(), BTreeMap::new());
    for word in words {
        if !places.contains_key(word) {
            for (at, c) in word.char_indices() {
                let length = at + c.len_utf8();
                places.entry(&word[..length]).or_insert(text.len() << 8 | length);
            }
            text.extend(word.bytes());
        }
    }
    (text, places)
}

/// Conditions as the library's `Conditions`: equal lists stand once.
fn packed(conditions: &Conditions) -> Result<String, String> {
    let all = conditions.0.iter().flat_map(|c| [&c.next, &c.prev, &c.not_next, &c.not_prev]);
    let (text, places) = place_words(all.flatten());
    let (mut words, mut keys) = (Vec::new(), Vec::new());
    let mut lists = "List { at: 0, count: 0, short: 0, edges: [0, 0] }".to_owned();
    let mut numbers = BTreeMap::new();
    let mut number = |list: &[String], before: bool| -> Result<usize, String> {
        if list.is_empty() {
            return Ok(0);
        }
        let next = numbers.len() + 1;
        let number = *numbers.entry((list.to_vec(), before)).or_insert(next);
        if number < next {
            return Ok(number);
        }
        let (at, count) = (words.len(), list.len());
        let short = list.iter().filter(|word| word.len() < 3).count();
        for word in list {
            words.push(
                places.get(word.as_str()).copied().ok_or_else(|| format!("`{word}` is too long for a condition"))?,
            );
            let bytes = word.as_bytes();
            let shown = if before { bytes.last_chunk() } else { bytes.first_chunk() };
            keys.push(shown.map_or(0, |&shown| condition_key(shown)));
        }
        let edges = edges(list, before);
        let _ = write!(lists, ", List {{ at: {at}, count: {count}, short: {short}, edges: {edges:?} }}");
        Ok(number)
    };
    let mut all = Vec::new();
    for c in &conditions.0 {
        all.push([
            number(&c.next, false)?,
            number(&c.prev, true)?,
            number(&c.not_next, false)?,
            number(&c.not_prev, true)?,
        ]);
    }
    let text = text.escape_ascii();
    Ok(format!(
        "pub(super) static CONDITIONS: Conditions = Conditions {{ text: b\"{text}\", words: &{words:?}, keys: &{keys:?}, lists: &[{lists}], \
         conditions: &{all:?} }};\n"
    ))
}

/// The bits of the characters that words show to what they stand in front of or behind.
fn edges(list: &[String], before: bool) -> [u64; 2] {
    let bits = |word: &String| if before { last_bits(word.as_bytes()) } else { first_bits(word.as_bytes()) };
    list.iter().map(bits).fold([0, 0], |[a, b], [c, d]| [a | c, b | d])
}

/// The lists of words of rules, each once.
#[derive(Default)]
struct WordLists {
    /// Where each list is among the places of words.
    known: BTreeMap<Vec<String>, usize>,
    words: Vec<String>,
}

impl WordLists {
    /// Lists of words as the library's `Words`, and whether they stand in front of what they are asked for.
    fn write<'w>(&mut self, lists: impl Iterator<Item = (&'w Vec<String>, bool)>) -> String {
        let lists = lists.map(|(list, before)| {
            let at = *self.known.entry(list.clone()).or_insert(self.words.len());
            if at == self.words.len() {
                self.words.extend(list.iter().cloned());
            }
            format!("Words {{ at: {at}, count: {}, edges: {:?} }}", list.len(), edges(list, before))
        });
        format!("[{}]", lists.collect::<Vec<_>>().join(", "))
    }

    /// The text of all words and their places in it, as fields of the library's `RuleBook`.
    fn finish(&self) -> Result<String, String> {
        let (text, places) = place_words(self.words.iter());
        let place = |word: &String| places.get(word.as_str()).ok_or_else(|| format!("`{word}` is too long for a rule"));
        let words: Vec<_> = self.words.iter().map(place).collect::<Result<_, _>>()?;
        Ok(format!("text: b\"{}\", words: &{words:?}", text.escape_ascii()))
    }
}

/// Lines of a character and all its values, for characters that have several: from Simplified and from Traditional.
fn candidates(tables: &Tables) -> [String; 2] {
    ["STCharacters", "TSCharacters"].map(|name| {
        let table = tables.values(name);
        // A value that is a character of the source script with another value would be read as that.
        let stays = |key: &String, value: &String| value == key || table.get(value).is_none_or(|v| v.contains(value));
        let common = |value: &&String| value.chars().all(|c| c < '\u{20000}');
        let lines = table.iter().map(|(key, values)| {
            let values: Vec<&str> =
                values.iter().filter(common).filter(|value| stays(key, value)).map(String::as_str).collect();
            (key, values)
        });
        lines
            .filter(|(_, values)| values.len() > 1)
            .map(|(key, values)| format!("{key}{}\n", values.concat()))
            .collect()
    })
}

/// The routes that rest on s2t, see [`Route::base`]: they differ from it in a few keys only. Native routes look up too many keys
/// to ask two lists.
const ON_S2T: [&str; 4] = ["s2tw", "s2twp", "s2hk", "s2hkp"];

/// The routes that [`Sources::hans`] and [`Sources::hant`] make.
const NATIVE_ROUTES: [&str; 8] = ["hans_tw", "hans_hk", "hans_hant", "tw_cn", "hk_cn", "hant_hans", "tw_hk", "hk_tw"];

fn text_table(name: &str) -> Result<Table, String> {
    let path = Path::new("dictionaries").join(name);
    let bytes = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    Table::parse(&path.display().to_string(), &bytes).map_err(|faults| faults.to_string())
}

/// The flags of characters that a route among these has, the first that has some. Routes without may have them too: their blocks may
/// then be the same.
fn flags(routes: &[(String, RouteSource)]) -> Option<&BTreeMap<char, u32>> {
    routes.iter().map(|(_, route)| &route.cells).find(|flags| !flags.is_empty())
}

fn write_regions(out: &Path, regions: &BTreeMap<String, u64>) -> Result<(), String> {
    let keys: BTreeMap<Vec<u8>, u64> = regions.iter().map(|(word, value)| (spelling(word), *value)).collect();
    let map = fst::Map::from_iter(keys).map_err(|error| error.to_string())?;
    write(&out.join("regions.fst"), map.as_fst().as_bytes())
}

fn native_sources(opencc: Tables) -> Result<Sources, String> {
    let folder = Path::new("dictionaries");
    let table = text_table;
    let map = |name: &str| -> Result<BTreeMap<String, String>, String> {
        Ok(table(name)?.entries.into_iter().filter_map(|e| Some((e.key, e.values.into_iter().next()?))).collect())
    };
    let (mut words, total) = counts(&table("words/jieba.txt")?);
    let own_words = counts(&table("script/words.txt")?).0;
    words.extend(own_words.clone());
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
    let vocabulary = table("regions/vocabulary.txt")?;
    Ok(Sources {
        opencc,
        words,
        own_words,
        total,
        phrases: {
            let mut phrases = map("script/names.txt")?;
            phrases.extend(map("script/phrases.txt")?);
            phrases
        },
        characters: map("script/characters.txt")?,
        glyphs: [map("script/glyphs-tw.txt")?, map("script/glyphs-hk.txt")?],
        official: [map("script/official-tw.txt")?, map("script/official-hk.txt")?],
        reverse_phrases: map("script/reverse-phrases.txt")?,
        rules: {
            let mut all = rules(&folder.join("script/rules.txt"))?;
            all.extend(learned(folder)?.into_iter().map(|line| RuleLine { line: 0, ..line }));
            all
        },
        concepts,
        vocabulary: vocabulary.entries.into_iter().map(|entry| (entry.key, entry.values)).collect(),
    })
}

/// The trained rules, which come after the others; for `cargo xtask train` instead a mark wherever they would be asked.
fn learned(folder: &Path) -> Result<Vec<RuleLine>, String> {
    if env::var_os("FANJIAN_TRAIN").is_none() {
        return rules(&folder.join("script/learned.txt"));
    }
    let classes = text_table("script/learned-classes.txt")?.entries.into_iter();
    let mark = |c: char| RuleLine { character: c, value: "\u{E000}".to_owned(), conditions: String::new(), line: 0 };
    Ok(classes.filter_map(|entry| entry.key.chars().next().map(mark)).collect())
}

/// The lines of the rules; a character may stand on many of them, so this is no [`Table`].
fn rules(path: &Path) -> Result<Vec<RuleLine>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut out = Vec::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let mut fields = line.split('\t');
        let (Some(character), Some(value), conditions, None) =
            (fields.next().and_then(|f| f.chars().next()), fields.next(), fields.next(), fields.next())
        else {
            return Err(format!("{}:{number}:1: expected CHARACTER, VALUE and CONDITIONS", path.display()));
        };
        let (value, conditions) = (value.to_owned(), conditions.unwrap_or_default().to_owned());
        out.push(RuleLine { character, value, conditions, line: number });
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

/// Writes lexicons as files, and the Rust source that embeds them; files of the same content are one.
struct Writer<'a> {
    out: &'a Path,
    source: String,
    /// The static that holds these bytes.
    known: BTreeMap<Vec<u8>, String>,
}

impl Writer<'_> {
    /// The name of the static that holds these bytes.
    fn bytes(&mut self, name: &str, bytes: Vec<u8>) -> Result<String, String> {
        if let Some(known) = self.known.get(&bytes) {
            return Ok(known.clone());
        }
        write(&self.out.join(name), &bytes)?;
        let upper = name.to_uppercase().replace('.', "_");
        let _ = writeln!(self.source, "static {upper}: &[u8] = embed!(\"{name}\");");
        self.known.insert(bytes, upper.clone());
        Ok(upper)
    }

    /// A static of this type whose fields are these bytes.
    fn item(&mut self, name: &str, kind: &str, fields: Vec<(&str, Vec<u8>)>, rest: &str) -> Result<(), String> {
        let mut source = String::new();
        for (field, bytes) in fields {
            let _ = write!(source, "{field}: {}, ", self.bytes(&format!("{name}.{field}"), bytes)?);
        }
        let _ = writeln!(self.source, "static {}: {kind} = {kind} {{ {source}{rest} }};", name.to_uppercase());
        Ok(())
    }

    fn family(&mut self, name: &str, family: &Family) -> Result<(), String> {
        let fields = vec![
            ("fst", family.fst.as_bytes().to_vec()),
            ("firsts", longs(&family.firsts)),
            ("buckets", longs(&family.buckets)),
            ("slots", words(family.slots.iter().copied())),
            ("tails", halves(&family.tails)),
            ("longer", longs(&family.longer)),
            ("joints", longs(&family.joints)),
            ("blocks", halves(family.blocks.as_flattened())),
            ("cells", words(family.cells.iter().copied())),
            ("arena", halves(&family.arena)),
            ("pool", halves(&family.pool)),
            ("costs", family.costs.to_vec()),
            ("char_costs", family.char_costs.to_vec()),
        ];
        self.item(name, "FamilyData", fields, &format!("held: {}", family.held))
    }

    fn route(&mut self, name: &str, family: &Family, route: &Route, base: Option<&str>) -> Result<(), String> {
        let fields = vec![
            ("pages", halves(&route.pages)),
            ("blocks", halves(family.blocks.as_flattened())),
            ("specials", words(route.specials.iter().flatten().copied())),
            ("normalize", words(route.normalize.iter().copied())),
            ("pairs", longs(&route.pairs)),
            ("filter", longs(&route.filter)),
            ("explicit", longs(&route.records.explicit)),
            ("ranks", halves(&route.records.ranks)),
            ("records", route.records.packed.to_vec()),
            ("keys", longs(&route.keys)),
            ("neighbours", words(route.neighbours.iter().copied())),
        ];
        let Route { segmented, sparse, ascii_starts, ascii_reach, records: Records { wide, .. }, .. } = route;
        let base = base.map_or("None".to_owned(), |base| format!("Some(&{})", base.to_uppercase()));
        let rest = format!(
            "wide: {wide}, base: {base}, segmented: {segmented}, sparse: {sparse}, ascii_starts: {ascii_starts}, \
             ascii_reach: {ascii_reach:?}, cell: OnceLock::new()"
        );
        self.item(name, "RouteData", fields, &rest)
    }
}

fn halves(values: &[u16]) -> Vec<u8> {
    bytes(values.iter().copied(), u16::to_le_bytes, u16::to_be_bytes)
}

fn longs(values: &[u64]) -> Vec<u8> {
    bytes(values.iter().copied(), u64::to_le_bytes, u64::to_be_bytes)
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
