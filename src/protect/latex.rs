//! LaTeX.
//!
//! A command is told by what it does to the words around it: fonts leave them together, headings end the line, all others
//! come between. Mathematics in `$` follows Pandoc's rule, so that prices are none: no blank behind the first `$`, no
//! blank before the last one and no digit behind it.

use super::source::{Budget, Held, Source};
use super::{Aside, Kind, Region, Seam};

/// Commands whose arguments name something, draw, or set something up.
#[rustfmt::skip]
const NAMES: &[&str] = &[
    "ref", "eqref", "autoref", "pageref", "nameref", "cref", "Cref", "vref", "label", "cite", "citep", "citet",
    "citeauthor", "citeyear", "parencite", "textcite", "autocite", "footcite", "supercite", "nocite", "bibliography",
    "bibliographystyle", "addbibresource", "input", "include", "includeonly", "includegraphics", "graphicspath",
    "usepackage", "RequirePackage", "documentclass", "LoadClass", "url", "path", "nolinkurl", "hypertarget",
    "hyperlink", "lstinputlisting", "inputminted", "newcommand", "renewcommand", "providecommand", "newenvironment",
    "renewenvironment", "DeclareMathOperator", "def", "definecolor", "color", "hspace", "vspace", "setlength",
    "addtolength", "setcounter", "addtocounter", "pagestyle", "thispagestyle", "pagenumbering", "setmainfont",
    "setsansfont", "setmonofont", "setCJKmainfont", "setCJKsansfont", "setCJKmonofont", "newCJKfontfamily",
    "fontsize", "geometry", "hypersetup", "lstset", "tikzset", "usetikzlibrary", "gls", "Gls", "glspl", "acrshort",
    "acrlong", "rule", "ce", "SI", "si", "num", "qty", "unit", "tag", "crefname", "phantom", "bibitem", "zhlipsum",
    "lipsum", "cline", "cmidrule", "includepdf", "import", "subimport", "subfile",
];
/// Commands whose first argument is such a one; the next is text.
#[rustfmt::skip]
const FIRST: &[&str] = &[
    "href", "textcolor", "colorbox", "fcolorbox", "scalebox", "resizebox", "rotatebox", "raisebox", "parbox",
    "fontspec", "multicolumn", "multirow", "hyperref",
];
/// Commands that words reach over.
#[rustfmt::skip]
const FONTS: &[&str] = &[
    "textbf", "textit", "textsl", "textsc", "textsf", "texttt", "textrm", "textmd", "textup", "textnormal", "emph",
    "underline", "uline", "uwave", "sout", "CJKunderline", "CJKunderdot", "hl", "mbox", "textcolor", "href", "bf",
    "it", "sl", "sc", "sf", "tt", "rm", "em", "bfseries", "itshape", "songti", "heiti", "kaishu", "fangsong",
    "label", "index", "text", "hyperref", "markboth", "markright", "phantomsection", "relax", "nocite", "glossary",
    "ruby", "xpinyin", "pinyin",
];
/// Commands that end a line.
#[rustfmt::skip]
const LINES: &[&str] = &[
    "part", "chapter", "section", "subsection", "subsubsection", "paragraph", "subparagraph", "title", "author",
    "date", "caption", "item", "par", "newline", "linebreak", "newpage", "clearpage", "cleardoublepage", "maketitle",
    "frametitle", "framesubtitle", "subtitle", "institute", "keywords", "abstract", "hline", "toprule", "midrule",
    "bottomrule", "centering", "documentclass", "usepackage", "tableofcontents", "appendix", "noindent", "indent",
    "newcommand", "includegraphics", "input", "include", "bibliography",
];
/// Commands whose argument is apart from the sentence.
#[rustfmt::skip]
const ASIDES: &[&str] = &[
    "footnote", "footnotetext", "marginpar", "thanks", "index", "todo", "sidenote", "marginnote",
];
/// Environments that hold no text.
#[rustfmt::skip]
const OPAQUE: &[&str] = &[
    "equation", "align", "alignat", "flalign", "gather", "multline", "eqnarray", "math", "displaymath", "verbatim",
    "Verbatim", "lstlisting", "minted", "comment", "filecontents", "tikzpicture", "algorithmic", "code", "dmath",
];

/// The longest text of `\verb`, which ends with its line.
const VERB: usize = 512;

fn region(start: usize, end: usize, seam: Seam) -> Region {
    Region::of(Kind::Latex, start, end, seam)
}

/// A brace that is open: where it starts, with its command; the seam; whether an aside begins there.
#[derive(Debug, Clone, Copy)]
struct Group {
    /// Which of the regions found is its beginning.
    number: usize,
    seam: Seam,
    aside: bool,
}

