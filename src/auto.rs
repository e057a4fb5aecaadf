//! Converting texts that do not say where they were written: [`AutoConverter`].

use std::borrow::Cow;

use crate::{Converter, Error, Locale, detect};

/// Converts to one locale whatever it is given: each text is looked at by [`detect()`](crate::detect()) first.
///
/// The script and region are those of a text as a whole; [`AutoConverter::converter_for`] tells which
/// [`Converter`] that leads to, which does all that a text needs besides: edits, alignments, streams. Where a text may be made of
/// documents, cut it first. A stream can't be looked at as a whole: look at its beginning and choose.
///
/// What a text shows leads to a source as [`Profile::source`](crate::Profile::source) says: a text in both scripts counts as one in
/// the script that is to be changed, a Traditional text without region gets its script converted alone. Of a text that shows
/// nothing the source is assumed.
///
/// To choose once, by a sample, there is [`Converter::from_detected`].
///
/// ```
/// use fanjian::{Converter, Locale};
///
/// let converter = Converter::auto(Locale::ZH_HANT_TW)?;
/// assert_eq!(converter.convert("这台打印机的内存"), "這台印表機的記憶體"); // from the Mainland
/// assert_eq!(converter.convert("的士司機説"), "計程車司機說"); // from Hong Kong
/// assert_eq!(converter.convert("計程車司機"), "計程車司機"); // from Taiwan
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct AutoConverter {
    to: Locale,
    /// From each of [`SOURCES`].
    converters: [Converter; 4],
    /// The number of the converter for texts that tell nothing.
    fallback: usize,
}

/// The sources in the order of the converters.
const SOURCES: [Locale; 4] = [Locale::ZH_HANS_CN, Locale::ZH_HANT, Locale::ZH_HANT_TW, Locale::ZH_HANT_HK];

impl Converter {
    /// A converter to a locale from whatever a text turns out to be, with regional terms that are safe or that the text calls
    /// for. For other choices see [`ConverterBuilder::build_auto`](crate::ConverterBuilder::build_auto).
    ///
    /// A text that shows nothing is taken for one in the other script.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// assert_eq!(Converter::auto(Locale::ZH_HANS_CN)?.convert("捷運站"), "地铁站");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Converter::new`].
    pub fn auto(to: Locale) -> Result<AutoConverter, Error> {
        let fallback = if to.is_simplified() { Locale::ZH_HANT } else { Locale::ZH_HANS_CN };
        Self::builder(fallback, to).build_auto()
    }
}

impl AutoConverter {
    pub(crate) fn with(
        fallback: Locale,
        to: Locale,
        build: impl Fn(Locale) -> Result<Converter, Error>,
    ) -> Result<Self, Error> {
        let [cn, hant, tw, hk] = SOURCES;
        let converters = [build(cn)?, build(hant)?, build(tw)?, build(hk)?];
        Ok(Self { to, converters, fallback: number(fallback) })
    }

    /// The locale that a text is taken for: one of `zh-Hans-CN`, `zh-Hant`, `zh-Hant-TW` and `zh-Hant-HK`.
    ///
    /// Reads the text once and allocates nothing.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let converter = Converter::auto(Locale::ZH_HANS_CN)?;
    /// assert_eq!(converter.source_of("搭的士去"), Locale::ZH_HANT_HK);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn source_of(&self, text: &str) -> Locale {
        SOURCES.get(self.number_for(text)).copied().unwrap_or(Locale::ZH_HANS_CN)
    }

    /// The converter that suits a text.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let converter = Converter::auto(Locale::ZH_HANT_TW)?;
    /// let text = "这台打印机";
    /// assert!(converter.converter_for(text).edits(text).any(|edit| edit.target() == "印表機"));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn converter_for(&self, text: &str) -> &Converter {
        let [cn, hant, tw, hk] = &self.converters;
        match self.number_for(text) {
            0 => cn,
            1 => hant,
            2 => tw,
            _ => hk,
        }
    }

    /// Converts a text; what does not change is borrowed.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// assert_eq!(Converter::auto(Locale::ZH_HANT_HK)?.convert("汉字"), "漢字");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn convert<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.converter_for(text).convert(text)
    }

    fn number_for(&self, text: &str) -> usize {
        let profile = detect(text);
        profile.locale().map_or(self.fallback, |_| number(profile.source(self.to)))
    }
}

/// The number of a locale's converter.
fn number(from: Locale) -> usize {
    match from {
        Locale::ZH_HANT => 1,
        Locale::ZH_HANT_TW => 2,
        Locale::ZH_HANT_HK | Locale::ZH_HANT_MO => 3,
        _ => 0,
    }
}
