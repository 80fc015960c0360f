use clap::{Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    #[command(subcommand)]
    Info(Info),
}

#[telemetry_cli(app = "tool", purpose = "To know")]
#[derive(Subcommand)]
enum Info {
    List,
}

fn main() {
    let _ = Cli::Info(Info::List);
}
