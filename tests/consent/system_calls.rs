//! The system calls that telemetry adds to a run are the documented ones.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use support::{Program, delivering, run_by, wait_until};

use crate::traces::is_permitted;

const DOCUMENT: &str = include_str!("../../docs/system-calls.md");

/// How often each call is made.
type Counts = BTreeMap<String, i64>;

/// The sum of the rows in the table after `<!-- calls: NAME -->`.
fn documented(name: &str) -> Counts {
    let (_, table) = DOCUMENT.split_once(&format!("<!-- calls: {name} -->\n")).expect("the document has the table");
    let rows = table.lines().take_while(|line| line.starts_with('|')).skip(2);
    let mut counts = Counts::new();
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let number: i64 = cells[2].parse().expect("the second column is a number");
        *counts.entry(cells[1].trim_matches('`').to_owned()).or_insert(0) += number;
    }
    counts
}

/// The calls of `command` from main on. Those of the processes it starts are not among them.
fn calls(command: &Command) -> Counts {
    let dir = tempfile::tempdir().unwrap();
    let trace = dir.path().join("trace");
    let mut strace = Command::new("strace");
    strace.arg("-o").arg(&trace);
    assert!(run_by(strace, command).output().unwrap().status.success());
    let trace = std::fs::read_to_string(trace).unwrap();
    // The last thing that Rust's runtime does before main.
    let (_, main) = trace.rsplit_once("rt_sigaction(SIGBUS, {").expect("the runtime of Rust handles SIGBUS");
    let mut counts = Counts::new();
    // In a debug build, std looks at a file that it is about to close.
    for line in main.lines().skip(1).filter(|line| !line.contains("F_GETFD")) {
        if let Some((name, _)) = line.split_once('(') {
            *counts.entry(name.to_owned()).or_insert(0) += 1;
        }
    }
    counts
}

/// What `more` has beyond `fewer`.
fn beyond(more: &Counts, fewer: &Counts) -> Counts {
    let mut counts = more.clone();
    fewer.iter().for_each(|(name, number)| *counts.entry(name.clone()).or_insert(0) -= number);
    counts.retain(|_, number| *number != 0);
    counts
}

fn at_home(program: &Path, like: &Program) -> Command {
    let run = like.undecided(["remote"]);
    let mut command = Command::new(program);
    command.args(run.get_args()).envs(run.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command
}

#[test]
fn the_calls_of_a_run_are_documented() {
    if !is_permitted("that the system calls of a run are documented") {
        return;
    }
    let program = Program::called("attributed", "toolkit");
    let plain = calls(&at_home(support::examples().path("plain"), &program));
    let mut off = program.undecided(["remote"]);
    off.env(program.variable("ENABLED"), "0");
    assert_eq!(beyond(&calls(&off), &plain), documented("off"));

    assert!(program.recorded(["remote"]).output().unwrap().status.success());
    let recorded = calls(&program.recorded(["remote"]));
    assert_eq!(beyond(&recorded, &plain), documented("recorded"));

    let consent = crate::decided("yes").to_string();
    std::fs::write(program.file("consent.json"), consent).unwrap();
    let decided = calls(&program.undecided(["remote"]));
    assert_eq!(beyond(&decided, &recorded), documented("decided"));
}

#[test]
fn the_calls_that_start_a_delivery_are_documented() {
    if !is_permitted("that the system calls which start a delivery are documented") {
        return;
    }
    let program = Program::at(delivering().path("toolkit").to_owned(), "toolkit");
    let run = || {
        let mut command = program.recorded(["remote"]);
        command.env(program.variable("ENDPOINT"), "http://127.0.0.1:9/");
        command
    };
    let has_ended = || wait_until("the end of the delivery", || program.workers().is_empty());
    assert!(run().output().unwrap().status.success());
    has_ended();
    // The delivery has taken the queue. Another run begins a new one.
    assert!(run().output().unwrap().status.success());
    let recorded = calls(&run());
    let stamp = File::options().append(true).open(program.file("delivery.stamp")).unwrap();
    stamp.set_modified(SystemTime::now() - Duration::from_secs(10_000)).unwrap();
    assert_eq!(beyond(&calls(&run()), &recorded), documented("delivery"));
    has_ended();
}
