use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(app = "one")]
#[telemetry_cli(app = "two")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
