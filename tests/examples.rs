//! The examples, from outside: what a run leaves behind, and what a user sees.
//!
//! In this order: the events of each example, the fields of an event, the queue and consent, the envelope, and the output
//! compared with the plain twin.

use std::fs;
use std::process::Output;

use serde_json::{Value, json};
use support::{Program, Shown, facts, keys};

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
        assert!(lines <= 60 || name == "toolkit", "{name} has {lines} lines");
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
        (&["telemetry", "disclosure"], json!([["telemetry", "disclosure"], "success", 0, null])),
        (&["help", "remote", "add"], json!([["remote", "add"], "success", 0, "DisplayHelp"])),
        (&["deploy"], json!([[], "failure", 2, "InvalidSubcommand"])),
        (&[], json!([[], "failure", 2, "MissingSubcommand"])),
    ] {
        assert_recorded(&builder, args, &expected);
    }
    for args in [&["hook"][..], &["telemetry", "disable"]] {
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
        (&["hello", "help", "greet"], json!([["greet"], "success", 0, "DisplayHelp"])),
        (&["hello", "--version"], json!([[], "success", 0, "DisplayVersion"])),
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
        (&["--help"], json!([[], "success", 0, "DisplayHelp"])),
        (&["--version"], json!([[], "success", 0, "DisplayVersion"])),
        (&["remote", "add", "--help"], json!([["remote", "add"], "success", 0, "DisplayHelp"])),
        (&["help", "remote", "add"], json!([["remote", "add"], "success", 0, "DisplayHelp"])),
        // It takes external subcommands, but `help` is not one.
        (&["help", "help"], json!([[], "success", 0, "DisplayHelp"])),
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
        "status",
        "exit_code",
        "error_class",
        "duration_ms",
    ];
    assert_eq!(keys(line), fields);

    let event: Value = serde_json::from_str(line).unwrap();
    assert_eq!(event["v"], 1);
    assert_session_id(&event["session_id"]);
    assert!(event["start_time_unix_ms"].as_u64().unwrap() > 1_700_000_000_000);
    assert_eq!(event["app"], "toolkit");
    assert_eq!(event["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(event["os"], std::env::consts::OS);
    assert_eq!(event["arch"], std::env::consts::ARCH);
    assert_eq!(event["ci"], false);
    assert!((0..10_000).contains(&event["duration_ms"].as_i64().unwrap()));
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
fn assert_session_id(id: &Value) {
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

#[test]
fn without_a_protocol_the_event_itself_is_printed() {
    let quickstart = Program::new("quickstart");
    let output = printed(&quickstart, &["info", "list-channels"]);
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(line.lines().count(), 1, "{line}");
    quickstart.recorded(["info", "list-channels"]).output().unwrap();
    let queued_line = quickstart.take_lines().remove(0);
    let queued: Value = serde_json::from_str(&queued_line).unwrap();
    let printed: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(keys(&line), keys(&queued_line));
    for key in ["app", "command", "status", "exit_code", "error_class"] {
        assert_eq!(printed[key], queued[key], "{key}");
    }
}

/// What the reference implementation prints for `nat info components`.
const REFERENCE: &str = r#"{"browserType":"undefined","clientId":"184482118588404","clientType":"Native","clientVariant":"Release","clientVer":"1.9.0","cpuArchitecture":"x86_64","deviceGdprBehOptIn":"None","deviceGdprFuncOptIn":"None","deviceGdprTechOptIn":"None","deviceId":"undefined","deviceMake":"undefined","deviceModel":"undefined","deviceOS":"undefined","deviceOSVersion":"undefined","deviceType":"undefined","eventProtocol":"1.6","eventSchemaVer":"1.5","eventSysVer":"nat-telemetry/1.0","externalUserId":"undefined","gdprBehOptIn":"None","gdprFuncOptIn":"None","gdprTechOptIn":"None","idpId":"undefined","integrationId":"undefined","productName":"undefined","productVersion":"undefined","sentTs":"2026-11-23T15:26:14.939Z","sessionId":"6a4548933ac442bb8aa05d773379f0a4","userId":"undefined","events":[{"ts":"2026-11-23T15:26:14.939Z","parameters":{"nemoSource":"agent_toolkit","command":"info","subcommand":"components","taskStatus":"success","durationMs":5,"exitCode":0,"errorClass":"undefined","pythonVersion":"3.11.7"},"name":"nat_cli_command"}]}"#;

#[test]
fn the_printed_envelope_is_the_references() {
    let toolkit = Program::new("toolkit");
    let output = printed(&toolkit, &["info", "list-components"]);
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(line.lines().count(), 1, "{line}");
    assert_eq!(keys(&line), keys(REFERENCE));

    let printed: Value = serde_json::from_str(&line).unwrap();
    let mut expected: Value = serde_json::from_str(REFERENCE).unwrap();
    expected["clientVer"] = json!(env!("CARGO_PKG_VERSION"));
    expected["cpuArchitecture"] = json!(std::env::consts::ARCH);
    expected["eventSysVer"] = json!("cli-telemetry/1.0");
    let event = &mut expected["events"][0];
    event["name"] = json!("cli_command");
    event["parameters"]["nemoSource"] = json!("toolkit");
    event["parameters"]["subcommand"] = json!("list-components");
    event["parameters"]["pythonVersion"] = json!("undefined");
    // These are new in every run: their form is checked, then they are copied.
    assert_session_id(&printed["sessionId"]);
    expected["sessionId"] = printed["sessionId"].clone();
    for pointer in ["/sentTs", "/events/0/ts"] {
        let time = printed.pointer(pointer).unwrap();
        assert_timestamp(time.as_str().unwrap());
        *expected.pointer_mut(pointer).unwrap() = time.clone();
    }
    let duration = &printed["events"][0]["parameters"]["durationMs"];
    assert!(duration.is_u64(), "{duration}");
    expected["events"][0]["parameters"]["durationMs"] = duration.clone();
    assert_eq!(printed, expected);
}

#[test]
fn the_printed_envelope_shows_how_a_run_ended() {
    let toolkit = Program::new("toolkit");
    for (args, expected) in [
        (&["--bogus"][..], json!(["unknown", "undefined", "failure", 2, "UnknownArgument"])),
        (&["run", "--help"], json!(["run", "undefined", "success", 0, "undefined"])),
        // Deferred: clap makes these only when they are wanted.
        (&["help", "telemetry", "show"], json!(["telemetry", "show", "success", 0, "undefined"])),
        (&["remote", "rename", "tag", "a", "b"], json!(["remote", "rename", "success", 0, "undefined"])),
        (&["fail"], json!(["fail", "undefined", "failure", 1, "Refused"])),
    ] {
        let output = printed(&toolkit, args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        let line = stderr.lines().find(|line| line.starts_with("{\"browserType\"")).unwrap();
        let envelope: Value = serde_json::from_str(line).unwrap();
        let event = &envelope["events"][0]["parameters"];
        let keys = ["command", "subcommand", "taskStatus", "exitCode", "errorClass"];
        assert_eq!(json!(keys.map(|key| &event[key])), expected, "{args:?}");
    }
}

/// Runs with the envelope printed, and checks that nothing is queued.
fn printed(toolkit: &Program, args: &[&str]) -> Output {
    let output = toolkit.recorded(args).env(toolkit.variable("ENDPOINT"), "stdout").output().unwrap();
    assert!(!toolkit.telemetry_dir().exists(), "printed and queued");
    output
}

/// `2026-11-23T15:26:14.939Z`
#[track_caller]
fn assert_timestamp(time: &str) {
    let form: String = time.chars().map(|char| if char.is_ascii_digit() { '0' } else { char }).collect();
    assert_eq!(form, "0000-00-00T00:00:00.000Z", "{time}");
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
