//! What must hold of the tables under `dictionaries/`, beyond their grammar.
//!
//! Each check walks all files and collects all complaints, each with its place. `tests/dictionaries.rs` runs every check
//! as a test, `cargo xtask dict check` runs them all at once. A deliberate exception is a line of
//! `tests/exceptions.txt` with its reason; one that excuses nothing is a complaint itself.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use fanjian::table::{Concept, ConceptTable, Diagnostic, Diagnostics, LocaleColumn, Table, Tier};

/// A check: its name, what it looks at, and the advice that ends its complaints.
pub struct Check {
    /// The name, as in `tests/exceptions.txt`.
    pub name: &'static str,
    run: fn(&Dictionaries, &mut Diagnostics),
    /// What to do about its complaints.
    pub advice: &'static str,
}

/// All checks.
pub const CHECKS: [Check; 12] = [
    Check {
        name: "files_are_canonical",
        run: files_are_canonical,
        advice: "run `cargo xtask dict fmt` and look at what it changed",
    },
    Check {
        name: "headers_are_complete",
        run: headers_are_complete,
        advice: "a header names title, source and licence; a concept table its domain and columns too",
    },
    Check {
        name: "sources_are_recorded",
        run: sources_are_recorded,
        advice: "run `cargo xtask import-opencc` or `import-jieba` on the package named in dictionaries/SOURCES.toml",
    },
    Check {
        name: "rules_are_whole",
        run: rules_are_whole,
        advice: "mend the line of script/rules.txt; learned.txt is written by `cargo xtask train`",
    },
    Check {
        name: "sides_are_trimmed",
        run: sides_are_trimmed,
        advice: "delete the blanks, and words that stand twice",
    },
    Check {
        name: "sides_match_their_script",
        run: sides_match_their_script,
        advice: "perhaps the columns are swapped; a glyph that a region really prints goes to tests/exceptions.txt",
    },
    Check {
        name: "concepts_stand_once",
        run: concepts_stand_once,
        advice: "keep the line in the file of its proper domain, with the better contexts, and delete the other",
    },
    Check {
        name: "terms_do_not_contradict",
        run: terms_do_not_contradict,
        advice: "mark one side `no`, drop the word from one of the cells, or give them different contexts",
    },
    Check {
        name: "conditions_are_whole",
        run: conditions_are_whole,
        advice: "a condition is a list of words beside a word that is mapped; delete what cannot matter",
    },
    Check {
        name: "single_characters_are_not_safe",
        run: single_characters_are_not_safe,
        advice: "one character is a part of many words: use `domain` with a context, or longer words",
    },
    Check {
        name: "ascii_words_are_not_sources",
        run: ascii_words_are_not_sources,
        advice: "a word of plain ASCII stands in texts of any kind: drop it",
    },
    Check {
        name: "code_points_are_expected",
        run: code_points_are_expected,
        advice: "a slip of the keyboard, or a character that the list in tests/checks/mod.rs should know",
    },
];

impl Check {
    /// All complaints of this check.
    pub fn complaints(&self, dictionaries: &Dictionaries) -> Diagnostics {
        let mut faults = Diagnostics::default();
        (self.run)(dictionaries, &mut faults);
        dictionaries.unused_exceptions(self.name, &mut faults);
        faults
    }
}

/// The check that asks the converter, in `tests/terms.rs`.
pub const CONVERTED: &str = "safe_words_become_their_terms";

const EXCEPTIONS: &str = "tests/exceptions.txt";

struct Exception {
    line: usize,
    text: String,
    used: AtomicBool,
}

/// A file and what it parses to.
pub struct File<T> {
    /// The path from the repository on.
    pub path: String,
    /// The folder under `dictionaries/`.
    pub folder: String,
    /// The name without the extension.
    pub stem: String,
    /// The text as it is on disk.
    pub text: String,
    /// The parsed table.
    pub table: T,
}

