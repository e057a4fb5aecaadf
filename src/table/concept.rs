//! Concept tables: regional vocabulary, one line per concept with a column per locale.
//!
//! The grammar and what belongs in a table stand in `dictionaries/README.md`.

use std::collections::HashMap;

use super::{Diagnostic, Diagnostics, lines};

/// The column of a concept table: a region's vocabulary.
///
/// ```
/// use fanjian::table::LocaleColumn;
///
/// assert_eq!(LocaleColumn::ALL.map(LocaleColumn::name), ["cn", "tw", "hk"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LocaleColumn {
    /// Mainland China, in Simplified characters.
    Cn,
    /// Taiwan, in Traditional characters.
    Tw,
    /// Hong Kong, in Traditional characters.
    Hk,
}

impl LocaleColumn {
    /// All columns in file order.
    ///
    /// ```
    /// assert_eq!(fanjian::table::LocaleColumn::ALL.len(), 3);
    /// ```
    pub const ALL: [Self; 3] = [Self::Cn, Self::Tw, Self::Hk];

    /// The column's name in the tables.
    ///
    /// ```
    /// assert_eq!(fanjian::table::LocaleColumn::Hk.name(), "hk");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cn => "cn",
            Self::Tw => "tw",
            Self::Hk => "hk",
        }
    }
}

/// How sure one may be that a source word means the concept.
///
/// ```
/// use fanjian::table::Tier;
/// use fanjian::{Converter, Locale, Origin};
///
/// let converter = Converter::new(Locale::ZH_HANS_CN, Locale::ZH_HANT_TW)?;
/// let edit = converter.edits("鼠标").next().unwrap();
/// assert!(matches!(edit.origin(), Origin::Term { tier: Tier::Safe, .. }));
/// # Ok::<(), fanjian::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Tier {
    /// The word has no other sense: always mapped.
    Safe,
    /// Right only in texts of the table's domain.
    Domain,
    /// A preference; opt-in.
    Broad,
    /// Never mapped from this side.
    No,
}

impl Tier {
    fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "safe" => Self::Safe,
            "domain" => Self::Domain,
            "broad" => Self::Broad,
            "no" => Self::No,
            _ => return None,
        })
    }

    /// The tier's name in the tables.
    ///
    /// ```
    /// assert_eq!(fanjian::table::Tier::Broad.name(), "broad");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Domain => "domain",
            Self::Broad => "broad",
            Self::No => "no",
        }
    }
}

/// A bounded condition on the text directly beside a word.
///
/// ```
/// use fanjian::table::ConceptTable;
///
/// let text = "# title: Mine\n# domain: science\n# source: us\n# licence: ours\n质量\t品質\t質素\tsafe cn.not_next=守恒|数\n";
/// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
/// let condition = &table.concepts[0].sides[0].uses.condition;
/// assert_eq!(condition.not_next, ["守恒", "数"]);
/// # Ok::<(), fanjian::table::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Condition {
    /// The text after the word starts with one of these, if there are any.
    pub next: Vec<String>,
    /// The text before the word ends with one of these, if there are any.
    pub prev: Vec<String>,
    /// The text after the word starts with none of these.
    pub not_next: Vec<String>,
    /// The text before the word ends with none of these.
    pub not_prev: Vec<String>,
}

impl Condition {
    /// Whether the condition asks for nothing.
    ///
    /// ```
    /// assert!(fanjian::table::Condition::default().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.next.is_empty() && self.prev.is_empty() && self.not_next.is_empty() && self.not_prev.is_empty()
    }

    /// The four lists with their names in the tables, in canonical order.
    ///
    /// ```
    /// let condition = fanjian::table::Condition::default();
    /// assert_eq!(condition.lists().map(|(name, _)| name), ["next", "prev", "not_next", "not_prev"]);
    /// ```
    #[must_use]
    pub fn lists(&self) -> [(&'static str, &[String]); 4] {
        [("next", &self.next), ("prev", &self.prev), ("not_next", &self.not_next), ("not_prev", &self.not_prev)]
    }
}

/// How words of one column are mapped away from it.
///
/// ```
/// use fanjian::table::ConceptTable;
///
/// let text = "# title: Mine\n# domain: science\n# source: us\n# licence: ours\n文件\t檔案\t檔案\tdomain tw=no\n";
/// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
/// let tiers = [0, 1].map(|side| table.concepts[0].sides[side].uses.tier.name());
/// assert_eq!(tiers, ["domain", "no"]);
/// # Ok::<(), fanjian::table::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Use {
    /// The tier of this side's words as source words.
    pub tier: Tier,
    /// What must stand beside them.
    pub condition: Condition,
}

