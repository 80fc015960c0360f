//! Which options are recorded, and how.

use serde_json::{Value, json};

use crate::{event, program};

fn options(args: &[&str]) -> Value {
    event(args)["options"].take()
}

#[test]
fn only_what_stands_on_the_command_line_is_recorded() {
    assert_eq!(options(&["build"]), Value::Null);
    let program = program();
    let mut run = program.recorded(["build"]);
    let (_, event) = program.event(run.env("DETAILED_TARGET", "/home/somebody"));
    assert_eq!(event["options"], Value::Null, "a variable is not the command line: {event}");
    assert_eq!(options(&["build", "--jobs", "8"]), json!({ "jobs": "1-9" }), "the default, but given");
}

#[test]
fn values_are_names_flags_and_ranges() {
    for (args, recorded) in [
        (&["--release"][..], json!({ "release": true })),
        (&["--color", "false"], json!({ "color": false })),
        (&["--format", "zip"], json!({ "format": "zip" })),
        (&["--emit", "text"], json!({ "emit": ["plain-text"] })),
        (&["--emit", "text,json", "--emit", "json"], json!({ "emit": ["json", "plain-text"] })),
        (&["--target-dir", "/home/somebody"], json!({ "target-dir": true })),
        (&["--jobs", "0"], json!({ "jobs": "0" })),
        (&["--jobs", "4294967295"], json!({ "jobs": "100+" })),
        (&["a"], json!({ "files": "1" })),
        (&["a", "b", "c"], json!({ "files": "2-9" })),
    ] {
        let line = [&["build"], args].concat();
        assert_eq!(options(&line), recorded, "{line:?}");
    }
}

#[test]
fn a_global_option_is_recorded_wherever_it_stands() {
    for line in [&["--quiet", "build"][..], &["build", "--quiet"], &["--quiet"]] {
        assert_eq!(options(line), json!({ "quiet": true }), "{line:?}");
    }
    assert_eq!(options(&["-v", "build"]), json!({ "verbose": "1" }));
    assert_eq!(options(&["build", "-vvvv"]), json!({ "verbose": "3+" }));
}

#[test]
fn options_of_the_parent_are_recorded_and_the_deeper_one_counts() {
    assert_eq!(options(&["--format", "json", "build"]), json!({ "format": "json" }));
    assert_eq!(options(&["--format", "json", "build", "--format", "tar"]), json!({ "format": "tar" }));
}

#[test]
fn a_refused_command_line_records_none() {
    for line in [&["--quiet", "build", "--release", "--bogus"][..], &["--quiet", "build", "--help"], &["--quiet", "no"]]
    {
        assert_eq!(options(line), Value::Null, "{line:?}");
    }
}

#[test]
fn no_value_that_a_user_can_type_is_recorded() {
    let program = program();
    let line = ["build", "--secret", "zqcanary", "--target-dir", "zqcanary", "zqcanary", "zqcanary"];
    let (_, event) = program.event(&mut program.recorded(line));
    assert_eq!(event["options"], json!({ "secret": true, "target-dir": true, "files": "2-9" }));
    assert!(!event.to_string().contains("zqcanary"));
}
