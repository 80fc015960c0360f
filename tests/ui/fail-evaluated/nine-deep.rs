use clap::{Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Cli {
    #[command(subcommand)]
    Next(L2),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum L2 {
    #[command(subcommand)]
    Next(L3),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum L3 {
    #[command(subcommand)]
    Next(L4),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum L4 {
    #[command(subcommand)]
    Next(L5),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum L5 {
    #[command(subcommand)]
    Next(L6),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum L6 {
    #[command(subcommand)]
    Next(L7),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum L7 {
    #[command(subcommand)]
    Next(L8),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum L8 {
    #[command(subcommand)]
    Next(L9),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum L9 {
    Last,
}

fn main() {
    let _ = Cli::try_parse();
}
