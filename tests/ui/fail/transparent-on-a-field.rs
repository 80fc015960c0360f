use clap::{Args, Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run(Run),
}

#[telemetry_cli]
#[derive(Args)]
struct Run {
    #[telemetry(transparent)]
    #[command(subcommand)]
    command: Command,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Command {
    Fast,
}

fn main() {
    let _ = Cli::try_parse();
}
