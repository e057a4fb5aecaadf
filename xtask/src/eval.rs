//! `cargo xtask eval SETS-DIR`: scores of the native routes on sets of sentences.
//!
//! The folder holds `INDEX.json`, an object with a `config` for each set (`s2tw` and `s2hk`: script only, `s2twp` and
//! `s2hkp`: with terms, `s2t`, `tw2s`, …), and `NAME.tsv` with lines `source<TAB>expected[<TAB>meta]`; of `meta`, fields
//! separated by `;`, `terms=cn=tw|…` names terms that the output must hold and `alts=…|…` other right outputs.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use fanjian::table::Table;
use fanjian::{Converter, Locale, OpenccConfig, Region, Script, Terms, detect};
use jsonc_parser::JsonValue;

use crate::align::{align, distance};

/// What to run.
pub struct Options<'a> {
    /// Only these sets.
    pub sets: &'a [String],
    /// OpenCC's routes instead of the native ones.
    pub opencc: bool,
    /// Other terms than the configuration asks for.
    pub terms: Option<Terms>,
    /// Convert a set as one text.
    pub whole: bool,
    /// Write every line that is not as expected here.
    pub errors: Option<&'a Path>,
}

struct Line {
    source: String,
    expected: String,
    meta: String,
}

impl Line {
    fn field(&self, name: &str) -> Option<&str> {
        self.meta.split(';').find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    }
}

#[derive(Default)]
struct Score {
    exact: usize,
    edits: usize,
    chars: usize,
    ambiguous: (usize, usize),
    terms: (usize, usize),
    harm: Option<usize>,
    idempotent: usize,
    time: Duration,
}

/// The sets of a folder with their configurations, by name; only those that are asked for, if any are.
fn sets(folder: &Path, only: &[String]) -> anyhow::Result<Vec<(String, String)>> {
    let path = folder.join("INDEX.json");
    let text = fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let Some(JsonValue::Object(index)) = jsonc_parser::parse_to_value(&text, &Default::default())? else {
        anyhow::bail!("{}: expected an object of sets", path.display());
    };
    let mut names: Vec<String> = index.clone().into_iter().map(|(name, _)| name.to_string()).collect();
    names.retain(|name| only.is_empty() || only.contains(name));
    names.sort();
    let mut out = Vec::new();
    for name in names {
        let Some(JsonValue::Object(set)) = index.get(&name) else { continue };
        let Some(config) = set.get_string("config") else {
            anyhow::bail!("{}: `{name}` has no `config`", path.display());
        };
        out.push((name, config.to_string()));
    }
    Ok(out)
}

/// The length of the paragraphs on which detection is scored, in characters.
const PARAGRAPH: usize = 100;

/// The likelihood from which on a region counts as sure.
const SURE: f32 = 0.8;

/// Scores detection on both sides of each set; the region where the side has one: how often it is right, how often it is sure,
/// and how often it is right then. No region counts as wrong.
pub fn detection(folder: &Path, only: &[String]) -> anyhow::Result<()> {
    println!(
        "{:18} {:12} {:>10} {:>8} {:>8} {:>8} {:>8}",
        "set", "side", "paragraphs", "script", "region", "sure", "of sure"
    );
    let mut sum = [(0, 0, 0, 0); 2];
    for (name, config) in sets(folder, only)? {
        let (from, to, _) = route(&config)?;
        let lines = lines(&folder.join(format!("{name}.tsv")))?;
        let sides: [(Locale, fn(&Line) -> &str); 2] = [(from, |line| &line.source), (to, |line| &line.expected)];
        for (locale, side) in sides {
            let script = if locale.is_simplified() { Script::Hans } else { Script::Hant };
            let region = match locale {
                Locale::ZH_HANS_CN => Some(Region::Cn),
                Locale::ZH_HANT_TW => Some(Region::Tw),
                Locale::ZH_HANT_HK => Some(Region::Hk),
                _ => None,
            };
            let (mut count, mut scripts, mut right, mut sure, mut right_of_sure) = (0, 0, 0, 0, 0);
            let mut paragraph = String::new();
            for line in &lines {
                paragraph += side(line);
                if paragraph.chars().count() >= PARAGRAPH {
                    let profile = detect(&paragraph);
                    count += 1;
                    scripts += usize::from(profile.script() == script);
                    let is_right = profile.region() == region;
                    let is_sure = profile.region().is_some_and(|region| profile.likelihood(region) >= SURE);
                    right += usize::from(is_right);
                    sure += usize::from(is_sure);
                    right_of_sure += usize::from(is_right && is_sure);
                    paragraph.clear();
                }
            }
            print!("{name:18} {:12} {count:10} {:>8}", locale.tag(), percent(scripts, count));
            if region.is_some() {
                print!(" {:>8} {:>8} {:>8}", percent(right, count), percent(sure, count), percent(right_of_sure, sure));
                let sum = &mut sum[usize::from(!locale.is_simplified())];
                *sum = (sum.0 + count, sum.1 + right, sum.2 + sure, sum.3 + right_of_sure);
            }
            println!();
        }
    }
    for (script, (count, right, sure, right_of_sure)) in ["Simplified", "Traditional"].into_iter().zip(sum) {
        let [right, share, of_sure] = [percent(right, count), percent(sure, count), percent(right_of_sure, sure)];
        println!(
            "{:31} {count:10} {:>8} {right:>8} {share:>8} {of_sure:>8}",
            format!("all {script} with a region"),
            ""
        );
    }
    Ok(())
}

