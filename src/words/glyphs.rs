//! Official glyphs: what the standards of Taiwan and Hong Kong prescribe where people write otherwise.

use std::sync::OnceLock;

use super::UserLexicon;
use super::lexicon::Entry;
use crate::Locale;
use crate::engine::Buffer;
use crate::locale::Variety;

/// Which glyphs a route to Taiwan or Hong Kong writes.
///
/// ```
/// use fanjian::{Converter, Glyphs, Locale};
///
/// let to = |locale, glyphs| Converter::builder(Locale::ZH_HANS_CN, locale).glyphs(glyphs).build();
/// let text = "在台湾说着线里的秘密";
/// assert_eq!(to(Locale::ZH_HANT_TW, Glyphs::Common)?.convert(text), "在台灣說著線裡的秘密");
/// assert_eq!(to(Locale::ZH_HANT_TW, Glyphs::Official)?.convert(text), "在臺灣說著線裡的祕密");
/// assert_eq!(to(Locale::ZH_HANT_HK, Glyphs::Common)?.convert(text), "在台灣說著線裡的秘密");
/// assert_eq!(to(Locale::ZH_HANT_HK, Glyphs::Official)?.convert(text), "在台灣説着綫裏的秘密");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Glyphs {
    /// As most people write: 台灣, 說著 in both regions.
    #[default]
    Common,
    /// As the standards prescribe: the Ministry of Education's forms in Taiwan (臺灣), the list of graphemes of
    /// commonly-used characters in Hong Kong (説着). Text that is in the target script already stays as it is, so do own
    /// words. Other routes are not concerned.
    Official,
}

/// A stage behind the conversion that replaces characters by others of the same length, one by one.
#[derive(Debug)]
pub(crate) struct Stage(UserLexicon);

/// The stage of a target locale.
pub(crate) fn official(to: Locale) -> Option<&'static Stage> {
    static TW: OnceLock<Option<Stage>> = OnceLock::new();
    static HK: OnceLock<Option<Stage>> = OnceLock::new();
    // The tests compile both tables.
    let open = |table: &str| UserLexicon::from_table("official", table.as_bytes()).ok().map(Stage);
    match to.variety {
        Variety::Tw => TW.get_or_init(|| open(include_str!("../../dictionaries/script/official-tw.txt"))).as_ref(),
        Variety::Hk => HK.get_or_init(|| open(include_str!("../../dictionaries/script/official-hk.txt"))).as_ref(),
        _ => None,
    }
}

impl Stage {
    /// Writes the official glyphs over the output from `start` on.
    pub(crate) fn apply(&self, out: &mut Buffer, start: usize) {
        let end = out.len();
        let mut at = start;
        loop {
            let bytes = out.as_slice();
            at = self.0.candidate(bytes, at, end);
            if at >= end {
                return;
            }
            let rest = bytes.get(at..).unwrap_or_default();
            let length = crate::lexicon::utf8_length(rest.first().copied().unwrap_or_default());
            let same = |entry: &Entry<'_>| entry.key.len() == entry.value.len();
            let Some((_, entry)) = self.0.longest_at(rest, same) else {
                at += length;
                continue;
            };
            let value = entry.value;
            if let Some(place) = out.room().get_mut(at..at + value.len()) {
                place.copy_from_slice(value);
            }
            at += value.len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Table;

    #[test]
    fn official_glyphs_replace_characters_one_by_one() {
        for (name, table) in [
            ("official-tw.txt", include_str!("../../dictionaries/script/official-tw.txt")),
            ("official-hk.txt", include_str!("../../dictionaries/script/official-hk.txt")),
        ] {
            let table = Table::parse(name, table.as_bytes()).unwrap_or_default();
            assert!(!table.entries.is_empty(), "{name}");
            for entry in &table.entries {
                let value = entry.values.first().map(String::as_str).unwrap_or_default();
                assert!(crate::trace::same_shape(entry.key.as_bytes(), value.as_bytes()), "{name}: {}", entry.key);
            }
        }
        for &locale in Locale::ALL {
            assert_eq!(official(locale).is_some(), matches!(locale.variety, Variety::Tw | Variety::Hk));
        }
    }
}
