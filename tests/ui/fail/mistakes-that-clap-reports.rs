// What clap refuses is left to clap: one message a mistake.
use clap::{Parser, Subcommand};
use telemetry_runtime::telemetry_cli;

#[telemetry_cli]
#[derive(Parser)]
enum Tuple {
    Two(One, One),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum One {
    #[command(rename_all = "train-case")]
    Casing,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Malformed {
    #[command(name)]
    Name,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Kind {
    #[arg(name = "x")]
    Arg,
}

#[telemetry_cli]
#[derive(Parser)]
struct Newtype(One);

fn main() {}
