//! A CLI with every kind of command, and every way to end.
//!
//! Three attributes adopt telemetry: `#[telemetry_cli]` on each type with commands, `#[telemetry_main]` on main, and the
//! derive that gives [`Error`] its classes. `plain` is this program without them.
//!
//! ```sh
//! TOOLKIT_TELEMETRY_ENABLED=1 TOOLKIT_TELEMETRY_ENDPOINT=stdout cargo run --example toolkit -- remote add origin https://example.com
//! ```

mod commands;

use std::path::PathBuf;
use std::process::{self, ExitCode};
use std::time::Duration;
use std::{fmt, thread};

use clap::{ArgAction, Parser};
use telemetry_runtime::{ErrorClass, telemetry_cli, telemetry_main};

use crate::commands::{Command, Ending, Info, Remote, RemoteCommand, Rename};

/// A CLI with every shape that commands take
#[telemetry_cli(app = "toolkit", protocol = "nemo", client_id = "184482118588404", errors(Error))]
#[derive(Parser)]
#[command(name = "toolkit", version)]
struct Cli {
    /// Say more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// Where results go
    #[arg(long, global = true, env = "TOOLKIT_OUTPUT")]
    output: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[telemetry_main(Cli)]
fn main() -> Result<ExitCode, Error> {
    let cli = Cli::parse();
    if cli.verbose > 0 {
        println!("output goes to {:?}", cli.output);
    }
    match cli.command {
        Command::Run { config, name } => println!("running {name} with {config:?}"),
        Command::Info(info) => show(&info),
        Command::Remote(remote) => change(&remote),
        Command::Ending(ending) => return end(ending),
        Command::Telemetry(command) => return Ok(process::Termination::report(command.run::<Cli>())),
        Command::External(args) => println!("not one of this program's commands: {args:?}"),
    }
    Ok(ExitCode::SUCCESS)
}

fn show(info: &Info) {
    let (list, filter) = match info {
        Info::Components { filter } => (["parser", "planner"], filter),
        Info::ListChannels { filter } => (["stable", "nightly"], filter),
    };
    for entry in list.iter().filter(|entry| filter.as_ref().is_none_or(|filter| entry.contains(filter))) {
        println!("{entry}");
    }
}

fn change(remote: &Remote) {
    match &remote.command {
        None => println!("no remotes"),
        Some(RemoteCommand::Add { name, url }) => println!("{name} is {url}"),
        Some(RemoteCommand::Rename(Rename::DefaultBranch { old, new } | Rename::Tag { old, new })) => {
            println!("{old} is now {new}");
        }
    }
}

/// The ways a program can end, other than successfully.
fn end(ending: Ending) -> Result<ExitCode, Error> {
    match ending {
        Ending::Fail { message } => Err(Error::Refused(message)),
        Ending::Panic { message } => panic!("{message}"),
        Ending::Exit { code } => Ok(ExitCode::from(code)),
        Ending::Quit { code } => quit_somewhere_else(code),
        Ending::Nap { seconds } => {
            thread::sleep(Duration::from_secs_f64(seconds.clamp(0.0, 60.0)));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// Calls `process::exit` where a wrapper around main cannot see it.
fn quit_somewhere_else(code: i32) -> ! {
    let quitter = thread::spawn(move || process::exit(code));
    match quitter.join() {
        Ok(never) => never,
        Err(_) => unreachable!("the process has exited"),
    }
}

#[derive(Debug, ErrorClass)]
enum Error {
    Refused(String),
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Refused(message) => write!(formatter, "refused: {message}"),
        }
    }
}

impl std::error::Error for Error {}

#[test]
fn the_disclosure_is_reviewed() {
    telemetry_runtime::testing::assert_disclosure::<Cli>("toolkit/telemetry.lock.json");
}
