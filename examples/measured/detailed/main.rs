//! A CLI that records ten options and five facts, to measure what they cost: see `build.rs`.
//!
//! `detailed_attributed` is this program without them, and `detailed_plain` without telemetry.

mod facts;

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use telemetry_runtime::{telemetry_cli, telemetry_main};

use crate::facts::{Cache, Encoding, FilesScanned, Matches, Outcome};

/// A search tool
#[telemetry_cli(app = "toolkit", facts(Cache, Encoding, FilesScanned, Matches, Outcome))]
#[derive(Parser)]
#[command(name = "toolkit", version)]
struct Cli {
    /// Say more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    #[telemetry(record(buckets(1, 2, 3)))]
    verbose: u8,
    /// When to use colours
    #[arg(long, global = true, value_enum)]
    #[telemetry(record)]
    color: Option<Color>,
    #[command(subcommand)]
    command: Command,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Command {
    /// Search files
    Search {
        /// What to look for
        pattern: String,
        /// Where to look
        #[telemetry(record(count(1, 2, 10)))]
        files: Vec<PathBuf>,
        /// Print the names of files only
        #[arg(long)]
        #[telemetry(record)]
        names: bool,
        /// Look into hidden files
        #[arg(long)]
        #[telemetry(record)]
        hidden: bool,
        /// How to print
        #[arg(long, value_enum)]
        #[telemetry(record)]
        format: Option<Format>,
        /// Kinds of files
        #[arg(long, value_enum, value_delimiter = ',')]
        #[telemetry(record)]
        kind: Vec<Kind>,
        /// A file with patterns to ignore
        #[arg(long)]
        #[telemetry(record(given))]
        ignore: Option<PathBuf>,
        /// Threads
        #[arg(long, default_value_t = 8)]
        #[telemetry(record(buckets(1, 10, 100)))]
        jobs: u32,
        /// Matches after which to stop
        #[arg(long)]
        #[telemetry(record(buckets(1, 10, 100, 1_000)))]
        limit: Option<u64>,
    },
    /// Forget what is cached
    Clean,
}

#[telemetry_cli]
#[derive(Clone, Copy, ValueEnum)]
enum Color {
    Auto,
    Always,
    Never,
}

#[telemetry_cli]
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    JsonLines,
}

#[telemetry_cli]
#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Source,
    Test,
    Docs,
}

#[telemetry_main(Cli)]
fn main() {
    let cli = Cli::parse();
    facts::record();
    std::hint::black_box((cli.verbose, cli.color));
    match cli.command {
        Command::Search { pattern, files, names, hidden, format, kind, ignore, jobs, limit } => {
            std::hint::black_box((&pattern, &files, names, hidden, format, &kind, &ignore, jobs, limit));
            println!("looking for {pattern}");
        }
        Command::Clean => println!("nothing is cached"),
    }
}
