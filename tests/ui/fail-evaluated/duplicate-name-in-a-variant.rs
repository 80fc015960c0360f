use clap::{Args, Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Info {
        #[command(flatten)]
        first: First,
        #[command(flatten)]
        second: Second,
    },
}

#[telemetry_cli]
#[derive(Args)]
struct First {
    #[command(subcommand)]
    command: Command,
}

#[telemetry_cli]
#[derive(Args)]
struct Second {
    #[command(subcommand)]
    command: Command,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Command {
    List,
}

fn main() {
    let _ = Cli::try_parse();
}
