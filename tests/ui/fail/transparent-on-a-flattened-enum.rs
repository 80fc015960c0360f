use clap::{Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    #[telemetry(transparent)]
    #[command(flatten)]
    More(More),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum More {
    Run,
}

fn main() {
    let _ = Cli::try_parse();
}