/// Finds markup outside of the regions that are held.
pub(super) fn scan(source: Source<'_>, held: &[Region], budget: &mut Budget, out: &mut Vec<Region>) {
    let mut held = Held::new(held);
    let mut groups: Vec<Group> = Vec::new();
    // Environments whose end does not come any more.
    let mut unclosed: Vec<&str> = Vec::new();
    let mut at = 0;
    while at < source.len() {
        if let Some(region) = held.at(at) {
            at = region.end;
            continue;
        }
        let end = source.len();
        match source.byte(at) {
            b'\\' => at = command(source, at, budget, &mut groups, &mut unclosed, out),
            b'%' => {
                // A comment takes the line feed and the blanks of the next line with it, unless that is empty.
                let line = source.line_end(at);
                let next = source.skip(line + 1, end, |byte| matches!(byte, b' ' | b'\t'));
                let to = if line >= end || source.byte(next) == b'\n' { line } else { next };
                out.push(region(at, to, Seam::Nothing));
                at = to;
            }
            b'$' => {
                let limit = budget.reach(at, end);
                match dollars(source, at, limit) {
                    Ok((to, seam)) => {
                        out.push(region(at, to, seam));
                        at = to;
                    }
                    Err(stop) => {
                        budget.spend(at, stop);
                        at = source.skip(at, end, |byte| byte == b'$');
                    }
                }
            }
            b'{' => {
                groups.push(Group { number: out.len(), seam: Seam::Nothing, aside: false });
                out.push(region(at, at + 1, Seam::Nothing).opening());
                at += 1;
            }
            b'}' => {
                at += 1;
                if let Some(group) = groups.pop() {
                    let close = region(at - 1, at, if group.aside { Seam::Nothing } else { group.seam });
                    out.push(if group.aside { close.aside(Aside::Ends) } else { close });
                    at = more(source, at, group, &mut groups, out);
                }
            }
            _ => {
                let plain = |byte: u8| !matches!(byte, b'\\' | b'%' | b'$' | b'{' | b'}');
                at = source.skip(at, held.next_start(end), plain).max(at + 1);
            }
        }
    }
    // A brace that is not closed is text; its command is not.
    for group in groups {
        if let Some(open) = out.get_mut(group.number) {
            open.end -= 1;
            open.aside = Aside::Same;
        }
    }
}

/// A second argument behind one that ended: `\section{…}{…}` is none, `\ruby{头}{tóu}` and `\frac{…}{…}` are groups.
fn more(source: Source<'_>, at: usize, last: Group, groups: &mut Vec<Group>, out: &mut Vec<Region>) -> usize {
    if source.byte(at) != b'{' || last.seam == Seam::Nothing {
        return at;
    }
    groups.push(Group { number: out.len(), ..last });
    out.push(region(at, at + 1, last.seam));
    at + 1
}

/// What starts with a backslash; returns where to go on.
fn command<'t>(
    source: Source<'t>,
    start: usize,
    budget: &mut Budget,
    groups: &mut Vec<Group>,
    unclosed: &mut Vec<&'t str>,
    out: &mut Vec<Region>,
) -> usize {
    let end = source.len();
    let mut at = source.skip(start + 1, end, |byte| byte.is_ascii_alphabetic() || byte == b'@');
    let name = source.get(start + 1, at);
    if name.is_empty() {
        let (to, seam) = match source.byte(at) {
            mark @ (b'(' | b'[') => {
                match source.find(at + 1, budget.reach(at, end), if mark == b'(' { "\\)" } else { "\\]" }) {
                    Some(close) => (close + 2, if mark == b'(' { Seam::Object } else { Seam::Line }),
                    None => {
                        budget.spend(at, end);
                        (at + 1, Seam::Object)
                    }
                }
            }
            b'\\' => (source.skip(at + 1, at + 2, |byte| byte == b'*'), Seam::Line),
            b'-' | b'/' => (at + 1, Seam::Nothing),
            byte if byte.is_ascii_punctuation() || byte == b' ' => (at + 1, Seam::Object),
            _ => return at.max(start + 1),
        };
        out.push(region(start, to, seam));
        return to;
    }
    at = source.skip(at, at + 1, |byte| byte == b'*');
    match name {
        "verb" | "lstinline" | "mintinline" => {
            let at = if name == "mintinline" { argument(source, at, budget).unwrap_or(at) } else { at };
            let mark = source.byte(at);
            if mark == b'{'
                && let Some(to) = argument(source, at, budget)
            {
                out.push(region(start, to, Seam::Object));
                return to;
            }
            let limit = end.min(at + VERB);
            let to = source.skip((at + 1).min(limit), limit, |byte| byte != mark && byte != b'\n');
            if mark.is_ascii_punctuation() && source.byte(to) == mark {
                out.push(region(start, to + 1, Seam::Object));
                return to + 1;
            }
        }
        "begin" | "end" => {
            if let Some(to) = argument(source, at, budget) {
                let environment = source.get(at + 1, to - 1);
                let plain = environment.trim_end_matches('*');
                if name == "begin" && OPAQUE.contains(&plain) && !unclosed.contains(&environment) {
                    if let Some(close) = environment_end(source, to, environment) {
                        out.push(region(start, close, Seam::Line));
                        return close;
                    }
                    unclosed.push(environment);
                }
                let mut to = to;
                if name == "begin" {
                    // Options, and the columns of a table.
                    while let Some(next) = option(source, to, budget) {
                        to = next;
                    }
                    let columns = [
                        "tabular",
                        "tabularx",
                        "array",
                        "longtable",
                        "minipage",
                        "tabulary",
                        "multicols",
                        "thebibliography",
                    ];
                    while columns.contains(&plain)
                        && let Some(next) = argument(source, to, budget)
                    {
                        to = next;
                    }
                }
                out.push(region(start, to, Seam::Line));
                return to;
            }
        }
        _ => {}
    }
    let seam = if FONTS.contains(&name) {
        Seam::Nothing
    } else if LINES.contains(&name) {
        Seam::Line
    } else {
        Seam::Object
    };
    let names = NAMES.contains(&name) || FIRST.contains(&name);
    loop {
        let blanks = if names { source.skip(at, (at + 8).min(end), |byte| byte == b' ') } else { at };
        if let Some(next) = option(source, blanks, budget) {
            at = next;
        } else if names && let Some(next) = argument(source, blanks, budget) {
            at = next;
            if FIRST.contains(&name) && !(name.starts_with("multi") || name.ends_with("box") && name.starts_with('f')) {
                break;
            }
        } else {
            break;
        }
    }
    let aside = ASIDES.contains(&name);
    if source.byte(at) == b'{' && !NAMES.contains(&name) {
        at += 1;
        groups.push(Group { number: out.len(), seam, aside });
        let open = region(start, at, seam);
        out.push(match (aside, seam) {
            (true, _) => region(start, at, Seam::Nothing).aside(Aside::Begins),
            (false, Seam::Nothing) => open.opening(),
            _ => open,
        });
    } else {
        // TeX drops the blank behind a command.
        let to = if seam == Seam::Nothing { source.skip(at, at + 1, |byte| byte == b' ') } else { at };
        let bare = region(start, to, seam);
        out.push(if seam == Seam::Nothing && !NAMES.contains(&name) { bare.opening() } else { bare });
        at = to;
    }
    at
}

