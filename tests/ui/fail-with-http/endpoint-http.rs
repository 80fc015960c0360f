use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(endpoint = "http://telemetry.example.com/v1")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
