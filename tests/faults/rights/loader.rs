//! A program that is started through the dynamic loader.

use std::fs;
use std::process::Command;

use serde_json::json;
use support::{Program, Reply, Sink, delivering, run_by, skip};

use crate::status;

/// For the kernel, the loader is the program that runs. It must not be started again as if it was this program.
#[test]
fn a_program_started_through_the_loader_starts_no_delivery_and_says_so() {
    let program = Program::at(delivering().path("toolkit").to_owned(), "toolkit");
    let sink = Sink::always(Reply::Status(200));
    let through_loader = |args: &[&str]| {
        let mut command = program.recorded(args);
        command.env(program.variable("ENDPOINT"), sink.url());
        run_by(Command::new(loader()), &command)
    };
    if !through_loader(&["remote"]).output().is_ok_and(|output| output.status.success()) {
        skip("a program started through the loader", "the loader is not where it usually is");
        return;
    }
    let shown = through_loader(&["remote"]).env(program.variable("DEBUG"), "1").output().unwrap().stderr;
    let shown = String::from_utf8(shown).unwrap();
    assert!(shown.contains("no delivery: the dynamic loader was started"), "{shown}");
    assert!(!program.file("delivery.stamp").exists());
    assert!(status(&mut through_loader(&[]))["no_delivery"].as_str().unwrap().starts_with("the dynamic loader"));
    // As usual, it can.
    assert_eq!(
        status(program.recorded([""; 0]).env(program.variable("ENDPOINT"), sink.url()))["no_delivery"],
        json!(null)
    );
    // In the foreground, nothing has to be started.
    assert!(through_loader(&["telemetry", "flush"]).output().unwrap().status.success());
    assert!(!sink.requests().is_empty());
}

/// The dynamic loader of glibc, from the program that runs this.
fn loader() -> String {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let path =
        |line: &str| line.split_ascii_whitespace().last().filter(|path| path.contains("/ld-")).map(str::to_owned);
    maps.lines().find_map(path).unwrap_or_default()
}