/// All tables.
pub struct Dictionaries {
    root: PathBuf,
    /// The tables of `opencc/`, `script/` and `words/`.
    pub tables: Vec<File<Table>>,
    /// The concept tables of `terms/`.
    pub concepts: Vec<File<ConceptTable>>,
    exceptions: BTreeMap<(String, String), Exception>,
}

impl Dictionaries {
    /// Reads all tables of a repository.
    ///
    /// # Errors
    ///
    /// The faults of their grammar, all of them.
    pub fn read(root: &Path) -> Result<Self, Diagnostics> {
        let mut out =
            Self { root: root.to_owned(), tables: Vec::new(), concepts: Vec::new(), exceptions: BTreeMap::new() };
        let mut faults = Diagnostics::default();
        for folder in ["opencc", "script", "words"] {
            // The rules are no table: a character stands on many lines.
            for path in files(&root.join("dictionaries").join(folder), "txt")
                .filter(|path| !RULES.iter().any(|rules| path.ends_with(rules)))
            {
                out.tables.extend(file(root, &path, folder, Table::parse, &mut faults));
            }
        }
        for path in files(&root.join("dictionaries/terms"), "tsv") {
            out.concepts.extend(file(root, &path, "terms", ConceptTable::parse, &mut faults));
        }
        for (index, text) in read(&root.join(EXCEPTIONS)).lines().enumerate() {
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let fault = |message: &str, help: &str| Diagnostic::new(EXCEPTIONS, index + 1, 1, text, message).help(help);
            let cells: Vec<&str> = text.split('\t').collect();
            if let [check, subject, reason] = cells.as_slice() {
                if *check != CONVERTED && !CHECKS.iter().any(|known| known.name == *check) {
                    faults.push(fault("there is no such check", "the first column is the name of a test"));
                }
                if reason.strip_prefix("# ").is_none_or(str::is_empty) {
                    faults.push(fault("the last column gives no reason", "end the line with `# ` and one sentence"));
                }
                let exception = Exception { line: index + 1, text: text.to_owned(), used: AtomicBool::new(false) };
                out.exceptions.insert(((*check).to_owned(), (*subject).to_owned()), exception);
            } else {
                faults.push(fault("three columns are expected", "write CHECK, SUBJECT and # REASON, separated by TAB"));
            }
        }
        faults.into_result(out)
    }

    /// Every file with its canonical form, where they differ.
    pub fn to_format(&self) -> impl Iterator<Item = (PathBuf, &str, String)> {
        let tables = self.tables.iter().map(|file| (&file.path, &file.text, file.table.format()));
        let concepts = self.concepts.iter().map(|file| (&file.path, &file.text, file.table.format()));
        let changed = tables.chain(concepts).filter(|(_, text, canonical)| *text != canonical);
        changed.map(|(path, text, canonical)| (self.root.join(path), text.as_str(), canonical))
    }

    /// Whether `tests/exceptions.txt` excuses a subject of a check.
    pub fn excused(&self, check: &str, subject: &str) -> bool {
        let exception = self.exceptions.get(&(check.to_owned(), subject.to_owned()));
        exception.inspect(|exception| exception.used.store(true, Ordering::Relaxed)).is_some()
    }

    /// Complains of the exceptions of a check that have excused nothing.
    pub fn unused_exceptions(&self, check: &str, faults: &mut Diagnostics) {
        for (key, exception) in &self.exceptions {
            if key.0 == check && !exception.used.load(Ordering::Relaxed) {
                let fault = Diagnostic::new(EXCEPTIONS, exception.line, 1, &exception.text, "this excuses nothing");
                faults.push(fault.help("delete the line"));
            }
        }
    }

    fn opencc(&self, name: &str) -> &Table {
        let file = self.tables.iter().find(|file| file.folder == "opencc" && file.stem == name);
        &file.unwrap_or_else(|| panic!("dictionaries/opencc/{name}.txt is missing")).table
    }

