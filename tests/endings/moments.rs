//! Signals at random moments: one event each time, and death by that signal.

use std::thread;
use std::time::Duration;

use rustix::process::Signal;
use serde_json::{Value, json};
use support::{Random, end_by, scaled, seed, send};

use crate::column::{Column, Ends, facts};

/// How many signals each test sends at least.
const RUNS: usize = 60;
const SIGNALS: [(Signal, &str); 4] =
    [(Signal::INT, "SIGINT"), (Signal::TERM, "SIGTERM"), (Signal::HUP, "SIGHUP"), (Signal::QUIT, "SIGQUIT")];

/// The longest time between the first instruction of main and the signal. The command line is parsed within the first tenth
/// of it.
const LATEST: Duration = Duration::from_micros(3_000);

#[test]
fn a_signal_at_any_moment_leaves_one_event() {
    let seed = seed();
    let columns = [(Column::sync(), "announces"), (Column::tokio(), "unit"), (Column::abort(), "announces")];
    let mut with_command = 0;
    for run in 0..scaled(RUNS) as u64 {
        let random = &mut Random::new(seed ^ run);
        let (column, main) = &columns[random.below(columns.len())];
        let (signal, name) = random.pick(&SIGNALS);
        let moment = random_moment(random);
        let child = column.started(main, &["wait"]);
        thread::sleep(moment);
        let ends = Ends::from(end_by(child, signal.as_raw()));
        let about = format!("run {run}: {name} after {moment:?}");
        assert_eq!(ends, Ends::Signal(signal.as_raw()), "{about}");

        let events = column.program().take_events();
        assert_eq!(events.len(), 1, "{about}: {events:?}");
        let event = facts(&events[0]);
        assert_eq!(
            event,
            json!([event[0], "interrupted", 128 + signal.as_raw(), name]),
            "{about}, and nothing else happens meanwhile"
        );
        // The command is unknown before the parse.
        assert!(event[0] == json!([]) || event[0] == json!(["wait"]), "{about}: {event}");
        with_command += usize::from(event[0] == json!(["wait"]));
    }
    assert!(with_command > 0, "some signals come after the parse");
}

/// The program ends at about the time of the signal, which may come too late to count.
#[test]
fn a_signal_near_the_end_leaves_one_event() {
    let seed = seed();
    let columns = [(Column::sync(), "announces"), (Column::tokio(), "unit")];
    let mut killed = 0;
    for run in 0..scaled(RUNS) as u64 {
        let random = &mut Random::new(seed ^ run);
        let (column, main) = &columns[random.below(columns.len())];
        let (signal, name) = random.pick(&SIGNALS);
        let (moment, end) = (random_moment(random), random.time_below(LATEST));
        let child = column.started(main, &["wait", &end.as_micros().to_string()]);
        thread::sleep(moment);
        let ends = Ends::from(end_by(child, signal.as_raw()));
        let about = format!("run {run}: {name} after {moment:?}, end after {end:?}");
        let events_end: Vec<(Ends, Value)> = vec![
            (Ends::Code(0), json!([["wait"], "success", 0, null])),
            // The signal came first, or after the event was written.
            (Ends::Signal(signal.as_raw()), json!([["wait"], "success", 0, null])),
            (Ends::Signal(signal.as_raw()), json!([["wait"], "interrupted", 128 + signal.as_raw(), name])),
            (Ends::Signal(signal.as_raw()), json!([[], "interrupted", 128 + signal.as_raw(), name])),
        ];
        let events = column.take_facts();
        assert_eq!(events.len(), 1, "{about}: {events:?}");
        assert!(events_end.contains(&(ends, events[0].clone())), "{about}: {ends:?}, {events:?}");
        killed += usize::from(ends != Ends::Code(0));
    }
    let runs = scaled(RUNS);
    assert!((1..runs).contains(&killed), "{killed} of {runs} ended by the signal");
}

/// Two signals, to a process with several threads: one event, and death by one of the two.
#[test]
fn two_signals_at_once_leave_one_event() {
    let seed = seed();
    let column = Column::tokio();
    for run in 0..scaled(RUNS / 4) as u64 {
        let random = &mut Random::new(seed ^ run);
        let ((first, _), (second, _)) = (random.pick(&SIGNALS), random.pick(&SIGNALS));
        let child = column.started("unit", &["wait"]);
        send(&child, first.as_raw());
        thread::sleep(random.time_below(Duration::from_micros(100)));
        let ends = Ends::from(end_by(child, second.as_raw()));
        assert!([first, second].map(|signal| Ends::Signal(signal.as_raw())).contains(&ends), "run {run}: {ends:?}");
        assert_eq!(column.program().take_events().len(), 1, "run {run}");
    }
}

/// Earlier moments are more likely: more happens at the start.
fn random_moment(random: &mut Random) -> Duration {
    let latest = Duration::from_micros(1) + random.time_below(LATEST);
    random.time_below(latest)
}
