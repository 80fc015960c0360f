//! Options, facts and phases: what real runs record of them, what users are told, and when they are asked again.

mod active;
mod context;
mod disclosed;
mod options;
/// The types of the program: what they disclose is compared with what it records.
#[allow(dead_code)]
#[path = "program.rs"]
mod program_types;
mod work;

use std::path::Path;

use serde_json::Value;
use support::Program;

fn program() -> Program {
    Program::at(Path::new(env!("CARGO_BIN_EXE_detailed")).to_owned(), "detailed")
}

/// The event of a run with these arguments.
fn event(args: &[&str]) -> Value {
    let program = program();
    program.event(&mut program.recorded(args)).1
}
