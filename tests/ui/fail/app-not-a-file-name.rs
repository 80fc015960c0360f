use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(app = "../tool")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
