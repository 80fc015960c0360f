use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(endpoint = "https://user:secret@example.com")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
