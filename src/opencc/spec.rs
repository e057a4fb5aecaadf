//! OpenCC's sixteen configurations as data.
//!
//! This mirrors `data/config/*.json` of OpenCC 1.4.2. `build.rs` composes the routes from it; the
//! tables themselves lie in `dictionaries/opencc/`.

/// A member of a stage. A stage asks its members in order, and the first that matches answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// A table by its name.
    Table(&'static str),
    /// A table that is used only when characters that common fonts lack are allowed.
    Tofu(&'static str),
    /// Tables of which the longest key wins.
    Union(&'static [&'static str]),
}

/// One configuration.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// Its name, such as `s2twp`.
    pub name: &'static str,
    /// Routes of one family share keys and start index.
    pub family: &'static str,
    /// The segmentation's tables.
    pub segmentation: Option<Layer>,
    /// The stages after segmentation.
    pub chain: &'static [&'static [Layer]],
}

use Layer::{Table, Tofu, Union};

const ST: Layer = Union(&["STPhrases", "STPhrases_GeneratedFromRegionalPhrases"]);
const S2T: &[Layer] = &[ST, Table("STCharacters")];
const T2S: &[Layer] = &[Table("TSPhrases"), Tofu("TSCharactersExt"), Table("TSCharacters")];
const TW: &[Layer] = &[Table("TWVariantsPhrases"), Table("TWVariants")];
const TWP: &[Layer] = &[Table("TWPhrases"), Table("TWVariantsPhrases"), Table("TWVariants")];
const HK: &[Layer] = &[Table("HKVariantsPhrases"), Table("HKVariants")];
const HKP: &[Layer] = &[Table("HKPhrases"), Table("HKVariantsPhrases"), Table("HKVariants")];
const TW_REV: &[Layer] = &[Table("TWVariantsRevPhrases"), Table("TWVariantsRev")];
const TWP_REV: &[Layer] = &[Table("TWPhrasesRev"), Table("TWVariantsRevPhrases"), Table("TWVariantsRev")];
const HK_REV: &[Layer] = &[Table("HKVariantsRevPhrases"), Table("HKVariantsRev")];
const HKP_REV: &[Layer] = &[Table("HKPhrasesRev"), Table("HKVariantsRevPhrases"), Table("HKVariantsRev")];

/// The table that all configurations run over the text first.
pub const NORMALIZATION: &str = "CJK_Compatibility_Ideographs";

/// All configurations, in the order of [`super::OpenccConfig`].
pub const SPECS: [Spec; 16] = [
    Spec { name: "s2t", family: "hans", segmentation: None, chain: &[S2T] },
    Spec { name: "s2tw", family: "hans", segmentation: Some(ST), chain: &[S2T, TW] },
    Spec { name: "s2twp", family: "hans", segmentation: Some(ST), chain: &[S2T, TWP] },
    Spec { name: "s2hk", family: "hans", segmentation: Some(ST), chain: &[S2T, HK] },
    Spec { name: "s2hkp", family: "hans", segmentation: Some(ST), chain: &[S2T, HKP] },
    Spec { name: "t2s", family: "ts", segmentation: None, chain: &[T2S] },
    Spec { name: "tw2s", family: "ts", segmentation: Some(Table("TSPhrases")), chain: &[TW_REV, T2S] },
    Spec { name: "tw2sp", family: "ts", segmentation: Some(Table("TSPhrases")), chain: &[TWP_REV, T2S] },
    Spec { name: "hk2s", family: "ts", segmentation: Some(Table("TSPhrases")), chain: &[HK_REV, T2S] },
    Spec { name: "hk2sp", family: "ts", segmentation: Some(Table("TSPhrases")), chain: &[HKP_REV, T2S] },
    Spec { name: "t2tw", family: "tt", segmentation: None, chain: &[TW] },
    Spec { name: "tw2t", family: "tt", segmentation: None, chain: &[TW_REV] },
    Spec { name: "t2hk", family: "tt", segmentation: None, chain: &[HK] },
    Spec { name: "hk2t", family: "tt", segmentation: None, chain: &[HK_REV] },
    Spec { name: "t2jp", family: "tt", segmentation: None, chain: &[&[Table("JPShinjitaiCharactersRev")]] },
    Spec {
        name: "jp2t",
        family: "tt",
        segmentation: None,
        chain: &[&[Table("JPShinjitaiPhrases"), Table("JPShinjitaiCharacters")]],
    },
];

/// First stages of the reverse configurations on their own and the normalisation: what the engine runs
/// where a gap cannot be converted in one pass.
pub const PARTS: [Spec; 3] = [
    Spec { name: "tw2tp", family: "tt", segmentation: None, chain: &[TWP_REV] },
    Spec { name: "hk2tp", family: "tt", segmentation: None, chain: &[HKP_REV] },
    Spec { name: "normalize", family: "tt", segmentation: None, chain: &[&[Table(NORMALIZATION)]] },
];
