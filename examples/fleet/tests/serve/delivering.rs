//! Programs that deliver, for the tests of `programs` and those of the databases.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use support::{Program, build_dir, cargo};

/// Programs that can deliver: `sender` in OTLP, and the example `toolkit` in the envelope.
pub(crate) fn delivering(name: &str) -> Program {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let dir = BUILT.get_or_init(|| {
        let (build_dir, profile) = (build_dir(), if cfg!(debug_assertions) { "dev" } else { "release" });
        let mut cargo = cargo();
        // In a folder of their own, since they have other features; dependencies are shared with other tests' programs.
        cargo.args(["build", "--workspace", "--profile", profile, "--bin", "sender", "--example", "toolkit"]);
        cargo.args(["--features", "telemetry-fleet/otlp,telemetry-examples/otlp,telemetry-tests/otlp"]);
        let target = build_dir.join("delivering-to-fleet");
        cargo.arg("--target-dir").arg(&target).env("CARGO_BUILD_BUILD_DIR", build_dir).stderr(Stdio::inherit());
        assert!(cargo.status().unwrap().success(), "this does not build: {cargo:?}");
        target.join(if cfg!(debug_assertions) { "debug" } else { "release" })
    });
    let path = if name == "toolkit" { dir.join("examples/toolkit") } else { dir.join(name) };
    Program::at(path, name)
}

/// Runs `args`, without delivering.
#[track_caller]
pub(crate) fn run(program: &Program, args: &[&str]) {
    let mut command = program.undecided(args);
    command.env(program.variable("ENDPOINT"), "").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().unwrap();
}

/// Delivers everything that waits.
#[track_caller]
pub(crate) fn flush(program: &Program, url: &str) {
    let mut command: Command = program.undecided(["telemetry", "flush"]);
    let output = command.env(program.variable("ENDPOINT"), url).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Everything that an event can hold, waiting to be delivered.
pub(crate) fn prepared() -> Program {
    let sender = delivering("sender");
    run(&sender, &["telemetry", "enable"]);
    run(&sender, &["work", "--fast", "--mode", "slow", "--mode", "quiet", "--jobs", "12"]);
    run(&sender, &["work", "--code", "3"]);
    run(&sender, &["fail"]);
    run(&sender, &["--help"]);
    run(&sender, &["wrong"]);
    std::fs::write(sender.file("queue.lost"), "...").unwrap();
    sender
}
