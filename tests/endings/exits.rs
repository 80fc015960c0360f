//! Programs that print their errors and exit by themselves: the class in the event, and what parses say about it.

use std::process::Command;

use serde_json::{Value, json};
use support::Program;

use crate::column::{Column, Ends, facts};

/// The hint at an error without a class.
const LIST_IT: &str = "list its type in `errors(..)`";

/// The hint at a run without a command.
const NO_COMMAND: &str = "write `Cli::parse()` instead of `<Cli as Parser>::parse()`";

fn noted() -> Program {
    Program::new("noted")
}

/// A recorded run of one of the program's mains.
fn command(program: &Program, main: &str, args: &[&str]) -> Command {
    let mut command = program.recorded(args);
    command.env("NOTED_MAIN", main);
    command
}

#[track_caller]
fn assert_ends(main: &str, args: &[&str], expected: &Value) {
    let program = noted();
    let (output, event) = program.event(&mut command(&program, main, args));
    assert_eq!(facts(&event), *expected, "{main} {args:?}");
    assert_eq!(output.status.code().map(i64::from), event["exit_code"].as_i64(), "{main} {args:?}");
}

#[test]
fn a_noted_error_of_any_type_has_its_class() {
    for (error, class) in [
        ("listed", "Offline"),
        ("boxed", "Offline"),
        ("anyhow", "Offline"),
        ("eyre", "Offline"),
        ("miette", "Offline"),
        ("box-dyn", "Offline"),
        ("box-dyn-send-sync", "Offline"),
        ("dyn", "Offline"),
        ("dyn-send-sync", "Offline"),
        ("clap", "ValueValidation"),
        ("io", "PermissionDenied"),
        ("unlisted", "Error"),
        ("anyhow-unlisted", "Error"),
        ("text", "Error"),
    ] {
        assert_ends("types", &["fail", error], &json!([["fail"], "failure", 1, class]));
    }
}

#[test]
fn the_usual_mains_have_classes() {
    for main in ["exits", "returns"] {
        for (args, event) in [
            (&["fail", "listed"][..], json!([["fail"], "failure", 1, "Offline"])),
            (&["fail", "unlisted"], json!([["fail"], "failure", 1, "Error"])),
            (&["fail-twice"], json!([["fail-twice"], "failure", 1, "Refused"])),
            (&["recover"], json!([["recover"], "success", 0, null])),
            (&["panic"], json!([["panic"], "failure", 101, "panic"])),
        ] {
            assert_ends(main, args, &event);
        }
    }
    // clap's error came through the box.
    assert_ends("returns", &["fail", "bogus"], &json!([["fail"], "failure", 1, "InvalidValue"]));
}

#[test]
fn a_refused_command_line_keeps_its_class_whatever_the_exit_code() {
    for (args, event) in [
        (&["fail", "bogus"][..], json!([["fail"], "failure", 1, "InvalidValue"])),
        (&["bogus"], json!([[], "failure", 1, "InvalidSubcommand"])),
        (&["fail", "--help"], json!([["fail"], "success", 0, null])),
    ] {
        assert_ends("maps", args, &event);
    }
}

/// An author may have an error of the same name.
#[test]
fn a_refusal_can_be_told_from_the_program_s_own_error() {
    for (main, args, ending) in [
        ("maps", &["fail", "bogus"][..], "usage"),
        ("maps", &["fail", "--help"], "help"),
        ("returns", &["fail", "bogus"], "usage"),
        ("returns", &["fail", "listed"], "return"),
    ] {
        let program = noted();
        let (_, event) = program.event(&mut command(&program, main, args));
        assert_eq!(event["ending"], ending, "{main} {args:?}");
    }
}

