//! The disclosure is true of every event, and its changes are noticed.
//!
//! The program is `subject`, whose types are in `cli`. `schema` compares its events with the schema it prints, `text` is
//! about the disclosure for people. `lock` and `leak` test the two assertions for authors, `management` what is
//! disclosed of the management commands.

#[allow(dead_code)]
mod cli;
mod json_schema;
mod leak;
mod lock;
mod management;
mod schema;
mod text;

use support::Program;

/// A program with every way to end.
fn subject() -> Program {
    Program::at(env!("CARGO_BIN_EXE_subject").into(), "subject")
}

/// The output of the program.
fn printed(args: &[&str]) -> String {
    let output = subject().undecided(args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}
