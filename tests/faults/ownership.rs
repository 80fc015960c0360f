//! Files and folders of somebody else, and processes with the privileges of somebody else.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use rustix::process::Signal;
use serde_json::json;
use support::{Program, end_by, names, started};

use crate::user::{self, ALICE, MALLORY, give, run_as, set_mode};
use crate::{at_home, run, status};

const QUEUE: &str = ".local/state/toolkit/telemetry/queue.jsonl";

/// A home of Alice.
fn alices() -> Program {
    let program = Program::new("toolkit");
    give(program.home(), ALICE);
    program
}

/// `sudo tool` with the user's `HOME` kept: nothing of root's is left in it.
#[test]
fn root_writes_nothing_to_a_user_s_home() {
    if !user::are_permitted("root in the home of a user") {
        return;
    }
    let program = alices();
    run(&mut at_home(&program, &["remote"]));
    for decision in ["enable", "disable"] {
        let output = at_home(&program, &["telemetry", decision]).output().unwrap();
        let shown = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && shown.contains("belongs to another user"), "{shown}");
        assert!(shown.contains("set HOME to your own home"), "{shown}");
    }
    let shown = String::from_utf8(at_home(&program, &["telemetry", "status"]).output().unwrap().stdout).unwrap();
    assert!(shown.contains("belongs to another user"), "{shown}");
    assert_eq!(names(program.home()), [""; 0]);
    // A no of the user counts for root, too.
    let decide = |decision: &str| run_as(ALICE, &at_home(&program, &["telemetry", decision])).output().unwrap();
    assert!(decide("disable").status.success());
    let mut as_root = at_home(&program, &[]);
    let status = status(as_root.env_remove(program.variable("ENABLED")));
    assert_eq!([&status["enabled"], &status["source"]], [&json!(false), &json!("decision")]);
}

/// Files that root has left in a user's folder stop neither events nor deliveries.
#[test]
fn files_of_root_stop_nothing() {
    if !user::are_permitted("files of root in the folder of a user") {
        return;
    }
    let program = alices();
    run(&mut run_as(ALICE, &at_home(&program, &["remote"])));
    let queue = program.home().join(QUEUE);
    let before = fs::read(&queue).unwrap();
    for file in [&queue, &queue.with_file_name("delivery.stamp")] {
        fs::write(file, &before).unwrap();
        give(file, 0);
        set_mode(file, 0o600);
    }
    run(&mut run_as(ALICE, &at_home(&program, &["remote"])));
    assert_eq!(fs::read(&queue).unwrap(), before);
    let spill = fs::read_to_string(queue.with_file_name("queue.spill.jsonl")).unwrap();
    assert_eq!(spill.lines().count(), 1);
    let shown = run_as(ALICE, &at_home(&program, &["telemetry", "status"])).output().unwrap().stdout;
    let shown = String::from_utf8(shown).unwrap();
    let said = format!("\nProblem:       {} is not yours, and not used\n", queue.display());
    assert!(shown.contains(&said), "{shown}");
}

#[test]
fn a_home_that_others_can_write_to_is_nobody_s() {
    if !user::are_permitted("a shared home") {
        return;
    }
    for (owner, mode) in [(ALICE, 0o777), (MALLORY, 0o755)] {
        let program = Program::new("toolkit");
        give(program.home(), owner);
        set_mode(program.home(), mode);
        run(&mut run_as(ALICE, &at_home(&program, &["remote"])));
        assert_eq!(names(program.home()), [""; 0], "{owner} {mode:o}");
    }
}

