//! The project's own chores: `cargo xtask --help`.

mod align;
mod dict;
mod eval;
mod import_jieba;
mod import_opencc;
mod sources;
mod terms;
mod train;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use fanjian::{Locale, Terms};

#[derive(Parser)]
#[command(about = "fanjian's chores")]
struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Import OpenCC's tables from an unpacked sdist of PyPI `opencc` (the folder that holds `data/`).
    ImportOpencc {
        /// The unpacked sdist.
        path: PathBuf,
    },
    /// Import the word list of an unpacked sdist of PyPI `jieba`.
    ImportJieba {
        /// The unpacked sdist.
        path: PathBuf,
    },
    /// Work on the tables under `dictionaries/`.
    #[command(subcommand)]
    Dict(Dict),
    /// Reports about the regional terms.
    #[command(subcommand)]
    Terms(TermsTask),
    /// Learn rules for single characters from texts; build with FANJIAN_TRAIN=1.
    Train {
        /// The folder with the texts of `dictionaries/script/learned-sources.toml`, each in a folder of its name.
        folder: PathBuf,
        /// Write the checksums of the texts instead of checking them.
        #[arg(long)]
        record: bool,
        /// Write nothing, and show what the rules of these characters break in houses that they were not learned from.
        #[arg(long, default_value = "")]
        explain: String,
    },
    /// Score the native routes on a folder of sets: INDEX.json and NAME.tsv.
    Eval {
        /// The folder.
        folder: PathBuf,
        /// Only this set; may be repeated.
        #[arg(long = "set")]
        sets: Vec<String>,
        /// OpenCC's routes instead of the native ones.
        #[arg(long)]
        opencc: bool,
        /// Other terms than the sets ask for: none, safe, auto, broad, or domains separated by commas.
        #[arg(long)]
        terms: Option<Terms>,
        /// Convert every set as one text, so that a line shows the next its domain; else each line is a text.
        #[arg(long)]
        whole: bool,
        /// Score the detection of script and region instead, on lines joined to paragraphs of 100 characters.
        #[arg(long)]
        detect: bool,
        /// Write every line that is not as expected to this file.
        #[arg(long)]
        errors: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum Dict {
    /// Write the canonical form of all tables.
    Fmt,
    /// Run the data tests.
    Check,
}

#[derive(clap::Args)]
struct Route {
    /// The source locale.
    #[arg(long, default_value = "zh-Hans-CN")]
    from: Locale,
    /// The target locale.
    #[arg(long, default_value = "zh-Hant-TW")]
    to: Locale,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Tier {
    Safe,
    Domain,
    Broad,
}

impl From<Tier> for fanjian::table::Tier {
    fn from(tier: Tier) -> Self {
        match tier {
            Tier::Safe => Self::Safe,
            Tier::Domain => Self::Domain,
            Tier::Broad => Self::Broad,
        }
    }
}

#[derive(Subcommand)]
enum TermsTask {
    /// Counts by domain, tier and column.
    Stats,
    /// Keys that stand inside longer words of the word list, or across two of them by chance.
    Collisions {
        #[command(flatten)]
        route: Route,
        /// Keys of this tier: safe, domain or broad.
        #[arg(long, default_value = "safe")]
        tier: Tier,
        /// Words and chances from this count.
        #[arg(long, default_value_t = 100)]
        least: u64,
    },
    /// What would change in a text, and why.
    Coverage {
        /// The text.
        file: PathBuf,
        #[command(flatten)]
        route: Route,
        /// Which terms: none, safe, auto, broad, or domains separated by commas.
        #[arg(long, default_value = "auto")]
        terms: Terms,
    },
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    match Args::parse().task {
        Task::ImportOpencc { path } => import_opencc::run(&root, &path),
        Task::ImportJieba { path } => import_jieba::run(&root, &path),
        Task::Dict(Dict::Fmt) => dict::fmt(&root),
        Task::Dict(Dict::Check) => dict::check(&root),
        Task::Terms(TermsTask::Stats) => terms::stats(&root),
        Task::Terms(TermsTask::Collisions { route, tier, least }) => {
            terms::collisions(&root, route.from, route.to, tier.into(), least)
        }
        Task::Terms(TermsTask::Coverage { file, route, terms }) => {
            terms::coverage(&root, &file, route.from, route.to, &terms)
        }
        Task::Train { folder, record, explain } => train::run(&root, &folder, record, &explain),
        Task::Eval { folder, sets, detect: true, .. } => eval::detection(&folder, &sets),
        Task::Eval { folder, sets, opencc, terms, whole, errors, detect: false } => {
            let options = eval::Options { sets: &sets, opencc, terms, whole, errors: errors.as_deref() };
            eval::run(&root, &folder, &options)
        }
    }
}
