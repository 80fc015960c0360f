use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(endpoint = "https:///v1/events")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
