use clap::{Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    Info {
        #[command(subcommand)]
        info: Option<Info>,
    },
}

#[derive(Subcommand)]
enum Info {
    List,
}

fn main() {
    let _ = Cli::try_parse();
}
