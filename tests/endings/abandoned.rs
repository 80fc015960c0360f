//! Key `abandoned`: the next run records what the ended run could not.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::thread;

use serde_json::{Value, json};
use support::{names, scaled};

#[cfg(unix)]
use crate::column::OVERFLOW;
use crate::column::{Column, Ends, facts};

/// A run that is recorded even if it ends without a trace.
fn watched(column: &Column, args: &[&str]) -> Command {
    column.command("watched", args)
}

/// How the program ends. All its processes have then ended: they hold the pipes.
fn ended(command: &mut Command) -> Ends {
    command.output().expect("the program runs").status.into()
}

/// The events that the next run leaves. That run does nothing but record others; its own event comes last.
#[track_caller]
fn told_by_next_run(column: &Column) -> Vec<Value> {
    assert_eq!(ended(&mut watched(column, &["return"])), Ends::Code(0));
    let mut events = column.program().take_events();
    assert_eq!(facts(&events.pop().expect("a run leaves an event")), json!([["return"], "success", 0, null]));
    events
}

fn abandoned(command: &str) -> Value {
    json!([[command], "undefined", -1, "abandoned"])
}

/// The files of running processes.
fn notes(column: &Column) -> Vec<PathBuf> {
    let dir = column.program().file("running");
    if dir.exists() { names(&dir).iter().map(|name| dir.join(name)).collect() } else { Vec::new() }
}

/// The only one of these files.
#[track_caller]
fn note(column: &Column) -> PathBuf {
    let notes = notes(column);
    assert_eq!(notes.len(), 1, "{notes:?}");
    notes[0].clone()
}

/// A run that continues until it is killed.
fn going_on(column: &Column) -> Child {
    column.started("watched", &["wait"])
}

fn kill(mut child: Child) {
    child.kill().expect("it is a child");
    child.wait().expect("it is a child");
}

