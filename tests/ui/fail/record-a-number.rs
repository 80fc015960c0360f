use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
struct Cli {
    #[arg(long)]
    #[telemetry(record)]
    option: u32,
}

fn main() {}