/// What Mallory has put there, or can write to, is not used.
#[test]
fn files_of_other_users_do_not_count() {
    if !user::are_permitted("files of other users") {
        return;
    }
    let program = alices();
    let decide = |decision: &str| {
        let output = run_as(ALICE, &at_home(&program, &["telemetry", decision])).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    decide("enable");
    let consent = program.home().join(".config/toolkit/telemetry/consent.json");
    let seen = || {
        let mut command = at_home(&program, &[]);
        command.env_remove(program.variable("ENABLED"));
        let status = status(&mut run_as(ALICE, &command));
        (status["enabled"].clone(), status["source"].clone())
    };
    assert_eq!(seen(), (json!(true), json!("decision")));
    for (owner, mode) in [(MALLORY, 0o644), (ALICE, 0o666)] {
        give(&consent, owner);
        set_mode(&consent, mode);
        assert_eq!(seen(), (json!(false), json!("default")), "{owner} {mode:o}");
    }
    decide("disable");
    give(&consent, MALLORY);
    set_mode(&consent, 0o644);
    assert_eq!(seen(), (json!(false), json!("decision")), "a no always counts");

    let queue = program.home().join(QUEUE);
    fs::remove_file(&consent).unwrap();
    run(&mut run_as(ALICE, &at_home(&program, &["remote"])));
    set_mode(&queue, 0o666);
    run(&mut run_as(ALICE, &at_home(&program, &["remote"])));
    assert_eq!(fs::read_to_string(&queue).unwrap().lines().count(), 1);
    // A folder that others can write to is not used at all.
    set_mode(queue.parent().unwrap(), 0o777);
    let before = names(queue.parent().unwrap());
    run(&mut run_as(ALICE, &at_home(&program, &["remote"])));
    assert_eq!(names(queue.parent().unwrap()), before);
}

/// Setuid: the environment is the caller's, and the privileges are not.
#[test]
fn a_privileged_process_is_off() {
    if !user::are_permitted("a setuid program") {
        return;
    }
    let mut program = Program::new("toolkit");
    let setuid = program.home().join("setuid");
    // By another process: a child that another test has just forked could hold a copy written here open.
    assert!(Command::new("cp").arg(program.path()).arg(&setuid).status().unwrap().success());
    program.become_program(setuid.clone());
    set_mode(program.home(), 0o755);
    for (what, owner, mode, is_off) in
        [("plain", 0, 0o755, false), ("setuid", 0, 0o4755, true), ("unreadable", 0, 0o711, false)]
    {
        give(&setuid, owner);
        set_mode(&setuid, mode);
        let dir = tempfile::tempdir().unwrap();
        give(dir.path(), MALLORY);
        let telemetry = dir.path().join("telemetry");
        let mut command = program.recorded(["remote"]);
        command.env(program.variable("DIR"), &telemetry);
        run(&mut run_as(MALLORY, &command));
        assert_eq!(telemetry.exists(), !is_off, "{what}");
        if is_off {
            let output = run_as(MALLORY, command.arg("--help")).output().unwrap();
            assert!(output.status.success());
            assert!(!telemetry.exists());
        }
    }
    assert_eq!(fs::metadata(&setuid).unwrap().uid(), 0);
}

/// A folder that is deleted during a run does not come back; one that was never there is made.
#[test]
fn a_folder_deleted_during_a_run_stays_deleted() {
    let program = Program::new("toolkit");
    for (existed, exists) in [(false, true), (true, false)] {
        let telemetry = program.telemetry_dir();
        assert_eq!(telemetry.exists(), existed);
        let under_way = started(&mut program.recorded(["-v", "sleep", "60"]));
        let _ = fs::remove_dir_all(&telemetry);
        end_by(under_way, Signal::TERM.as_raw());
        assert_eq!(telemetry.exists(), exists);
    }
}

#[test]
fn a_missing_home_is_not_made_by_a_decision() {
    let program = Program::new("toolkit");
    let home = program.home().join("missing");
    for decision in ["enable", "disable"] {
        let output = at_home(&program, &["telemetry", decision]).env("HOME", &home).output().unwrap();
        let shown = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && shown.contains("does not exist"), "{shown}");
        assert!(!home.exists());
    }
}