#[cfg(unix)]
#[test]
fn the_next_run_records_an_abandoned_run() {
    for column in [Column::sync(), Column::abort()] {
        for (args, ends) in [
            (&["kill", "9"][..], Ends::Signal(9)),
            (&["abort"], Ends::Signal(6)),
            (&["crash"], Ends::Signal(11)),
            (&["overflow"], Ends::Signal(OVERFLOW)),
            (&["exit-at-once", "4"], Ends::Code(4)),
            (&["exec"], Ends::Code(8)),
        ] {
            assert_eq!(ended(&mut watched(&column, args)), ends);
            assert_eq!(column.program().take_lines(), [""; 0], "{args:?}: not seen");
            let told = told_by_next_run(&column);
            assert_eq!(told.iter().map(facts).collect::<Vec<_>>(), [abandoned(args[0])]);
            assert_eq!((&told[0]["ending"], &told[0]["duration_us"]), (&json!("abandoned"), &json!(-1)));
            assert_eq!(told_by_next_run(&column), [Value::Null; 0], "{args:?}: told once");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_recorded_run_is_not_recorded_as_abandoned() {
    for column in [Column::sync(), Column::abort()] {
        for args in [
            &["return"][..],
            &["exit", "3"],
            &["kill", "15"],
            &["panic"],
            &["exec-told"],
            &["fork-exit"],
            &["fork-return"],
            &["daemon-exit"],
            &["orphan"],
            &["--help"],
            &["--bogus"],
        ] {
            ended(&mut watched(&column, args));
            assert_eq!(column.program().take_events().len(), 1, "{args:?}");
            assert_eq!(told_by_next_run(&column), [Value::Null; 0], "{args:?}");
            assert_eq!(notes(&column), [""; 0].map(PathBuf::from), "{args:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_skipped_command_is_not_recorded_as_abandoned() {
    let column = Column::sync();
    for signal in ["0", "2", "9"] {
        ended(&mut watched(&column, &["kill-skipped", signal]));
        assert_eq!(told_by_next_run(&column), [Value::Null; 0]);
    }
}

#[cfg(unix)]
#[test]
fn the_first_parsed_command_is_recorded() {
    let column = Column::sync();
    for line in ["kill-skipped 0", "tell", "no-such-command"] {
        let again = |args: &[&str]| {
            let mut command = watched(&column, args);
            ended(command.env("ENDINGS_PARSES_AGAIN", line));
        };
        again(&["kill", "9"]);
        assert_eq!(told_by_next_run(&column).iter().map(facts).collect::<Vec<_>>(), [abandoned("kill")], "{line}");
        again(&["return", "3"]);
        let events = column.program().take_events();
        assert_eq!(events.iter().map(facts).collect::<Vec<_>>(), [json!([["return"], "success", 0, null])], "{line}");
    }
}

#[cfg(unix)]
#[test]
fn printed_events_leave_no_running_file() {
    let column = Column::sync();
    let mut command = watched(&column, &["kill", "9"]);
    assert_eq!(ended(command.env(column.program().variable("ENDPOINT"), "stdout")), Ends::Signal(9));
    assert!(!column.program().telemetry_dir().exists());
}

#[test]
fn without_the_key_nothing_is_written_at_the_start() {
    let column = Column::sync();
    let child = column.started("unit", &["wait"]);
    assert!(!column.program().telemetry_dir().exists());
    kill(child);
    assert!(!column.program().telemetry_dir().exists());
    assert_eq!(told_by_next_run(&column), [Value::Null; 0]);
}

#[test]
fn a_running_process_is_not_abandoned() {
    let column = Column::sync();
    let child = going_on(&column);
    assert_eq!(told_by_next_run(&column), [Value::Null; 0]);
    assert_eq!(notes(&column).len(), 1);
    kill(child);
    assert_eq!(told_by_next_run(&column).len(), 1);
}

/// Another process may have got the id of a killed one.
#[cfg(target_os = "linux")]
#[test]
fn a_reused_process_id_is_recognized() {
    let column = Column::sync();
    kill(going_on(&column));
    let note = note(&column);
    let text = fs::read_to_string(&note).expect("the note can be read");
    // This process is running, but did not start at the time in the file.
    let forged: String = text.lines().map(|line| format!("{}\n", forge(line, begun_earlier))).collect();
    fs::write(&note, forged).expect("the note can be written");
    assert_eq!(told_by_next_run(&column).iter().map(facts).collect::<Vec<_>>(), [abandoned("wait")]);

    // If it had started at that time, it would be that process.
    fs::write(&note, text.lines().map(|line| format!("{}\n", forge(line, begun_now))).collect::<String>())
        .expect("the note can be written");
    assert_eq!(told_by_next_run(&column), [Value::Null; 0]);
}

/// The line, as if this process had written it.
#[cfg(target_os = "linux")]
fn forge(line: &str, further: impl Fn(&mut Value)) -> Value {
    let mut note: Value = serde_json::from_str(line).expect("a line is JSON");
    note["process"]["pid"] = json!(std::process::id());
    further(&mut note);
    note
}

#[cfg(target_os = "linux")]
fn begun_now(note: &mut Value) {
    let stat = fs::read_to_string("/proc/self/stat").expect("this is Linux");
    let start = stat.rsplit(')').next().and_then(|fields| fields.split_whitespace().nth(19));
    note["process"]["start"] = json!(start.and_then(|start| start.parse::<u64>().ok()));
}

/// By one clock tick, within which this process and the killed one may both have started.
#[cfg(target_os = "linux")]
fn begun_earlier(note: &mut Value) {
    begun_now(note);
    let start = note["process"]["start"].as_u64().expect("Linux tells it");
    note["process"]["start"] = json!(start - 1);
}

#[test]
fn concurrent_runs_record_an_abandoned_run_once() {
    let column = Column::sync();
    const ABANDONED: usize = 20;
    // Wine does not start more at once reliably.
    const AT_ONCE: usize = if cfg!(windows) { 4 } else { 12 };
    for _ in 0..scaled(1) {
        let children: Vec<Child> = (0..ABANDONED).map(|_| going_on(&column)).collect();
        children.into_iter().for_each(kill);
        thread::scope(|scope| {
            for _ in 0..AT_ONCE {
                scope.spawn(|| {
                    (0..4).for_each(|_| assert_eq!(ended(&mut watched(&column, &["return"])), Ends::Code(0)))
                });
            }
        });
        let events = column.program().take_events();
        let told = events.iter().filter(|event| event["error_class"] == "abandoned").count();
        assert_eq!((events.len(), told), (ABANDONED + 4 * AT_ONCE, ABANDONED));
        assert_eq!(told_by_next_run(&column), [Value::Null; 0]);
        assert_eq!(notes(&column).len(), 0);
    }
}

/// The content of the file is not trusted: anybody could have written it.
#[test]
fn text_of_a_running_file_does_not_reach_an_event() {
    let column = Column::sync();
    kill(going_on(&column));
    let note = note(&column);
    let text = fs::read_to_string(&note).expect("the note can be read");
    let mut forged: Value = serde_json::from_str(text.lines().last().expect("a line")).expect("a line is JSON");
    forged["command"] = json!(["wait", "/home/user"]);
    forged["version"] = json!("secret");
    forged["more"] = json!("secret");
    fs::write(&note, format!("{forged}\n")).expect("the note can be written");
    let told = told_by_next_run(&column);
    assert_eq!(told.iter().map(facts).collect::<Vec<_>>(), [abandoned("wait")]);
    assert!(!told[0].to_string().contains("secret"), "{}", told[0]);
}

/// Half a line, or none, names no process.
#[test]
fn a_torn_running_file_is_ignored() {
    let column = Column::sync();
    ended(&mut watched(&column, &["return"]));
    column.program().take_lines();
    let dir = column.program().file("running");
    for (name, text) in [("0123456789abcdef0123456789abcdef", "{\"v\":1,\"comm"), ("notes.txt", "my own file\n")] {
        fs::write(dir.join(name), text).expect("a file can be written");
    }
    assert_eq!(told_by_next_run(&column), [Value::Null; 0]);
    assert!(dir.join("notes.txt").exists(), "not ours");
}
