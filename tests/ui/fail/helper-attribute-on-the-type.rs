use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
#[telemetry(app = "tool")]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
