//! Events in the queue: their fields, their file, and that there are none without consent.

use std::fs;

use serde_json::Value;
use support::{Program, keys};

#[test]
fn an_event_has_these_fields_and_no_others() {
    let toolkit = Program::new("toolkit");
    toolkit.recorded(["remote", "add", "origin", "https://example.com"]).output().unwrap();
    let lines = toolkit.take_lines();
    let [line] = &lines[..] else { panic!("one line expected: {lines:?}") };
    let fields = [
        "v",
        "session_id",
        "start_time_unix_ms",
        "app",
        "version",
        "os",
        "arch",
        "ci",
        "command",
        "ending",
        "status",
        "exit_code",
        "error_class",
        "duration_us",
    ];
    assert_eq!(keys(line), fields);

    let event: Value = serde_json::from_str(line).unwrap();
    assert_eq!(event["v"], 2);
    assert_session_id(&event["session_id"]);
    assert!(event["start_time_unix_ms"].as_u64().unwrap() > 1_700_000_000_000);
    assert_eq!(event["app"], "toolkit");
    assert_eq!(event["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(event["os"], std::env::consts::OS);
    assert_eq!(event["arch"], std::env::consts::ARCH);
    assert_eq!(event["ci"], false);
    assert!((1..10_000_000).contains(&event["duration_us"].as_i64().unwrap()));
}

#[test]
fn each_run_has_its_own_session_id() {
    let toolkit = Program::new("toolkit");
    let run = || toolkit.event(&mut toolkit.recorded(["run"])).1;
    assert_ne!(run()["session_id"], run()["session_id"]);
}

#[test]
fn runs_are_recorded_one_line_each() {
    let toolkit = Program::new("toolkit");
    for _ in 0..3 {
        toolkit.recorded(["run"]).output().unwrap();
    }
    assert_eq!(toolkit.take_events().len(), 3);
}

#[track_caller]
pub(crate) fn assert_session_id(id: &Value) {
    let id = id.as_str().unwrap();
    assert_eq!(id.len(), 32, "{id}");
    assert!(id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{id}");
    assert_eq!(&id[12..13], "4", "a UUID of version 4: {id}");
}

#[cfg(unix)]
#[test]
fn the_queue_is_private() {
    use std::os::unix::fs::PermissionsExt;

    let toolkit = Program::new("toolkit");
    toolkit.recorded(["run"]).output().unwrap();
    let dir = toolkit.telemetry_dir();
    let mode = |path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(dir.join("queue.jsonl")), 0o600);
    assert_eq!(mode(dir), 0o700);
}

#[test]
fn without_consent_nothing_is_written() {
    let toolkit = Program::new("toolkit");
    let enabled = toolkit.variable("ENABLED");
    let variables: [&[(&str, &str)]; 6] = [
        &[],
        &[(&enabled, "0")],
        &[(&enabled, "")],
        &[(&enabled, "maybe")],
        &[(&enabled, "1"), ("DO_NOT_TRACK", "1")],
        &[(&enabled, "1"), ("DO_NOT_TRACK", "true")],
    ];
    for variables in variables {
        for args in [&["run"][..], &["panic"], &["--help"], &["--bogus"]] {
            toolkit.undecided(args).envs(variables.iter().copied()).output().unwrap();
            assert_eq!(fs::read_dir(toolkit.home()).unwrap().count(), 0, "{variables:?} {args:?}");
        }
    }
}

#[test]
fn with_consent_a_run_is_recorded() {
    let toolkit = Program::new("toolkit");
    for (name, value) in [("ENABLED", "1"), ("ENABLED", "TRUE"), ("ENABLED", " yes ")] {
        toolkit.event(toolkit.undecided(["run"]).env(toolkit.variable(name), value));
    }
    toolkit.event(toolkit.recorded(["run"]).env("DO_NOT_TRACK", "0"));
}
