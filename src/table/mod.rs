//! Text tables: the only dictionary format that people touch.
//!
//! A table is UTF-8 text. A line that starts with `#` is a comment or a header, an empty line is
//! skipped, and any other line is an entry:
//!
//! ```text
//! KEY <TAB> VALUE [ VALUE ...] [ <TAB> NOTE ]
//! ```
//!
//! Values are separated by one blank; the first is the one that is written. This is OpenCC's text
//! format plus an optional note. [`Table::parse`] never skips what it does not understand: every
//! fault becomes a [`Diagnostic`] with file, line and column.

mod concept;
mod diagnostic;

pub use concept::{Concept, ConceptTable, Condition, LocaleColumn, Side, Tier, Use};
pub use diagnostic::{Diagnostic, Diagnostics};

use std::collections::HashMap;

/// One entry of a [`Table`].
///
/// ```
/// use fanjian::table::Table;
///
/// let table = Table::parse("mine.txt", "发\t發 髮\tdepends on the word\n".as_bytes())?;
/// let entry = &table.entries[0];
/// assert_eq!((entry.key.as_str(), entry.values.len(), entry.line), ("发", 2, 1));
/// assert_eq!(entry.note, "depends on the word");
/// # Ok::<(), fanjian::table::Diagnostics>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// What is looked for.
    pub key: String,
    /// What may be written instead; the first is the default.
    pub values: Vec<String>,
    /// The third column, empty if there is none.
    pub note: String,
    /// The line the entry stands on, from 1.
    pub line: usize,
}

impl Entry {
    /// An entry without a note or a line, to be added to a table that is written.
    ///
    /// ```
    /// use fanjian::table::{Entry, Table};
    ///
    /// let mut table = Table::default();
    /// table.entries.push(Entry::new("发", ["發", "髮"]));
    /// assert_eq!(table.format(), "发\t發 髮\n");
    /// ```
    #[must_use]
    pub fn new<'a>(key: &str, values: impl IntoIterator<Item = &'a str>) -> Self {
        let values = values.into_iter().map(str::to_owned).collect();
        Self { key: key.to_owned(), values, note: String::new(), line: 0 }
    }
}

/// A parsed text table: header lines and entries in file order.
///
/// ```
/// use fanjian::table::Table;
///
/// let table = Table::parse("mine.txt", "# title: Mine\n汉\t漢\n".as_bytes())?;
/// assert_eq!((table.header.len(), table.entries.len()), (1, 1));
/// # Ok::<(), fanjian::table::Diagnostics>(())
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Table {
    /// The comment lines, without `#` and the blank after it.
    pub header: Vec<String>,
    /// The entries in file order.
    pub entries: Vec<Entry>,
}

