//! The folders on Windows.

use std::fs;
use std::path::Path;

use serde_json::Value;
use support::{Program, names};

use crate::{ASK, decided, program, put, run, silent, store, undecided};

/// A run with the folders of a profile in `profile`.
fn at_home(program: &Program, profile: &Path) -> std::process::Command {
    let mut command = undecided(program, &["run"]);
    command.env_remove(program.variable("DIR"));
    command.env("LOCALAPPDATA", profile.join(r"AppData\Local")).env("APPDATA", profile.join(r"AppData\Roaming"));
    command
}

#[test]
fn the_decision_roams_and_events_stay() {
    let program = program(ASK);
    let (local, roaming) = (program.home().join(r"AppData\Local"), program.home().join(r"AppData\Roaming"));
    fs::create_dir_all(&local).unwrap();
    fs::create_dir_all(roaming.join(r"consent\telemetry")).unwrap();
    fs::write(roaming.join(r"consent\telemetry\consent.json"), decided("yes").to_string()).unwrap();
    assert_eq!(run(&program, at_home(&program, program.home())), silent(0), "not in the folder of the tests");
    let queue = fs::read_to_string(local.join(r"consent\telemetry\queue.jsonl")).unwrap();
    let events: Vec<Value> = queue.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), 1);
}

#[test]
fn a_profile_that_does_not_exist_is_not_created() {
    let program = program(ASK);
    let profile = program.home().join("nobody");
    let mut command = at_home(&program, &profile);
    command.env(program.variable("ENABLED"), "1");
    assert_eq!(run(&program, command), silent(0));
    assert_eq!(names(program.home()), Vec::<String>::new());
}

#[test]
fn a_malformed_decision_counts_as_undecided() {
    let torn = decided("yes").to_string()[..100].to_owned();
    for text in ["", "yes", &torn, r#"["yes"]"#, r#"{"decision": true}"#] {
        let program = program(ASK);
        put(&program, text);
        assert_eq!(run(&program, undecided(&program, &["run"])), silent(0), "{text}");
        assert_eq!(fs::read_to_string(store(&program)).unwrap(), text);
    }
}