/// One cell: the words of one locale for the concept and how they are used as source words.
///
/// ```
/// use fanjian::table::ConceptTable;
///
/// let text = "# title: Mine\n# domain: science\n# source: us\n# licence: ours\n文件名\t檔名|檔案名稱\t-\tsafe\n";
/// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
/// let [_, tw, hk] = &table.concepts[0].sides;
/// assert_eq!(tw.words, ["檔名", "檔案名稱"]);
/// assert!(hk.words.is_empty());
/// # Ok::<(), fanjian::table::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Side {
    /// The words; the first is written, all are recognised. Empty for `-`: the region uses the
    /// Mainland's word in its own script.
    pub words: Vec<String>,
    /// Tier and conditions of these words as source words.
    pub uses: Use,
}

/// One line: the words of each locale for one concept.
///
/// ```
/// use fanjian::table::ConceptTable;
///
/// let text = "# title: Mine\n# domain: science\n# source: us\n# licence: ours\n法律程序\t法律程序\t法律程序\tsafe\tshield\n";
/// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
/// assert_eq!((table.concepts[0].note.as_str(), table.concepts[0].line), ("shield", 5));
/// # Ok::<(), fanjian::table::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Concept {
    /// The columns in the order of [`LocaleColumn::ALL`].
    pub sides: [Side; 3],
    /// Newspapers write the word on any subject: it tells little of the domain, and as a `domain` word it waits for firm
    /// evidence. Safe words of Taiwan and Hong Kong are not meant.
    pub common: bool,
    /// The word tells of the domain even where it is the same everywhere.
    pub sign: bool,
    /// A Mainland word of the tier `broad` is mapped where it stands alone, as a line or an item of a list.
    pub alone: bool,
    /// The fifth column, empty if there is none.
    pub note: String,
    /// The line it stands on, from 1.
    pub line: usize,
    /// The text of the line.
    pub text: String,
}

impl Concept {
    /// The cell of a column.
    ///
    /// ```
    /// use fanjian::table::{ConceptTable, LocaleColumn};
    ///
    /// let text = "# title: Mine\n# domain: science\n# source: us\n# licence: ours\n硅\t矽\t矽\tdomain\n";
    /// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
    /// assert_eq!(table.concepts[0].side(LocaleColumn::Tw).words, ["矽"]);
    /// # Ok::<(), fanjian::table::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn side(&self, column: LocaleColumn) -> &Side {
        let [cn, tw, hk] = &self.sides;
        match column {
            LocaleColumn::Cn => cn,
            LocaleColumn::Tw => tw,
            LocaleColumn::Hk => hk,
        }
    }

    /// What a word becomes in another column, which writes its first word. Where the word has a blank between Latin and Han, so has
    /// that; nothing when the cell is empty.
    ///
    /// ```
    /// use fanjian::table::{ConceptTable, LocaleColumn};
    ///
    /// let text = "# title: Mine\n# domain: computing\n# source: us\n# licence: ours\nAPI密钥\tAPI金鑰|API 金鑰\t-\tsafe\n";
    /// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
    /// let back = |word| table.concepts[0].written(word, LocaleColumn::Cn);
    /// assert_eq!([back("API金鑰"), back("API 金鑰")].map(Option::unwrap), ["API密钥", "API 密钥"]);
    /// # Ok::<(), fanjian::table::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn written(&self, word: &str, to: LocaleColumn) -> Option<String> {
        let value = self.side(to).words.first()?;
        let is_spaced = |text: &str| {
            text.chars()
                .zip(text.chars().skip(1))
                .zip(text.chars().skip(2))
                .any(|((a, b), c)| b == ' ' && is_seam(a, c))
        };
        if !is_spaced(word) || is_spaced(value) {
            return Some(value.clone());
        }
        let mut out = String::new();
        for c in value.chars() {
            if out.chars().next_back().is_some_and(|last| is_seam(last, c)) {
                out.push(' ');
            }
            out.push(c);
        }
        Some(out)
    }

    /// The canonical form of the line: the tier of `cn` first, then the flags, the sides that differ from it, and the
    /// conditions in the order of the columns.
    ///
    /// ```
    /// use fanjian::table::ConceptTable;
    ///
    /// let text = "# title: Mine\n# domain: science\n# source: us\n# licence: ours\n硅\t矽\t矽\tdomain hk=broad tw=no\n";
    /// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
    /// assert_eq!(table.concepts[0].format(), "硅\t矽\t矽\tdomain tw=no hk=broad");
    /// # Ok::<(), fanjian::table::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn format(&self) -> String {
        let mut out = String::new();
        for side in &self.sides {
            out.push_str(&if side.words.is_empty() { "-".to_owned() } else { side.words.join("|") });
            out.push('\t');
        }
        let default = self.side(LocaleColumn::Cn).uses.tier;
        out.push_str(default.name());
        for (flag, name) in [(self.common, " common"), (self.sign, " sign"), (self.alone, " alone")] {
            out.push_str(if flag { name } else { "" });
        }
        for column in LocaleColumn::ALL {
            let tier = self.side(column).uses.tier;
            if tier != default {
                out.push_str(&format!(" {}={}", column.name(), tier.name()));
            }
        }
        for column in LocaleColumn::ALL {
            for (name, words) in self.side(column).uses.condition.lists() {
                if !words.is_empty() {
                    out.push_str(&format!(" {}.{name}={}", column.name(), words.join("|")));
                }
            }
        }
        if !self.note.is_empty() {
            out.push('\t');
            out.push_str(&self.note);
        }
        out
    }
}

