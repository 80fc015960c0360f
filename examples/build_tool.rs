//! A small build tool that records options, facts and phases.
use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, ValueEnum};
use telemetry_runtime::{Fact, Phase, telemetry_cli, telemetry_main};

#[telemetry_cli(facts(Cache, FilesScanned), phases(Step))]
#[derive(Parser)]
enum Cli {
    Build(Build),
    Clean {
        #[arg(long)]
        #[telemetry(record)]
        all: bool,
    },
}

#[telemetry_cli]
#[derive(Args)]
struct Build {
    #[arg(long)]
    #[telemetry(record)]
    release: bool,
    #[arg(long, value_enum)]
    #[telemetry(record)]
    format: Option<Format>,
    #[arg(long, value_enum)]
    #[telemetry(record)]
    emit: Vec<Format>,
    #[arg(long)]
    #[telemetry(record(given))]
    target_dir: Option<PathBuf>,
    #[arg(short, action = ArgAction::Count)]
    #[telemetry(record(buckets(1, 2, 3)))]
    verbose: u8,
    #[arg(long)]
    #[telemetry(record(buckets(1, 10, 100)))]
    jobs: Option<u32>,
    #[telemetry(record(count(1, 2, 10, 100)))]
    files: Vec<PathBuf>,
}

#[telemetry_cli]
#[derive(Clone, ValueEnum)]
enum Format {
    Json,
    Text,
}

#[derive(Fact)]
enum Cache {
    Hit,
    Miss,
}

#[derive(Fact)]
#[fact(buckets(1, 10, 100, 1_000))]
struct FilesScanned(u64);

#[derive(Phase)]
enum Step {
    Resolve,
    Compile,
}

#[telemetry_main]
fn main(cli: Cli) {
    match cli {
        Cli::Build(build) => {
            Cli::record(if build.release { Cache::Miss } else { Cache::Hit });
            Cli::record(FilesScanned(build.files.len() as u64));
            Cli::time(Step::Resolve, || ());
            Cli::time(Step::Compile, || std::thread::sleep(std::time::Duration::from_millis(3)));
        }
        Cli::Clean { all } => println!("cleaned {all}"),
    }
}
