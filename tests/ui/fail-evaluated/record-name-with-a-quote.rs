use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
struct Cli {
    #[arg(long = "a\"b")]
    #[telemetry(record)]
    option: bool,
}

fn main() {}
