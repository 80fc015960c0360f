//! Programs that are built with `clap::Command`: the command in the event, and how a refused command line ends.

#[path = "built/cli.rs"]
mod cli;

use std::process::Command;

use serde_json::{Value, json};
use support::{Program, Shown};

use crate::column::facts;
use cli::Tool;

fn built() -> Program {
    Program::new("built")
}

fn with_main(main: &str, mut command: Command) -> Command {
    command.env("BUILT_MAIN", main);
    command
}

/// Checks the event of a run, null for none, and that the user sees what they would without telemetry.
#[track_caller]
fn assert_ends(main: &str, args: &[&str], expected: &Value) {
    let program = built();
    let recorded = Shown::of(&mut with_main(main, program.recorded(args)));
    let events: Vec<Value> = program.take_events().iter().map(facts).collect();
    let expected = if expected.is_null() { vec![] } else { vec![expected.clone()] };
    assert_eq!(events, expected, "{main} {args:?}");
    let undecided = Shown::of(&mut with_main(main, program.undecided(args)));
    assert_eq!(recorded, undecided, "{main} {args:?}");
    if main != "tries" {
        let plain = Shown::of(&mut with_main("forgets", program.undecided(args)));
        assert_eq!(recorded, plain, "{main} {args:?}");
    }
}

#[test]
fn the_list_is_claps_tree() {
    telemetry_runtime::testing::assert_allowlist::<Tool>();
}

#[test]
fn what_clap_matches_is_recorded() {
    for main in ["", "by_hand", "tries"] {
        for (args, command) in [
            (&[][..], json!([])),
            (&["build", "remote"], json!(["build"])),
            // clap gives the name of the command for an alias, an abbreviation and a flag.
            (&["make"], json!(["build"])),
            (&["bui"], json!(["build"])),
            (&["--build"], json!(["build"])),
            (&["remote"], json!(["remote"])),
            (&["remote", "add", "origin"], json!(["remote", "add"])),
            (&["remote", "rename", "tag"], json!(["remote", "rename", "tag"])),
            (&["hook"], json!(["hook"])),
            // The commands that are not listed are recorded as their parents.
            (&["unlisted", "build"], json!([])),
            (&["remote", "unlisted"], json!(["remote"])),
            (&["opaque", "below"], json!(["opaque"])),
            // The name is left out.
            (&["plugin", "inner"], json!(["inner"])),
            // The name of an external command is user input.
            (&["deploy", "--to", "production"], json!(["external"])),
        ] {
            assert_ends(main, args, &json!([command, "success", 0, null]));
        }
        assert_ends(main, &["quiet"], &Value::Null);
    }
}

#[test]
fn a_refused_command_line_is_recorded_as_far_as_clap_got() {
    for (args, command, class) in [
        (&["remote", "add", "--bogus"][..], json!(["remote", "add"]), "UnknownArgument"),
        (&["remote", "add"], json!(["remote", "add"]), "MissingRequiredArgument"),
        (&["remote", "unlisted", "--bogus"], json!(["remote"]), "UnknownArgument"),
        (&["remote", "bogus"], json!(["remote"]), "InvalidSubcommand"),
        (&["--bogus", "build"], json!([]), "UnknownArgument"),
        (&["plugin", "inner", "--bogus"], json!(["inner"]), "UnknownArgument"),
    ] {
        assert_ends("", args, &json!([command, "failure", 2, class]));
        assert_ends("tries", args, &json!([command, "failure", 1, class]));
        // clap ends the program before it can record anything.
        assert_ends("by_hand", args, &json!([[], "failure", 2, null]));
    }
}

#[test]
fn help_and_version_are_recorded_with_what_they_are_about() {
    for (args, command) in [
        (&["--help"][..], json!([])),
        (&["--version"], json!([])),
        (&["remote", "add", "--help"], json!(["remote", "add"])),
        // Deferred: clap makes these only when they are wanted.
        (&["help", "remote", "add"], json!(["remote", "add"])),
        (&["help", "remote", "rename", "tag"], json!(["remote", "rename", "tag"])),
        (&["help", "plugin", "inner"], json!(["inner"])),
        (&["help", "remote", "unlisted"], json!(["remote"])),
    ] {
        assert_ends("", args, &json!([command, "success", 0, null]));
    }
}

#[test]
fn telemetry_can_be_managed() {
    let program = built();
    let run = |args: &[&str]| {
        let mut command = program.undecided(args);
        assert!(command.output().unwrap().status.success(), "{args:?}");
        program.take_events().iter().map(|event| event["command"].clone()).collect::<Vec<_>>()
    };
    assert!(run(&["build"]).is_empty());
    assert!(run(&["telemetry", "enable"]).is_empty());
    assert_eq!(run(&["build"]), [json!(["build"])]);
    // The author asks for it.
    assert_eq!(run(&["telemetry", "status"]), [json!(["telemetry", "status"])]);
    assert!(run(&["telemetry", "disable"]).is_empty());
    assert!(run(&["build"]).is_empty());
}

/// A derived root may hand its matches on, too.
#[test]
fn the_matches_of_a_derived_root_are_recorded() {
    for (args, command) in [(["build"], "build"), (["test"], "test"), (["deploy"], "external")] {
        let program = built();
        let (_, event) = program.event(&mut with_main("derives", program.recorded(args)));
        assert_eq!(facts(&event), json!([[command], "success", 0, null]));
    }
}

#[test]
fn a_program_that_forgets_to_record_is_told_the_line_to_write() {
    let program = built();
    let mut command = with_main("forgets", program.recorded(["build"]));
    let (output, event) = program.event(command.env(program.variable("DEBUG"), "1"));
    assert_eq!(event["command"], json!([]));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("`telemetry_runtime::record_matches::<Cli>(&matches);`"), "{stderr}");
}

#[test]
fn nothing_typed_is_recorded() {
    let built = support::examples().path("built");
    telemetry_runtime::testing::assert_no_leak::<Tool>(built);
}
