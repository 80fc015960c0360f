//! Random command lines, with a canary wherever a user can put text. No canary may appear in an event.
//!
//! `command_line` generates them. Each is run twice, for the queue and for the envelope, and all text in the results must
//! come from a small fixed set.

mod command_line;

use std::collections::HashMap;
use std::process::{Command, Output};
use std::{fs, thread};

use serde_json::Value;
use support::{Program, Random, scaled};

use crate::command_line::CommandLine;

const THREADS: u64 = 2;

/// How many command lines each thread runs at least.
const RUNS: usize = 300;

/// Part of every user text, and of nothing else.
const CANARY: &str = "zqcanaryqz";

/// The text that an event may contain: the commands of `toolkit`, statuses, and error classes.
const COMMANDS: [&str; 15] = [
    "run",
    "info",
    "list-components",
    "list-channels",
    "remote",
    "add",
    "rename",
    "default_branch",
    "tag",
    "fail",
    "panic",
    "exit",
    "quit",
    "sleep",
    "external",
];
const STATUSES: [&str; 3] = ["success", "failure", "interrupted"];
const CLASSES: [&str; 13] = [
    "Refused",
    "panic",
    "InvalidValue",
    "UnknownArgument",
    "InvalidSubcommand",
    "ValueValidation",
    "TooManyValues",
    "WrongNumberOfValues",
    "ArgumentConflict",
    "MissingRequiredArgument",
    "MissingSubcommand",
    "InvalidUtf8",
    "DisplayHelpOnMissingArgumentOrSubcommand",
];

#[test]
fn no_event_holds_what_the_user_typed() {
    let seed = support::seed();
    thread::scope(|scope| {
        for thread in 0..THREADS {
            scope.spawn(move || {
                let toolkit = Program::new("toolkit");
                for run in 0..scaled(RUNS) as u64 {
                    let line = CommandLine::random(&mut Random::new(seed ^ (thread << 32 | run)));
                    if let Err(leak) = run_twice(&toolkit, &line) {
                        panic!("{leak}\nseed {seed}, thread {thread}, run {run}: {line:?}");
                    }
                }
            });
        }
    });
}

/// Runs the command line once for the queue and once for the envelope.
fn run_twice(toolkit: &Program, line: &CommandLine) -> Result<(), String> {
    let output = run(toolkit, named(toolkit.recorded(&line.args), line));
    let folder = read_folder(toolkit);
    let queue = folder.get("queue.jsonl").map_or("", String::as_str);
    let event = only_line(queue.lines())?;
    check_event(&event, ["command", "status", "error_class", "exit_code"], &output)?;
    for (name, text) in &folder {
        no_canary(name)?;
        no_canary(text)?;
    }

    let mut command = named(toolkit.recorded(&line.args), line);
    command.env(toolkit.variable("ENDPOINT"), "stdout");
    let output = run(toolkit, command);
    // The program's own messages are on stderr too, and they may repeat what the user typed.
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut envelopes = stderr.lines().filter(|line| line.starts_with("{\"browserType\""));
    let envelope = only_line(envelopes.by_ref())?;
    no_canary(&envelope.to_string())?;
    let event = &envelope["events"][0]["parameters"];
    check_event(event, ["command", "taskStatus", "errorClass", "exitCode"], &output)?;
    check_names(&event["subcommand"])
}

/// The command, called by the name in `line`.
#[cfg(unix)]
fn named(mut command: Command, line: &CommandLine) -> Command {
    std::os::unix::process::CommandExt::arg0(&mut command, &line.program);
    command
}

#[cfg(not(unix))]
fn named(command: Command, _line: &CommandLine) -> Command {
    command
}

fn run(toolkit: &Program, mut command: Command) -> Output {
    let folder = toolkit.home().join(CANARY);
    fs::create_dir_all(&folder).unwrap();
    for variable in ["HOME", "USER", "LOGNAME", "HOSTNAME", "PWD", "LANG", "TOOLKIT_OUTPUT", "TOOLKIT_TOKEN"] {
        command.env(variable, &folder);
    }
    command.current_dir(folder).output().unwrap()
}

/// The files of the telemetry folder by name. Deletes the folder.
fn read_folder(toolkit: &Program) -> HashMap<String, String> {
    let dir = toolkit.telemetry_dir();
    let mut files = HashMap::new();
    for entry in fs::read_dir(&dir).into_iter().flatten() {
        let entry = entry.unwrap();
        let text = fs::read(entry.path()).unwrap();
        files.insert(entry.file_name().to_string_lossy().into_owned(), String::from_utf8(text).unwrap());
    }
    let _ = fs::remove_dir_all(dir);
    files
}

fn only_line<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Value, String> {
    let lines: Vec<&str> = lines.collect();
    match lines[..] {
        [line] => serde_json::from_str(line).map_err(|error| format!("{error}: {line}")),
        _ => Err(format!("{} events", lines.len())),
    }
}

/// All text in an event is from a fixed set, whatever the command line.
fn check_event(event: &Value, keys: [&str; 4], output: &Output) -> Result<(), String> {
    let [command, status, class, exit_code] = keys.map(|key| &event[key]);
    check_names(command)?;
    one_of(status, &STATUSES)?;
    if !class.is_null() && class != "undefined" {
        one_of(class, &CLASSES)?;
    }
    match output.status.code() {
        Some(code) if exit_code == code => Ok(()),
        _ => Err(format!("ended with {}, recorded {exit_code}", output.status)),
    }
}

fn check_names(names: &Value) -> Result<(), String> {
    match names {
        Value::Array(names) => names.iter().try_for_each(|name| one_of(name, &COMMANDS)),
        name if name == "undefined" || name == "unknown" => Ok(()),
        name => one_of(name, &COMMANDS),
    }
}

fn one_of(word: &Value, words: &[&str]) -> Result<(), String> {
    let known = word.as_str().is_some_and(|word| words.contains(&word));
    if known { Ok(()) } else { Err(format!("{word} is not one of {words:?}")) }
}

fn no_canary(text: &str) -> Result<(), String> {
    if text.to_lowercase().contains(CANARY) { Err(format!("leaked: {text}")) } else { Ok(()) }
}