/// A parsed concept table.
///
/// ```
/// use fanjian::table::ConceptTable;
///
/// let text = "# title: Mine\n# domain: science\n# source: us\n# licence: ours\n硅\t矽\t矽\tdomain\n";
/// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
/// assert_eq!((table.header.len(), table.concepts.len()), (4, 1));
/// # Ok::<(), fanjian::table::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct ConceptTable {
    /// The header lines, without `#` and the blank after it.
    pub header: Vec<String>,
    /// The concepts in file order.
    pub concepts: Vec<Concept>,
}

/// Whether one of two neighbours is Latin, the other one Han.
fn is_seam(a: char, b: char) -> bool {
    let is_han = |c: char| ('\u{3400}'..='\u{9FFF}').contains(&c);
    a.is_ascii_alphanumeric() && is_han(b) || is_han(a) && b.is_ascii_alphanumeric()
}

/// The header fields that a table must have, in order.
const FIELDS: [&str; 4] = ["title", "domain", "source", "licence"];

impl ConceptTable {
    /// Parses a concept table; `name` is what diagnostics call the file.
    ///
    /// ```
    /// use fanjian::table::ConceptTable;
    ///
    /// let faults = ConceptTable::parse("mine.tsv", "硅\t矽\n".as_bytes()).unwrap_err();
    /// assert_eq!(faults.iter().count(), 5); // the line, and four fields that the header lacks
    /// ```
    ///
    /// # Errors
    ///
    /// All faults of the file, each with line and column.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Diagnostics> {
        let mut faults = Diagnostics::default();
        let mut table = Self::default();
        let mut seen: HashMap<(String, String), usize> = HashMap::new();
        for (line, text) in lines(name, bytes, &mut faults) {
            if let Some(comment) = text.strip_prefix('#') {
                table.header.push(comment.strip_prefix(' ').unwrap_or(comment).to_owned());
                continue;
            }
            if text.is_empty() {
                continue;
            }
            match concept(name, line, text) {
                Ok(concept) => {
                    let uses = text.split('\t').nth(3).unwrap_or_default().to_owned();
                    let cn = text.split('\t').next().unwrap_or_default().to_owned();
                    if let Some(first) = seen.insert((cn, uses), line) {
                        faults.push(
                            Diagnostic::new(name, line, 1, text, "this concept stands twice")
                                .help(format!("it stands on line {first} already; join the two lines")),
                        );
                    }
                    table.concepts.push(concept);
                }
                Err(fault) => faults.push(*fault),
            }
        }
        for field in FIELDS {
            if table.field(field).is_none() {
                faults.push(
                    Diagnostic::new(name, 1, 1, "", &format!("the header has no field `{field}`"))
                        .help(format!("begin the file with a line `# {field}: …`")),
                );
            }
        }
        faults.into_result(table)
    }

    /// The header field `name`, of a line `# name: value`.
    ///
    /// ```
    /// use fanjian::table::ConceptTable;
    ///
    /// let text = "# title: Mine\n# domain: science\n# source: us\n# licence: ours\n硅\t矽\t矽\tdomain\n";
    /// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
    /// assert_eq!(table.field("domain"), Some("science"));
    /// # Ok::<(), fanjian::table::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        super::field(&self.header, name)
    }

    /// The canonical form: the header, then the concepts in their canonical form, in code point order.
    ///
    /// ```
    /// use fanjian::table::ConceptTable;
    ///
    /// let text = "# title: Mine\n# domain: science\n# source: us\n# licence: ours\n硅谷\t矽谷\t矽谷\tsafe\n硅\t矽\t矽\tdomain\n";
    /// let table = ConceptTable::parse("mine.tsv", text.as_bytes())?;
    /// assert!(table.format().ends_with("硅\t矽\t矽\tdomain\n硅谷\t矽谷\t矽谷\tsafe\n"));
    /// # Ok::<(), fanjian::table::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn format(&self) -> String {
        let mut out = String::new();
        for line in &self.header {
            out.push_str(if line.is_empty() { "#" } else { "# " });
            out.push_str(line);
            out.push('\n');
        }
        let mut concepts: Vec<String> = self.concepts.iter().map(Concept::format).collect();
        concepts.sort_unstable();
        for text in concepts {
            out.push_str(&text);
            out.push('\n');
        }
        out
    }
}

