use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[telemetry_cli(bin = "target/app")]
#[derive(Parser)]
enum Cli {
    Run,
}

fn main() {
    Cli::parse();
}
