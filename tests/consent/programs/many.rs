//! A program that records as much as a program may, and says so in twelve lines.

use clap::Parser;
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{Fact, Phase, telemetry_cli, telemetry_main};

#[telemetry_cli(
    app = "many",
    bin = "many",
    purpose = "To learn which options to keep, and where the time goes.",
    privacy_url = "https://example.com/privacy",
    facts(Cache, Remote, Locked, Files, Bytes),
    phases(Step),
    context(agent)
)]
#[derive(Parser)]
#[command(name = "many")]
enum Cli {
    /// Do nothing
    Build(Box<Build>),
    /// See and change what is collected
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_cli]
#[derive(clap::Args)]
struct Build {
    #[arg(long)]
    #[telemetry(record)]
    release: bool,
    #[arg(long)]
    #[telemetry(record)]
    locked: bool,
    #[arg(long)]
    #[telemetry(record)]
    offline: bool,
    #[arg(long)]
    #[telemetry(record)]
    workspace: bool,
    #[arg(long)]
    #[telemetry(record)]
    keep_going: bool,
    #[arg(long)]
    #[telemetry(record(given))]
    features: Option<String>,
    #[arg(long)]
    #[telemetry(record(given))]
    profile: Option<String>,
    #[arg(long)]
    #[telemetry(record(given))]
    target: Option<String>,
    #[arg(long)]
    #[telemetry(record(given))]
    target_dir: Option<String>,
    #[arg(long)]
    #[telemetry(record(buckets(1, 10)))]
    jobs: Option<u32>,
}

#[derive(Fact)]
enum Cache {
    Hit,
}

#[derive(Fact)]
enum Remote {
    Used,
}

#[derive(Fact)]
enum Locked {
    Yes,
}

#[derive(Fact)]
#[fact(buckets(1, 10))]
struct Files(u64);

#[derive(Fact)]
#[fact(buckets(1, 10))]
struct Bytes(u64);

#[derive(Phase)]
enum Step {
    Scan,
    Compile,
}

#[telemetry_main]
fn main(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    match cli {
        Cli::Build(_) => {
            Cli::record(Cache::Hit);
            Cli::record(Remote::Used);
            Cli::record(Locked::Yes);
            Cli::record(Files(1));
            Cli::record(Bytes(1));
            Cli::time(Step::Scan, || Cli::time(Step::Compile, || println!("done")));
        }
        Cli::Telemetry(command) => command.run::<Cli>()?,
    }
    Ok(())
}
