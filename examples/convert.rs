//! wip: minimal filter
use fanjian::{Converter, Locale, OpenccConfig, Terms};
use std::io::{BufRead, Read, Write};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    if args[1] == "--from" {
        let (from, to): (Locale, Locale) = (args[2].parse().unwrap(), args[4].parse().unwrap());
        let terms: Terms = args.get(6).map_or("auto", |s| s).parse().unwrap();
        let c = Converter::with_terms(from, to, &terms).unwrap();
        let mut s = String::new();
        std::io::stdin().read_to_string(&mut s).unwrap();
        std::io::stdout().write_all(c.convert(&s).as_bytes()).unwrap();
        return;
    }
    let config = &args[1];
    let tofu = args.get(2).is_some();
    let config: OpenccConfig = config.parse().unwrap();
    let c = if tofu { Converter::opencc_with_tofu(config).unwrap() } else { Converter::opencc(config).unwrap() };
    let mut s = String::new();
    std::io::stdin().lock().read_to_string(&mut s).unwrap();
    for line in s.split_inclusive('\0') {
        let (l, e) = line.strip_suffix('\0').map_or((line, ""), |l| (l, "\0"));
        std::io::stdout().write_all(c.convert(l).as_bytes()).unwrap();
        std::io::stdout().write_all(e.as_bytes()).unwrap();
    }
}
