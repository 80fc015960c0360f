// A constant is held to the same rules as a literal.
use clap::Parser;
use telemetry_runtime::telemetry_cli;

const ENDPOINT: &str = "http://telemetry.example.com";

#[telemetry_cli(endpoint = ENDPOINT)]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    let _ = Cli::Run;
}
