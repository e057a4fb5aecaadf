//! Own words: compiling ten thousand entries, and what they cost a conversion.
//!
//! `cargo bench --bench words`; `cargo bench --bench words -- --test` runs everything once.

use std::fs;
use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fanjian::{Converter, ConverterBuilder, Locale, OpenccConfig, UserLexicon};

/// Ten thousand words of two to six characters, as a glossary has them: from a word list, by a fixed stride.
fn glossary() -> Vec<(String, String)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("dictionaries/words/jieba.txt");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let words = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split('\t').next());
    let words: Vec<&str> = words.filter(|word| word.chars().count() >= 2).collect();
    let step = words.len() / 10_000;
    words.into_iter().step_by(step.max(1)).take(10_000).map(|word| (word.to_owned(), format!("〔{word}〕"))).collect()
}

fn compile(c: &mut Criterion) {
    let words = glossary();
    c.bench_function("words/compile/10000", |b| {
        b.iter(|| UserLexicon::from_entries(words.iter().map(|(a, b)| (a.as_str(), b.as_str()))).unwrap());
    });
    let bytes = UserLexicon::from_entries(words).unwrap().as_bytes().to_vec();
    c.bench_function("words/open/10000", |b| b.iter(|| UserLexicon::from_bytes(bytes.clone()).unwrap()));
}

fn convert(c: &mut Criterion) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/corpora/cn-news.txt");
    let article = fs::read_to_string(path).unwrap();
    let article: String = article.chars().take(3000).collect();
    // Words that are not in the article: what looking costs. Those that are would be work that the route is spared.
    let absent: Vec<_> = glossary().into_iter().filter(|(word, _)| !article.contains(word)).collect();
    let routes: [(&str, ConverterBuilder); 3] = [
        ("cn-tw", Converter::builder(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)),
        ("s2t", Converter::opencc_builder(OpenccConfig::S2t)),
        ("s2twp", Converter::opencc_builder(OpenccConfig::S2twp)),
    ];
    let mut group = c.benchmark_group("words/convert");
    group.throughput(Throughput::Bytes(article.len() as u64));
    for (name, builder) in routes {
        let plain = builder.build().unwrap();
        let own = builder.clone().entries(absent.clone()).build().unwrap();
        let all = builder.entries(glossary()).build().unwrap();
        for (kind, converter) in [("without", plain), ("10000 absent", own), ("10000", all)] {
            let mut out = String::with_capacity(article.len() * 2);
            group.bench_function(format!("{name}/{kind}"), |b| {
                b.iter(|| {
                    out.clear();
                    converter.convert_into(black_box(&article), &mut out);
                    out.len()
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, compile, convert);
criterion_main!(benches);