/// Only for who asks: an author looking for missing classes.
#[test]
fn an_error_without_a_class_is_pointed_out_to_the_author() {
    let program = noted();
    for (error, hints) in [("unlisted", 1), ("anyhow-unlisted", 1), ("listed", 0), ("io", 0)] {
        let mut command = command(&program, "types", &["fail", error]);
        let (output, _) = program.event(&mut command);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{error}");
        let (output, _) = program.event(command.env(program.variable("DEBUG"), "1"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr.matches(LIST_IT).count(), hints, "{error}: {stderr}");
        assert!(!stderr.contains("a text"), "{stderr}");
    }
}

#[test]
fn the_parse_of_the_process_s_own_arguments_counts() {
    for main in ["parses_others_first", "parses_others_last"] {
        assert_ends(main, &["fail-twice"], &json!([["fail-twice"], "success", 0, null]));
    }
    assert_ends("parses_others_only", &["fail-twice"], &json!([["recover"], "success", 0, null]));
}

/// The tests of an author parse such, too.
#[test]
fn a_parse_of_other_arguments_does_not_begin_a_run() {
    let program = noted();
    let output = command(&program, "without_macro", &["fail-twice"]).output().unwrap();
    assert!(output.status.success());
    assert!(!program.telemetry_dir().exists());
}

#[test]
fn a_shell_that_asks_for_completions_leaves_no_event() {
    for (complete, parses, events) in
        [(None, false, 1), (Some(""), false, 1), (Some("bash"), false, 0), (Some("bash"), true, 1)]
    {
        let program = noted();
        let mut command = command(&program, "completes", &["recover"]);
        complete.map(|shell| command.env("COMPLETE", shell));
        parses.then(|| command.env("NOTED_PARSES", "1"));
        assert_eq!(command.output().unwrap().status.code(), Some(0));
        assert_eq!(program.take_events().len(), events, "{complete:?} {parses}");
    }
}

#[test]
fn a_skipped_run_leaves_no_event_however_it_ends() {
    for late in [false, true] {
        for (args, code) in [(&["recover"][..], 0), (&["panic"], 101)] {
            let program = noted();
            let mut command = command(&program, "skips", args);
            late.then(|| command.env("NOTED_SKIPS_LATE", "1"));
            assert_eq!(command.output().unwrap().status.code(), Some(code));
            assert_eq!(program.take_events(), [] as [Value; 0], "{late} {args:?}");
        }
    }
}

/// The run of `endings` goes well, and nobody knows its command.
#[test]
fn a_run_without_a_command_is_pointed_out_to_the_author() {
    let program = Program::at(env!("CARGO_BIN_EXE_endings").into(), "endings");
    for (main, hints) in [("parses_generically", 1), ("parses_matches", 1), ("unit", 0), ("records_matches", 0)] {
        let mut command = program.recorded(["return"]);
        command.env("ENDINGS_MAIN", main);
        let (output, _) = program.event(&mut command);
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{main}");
        let (output, _) = program.event(command.env(program.variable("DEBUG"), "1"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr.matches(NO_COMMAND).count(), hints, "{main}: {stderr}");
    }
}

/// A debug build names the type; nothing is said where the author left a command out, or nobody asked.
#[test]
fn a_command_lost_with_its_type_is_pointed_out_to_the_author() {
    let program = Program::new("uninstrumented");
    for (args, recorded, types) in [
        (&["edit", "add"][..], &["edit"][..], Some("`edit`: `uninstrumented::Edit`")),
        (&["wrapped", "add"], &["wrapped"], Some("`wrapped`: `uninstrumented::Listed`")),
        (&["plugin", "add"], &[], Some("no command: `uninstrumented::Edit`")),
        (&["hidden", "add"], &["hidden"], None),
        (&["plain"], &["plain"], None),
        (&["plain-plugin"], &[], None),
    ] {
        let (output, event) = program.event(&mut program.recorded(args));
        assert_eq!((&*output.stderr, &event["command"]), (&b""[..], &json!(recorded)), "{args:?}");
        let (output, _) = program.event(program.recorded(args).env(program.variable("DEBUG"), "1"));
        let stderr = String::from_utf8_lossy(&output.stderr);
        let hint = types.map(|types| {
            format!("`{}` is recorded as {types} holds subcommands, but `#[telemetry_cli]` is", args.join(" "))
        });
        assert_eq!(stderr.contains("holds subcommands"), hint.is_some(), "{stderr}");
        assert!(stderr.contains(&hint.unwrap_or_default()), "{stderr}");
    }
}

/// One event, with the code of one of the threads. C leaves undefined which of them decides how the process ends. The others
/// are made to wait, but one that calls `exit` in the last instant finds nothing left to stop it: once in thousands of runs
/// it overtakes the first, and the parent sees its code. Without the wait, that is a matter of course.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn threads_that_exit_at_once_leave_one_event() {
    let program = Program::new("crowd");
    let (mut runs, mut overtaken) = (0, 0);
    for (threads, args) in [(31, &["31"][..]), (31, &["31", "--main-returns"]), (1, &["1", "--main-returns"])] {
        for round in 0..support::scaled(20) {
            let (output, event) = program.event(&mut program.recorded(args));
            let recorded = event["exit_code"].as_i64().unwrap();
            assert!((1..=threads).contains(&recorded) || recorded == 100, "{args:?}, round {round}: {recorded}");
            runs += 1;
            overtaken += usize::from(output.status.code().map(i64::from) != Some(recorded));
        }
    }
    assert!(overtaken * 20 <= runs, "{overtaken} of {runs} runs ended with another code than the event has");
}

/// As in `endings return | true`: whoever read the output has gone, and the program is not to blame.
#[test]
fn a_reader_that_is_gone_is_not_a_failure() {
    for (column, code) in
        [(Column::sync(), 101), (Column::tokio(), 101), (Column::abort(), crate::column::ABORTED_CODE)]
    {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let status = column.command("unit", &["return"]).stdout(writer).status().unwrap();
        assert_ne!(Ends::from(status), Ends::Code(0));
        let events = column.program().take_events();
        assert_eq!(
            events.iter().map(facts).collect::<Vec<_>>(),
            [json!([["return"], "interrupted", code, "BrokenPipe"])]
        );
    }
}

/// Below the current directory, and never in another place than the one named.
#[test]
fn a_relative_folder_is_below_the_current_directory() {
    let program = noted();
    let here = tempfile::tempdir().unwrap();
    let mut command = command(&program, "types", &["recover"]);
    command.env(program.variable("DIR"), "events/of/noted").current_dir(here.path());
    assert!(command.output().unwrap().status.success());
    assert!(here.path().join("events/of/noted/queue.jsonl").exists());
    assert!(support::names(program.home()).is_empty());
}
