//! A library that holds the types of a CLI, and prints its errors. The compiler does not know their binary.

use std::error::Error;

use clap::Parser;
use telemetry_runtime::telemetry_cli;

/// The root of `app`.
#[telemetry_cli(bin = "app", version = "7.2.0")]
#[derive(Debug, Parser)]
pub enum Cli {
    /// Do nothing
    Run,
    /// Read a file
    Read {
        /// The file
        path: std::path::PathBuf,
    },
}

/// What every binary of this library does with an error.
pub fn print(error: &(dyn Error + 'static)) {
    telemetry_runtime::note_error(error);
    eprintln!("error: {error}");
    let mut source = error.source();
    while let Some(cause) = source {
        eprintln!("  because: {cause}");
        source = cause.source();
    }
}
