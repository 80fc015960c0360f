use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(endpoint = "http://[0:0:0:0:0:0:0:1]:4318/")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