    /// All concepts with their file.
    fn all_concepts(&self) -> impl Iterator<Item = (&str, &Concept)> {
        self.concepts
            .iter()
            .flat_map(|file| file.table.concepts.iter().map(move |concept| (file.path.as_str(), concept)))
    }
}

const RULES: [&str; 2] = ["rules.txt", "learned.txt"];

fn files(folder: &Path, extension: &str) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut out: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    out.retain(|path| path.extension().is_some_and(|found| found == extension));
    out.sort();
    out.into_iter()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn file<T>(
    root: &Path,
    path: &Path,
    folder: &str,
    parse: fn(&str, &[u8]) -> Result<T, Diagnostics>,
    faults: &mut Diagnostics,
) -> Option<File<T>> {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let shown = path.strip_prefix(root).unwrap_or(path).display().to_string().replace('\\', "/");
    match parse(&shown, &bytes) {
        Ok(table) => Some(File {
            path: shown,
            folder: folder.to_owned(),
            stem: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
            text: String::from_utf8(bytes).unwrap_or_default(),
            table,
        }),
        Err(found) => {
            faults.append(found);
            None
        }
    }
}

/// The words of a cell with the column of each, in characters from 1.
fn words(concept: &Concept, column: LocaleColumn) -> impl Iterator<Item = (usize, &str)> {
    let index = LocaleColumn::ALL.iter().position(|known| *known == column).unwrap_or_default();
    let mut at = 1 + concept.text.split('\t').take(index).map(|cell| cell.chars().count() + 1).sum::<usize>();
    concept.text.split('\t').nth(index).unwrap_or_default().split('|').map(move |word| {
        let start = at;
        at += word.chars().count() + 1;
        (start, word)
    })
}

/// The column where a part of the line's `use` cell starts.
fn use_column(concept: &Concept, part: &str) -> usize {
    let before: usize = concept.text.split('\t').take(3).map(|cell| cell.len() + 1).sum();
    let found = concept.text.get(before..).and_then(|rest| rest.find(part)).unwrap_or_default();
    concept.text.get(..before + found).unwrap_or_default().chars().count() + 1
}

/// The line of an entry, for a diagnostic.
fn entry_text(entry: &fanjian::table::Entry) -> String {
    format!("{}\t{}", entry.key, entry.values.join(" "))
}

fn files_are_canonical(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    let canonical = "this file is not in its canonical form";
    for (path, text, canonical_text) in dictionaries.to_format() {
        let path = path.strip_prefix(&dictionaries.root).unwrap_or(&path).display().to_string();
        let (mut found, mut wanted) = (text.split('\n'), canonical_text.split('\n'));
        for line in 1.. {
            match (found.next(), wanted.next()) {
                (None, None) => {
                    // The lines are the same: a byte order mark, or carriage returns.
                    faults.push(Diagnostic::new(&path, 1, 1, "", canonical).help("save it as UTF-8 with LF line ends"));
                    break;
                }
                (a, b) if a == b => {}
                (a, b) => {
                    let help = b.map_or_else(|| "the file should end here".to_owned(), |b| format!("expected {b:?}"));
                    faults.push(Diagnostic::new(&path, line, 1, a.unwrap_or_default(), canonical).help(help));
                    break;
                }
            }
        }
    }
}

