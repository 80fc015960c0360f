//! Facts and phases, however the run ends.

use serde_json::{Value, json};

use crate::event;
#[cfg(unix)]
use crate::program;

#[test]
fn the_last_value_of_a_fact_counts() {
    assert_eq!(event(&["do", "record-facts"])["facts"], json!({ "cache": "hit", "files-scanned": "10-99" }));
    assert_eq!(event(&["do", "record-from-threads"])["facts"], json!({ "files-scanned": "0" }));
    assert_eq!(event(&["build"])["facts"], Value::Null);
}

#[test]
fn times_of_a_phase_add_up() {
    let event = event(&["do", "time-phases"]);
    let phases = event["phases"].as_object().unwrap();
    assert_eq!(phases.keys().collect::<Vec<_>>(), ["lock", "resolve"]);
    let micros = |phase: &str| phases[phase].as_u64().unwrap();
    assert!(micros("lock") > 0 && micros("resolve") >= 6_000, "{event}");
    assert!(event["duration_us"].as_u64().unwrap() >= micros("resolve"), "{event}");
}

#[test]
fn an_ending_loses_nothing() {
    let event_of = |what| event(&["do", what]);
    let panic = event_of("panic");
    assert_eq!(panic["facts"], json!({ "cache": "miss" }));
    assert!(panic["phases"]["compile"].as_u64().unwrap() > 0, "{panic}");
    let exit = event_of("exit");
    assert_eq!((&exit["ending"], &exit["facts"]), (&json!("exit"), &json!({ "cache": "miss" })));
}

#[cfg(unix)]
#[test]
fn a_signal_records_what_is_known() {
    let program = program();
    let run = support::started(&mut program.recorded(["--quiet", "do", "hang"]));
    support::end_by(run, libc::SIGTERM);
    let event = program.take_events().remove(0);
    assert_eq!(event["ending"], "signal");
    assert_eq!((&event["options"], &event["facts"]), (&json!({ "quiet": true }), &json!({ "cache": "miss" })));
    assert!(event["phases"]["resolve"].as_u64().unwrap() >= 1_000, "{event}");
}