fn concept(name: &str, line: usize, text: &str) -> Result<Concept, Box<Diagnostic>> {
    let fault = |byte: usize, message: String, help: &str| {
        let column = text.get(..byte).unwrap_or(text).chars().count() + 1;
        Box::new(Diagnostic::new(name, line, column, text, &message).help(help))
    };
    let mut cells: Vec<(usize, &str)> = Vec::new();
    let mut at = 0;
    for cell in text.split('\t') {
        cells.push((at, cell));
        at += cell.len() + 1;
    }
    if !(4..=5).contains(&cells.len()) {
        return Err(fault(
            text.len(),
            format!("{} columns where 4 or 5 are expected", cells.len()),
            "write cn, tw, hk, use and perhaps a note, each separated by one TAB",
        ));
    }
    let cell = |index: usize| cells.get(index).copied().unwrap_or((text.len(), ""));
    let mut words: Vec<Vec<String>> = Vec::new();
    for (index, column) in LocaleColumn::ALL.into_iter().enumerate() {
        let (at, cell) = cell(index);
        if cell.is_empty() {
            return Err(fault(
                at,
                format!("the `{}` column is empty", column.name()),
                "expected a term, or `-` where the region uses the Mainland word",
            ));
        }
        if cell == "-" && index > 0 {
            words.push(Vec::new());
            continue;
        }
        let list: Vec<String> = cell.split('|').map(str::to_owned).collect();
        if let Some(bad) = list.iter().find(|w| w.is_empty() || w.trim() != w.as_str()) {
            return Err(fault(at, format!("an empty or padded word `{bad}`"), "separate words by one `|`"));
        }
        words.push(list);
    }
    let (at, uses) = cell(3);
    let mut parts = uses.split(' ');
    let Some(default) = parts.next().and_then(Tier::parse) else {
        return Err(fault(at, format!("`{uses}` does not begin with a tier"), "expected safe, domain, broad or no"));
    };
    let mut sides: Vec<Use> =
        LocaleColumn::ALL.iter().map(|_| Use { tier: default, condition: Condition::default() }).collect();
    let (mut common, mut sign, mut alone) = (false, false, false);
    for part in parts {
        if let Some(flag) = match part {
            "common" => Some(&mut common),
            "sign" => Some(&mut sign),
            "alone" => Some(&mut alone),
            _ => None,
        } {
            *flag = true;
            continue;
        }
        let unknown = || {
            let help = "expected common, sign, alone, LOCALE=TIER or LOCALE.next=WORD|WORD";
            fault(at, format!("`{part}` is not understood"), help)
        };
        let (left, right) = part.split_once('=').ok_or_else(unknown)?;
        let (locale, what) = left.split_once('.').unwrap_or((left, ""));
        let index = LocaleColumn::ALL.iter().position(|c| c.name() == locale).ok_or_else(unknown)?;
        let side = sides.get_mut(index).ok_or_else(unknown)?;
        let list = || right.split('|').filter(|w| !w.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        match what {
            "" => side.tier = Tier::parse(right).ok_or_else(unknown)?,
            "next" => side.condition.next = list(),
            "prev" => side.condition.prev = list(),
            "not_next" => side.condition.not_next = list(),
            "not_prev" => side.condition.not_prev = list(),
            _ => return Err(unknown()),
        }
    }
    let mut sides = words.into_iter().zip(sides).map(|(words, uses)| Side { words, uses });
    let (Some(cn), Some(tw), Some(hk)) = (sides.next(), sides.next(), sides.next()) else {
        return Err(fault(0, "three columns are expected".to_owned(), "write cn, tw and hk"));
    };
    Ok(Concept { sides: [cn, tw, hk], common, sign, alone, note: cell(4).1.to_owned(), line, text: text.to_owned() })
}
