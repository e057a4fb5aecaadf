//! `cargo xtask terms stats|collisions|coverage`: reports about the regional terms.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use anyhow::Context;
use fanjian::table::{Concept, LocaleColumn, Tier};
use fanjian::{Converter, Locale, Terms};

use crate::align::align;
use crate::dict::checks::Dictionaries;

const TIERS: [Tier; 4] = [Tier::Safe, Tier::Domain, Tier::Broad, Tier::No];

/// A locale of the command line.
pub fn column(locale: Locale) -> anyhow::Result<LocaleColumn> {
    Ok(match locale {
        Locale::ZH_HANS_CN => LocaleColumn::Cn,
        Locale::ZH_HANT_TW => LocaleColumn::Tw,
        Locale::ZH_HANT_HK => LocaleColumn::Hk,
        _ => anyhow::bail!("the terms are about zh-Hans-CN, zh-Hant-TW and zh-Hant-HK, not {locale}"),
    })
}

/// Counts by domain, tier and column.
pub fn stats(root: &Path) -> anyhow::Result<()> {
    #[derive(Default)]
    struct Row {
        concepts: usize,
        words: usize,
        tiers: [[usize; 4]; 3],
        conditions: usize,
        shields: usize,
        hk_own: usize,
    }
    let dictionaries = Dictionaries::read(root)?;
    let to_cn = |from| Converter::with_terms(from, Locale::ZH_HANS_CN, &Terms::None);
    let (tw, hk) = (to_cn(Locale::ZH_HANT_TW)?, to_cn(Locale::ZH_HANT_HK)?);
    let mut rows: BTreeMap<String, Row> = BTreeMap::new();
    for file in &dictionaries.concepts {
        let domain = file.table.field("domain").unwrap_or_default();
        for concept in &file.table.concepts {
            let first = |column| concept.side(column).words.first().map_or("-", String::as_str);
            let cn = first(LocaleColumn::Cn);
            let differs = |converter: &Converter, word: &str| word != "-" && converter.convert(word) != cn;
            let (tw_own, hk_own) = (differs(&tw, first(LocaleColumn::Tw)), differs(&hk, first(LocaleColumn::Hk)));
            for name in [domain, "total"] {
                let row = rows.entry(name.to_owned()).or_default();
                row.concepts += 1;
                row.shields += usize::from(!tw_own && !hk_own);
                row.hk_own += usize::from(hk_own || first(LocaleColumn::Hk) != first(LocaleColumn::Tw));
                for (index, column) in LocaleColumn::ALL.into_iter().enumerate() {
                    let side = concept.side(column);
                    row.words += side.words.len();
                    row.conditions += usize::from(!side.uses.condition.is_empty());
                    let tier = TIERS.iter().position(|tier| *tier == side.uses.tier).unwrap_or_default();
                    row.tiers[index][tier] += 1;
                }
            }
        }
    }
    println!("Tiers are counted as safe/domain/broad/no by source column; `hk` counts concepts whose Hong Kong word");
    println!("is another than Taiwan's or the Mainland's; a shield has the same word everywhere.\n");
    println!(
        "{:12} {:>8} {:>7} {:>23} {:>23} {:>23} {:>10} {:>7} {:>6}",
        "domain", "concepts", "words", "cn", "tw", "hk", "conditions", "shields", "hk"
    );
    let total = rows.remove("total");
    for (name, row) in rows.iter().map(|(name, row)| (name.as_str(), row)).chain(total.iter().map(|row| ("total", row)))
    {
        let tiers = row.tiers.map(|tiers| tiers.map(|count| count.to_string()).join("/"));
        println!(
            "{name:12} {:8} {:7} {:>23} {:>23} {:>23} {:10} {:7} {:6}",
            row.concepts, row.words, tiers[0], tiers[1], tiers[2], row.conditions, row.shields, row.hk_own
        );
    }
    Ok(())
}

/// A word as a source of a term.
#[derive(Clone, Copy)]
struct Source<'d> {
    path: &'d str,
    domain: &'d str,
    concept: &'d Concept,
    value: &'d str,
}

/// The words of a column that are mapped to another column, and what they become.
fn sources(dictionaries: &Dictionaries, from: LocaleColumn, to: LocaleColumn) -> Sources<'_> {
    let mut out = Sources::new();
    for file in &dictionaries.concepts {
        for concept in &file.table.concepts {
            let cn = &concept.side(LocaleColumn::Cn).words;
            let value = concept.side(to).words.first().or(cn.first()).map_or("", String::as_str);
            let domain = file.table.field("domain").unwrap_or_default();
            for word in &concept.side(from).words {
                out.entry(word).or_default().push(Source { path: &file.path, domain, concept, value });
            }
        }
    }
    out
}

