// Below the derive, the attribute cannot see that this is the root.
use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[derive(Parser)]
#[telemetry_cli]
enum Cli {
    Run,
}

#[telemetry_main]
fn main(cli: Cli) {
    match cli {
        Cli::Run => {}
    }
}
