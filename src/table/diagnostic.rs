//! What is wrong with a table, and where.

use std::fmt;

/// One fault of a text file: where it is, the offending line and what to do.
///
/// It prints as compilers do:
///
/// ```text
/// mine.txt:3:1: the key is empty
///     <TAB>value
///     ^ write what is to be replaced before the TAB
/// ```
///
/// ```
/// use fanjian::table::Table;
///
/// let faults = Table::parse("mine.txt", "好\t好\n\tx\n".as_bytes()).unwrap_err();
/// let fault = faults.iter().next().unwrap();
/// assert_eq!((fault.line, fault.column, &*fault.message), (2, 1, "the key is empty"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The file, as the caller named it.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The line's text.
    pub text: String,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Diagnostic {
    /// A fault at a place; see [`Diagnostic::help`] for the advice.
    ///
    /// ```
    /// let fault = fanjian::table::Diagnostic::new("mine.txt", 3, 1, "x", "this is odd");
    /// assert!(fault.to_string().starts_with("mine.txt:3:1: this is odd"));
    /// ```
    #[must_use]
    pub fn new(file: &str, line: usize, column: usize, text: &str, message: &str) -> Self {
        Self {
            file: file.to_owned(),
            line,
            column,
            text: text.to_owned(),
            message: message.to_owned(),
            help: String::new(),
        }
    }

    /// Adds the advice.
    ///
    /// ```
    /// let fault = fanjian::table::Diagnostic::new("mine.txt", 3, 1, "x", "this is odd").help("delete it");
    /// assert!(fault.to_string().ends_with("^ delete it"));
    /// ```
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}:{}:{}: {}", self.file, self.line, self.column, self.message)?;
        writeln!(f, "    {}", self.text)?;
        write!(f, "    ")?;
        for c in self.text.chars().take(self.column.saturating_sub(1)) {
            // A Han character takes two columns of a terminal, a TAB whatever the terminal decides.
            f.write_str(if c == '\t' {
                "\t"
            } else if c > '\u{1100}' {
                "  "
            } else {
                " "
            })?;
        }
        write!(f, "^ {}", self.help)
    }
}

/// All faults of a file or of a set of files.
///
/// ```
/// use fanjian::table::Table;
///
/// let faults = Table::parse("mine.txt", b"a\n\tb\n").unwrap_err();
/// assert_eq!(faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [1, 2]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// Adds one.
    ///
    /// ```
    /// use fanjian::table::{Diagnostic, Diagnostics};
    ///
    /// let mut faults = Diagnostics::default();
    /// faults.push(Diagnostic::new("mine.txt", 3, 1, "x", "this is odd"));
    /// assert!(!faults.is_empty());
    /// ```
    pub fn push(&mut self, fault: Diagnostic) {
        self.0.push(fault);
    }

    /// Adds all of another set.
    ///
    /// ```
    /// use fanjian::table::{Diagnostic, Diagnostics};
    ///
    /// let mut faults = Diagnostics::default();
    /// faults.push(Diagnostic::new("mine.txt", 3, 1, "x", "this is odd"));
    /// let mut all = Diagnostics::default();
    /// all.append(faults.clone());
    /// assert_eq!(all, faults);
    /// ```
    pub fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// The faults in the order they were found.
    ///
    /// ```
    /// use fanjian::table::{Diagnostic, Diagnostics};
    ///
    /// let mut faults = Diagnostics::default();
    /// faults.push(Diagnostic::new("mine.txt", 3, 1, "x", "this is odd"));
    /// assert_eq!(faults.iter().next().unwrap().line, 3);
    /// ```
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Whether there is none.
    ///
    /// ```
    /// assert!(fanjian::table::Diagnostics::default().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `value` if there is no fault.
    ///
    /// ```
    /// use fanjian::table::{Diagnostic, Diagnostics};
    ///
    /// let mut faults = Diagnostics::default();
    /// assert_eq!(faults.clone().into_result(7), Ok(7));
    /// faults.push(Diagnostic::new("mine.txt", 3, 1, "x", "this is odd"));
    /// assert!(faults.into_result(7).is_err());
    /// ```
    ///
    /// # Errors
    ///
    /// The faults, if there are any.
    pub fn into_result<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, fault) in self.0.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            fault.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Diagnostics {}