/// Where keys may stand by accident: inside longer words of `dictionaries/words/jieba.txt`, and across two of them.
pub fn collisions(root: &Path, from: Locale, to: Locale, tier: Tier, least: u64) -> anyhow::Result<()> {
    let dictionaries = Dictionaries::read(root)?;
    let source_column = column(from)?;
    let mut sources = sources(&dictionaries, source_column, column(to)?);
    sources.retain(|_, list| {
        list.retain(|source| source.concept.side(source_column).uses.tier == tier);
        !list.is_empty()
    });
    let words =
        dictionaries.tables.iter().find(|file| file.folder == "words").context("dictionaries/words is empty")?;
    let spell = Converter::with_terms(Locale::ZH_HANS_CN, from, &Terms::None)?;
    // The words as the source locale spells them.
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for entry in &words.table.entries {
        let count: u64 = entry.values.first().and_then(|count| count.parse().ok()).unwrap_or_default();
        *counts.entry(spell.convert(&entry.key).into_owned()).or_default() += count;
    }
    let total: u64 = counts.values().sum::<u64>().max(1);
    inside(&sources, source_column, &counts, tier, &Converter::with_terms(from, to, &tier_terms(tier))?, least);
    across(&sources, &counts, total, least);
    Ok(())
}

/// The terms that hold a tier.
fn tier_terms(tier: Tier) -> Terms {
    if tier == Tier::Safe { Terms::Safe } else { Terms::Broad }
}

type Sources<'d> = HashMap<&'d str, Vec<Source<'d>>>;

fn inside(
    sources: &Sources<'_>,
    column: LocaleColumn,
    counts: &BTreeMap<String, u64>,
    tier: Tier,
    converter: &Converter,
    least: u64,
) {
    let mut rows = Vec::new();
    for (word, &count) in counts.iter().filter(|(word, count)| **count >= least && !sources.contains_key(word.as_str()))
    {
        let ends: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
        for (index, &start) in ends.iter().enumerate() {
            for &end in ends.iter().skip(index + 1).filter(|&&end| end - start < word.len()) {
                for source in sources.get(&word[start..end]).into_iter().flatten() {
                    rows.push((count, word, &word[start..end], source, converter.convert(word)));
                }
            }
        }
    }
    rows.sort_by(|a, b| (b.0, a.1, a.2).cmp(&(a.0, b.1, b.2)));
    println!("# Keys of the tier `{}` inside words (of {} words, from a count of {least})", tier.name(), counts.len());
    println!("# count\tword\tkey\tvalue\tthe word alone becomes\tconditions\tplace");
    for (count, word, key, source, becomes) in &rows {
        let Source { path, concept, value, .. } = source;
        let conditions = if concept.side(column).uses.condition.is_empty() { "" } else { "conditions" };
        println!("{count}\t{word}\t{key}\t{value}\t{becomes}\t{conditions}\t{path}:{}", concept.line);
    }
    println!("# {} keys inside words\n", rows.iter().map(|row| row.2).collect::<BTreeSet<_>>().len());
}

/// How often a key stands across two words by chance, if words followed one another at random, beside its own count.
fn across(sources: &Sources<'_>, counts: &BTreeMap<String, u64>, total: u64, least: u64) {
    let (mut starting, mut ending): (HashMap<&str, u64>, HashMap<&str, u64>) = Default::default();
    for (word, &count) in counts {
        for (at, c) in word.char_indices() {
            *starting.entry(&word[..at + c.len_utf8()]).or_default() += count;
            *ending.entry(&word[at..]).or_default() += count;
        }
    }
    let mut rows = Vec::new();
    for (&key, list) in sources {
        let chance: f64 = (key.char_indices().skip(1))
            .map(|(at, _)| {
                let count = |map: &HashMap<&str, u64>, part| map.get(part).copied().unwrap_or_default() as f64;
                count(&ending, &key[..at]) * count(&starting, &key[at..]) / total as f64
            })
            .sum();
        if chance >= least as f64 {
            rows.push((chance, key, counts.get(key).copied().unwrap_or_default(), list));
        }
    }
    rows.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    println!("# Keys across two words, from {least} times by chance in {total} words");
    println!("# by chance\tas a word\tkey\tvalue\tplace");
    for (chance, key, own, list) in rows {
        for Source { path, concept, value, .. } in list {
            println!("{chance:.0}\t{own}\t{key}\t{value}\t{path}:{}", concept.line);
        }
    }
}

