use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(errors = std::io::Error)]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
