//! wip: minimal filter
use std::io::{Read, Write};
fn main() {
    let config = std::env::args().nth(1).unwrap();
    let tofu = std::env::args().nth(2).is_some();
    let config: fanjian::OpenccConfig = config.parse().unwrap();
    let c = if tofu {
        fanjian::Converter::opencc_with_tofu(config).unwrap()
    } else {
        fanjian::Converter::opencc(config).unwrap()
    };
    let mut s = String::new();
    std::io::stdin().read_to_string(&mut s).unwrap();
    for line in s.split_inclusive('\0') {
        let (l, e) = line.strip_suffix('\0').map_or((line, ""), |l| (l, "\0"));
        std::io::stdout().write_all(c.convert(l).as_bytes()).unwrap();
        std::io::stdout().write_all(e.as_bytes()).unwrap();
    }
}