fn headers_are_complete(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    let licences: BTreeSet<String> = fs::read_dir(dictionaries.root.join("LICENSES"))
        .map(|entries| {
            entries.filter_map(|entry| entry.ok()?.path().file_stem()?.to_str().map(str::to_owned)).collect()
        })
        .unwrap_or_default();
    let own = ["MIT", "Apache-2.0"];
    let sources = read(&dictionaries.root.join("dictionaries/SOURCES.toml"));
    let mut check = |path: &str, folder: &str, field: &dyn Fn(&str) -> Option<String>| {
        let mut complain = |message: &str, help: String| {
            faults.push(Diagnostic::new(path, 1, 1, "", message).help(help));
        };
        for name in ["title", "source", "licence"] {
            if field(name).is_none_or(|value| value.is_empty()) {
                let message = format!("the header has no field `{name}`");
                complain(&message, format!("begin the file with a line `# {name}: …`"));
            }
        }
        let ours =
            field("source").is_some_and(|source| source == "written by the fanjian authors from general knowledge");
        for licence in field("licence").unwrap_or_default().split(" OR ").filter(|licence| !licence.is_empty()) {
            if !(ours && own.contains(&licence) || licences.contains(licence)) {
                let message = format!("LICENSES/ has no text of the licence `{licence}`");
                complain(&message, format!("add LICENSES/{licence}.txt, with the holder's notice"));
            }
        }
        // `PyPI opencc 1.4.2, …`: the package has a section with this version.
        let source = field("source").unwrap_or_default();
        let recorded = source.strip_prefix("PyPI ").and_then(|rest| {
            let (package, version) = rest.split(',').next()?.split_once(' ')?;
            let section = sources.split("\n[").find(|part| part.starts_with(&format!("{package}]")))?;
            section.contains(&format!("version = \"{version}\"")).then_some(())
        });
        if !ours && recorded.is_none() {
            let message = format!("`{source}` is not in dictionaries/SOURCES.toml");
            complain(&message, "record package, version, licence and checksums there".to_owned());
        }
        if folder == "terms" {
            let columns = field("columns").unwrap_or_default();
            if columns != "cn\ttw\thk\tuse\tnote" {
                complain(
                    "the header does not name the columns",
                    "write `# columns: cn<TAB>tw<TAB>hk<TAB>use<TAB>note`".to_owned(),
                );
            }
            let domain = field("domain").unwrap_or_default();
            if domain.parse::<fanjian::Domain>().is_err() {
                complain(
                    &format!("`{domain}` is no domain"),
                    "the domains are listed in src/native/domain.rs".to_owned(),
                );
            }
        }
    };
    for file in &dictionaries.tables {
        check(&file.path, &file.folder, &|name| file.table.field(name).map(str::to_owned));
    }
    for file in &dictionaries.concepts {
        check(&file.path, &file.folder, &|name| file.table.field(name).map(str::to_owned));
    }
}

fn sources_are_recorded(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    let path = "dictionaries/SOURCES.toml";
    let text = read(&dictionaries.root.join(path));
    // `"NAME" = "HEX"` under `[PACKAGE.sha256]`.
    let mut recorded: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut section = "";
    for (index, line) in text.lines().enumerate() {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
        } else if let (Some(package), Some((name, sum))) = (section.strip_suffix(".sha256"), line.split_once(" = ")) {
            let (name, sum) = (name.trim_matches('"'), sum.trim_matches('"'));
            if sum.len() != 64 || !sum.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')) {
                let fault = Diagnostic::new(path, index + 1, 1, line, "this is no SHA-256");
                faults.push(fault.help("expected 64 hexadecimal digits"));
            }
            recorded.insert((package.to_owned(), name.to_owned()), index + 1);
        }
    }
    for file in &dictionaries.tables {
        let source = file.table.field("source").unwrap_or_default();
        let Some((package, original)) = source.strip_prefix("PyPI ").and_then(|rest| rest.split_once(", ")) else {
            continue;
        };
        let package = package.split(' ').next().unwrap_or_default();
        let name = original.rsplit('/').next().unwrap_or_default();
        if recorded.remove(&(package.to_owned(), name.to_owned())).is_none() {
            let message = format!("the original `{original}` has no checksum in {path}");
            faults.push(Diagnostic::new(&file.path, 1, 1, "", &message).help("imports record what they read"));
        }
    }
    for ((package, name), line) in recorded {
        let message = format!("no table comes from `{name}` of {package}");
        faults.push(Diagnostic::new(path, line, 1, &name, &message).help("delete the line"));
    }
}

