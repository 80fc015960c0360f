//! `status` names every variable, its value, and what that does at present.

use serde_json::Value;
use support::{Program, Shown};

/// The variables of `toolkit`, in the order in which they are shown.
const ALL: [&str; 6] = [
    "DO_NOT_TRACK",
    "TOOLKIT_TELEMETRY_ENABLED",
    "TOOLKIT_TELEMETRY_ENDPOINT",
    "TOOLKIT_TELEMETRY_DRY_RUN",
    "TOOLKIT_TELEMETRY_DEBUG",
    "TOOLKIT_TELEMETRY_DIR",
];

/// The lines below `Variables:` with these variables set, after it is checked that the JSON says the same.
#[track_caller]
fn shown(variables: &[(&str, &str)]) -> Vec<String> {
    let toolkit = Program::new("toolkit");
    let status = |args: &[&str]| {
        let mut command = toolkit.undecided([&["telemetry", "status"], args].concat());
        // At a terminal, none of them is set.
        command.env_remove(toolkit.variable("DIR")).envs(variables.iter().copied());
        Shown::of(&mut command).stdout
    };
    let text = status(&[]);
    let (_, lines) = text.split_once("\nVariables:\n").unwrap();
    let lines: Vec<String> = lines.lines().map(|line| line.trim().to_owned()).collect();

    let json: Value = serde_json::from_str(&status(&["--json"])).unwrap();
    let of_json = json["variables"].as_array().unwrap().iter().map(|variable| {
        let [name, value, effect] = ["name", "value", "effect"].map(|key| variable[key].as_str());
        match (name.unwrap(), value, effect) {
            (name, Some(value), Some(effect)) => format!("{name}={value} ({effect})"),
            (name, None, None) => format!("{name} (not set)"),
            _ => panic!("{variable}"),
        }
    });
    assert_eq!(of_json.collect::<Vec<_>>(), lines);
    lines
}

#[test]
fn each_is_named_even_if_it_is_not_set() {
    assert_eq!(shown(&[]), ALL.map(|name| format!("{name} (not set)")));
}

#[test]
fn each_is_shown_with_its_value_and_what_that_does() {
    const ENABLED: &str = "TOOLKIT_TELEMETRY_ENABLED";
    const ENDPOINT: &str = "TOOLKIT_TELEMETRY_ENDPOINT";
    const DRY_RUN: &str = "TOOLKIT_TELEMETRY_DRY_RUN";
    const DEBUG: &str = "TOOLKIT_TELEMETRY_DEBUG";
    const DIR: &str = "TOOLKIT_TELEMETRY_DIR";
    const OVERRIDDEN: &str = "no effect: the variable DO_NOT_TRACK takes precedence";
    let cases: [(&[(&str, &str)], &str); 22] = [
        (&[("DO_NOT_TRACK", "1")], "turns telemetry off"),
        (&[("DO_NOT_TRACK", "junk")], "turns telemetry off"),
        (&[("DO_NOT_TRACK", "0")], "no effect: its value says no"),
        (&[("DO_NOT_TRACK", "")], "no effect: its value says no"),
        (&[(ENABLED, "1")], "turns telemetry on"),
        (&[(ENABLED, "off")], "turns telemetry off"),
        (&[(ENABLED, "maybe")], "turns telemetry off: only 1, true, yes and on turn it on"),
        (&[(ENABLED, "1"), ("DO_NOT_TRACK", "1")], OVERRIDDEN),
        (&[(ENDPOINT, "")], "events are kept and not sent"),
        (&[(ENDPOINT, "stdout")], "events are printed to stderr and not kept"),
        (&[(ENDPOINT, "https://example.com")], "no effect: this build cannot send"),
        (&[(DRY_RUN, "1")], "no effect: this build cannot send"),
        (&[(DEBUG, "1")], "reports on stderr what was decided and what failed"),
        (&[(DEBUG, "maybe")], "no effect: only 1, true, yes and on have one"),
        (&[(DIR, "/tmp/nowhere")], "everything is kept in this folder"),
        (&[(DIR, "")], "no effect: it is empty"),
        (&[("CI", "true")], "turns telemetry off"),
        (&[("GITHUB_ACTIONS", "true")], "turns telemetry off"),
        (&[("CI", "true"), (ENABLED, "1")], "no effect: the variable TOOLKIT_TELEMETRY_ENABLED takes precedence"),
        (&[("CI", "true"), ("DO_NOT_TRACK", "1")], OVERRIDDEN),
        // Control characters are not sent to the terminal.
        (&[(DEBUG, "\x1b[31m")], "no effect: only 1, true, yes and on have one"),
        (&[(ENABLED, "")], "turns telemetry off"),
    ];
    for (variables, effect) in cases {
        let (name, value) = variables[0];
        let value = value.replace('\x1b', "\\u{1b}");
        let lines = shown(variables);
        assert!(lines.contains(&format!("{name}={value} ({effect})")), "{variables:?}: {lines:#?}");
        assert!(ALL.iter().all(|name| lines.iter().any(|line| line.starts_with(name))), "{lines:#?}");
    }
}

/// Such a variable has no say.
#[test]
fn a_variable_that_does_not_identify_a_ci_system_is_not_shown() {
    assert_eq!(shown(&[("CI", "false"), ("GITLAB_CI", ""), ("OTEL_EXPORTER_OTLP_ENDPOINT", "x")]).len(), ALL.len());
}
