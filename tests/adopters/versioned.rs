//! A binary whose version is not its package's.

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
#[command(version = "2.0.0")]
enum Cli {
    Run,
}

#[telemetry_main]
fn main(cli: Cli) {
    let Cli::Run = cli;
}
