//! Runs all converters over the same texts in one process and thread, and
//! compares their speed and their output.

use std::fmt::Write as _;
use std::io::{Write as _, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs};

use clap::{Args, Parser, Subcommand};
use fanjian_peers::diff::differing;
use fanjian_peers::engine::{Engine, Peer, peers};
use fanjian_peers::measure::{Timing, measure, median};
use fanjian_peers::route::{ROUTES, Region, Route};
use fanjian_peers::text::{INPUTS, Input, Texts};
use fanjian_peers::{Error, Result};
use serde_json::{Value, json};

/// Compares converters between Simplified and Traditional Chinese.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Subcommands>,
    #[command(flatten)]
    run: Run,
}

#[derive(Subcommand)]
enum Subcommands {
    /// Loads one engine in this fresh process, converts one sentence, and
    /// prints the time of both and the most memory the process ever had.
    First {
        #[arg(long)]
        engine: String,
        #[arg(long)]
        route: String,
        /// The text to convert, instead of a sentence.
        #[arg(long)]
        text: Option<String>,
    },
    /// Writes an input text, to look at it.
    Text {
        #[arg(long)]
        route: String,
        #[arg(long)]
        input: String,
        #[command(flatten)]
        places: Places,
    },
    /// Converts a file with one engine.
    Convert {
        #[arg(long)]
        engine: String,
        #[arg(long)]
        route: String,
        file: PathBuf,
    },
    /// Lists the engines of this build, the routes and the inputs.
    List,
}

#[derive(Args)]
struct Places {
    /// Directory of the articles.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../corpora"), hide_default_value = true)]
    corpora: PathBuf,
    /// Directory of OpenCC's dictionaries as text.
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/../../dictionaries/opencc"), hide_default_value = true)]
    dictionaries: PathBuf,
}

#[derive(Args)]
struct Run {
    /// Routes, separated by commas. [default: s2t,t2s,s2twp,tw2sp,s2hk,native-tw, or those in the file of --check]
    #[arg(long, value_delimiter = ',')]
    routes: Vec<String>,
    /// Inputs, separated by commas. [default: article,100k, or those in the file of --check]
    #[arg(long, value_delimiter = ',')]
    inputs: Vec<String>,
    /// Engines, separated by commas. [default: all in this build]
    #[arg(long, value_delimiter = ',')]
    engines: Vec<String>,
    /// The engine whose output and speed the others are compared with.
    /// [default: the first]
    #[arg(long)]
    reference: Option<String>,
    /// Rounds in which every engine has its turn.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// Least time of an engine's turn, in milliseconds.
    #[arg(long, default_value_t = 20)]
    turn: u64,
    /// Fresh processes for the first conversion, of each engine and route; 0
    /// for none. [default: 5, or 0 with --check]
    #[arg(long)]
    first: Option<u32>,
    /// Print Markdown tables.
    #[arg(long)]
    markdown: bool,
    /// Write all results as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Read lines of route, input, engine and ratio, and fail when the
    /// reference is not at least that many times as fast, less 10 %, on a busy
    /// machine by the fastest rounds. What is missed is measured twice more.
    /// The engine may be `fastest-zhconv`.
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
    #[command(flatten)]
    places: Places,
}

/// What a bar may be missed by, for the noise of the machine.
const TOLERANCE: f64 = 0.10;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Some(Subcommands::First { engine, route, text }) => first(&engine, &route, text),
        Some(Subcommands::Text { route, input, places }) => write_text(&route, &input, places),
        Some(Subcommands::Convert { engine, route, file }) => convert(&engine, &route, &file),
        Some(Subcommands::List) => list(),
        None => run(&arguments.run),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            eprintln!("peers: {error}");
            ExitCode::from(2)
        }
    }
}

fn find_peer(name: &str) -> Result<Peer> {
    let all = peers();
    all.iter().find(|peer| peer.name == name).copied().ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|peer| peer.name).collect();
        format!("this build has no engine {name}; it has {}", names.join(", ")).into()
    })
}

