//! A program without clap's derive. The variable `BUILT_MAIN` selects a way to parse.

mod cli;

use std::process::ExitCode;

use clap::{ArgMatches, CommandFactory, FromArgMatches, Parser, Subcommand};
use telemetry_runtime::manage::{ManageError, TelemetryCommand};
use telemetry_runtime::{record_matches, telemetry_cli, telemetry_main};

use crate::cli::{Tool, cli};

/// Shows what clap matched, and does nothing else but for the commands that manage telemetry.
fn run(matches: &ArgMatches) -> Result<(), ManageError> {
    if let Some(("telemetry", matches)) = matches.subcommand() {
        return TelemetryCommand::from_arg_matches(matches).unwrap_or_else(|error| error.exit()).run::<Tool>();
    }
    let mut level = Some(matches);
    while let Some((name, below)) = level.and_then(ArgMatches::subcommand) {
        println!("{name}");
        level = Some(below);
    }
    Ok(())
}

mod records {
    use super::*;

    #[telemetry_main(Tool)]
    pub(super) fn main() -> Result<(), ManageError> {
        run(&Tool::get_matches())
    }
}

/// The exit code for a refused command line is the program's own.
mod tries {
    use super::*;

    #[telemetry_main(Tool)]
    pub(super) fn main() -> ExitCode {
        match Tool::try_get_matches() {
            Ok(_) => ExitCode::SUCCESS,
            Err(error) => {
                let _ = error.print();
                ExitCode::FAILURE
            }
        }
    }
}

mod records_by_hand {
    use super::*;

    #[telemetry_main(Tool)]
    pub(super) fn main() -> Result<(), ManageError> {
        let matches = cli().get_matches_from(std::env::args_os());
        record_matches::<Tool>(&matches);
        run(&matches)
    }
}

/// Records nothing about its command.
mod forgets {
    use super::*;

    #[telemetry_main(Tool)]
    pub(super) fn main() -> Result<(), ManageError> {
        run(&cli().get_matches())
    }
}

mod derives {
    use super::*;

    #[telemetry_cli(app = "built")]
    #[derive(Parser)]
    #[command(name = "built")]
    enum Derived {
        Build,
        #[command(flatten)]
        More(More),
        #[command(external_subcommand)]
        External(Vec<String>),
    }

    #[telemetry_cli]
    #[derive(Subcommand)]
    enum More {
        Test,
    }

    #[telemetry_main(Derived)]
    pub(super) fn main() {
        let matches = Derived::command().get_matches();
        record_matches::<Derived>(&matches);
        if let Ok(Derived::External(args)) = Derived::from_arg_matches(&matches) {
            println!("not one of this program's commands: {args:?}");
        }
    }
}

fn main() -> ExitCode {
    match &*std::env::var("BUILT_MAIN").unwrap_or_default() {
        "" => records::main(),
        "tries" => tries::main(),
        "by_hand" => records_by_hand::main(),
        "forgets" => forgets::main(),
        "derives" => derives::main(),
        other => unreachable!("no main is called {other}"),
    }
}
