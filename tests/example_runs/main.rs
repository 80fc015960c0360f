//! The examples, from outside: what a run leaves behind, and what a user sees.
//!
//! Here are the events of each example, and the output compared with that of the plain twin. `kept` is about events in the
//! queue, and `printed` about those that are printed.

mod kept;
mod printed;

use std::fs;

use serde_json::{Value, json};
use support::{Program, Shown, facts};

#[track_caller]
fn assert_recorded(program: &Program, args: &[&str], expected: &Value) {
    let (output, event) = program.event(&mut program.recorded(args));
    assert_eq!(facts(&event), *expected, "{args:?}");
    assert_eq!(output.status.code().map(i64::from), event["exit_code"].as_i64(), "{args:?}");
}

/// The path of a file that holds `text`.
fn file(program: &Program, text: &str) -> String {
    let path = program.home().join("file");
    fs::write(&path, text).unwrap();
    path.into_os_string().into_string().unwrap()
}

/// A reader finds the one that is like their own CLI, and can read it at once.
#[test]
fn the_readme_names_every_example() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let manifest = fs::read_to_string(format!("{root}/examples/Cargo.toml")).unwrap();
    let readme = fs::read_to_string(format!("{root}/README.md")).unwrap();
    let examples: Vec<_> = manifest.split("[[example]]\nname = \"").skip(1).collect();
    assert!(examples.len() > 10);
    for example in examples {
        let (name, rest) = example.split_once('"').unwrap();
        // The twins of `toolkit` are there to be measured.
        if ["plain", "attributed"].contains(&name) {
            continue;
        }
        assert!(readme.contains(&format!("`{name}`")), "{name} is not in the README");
        let path = rest.split("path = \"").nth(1).unwrap().split('"').next().unwrap();
        let lines = fs::read_to_string(format!("{root}/examples/{path}")).unwrap().lines().count();
        let shows_much = ["toolkit", "build_tool"].contains(&name);
        assert!(lines <= 60 || shows_much, "{name} has {lines} lines");
    }
}

#[test]
fn quickstart_records_its_commands() {
    let quickstart = Program::new("quickstart");
    let config = file(&quickstart, "steps");
    for (args, expected) in [
        (&["run", &config][..], json!([["run"], "success", 0, null])),
        (&["run", "/nowhere"], json!([["run"], "failure", 1, "NotFound"])),
        (&["info", "list-components"], json!([["info", "list-components"], "success", 0, null])),
        (&["info", "list-channels"], json!([["info", "list-channels"], "success", 0, null])),
        (&["info"], json!([["info"], "failure", 2, "DisplayHelpOnMissingArgumentOrSubcommand"])),
    ] {
        assert_recorded(&quickstart, args, &expected);
    }
}

#[test]
fn async_main_records_its_commands_and_errors() {
    let async_main = Program::new("async_main");
    let no_number = file(&async_main, "seven");
    for (args, expected) in [
        (&["wait", "1"][..], json!([["wait"], "success", 0, null])),
        (&["read", "/nowhere"], json!([["read"], "failure", 1, "NotFound"])),
        (&["read", &no_number], json!([["read"], "failure", 1, "ParseIntError"])),
        (&["wait", "soon"], json!([["wait"], "failure", 2, "ValueValidation"])),
    ] {
        assert_recorded(&async_main, args, &expected);
    }
}

#[test]
fn builder_records_its_commands() {
    let builder = Program::new("builder");
    for (args, expected) in [
        (&["build"][..], json!([["build"], "success", 0, null])),
        (&["b"], json!([["build"], "success", 0, null])),
        (&["remote"], json!([["remote"], "success", 0, null])),
        (&["remote", "add", "remove"], json!([["remote", "add"], "success", 0, null])),
        (&["remote", "remove"], json!([["remote", "remove"], "failure", 2, "MissingRequiredArgument"])),
        (&["help", "remote", "add"], json!([["remote", "add"], "success", 0, null])),
        (&["deploy"], json!([[], "failure", 2, "InvalidSubcommand"])),
        (&[], json!([[], "failure", 2, "MissingSubcommand"])),
    ] {
        assert_recorded(&builder, args, &expected);
    }
    for args in [&["hook"][..], &["telemetry", "disclosure"], &["telemetry", "--bogus"], &["help", "telemetry"]] {
        builder.recorded(args).output().unwrap();
        assert!(builder.take_events().is_empty(), "{args:?}");
    }
}

