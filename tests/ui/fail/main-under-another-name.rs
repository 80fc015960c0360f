use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
}

#[telemetry_main]
fn start(cli: Cli) {
    let _ = cli;
}

fn main() {
    start(Cli::parse());
}