/// Behind `\end{…}`.
fn environment_end(source: Source<'_>, mut at: usize, environment: &str) -> Option<usize> {
    while let Some(found) = source.find(at, source.len(), "\\end{") {
        at = found + "\\end{".len();
        let close = at + environment.len();
        if source.has(at, environment) && source.byte(close) == b'}' {
            return Some(close + 1);
        }
    }
    None
}

/// Behind an argument in braces.
fn argument(source: Source<'_>, at: usize, budget: &mut Budget) -> Option<usize> {
    bracketed(source, at, budget, b'{', b'}')
}

/// Behind an option in brackets.
fn option(source: Source<'_>, at: usize, budget: &mut Budget) -> Option<usize> {
    bracketed(source, at, budget, b'[', b']')
}

fn bracketed(source: Source<'_>, start: usize, budget: &mut Budget, open: u8, close: u8) -> Option<usize> {
    /// The longest argument that is no text.
    const MOST: usize = 4096;
    if source.byte(start) != open {
        return None;
    }
    let limit = budget.reach(start, source.len().min(start + MOST));
    let mut depth = 0usize;
    let mut at = start;
    while at < limit {
        match source.byte(at) {
            b'\\' => at += 1,
            byte if byte == open => depth += 1,
            byte if byte == close && depth == 1 => return Some(at + 1),
            byte if byte == close => depth = depth.saturating_sub(1),
            // An empty line ends it.
            b'\n' if source.byte(at + 1) == b'\n' => break,
            _ => {}
        }
        at += 1;
    }
    budget.spend(start, at);
    None
}

/// Mathematics between `$` or `$$`; or how far it was looked for.
fn dollars(source: Source<'_>, start: usize, limit: usize) -> Result<(usize, Seam), usize> {
    let double = source.byte(start + 1) == b'$';
    let from = start + 1 + usize::from(double);
    if !double && source.byte(from).is_ascii_whitespace() {
        return Err(from);
    }
    let mut at = from;
    while at < limit {
        match source.byte(at) {
            b'\\' => at += 1,
            b'$' if double && source.byte(at + 1) == b'$' && at > from => return Ok((at + 2, Seam::Line)),
            b'$' if double => return Err(at),
            b'$' if at > from && !source.before(at).is_ascii_whitespace() && !source.byte(at + 1).is_ascii_digit() => {
                return Ok((at + 1, Seam::Object));
            }
            b'$' => return Err(at),
            b'\n' if source.byte(source.skip(at + 1, limit, |byte| matches!(byte, b' ' | b'\t' | b'\r'))) == b'\n' => {
                return Err(at);
            }
            _ => {}
        }
        at += 1;
    }
    Err(at)
}
