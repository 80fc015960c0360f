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

/// The variables that are set, and the names of the others, after it is checked that the JSON says the same.
#[track_caller]
fn shown(variables: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let toolkit = Program::new("toolkit");
    let status = |args: &[&str]| {
        let mut command = toolkit.undecided([&["telemetry", "status"], args].concat());
        // At a terminal, none of them is set.
        command.env_remove(toolkit.variable("DIR")).envs(variables.iter().copied());
        Shown::of(&mut command).stdout
    };
    let text = status(&[]);
    let (_, lines) = text.split_once("\nVariables:\n").unwrap();
    let lines = lines.lines().map_while(|line| line.strip_prefix("  "));
    let (unset, set): (Vec<&str>, Vec<&str>) = lines.partition(|line| line.starts_with("not set: "));
    let unset = unset.iter().flat_map(|line| line["not set: ".len()..].split(", "));

    let json: Value = serde_json::from_str(&status(&["--json"])).unwrap();
    let (mut set_in_json, mut unset_in_json) = (Vec::new(), Vec::new());
    for variable in json["variables"].as_array().unwrap() {
        let [name, value, effect] = ["name", "value", "effect"].map(|key| variable[key].as_str());
        match (name.unwrap(), value, effect) {
            (name, Some(value), Some(effect)) => set_in_json.push(format!("{name}={value} ({effect})")),
            (name, None, None) => unset_in_json.push(name.to_owned()),
            _ => panic!("{variable}"),
        }
    }
    assert_eq!(set_in_json, set);
    assert_eq!(unset_in_json, unset.collect::<Vec<_>>());
    (set_in_json, unset_in_json)
}

#[test]
fn each_is_named_even_if_it_is_not_set() {
    let (set, unset) = shown(&[]);
    assert!(set.is_empty(), "{set:?}");
    assert_eq!(unset, ALL);
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
        let (set, unset) = shown(variables);
        assert!(set.contains(&format!("{name}={value} ({effect})")), "{variables:?}: {set:#?}");
        let is_named = |name: &&str| set.iter().chain(&unset).any(|line| line.starts_with(name));
        assert!(ALL.iter().all(is_named), "{set:#?} {unset:#?}");
    }
}

/// Such a variable has no say.
#[test]
fn a_variable_that_does_not_identify_a_ci_system_is_not_shown() {
    let (set, unset) = shown(&[("CI", "false"), ("GITLAB_CI", ""), ("OTEL_EXPORTER_OTLP_ENDPOINT", "x")]);
    assert!(set.is_empty(), "{set:?}");
    assert_eq!(unset, ALL);
}
