//! A library in which a run begins, and which its host closes before the run ends.

use std::process::{Command, Stdio};

use rustix::process::Signal;
use serde_json::{Value, json};
use support::{Program, end_by, facts, started};

/// The program that loads the library.
fn host(program: &Program, ending: &str) -> Command {
    let mut command = program.recorded([support::examples().path("plugin").as_os_str(), ending.as_ref()]);
    command.stdin(Stdio::piped());
    command
}

#[track_caller]
fn only(mut events: Vec<Value>) -> Value {
    assert_eq!(events.len(), 1);
    facts(&events.remove(0))
}

/// Its handlers are called when the process ends, and must still be there.
#[test]
fn a_library_that_was_closed_is_recorded_as_others_are() {
    let program = Program::at(support::examples().path("plugin_host").to_owned(), "plugin");
    for (ending, code) in [("return", 0), ("exit", 3), ("fork", 0)] {
        let output = host(&program, ending).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{ending}: {output:?}");
        let status = if code == 0 { "success" } else { "failure" };
        assert_eq!(only(program.take_events()), json!([["work"], status, code, null]), "{ending}");
    }
    let status = end_by(started(&mut host(&program, "wait")), Signal::TERM.as_raw());
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(Signal::TERM.as_raw()));
    assert_eq!(only(program.take_events())[1], "interrupted");
}