fn rules_are_whole(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    for name in RULES {
        let path = format!("dictionaries/script/{name}");
        rules_of_file_are_whole(&path, &read(&dictionaries.root.join(&path)), faults);
    }
}

fn rules_of_file_are_whole(path: &str, text: &str, faults: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
        let mut complain = |message: &str, help: &str| {
            faults.push(Diagnostic::new(path, index + 1, 1, line, message).help(help));
        };
        let cells: Vec<&str> = line.split('\t').collect();
        let [character, value, conditions] = cells.as_slice() else {
            complain("three columns are expected", "write CHARACTER, VALUE and CONDITIONS, separated by TAB");
            continue;
        };
        if *character != "<" && (character.chars().count() != 1 || value.chars().count() != 1) {
            complain("a rule is about one character", "longer keys belong to phrases.txt");
        }
        if conditions.split(' ').any(|part| part.is_empty() || part.ends_with('=')) {
            complain("an empty condition", "separate conditions by one blank, with none at the end");
        }
        if let Some(first) = seen.insert(line, index + 1) {
            complain("this line stands twice", &format!("it stands on line {first} already"));
        }
    }
}

fn sides_are_trimmed(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    let odd = |word: &str| {
        word.is_empty()
            || word != word.trim()
            || word.contains("  ")
            || word.contains('\u{3000}')
            || word.contains('\t')
    };
    for file in &dictionaries.tables {
        for entry in &file.table.entries {
            if odd(&entry.key) || entry.values.iter().any(|value| odd(value)) || entry.note != entry.note.trim() {
                let fault =
                    Diagnostic::new(&file.path, entry.line, 1, &entry_text(entry), "a blank that should not be here");
                faults.push(fault.help("neither side begins or ends with a blank"));
            }
            let values: BTreeSet<&String> = entry.values.iter().collect();
            if values.len() < entry.values.len() {
                let fault = Diagnostic::new(&file.path, entry.line, 1, &entry_text(entry), "a value stands twice");
                faults.push(fault.help("delete one of them"));
            }
        }
    }
    for (path, concept) in dictionaries.all_concepts() {
        for column in LocaleColumn::ALL {
            let mut seen = BTreeSet::new();
            for (at, word) in words(concept, column) {
                let message = if odd(word) {
                    format!("`{word}` is empty or padded")
                } else if !seen.insert(word) {
                    format!("`{word}` stands twice in this cell")
                } else {
                    continue;
                };
                faults.push(Diagnostic::new(path, concept.line, at, &concept.text, &message).help("mend the cell"));
            }
        }
        if concept.note != concept.note.trim() || concept.text.ends_with('\t') {
            let at = concept.text.chars().count();
            let fault = Diagnostic::new(path, concept.line, at, &concept.text, "the note is padded or empty");
            faults.push(fault.help("a line without a note has four columns"));
        }
    }
}

/// Characters that only one script has.
struct Scripts {
    simplified: BTreeSet<char>,
    traditional: BTreeSet<char>,
}

impl Scripts {
    fn new(dictionaries: &Dictionaries) -> Self {
        let changing = |name: &str| -> BTreeSet<char> {
            let entries = &dictionaries.opencc(name).entries;
            entries.iter().filter(|e| !e.values.contains(&e.key)).filter_map(|e| e.key.chars().next()).collect()
        };
        let (simplified, traditional) = (changing("STCharacters"), changing("TSCharacters"));
        Self {
            simplified: simplified.difference(&traditional).copied().collect(),
            traditional: traditional.difference(&simplified).copied().collect(),
        }
    }
}

