//! Full disks, and limits of the process.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use support::{Program, delivering, names, run_by, run_in_shell, skip, wait_until};

use crate::run;

/// `command` under a limit for the size of files. What exceeds it raises `SIGXFSZ`, which ends a process that does not
/// handle it.
fn limited(blocks: u32, command: &Command) -> Command {
    run_in_shell(&format!(r#"ulimit -f {blocks}; exec "$@""#), command)
}

/// No write of ours ends the program, and no piece of a file stays behind.
#[test]
fn a_limit_for_the_size_of_files_ends_nothing() {
    let program = Program::new("toolkit");
    for decision in ["enable", "disable"] {
        let output = limited(0, &program.undecided(["telemetry", decision])).output().unwrap();
        let shown = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{shown}");
        assert!(shown.contains("save your decision in"), "{shown}");
        assert_eq!(names(&program.telemetry_dir()), [""; 0]);
    }
    run(&mut limited(0, &program.recorded(["remote"])));
    let server = Program::new("server");
    let output = limited(0, &server.recorded(["ping", "0"])).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}

/// `command` with a small file system at `dir`, which holds what was there, and is filled to the last byte.
fn on_full_disk(dir: &Path, command: &Command) -> Command {
    let script = r#"kept=$(mktemp -d) && cp -a "$1"/. "$kept" && mount -t tmpfs -o size=64k none "$1" && cp -a "$kept"/. "$1" &&
        rm -r "$kept" && dir="$1" && shift || exit
        dd if=/dev/zero of="$dir/fill" bs=1k 2>/dev/null; "$@"; code=$?; rm "$dir/fill"; ls "$dir"; exit $code"#;
    let mut mounted = Command::new("/usr/bin/unshare");
    mounted.args(["-rm", "/bin/sh", "-c", script, "sh"]).arg(dir);
    run_by(mounted, command)
}

/// A yes must not stay in force because there is no room for the no.
#[test]
fn a_no_needs_no_room_on_the_disk() {
    let program = Program::new("toolkit");
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("full-disk-{}", std::process::id()));
    fs::create_dir_all(&dir).unwrap();
    let command = |args: &[&str]| {
        let mut command = program.undecided(args);
        command.env(program.variable("DIR"), &dir);
        command
    };
    assert!(command(&["telemetry", "enable"]).status().unwrap().success());
    let probe = on_full_disk(&dir, &Command::new("/bin/true")).output();
    if !probe.is_ok_and(|output| output.status.success()) {
        skip("a full disk", "`unshare` or `mount` is missing, or not permitted here");
        return;
    }
    let output = on_full_disk(&dir, &command(&["telemetry", "disable"])).output().unwrap();
    let left = String::from_utf8(output.stdout).unwrap();
    assert!(!left.contains("queue"), "{left}");
    if !output.status.success() {
        let shown = String::from_utf8(output.stderr).unwrap();
        assert!(shown.contains("save your decision in"), "{shown}");
        assert!(!left.contains("consent.json"), "the yes is still there: {left}");
    }
    fs::remove_dir_all(dir).unwrap();
}

/// Longer than a buffer of half a kilobyte; the system itself allows four.
#[test]
fn long_paths_are_no_obstacle() {
    let program = Program::new("toolkit");
    let mut dir = program.home().to_owned();
    while dir.as_os_str().len() < 900 {
        dir.push("x".repeat(100));
    }
    fs::create_dir_all(&dir).unwrap();
    let dir = dir.join("telemetry");
    let recorded = || {
        let mut command = program.recorded(["remote"]);
        command.env(program.variable("DIR"), &dir);
        command
    };
    run(&mut recorded());
    let queue = dir.join("queue.jsonl");
    let line = fs::read_to_string(&queue).unwrap();
    fs::write(&queue, line.repeat(512 * 1024 / line.len())).unwrap();
    run(&mut recorded());
    assert_eq!(names(&dir), ["drain.lock", "queue.jsonl", "queue.old.jsonl"]);
}

/// A line that finds no room is counted, in a file that needs none. So is each of several at once, however long it takes to
/// count one.
#[test]
fn a_full_disk_counts_what_it_loses() {
    const RUNS: usize = 12;
    let program = Program::new("toolkit");
    let dir = program.telemetry_dir();
    fs::create_dir_all(&dir).unwrap();
    let script = r#"for run in $(seq "$1"); do "$0" remote >/dev/null & done; wait; stat -c %s-lost "$2/queue.lost""#;
    let recorded = program.recorded([""; 0]);
    let mut shell = Command::new("/bin/sh");
    shell.args(["-c", script]).arg(program.path()).arg(RUNS.to_string()).arg(&dir);
    shell.envs(recorded.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let mut slow = Command::new("strace");
    slow.args(["-f", "-o", "/dev/null", "-e", "inject=ftruncate:delay_enter=1000"]);
    if !Command::new("strace").arg("-V").stdout(Stdio::null()).status().is_ok_and(|status| status.success()) {
        skip("what a full disk loses", "there is no `strace`");
        return;
    }
    let output = on_full_disk(&dir, &run_by(slow, &shell)).output().unwrap();
    if String::from_utf8_lossy(&output.stderr).contains("unshare") {
        skip("a full disk", "`unshare` or `mount` is missing, or not permitted here");
        return;
    }
    assert!(output.status.success(), "{output:?}");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.starts_with(&format!("{RUNS}-lost\n")), "{shown}");
}

/// A delivery that is due needs memory. Where there is none left, it does not start, and the program lives on.
#[test]
fn a_delivery_that_is_due_needs_no_memory() {
    /// In KiB. Recording itself needs some pages of the stack.
    const PAGES: u32 = 32;
    const STEP: u32 = 16;
    let program = Program::at(delivering().path("toolkit").to_owned(), "toolkit");
    let lives = |kilobytes: u32, enabled: &str| {
        let _ = fs::remove_file(program.file("delivery.stamp"));
        let mut command = program.undecided(["remote"]);
        command.env(program.variable("ENABLED"), enabled).env(program.variable("ENDPOINT"), "http://127.0.0.1:9/");
        // One that the worker gets, and one that it does not.
        command.env("NO_PROXY", "x".repeat(60_000)).env("SECRET", "x".repeat(120_000));
        let script = format!(r#"ulimit -v {kilobytes}; exec "$@""#);
        run_in_shell(&script, &command).output().unwrap().status.success()
    };
    // The least with which it lives when telemetry is off.
    let least = (4_000..).step_by(STEP as usize).find(|&kilobytes| (0..3).all(|_| lives(kilobytes, "0"))).unwrap();
    for kilobytes in (least + PAGES..least + 512).step_by(STEP as usize) {
        assert!(lives(kilobytes, "1"), "off, it lives with {least} KiB; on, it does not with {kilobytes} KiB");
    }
    assert!(program.file("delivery.stamp").exists(), "the delivery is due each time");
    wait_until("the end of all workers", || program.workers().is_empty());
}
