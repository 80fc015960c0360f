use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
}

#[telemetry_main]
fn main(cli: Cli, more: u8) {
    let _ = (cli, more);
}