/// The characters that a region writes where OpenCC's standard has another: 群 for 羣, 床 for 牀.
fn regional_glyphs(dictionaries: &Dictionaries) -> BTreeSet<char> {
    let tables = dictionaries.tables.iter().filter(|file| {
        file.stem == "TWVariants"
            || file.stem == "HKVariants"
            || file.folder == "script" && file.stem.starts_with("glyphs-")
    });
    tables.flat_map(|file| &file.table.entries).flat_map(|e| e.values.iter().take(1)).flat_map(|v| v.chars()).collect()
}

fn sides_match_their_script(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    const NAME: &str = "sides_match_their_script";
    let scripts = Scripts::new(dictionaries);
    let glyphs = regional_glyphs(dictionaries);
    // The characters of a text that its side does not write; an exception is `SIDE:CHARACTER`.
    let strays = |side: &str, text: &str| -> Vec<char> {
        let wrong = |c: &char| {
            if side == "cn" {
                scripts.traditional.contains(c)
            } else {
                scripts.simplified.contains(c) && !glyphs.contains(c)
            }
        };
        text.chars().filter(wrong).filter(|c| !dictionaries.excused(NAME, &format!("{side}:{c}"))).collect()
    };
    let message = |side: &str, strays: &[char]| {
        let script = if side == "cn" { "Traditional" } else { "Simplified" };
        format!("{strays:?} on a side that writes no {script} characters")
    };
    for file in dictionaries.tables.iter().filter(|file| file.folder == "script") {
        // What is written on the left and on the right; glyph tables are Traditional on both sides.
        let (left, right) = match file.stem.as_str() {
            "glyphs-tw" | "glyphs-hk" | "official-tw" | "official-hk" => ("hant", "hant"),
            "reverse-phrases" => ("hant", "cn"),
            _ => ("cn", "hant"),
        };
        for entry in &file.table.entries {
            let value = entry.values.first().map_or("", String::as_str);
            for (side, text) in [(left, entry.key.as_str()), (right, value)] {
                let found = strays(side, text);
                if !found.is_empty() {
                    let text = entry_text(entry);
                    let fault = Diagnostic::new(&file.path, entry.line, 1, &text, &message(side, &found));
                    faults.push(fault.help(format!("this side is written in `{side}`")));
                }
            }
        }
    }
    for (path, concept) in dictionaries.all_concepts() {
        for column in LocaleColumn::ALL {
            for (at, word) in words(concept, column) {
                let found = strays(column.name(), word);
                if !found.is_empty() {
                    let fault = Diagnostic::new(path, concept.line, at, &concept.text, &message(column.name(), &found));
                    faults.push(fault.help(format!("the column `{}`", column.name())));
                }
            }
            for (name, list) in concept.side(column).uses.condition.lists() {
                let found = strays(column.name(), &list.concat());
                if !found.is_empty() {
                    let at = use_column(concept, &format!("{}.{name}=", column.name()));
                    let fault = Diagnostic::new(path, concept.line, at, &concept.text, &message(column.name(), &found));
                    faults.push(fault.help("a condition is written in the script of its column"));
                }
            }
        }
    }
}

fn concepts_stand_once(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    // Lines of one file may share a word when their `use` differs; the grammar sees to that.
    let mut seen: BTreeMap<&str, (&str, usize)> = BTreeMap::new();
    for (path, concept) in dictionaries.all_concepts() {
        for (at, word) in words(concept, LocaleColumn::Cn) {
            match seen.get(word) {
                Some(&(other, line)) if other != path && !dictionaries.excused("concepts_stand_once", word) => {
                    let message = format!("`{word}` stands at {other}:{line} as well");
                    let fault = Diagnostic::new(path, concept.line, at, &concept.text, &message);
                    faults.push(fault.help("one concept, one line: delete one of the two"));
                }
                Some(_) => {}
                None => {
                    seen.insert(word, (path, concept.line));
                }
            }
        }
    }
}

