use std::fmt;
use std::process::{self, ExitCode, Termination};

use telemetry_runtime::ErrorClass;

#[derive(Debug, ErrorClass)]
pub(crate) enum Error {
    Refused,
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("refused")
    }
}

impl std::error::Error for Error {}

/// An error of which only the type's name is known.
#[derive(Debug)]
pub(crate) struct Unlisted;

impl fmt::Display for Unlisted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("unlisted")
    }
}

impl std::error::Error for Unlisted {}

/// An error that panics when it is shown, which is after main has returned.
pub(crate) struct ShowPanics;

impl fmt::Debug for ShowPanics {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("shown")
    }
}

/// What main may return, apart from std's types.
pub(crate) enum Ninth {
    Reports,
    Exits,
}

impl Termination for Ninth {
    fn report(self) -> ExitCode {
        match self {
            Ninth::Reports => ExitCode::from(9),
            Ninth::Exits => process::exit(9),
        }
    }
}
