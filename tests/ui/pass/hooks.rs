//! The keys of a variant go together, and a type may have a `parse` of its own.
#![deny(warnings)]

use clap::{Parser, Subcommand};
use telemetry_runtime::{telemetry_cli, telemetry_main};

#[telemetry_cli(parse = false, bin = "hooks", version = concat!("1.", "0"))]
#[derive(Parser)]
#[command(version = "1.0")]
enum Cli {
    #[telemetry(no_prompt)]
    Hook,
    #[telemetry(skip, no_prompt)]
    Prompt,
    #[command(flatten)]
    #[telemetry(no_prompt, opaque)]
    Flattened(Flattened),
    #[command(external_subcommand)]
    #[telemetry(no_prompt)]
    Other(Vec<String>),
}

#[derive(Subcommand)]
enum Flattened {
    One,
}

impl Cli {
    fn parse() -> Self {
        telemetry_runtime::record_invocation_start(&Cli::Hook);
        Cli::Hook
    }
}

#[telemetry_main(Cli)]
fn main() {
    match Cli::parse() {
        Cli::Hook | Cli::Prompt | Cli::Flattened(Flattened::One) => {}
        Cli::Other(names) => drop(names),
    }
}