fn terms_do_not_contradict(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    /// A word as a source, at a tier under a condition, on the way to a column.
    type Source<'d> = (&'d str, Tier, String, LocaleColumn);
    for from in LocaleColumn::ALL {
        let mut seen: BTreeMap<Source<'_>, (&str, usize, &str)> = BTreeMap::new();
        let mut told: BTreeSet<(&str, usize)> = BTreeSet::new();
        for (path, concept) in dictionaries.all_concepts() {
            let uses = &concept.side(from).uses;
            if uses.tier == Tier::No {
                continue;
            }
            let condition = format!("{:?}", uses.condition);
            for to in LocaleColumn::ALL.into_iter().filter(|to| *to != from) {
                // An empty cell stands for the Mainland word in this script.
                let value = concept.side(to).words.first().or(concept.side(LocaleColumn::Cn).words.first());
                let value = value.map_or("", String::as_str);
                for (at, word) in words(concept, from).filter(|(_, word)| *word != "-") {
                    let source = (word, uses.tier, condition.clone(), to);
                    let Some(&(other, line, first)) = seen.get(&source) else {
                        seen.insert(source, (path, concept.line, value));
                        continue;
                    };
                    let excused =
                        || dictionaries.excused("terms_do_not_contradict", &format!("{}:{word}", from.name()));
                    if first != value && !told.contains(&(path, concept.line)) && !excused() {
                        told.insert((path, concept.line));
                        let message = format!("`{word}` becomes `{value}` here and `{first}` at {other}:{line}");
                        let fault = Diagnostic::new(path, concept.line, at, &concept.text, &message);
                        let help = format!("both are `{}` from {} to {}", uses.tier.name(), from.name(), to.name());
                        faults.push(fault.help(help));
                    }
                }
            }
        }
    }
}

fn conditions_are_whole(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    /// Conditions look at the text directly beside the word.
    const LONGEST: usize = 12;
    for (path, concept) in dictionaries.all_concepts() {
        let cell = concept.text.split('\t').nth(3).unwrap_or_default();
        let mut complain = |part: &str, message: &str, help: &str| {
            let at = use_column(concept, part);
            faults.push(Diagnostic::new(path, concept.line, at, &concept.text, message).help(help));
        };
        let mut names = BTreeSet::new();
        for part in cell.split(' ').skip(1) {
            let (name, list) = part.split_once('=').unwrap_or((part, ""));
            if !names.insert(name) {
                complain(part, &format!("`{name}` stands twice"), "the last one would win: join them");
            }
            let Some((column, _)) = name.split_once('.') else { continue };
            let list: Vec<&str> = list.split('|').collect();
            if list.iter().any(|word| word.is_empty() || word.trim() != *word) {
                complain(part, "an empty word in a condition", "it would match everywhere; delete the `|`");
            }
            if list.iter().any(|word| word.chars().count() > LONGEST) {
                complain(part, "a long condition", "a longer word on a line of its own says it better");
            }
            if list.iter().collect::<BTreeSet<_>>().len() < list.len() {
                complain(part, "a word stands twice in a condition", "delete one of them");
            }
            let side = LocaleColumn::ALL.into_iter().find(|known| known.name() == column).map(|c| concept.side(c));
            if side.is_some_and(|side| side.uses.tier == Tier::No || side.words.is_empty()) {
                complain(part, "a condition of a side that is never mapped", "delete it, or give the side a tier");
            }
        }
        for column in LocaleColumn::ALL {
            let condition = &concept.side(column).uses.condition;
            for (a, b) in [(&condition.next, &condition.not_next), (&condition.prev, &condition.not_prev)] {
                if let Some(word) = a.iter().find(|word| b.contains(word)) {
                    complain(word, &format!("`{word}` is required and forbidden"), "delete one of the two");
                }
            }
        }
    }
}

