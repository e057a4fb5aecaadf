//! Which regional terms are mapped, and in which domains.

use std::fmt;
use std::str::FromStr;

use crate::Error;
use crate::native::domain::DOMAINS;

/// Which regional terms a native route maps.
///
/// ```
/// use fanjian::{Converter, Domain, Locale, Terms};
///
/// let (from, to) = (Locale::ZH_HANS_CN, Locale::ZH_HANT_TW);
/// let convert = |terms: Terms| Converter::with_terms(from, to, &terms).map(|c| c.convert("打印文件").into_owned());
/// assert_eq!(convert(Terms::None)?, "打印文件");
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Terms {
    /// None: only the script is converted.
    None,
    /// Terms that are right in any text.
    Safe,
    /// Safe terms, and terms of the domains that the text itself shows.
    #[default]
    Auto,
    /// Safe terms, and terms of these domains.
    Domains(Vec<Domain>),
    /// All terms of all domains, mere preferences included.
    Broad,
}

/// A domain of regional terms: the subject of a text.
///
/// ```
/// use fanjian::Domain;
///
/// assert_eq!("computing".parse(), Ok(Domain::COMPUTING));
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Domain(u8);

macro_rules! domains {
    ($($(#[$doc:meta])* $name:ident = $number:literal,)*) => {
        impl Domain {
            $($(#[$doc])* pub const $name: Self = Self($number);)*
        }
    };
}

domains! {
    /// Software, hardware, networks, programming.
    COMPUTING = 0,
    /// Semiconductors, artificial intelligence, telecommunication, consumer electronics.
    ELECTRONICS = 1,
    /// Business and finance.
    FINANCE = 2,
    /// Politics, law, institutions.
    POLITICS = 3,
    /// Persons.
    PEOPLE = 4,
    /// Countries, cities, regions.
    PLACES = 5,
    /// Companies and brands.
    COMPANIES = 6,
    /// Transport.
    TRANSPORT = 7,
    /// Food and drink.
    FOOD = 8,
    /// Medicine and health.
    MEDICINE = 9,
    /// Science and mathematics.
    SCIENCE = 10,
    /// Education.
    EDUCATION = 11,
    /// Sports.
    SPORTS = 12,
    /// Games.
    GAMES = 13,
    /// Media and entertainment.
    MEDIA = 14,
    /// Home and daily life.
    DAILY = 15,
    /// Military and aerospace.
    MILITARY = 16,
}

impl Domain {
    pub(crate) const fn number(self) -> u32 {
        self.0 as u32
    }

    pub(crate) fn from_number(number: u32) -> Option<Self> {
        u8::try_from(number).ok().filter(|&n| usize::from(n) < DOMAINS.len()).map(Self)
    }

    /// All domains.
    ///
    /// ```
    /// assert!(fanjian::Domain::all().any(|domain| domain == fanjian::Domain::FOOD));
    /// ```
    pub fn all() -> impl Iterator<Item = Self> {
        (0..DOMAINS.len() as u32).filter_map(Self::from_number)
    }

    /// The name, such as `computing`.
    ///
    /// ```
    /// assert_eq!(fanjian::Domain::COMPUTING.name(), "computing");
    /// ```
    #[must_use]
    pub fn name(self) -> &'static str {
        DOMAINS.get(usize::from(self.0)).copied().unwrap_or_default()
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Domain {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::all().find(|domain| domain.name() == text).ok_or_else(|| Error::unknown_domain(text))
    }
}

impl fmt::Display for Terms {
    /// As [`Terms::from_str`] reads it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("none"),
            Self::Safe => f.write_str("safe"),
            Self::Auto => f.write_str("auto"),
            Self::Broad => f.write_str("broad"),
            // Terms of no domain but the safe ones.
            Self::Domains(list) if list.is_empty() => f.write_str("safe"),
            Self::Domains(list) => {
                let names: Vec<&str> = list.iter().map(|domain| domain.name()).collect();
                f.write_str(&names.join(","))
            }
        }
    }
}

impl FromStr for Terms {
    type Err = Error;

    /// `none`, `safe`, `auto`, `broad`, or domains separated by commas.
    fn from_str(text: &str) -> Result<Self, Error> {
        Ok(match text {
            "none" => Self::None,
            "safe" => Self::Safe,
            "auto" => Self::Auto,
            "broad" => Self::Broad,
            list => Self::Domains(list.split(',').map(str::parse).collect::<Result<_, _>>()?),
        })
    }
}
