//! The schema allows every possible event, and nothing else.

use std::fs;
use std::process::{Command, Stdio};

#[cfg(unix)]
use rustix::process::Signal;
use serde_json::{Value, json};
#[cfg(unix)]
use support::{Program, end_by, started};
use support::{facts, python};
use telemetry_runtime::disclosure;

use crate::cli::Cli;
use crate::json_schema::errors;
use crate::{printed, subject};

fn schema() -> Value {
    serde_json::from_str(&printed(&["schema"])).unwrap()
}

#[track_caller]
fn assert_valid(schema: &Value, event: &Value) {
    let errors = errors(schema, event);
    assert!(errors.is_empty(), "{event}: {errors:?}");
}

#[test]
fn every_ending_leaves_an_event_that_the_schema_allows() {
    let (subject, schema) = (subject(), schema());
    for (args, ending) in [
        (&["take", "x", "y"][..], json!([["take"], "success", 0, null])),
        (&["remote", "list"], json!([["remote", "list"], "success", 0, null])),
        (&["unheard-of", "x"], json!([["external"], "success", 0, null])),
        (&["fail", "refused"], json!([["fail", "refused"], "failure", 1, "ByUs"])),
        (&["fail", "unnamed"], json!([["fail", "unnamed"], "failure", 1, "Unnamed"])),
        (&["fail", "late"], json!([["fail", "late"], "failure", 1, "Late"])),
        (&["fail", "missing"], json!([["fail", "missing"], "failure", 1, "NotFound"])),
        (&["fail", "unknown"], json!([["fail", "unknown"], "failure", 1, "Error"])),
        (&["panic"], json!([["panic"], "failure", 101, "panic"])),
        (&["exit", "7"], json!([["exit"], "failure", 7, null])),
        (&["exit", "255"], json!([["exit"], "failure", 255, null])),
        (&["exit", "130"], json!([["exit"], "interrupted", 130, null])),
        (&["remote", "--bogus"], json!([["remote"], "failure", 2, "UnknownArgument"])),
        (&["take", "x", "--colour", "x"], json!([["take"], "failure", 2, "InvalidValue"])),
        (&["--bogus"], json!([[], "failure", 2, "UnknownArgument"])),
        (&["--help"], json!([[], "success", 0, null])),
        (&["--version"], json!([[], "success", 0, null])),
    ] {
        let (_, event) = subject.event(&mut subject.recorded(args));
        assert_eq!(facts(&event), ending);
        assert_valid(&schema, &event);
    }
    let (_, event) = subject.event(subject.recorded(["take", "x"]).env("CI", "true"));
    assert_eq!(event["ci"], true);
    assert_valid(&schema, &event);
}

/// Only glibc reports the exit code of a program that calls `exit`.
#[test]
fn an_exit_leaves_an_event_that_the_schema_allows() {
    let (subject, schema) = (subject(), schema());
    for code in ["0", "3", "-1", "256", "70000"] {
        let (_, event) = subject.event(&mut subject.recorded(["quit", "--", code]));
        assert_valid(&schema, &event);
    }
}

#[cfg(unix)]
#[test]
fn a_signal_leaves_an_event_that_the_schema_allows() {
    let (subject, schema) = (subject(), schema());
    for (signal, class) in
        [(Signal::INT, "SIGINT"), (Signal::TERM, "SIGTERM"), (Signal::HUP, "SIGHUP"), (Signal::QUIT, "SIGQUIT")]
    {
        killed(&subject, signal);
        let events = subject.take_events();
        assert_eq!(events.len(), 1);
        assert_eq!((&events[0]["status"], &events[0]["error_class"]), (&json!("interrupted"), &json!(class)));
        assert_valid(&schema, &events[0]);
    }
}

#[cfg(unix)]
#[test]
fn an_abandoned_run_leaves_an_event_that_the_schema_allows() {
    let (subject, schema) = (subject(), schema());
    killed(&subject, Signal::KILL);
    subject.recorded(["take", "x"]).output().unwrap();
    let events = subject.take_events();
    let abandoned = events.iter().find(|event| event["error_class"] == "abandoned").unwrap();
    assert_eq!((&abandoned["status"], &abandoned["exit_code"]), (&json!("undefined"), &json!(-1)));
    assert_valid(&schema, abandoned);
}

/// Starts a long run, and ends it by `signal` once it has begun.
#[cfg(unix)]
fn killed(subject: &Program, signal: Signal) {
    end_by(started(&mut subject.recorded(["sleep", "60000"])), signal.as_raw());
}