impl Table {
    /// Parses a table; `name` is what diagnostics call the file.
    ///
    /// ```
    /// use fanjian::table::Table;
    ///
    /// let faults = Table::parse("mine.txt", "汉\t漢\n字\n".as_bytes()).unwrap_err();
    /// assert!(faults.to_string().starts_with("mine.txt:2:2: there is no TAB in this line"));
    /// ```
    ///
    /// # Errors
    ///
    /// All faults of the file: a line without a TAB, an empty key or value, bytes that are not
    /// UTF-8, a key that stands twice.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Self, Diagnostics> {
        let mut faults = Diagnostics::default();
        let mut table = Self::default();
        let mut seen: HashMap<String, usize> = HashMap::new();
        for (line, text) in lines(name, bytes, &mut faults) {
            if let Some(comment) = text.strip_prefix('#') {
                table.header.push(comment.strip_prefix(' ').unwrap_or(comment).to_owned());
                continue;
            }
            if text.is_empty() {
                continue;
            }
            match entry(name, line, text) {
                Ok(entry) => {
                    if let Some(first) = seen.insert(entry.key.clone(), line) {
                        faults.push(
                            Diagnostic::new(name, line, 1, text, "this key stands twice in the table")
                                .help(format!("it stands on line {first} already; delete one of them")),
                        );
                        continue;
                    }
                    table.entries.push(entry);
                }
                Err(fault) => faults.push(*fault),
            }
        }
        faults.into_result(table)
    }

    /// The header field `name`, of a line `# name: value`.
    ///
    /// ```
    /// use fanjian::table::Table;
    ///
    /// assert_eq!(Table::parse("mine.txt", b"# title: Mine\n")?.field("title"), Some("Mine"));
    /// # Ok::<(), fanjian::table::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        field(&self.header, name)
    }

    /// The canonical form: the header, an empty line, the entries by key in code point order.
    ///
    /// ```
    /// use fanjian::table::Table;
    ///
    /// let table = Table::parse("mine.txt", "# title: Mine\n字\t字\n汉\t漢\n".as_bytes())?;
    /// assert_eq!(table.format(), "# title: Mine\n\n字\t字\n汉\t漢\n");
    /// # Ok::<(), fanjian::table::Diagnostics>(())
    /// ```
    #[must_use]
    pub fn format(&self) -> String {
        let mut out = String::new();
        for line in &self.header {
            out.push('#');
            if !line.is_empty() {
                out.push(' ');
                out.push_str(line);
            }
            out.push('\n');
        }
        if !self.header.is_empty() {
            out.push('\n');
        }
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by(|a, b| a.key.cmp(&b.key));
        for entry in entries {
            out.push_str(&entry.key);
            out.push('\t');
            out.push_str(&entry.values.join(" "));
            if !entry.note.is_empty() {
                out.push('\t');
                out.push_str(&entry.note);
            }
            out.push('\n');
        }
        out
    }
}

/// The lines of a file, decoded; a line that is not UTF-8 becomes a fault. A byte order mark and
/// carriage returns before line feeds are not part of the text.
fn lines<'a>(
    name: &'a str,
    bytes: &'a [u8],
    faults: &mut Diagnostics,
) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut out = Vec::new();
    for (index, line) in bytes.split(|&b| b == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match std::str::from_utf8(line) {
            Ok(text) => out.push((index + 1, text)),
            Err(error) => {
                let valid = String::from_utf8_lossy(line.get(..error.valid_up_to()).unwrap_or_default());
                let column = valid.chars().count() + 1;
                faults.push(
                    Diagnostic::new(name, index + 1, column, &String::from_utf8_lossy(line), "this is not UTF-8")
                        .help("save the file as UTF-8"),
                );
            }
        }
    }
    out.into_iter()
}

/// The field of a header whose line is `name: value`.
fn field<'h>(header: &'h [String], name: &str) -> Option<&'h str> {
    header.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(':').map(str::trim))
}

fn entry(name: &str, line: usize, text: &str) -> Result<Entry, Box<Diagnostic>> {
    let fault = |byte: usize, message: &str, help: &str| {
        let column = text.get(..byte).unwrap_or(text).chars().count() + 1;
        Box::new(Diagnostic::new(name, line, column, text, message).help(help))
    };
    let Some((key, rest)) = text.split_once('\t') else {
        return Err(fault(text.len(), "there is no TAB in this line", "write KEY, one TAB, then the value"));
    };
    if key.is_empty() {
        return Err(fault(0, "the key is empty", "write what is to be replaced before the TAB"));
    }
    let (values, note) = rest.split_once('\t').unwrap_or((rest, ""));
    if values.is_empty() {
        return Err(fault(key.len() + 1, "the value is empty", "write what replaces the key after the TAB"));
    }
    let values: Vec<String> = values.split(' ').map(str::to_owned).collect();
    if let Some(at) = values.iter().position(String::is_empty) {
        let byte = key.len() + 1 + values.iter().take(at).map(|v| v.len() + 1).sum::<usize>();
        return Err(fault(byte, "an empty value", "separate values by one blank, with none at the end"));
    }
    Ok(Entry { key: key.to_owned(), values, note: note.to_owned(), line })
}
