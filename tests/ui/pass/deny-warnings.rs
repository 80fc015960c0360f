//! Generated code gives no warnings, whatever the program forbids.
#![deny(warnings, missing_docs, unreachable_pub, unused_qualifications, missing_debug_implementations)]
#![deny(rust_2018_idioms, single_use_lifetimes, unused_lifetimes, unit_bindings, let_underscore_drop)]
#![forbid(unsafe_code)]

use clap::{Args, Parser, Subcommand};
use std::process::ExitCode;
use telemetry_runtime::{ErrorClass, telemetry_cli, telemetry_main};

/// The root
#[telemetry_cli(purpose = concat!("To", " know"), headers = { "x-a" = CONSTANT, "x-b" = "y" }, abandoned)]
#[derive(Debug, Parser)]
pub struct Cli {
    /// The command
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// A constant
pub const CONSTANT: &str = "constant";

/// The commands
#[derive(Debug, Subcommand)]
#[telemetry_cli]
pub enum Command {
    /// Unit
    Unit,
    /// Constant
    #[command(name = CONSTANT)]
    Constant,
    /// Payload
    Payload(Payload),
    /// Deprecated
    #[deprecated]
    Deprecated,
    /// Not a command
    #[command(skip)]
    Skipped(std::convert::Infallible),
    /// Fields
    Fields {
        /// A deprecated field
        #[deprecated]
        #[command(flatten)]
        payload: Payload,
        /// More
        #[command(flatten)]
        holder: Holder,
    },
    /// No event
    #[telemetry(skip)]
    Quiet,
}

/// An argument
#[derive(Debug, Args)]
pub struct Payload {
    /// Flag
    #[arg(long)]
    pub flag: bool,
}

/// Holds a command
#[telemetry_cli]
#[derive(Debug, Args)]
#[non_exhaustive]
pub struct Holder {
    /// The command
    #[command(subcommand)]
    pub below: Option<Below>,
}

/// No commands yet
#[telemetry_cli]
#[derive(Debug, Subcommand)]
#[non_exhaustive]
pub enum Below {}

/// A root that is built with `clap::Command`
#[telemetry_cli(command = built(), commands("first"("second"), CONSTANT, #[cfg(all())] "there", ..Below, _, ..))]
#[derive(Debug)]
pub struct Built;

fn built() -> clap::Command {
    clap::Command::new("built")
}

/// An error
#[derive(Debug, ErrorClass)]
#[non_exhaustive]
pub enum Error {
    /// From outside
    #[error_class(transparent)]
    Io(std::io::Error),
    /// Deprecated
    #[deprecated]
    Old,
    /// With text
    Other {
        /// Which is not looked at
        text: String,
    },
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("error")
    }
}

impl std::error::Error for Error {}

/// The function
#[telemetry_main(errors(Error))]
fn main(Cli { command }: Cli) -> Result<ExitCode, Error> {
    match command {
        Some(Command::Unit) => Err(Error::Other { text: String::new() }),
        Some(Command::Constant) => Err(Error::Io(std::io::Error::other("x"))),
        _ => Ok(ExitCode::SUCCESS),
    }
}
