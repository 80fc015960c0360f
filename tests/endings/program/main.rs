//! A program that ends in every way a program can.
//!
//! It has many mains: the variable `ENDINGS_MAIN` selects one. Each is written as an author would write it; `rows` holds
//! what they do.

mod errors;
#[cfg(unix)]
mod handlers;
mod mains;
mod rows;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

use std::env;
use std::process::{ExitCode, Termination};

use clap::Parser;
use telemetry_runtime::telemetry_cli;

#[cfg(unix)]
use crate::handlers::Handler;
use crate::rows::Row;

/// Ends in every way
#[telemetry_cli(app = "endings")]
#[derive(Parser)]
#[command(name = "endings", version)]
struct Cli {
    /// Installs these signal handlers when main begins
    #[cfg(unix)]
    #[arg(long, global = true)]
    handler: Option<Handler>,
    #[command(subcommand)]
    row: Row,
}

// Without the attributes, some mains return `()`.
#[allow(clippy::unit_arg)]
fn main() -> ExitCode {
    #[cfg(unix)]
    if env::var_os("ENDINGS_EARLY_HANDLER").is_some() {
        Handler::SignalHook.install();
    }
    match env::var("ENDINGS_MAIN").as_deref() {
        Ok("parses_itself") => mains::parses_itself::main().report(),
        Ok("parses_generically") => mains::parses_generically::main().report(),
        Ok("parses_matches") => mains::parses_matches::main().report(),
        Ok("records_matches") => mains::records_matches::main().report(),
        Ok("without_macro") => mains::without_macro(),
        Ok("announces") => mains::announces::main().report(),
        Ok("never") => mains::never::main(),
        Ok("watched") => mains::watched::main().report(),
        Ok(main) => match main.strip_prefix("tokio/") {
            Some(main) => mains::tasks(main),
            None => mains::sync(main),
        },
        Err(_) => mains::sync("unit"),
    }
}