/// The name of the plugin is in no event.
#[test]
fn cargo_plugin_records_the_commands_below_its_name() {
    let plugin = Program::new("cargo_plugin");
    for (args, expected) in [
        (&["hello", "greet", "you"][..], json!([["greet"], "success", 0, null])),
        (&["hello", "languages"], json!([["languages"], "success", 0, null])),
        (&["hello", "greet", "you", "--language", "latin"], json!([["greet"], "failure", 2, "InvalidValue"])),
        (&["hello", "help", "greet"], json!([["greet"], "success", 0, null])),
        (&["hello", "--version"], json!([[], "success", 0, null])),
        (&["hello"], json!([[], "failure", 2, "DisplayHelpOnMissingArgumentOrSubcommand"])),
    ] {
        assert_recorded(&plugin, args, &expected);
    }
}

#[test]
fn exit_by_itself_records_why() {
    let program = Program::new("exit_by_itself");
    let lines = file(&program, "one\ntwo\n");
    for (args, expected) in [
        (&[&*lines][..], json!([[], "success", 0, null])),
        (&[&*lines, "/nowhere"], json!([[], "failure", 3, "NotFound"])),
        (&[], json!([[], "failure", 2, "MissingRequiredArgument"])),
    ] {
        assert_recorded(&program, args, &expected);
    }
    let binary = file(&program, "\0");
    assert_recorded(&program, &[&binary], &json!([[], "failure", 3, "Error"]));
}

/// The types, the parse and the error printer are the library's.
#[test]
fn library_records_what_it_parses() {
    let program = Program::new("library");
    let config = file(&program, "steps");
    for (args, expected) in [
        (&["show", &*config][..], json!([["show"], "success", 0, null])),
        (&["size", "/nowhere"], json!([["size"], "failure", 2, "NotFound"])),
        (&["size"], json!([["size"], "failure", 2, "MissingRequiredArgument"])),
    ] {
        assert_recorded(&program, args, &expected);
    }
}

#[test]
fn two_binaries_are_two_apps() {
    for (name, expected) in
        [("encode", json!([[], "success", 0, null])), ("decode", json!([[], "failure", 1, "ParseIntError"]))]
    {
        let program = Program::new(name);
        let text = file(&program, "text");
        let (_, event) = program.event(&mut program.recorded([&text]));
        assert_eq!((&event["app"], facts(&event)), (&json!(name), expected));
    }
}

#[test]
fn threaded_records_from_its_thread() {
    let program = Program::new("threaded");
    for (args, expected) in [
        (&["sum", "9"][..], json!([["sum"], "success", 0, null])),
        (&["sum", "x"], json!([["sum"], "failure", 2, "ValueValidation"])),
    ] {
        assert_recorded(&program, args, &expected);
    }
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    assert_recorded(&program, &["sum", "1000001"], &json!([["sum"], "failure", 3, null]));
}

#[test]
fn flat_records_its_runs_but_not_its_flag() {
    let flat = Program::new("flat");
    let lines = file(&flat, "one\nthree\n");
    for (args, expected) in [
        (&["-n", &*lines][..], json!([[], "success", 0, null])),
        (&["/nowhere"], json!([[], "failure", 1, "NotFound"])),
        (&[], json!([[], "failure", 2, "MissingRequiredArgument"])),
    ] {
        assert_recorded(&flat, args, &expected);
    }
    let shown = Shown::of(&mut flat.recorded(["-n", &*lines]));
    assert_eq!(shown.stdout, "2: three\n");
    flat.take_events();
    let shown = Shown::of(&mut flat.recorded(["--telemetry", "show"]));
    assert_eq!((shown.status.code(), &*shown.stdout), (Some(0), "No events are queued.\n"));
    assert!(flat.take_events().is_empty());
}

#[cfg(unix)]
#[test]
fn server_records_that_it_was_killed() {
    for (signal, expected) in [
        (libc::SIGTERM, json!([["serve"], "interrupted", 143, "SIGTERM"])),
        (libc::SIGKILL, json!([["serve"], "undefined", -1, "abandoned"])),
    ] {
        let server = Program::new("server");
        support::end_by(support::started(&mut server.recorded(["serve"])), signal);
        // Port 0 is nobody's.
        server.recorded(["ping", "0"]).output().unwrap();
        let events: Vec<_> = server.take_events().iter().map(facts).collect();
        assert_eq!(events[0], expected);
        assert_eq!(events.len(), 2, "{events:?}");
    }
}

