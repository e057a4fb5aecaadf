//! Throughput by route and input, the cost of alignment and streaming beside it, linearity, construction.
//!
//! `cargo bench --bench convert`; `cargo bench --bench convert -- --test` runs everything once.

use std::fs;
use std::hint::black_box;
use std::io::Write as _;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use fanjian::{Converter, Locale, OpenccConfig, Terms};

fn corpus(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/corpora").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Sentences of all articles of a region in a fixed shuffled order, until the size is reached.
fn mixed(region: &str, size: usize) -> String {
    let articles: Vec<String> =
        ["news", "tech", "finance", "life"].iter().map(|topic| corpus(&format!("{region}-{topic}.txt"))).collect();
    let sentences: Vec<&str> = articles.iter().flat_map(|text| text.split_inclusive('。')).collect();
    let mut out = String::with_capacity(size + 1000);
    let mut state = 0x2545_F491_4F6C_DD1Du64;
    while out.len() < size {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        out.push_str(sentences[state as usize % sentences.len()]);
    }
    out
}

fn routes() -> Vec<(&'static str, &'static str, Converter)> {
    let exact = |config| Converter::opencc(config).unwrap();
    let native = |from, to| Converter::with_terms(from, to, &Terms::Auto).unwrap();
    vec![
        ("s2t", "cn", exact(OpenccConfig::S2t)),
        ("t2s", "tw", exact(OpenccConfig::T2s)),
        ("s2twp", "cn", exact(OpenccConfig::S2twp)),
        ("tw2sp", "tw", exact(OpenccConfig::Tw2sp)),
        ("s2hk", "cn", exact(OpenccConfig::S2hk)),
        ("cn-tw", "cn", native(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)),
        ("cn-hk", "cn", native(Locale::ZH_HANS_CN, Locale::ZH_HANT_HK)),
        ("tw-cn", "tw", native(Locale::ZH_HANT_TW, Locale::ZH_HANS_CN)),
        ("hk-tw", "hk", native(Locale::ZH_HANT_HK, Locale::ZH_HANT_TW)),
    ]
}

fn throughput(c: &mut Criterion) {
    for (name, region, converter) in routes() {
        let mut group = c.benchmark_group(format!("convert/{name}"));
        let article = corpus(&format!("{region}-tech.txt"));
        let inputs = [
            ("article", article.clone()),
            ("100k", mixed(region, 100_000)),
            ("5m", mixed(region, 5_000_000)),
            ("ascii", "The quick brown fox jumps over 软件 the lazy dog. ".repeat(2_000)),
            ("converted", converter.convert(&article).into_owned()),
            // Prefixes of phrases that never complete.
            ("worst", "一目不知其所以一心一中国人民银行股份有限不是一点".repeat(400)),
        ];
        for (input, text) in &inputs {
            group.throughput(Throughput::Bytes(text.len() as u64));
            group.bench_with_input(BenchmarkId::from_parameter(input), text, |b, text| {
                b.iter(|| black_box(converter.convert(black_box(text))));
            });
        }
        group.finish();
    }
}

/// What alignment and streaming cost beside `convert`, on the article: at most 1.3 and 1.15 times as much.
fn companions(c: &mut Criterion) {
    for (name, region, converter) in routes() {
        let mut group = c.benchmark_group(format!("beside/{name}"));
        let text = corpus(&format!("{region}-tech.txt"));
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function("convert", |b| b.iter(|| black_box(converter.convert(black_box(&text)))));
        group.bench_function("convert_aligned", |b| b.iter(|| black_box(converter.convert_aligned(black_box(&text)))));
        group.bench_function("stream", |b| {
            b.iter(|| {
                let mut stream = converter.stream(Vec::with_capacity(text.len() * 2));
                stream.write_all(black_box(text.as_bytes())).unwrap();
                black_box(stream.finish().unwrap())
            });
        });
        // A token of a language model is one to four characters long.
        let tokens: Vec<&str> = tokens(&text).collect();
        group.bench_function("incremental", |b| {
            b.iter(|| {
                let mut incremental = converter.incremental();
                let pushed: usize = tokens.iter().map(|token| incremental.push(black_box(token)).len()).sum();
                pushed + incremental.finish().len()
            });
        });
        group.finish();
    }
}

/// A text in pieces of up to eight bytes.
fn tokens(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let end = (0..=rest.len().min(8)).rev().find(|&at| rest.is_char_boundary(at))?;
        let (head, tail) = rest.split_at(end);
        rest = tail;
        (!head.is_empty()).then_some(head)
    })
}

/// The cost is linear: the throughput of each kind of input is the same from 10 KB to 10 MB.
fn linear(c: &mut Criterion) {
    let routes = routes();
    let inputs = [
        ("ascii", "The quick brown fox jumps over 软件 the lazy dog. "),
        ("worst", "一目不知其所以一心一中国人民银行股份有限不是一点"),
        // One clause and one line, however long; its keys always begin and never end.
        ("keys that overlap", "发展中国家用计算机只能干"),
        ("operators", "⿰⿱"),
    ];
    for (name, _, converter) in routes.iter().filter(|(name, ..)| ["s2t", "s2twp", "cn-tw"].contains(name)) {
        let mut group = c.benchmark_group(format!("linear/{name}"));
        group.sample_size(10);
        for (input, piece) in inputs {
            for size in [10_000, 100_000, 1_000_000, 10_000_000] {
                let text = piece.repeat(size / piece.len());
                group.throughput(Throughput::Bytes(text.len() as u64));
                group.bench_with_input(BenchmarkId::new(input, size), &text, |b, text| {
                    b.iter(|| black_box(converter.convert(black_box(text))));
                });
            }
        }
        group.finish();
    }
}

fn construction(c: &mut Criterion) {
    c.bench_function("construct/s2t", |b| b.iter(|| Converter::opencc(black_box(OpenccConfig::S2t))));
    c.bench_function("construct/cn-tw", |b| {
        b.iter(|| Converter::new(black_box(Locale::ZH_HANS_CN), black_box(Locale::ZH_HANT_TW)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = throughput, companions, linear, construction
}
criterion_main!(benches);