fn percent(part: usize, all: usize) -> String {
    format!("{:.1}%", 100.0 * part as f64 / all.max(1) as f64)
}

pub fn run(root: &Path, folder: &Path, options: &Options<'_>) -> anyhow::Result<()> {
    let sets = sets(folder, options.sets)?;
    let mut errors = String::new();
    println!(
        "{:18} {:6} {:>6} {:>7} {:>6} {:>9} {:>15} {:>13} {:>6} {:>10} {:>8}",
        "set", "config", "lines", "exact", "edits", "per 1000", "ambiguous", "terms", "harm", "idempotent", "ns/char"
    );
    let mut sum = (0, 0);
    for (name, config) in sets {
        let lines = lines(&folder.join(format!("{name}.tsv")))?;
        let score = score(root, &config, &name, &lines, options, &mut errors)?;
        sum = (sum.0 + score.edits, sum.1 + score.chars);
        print_row(&name, &config, lines.len(), &score);
    }
    println!("{} edits in {} characters", sum.0, sum.1);
    if cfg!(debug_assertions) {
        println!(
            "note: built without optimisation, the times mean nothing; use `cargo run --release -p xtask -- eval`"
        );
    }
    if let Some(path) = options.errors {
        fs::write(path, errors).with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

fn print_row(name: &str, config: &str, lines: usize, score: &Score) {
    let percent = |(part, all): (usize, usize)| {
        if all == 0 { "-".to_owned() } else { format!("{:.2}%", 100.0 * part as f64 / all as f64) }
    };
    let of = |(part, all): (usize, usize)| {
        if all == 0 { "-".to_owned() } else { format!("{} {}", percent((part, all)), all) }
    };
    let nanoseconds = score.time.as_nanos() as f64 / score.chars.max(1) as f64;
    println!(
        "{name:18} {config:6} {lines:6} {:>7} {:6} {:9.2} {:>15} {:>13} {:>6} {:>10} {nanoseconds:8.1}",
        percent((score.exact, lines)),
        score.edits,
        1000.0 * score.edits as f64 / score.chars.max(1) as f64,
        of(score.ambiguous),
        of(score.terms),
        score.harm.map_or("-".to_owned(), |harm| harm.to_string()),
        percent((score.idempotent, lines)),
    );
}

fn lines(path: &Path) -> anyhow::Result<Vec<Line>> {
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut out = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty()) {
        let mut cells = line.split('\t');
        let (Some(source), Some(expected)) = (cells.next(), cells.next()) else {
            anyhow::bail!("{}:{}: expected SOURCE and EXPECTED", path.display(), index + 1);
        };
        let meta = cells.next().unwrap_or_default().to_owned();
        out.push(Line { source: source.to_owned(), expected: expected.to_owned(), meta });
    }
    Ok(out)
}

/// The locales of a configuration, and the terms it stands for.
fn route(config: &str) -> anyhow::Result<(Locale, Locale, Terms)> {
    let (base, terms) = match config.strip_suffix('p') {
        Some(base) => (base, Terms::Auto),
        None => (config, Terms::None),
    };
    let (from, to) = base.split_once('2').with_context(|| format!("`{config}` is no configuration"))?;
    // Without a region the Mainland is meant, unless the other side has none either.
    let locale = |name: &str, other: &str| {
        Ok(match name {
            "s" if other == "t" => Locale::ZH_HANS,
            "s" => Locale::ZH_HANS_CN,
            "t" => Locale::ZH_HANT,
            "tw" => Locale::ZH_HANT_TW,
            "hk" => Locale::ZH_HANT_HK,
            _ => anyhow::bail!("`{config}` is no configuration"),
        })
    };
    Ok((locale(from, to)?, locale(to, from)?, terms))
}

/// Quotation marks are a matter of typography: straight, curly and corner brackets count as equal.
fn comparable(text: &str) -> Vec<char> {
    text.chars()
        .map(|c| match c {
            '“' | '﹁' => '「',
            '”' | '﹂' => '」',
            '‘' => '『',
            '’' => '』',
            _ => c,
        })
        .collect()
}

fn score(
    root: &Path,
    config: &str,
    name: &str,
    lines: &[Line],
    options: &Options<'_>,
    errors: &mut String,
) -> anyhow::Result<Score> {
    let (from, to, terms) = route(config)?;
    let terms = options.terms.clone().unwrap_or(terms);
    let converter = if options.opencc {
        Converter::opencc(config.parse::<OpenccConfig>()?)?
    } else {
        Converter::with_terms(from, to, &terms)?
    };
    let ambiguous = ambiguous(root, from)?;
    let mut out = Score::default();
    let outputs = convert(&converter, lines.iter().map(|line| line.source.as_str()), options.whole);
    let again = convert(&converter, outputs.iter().map(String::as_str), options.whole);
    out.time = (0..3).map(|_| time(&converter, lines)).min().unwrap_or_default();
    for (number, (line, (output, again))) in lines.iter().zip(outputs.iter().zip(&again)).enumerate() {
        let source = comparable(&line.source);
        let (mut expected, got) = (comparable(&line.expected), comparable(output));
        if let Some(right) =
            line.field("alts").into_iter().flat_map(|list| list.split('|')).map(comparable).find(|a| *a == got)
        {
            expected = right;
        }
        let edits = distance(&expected, &got);
        out.chars += expected.len();
        out.edits += edits;
        out.exact += usize::from(edits == 0);
        out.idempotent += usize::from(output == again);
        if edits > 0 {
            writeln!(errors, "{name}\t{}\t{}\t{}\t{output}\t{}", number + 1, line.source, line.expected, line.meta)?;
        }
        let plain = line.field("terms").is_none() && line.field("alts").is_none();
        if plain && source.len() == expected.len() {
            let places = align(&expected, &got);
            for (i, _) in source.iter().enumerate().filter(|(_, c)| ambiguous.contains(c)) {
                let right = places.get(i).copied().flatten().is_some_and(|j| got.get(j) == expected.get(i));
                out.ambiguous.0 += usize::from(right);
                out.ambiguous.1 += 1;
            }
        }
        for term in line.field("terms").into_iter().flat_map(|list| list.split('|')) {
            let wanted: String = comparable(term.split_once('=').map_or(term, |(_, wanted)| wanted)).iter().collect();
            out.terms.0 += usize::from(got.iter().collect::<String>().contains(&wanted));
            out.terms.1 += 1;
        }
    }
    out.harm = harm(config, lines, options)?;
    Ok(out)
}

/// The outputs of texts, each on its own or all as the lines of one text.
fn convert<'t>(converter: &Converter, texts: impl Iterator<Item = &'t str>, whole: bool) -> Vec<String> {
    if !whole {
        return texts.map(|text| converter.convert(text).into_owned()).collect();
    }
    let text = texts.collect::<Vec<_>>().join("\n");
    converter.convert(&text).split('\n').map(str::to_owned).collect()
}

