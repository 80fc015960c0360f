//! Programs that give up rights during their run, and programs that the kernel knows as another.

use std::fs;
use std::process::Command;

use serde_json::json;
use support::{Program, Reply, Sink, delivering, names, run_by, skip};

use crate::status;
use crate::user::{self, ALICE, set_mode};

fn restricted() -> Program {
    Program::at(support::examples().path("restricted").to_owned(), "restricted")
}

#[track_caller]
fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
}

/// The queue is outside. Nothing appears in the jail, even where it has such a folder.
#[test]
fn nothing_is_written_in_a_jail() {
    if !user::are_permitted("a change of the root folder") {
        return;
    }
    let program = restricted();
    let jail = tempfile::tempdir().unwrap();
    let jailed = |program: &Program| run(&mut program.recorded(["jail".as_ref(), jail.path().as_os_str()]));
    // There is no folder yet, neither outside nor inside.
    jailed(&program);
    assert_eq!(names(jail.path()), [""; 0]);

    let inside = jail.path().join(program.telemetry_dir().strip_prefix("/").unwrap());
    fs::create_dir_all(&inside).unwrap();
    jailed(&program);
    assert_eq!(names(&inside), [""; 0]);
    // A folder that is there outside, too.
    run(&mut program.recorded(["work"]));
    jailed(&program);
    assert_eq!(names(&inside), [""; 0]);
    assert_eq!(program.take_events().len(), 1);
}

/// What root has begun, another user may not record. Nothing of that user's is left in root's folder.
#[test]
fn a_run_that_gives_up_its_rights_leaves_nothing_behind() {
    if !user::are_permitted("a program that becomes another user") {
        return;
    }
    let program = restricted();
    let dropped = || run(&mut program.recorded(["drop", &ALICE.to_string()]));
    dropped();
    assert!(!program.telemetry_dir().exists());
    run(&mut program.recorded(["work"]));
    set_mode(program.home(), 0o755);
    set_mode(&program.telemetry_dir(), 0o755);
    dropped();
    assert_eq!(names(&program.telemetry_dir()), ["queue.jsonl"]);
    assert_eq!(program.take_events().len(), 1);
}

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
