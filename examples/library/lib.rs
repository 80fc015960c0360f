//! The library of a CLI whose `main` only calls [`run`]: it holds the types, parses and prints errors.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use telemetry_runtime::{note_error, telemetry_cli};

/// Cargo does not tell a library for which executable it is compiled, so `bin` says it.
#[telemetry_cli(bin = "library")]
#[derive(Debug, Parser)]
#[command(name = "library", version)]
pub enum Cli {
    /// Print a file
    Show { file: PathBuf },
    /// Print the size of a file
    Size { file: PathBuf },
}

/// Parses the arguments of this process, and does what they say.
pub fn run() -> ExitCode {
    match execute(Cli::parse()) {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            note_error(&error);
            eprintln!("library: {error}");
            ExitCode::from(2)
        }
    }
}

fn execute(cli: Cli) -> std::io::Result<String> {
    match cli {
        Cli::Show { file } => std::fs::read_to_string(file),
        Cli::Size { file } => Ok(file.metadata()?.len().to_string()),
    }
}

/// Parses what nobody has typed: not a run.
#[test]
fn a_command_needs_a_file() {
    assert!(matches!(Cli::parse_from(["library", "size", "x"]), Cli::Size { .. }));
    assert!(Cli::try_parse_from(["library", "size"]).is_err());
}
