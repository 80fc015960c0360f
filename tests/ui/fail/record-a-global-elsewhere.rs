use clap::{Args, Parser};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Build(Build),
}

#[telemetry_cli]
#[derive(Args)]
struct Build {
    #[arg(from_global)]
    #[telemetry(record)]
    verbose: bool,
}

fn main() {}
