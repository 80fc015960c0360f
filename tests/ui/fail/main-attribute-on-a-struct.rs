use clap::Parser;
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
}

#[telemetry_main(Cli)]
struct Main;

fn main() {
    let _ = (Main, Cli::parse());
}