#[test]
fn a_tampered_event_is_rejected() {
    let (subject, schema) = (subject(), schema());
    let (_, event) = subject.event(&mut subject.recorded(["fail", "refused"]));
    assert_valid(&schema, &event);
    for tampered in tampered(&event) {
        assert!(!errors(&schema, &tampered).is_empty(), "{tampered}");
    }
}

/// The validator in `json_schema` knows only a part of the standard.
#[test]
fn a_complete_validator_agrees() {
    let Some(python) = python("the verdict of a complete validator", &["jsonschema"]) else { return };
    let (subject, schema) = (subject(), schema());
    let (_, event) = subject.event(&mut subject.recorded(["fail", "refused"]));
    let values: Vec<Value> = [event.clone()].into_iter().chain(tampered(&event)).collect();
    let file = subject.home().join("values");
    fs::write(&file, json!([schema, values]).to_string()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/disclosure/validate.py");
    let output = Command::new(python).arg(script).arg(file).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    let verdicts: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
    let ours: Vec<bool> = values.iter().map(|value| errors(&schema, value).is_empty()).collect();
    assert_eq!(verdicts, ours);
}

/// Events with a field missing, a field too many, or a field with a wrong value.
fn tampered(event: &Value) -> Vec<Value> {
    let fields = event.as_object().unwrap();
    assert_eq!(fields.len(), 14);

    let mut tampered = Vec::new();
    for (field, value) in fields {
        let mut less = event.clone();
        less.as_object_mut().unwrap().remove(field);
        tampered.push(less);

        let mut wrong = vec![json!("me@example.com"), json!({}), json!(1.5), json!(-2), json!([["take"]])];
        if field != "error_class" {
            wrong.push(Value::Null);
        }
        match value {
            Value::String(text) => wrong.extend([json!(format!("{text} ")), json!(text.to_uppercase()), json!("")]),
            Value::Number(_) => wrong.extend([json!(1_u64 << 60), json!("0")]),
            Value::Bool(_) => wrong.extend([json!(0), json!("true")]),
            Value::Array(_) => {
                wrong.extend([json!(["fail", "me"]), json!(["fail", 1]), json!("fail"), json!(["secret"])])
            }
            Value::Null | Value::Object(_) => {}
        }
        for value in wrong.into_iter().filter(|wrong| wrong != value) {
            let mut changed = event.clone();
            changed[field] = value;
            tampered.push(changed);
        }
    }
    for (field, value) in [("user", json!("me")), ("args", json!([])), ("", Value::Null)] {
        let mut more = event.clone();
        more[field] = value;
        tampered.push(more);
    }
    tampered.push(json!([event]));
    tampered
}

#[test]
fn every_value_is_bounded() {
    let schema = schema();
    assert_eq!(schema["additionalProperties"], false);
    let properties = schema["properties"].as_object().unwrap();
    assert_eq!(schema["required"].as_array().unwrap().len(), properties.len());
    for (name, property) in properties {
        let bounded = match property["type"].as_str() {
            Some("integer") => property["minimum"].is_i64() && property["maximum"].is_i64(),
            Some("string") => property["pattern"].is_string(),
            Some("boolean") => true,
            _ => property["const"] != Value::Null || property["enum"].is_array(),
        };
        assert!(bounded && property["description"].is_string(), "{name}: {property}");
    }
    let commands = properties["command"]["enum"].as_array().unwrap();
    assert!(commands.contains(&json!(["remote", "add"])) && commands.contains(&json!([])));
    assert!(!commands.contains(&json!(["secret"])), "a run of it leaves no event");
}

#[test]
fn a_running_program_discloses_more_than_its_type_only_for_main() {
    let of_the_program = schema();
    assert_eq!(printed(&["schema"]), printed(&["schema"]));
    let mut of_the_type: Value = serde_json::from_str(&disclosure::schema::<Cli>()).unwrap();
    let classes = of_the_type["properties"]["error_class"]["enum"].as_array_mut().unwrap();
    assert!(classes.contains(&json!("ByOthers")) && classes.contains(&json!("Unnamed")));
    assert!(!classes.contains(&json!("Late")));
    let place = classes.iter().position(|class| class.as_str() > Some("Late")).unwrap();
    classes.insert(place, json!("Late"));
    assert_eq!(of_the_type, of_the_program);
}
