use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(app = "x" consent = "ask")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