fn load(engine: &str, route: &Route) -> Result<Box<dyn Engine>> {
    find_peer(engine)?.load(route)?.ok_or_else(|| format!("{engine} has nothing for route {}", route.name).into())
}

fn list() -> Result<ExitCode> {
    let join = |names: Vec<&str>| names.join(" ");
    println!("engines: {}", join(peers().iter().map(|peer| peer.name).collect()));
    println!("routes: {}", join(ROUTES.iter().map(|route| route.name).collect()));
    println!("inputs: {}", join(INPUTS.iter().map(|(_, name)| *name).collect()));
    Ok(ExitCode::SUCCESS)
}

fn write_text(route: &str, input: &str, places: Places) -> Result<ExitCode> {
    let mut texts = Texts::new(places.corpora, places.dictionaries);
    let text = texts.get(Route::find(route)?.source, Input::find(input)?)?;
    stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

fn convert(engine: &str, route: &str, file: &Path) -> Result<ExitCode> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let output = load(engine, Route::find(route)?)?.convert(&text);
    stdout().write_all(output.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Microseconds and kilobytes.
struct First {
    load: f64,
    convert: f64,
    /// 0 where the system does not tell.
    memory: u64,
}

fn first(engine: &str, route: &str, text: Option<String>) -> Result<ExitCode> {
    let route = Route::find(route)?;
    let text = text.unwrap_or_else(|| {
        match route.source {
            Region::Cn => "开发者发现这个软件引发了如此多的问题，网络质量也受到影响。",
            Region::Tw => "開發者發現這個軟體引發了如此多的問題，網路品質也受到影響。",
            Region::Hk => "開發者發現這個軟件引發了如此多的問題，網絡質素也受到影響。",
        }
        .to_owned()
    });
    let peer = find_peer(engine)?;
    let start = Instant::now();
    let Some(loaded) = peer.load(route)? else {
        return Err(format!("{engine} has nothing for route {}", route.name).into());
    };
    let load = start.elapsed();
    let start = Instant::now();
    let output = loaded.convert(&text);
    let convert = start.elapsed();
    eprintln!("{output}");
    let micros = |time: Duration| time.as_nanos() as f64 / 1e3;
    println!("load_us={:.1} first_us={:.1} vmhwm_kb={}", micros(load), micros(convert), peak_memory());
    Ok(ExitCode::SUCCESS)
}

fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// The medians over fresh processes.
fn first_in_processes(engine: &str, route: &Route, times: u32) -> Result<First> {
    let program = env::current_exe()?;
    let (mut loads, mut conversions, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..times {
        let output = Command::new(&program).args(["first", "--engine", engine, "--route", route.name]).output()?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr);
            return Err(format!("peers first --engine {engine}: {message}").into());
        }
        let line = String::from_utf8(output.stdout)?;
        for field in line.split_whitespace() {
            let (key, value) = field.split_once('=').ok_or("peers first printed something else")?;
            let value: f64 = value.parse()?;
            match key {
                "load_us" => loads.push(value),
                "first_us" => conversions.push(value),
                _ => memory.push(value),
            }
        }
    }
    Ok(First { load: median(loads), convert: median(conversions), memory: median(memory) as u64 })
}

/// What one engine did with one input on one route.
struct Cell {
    engine: &'static str,
    timing: Timing,
    differing: usize,
}

struct Measured {
    route: &'static Route,
    input: Input,
    bytes: usize,
    /// Index of the engine that the others are compared with.
    reference: usize,
    cells: Vec<Cell>,
}

impl Measured {
    /// How many times as fast the reference is as another engine.
    fn ratio(&self, cell: &Cell) -> f64 {
        self.cells[self.reference].timing.speed_against(&cell.timing)
    }

    /// The same for a check.
    fn checked_ratio(&self, cell: &Cell) -> f64 {
        self.cells[self.reference].timing.checked_against(&cell.timing)
    }
}

fn run(arguments: &Run) -> Result<ExitCode> {
    let bars = arguments.check.as_deref().map(read_bars).transpose()?;
    let mut pairs: Vec<(&'static Route, Input)> = Vec::new();
    match &bars {
        Some(bars) if arguments.routes.is_empty() && arguments.inputs.is_empty() => {
            for bar in bars {
                if !pairs.contains(&(bar.route, bar.input)) {
                    pairs.push((bar.route, bar.input));
                }
            }
        }
        _ => {
            let defaults = |given: &[String], names: &[&str]| -> Vec<String> {
                if given.is_empty() { names.iter().map(|name| (*name).to_owned()).collect() } else { given.to_owned() }
            };
            let routes = ["s2t", "t2s", "s2twp", "tw2sp", "s2hk", "native-tw"];
            for route in defaults(&arguments.routes, &routes) {
                for input in defaults(&arguments.inputs, &["article", "100k"]) {
                    pairs.push((Route::find(&route)?, Input::find(&input)?));
                }
            }
        }
    }

    let engines = if arguments.engines.is_empty() {
        peers()
    } else {
        arguments.engines.iter().map(|name| find_peer(name)).collect::<Result<_>>()?
    };
    let reference = match &arguments.reference {
        Some(name) => find_peer(name)?.name,
        None => engines.first().ok_or("no engines")?.name,
    };

    let mut texts = Texts::new(arguments.places.corpora.clone(), arguments.places.dictionaries.clone());
    let mut measure = |route: &'static Route, input: Input| {
        eprintln!("measuring {} {}", route.name, input.name());
        let text = texts.get(route.source, input)?;
        measure_pair(arguments, &engines, reference, route, input, text)
    };
    let measured = pairs.iter().map(|&(route, input)| measure(route, input)).collect::<Result<Vec<_>>>()?;

    let processes = arguments.first.unwrap_or(if bars.is_some() { 0 } else { 5 });
    let mut firsts = Vec::new();
    if processes > 0 {
        let mut routes: Vec<&Route> = Vec::new();
        for (route, _) in &pairs {
            if !routes.contains(route) {
                routes.push(route);
            }
        }
        for route in routes {
            eprintln!("first conversion {}", route.name);
            for peer in &engines {
                if peer.load(route)?.is_some() {
                    let first = first_in_processes(peer.name, route, processes)?;
                    firsts.push((route, peer.name, first));
                }
            }
        }
    }

    print!("{}", render(&measured, &firsts, arguments.markdown));
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&to_json(&measured, &firsts, arguments))?;
        fs::write(path, text + "\n").map_err(|error| format!("{}: {error}", path.display()))?;
    }
    match bars {
        Some(bars) => check(&bars, measured, measure),
        None => Ok(ExitCode::SUCCESS),
    }
}

