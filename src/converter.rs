//! The face of the library: [`Converter`].

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use crate::engine::stride::Watch;
use crate::engine::{Buffer, Scanner};
use crate::lexicon::{Family, Route};
use crate::native::Native;
use crate::opencc::json::Chain;
use crate::trace::{Sink, compose};
use crate::words::Words;
use crate::{Error, Locale, OpenccConfig, Terms, data};

/// Converts text on one route.
///
/// Cheap to clone, `Send` and `Sync`; all clones share their data. Converting never fails and costs time linear in the
/// length of the text.
///
/// ```
/// use fanjian::{Converter, OpenccConfig};
///
/// let converter = Converter::opencc(OpenccConfig::S2twp)?;
/// assert_eq!(converter.convert("鼠标和键盘"), "滑鼠和鍵盤");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Clone)]
pub struct Converter {
    pub(crate) engine: Engine,
    /// Own words, if there are any.
    pub(crate) words: Option<Arc<Words>>,
}

#[derive(Clone)]
pub(crate) enum Engine {
    Exact { config: OpenccConfig, tofu: bool },
    Chain(Arc<Chain>),
    Native { from: Locale, to: Locale, native: Native },
}

impl Converter {
    /// A converter between two locales, with regional terms that are safe or that the text calls for.
    ///
    /// ```
    /// use fanjian::{Converter, Locale};
    ///
    /// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
    /// assert_eq!(converter.convert("英伟达芯片引发了如此震撼"), "輝達晶片引發了如此震撼");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A build without the feature `native`.
    pub fn new(from: Locale, to: Locale) -> Result<Self, Error> {
        Self::with_terms(from, to, &Terms::Auto)
    }

    /// As [`Converter::new`], with a choice of terms.
    ///
    /// ```
    /// use fanjian::{Converter, Locale, Terms};
    ///
    /// let converter = Converter::with_terms(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW, &Terms::None)?;
    /// assert_eq!(converter.convert("英伟达芯片"), "英偉達芯片");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Converter::new`].
    pub fn with_terms(from: Locale, to: Locale, terms: &Terms) -> Result<Self, Error> {
        Error::unless_native()?;
        Ok(Self { engine: Engine::Native { from, to, native: data::native(from, to, terms) }, words: None })
    }

    /// A converter that writes what OpenCC 1.4.2 writes with this configuration.
    ///
    /// Its tables are built in: nothing is parsed.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// assert_eq!(converter.convert("简体中文"), "簡體中文");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// A build without the feature `opencc`.
    pub fn opencc(config: OpenccConfig) -> Result<Self, Error> {
        Error::unless_opencc()?;
        Ok(Self { engine: Engine::Exact { config, tofu: false }, words: None })
    }

    /// As [`Converter::opencc`], with the tables whose results common fonts may lack (OpenCC's
    /// `--include-tofu-risk-dictionaries`).
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc_with_tofu(OpenccConfig::T2s)?;
    /// assert_eq!(converter.convert("㑮"), "𫝈");
    /// assert_eq!(Converter::opencc(OpenccConfig::T2s)?.convert("㑮"), "㑮");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Converter::opencc`].
    pub fn opencc_with_tofu(config: OpenccConfig) -> Result<Self, Error> {
        Error::unless_opencc()?;
        Ok(Self { engine: Engine::Exact { config, tofu: true }, words: None })
    }

    pub(crate) fn chain(chain: Chain) -> Self {
        Self { engine: Engine::Chain(Arc::new(chain)), words: None }
    }

    /// Converts a text; what does not change is borrowed.
    ///
    /// ```
    /// use std::borrow::Cow;
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::T2s)?;
    /// assert!(matches!(converter.convert("没有要改的"), Cow::Borrowed(_)));
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[must_use]
    pub fn convert<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut out = Buffer::after(Vec::new(), text.len());
        self.convert_bytes(text, &mut out);
        crate::engine::cow(text, out.into_string())
    }

    /// Converts a text and appends the result to `out`, whose memory is used again.
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// let mut out = String::from("→ ");
    /// converter.convert_into("汉字", &mut out);
    /// assert_eq!(out, "→ 漢字");
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    pub fn convert_into(&self, text: &str, out: &mut String) {
        let mut buffer = Buffer::after(std::mem::take(out).into_bytes(), text.len());
        self.convert_bytes(text, &mut buffer);
        *out = buffer.into_string();
    }

    /// Converts many texts on all cores and returns the results in the same order.
    ///
    /// The texts are shared out among the threads of rayon's current pool; one long text is not cut: for that see
    /// [`Converter::chunks`].
    ///
    /// ```
    /// use fanjian::{Converter, OpenccConfig};
    ///
    /// let converter = Converter::opencc(OpenccConfig::S2t)?;
    /// assert_eq!(converter.convert_batch(&["汉字", "简体"]), ["漢字", "簡體"]);
    /// # Ok::<(), fanjian::Error>(())
    /// ```
    #[cfg(feature = "rayon")]
    #[must_use]
    pub fn convert_batch(&self, texts: &[impl AsRef<str> + Sync]) -> Vec<String> {
        use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
        texts.par_iter().map(|text| self.convert(text.as_ref()).into_owned()).collect()
    }

    pub(crate) fn convert_bytes(&self, text: &str, out: &mut Buffer) {
        match &self.engine {
            Engine::Native { native, .. } => match &self.words {
                None => native.convert(text, out),
                Some(words) => self.convert_units(native, words, text, out),
            },
            _ => self.convert_exact(text, out, None),
        }
    }

    /// Converts a whole text on a route that is not native.
    pub(crate) fn convert_exact(&self, text: &str, out: &mut Buffer, trace: Sink<'_>) {
        match &self.words {
            None => self.engine.convert(text, out, trace),
            Some(words) => self.convert_around(words, text, out, trace),
        }
    }
}

