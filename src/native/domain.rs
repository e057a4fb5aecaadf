//! The domains of regional terms.

/// The domains by number, as the headers of the concept tables spell them.
pub const DOMAINS: [&str; 17] = [
    "computing",
    "electronics",
    "finance",
    "politics",
    "people",
    "places",
    "companies",
    "transport",
    "food",
    "medicine",
    "science",
    "education",
    "sports",
    "games",
    "media",
    "daily",
    "military",
];

/// The number that stands for a domain in words of the target's vocabulary, which map to nothing and tell where a text is
/// from.
pub const VOCABULARY: u32 = 31;