fn measure_pair(
    arguments: &Run,
    peers: &[Peer],
    reference: &str,
    route: &'static Route,
    input: Input,
    text: &str,
) -> Result<Measured> {
    let mut engines = Vec::new();
    for peer in peers {
        engines.extend(peer.load(route)?);
    }
    let reference = engines
        .iter()
        .position(|engine| engine.name() == reference)
        .ok_or_else(|| format!("{reference} has nothing for route {}", route.name))?;
    let converted;
    let text = if input == Input::Converted {
        converted = engines[reference].convert(text);
        &converted
    } else {
        text
    };
    let expected = engines[reference].convert(text);
    let differing: Vec<usize> = engines.iter().map(|engine| differing(&engine.convert(text), &expected)).collect();
    let turn = Duration::from_millis(arguments.turn);
    let timings = measure(&engines, text, arguments.rounds as usize, turn);
    let cells = engines
        .iter()
        .zip(timings)
        .zip(differing)
        .map(|((engine, timing), differing)| Cell { engine: engine.name(), timing, differing })
        .collect();
    Ok(Measured { route, input, bytes: text.len(), reference, cells })
}

fn render(measured: &[Measured], firsts: &[(&Route, &'static str, First)], markdown: bool) -> String {
    let mut rows = Vec::new();
    for pair in measured {
        for cell in &pair.cells {
            rows.push(vec![
                pair.route.name.to_owned(),
                format!("{} ({})", pair.input.name(), size(pair.bytes)),
                cell.engine.to_owned(),
                format!("{:.1}", cell.timing.megabytes_per_second(pair.bytes)),
                format!("{:.1}", cell.timing.median() / 1e3),
                format!("{:.2}", pair.ratio(cell)),
                cell.differing.to_string(),
            ]);
        }
    }
    let reference = measured.first().map_or("", |pair| pair.cells[pair.reference].engine);
    let mut output = table(
        &[
            "route",
            "input",
            "engine",
            "MB/s",
            "µs",
            &format!("{reference} is × as fast"),
            &format!("characters unlike {reference}"),
        ],
        &rows,
        markdown,
    );
    if !firsts.is_empty() {
        let rows: Vec<_> = firsts
            .iter()
            .map(|(route, engine, first)| {
                vec![
                    route.name.to_owned(),
                    (*engine).to_owned(),
                    format!("{:.0}", first.load),
                    format!("{:.0}", first.convert),
                    format!("{:.1}", first.memory as f64 / 1024.0),
                ]
            })
            .collect();
        output.push('\n');
        let header = ["route", "engine", "load, µs", "first conversion, µs", "peak memory, MiB"];
        output.push_str(&table(&header, &rows, markdown));
    }
    output
}

fn size(bytes: usize) -> String {
    if bytes < 1_000_000 { format!("{} kB", (bytes + 500) / 1000) } else { format!("{:.1} MB", bytes as f64 / 1e6) }
}

/// The first words to the left, the numbers to the right.
fn table(header: &[&str], rows: &[Vec<String>], markdown: bool) -> String {
    let widths: Vec<usize> = (0..header.len())
        .map(|column| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.chain([header[column].chars().count()]).max().unwrap_or(0)
        })
        .collect();
    let numeric: Vec<bool> =
        (0..header.len()).map(|column| rows.iter().all(|row| row[column].parse::<f64>().is_ok())).collect();
    let mut output = String::new();
    let mut line = |cells: &mut dyn Iterator<Item = &str>| {
        let mut text = String::new();
        for (column, cell) in cells.enumerate() {
            let padding = " ".repeat(widths[column].saturating_sub(cell.chars().count()));
            let (left, right) = if numeric[column] { (&padding[..], "") } else { ("", &padding[..]) };
            text.push_str(if markdown { "| " } else { "" });
            let _ = write!(text, "{left}{cell}{right}");
            text.push_str(if markdown { " " } else { "  " });
        }
        text.push_str(if markdown { "|" } else { "" });
        output.push_str(text.trim_end());
        output.push('\n');
    };
    line(&mut header.iter().copied());
    if markdown {
        let rules: Vec<String> = widths
            .iter()
            .zip(&numeric)
            .map(|(width, numeric)| {
                let dashes = "-".repeat(width.saturating_sub(usize::from(*numeric)));
                if *numeric { dashes + ":" } else { dashes }
            })
            .collect();
        line(&mut rules.iter().map(String::as_str));
    }
    for row in rows {
        line(&mut row.iter().map(String::as_str));
    }
    output
}

fn to_json(measured: &[Measured], firsts: &[(&Route, &'static str, First)], arguments: &Run) -> Value {
    let speeds: Vec<Value> = measured
        .iter()
        .flat_map(|pair| {
            pair.cells.iter().map(|cell| {
                json!({
                    "route": pair.route.name,
                    "input": pair.input.name(),
                    "bytes": pair.bytes,
                    "engine": cell.engine,
                    "mb_per_s": cell.timing.megabytes_per_second(pair.bytes),
                    "median_ns": cell.timing.median(),
                    "rounds_ns": cell.timing.rounds,
                    "reference": pair.cells[pair.reference].engine,
                    "reference_is_times_as_fast": pair.ratio(cell),
                    "differing_characters": cell.differing,
                })
            })
        })
        .collect();
    let firsts: Vec<Value> = firsts
        .iter()
        .map(|(route, engine, first)| {
            json!({
                "route": route.name,
                "engine": engine,
                "load_us": first.load,
                "first_us": first.convert,
                "vmhwm_kb": first.memory,
            })
        })
        .collect();
    json!({
        "os": env::consts::OS,
        "arch": env::consts::ARCH,
        "rounds": arguments.rounds,
        "turn_ms": arguments.turn,
        "speed": speeds,
        "first": firsts,
    })
}

/// A speed that has to be reached.
struct Bar {
    route: &'static Route,
    input: Input,
    versus: String,
    ratio: f64,
}

fn read_bars(path: &Path) -> Result<Vec<Bar>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut bars = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or_default();
        if line.trim().is_empty() {
            continue;
        }
        let (bar, vendor) = read_bar(line).map_err(|error| format!("{}:{}: {error}", path.display(), index + 1))?;
        if vendor.is_none_or(has_processor_of) {
            bars.push(bar);
        }
    }
    Ok(bars)
}

/// Whether this machine's processor comes from a vendor, by the name that it gives itself.
fn has_processor_of(vendor: &str) -> bool {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    text.lines().any(|line| line.starts_with("vendor_id") && line.ends_with(vendor))
}

/// A bar, and the vendor of the processors that it is for; none if it is for all.
fn read_bar(line: &str) -> Result<(Bar, Option<&str>)> {
    let fields: Vec<&str> = line.split_whitespace().collect();
    let (route, input, versus, ratio, vendor) = match fields[..] {
        [route, input, versus, ratio] => (route, input, versus, ratio, None),
        [route, input, versus, ratio, vendor] => (route, input, versus, ratio, Some(vendor)),
        _ => {
            return Err(
                "a bar is a route, an input, an engine, a ratio and, if it is for some, a processor's vendor".into()
            );
        }
    };
    if versus != "fastest-zhconv" && !peers().iter().any(|peer| peer.name == versus) {
        return Err(Error::from(format!("this build has no engine {versus}")));
    }
    let (route, input) = (Route::find(route)?, Input::find(input)?);
    Ok((Bar { route, input, versus: versus.to_owned(), ratio: ratio.parse()? }, vendor))
}

/// How often a missed bar is measured again. What has become slower misses each time; a busy machine does so now and then.
const AGAIN: usize = 2;

fn check(
    bars: &[Bar],
    mut measured: Vec<Measured>,
    mut measure: impl FnMut(&'static Route, Input) -> Result<Measured>,
) -> Result<ExitCode> {
    let mut missed = 0;
    println!();
    for bar in bars {
        let title = format!("{} {} vs {}", bar.route.name, bar.input.name(), bar.versus);
        let pair = measured.iter_mut().find(|pair| pair.route == bar.route && pair.input == bar.input);
        let Some(pair) = pair else {
            println!("skipped  {title}: not among the routes and inputs asked for");
            continue;
        };
        let mut again = 0..AGAIN;
        loop {
            let rivals = pair.cells.iter().filter(|cell| bar.is_against(cell));
            let rival = rivals.min_by(|a, b| a.timing.median().total_cmp(&b.timing.median()));
            let rival = rival.ok_or_else(|| format!("{title}: the engine did not run"))?;
            let ratio = pair.checked_ratio(rival);
            let reached = ratio >= bar.ratio * (1.0 - TOLERANCE);
            println!(
                "{}  {title}: {ratio:.2}, the bar is {:.2}{}",
                if reached { "reached" } else { "MISSED " },
                bar.ratio,
                if rival.engine == bar.versus { String::new() } else { format!(" ({})", rival.engine) }
            );
            if reached {
                break;
            }
            if again.next().is_none() {
                missed += 1;
                break;
            }
            *pair = measure(bar.route, bar.input)?;
        }
    }
    if missed == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("peers: {missed} of {} bars missed by more than {:.0} %", bars.len(), TOLERANCE * 100.0);
    Ok(ExitCode::FAILURE)
}

impl Bar {
    fn is_against(&self, cell: &Cell) -> bool {
        if self.versus == "fastest-zhconv" { cell.engine.starts_with("zhconv") } else { cell.engine == self.versus }
    }
}
