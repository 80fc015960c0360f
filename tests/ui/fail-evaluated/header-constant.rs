use clap::Parser;
use telemetry_runtime::telemetry_cli;

const KEY: &str = "a key\nx-other: header";

#[telemetry_cli(headers = { "x-api-key" = KEY })]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    Cli::parse();
}
