use clap::{Args, Parser};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Args)]
struct Common {
    verbose: bool,
}

#[telemetry_cli]
#[derive(Parser)]
struct Cli {
    #[command(flatten)]
    #[telemetry(record)]
    common: Common,
}

fn main() {}