fn time(converter: &Converter, lines: &[Line]) -> Duration {
    let mut buffer = String::new();
    let start = Instant::now();
    for line in lines {
        buffer.clear();
        converter.convert_into(&line.source, &mut buffer);
        std::hint::black_box(&buffer);
    }
    start.elapsed()
}

/// On native text to be converted by script only: the positions that are right without terms and wrong with them.
fn harm(config: &str, lines: &[Line], options: &Options<'_>) -> anyhow::Result<Option<usize>> {
    if !matches!(config, "s2tw" | "s2hk" | "tw2s" | "hk2s") {
        return Ok(None);
    }
    let (with, without) = if options.opencc {
        let with = format!("{config}p").parse::<OpenccConfig>()?;
        (Converter::opencc(with)?, Converter::opencc(config.parse::<OpenccConfig>()?)?)
    } else {
        let (from, to, _) = route(config)?;
        let terms = options.terms.clone().filter(|terms| *terms != Terms::None).unwrap_or_default();
        (Converter::with_terms(from, to, &terms)?, Converter::with_terms(from, to, &Terms::None)?)
    };
    let sources = || lines.iter().map(|line| line.source.as_str());
    let (with, without) = (convert(&with, sources(), options.whole), convert(&without, sources(), options.whole));
    let mut count = 0;
    for (line, (with, without)) in lines.iter().zip(with.iter().zip(&without)) {
        let expected = comparable(&line.expected);
        let right = |got: &str| -> Vec<bool> {
            let got = comparable(got);
            let places = align(&expected, &got);
            let same = |(i, place): (usize, &Option<usize>)| place.is_some_and(|j| got.get(j) == expected.get(i));
            places.iter().enumerate().map(same).collect()
        };
        count += right(with).iter().zip(right(without)).filter(|&(with, without)| without && !with).count();
    }
    Ok(Some(count))
}

/// The characters with more than one usual outcome; outcomes outside the basic plane are not usual.
fn ambiguous(root: &Path, from: Locale) -> anyhow::Result<BTreeSet<char>> {
    let name = if from.is_simplified() { "STCharacters.txt" } else { "TSCharacters.txt" };
    let table = Table::parse(name, &fs::read(root.join("dictionaries/opencc").join(name))?)?;
    let usual = |value: &&String| value.chars().all(|c| u32::from(c) < 0x1_0000);
    let entries = table.entries.iter().filter(|entry| entry.values.iter().filter(usual).count() > 1);
    Ok(entries.filter_map(|entry| entry.key.chars().next()).collect())
}
