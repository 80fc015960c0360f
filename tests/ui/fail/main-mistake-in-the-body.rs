// A mistake in the body is shown where it is, and nothing else.
use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
}

#[telemetry_main]
fn main(cli: Cli) -> Result<(), std::io::Error> {
    let Cli::Run = cli;
    1
}
