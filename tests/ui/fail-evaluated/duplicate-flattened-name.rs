use clap::{Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Run,
    #[command(flatten)]
    More(More),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum More {
    Walk,
    Run,
}

fn main() {
    let _ = [Cli::Run, Cli::More(More::Walk), Cli::More(More::Run)];
}
