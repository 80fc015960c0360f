//! Programs that give up rights during their run, and programs that the kernel knows as another.

// A static program has no loader.
#[cfg(not(target_feature = "crt-static"))]
mod loader;

use std::fs;
use std::process::Command;

use support::{Program, names};

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
