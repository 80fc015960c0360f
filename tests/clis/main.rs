//! Six small but whole CLIs, each in a style found in real ones, adopted by the README.
//!
//! Each is a package of its own, with its author's tests, which know nothing of telemetry. Here is what their events say.
//! `git log -- tests/clis` shows what adopting each of them took.

use std::fs;

use serde_json::{Value, json};
use support::{Program, clis, facts};

fn cli(name: &str) -> Program {
    Program::at(clis().path(name).to_owned(), name)
}

/// Runs the program in its home.
#[track_caller]
fn assert_recorded(program: &Program, args: &[&str], expected: &Value) {
    let (output, event) = program.event(program.recorded(args).current_dir(program.home()));
    assert_eq!(facts(&event), *expected, "{args:?}");
    assert_eq!(output.status.code().map(i64::from), event["exit_code"].as_i64(), "{args:?}");
}

/// A flat CLI that prints its errors and exits by itself. Its users decide with a flag, even without an argument that is
/// required otherwise.
#[test]
fn tally_records_why_it_exited() {
    let tally = cli("tally");
    fs::write(tally.home().join("file"), "one\ntwo\n").unwrap();
    for (args, expected) in [
        (&["file"][..], json!([[], "success", 0, null])),
        (&["file", "/nowhere"], json!([[], "failure", 3, "NotFound"])),
        (&["."], json!([[], "failure", 4, "IsADirectory"])),
        (&["--unit", "pages"], json!([[], "failure", 2, "InvalidValue"])),
    ] {
        assert_recorded(&tally, args, &expected);
    }
    let decide = tally.undecided(["--telemetry", "enable"]).output().unwrap();
    assert!(decide.status.success(), "{decide:?}");
    tally.undecided(["file"]).current_dir(tally.home()).output().unwrap();
    assert_eq!(tally.take_events().len(), 1);
}

/// Built with `clap::Command`, with an alias.
#[test]
fn mvre_records_its_commands() {
    let mvre = cli("mvre");
    for (args, expected) in [
        (&["case", "lower", "-n", "A"][..], json!([["case", "lower"], "success", 0, null])),
        (&["sub", "a", "b", "-n", "a"], json!([["replace"], "success", 0, null])),
        (&["case", "upper", "/nowhere/a"], json!([["case", "upper"], "failure", 1, "NotFound"])),
        (&["case"], json!([["case"], "failure", 2, "MissingSubcommand"])),
        (&["help", "case", "lower"], json!([["case", "lower"], "success", 0, null])),
    ] {
        assert_recorded(&mvre, args, &expected);
    }
}

/// The name by which cargo calls the plugin is no command.
#[test]
fn cargo_lines_records_what_cargo_passes_on() {
    let plugin = Program::at(clis().path("cargo-lines").to_owned(), "cargo_lines");
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/clis/cargo-lines");
    for (args, expected) in [
        (&["lines", "--dir", here][..], json!([[], "success", 0, null])),
        (&["lines", "files", "--dir", here], json!([["files"], "success", 0, null])),
        (&["lines", "check", "1"], json!([["check"], "failure", 1, "Error"])),
        (&["lines", "check"], json!([["check"], "failure", 2, "MissingRequiredArgument"])),
    ] {
        assert_recorded(&plugin, args, &expected);
    }
    let (_, event) = plugin.event(&mut plugin.recorded(["lines"]));
    assert_eq!(event["app"], "cargo-lines");
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    assert_recorded(&plugin, &["lines", "check", "1", "--dir", here], &json!([["check"], "failure", 10, null]));
}

/// Nested enums, `anyhow`, inferred subcommands and a variable.
#[test]
fn notes_records_commands_and_what_anyhow_hides() {
    let notes = cli("notes");
    for (args, expected) in [
        (&["new", "buy", "milk"][..], json!([["add"], "success", 0, null])),
        (&["ta", "a", "1", "shop"], json!([["tag", "add"], "success", 0, null])),
        (&["tag", "remove", "1", "work"], json!([["tag", "remove"], "failure", 1, "Error"])),
        (&["--file", ".", "list"], json!([["list"], "failure", 1, "IsADirectory"])),
        (&["add"], json!([["add"], "failure", 2, "MissingRequiredArgument"])),
    ] {
        assert_recorded(&notes, args, &expected);
    }
    // No use of the program, whether it works or not.
    for args in [&["telemetry", "status"][..], &["telemetry"], &["telemetry", "--bogus"], &["telemetry", "--help"]] {
        notes.recorded(args).output().unwrap();
        assert!(notes.take_events().is_empty(), "{args:?}");
    }
}

/// An async main that handles its signals.
#[cfg(unix)]
#[test]
fn ticker_records_how_it_was_stopped() {
    for (signal, expected) in [
        (libc::SIGINT, json!([["run"], "success", 0, null])),
        (libc::SIGTERM, json!([["run"], "interrupted", 143, null])),
        (libc::SIGHUP, json!([["run"], "interrupted", 129, "SIGHUP"])),
    ] {
        let ticker = cli("ticker");
        support::end_by(support::started(&mut ticker.recorded(["run", "--every", "5"])), signal);
        assert_eq!(ticker.take_events().iter().map(facts).collect::<Vec<_>>(), [expected]);
    }
    assert_recorded(&cli("ticker"), &["run", "--every", "0"], &json!([["run"], "failure", 1, "Error"]));
    assert_recorded(&cli("ticker"), &["once", "1"], &json!([["once"], "success", 0, null]));
}

/// A server, whose next run records that it was killed.
#[cfg(unix)]
#[test]
fn served_records_that_it_was_killed() {
    let served = cli("served");
    support::end_by(support::started(&mut served.recorded(["serve", ".", "-p", "0"])), libc::SIGKILL);
    served.recorded(["list", "/nowhere"]).output().unwrap();
    let events: Vec<_> = served.take_events().iter().map(facts).collect();
    assert_eq!(json!(events), json!([[["serve"], "undefined", -1, "abandoned"], [["list"], "failure", 1, "NotFound"]]));
    fs::write(served.file("file"), "").unwrap();
    assert_recorded(&served, &["list", "."], &json!([["list"], "success", 0, null]));
}
