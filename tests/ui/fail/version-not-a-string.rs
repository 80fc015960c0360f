use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(version = 1.2)]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    Cli::parse();
}
