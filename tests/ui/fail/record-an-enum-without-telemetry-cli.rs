use clap::{Parser, ValueEnum};
use telemetry_runtime::telemetry_cli;

#[derive(Clone, ValueEnum)]
enum Format {
    Json,
}

#[telemetry_cli]
#[derive(Parser)]
struct Cli {
    #[arg(long)]
    #[telemetry(record)]
    format: Format,
}

fn main() {}
