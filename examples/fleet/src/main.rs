//! `fleet`: receives the runs of your CLIs, keeps them in one file, and makes a page of them.

mod commands;

use clap::Parser;
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{ErrorClass, telemetry_cli, telemetry_main};

use crate::commands::{Ask, Publish, Report, Serve, Simulate};

/// From the runs of your CLIs to decisions
#[telemetry_cli(app = "fleet", purpose = "To learn which parts of fleet are used, and where they fail", errors(Error))]
#[derive(Parser)]
#[command(name = "fleet", version)]
enum Cli {
    /// Receive runs: OTLP at /v1/traces, the nemo envelope at /v1/events
    Serve(Serve),
    /// Print a page about the runs of a program
    Report(Report),
    /// Answer a question in SQL, on the view `runs`
    Ask(Ask),
    /// Write a page, JSON and CSV of completed weeks for everybody, without small numbers
    Publish(Publish),
    /// Write the runs of a fleet that does not exist, to try everything else
    Simulate(Simulate),
    /// See and change what is collected about the use of fleet itself
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_main]
fn main(cli: Cli) -> Result<(), Error> {
    match cli {
        Cli::Serve(serve) => serve.run(),
        Cli::Report(report) => report.run(),
        Cli::Ask(ask) => ask.run(),
        Cli::Publish(publish) => publish.run(),
        Cli::Simulate(simulate) => simulate.run(),
        Cli::Telemetry(command) => command.run::<Cli>().map_err(Error::Telemetry),
    }
}

/// Why a command failed.
#[derive(ErrorClass)]
enum Error {
    Receive(fleet::receive::Error),
    Simulate(fleet::simulate::Error),
    Store(fleet::store::Error),
    NoRuns(Option<String>, u16),
    NoWeeks(Option<String>, u16),
    Ask(fleet::ask::Error),
    Publish(std::path::PathBuf, std::io::Error),
    Runtime(std::io::Error),
    Output(std::io::Error),
    EmptyToken(std::path::PathBuf),
    Token(std::path::PathBuf, std::io::Error),
    Telemetry(telemetry_runtime::manage::ManageError),
}

const PROGRAMS: &str = "`fleet ask \"SELECT DISTINCT app FROM runs\"` names the programs";
const WEEK: &str = "a calendar week that is over and lies within the last";

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Receive(error) => error.fmt(out),
            Error::Simulate(error) => error.fmt(out),
            Error::Store(error) => error.fmt(out),
            Error::Ask(error) => error.fmt(out),
            Error::Publish(dir, error) => write!(out, "cannot write to {}: {error}", dir.display()),
            Error::NoRuns(None, days) => {
                write!(
                    out,
                    "no runs in the last {days} days; `fleet simulate --data FILE` writes some to try this with"
                )
            }
            Error::NoRuns(Some(app), days) => write!(out, "no runs of `{app}` in the last {days} days; {PROGRAMS}"),
            Error::NoWeeks(None, days) => write!(out, "no runs in {WEEK} {days} days"),
            Error::NoWeeks(Some(app), days) => write!(out, "no runs of `{app}` in {WEEK} {days} days; {PROGRAMS}"),
            Error::Output(error) => write!(out, "cannot write the result: {error}"),
            Error::Runtime(error) => write!(out, "cannot start: {error}"),
            Error::EmptyToken(path) => write!(out, "there is no token in {}", path.display()),
            Error::Token(path, error) => write!(out, "cannot read the token from {}: {error}", path.display()),
            Error::Telemetry(error) => error.fmt(out),
        }
    }
}

/// What main shows.
impl std::fmt::Debug for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, out)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::Cli;
    use telemetry_runtime::testing;

    #[test]
    fn the_disclosure_is_reviewed() {
        testing::assert_allowlist::<Cli>();
        testing::assert_disclosure::<Cli>("telemetry.lock.json");
    }

    #[test]
    fn nothing_that_is_typed_gets_into_an_event() {
        // Built beside this for the other tests. Cargo would build the dependencies once more, with fewer features.
        let test = std::env::current_exe().unwrap();
        let built = test.ancestors().nth(2).unwrap().join(format!("fleet{}", std::env::consts::EXE_SUFFIX));
        let binary = if built.exists() { built } else { testing::build_binary("fleet") };
        // A server ends when it is told to; a simulation takes its time.
        testing::assert_no_leak_except::<Cli>(binary, ["serve", "simulate"]);
    }
}
