//! What has gone wrong for other tools in public, and attacks: telemetry is off, or goes on without a loss, and says why.
//!
//! In this order: `ownership` is about files of other users and about privileges, `limits` about full disks and limits of
//! the process, `locks` about file systems with other locks or none, `rights` about programs that give up rights or are started
//! through the loader, and `unloaded` about libraries that are closed. `user` makes users.

#![cfg(target_os = "linux")]

mod limits;
mod locks;
mod ownership;
mod rights;
// A static program loads no library.
#[cfg(not(target_feature = "crt-static"))]
mod unloaded;
mod user;

use std::process::Command;

use serde_json::Value;
use support::{PROMPT, Program, output_within};

/// A run that ends as without telemetry.
#[track_caller]
fn run(command: &mut Command) {
    let output = output_within(PROMPT, command);
    assert!(output.status.success(), "{output:?}");
    assert_eq!((&*output.stdout, &*output.stderr), (&b"no remotes\n"[..], &b""[..]));
}

/// A run of `toolkit` that is recorded in the user's home.
fn at_home(program: &Program, args: &[&str]) -> Command {
    let mut command = program.undecided(args);
    command.env_remove(program.variable("DIR")).env("HOME", program.home());
    command.env(program.variable("ENABLED"), "1").env(program.variable("ENDPOINT"), "");
    command
}

/// What `status --json` says.
#[track_caller]
fn status(command: &mut Command) -> Value {
    let output = command.args(["telemetry", "status", "--json"]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}
