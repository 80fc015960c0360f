//! Who decides whether a run is recorded, how the user is asked, and that off means off: tested on built programs.
//!
//! In this order: `decision` is about who decides, `store` about the file that holds the user's decision, `prompt` about
//! the question on a `terminal`, `flag` about the flag with which users of a CLI without subcommands decide, `traces` about
//! the system calls of a run that is off, `system_calls` about the documented list of those of every run, `compiled_out`
//! about the feature `off`, `variables` about what `status` says of them, and `screens` about
//! what the other commands show. `programs` holds the programs: one per consent
//! mode, one that records a lot, and one with the flag. `sandbox` changes the file systems that a program sees.

#[cfg(unix)]
mod compiled_out;
mod decision;
#[cfg(unix)]
mod flag;
#[cfg(unix)]
mod prompt;
#[cfg(unix)]
mod question;
mod sandbox;
#[cfg(unix)]
mod screens;
#[cfg(unix)]
mod store;
// The names of the calls depend on the processor and the C library.
#[cfg(all(target_os = "linux", target_arch = "x86_64", target_env = "gnu"))]
mod system_calls;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod traces;
#[cfg(unix)]
mod variables;
#[cfg(windows)]
mod windows;

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::{Value, json};
use support::{HANGS_AFTER, Program, output_within};

#[cfg(unix)]
use crate::terminal::Terminal;

const ASK: &str = env!("CARGO_BIN_EXE_consent_ask");
#[cfg(unix)]
const MANY: &str = env!("CARGO_BIN_EXE_consent_many");
const OPT_IN: &str = env!("CARGO_BIN_EXE_consent_opt_in");
const OPT_OUT: &str = env!("CARGO_BIN_EXE_consent_opt_out");

/// The program at `path`, one of `programs`, with a home of its own.
fn program(path: &str) -> Program {
    Program::at(path.into(), "consent")
}

/// A run of a user who has not decided. Events stay in the queue.
fn undecided(program: &Program, args: &[&str]) -> Command {
    let mut command = program.undecided(args);
    command.env(program.variable("ENDPOINT"), "");
    command
}

/// The file that holds the user's decision.
fn store(program: &Program) -> PathBuf {
    program.file("consent.json")
}

fn stored(program: &Program) -> Option<Value> {
    let text = fs::read(store(program)).ok()?;
    Some(serde_json::from_slice(&text).expect("the stored decision is JSON"))
}

/// The stored decision.
#[cfg(unix)]
fn stored_word(program: &Program) -> Option<String> {
    stored(program).map(|json| json["decision"].as_str().unwrap().to_owned())
}

/// Writes `text` to the file of the decision.
fn put(program: &Program, text: impl AsRef<[u8]>) {
    fs::create_dir_all(program.telemetry_dir()).unwrap();
    fs::write(store(program), text).unwrap();
}

/// A stored decision with its list `list` edited.
fn edited(word: &str, list: &str, edit: impl FnOnce(&mut Vec<Value>)) -> String {
    let mut json = decided(word);
    edit(json[list].as_array_mut().unwrap());
    json.to_string()
}

/// What the programs store for `decision`.
fn decided(decision: &str) -> Value {
    /// What one of them stored after a yes.
    #[cfg(unix)]
    static YES: LazyLock<Value> = LazyLock::new(|| {
        let program = program(ASK);
        let mut terminal = Terminal::start(undecided(&program, &["run"]));
        terminal.wait_for("[y/N] ");
        terminal.press("y\n");
        terminal.finish();
        stored(&program).expect("a yes is stored")
    });
    /// What another program stores for the same fields and destinations.
    #[cfg(windows)]
    static YES: LazyLock<Value> = LazyLock::new(|| {
        let program = Program::new("toolkit");
        let status = program.undecided(["telemetry", "enable"]).stdout(std::process::Stdio::null()).status();
        assert!(status.unwrap().success());
        stored(&program).expect("a yes is stored")
    });
    let mut json = YES.clone();
    json["decision"] = json!(decision);
    json
}

/// The words of a screen, however its lines are broken.
#[cfg(unix)]
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How a run was recorded, and its other visible effects.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    events: usize,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs a program without a terminal.
#[track_caller]
fn run(program: &Program, mut command: Command) -> Seen {
    let output = output_within(HANGS_AFTER, &mut command);
    Seen {
        events: program.take_events().len(),
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A run in which telemetry is invisible.
fn silent(events: usize) -> Seen {
    Seen { events, code: Some(0), stdout: "done\n".into(), stderr: String::new() }
}
