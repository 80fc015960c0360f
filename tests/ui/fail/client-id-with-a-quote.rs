use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(client_id = "a\"b")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