impl Engine {
    /// Converts a whole text; native routes convert unit by unit.
    pub(crate) fn convert(&self, text: &str, out: &mut Buffer, trace: Sink<'_>) {
        match self {
            Self::Exact { config, tofu } => exact(*config, *tofu, text, out, trace),
            Self::Chain(chain) => out.extend_from_slice(chain.convert(text, trace).as_bytes()),
            Self::Native { native, .. } => native.convert(text, out),
        }
    }
}

impl fmt::Debug for Converter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Converter");
        match &self.engine {
            Engine::Exact { config, tofu } => out.field("config", &config.name()).field("tofu", tofu),
            Engine::Chain(chain) => out.field("name", &chain.name()),
            Engine::Native { from, to, .. } => out.field("from", &from.tag()).field("to", &to.tag()),
        };
        if let Some(words) = &self.words {
            out.field("words", words);
        }
        out.finish_non_exhaustive()
    }
}

/// Converts as OpenCC does, on one of its own configurations.
pub(crate) fn exact(config: OpenccConfig, tofu: bool, text: &str, out: &mut Buffer, trace: Sink<'_>) {
    exact_watching(config, tofu, text, out, trace, &());
}

/// As [`exact`], unless `watch` meets something in the text: then the output is of no use.
pub(crate) fn exact_watching(
    config: OpenccConfig,
    tofu: bool,
    text: &str,
    out: &mut Buffer,
    trace: Sink<'_>,
    watch: &impl Watch,
) -> bool {
    let scanner = Scanner::new(data::family(config), data::route(config, tofu));
    let gap = |gap: &str, trace: Sink<'_>| stages(config, tofu, gap, trace);
    scanner.convert_watching(text, out, trace, &gap, &normalize, watch)
}

/// The two stages of a reverse configuration; nothing where one pass always suffices.
pub(crate) fn parts(config: OpenccConfig, tofu: bool) -> Option<[(&'static Family, &'static Route); 2]> {
    let first = match config {
        OpenccConfig::Tw2s => (data::family(OpenccConfig::Tw2t), data::route(OpenccConfig::Tw2t, false)),
        OpenccConfig::Tw2sp => data::part("tw2tp"),
        OpenccConfig::Hk2s => (data::family(OpenccConfig::Hk2t), data::route(OpenccConfig::Hk2t, false)),
        OpenccConfig::Hk2sp => data::part("hk2tp"),
        _ => return None,
    };
    Some([first, (data::family(OpenccConfig::T2s), data::route(OpenccConfig::T2s, tofu))])
}

/// One gap of a reverse configuration, stage by stage.
fn stages(config: OpenccConfig, tofu: bool, gap: &str, trace: Sink<'_>) -> String {
    let Some([first, second]) = parts(config, tofu) else { return gap.to_owned() };
    if let Some(trace) = trace {
        let (mut of_first, mut of_second) = (Vec::new(), Vec::new());
        let middle = stage(first, gap, Some(&mut of_first));
        let out = stage(second, &middle, Some(&mut of_second));
        *trace = compose(&of_first, &of_second);
        return out;
    }
    stage(second, &stage(first, gap, None), None)
}

/// Normalises compatibility ideographs.
pub(crate) fn normalize(text: &str) -> String {
    stage(data::part("normalize"), text, None)
}

pub(crate) fn stage(
    (family, route): (&crate::lexicon::Family, &crate::lexicon::Route),
    text: &str,
    trace: Sink<'_>,
) -> String {
    let mut out = Buffer::after(Vec::new(), text.len());
    Scanner::new(family, route).convert(text, &mut out, trace, &|gap, _| gap.to_owned(), &|text| text.to_owned());
    out.into_string()
}
