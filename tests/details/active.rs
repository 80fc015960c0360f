//! The mark of a week's first run.

use std::fs;
use std::thread;

use serde_json::{Value, json};
use support::names;

use crate::program;

fn marks(events: &[Value]) -> Vec<&Value> {
    events.iter().map(|event| &event["active"]).filter(|mark| !mark.is_null()).collect()
}

#[test]
fn the_first_of_many_parallel_runs_is_marked() {
    let program = program();
    thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                for _ in 0..4 {
                    assert!(program.recorded(["build"]).status().unwrap().success());
                }
            });
        }
    });
    let events = program.take_events();
    assert_eq!(events.len(), 64);
    let marks = marks(&events);
    assert_eq!(marks.len(), 1, "{marks:?}");
    // A variable has agreed, so there is no time since when.
    assert_eq!(marks[0].as_object().unwrap().keys().collect::<Vec<_>>(), ["week"]);
}

#[test]
fn a_new_week_is_marked_anew_and_leaves_one_file() {
    let program = program();
    let folder = program.telemetry_dir();
    fs::create_dir(&folder).unwrap();
    fs::write(folder.join("active-2020-W53"), "").unwrap();
    let (_, event) = program.event(&mut program.recorded(["build"]));
    let week = event["active"]["week"].as_str().unwrap();
    let files = names(&folder).into_iter().filter(|name| name.starts_with("active-"));
    assert_eq!(files.collect::<Vec<_>>(), [format!("active-{week}")]);
}

#[test]
fn a_mark_says_since_when_and_is_gone_with_everything_else() {
    let program = program();
    let run = |args: &[&str]| assert!(program.undecided(args).status().unwrap().success());
    run(&["telemetry", "enable"]);
    let day = 24 * 60 * 60 * 1_000;
    for (days, since) in [(0, "1"), (6, "1"), (7, "2-4"), (27, "2-4"), (28, "5-24"), (167, "5-24"), (168, "25+")] {
        let decision = program.file("consent.json");
        let mut stored: Value = serde_json::from_str(&fs::read_to_string(&decision).unwrap()).unwrap();
        let decided = &mut stored["decided_unix_ms"];
        *decided = json!(now_unix_ms() - days * day);
        fs::write(&decision, stored.to_string()).unwrap();
        run(&["build"]);
        assert_eq!(program.take_events()[0]["active"]["since"], since, "{days} days");
        run(&["telemetry", "purge"]);
        assert!(!names(&program.telemetry_dir()).iter().any(|name| name.starts_with("active-")));
    }
}

#[test]
fn what_is_not_recorded_leaves_the_mark_to_the_next_run() {
    let program = program();
    assert!(program.recorded(["telemetry", "status"]).output().unwrap().status.success());
    assert!(program.take_events().is_empty());
    let (_, event) = program.event(&mut program.recorded(["build"]));
    assert!(event["active"]["week"].is_string(), "{event}");
}

fn now_unix_ms() -> u64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    u64::try_from(since.as_millis()).unwrap()
}
