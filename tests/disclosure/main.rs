//! What is disclosed: true of every event, and seen when it changes.

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
