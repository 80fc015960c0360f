use clap::{Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    #[telemetry(no_prompt)]
    command: Command,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Command {
    Run,
}

fn main() {
    Cli::parse();
}