fn single_characters_are_not_safe(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    for (path, concept) in dictionaries.all_concepts() {
        for column in LocaleColumn::ALL {
            let safe = concept.side(column).uses.tier == Tier::Safe;
            for (at, word) in words(concept, column).filter(|(_, word)| safe && word.chars().nth(1).is_none()) {
                // `-` stands for no word at all.
                if word != "-" && !dictionaries.excused("single_characters_are_not_safe", word) {
                    let message = format!("`{word}` is safe as a word of {}", column.name());
                    let fault = Diagnostic::new(path, concept.line, at, &concept.text, &message);
                    faults.push(fault.help("no reader of any text would want it left alone?"));
                }
            }
        }
    }
}

fn ascii_words_are_not_sources(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    for file in dictionaries.tables.iter().filter(|file| file.folder == "script") {
        for entry in file.table.entries.iter().filter(|entry| entry.key.is_ascii()) {
            let fault = Diagnostic::new(&file.path, entry.line, 1, &entry_text(entry), "a key of plain ASCII");
            faults.push(fault.help("a comment without its `#`?"));
        }
    }
}

/// Han characters of the basic plane that are no compatibility ideographs.
fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '〇')
}

/// Han characters outside the basic plane.
fn is_rare_han(c: char) -> bool {
    matches!(c, '\u{20000}'..='\u{323AF}')
}

/// Compatibility ideographs, the twelve that are unified after all apart.
fn is_compatibility(c: char) -> bool {
    matches!(c, '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
        && !matches!(c, '﨎' | '﨏' | '﨑' | '﨓' | '﨔' | '﨟' | '﨡' | '﨣' | '﨤' | '﨧' | '﨨' | '﨩')
}

fn code_points_are_expected(dictionaries: &Dictionaries, faults: &mut Diagnostics) {
    const NAME: &str = "code_points_are_expected";
    /// What stands in our own tables beside Han characters and ASCII.
    const OTHERS: &str = "·‧．、，。：！～「（）《》／—αβγδéä𫫇𨋢";
    let name = |c: char| format!("U+{:04X} `{}`", u32::from(c), c.escape_debug());
    for file in &dictionaries.tables {
        let imported = file.folder == "opencc";
        let normalization = file.stem == "CJK_Compatibility_Ideographs";
        let expected = |c: char, key: bool| {
            is_han(c)
                || imported && (is_rare_han(c) || c == '·' || c.is_ascii_graphic())
                || normalization && key && is_compatibility(c)
                // A quotation behind 著有 shows that books follow.
                || file.folder == "script" && "《「『".contains(c)
                || file.folder == "words" && !key && c.is_ascii_digit()
                || file.stem == "words" && !key && c.is_ascii_digit()
        };
        for entry in &file.table.entries {
            let key = entry.key.chars().map(|c| (c, true));
            for (c, _) in key
                .chain(entry.values.iter().flat_map(|v| v.chars()).map(|c| (c, false)))
                .filter(|&(c, key)| !expected(c, key))
            {
                if !dictionaries.excused(NAME, &c.to_string()) {
                    let message = format!("{} is not expected here", name(c));
                    let fault = Diagnostic::new(&file.path, entry.line, 1, &entry_text(entry), &message);
                    faults.push(fault.help("compare it with the character that was meant"));
                }
            }
        }
    }
    for (path, concept) in dictionaries.all_concepts() {
        let (mut at, mut notes) = (1, 0);
        for c in concept.text.chars() {
            notes += usize::from(c == '\t');
            let expected = is_han(c)
                || c == '\t'
                || c == ' '
                || c.is_ascii_graphic()
                || OTHERS.contains(c)
                // Notes are prose.
                || notes == 4 && !c.is_control();
            if !expected && !dictionaries.excused(NAME, &c.to_string()) {
                let message = format!("{} is not expected here", name(c));
                let fault = Diagnostic::new(path, concept.line, at, &concept.text, &message);
                faults.push(fault.help("compare it with the character that was meant"));
            }
            at += 1;
        }
    }
}
