//! No telemetry.

#[path = "../cli.rs"]
mod cli;

use clap::Parser;

fn main() {
    cli::Cli::parse().work();
}
