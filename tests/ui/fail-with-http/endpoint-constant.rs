// The macro does not know what a constant is; the compiler does.
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
