use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(endpoint = "http://127.000.0.1:4318/")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
