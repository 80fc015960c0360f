//! What is disclosed: true of every event, and seen when it changes.
//!
//! The program is `subject`, whose types are in `cli`. `schema` compares its events with what it discloses to machines, `text`
//! is about what it discloses to people. `lock` and `leak` test the two assertions that authors have for this.

#[allow(dead_code)]
mod cli;
mod leak;
mod lock;
mod schema;
mod text;

use support::Program;

/// A program with every way to end.
fn subject() -> Program {
    Program::at(env!("CARGO_BIN_EXE_subject").into(), "subject")
}

/// What the program prints.
fn printed(args: &[&str]) -> String {
    let output = subject().undecided(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}
