//! A library that holds the types of a CLI. The compiler does not know their binary.

use clap::Parser;
use telemetry_runtime::telemetry_cli;

/// The root of `app`.
#[telemetry_cli(bin = "app", version = "7.2.0")]
#[derive(Debug, Parser)]
pub enum Cli {
    /// Do nothing
    Run,
}
