//! Off means off: the system calls of a run, as seen by `strace`.

use std::fs;
use std::process::Command;
use std::sync::LazyLock;

use support::{Program, run_by, skip};

use crate::decided;

/// Runs of `toolkit` that end in each way, and how `strace` reports the end. A run that sleeps is killed.
pub(crate) const ENDINGS: [(&[&str], &str); 9] = [
    (&["run"], "exited with 0"),
    (&["fail"], "exited with 1"),
    (&["panic"], "exited with 101"),
    (&["exit", "3"], "exited with 3"),
    (&["quit", "4"], "exited with 4"),
    (&["--help"], "exited with 0"),
    (&["--version"], "exited with 0"),
    (&["remote", "add", "--bogus"], "exited with 2"),
    (&["sleep", "60"], "killed by SIGTERM"),
];

/// Whether this process may trace others. If not, `what` is skipped.
#[track_caller]
pub(crate) fn is_permitted(what: &str) -> bool {
    static PERMITTED: LazyLock<bool> = LazyLock::new(|| {
        let traced = Command::new("strace").args(["-o", "/dev/null", "/bin/true"]).status();
        traced.is_ok_and(|status| status.success())
    });
    if !*PERMITTED {
        skip(what, "`strace` is missing, or not permitted here");
    }
    *PERMITTED
}

/// The system calls of `command` that only telemetry makes: those that name one of its paths, use the network, or start
/// another program. Its folders are the default ones.
#[track_caller]
pub(crate) fn calls(program: &Program, command: &mut Command, end: &str) -> Vec<String> {
    command.env_remove(program.variable("DIR"));
    let dir = tempfile::tempdir().unwrap();
    let trace = dir.path().join("trace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-s", "4096", "-e", "trace=%file,%network,/nanosleep", "-o"]).arg(&trace);
    // A run that sleeps is killed.
    strace.args(["-e", "inject=/nanosleep:signal=TERM"]);
    run_by(strace, command).output().unwrap();

    let trace = fs::read_to_string(trace).unwrap();
    assert!(trace.trim_end().ends_with(&format!("+++ {end} +++")), "{trace}");
    let home = program.home().to_str().unwrap();
    let is_telemetry = |call: &&str| {
        let call = call.trim_start_matches(|char: char| char.is_ascii_digit() || char == ' ');
        call.contains(home)
            || call.contains("/telemetry.json")
            || call.starts_with("socket(")
            || call.starts_with("exec")
    };
    // The first call of the trace starts the program.
    trace.lines().skip(1).filter(is_telemetry).map(str::to_owned).collect()
}

#[test]
fn a_recorded_run_makes_visible_system_calls() {
    if is_permitted("that recording can be seen in system calls") {
        for (args, end) in ENDINGS {
            let program = Program::new("toolkit");
            let calls = calls(&program, program.undecided(args).env(program.variable("ENABLED"), "1"), end);
            assert!(calls.iter().any(|call| call.contains("queue.jsonl")), "{args:?}: {calls:#?}");
        }
    }
}

#[test]
fn off_by_variable_names_no_telemetry_path() {
    if !is_permitted("the system calls of a run that a variable turns off") {
        return;
    }
    for variables in [
        &[("DO_NOT_TRACK", "1")][..],
        &[("DO_NOT_TRACK", "1"), ("TOOLKIT_TELEMETRY_ENABLED", "1")],
        &[("TOOLKIT_TELEMETRY_ENABLED", "0")],
    ] {
        for (args, end) in ENDINGS {
            let program = Program::new("toolkit");
            // So that there is something to read.
            put_at_home(&program, "yes");
            let calls = calls(&program, program.undecided(args).envs(variables.iter().copied()), end);
            assert_eq!(calls, Vec::<String>::new(), "{variables:?} {args:?}");
        }
    }
}

#[test]
fn in_ci_no_file_of_the_user_is_read() {
    if is_permitted("the system calls of a run in CI") {
        for (args, end) in ENDINGS {
            let program = Program::new("toolkit");
            let calls = calls(&program, program.undecided(args).env("CI", "true"), end);
            assert_only_read(&calls, &["/etc/toolkit/telemetry.json"]);
        }
    }
}

#[test]
fn off_by_decision_is_one_read_and_no_write() {
    if is_permitted("the system calls of a run that a decision turns off") {
        for (args, end) in ENDINGS {
            for decision in ["no", "told"] {
                let program = Program::new("toolkit");
                put_at_home(&program, decision);
                let calls = calls(&program, &mut program.undecided(args), end);
                assert_only_read(&calls, &["/etc/toolkit/telemetry.json", "/.config/toolkit/telemetry/consent.json"]);
            }
        }
    }
}

#[test]
fn nothing_is_created_before_a_decision() {
    if is_permitted("the system calls of a run before a decision") {
        for (args, end) in ENDINGS {
            let program = Program::new("toolkit");
            let calls = calls(&program, &mut program.undecided(args), end);
            assert_only_read(&calls, &["/etc/toolkit/telemetry.json", "/.config/toolkit/telemetry/consent.json"]);
            assert_eq!(fs::read_dir(program.home()).unwrap().count(), 0);
        }
    }
}

/// Stores a decision in the default folder.
fn put_at_home(program: &Program, decision: &str) {
    let dir = program.home().join(".config/toolkit/telemetry");
    fs::create_dir_all(&dir).unwrap();
    fs::write(dir.join("consent.json"), decided(decision).to_string()).unwrap();
}

/// Whether these calls read each of these files exactly once.
#[track_caller]
fn assert_only_read(calls: &[String], files: &[&str]) {
    assert_eq!(calls.len(), files.len(), "{calls:#?}");
    for (call, file) in calls.iter().zip(files) {
        let opens = call.contains("openat(") || call.contains("open(");
        assert!(opens && call.contains(&format!("{file}\", O_RDONLY|")), "{calls:#?}");
        assert!(!call.contains("O_CREAT"), "{call}");
    }
}
