//! A program that prints its errors and exits by itself, and notes them.
//!
//! The variable `NOTED_MAIN` selects one of the usual mains.

use std::error::Error as StdError;
use std::fmt;
use std::io::{self, ErrorKind};
use std::process::{ExitCode, Termination, exit};

use clap::{Parser, ValueEnum};
use telemetry_runtime::{ErrorClass, note_error, telemetry_cli, telemetry_main};

#[telemetry_cli(app = "noted", errors(Listed))]
#[derive(Parser)]
#[command(name = "noted")]
enum Cli {
    /// Fail with this error
    Fail { error: Failure },
    /// Note two errors, and fail with the second
    FailTwice,
    /// Note an error, and end well
    Recover,
    /// Note an error, and panic
    Panic,
}

/// A type, and the error behind it: the listed one where it is not named.
#[derive(Clone, Copy, ValueEnum)]
enum Failure {
    Listed,
    Boxed,
    Anyhow,
    Eyre,
    Miette,
    BoxDyn,
    BoxDynSendSync,
    Dyn,
    DynSendSync,
    Clap,
    Io,
    Unlisted,
    AnyhowUnlisted,
    Text,
}

#[derive(Debug, ErrorClass)]
enum Listed {
    Offline,
    Refused,
}

#[derive(Debug)]
struct Unlisted;

impl fmt::Display for Listed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("listed")
    }
}

impl fmt::Display for Unlisted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("unlisted")
    }
}

impl StdError for Listed {}
impl StdError for Unlisted {}
impl miette::Diagnostic for Listed {}

impl Failure {
    fn note(self) {
        match self {
            Failure::Listed => note_error(&Listed::Offline),
            Failure::Boxed => note_error(&Box::new(Listed::Offline)),
            Failure::Anyhow => note_error(&anyhow::Error::new(Listed::Offline).context("a text")),
            Failure::Eyre => note_error(&eyre::Report::new(Listed::Offline).wrap_err("a text")),
            Failure::Miette => note_error(&miette::Report::new(Listed::Offline).wrap_err("a text")),
            Failure::BoxDyn => note_error(&Box::<dyn StdError>::from(Listed::Offline)),
            Failure::BoxDynSendSync => note_error(&Box::<dyn StdError + Send + Sync>::from(Listed::Offline)),
            Failure::Dyn => note_error::<dyn StdError, _>(&Listed::Offline),
            Failure::DynSendSync => note_error::<dyn StdError + Send + Sync, _>(&Listed::Offline),
            Failure::Clap => note_error(&clap::Error::new(clap::error::ErrorKind::ValueValidation)),
            Failure::Io => note_error(&io::Error::from(ErrorKind::PermissionDenied)),
            Failure::Unlisted => note_error(&Unlisted),
            Failure::AnyhowUnlisted => note_error(&anyhow::Error::new(Unlisted)),
            Failure::Text => note_error(&anyhow::anyhow!("a text")),
        }
    }
}

fn run<E: From<Listed> + From<Unlisted>>(cli: Cli) -> Result<(), E> {
    match cli {
        Cli::Fail { error: Failure::Unlisted } => Err(Unlisted.into()),
        Cli::Fail { .. } => Err(Listed::Offline.into()),
        Cli::FailTwice => {
            note_error(&Listed::Offline);
            Err(Listed::Refused.into())
        }
        Cli::Recover => {
            note_error(&Listed::Offline);
            Ok(())
        }
        Cli::Panic => {
            note_error(&Listed::Offline);
            panic!("in main");
        }
    }
}

/// Exits in main.
mod exits {
    use super::*;

    #[telemetry_main]
    pub(super) fn main(cli: Cli) {
        if let Err(error) = run::<anyhow::Error>(cli) {
            note_error(&error);
            eprintln!("error: {error}");
            exit(1);
        }
    }
}

/// Returns an exit code, and parses where errors can be returned.
mod returns {
    use super::*;

    #[telemetry_main(Cli)]
    pub(super) fn main() -> ExitCode {
        match try_main() {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                note_error(&error);
                eprintln!("error: {error}");
                ExitCode::FAILURE
            }
        }
    }

    fn try_main() -> Result<(), Box<dyn StdError>> {
        run(Cli::try_parse()?)
    }
}

/// Gives a refused command line a code of its own.
mod maps {
    use super::*;

    #[telemetry_main(Cli)]
    pub(super) fn main() {
        match Cli::try_parse() {
            Ok(cli) => drop(run::<anyhow::Error>(cli)),
            Err(error) => {
                let _ = error.print();
                exit(if error.use_stderr() { 1 } else { 0 });
            }
        }
    }
}

/// Notes errors of many types.
mod types {
    use super::*;

    #[telemetry_main]
    pub(super) fn main(cli: Cli) {
        if let Cli::Fail { error } = cli {
            error.note();
            exit(1);
        }
    }
}

/// What `parse_from` is used for: arguments that nobody has typed.
const MADE_UP: [&str; 2] = ["noted", "recover"];

mod parses_others_first {
    use super::*;

    #[telemetry_main(Cli)]
    pub(super) fn main() {
        let _defaults = Cli::parse_from(MADE_UP);
        drop(run::<anyhow::Error>(Cli::parse()));
    }
}

mod parses_others_last {
    use super::*;

    #[telemetry_main(Cli)]
    pub(super) fn main() {
        let cli = Cli::parse();
        let _defaults = Cli::parse_from(MADE_UP);
        drop(run::<anyhow::Error>(cli));
    }
}

mod parses_others_only {
    use super::*;

    #[telemetry_main(Cli)]
    pub(super) fn main() {
        drop(run::<anyhow::Error>(Cli::parse_from(MADE_UP)));
    }
}

/// Answers a shell that asks for completions before it parses.
mod completes {
    use super::*;

    #[telemetry_main(Cli)]
    pub(super) fn main() {
        if std::env::var_os("NOTED_PARSES").is_none() {
            println!("fail recover");
            exit(0);
        }
        drop(run::<anyhow::Error>(Cli::parse()));
    }
}

/// Knows before it parses that this is not a use of the program, or learns it later.
mod skips {
    use super::*;

    #[telemetry_main(Cli)]
    pub(super) fn main() {
        if std::env::var_os("NOTED_SKIPS_LATE").is_none() {
            telemetry_runtime::skip_run();
        }
        let cli = Cli::parse();
        telemetry_runtime::skip_run();
        drop(run::<anyhow::Error>(cli));
        println!("done");
    }
}

fn main() -> ExitCode {
    match std::env::var("NOTED_MAIN").as_deref() {
        Ok("exits") => exits::main().report(),
        Ok("returns") => returns::main().report(),
        Ok("maps") => maps::main().report(),
        Ok("parses_others_first") => parses_others_first::main().report(),
        Ok("parses_others_last") => parses_others_last::main().report(),
        Ok("parses_others_only") => parses_others_only::main().report(),
        // No wrapper begins the run, and nor does this.
        Ok("without_macro") => {
            drop(run::<anyhow::Error>(Cli::parse_from(MADE_UP)));
            ExitCode::SUCCESS
        }
        Ok("skips") => skips::main().report(),
        Ok("completes") => completes::main().report(),
        _ => types::main().report(),
    }
}
