//! The queue, filled by real processes. Obstacles and losses do no harm.
//!
//! In this order: many writers at once, rotation, locks held by others, unexpected files and folders, and full disks.

use std::collections::HashSet;
use std::fs::{self, File};
#[cfg(unix)]
use std::os::unix::fs::{MetadataExt, symlink};
use std::path::Path;
#[cfg(unix)]
use std::process::Command;
use std::process::Stdio;
use std::thread;

#[cfg(unix)]
use rustix::process::Signal;
use serde_json::Value;
use support::{PROMPT, Program, names, output_within, scaled, started};
#[cfg(unix)]
use support::{end_by, run_in_shell};

/// Half of the queue's cap: the size at which it rotates.
const FULL: usize = 512 * 1024;

/// A run that must end as without telemetry, and at once.
#[track_caller]
fn run(program: &Program) {
    let output = output_within(PROMPT, &mut program.recorded(["remote"]));
    assert!(output.status.success());
    assert_eq!(output.stdout, b"no remotes\n");
    assert_eq!(output.stderr, b"");
}

/// The lines in a file of the queue. Empty lines are ignored: a process that takes a line for torn while another is still
/// writing it starts a new one.
fn lines(path: impl AsRef<Path>) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn files(program: &Program) -> Vec<String> {
    names(&program.telemetry_dir())
}

/// A queue without room for another line.
fn full(program: &Program) {
    run(program);
    let path = program.file("queue.jsonl");
    let line = fs::read_to_string(&path).unwrap();
    let mut full = line.repeat(FULL / line.len());
    // To the last byte: the line of another run may be shorter.
    let room = " ".repeat(FULL - full.len());
    full.insert_str(full.len() - 1, &room);
    fs::write(path, full).unwrap();
}

#[test]
fn many_writers_at_once() {
    const WRITERS: usize = 64;
    let runs = scaled(5);
    let program = Program::new("toolkit");
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                for _ in 0..runs {
                    let status = program.recorded(["remote"]).stdout(Stdio::null()).status().unwrap();
                    assert!(status.success());
                }
            });
        }
    });
    let events = lines(program.file("queue.jsonl"));
    let sessions: HashSet<&str> = events.iter().map(|event| event["session_id"].as_str().unwrap()).collect();
    assert_eq!((events.len(), sessions.len()), (WRITERS * runs, WRITERS * runs));
    assert_eq!(files(&program), ["queue.jsonl"]);
}

#[test]
fn a_full_queue_rotates() {
    let program = Program::new("toolkit");
    full(&program);
    run(&program);
    assert_eq!(files(&program), ["drain.lock", "queue.jsonl", "queue.old.jsonl"]);
    assert_eq!(lines(program.file("queue.jsonl")).len(), 1);
    let dropped = lines(program.file("queue.old.jsonl")).len();

    full(&program);
    run(&program);
    let rows = lines(program.file("queue.jsonl"));
    assert_eq!(rows[0]["dropped"], dropped);
    assert_eq!(rows.len(), 2);
    #[cfg(unix)]
    for name in files(&program) {
        let mode = program.telemetry_dir().join(&name).metadata().unwrap().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_full_queue_rotates_in_a_signal_handler_too() {
    let program = Program::new("toolkit");
    full(&program);
    let child = started(&mut program.recorded(["-v", "sleep", "60"]));
    end_by(child, Signal::TERM.as_raw());
    let rows = lines(program.file("queue.jsonl"));
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["status"], "interrupted");
    assert!(program.file("queue.old.jsonl").exists());
}

#[test]
fn while_the_lock_is_held_lines_go_to_a_second_file() {
    let program = Program::new("toolkit");
    run(&program);
    let held = File::open(program.file("queue.jsonl")).unwrap();
    held.lock().unwrap();
    run(&program);
    run(&program);
    assert_eq!(lines(program.file("queue.spill.jsonl")).len(), 2);

    let spill = File::open(program.file("queue.spill.jsonl")).unwrap();
    spill.lock().unwrap();
    run(&program);
    assert_eq!(fs::read(program.file("queue.lost")).unwrap().len(), 1);
    assert_eq!(files(&program), ["queue.jsonl", "queue.lost", "queue.spill.jsonl"]);
    // On Windows nobody else can read a file that is locked as a whole.
    drop((held, spill));
    assert_eq!(lines(program.file("queue.jsonl")).len(), 1);
    assert_eq!(lines(program.file("queue.spill.jsonl")).len(), 2);
}

/// It is neither used nor changed. The events go to the file beside it.
#[test]
fn something_else_in_place_of_the_file_is_left_alone() {
    let program = Program::new("toolkit");
    fs::create_dir(program.telemetry_dir()).unwrap();
    let queue = program.file("queue.jsonl");
    let spilled = |program: &Program| lines(program.file("queue.spill.jsonl")).len();

    #[cfg(unix)]
    {
        assert!(Command::new("mkfifo").arg(&queue).status().unwrap().success());
        run(&program);
        assert_eq!(spilled(&program), 1);
        fs::remove_file(&queue).unwrap();

        let elsewhere = program.home().join("elsewhere");
        symlink(&elsewhere, &queue).unwrap();
        run(&program);
        assert!(!elsewhere.exists());
        assert_eq!(spilled(&program), 2);
        fs::remove_file(&queue).unwrap();
    }

    let before = spilled(&program);
    fs::create_dir(&queue).unwrap();
    run(&program);
    assert_eq!(spilled(&program), before + 1);
    assert_eq!(files(&program), ["queue.jsonl", "queue.spill.jsonl"]);
}

#[test]
fn a_run_does_without_an_unusable_folder() {
    let program = Program::new("toolkit");
    fs::write(program.telemetry_dir(), "").unwrap();
    run(&program);
    assert_eq!(fs::read(program.telemetry_dir()).unwrap(), b"");

    let nowhere = if cfg!(unix) { "/proc/telemetry" } else { r"Q:\telemetry" };
    let output = program.recorded(["remote"]).env(program.variable("DIR"), nowhere).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty());
}

