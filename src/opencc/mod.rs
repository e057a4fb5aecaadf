//! OpenCC's configurations: exact routes, for people who move over and as our proof of exactness.

pub mod compose;
pub(crate) mod json;
pub mod spec;

use std::fmt;
use std::str::FromStr;

use crate::Error;

macro_rules! configs {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// One of OpenCC's configurations.
        ///
        /// The output is byte for byte that of OpenCC 1.4.2.
        ///
        /// ```
        /// use fanjian::OpenccConfig;
        ///
        /// assert_eq!("s2twp.json".parse(), Ok(OpenccConfig::S2twp));
        /// assert_eq!(OpenccConfig::S2twp.to_string(), "s2twp");
        /// # Ok::<(), fanjian::Error>(())
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum OpenccConfig {
            $($(#[$doc])* $variant,)*
        }

        impl OpenccConfig {
            /// All configurations.
            ///
            /// ```
            /// assert_eq!(fanjian::OpenccConfig::ALL.len(), 16);
            /// ```
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The name, such as `s2twp`.
            ///
            /// ```
            /// assert_eq!(fanjian::OpenccConfig::Hk2s.name(), "hk2s");
            /// ```
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

configs! {
    /// Simplified to Traditional (OpenCC standard).
    S2t = "s2t",
    /// Simplified to Traditional (Taiwan standard).
    S2tw = "s2tw",
    /// Simplified to Traditional (Taiwan standard) with Taiwan's vocabulary.
    S2twp = "s2twp",
    /// Simplified to Traditional (Hong Kong variant).
    S2hk = "s2hk",
    /// Simplified to Traditional (Hong Kong variant) with Hong Kong's vocabulary.
    S2hkp = "s2hkp",
    /// Traditional (OpenCC standard) to Simplified.
    T2s = "t2s",
    /// Traditional (Taiwan standard) to Simplified.
    Tw2s = "tw2s",
    /// Traditional (Taiwan standard) to Simplified with the Mainland's vocabulary.
    Tw2sp = "tw2sp",
    /// Traditional (Hong Kong variant) to Simplified.
    Hk2s = "hk2s",
    /// Traditional (Hong Kong variant) to Simplified with the Mainland's vocabulary.
    Hk2sp = "hk2sp",
    /// Traditional (OpenCC standard) to Taiwan standard.
    T2tw = "t2tw",
    /// Traditional (Taiwan standard) to OpenCC standard.
    Tw2t = "tw2t",
    /// Traditional (OpenCC standard) to Hong Kong variant.
    T2hk = "t2hk",
    /// Traditional (Hong Kong variant) to OpenCC standard.
    Hk2t = "hk2t",
    /// Traditional characters (kyujitai) to new Japanese characters (shinjitai).
    T2jp = "t2jp",
    /// New Japanese characters (shinjitai) to Traditional characters (kyujitai).
    Jp2t = "jp2t",
}

impl fmt::Display for OpenccConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for OpenccConfig {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let name = text.strip_suffix(".json").unwrap_or(text);
        Self::ALL.iter().copied().find(|config| config.name() == name).ok_or_else(|| Error::unknown_config(text))
    }
}
