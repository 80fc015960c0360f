//! Signals at random moments: one event each time, and death by that signal.

use std::io::Read;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use support::{Random, seed};

use crate::column::{Column, Ends, facts};

const RUNS: u64 = 200;
const SIGNALS: [(Signal, &str); 4] =
    [(Signal::INT, "SIGINT"), (Signal::TERM, "SIGTERM"), (Signal::HUP, "SIGHUP"), (Signal::QUIT, "SIGQUIT")];

/// The longest time in microseconds between the first instruction of main and the signal. The command line is parsed
/// within the first tenth of it.
const LATEST: usize = 3_000;

#[test]
fn a_signal_at_any_moment_leaves_one_event() {
    let seed = seed("ENDINGS_SEED");
    let columns = [(Column::sync(), "announces"), (Column::tokio(), "unit"), (Column::abort(), "announces")];
    let mut with_command = 0;
    for run in 0..RUNS {
        let random = &mut Random::new(seed ^ run);
        let (column, main) = &columns[random.below(columns.len())];
        let (signal, name) = random.pick(&SIGNALS);
        let moment = random_moment(random);
        let mut child = started(column, main, "60000000");
        thread::sleep(moment);
        send(&child, signal);
        let about = format!("run {run}: {name} after {moment:?}");
        let ends = Ends::from(child.wait().expect("the program runs"));
        assert_eq!(ends, Ends::Signal(signal.as_raw()), "{about}");

        let events = column.program().take_events();
        assert_eq!(events.len(), 1, "{about}: {events:?}");
        let event = facts(&events[0]);
        assert_eq!(
            event,
            json!([event[0], "interrupted", 128 + signal.as_raw(), name]),
            "{about}, and nothing else happens meanwhile"
        );
        // Before the parse nobody knows the command.
        assert!(event[0] == json!([]) || event[0] == json!(["wait"]), "{about}: {event}");
        with_command += usize::from(event[0] == json!(["wait"]));
    }
    assert!(with_command > 0, "some signals come after the parse");
}

/// The program ends at about the time of the signal. It may be too late for the signal to count.
#[test]
fn a_signal_near_the_end_leaves_one_event() {
    let seed = seed("ENDINGS_SEED");
    let columns = [(Column::sync(), "announces"), (Column::tokio(), "unit")];
    let mut killed = 0;
    for run in 0..RUNS {
        let random = &mut Random::new(seed ^ run);
        let (column, main) = &columns[random.below(columns.len())];
        let (signal, name) = random.pick(&SIGNALS);
        let (moment, end) = (random_moment(random), random.below(LATEST));
        let mut child = started(column, main, &end.to_string());
        thread::sleep(moment);
        send(&child, signal);
        let about = format!("run {run}: {name} after {moment:?}, end after {end} µs");
        let events_end: Vec<(Ends, Value)> = vec![
            (Ends::Code(0), json!([["wait"], "success", 0, null])),
            // The signal has come first, or after the event was written.
            (Ends::Signal(signal.as_raw()), json!([["wait"], "success", 0, null])),
            (Ends::Signal(signal.as_raw()), json!([["wait"], "interrupted", 128 + signal.as_raw(), name])),
            (Ends::Signal(signal.as_raw()), json!([[], "interrupted", 128 + signal.as_raw(), name])),
        ];
        let ends = Ends::from(child.wait().expect("the program runs"));
        let events = column.take_facts();
        assert_eq!(events.len(), 1, "{about}: {events:?}");
        assert!(events_end.contains(&(ends, events[0].clone())), "{about}: {ends:?}, {events:?}");
        killed += u64::from(ends != Ends::Code(0));
    }
    assert!((1..RUNS).contains(&killed), "{killed} of {RUNS} ended by the signal");
}

/// Two signals, to a process of several threads: one event, death by one of the two.
#[test]
fn two_signals_at_once_leave_one_event() {
    let seed = seed("ENDINGS_SEED");
    let column = Column::tokio();
    for run in 0..RUNS / 4 {
        let random = &mut Random::new(seed ^ run);
        let ((first, _), (second, _)) = (random.pick(&SIGNALS), random.pick(&SIGNALS));
        let mut child = started(&column, "unit", "60000000");
        send(&child, first);
        thread::sleep(Duration::from_micros(random.below(100) as u64));
        send(&child, second);
        let ends = Ends::from(child.wait().expect("the program runs"));
        assert!([first, second].map(|signal| Ends::Signal(signal.as_raw())).contains(&ends), "run {run}: {ends:?}");
        assert_eq!(column.program().take_events().len(), 1, "run {run}");
    }
}

/// Sooner moments are more likely: at first, more happens.
fn random_moment(random: &mut Random) -> Duration {
    let latest = 1 + random.below(LATEST);
    Duration::from_micros(random.below(latest) as u64)
}

/// The program, as soon as its main has said that it runs.
fn started(column: &Column, main: &str, microseconds: &str) -> Child {
    let mut command = column.command(main, &["wait", microseconds]);
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("the program runs");
    let stderr = child.stderr.as_mut().expect("stderr is a pipe");
    stderr.read_exact(&mut [0]).expect("main says that it runs");
    child
}

/// To a process that nobody has waited for, so the id is still its.
fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).expect("the process is there");
}
