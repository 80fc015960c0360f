use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
struct Cli {
    #[arg(skip)]
    #[telemetry(record)]
    option: bool,
}

fn main() {}
