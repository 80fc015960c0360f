use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(headers = { "x-a" = "1\r\nx-b: 2" })]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
