// One message, though the type is named in the tree and in the match.
use clap::{Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    #[command(subcommand)]
    Info(Info),
}

#[derive(Subcommand)]
enum Info {
    List,
}

fn main() {
    let _ = Cli::try_parse();
}
