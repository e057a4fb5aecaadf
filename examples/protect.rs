//! Shows which regions of a text are protected, and what becomes of the rest.
//!
//! ```text
//! cargo run --release --example protect -- html,urls < page.html
//! ```
//!
//! Without arguments it reads an example of its own.

use std::io::{self, Read};

use fanjian::{Converter, Locale, Protection, Punctuation};

const PAGE: &str = r#"<article>
<h1 title="服务器">服务器的内存</h1>
<p>“头<b>发</b>很长”，见 https://example.com/头发 和 <code>头发.txt</code>。</p>
<p translate="no">头发</p>
</article>
"#;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (protection, text): (Protection, String) = match std::env::args().nth(1) {
        Some(kinds) => {
            let mut text = String::new();
            io::stdin().read_to_string(&mut text)?;
            (kinds.parse()?, text)
        }
        None => ("html,urls".parse()?, PAGE.to_owned()),
    };
    for region in protection.regions(&text) {
        eprintln!(
            "{:>6?} {:12} {:8?} {:?}",
            region.range(),
            region.kind().name(),
            region.seam(),
            &text[region.range()]
        );
    }
    let (from, to) = (Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
    let converted = Converter::new(from, to)?.convert_protected(&text, &protection);
    print!("{}", Punctuation::new(from, to).convert_protected(&converted, &protection));
    Ok(())
}
