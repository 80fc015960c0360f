// Both would be recorded as `build`.
use clap::{Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cargo {
    #[telemetry(transparent)]
    #[command(subcommand)]
    Hello(Hello),
    Build,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Hello {
    Build,
}

fn main() {
    let _ = Cargo::try_parse();
}
