//! The project's own chores: `cargo xtask --help`.

mod import_jieba;
mod import_opencc;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

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
}

fn main() -> anyhow::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    match Args::parse().task {
        Task::ImportOpencc { path } => import_opencc::run(&root, &path),
        Task::ImportJieba { path } => import_jieba::run(&root, &path),
    }
}