#[test]
fn toolkit_records_the_chosen_command() {
    let toolkit = Program::new("toolkit");
    for (args, command) in [
        (&["run"][..], json!(["run"])),
        (&["run", "info", "--name", "remote"], json!(["run"])),
        (&["--output", "remote", "info", "list-components"], json!(["info", "list-components"])),
        (&["info", "list-channels", "--filter", "run"], json!(["info", "list-channels"])),
        (&["remote"], json!(["remote"])),
        (&["remote", "add", "origin", "rename"], json!(["remote", "add"])),
        (&["remote", "rename", "default_branch", "a", "b"], json!(["remote", "rename", "default_branch"])),
        (&["remote", "rename", "tag", "a", "b"], json!(["remote", "rename", "tag"])),
        (&["sleep", "0"], json!(["sleep"])),
        // Aliases are recorded under the name of their command.
        (&["start"], json!(["run"])),
        (&["info", "channels"], json!(["info", "list-channels"])),
        // The name of an external subcommand is user input.
        (&["deploy", "--to", "production"], json!(["external"])),
    ] {
        assert_recorded(&toolkit, args, &json!([command, "success", 0, null]));
    }
}

#[test]
fn toolkit_records_how_a_run_ends() {
    let toolkit = Program::new("toolkit");
    for (args, expected) in [
        (&["fail", "why"][..], json!([["fail"], "failure", 1, "Refused"])),
        (&["panic", "why"], json!([["panic"], "failure", 101, "panic"])),
        (&["exit", "0"], json!([["exit"], "success", 0, null])),
        (&["exit", "7"], json!([["exit"], "failure", 7, null])),
        (&["exit", "130"], json!([["exit"], "interrupted", 130, null])),
        (&["remote", "add", "--bogus"], json!([["remote", "add"], "failure", 2, "UnknownArgument"])),
        (&["remote", "add", "origin"], json!([["remote", "add"], "failure", 2, "MissingRequiredArgument"])),
        (&["exit", "many"], json!([["exit"], "failure", 2, "ValueValidation"])),
        // clap stops at an unknown option, so the command after it was never parsed.
        (&["--bogus", "info"], json!([[], "failure", 2, "UnknownArgument"])),
        (&["info", "everything"], json!([["info"], "failure", 2, "InvalidSubcommand"])),
        (&["--help"], json!([[], "success", 0, null])),
        (&["--version"], json!([[], "success", 0, null])),
        (&["remote", "add", "--help"], json!([["remote", "add"], "success", 0, null])),
        (&["help", "remote", "add"], json!([["remote", "add"], "success", 0, null])),
        // It takes external subcommands, but `help` is not one.
        (&["help", "help"], json!([[], "success", 0, null])),
    ] {
        assert_recorded(&toolkit, args, &expected);
    }
}

/// Only glibc reports the exit code of a program that calls `exit`.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn toolkit_records_an_exit_deep_in_a_call() {
    let toolkit = Program::new("toolkit");
    assert_recorded(&toolkit, &["quit", "0"], &json!([["quit"], "success", 0, null]));
    assert_recorded(&toolkit, &["quit", "5"], &json!([["quit"], "failure", 5, null]));
}

/// The author's words, and no comment of a type that users do not know.
#[test]
fn help_about_telemetry_begins_with_the_author_s_text() {
    let toolkit = Program::new("toolkit");
    for args in [&["telemetry", "--help"], &["telemetry", "-h"], &["help", "telemetry"]] {
        let shown = Shown::of(&mut toolkit.undecided(args));
        let (about, rest) = shown.stdout.split_once("\n\n").unwrap();
        assert_eq!(about, "See and change what is collected", "{args:?}");
        assert!(rest.starts_with("Usage: toolkit telemetry"), "{args:?}: {rest}");
    }
}

#[test]
fn the_output_is_that_of_the_plain_twin() {
    let attributed = Program::called("attributed", "toolkit");
    let plain = Program::called("plain", "toolkit");
    for args in [
        &["run", "flow.yaml", "--name", "nightly"][..],
        &["-v", "--output", "out", "info", "list-components", "--filter", "plan"],
        &["info", "channels"],
        &["remote"],
        &["remote", "rename", "tag", "a", "b"],
        &["deploy", "--to", "production"],
        &["fail", "why"],
        &["panic", "why"],
        &["exit", "7"],
        &["quit", "300"],
        &["sleep", "0"],
        &[],
        &["--help"],
        &["-h"],
        &["--version"],
        &["help", "remote", "add"],
        &["help", "nothing"],
        &["remote", "add", "--bogus"],
        &["remote", "add", "origin"],
        &["exit", "many"],
        &["inof"],
    ] {
        let expected = Shown::of(&mut plain.undecided(args));
        assert_eq!(Shown::of(&mut attributed.recorded(args)), expected, "recorded: {args:?}");
        assert_eq!(Shown::of(&mut attributed.undecided(args)), expected, "not recorded: {args:?}");
    }
}
