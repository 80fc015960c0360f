//! A small build tool whose author wants to know which options matter, whether the cache helps, and what takes the time.
//!
//! Try it: `BUILD_TOOL_TELEMETRY_ENABLED=1 BUILD_TOOL_TELEMETRY_ENDPOINT=stdout cargo run --example build_tool -- build -v --jobs 12 a b`

use std::path::PathBuf;

use clap::{ArgAction, Args, Parser, ValueEnum};
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{Fact, Phase, telemetry_cli, telemetry_main};

#[telemetry_cli(
    app = "build_tool",
    purpose = "To learn which options to keep, and where builds lose time",
    facts(Cache, FilesScanned),
    phases(Step),
    context(agent)
)]
#[derive(Parser)]
enum Cli {
    /// Build the files
    Build(Build),
    /// See and change what is collected
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_cli]
#[derive(Args)]
struct Build {
    #[arg(long)]
    #[telemetry(record)]
    release: bool,
    #[arg(long)]
    #[telemetry(record)]
    format: Option<Format>,
    #[arg(long)]
    #[telemetry(record(given))]
    target_dir: Option<PathBuf>,
    #[arg(short, long, action = ArgAction::Count)]
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
    Scan,
    Compile,
}

#[telemetry_main]
fn main(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    match cli {
        Cli::Build(build) => {
            let scanned = Cli::time(Step::Scan, || build.files.iter().filter(|file| file.exists()).count());
            Cli::record(FilesScanned(scanned as u64));
            let is_cached = build.target_dir.as_ref().is_some_and(|folder| folder.exists());
            Cli::record(if is_cached { Cache::Hit } else { Cache::Miss });
            Cli::time(Step::Compile, || println!("{} files built", build.files.len()));
        }
        Cli::Telemetry(command) => command.run::<Cli>()?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use telemetry_runtime::{disclosure, testing};

    #[test]
    fn the_disclosure_is_reviewed() {
        testing::assert_allowlist::<Cli>();
        testing::assert_disclosure::<Cli>("build_tool/telemetry.lock.json");
        assert_eq!(include_str!("DISCLOSURE.md"), disclosure::markdown::<Cli>());
    }
}