/// What the terms would change in a text, and why or why not.
pub fn coverage(root: &Path, path: &Path, from: Locale, to: Locale, terms: &Terms) -> anyhow::Result<()> {
    let dictionaries = Dictionaries::read(root)?;
    let (source_column, target_column) = (column(from)?, column(to)?);
    let sources = sources(&dictionaries, source_column, target_column);
    let longest = sources.keys().map(|word| word.chars().count()).max().unwrap_or(0);
    let (with, without) = (Converter::with_terms(from, to, terms)?, Converter::with_terms(from, to, &Terms::None)?);
    let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
    // The whole text at once: domains show in what went before.
    let (with, without) = (with.convert(&text), without.convert(&text));
    let mut summary: BTreeMap<(bool, String), (usize, String)> = BTreeMap::new();
    for (number, ((line, with), without)) in text.lines().zip(with.lines()).zip(without.lines()).enumerate() {
        let [line, with, without]: [Vec<char>; 3] = [line, with, without].map(|text| text.chars().collect());
        // From the source to the output without terms (nearly character by character), and on to the output with them.
        let (to_plain, to_mapped) = (align(&line, &without), align(&without, &with));
        let mut at = 0;
        while at < line.len() {
            let found = (1..=longest.min(line.len() - at)).rev().find_map(|length| {
                let word: String = line[at..at + length].iter().collect();
                Some((length, sources.get_key_value(word.as_str())?))
            });
            let Some((length, (&word, candidates))) = found else {
                at += 1;
                continue;
            };
            let place = |i: usize| to_plain.get(i).copied().flatten().and_then(|j| to_mapped.get(j).copied().flatten());
            let same = |i: usize| {
                let plain = to_plain.get(i).copied().flatten();
                place(i).is_some_and(|k| plain.is_some_and(|j| with[k] == without[j]))
            };
            let changed = (at..at + length).any(|i| !same(i));
            let before: String = line[..at].iter().collect();
            let after: String = line[at + length..].iter().collect();
            let (source, why) = explain(candidates, source_column, &before, &after);
            let Source { path, domain, concept, value } = source;
            let place = format!("{path}:{}", concept.line);
            let why =
                if changed { format!("{}, {place}", source.concept.side(source_column).uses.tier.name()) } else { why };
            let tell = changed || (why != "the same word" && !why.is_empty());
            if tell {
                let verb = if changed { "→" } else { "stays; would be" };
                println!("{}:{}: {word} {verb} {value}: {why} [{domain}]", number + 1, at + 1);
                let row = summary.entry((!changed, format!("{word} → {value}"))).or_default();
                row.0 += 1;
                row.1 = format!("{why} [{domain}] {place}");
            }
            at += length;
        }
    }
    println!("\n# summary");
    let mut rows: Vec<_> = summary.into_iter().collect();
    rows.sort_by(|a, b| (a.0.0, b.1.0).cmp(&(b.0.0, a.1.0)));
    for ((stays, term), (count, why)) in rows {
        println!("{}\t{count}\t{term}\t{why}", if stays { "stays" } else { "changes" });
    }
    Ok(())
}

/// The most eager of the concepts of a word, and why it may be left alone.
fn explain<'d>(candidates: &[Source<'d>], column: LocaleColumn, before: &str, after: &str) -> (Source<'d>, String) {
    let mut best: Option<(u8, Source<'d>, String)> = None;
    for &source in candidates {
        let side = source.concept.side(column);
        let condition = &side.uses.condition;
        let starts = |list: &[String]| list.iter().find(|word| after.starts_with(word.as_str())).cloned();
        let ends = |list: &[String]| list.iter().find(|word| before.ends_with(word.as_str())).cloned();
        let mut unmet = Vec::new();
        if !condition.next.is_empty() && starts(&condition.next).is_none() {
            unmet.push("none of `next` follows".to_owned());
        }
        if !condition.prev.is_empty() && ends(&condition.prev).is_none() {
            unmet.push("none of `prev` precedes".to_owned());
        }
        unmet.extend(starts(&condition.not_next).map(|word| format!("{word} follows")));
        unmet.extend(ends(&condition.not_prev).map(|word| format!("{word} precedes")));
        let (rank, why) = match side.uses.tier {
            _ if side.words.iter().any(|word| word == source.value) => (5, "the same word".to_owned()),
            Tier::No => (4, "never from this side".to_owned()),
            _ if !unmet.is_empty() => (3, unmet.join(", ")),
            Tier::Safe => (0, "another word won, or the word is the same in this script".to_owned()),
            Tier::Domain => (1, format!("the text does not show {}", source.domain)),
            _ => (2, "a preference".to_owned()),
        };
        if best.as_ref().is_none_or(|(known, ..)| rank < *known) {
            best = Some((rank, source, why));
        }
    }
    let (_, source, why) = best.expect("a word of the map has a concept");
    (source, why)
}