#[test]
fn a_removed_folder_is_created_again() {
    let program = Program::at(env!("CARGO_BIN_EXE_endings").into(), "endings");
    let mut child = started(program.recorded(["hold"]).stdin(Stdio::piped()));
    program.recorded(["return"]).output().unwrap();
    fs::remove_dir_all(program.telemetry_dir()).unwrap();
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
    assert_eq!(lines(program.file("queue.jsonl")).len(), 1);
    #[cfg(unix)]
    assert_eq!(program.telemetry_dir().metadata().unwrap().mode() & 0o777, 0o700);
}

/// The signal for exceeding the limit ends an unprepared process.
#[cfg(unix)]
#[test]
fn a_file_size_limit_does_not_end_the_program() {
    let program = Program::new("toolkit");
    for limit in ["0", "1"] {
        for _ in 0..4 {
            let script = format!(r#"ulimit -f {limit}; exec "$@""#);
            let output = run_in_shell(&script, &program.recorded(["remote"])).output().unwrap();
            assert!(output.status.success(), "{limit}: {:?}", output.status);
            assert_eq!(output.stdout, b"no remotes\n");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_full_disk_loses_one_event_and_not_its_neighbours() {
    let program = Program::new("toolkit");
    run(&program);
    let line = fs::read_to_string(program.file("queue.jsonl")).unwrap();
    // Two and a half lines need two blocks of 512 bytes, or a little more: the last line is torn.
    let limited = |blocks: usize| {
        let script = format!(r#"trap "" XFSZ; ulimit -f {blocks}; exec "$@""#);
        let output = run_in_shell(&script, &program.recorded(["remote"])).output().unwrap();
        assert!(output.status.success());
        assert_eq!(output.stderr, b"");
    };
    let fit = 1024 / line.len();
    (0..fit + 2).for_each(|_| limited(2));
    run(&program);
    let text = fs::read_to_string(program.file("queue.jsonl")).unwrap();
    let whole = text.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok()).count();
    assert_eq!(whole, fit + 1, "{text}");
    assert!(text.ends_with("}\n"));
}

/// As after a crash of the machine.
#[test]
fn a_torn_line_costs_no_other() {
    let program = Program::new("toolkit");
    run(&program);
    let path = program.file("queue.jsonl");
    let line = fs::read_to_string(&path).unwrap();
    fs::write(&path, &line[..line.len() / 2]).unwrap();
    run(&program);
    let text = fs::read_to_string(path).unwrap();
    let whole = text.lines().filter(|line| serde_json::from_str::<Value>(line).is_ok()).count();
    assert_eq!((whole, text.lines().count()), (1, 2), "{text}");
}
