//! Runs a program with canaries as input and looks for them in its events. Starts processes, and writes only to
//! temporary folders.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use clap::CommandFactory;
use serde_json::Value;

use super::command_lines::{self, CANARY, CommandLine};
use super::exceptions::Exceptions;
use super::home::Home;
use crate::declare::{App, CommandNode, CommandPath, NodeKind, Root, TelemetryApp, find};
use crate::disclosure::Disclosure;

/// How long one run may take.
const RUN_TIMEOUT: Duration = Duration::from_secs(10);

/// Checks that no event of the program `binary` contains user input, or anything that is not disclosed.
///
/// Runs hundreds of command lines generated from clap's definition of `C`: every command, with each of its arguments,
/// with all of them, and with some it does not have. Every free-text value, and every environment variable that clap
/// reads, contains a canary: a string that occurs nowhere else. After each run, the files in the telemetry folder are
/// searched for the canary, and the event is compared with the [schema](crate::disclosure::schema).
///
/// **The commands really run, with those arguments.** Each run gets an empty folder as its home, working directory and
/// place for temporary files, no `PATH`, no input, and ten seconds. Use [`assert_no_leak_except`] to leave out commands
/// and arguments that could do harm all the same (by sending something or touching a device), or that do not end.
///
/// ```no_run
/// # use clap::Parser;
/// # use telemetry_runtime::telemetry_cli;
/// # #[telemetry_cli]
/// # #[derive(Parser)]
/// # enum Cli { Build }
/// # const BINARY: &str = "";
/// #[test]
/// fn nothing_typed_is_recorded() {
///     # stringify!(
///     const BINARY: &str = env!("CARGO_BIN_EXE_my-program");
///     # );
///     telemetry_runtime::testing::assert_no_leak::<Cli>(BINARY);
/// }
/// # fn main() {}
/// ```
///
/// # Panics
///
/// When a run leaves no event, leaves one with user input or anything undisclosed, or does not end. The message has one
/// line for each such run.
#[track_caller]
pub fn assert_no_leak<C: TelemetryApp + CommandFactory>(binary: impl AsRef<Path>) {
    assert_no_leak_except::<C>(binary, [] as [&str; 0]);
}

/// Like [`assert_no_leak`], but leaves out commands and arguments.
///
/// Each of `exceptions` is written as on a command line, without the program's name: `remote add` leaves out this
/// command and all below it. An entry that ends in an argument, written as in the usage text, leaves out the argument
/// only: `deploy --target`, `copy <FILE>`; without a command, `--config` leaves it out everywhere. A required argument
/// that is left out is missing on the command line, so clap refuses the run.
///
/// ```no_run
/// # use clap::Parser;
/// # use telemetry_runtime::telemetry_cli;
/// # #[telemetry_cli]
/// # #[derive(Parser)]
/// # enum Cli { Deploy { #[arg(long)] target: Option<String> }, Serve }
/// # const BINARY: &str = "";
/// telemetry_runtime::testing::assert_no_leak_except::<Cli>(BINARY, ["serve", "deploy --target"]);
/// ```
///
/// # Panics
///
/// As [`assert_no_leak`], and when an exception is about nothing the program has.
#[track_caller]
pub fn assert_no_leak_except<C: TelemetryApp + CommandFactory>(
    binary: impl AsRef<Path>,
    exceptions: impl IntoIterator<Item = impl AsRef<str>>,
) {
    let root = Root::of::<C>();
    let disclosure = Disclosure::of(root);
    let exceptions = Exceptions::new(exceptions);
    let lines = command_lines::of(C::command(), &exceptions);
    assert!(exceptions.unused().is_empty(), "`{}` has no {:?}", root.app.bin, exceptions.unused());
    let problems: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            let problem = check(binary.as_ref(), root, &disclosure, line).err()?;
            Some(format!("`{} {}`: {problem}", root.app.name, line.args.join(" ")))
        })
        .collect();
    assert!(problems.is_empty(), "{}:\n  {}", binary.as_ref().display(), problems.join("\n  "));
}

