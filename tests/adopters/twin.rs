//! The source of two binaries.

use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
}

#[telemetry_main]
fn main(cli: Cli) {
    let Cli::Run = cli;
}
