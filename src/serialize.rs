//! What can be serialised, under the feature `serde`: choices as the names they are parsed from, reports as maps.

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeStruct as _, Serializer};

use crate::table::{Diagnostic, Diagnostics, Tier};
use crate::{
    Aligned, Alignment, Alternative, Domain, Edit, Glyphs, HeldBack, Locale, Mark, OpenccConfig, Origin, Profile,
    Region, Repertoire, Score, Script, Sign, Terms, Unit,
};

/// Types that are written as their name, and read by it where they can be parsed.
macro_rules! named {
    ($($type:ty),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let name = <std::borrow::Cow<'de, str>>::deserialize(from)?;
                name.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

named!(Locale, Domain, OpenccConfig, Terms);

/// Types without data, written as a word.
macro_rules! words {
    ($($type:ident { $($variant:ident = $name:literal),* })*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(match self {
                    $(Self::$variant => $name,)*
                })
            }
        }
    )*};
}

words! {
    Glyphs { Common = "common", Official = "official" }
    Unit { Bytes = "bytes", Chars = "chars", Utf16 = "utf16" }
    Repertoire { Gb2312 = "gb2312", Big5 = "big5", Unified = "unified", Bmp = "bmp", All = "all" }
}

#[cfg(feature = "native")]
words! {
    Script { Hans = "hans", Hant = "hant", Mixed = "mixed", Neither = "neither" }
    Region { Cn = "cn", Tw = "tw", Hk = "hk" }
}

/// A map of fields.
macro_rules! map {
    ($to:ident, $name:literal, $($field:literal: $value:expr,)*) => {{
        let mut map = $to.serialize_struct($name, [$($field),*].len())?;
        $(map.serialize_field($field, &$value)?;)*
        map.end()
    }};
}

impl Serialize for Tier {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.name())
    }
}

impl Serialize for Origin {
    /// A map whose `kind` is the variant.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let kind = match *self {
            Self::Term { tier, domain, detected } => {
                return map!(to, "Origin", "kind": "term", "tier": tier, "domain": domain, "detected": detected,);
            }
            Self::Unwritten { tier, domain } => {
                return map!(to, "Origin", "kind": "unwritten", "tier": tier, "domain": domain,);
            }
            Self::Character => "character",
            Self::Phrase => "phrase",
            Self::Own => "own",
            Self::Rule => "rule",
            Self::Normalization => "normalization",
            Self::Stages => "stages",
        };
        map!(to, "Origin", "kind": kind,)
    }
}

impl Serialize for Edit<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        map!(
            to, "Edit",
            "range": self.range(),
            "target_range": self.target_range(),
            "source": self.source(),
            "target": self.target(),
            "origin": self.origin(),
            "place": self.place(),
            "reason": self.reason(),
            "score": self.score(),
            "alternatives": self.alternatives(),
        )
    }
}

impl Serialize for Alternative {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        map!(to, "Alternative", "target": self.target(), "origin": self.origin(), "score": self.score(),)
    }
}

impl Serialize for Score {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        map!(
            to, "Score",
            "cost": self.cost,
            "length": self.length,
            "rank": self.rank,
            "shown": self.shown,
            "needed": self.needed,
        )
    }
}

#[cfg(feature = "native")]
impl Serialize for Sign {
    /// A map whose `kind` is the variant.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let kind = match *self {
            Self::Regions { cn, tw, hk, bits } => {
                return map!(to, "Sign", "kind": "regions", "cn": cn, "tw": tw, "hk": hk, "bits": bits,);
            }
            Self::Hans => "hans",
            Self::Hant => "hant",
            Self::Cantonese => "cantonese",
            Self::Japanese => "japanese",
        };
        map!(to, "Sign", "kind": kind,)
    }
}

#[cfg(feature = "native")]
impl Serialize for Mark<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        map!(to, "Mark", "range": self.range, "text": self.text, "sign": self.sign,)
    }
}

#[cfg(feature = "native")]
impl Serialize for Profile<'_> {
    /// What the profile concludes; not the text, nor the evidence, which is gathered on demand.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let [cn, tw, hk] = Region::ALL.map(|region| self.likelihood(region));
        map!(
            to, "Profile",
            "range": self.range(),
            "script": self.script(),
            "script_marks": self.script_marks(),
            "region": self.region(),
            "cn": cn,
            "tw": tw,
            "hk": hk,
            "locale": self.locale(),
            "cantonese": self.is_cantonese(),
        )
    }
}

impl Serialize for HeldBack {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        map!(to, "HeldBack", "offset": self.offset, "source": self.source, "target": self.target,)
    }
}

/// The segments of an alignment.
struct Segments<'a>(&'a Alignment);

impl Serialize for Segments<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.segments())
    }
}

impl Serialize for Alignment {
    /// The lengths of both texts and the segments that are mapped as a whole, in bytes.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        map!(
            to, "Alignment",
            "source_len": self.source_len(Unit::Bytes),
            "target_len": self.target_len(Unit::Bytes),
            "segments": Segments(self),
        )
    }
}

impl Serialize for Aligned<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        map!(to, "Aligned", "text": self.text(), "map": self.map(),)
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        map!(
            to, "Diagnostic",
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "text": self.text,
            "message": self.message,
            "help": self.help,
        )
    }
}

impl Serialize for Diagnostics {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self)
    }
}