fn check(binary: &Path, root: Root, disclosure: &Disclosure, line: &CommandLine) -> Result<(), String> {
    let home =
        Home::new(&format!("{}-{CANARY}", root.app.name)).map_err(|error| format!("no temporary folder: {error}"))?;
    let telemetry = home.path().join("telemetry");
    let run = ends(&mut command(binary, root.app, &home, &telemetry, line));
    if !run.map_err(|error| format!("cannot be run: {error}"))? {
        return Err(format!("did not end within {} seconds", RUN_TIMEOUT.as_secs()));
    }
    let mut events = Vec::new();
    for (name, text) in files(&telemetry).map_err(|error| format!("the telemetry folder cannot be read: {error}"))? {
        if text.to_lowercase().contains(CANARY) {
            return Err(format!("user input found in {name}:\n{text}"));
        }
        if name.starts_with("queue.") && name.ends_with(".jsonl") {
            events.extend(text.lines().map(str::to_owned));
        }
    }
    if events.is_empty() && !line.manages && !may_leave_no_event(root.commands, &line.path) {
        return Err("left no event".to_owned());
    }
    for event in events {
        let event: Value = serde_json::from_str(&event).map_err(|error| format!("{error} in {event}"))?;
        let problems = disclosure.undisclosed(&event);
        if !problems.is_empty() {
            return Err(format!("{} in {event}", problems.join(", ")));
        }
    }
    Ok(())
}

/// The command for one run, isolated from the real user's environment.
fn command(binary: &Path, app: &App, home: &Home, telemetry: &Path, line: &CommandLine) -> Command {
    let mut command = Command::new(binary);
    command.args(&line.args).current_dir(home.path()).env_clear();
    for variable in ["HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TMPDIR", "TEMP", "TMP"] {
        command.env(variable, home.path());
    }
    // No program starts on Windows without this variable.
    command.envs(std::env::var_os("SystemRoot").map(|folder| ("SystemRoot", folder)));
    command.envs(line.variables.iter().map(|variable| (variable, CANARY)));
    let variables = app.variables;
    command.env(variables.enabled, "1").env(variables.dir, telemetry).env(variables.endpoint, "");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Runs the command. False if it had to be killed.
fn ends(command: &mut Command) -> io::Result<bool> {
    let mut child = command.spawn()?;
    let deadline = Instant::now() + RUN_TIMEOUT;
    loop {
        if child.try_wait()?.is_some() {
            return Ok(true);
        }
        if Instant::now() > deadline {
            child.kill()?;
            child.wait()?;
            return Ok(false);
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// The names and contents of the files below `dir`, sorted.
fn files(dir: &Path) -> io::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    collect_files(dir, &mut files)?;
    files.sort();
    Ok(files)
}

fn collect_files(dir: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    let entries = match fs::read_dir(dir) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            collect_files(&entry.path(), files)?;
        } else {
            let text = String::from_utf8_lossy(&fs::read(entry.path())?).into_owned();
            files.push((entry.file_name().to_string_lossy().into_owned(), text));
        }
    }
    Ok(())
}

/// Whether a run of this command may leave no event, because it is marked `skip` or manages telemetry.
fn may_leave_no_event(mut commands: &'static [CommandNode], path: &[String]) -> bool {
    let all = commands;
    let mut steps = CommandPath::default();
    for name in path {
        let before = steps;
        if let Some(node) = find(commands, name, &mut steps).filter(|node| node.name() == name) {
            commands = node.children();
            continue;
        }
        // An unknown name is clap's `help`, followed by the command it is about, or a command that is not listed.
        steps = before;
        if commands.iter().any(|node| node.kind == NodeKind::Unlisted && node.skip) {
            return true;
        }
    }
    steps.nodes(all).any(|node| node.skip || node.manages)
}
