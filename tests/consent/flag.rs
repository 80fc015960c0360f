//! Management commands as the values of a flag, for a CLI without subcommands.

use std::fs;
use std::process::Command;

use clap::{Args, CommandFactory, Parser};
use serde_json::{Value, json};
use support::{Program, Shown, compiled_out, facts};
use telemetry_runtime::manage::TelemetryFlag;
use telemetry_runtime::telemetry_cli;
use telemetry_runtime::testing::{assert_allowlist, assert_no_leak};

use crate::terminal::Terminal;
use crate::{stored, stored_word};

#[allow(dead_code)]
#[path = "programs/flag.rs"]
mod cli;

const FLAGGED: &str = env!("CARGO_BIN_EXE_consent_flag");

/// Each command, and how its output begins.
const COMMANDS: [(&str, &str); 7] = [
    ("status", "Telemetry:     off\nDecided by:    the default, since nobody has decided\n"),
    ("enable", "Telemetry of flat is allowed.\n"),
    ("disable", "Telemetry of flat is forbidden. All recorded events are deleted.\n"),
    ("show", "No events are queued.\n"),
    ("purge", "All recorded events are deleted.\n"),
    ("schema", "{\n"),
    ("disclosure", "# Telemetry of flat\n"),
];

/// An example, which has a required argument.
fn flat() -> Program {
    Program::new("flat")
}

fn flagged() -> Program {
    Program::at(FLAGGED.into(), "flagged")
}

/// The output of a run that succeeds and leaves no event.
#[track_caller]
fn output(program: &Program, command: &mut Command) -> String {
    let shown = Shown::of(command);
    assert_eq!((shown.status.code(), &*shown.stderr), (Some(0), ""), "{command:?}");
    assert!(program.take_lines().is_empty(), "{command:?} is recorded");
    shown.stdout
}

#[test]
fn every_command_works_without_the_required_arguments() {
    for (word, begins) in COMMANDS {
        for args in [vec!["--telemetry", word], vec![&*format!("--telemetry={word}")]] {
            let flat = flat();
            let stdout = output(&flat, &mut flat.undecided(args));
            assert!(stdout.starts_with(begins), "{word}: {stdout}");
            let writes = matches!(word, "enable" | "disable");
            assert_eq!(flat.telemetry_dir().exists(), writes, "{word}");
        }
    }
}

#[cfg(feature = "http")]
#[test]
fn flush_is_one_of_the_commands() {
    let flagged = flagged();
    let stdout = output(&flagged, &mut flagged.recorded(["--usage-data", "flush"]));
    assert_eq!(stdout, "No events are queued.\n");
}

#[test]
fn the_user_s_decision_counts_from_the_next_run_on() {
    let flat = flat();
    let file = flat.home().join("file");
    fs::write(&file, "line\n").unwrap();
    for (word, decision, events) in [("enable", "yes", 1), ("disable", "no", 0)] {
        output(&flat, &mut flat.undecided(["--telemetry", word]));
        assert_eq!(stored_word(&flat).unwrap(), decision);
        assert_eq!(Shown::of(&mut flat.undecided([&file])).stdout, "line\n");
        assert_eq!(flat.take_events().len(), events, "{word}");
    }
}

#[test]
fn it_works_and_is_not_recorded_whatever_the_variables_say() {
    for (name, value) in [
        ("FLAT_TELEMETRY_ENABLED", "1"),
        ("FLAT_TELEMETRY_ENABLED", "0"),
        ("DO_NOT_TRACK", "1"),
        ("CI", "true"),
        ("FLAT_TELEMETRY_ENDPOINT", "stdout"),
    ] {
        for (word, _) in COMMANDS {
            let flat = flat();
            let stdout = output(&flat, flat.undecided(["--telemetry", word]).env(name, value));
            assert!(!stdout.is_empty(), "{name}={value} {word}");
        }
    }
}

#[test]
fn it_never_asks() {
    for (word, begins) in COMMANDS {
        let flat = flat();
        let screen = Terminal::start(flat.undecided(["--telemetry", word])).finish();
        // Markdown is for pipes and files.
        let begins = begins.trim_start_matches("# ");
        assert!(screen.text.starts_with(begins), "{word}: {}", screen.text);
        assert!(!screen.text.contains("[y/N]"), "{word}: {}", screen.text);
        assert_eq!(screen.status.code(), Some(0));
        let decided = matches!(word, "enable" | "disable");
        assert_eq!(stored(&flat).is_some(), decided, "{word}");
    }
    // The same program does ask.
    let mut terminal = Terminal::start(flat().undecided(["/nowhere"]));
    terminal.wait_for("[y/N] ");
    terminal.press("\n");
    terminal.finish();
}

#[test]
fn what_clap_refuses_changes_nothing() {
    for (args, class) in [
        (&["--telemetry", "disable", "--bogus"][..], json!("UnknownArgument")),
        (&["--telemetry", "disable", "file"], json!("ArgumentConflict")),
        (&["-n", "--telemetry", "disable"], json!("ArgumentConflict")),
        (&["--telemetry", "enable", "--telemetry", "disable"], json!("ArgumentConflict")),
        (&["--telemetry", "bogus"], json!("InvalidValue")),
        (&["--telemetry"], json!("InvalidValue")),
        (&["--", "--telemetry", "disable"], json!("UnknownArgument")),
        (&["--telemetry", "disable", "--help"], Value::Null),
    ] {
        let flat = flat();
        let (output, event) = flat.event(&mut flat.recorded(args));
        let (ending, code) = if class.is_null() { ("help", 0) } else { ("usage", 2) };
        assert_eq!((&event["ending"], &event["error_class"]), (&json!(ending), &class), "{args:?}");
        assert_eq!(output.status.code(), Some(code), "{args:?}");
        assert_eq!(stored(&flat), None, "{args:?}");
    }
}

#[test]
fn it_takes_no_word_from_positional_arguments() {
    for word in ["telemetry", "status", "disable"] {
        let flat = flat();
        let (_, event) = flat.event(&mut flat.recorded([word]));
        assert_eq!(facts(&event), json!([[], "failure", 1, "NotFound"]), "{word}");
    }
}

#[test]
fn a_failure_is_clap_s_exit_code_1_and_says_what_to_do() {
    let flat = flat();
    let mut command = flat.undecided(["--telemetry", "enable"]);
    let shown = Shown::of(command.env_remove("HOME").env_remove(flat.variable("DIR")));
    assert_eq!(shown.status.code(), Some(1));
    assert!(shown.stderr.starts_with("error: there is no folder for your decision"), "{}", shown.stderr);
    assert!(shown.stderr.contains("\n  set HOME to your own home, or FLAT_TELEMETRY_DIR"), "{}", shown.stderr);
}

#[test]
fn the_help_shows_it() {
    let flat = flat();
    let help = output(&flat, &mut flat.undecided(["--help"]));
    assert!(help.contains("--telemetry <COMMAND>\n          Show and control telemetry\n"), "{help}");
    for (word, _) in COMMANDS {
        assert!(help.contains(&format!("- {word}:")), "{word}: {help}");
    }
}

#[test]
fn an_author_can_rename_it() {
    let flagged = flagged();
    let help = output(&flagged, &mut flagged.undecided(["--help"]));
    let (_, privacy) = help.split_once("Privacy:\n").unwrap();
    assert!(privacy.trim_start().starts_with("--usage-data <COMMAND>"), "{help}");
    assert_eq!(flagged.undecided(["--telemetry", "status"]).output().unwrap().status.code(), Some(2));

    let disclosure = output(&flagged, &mut flagged.undecided(["--usage-data", "disclosure"]));
    assert!(disclosure.contains("- `flagged --usage-data disable` turns it off permanently"), "{disclosure}");
    let flat = flat();
    let disclosure = output(&flat, &mut flat.undecided(["--telemetry", "disclosure"]));
    assert!(disclosure.contains("- `flat --telemetry disable` turns it off permanently"), "{disclosure}");
}

/// Also where clap itself refuses it, because of a required group or of an option that a variable sets.
#[test]
fn all_parse_functions_answer_it() {
    for parse in ["parse", "try_parse", "parse_from", "try_parse_from"] {
        for (name, value) in [("FLAGGED_TELEMETRY_ENABLED", "1"), ("DO_NOT_TRACK", "1"), ("FLAGGED_LEVEL", "3")] {
            let flagged = flagged();
            let mut command = flagged.undecided(["--usage-data", "disable"]);
            output(&flagged, command.env("FLAGGED_PARSE", parse).env(name, value));
            assert_eq!(stored_word(&flagged).unwrap(), "no", "{parse}: {name}={value}");

            let mut command = flagged.undecided(["--usage-data", "enable", "--quiet"]);
            command.env("FLAGGED_PARSE", parse).env(name, value);
            assert!(!command.output().unwrap().status.success());
            assert_eq!(stored_word(&flagged).unwrap(), "no", "{parse}: {name}={value}");
        }
    }
}

/// clap's own functions return the command, for the program to run.
#[test]
fn a_program_that_uses_clap_s_functions_can_answer_it() {
    #[telemetry_cli(app = "direct", parse = false)]
    #[derive(Parser)]
    struct Direct {
        #[arg(required = true)]
        files: Vec<String>,
        #[command(flatten)]
        telemetry: Option<Wrapped>,
    }

    #[telemetry_cli]
    #[derive(Args)]
    #[group(id = "wrapped")]
    struct Wrapped {
        #[command(flatten)]
        telemetry: TelemetryFlag,
    }

    let matches = Direct::command().try_get_matches_from(["direct", "--telemetry", "status"]).unwrap();
    let flag = <TelemetryFlag as clap::FromArgMatches>::from_arg_matches(&matches).unwrap();
    assert!(flag.command().is_some());
    let cli = Direct::try_parse_from(["direct", "file"]).unwrap();
    assert_eq!(cli.files, ["file"]);
    assert!(cli.telemetry.is_none_or(|wrapped| wrapped.telemetry.command().is_none()));
    assert_allowlist::<Direct>();
}

#[test]
fn a_run_in_which_the_program_itself_answers_it_is_not_recorded() {
    for enabled in [None, Some("1")] {
        let flagged = flagged();
        let mut command = flagged.undecided(["--usage-data", "status"]);
        command.env("FLAGGED_PARSE", "clap").envs(enabled.map(|enabled| (flagged.variable("ENABLED"), enabled)));
        let stdout = output(&flagged, &mut command);
        assert!(stdout.starts_with("Telemetry:"), "{stdout}");
        let screen = Terminal::start(command).finish();
        assert!(screen.text.starts_with("Telemetry:"), "{}", screen.text);
        let mut command = flagged.undecided(["--all"]);
        command.env("FLAGGED_PARSE", "clap").envs(enabled.map(|enabled| (flagged.variable("ENABLED"), enabled)));
        assert_eq!(Shown::of(&mut command).stdout, "done\n");
        assert_eq!(flagged.take_events().len(), usize::from(enabled == Some("1")));
    }
}

/// A test of the author's that parses such a line must not end, nor change the user's decision.
#[test]
fn it_is_answered_only_in_a_run() {
    #[telemetry_cli(app = "tested")]
    #[derive(Parser)]
    struct Tested {
        #[command(flatten)]
        telemetry: TelemetryFlag,
    }

    // A unit test.
    let cli = Tested::try_parse_from(["tested", "--telemetry", "disable"]).unwrap();
    assert!(cli.telemetry.command().is_some());

    // An integration test, whose library is not compiled for tests.
    let flagged = flagged();
    let stdout = output(&flagged, flagged.undecided(["ignored"]).env("FLAGGED_OUTSIDE", "1"));
    assert_eq!(stdout, "refused: true\n");
    assert_eq!(stored(&flagged), None);
}

#[test]
fn the_author_s_three_tests_accept_it() {
    assert_allowlist::<cli::Cli>();
    assert_no_leak::<cli::Cli>(FLAGGED);
}

/// Nothing would answer it there, and a user's no would be lost.
#[test]
fn a_flag_where_no_macro_sees_it_is_a_difference() {
    #[derive(Args)]
    struct Uninstrumented {
        #[command(flatten)]
        telemetry: TelemetryFlag,
    }

    #[telemetry_cli(app = "unseen")]
    #[derive(Parser)]
    struct Unseen {
        #[command(flatten)]
        common: Uninstrumented,
    }

    #[telemetry_cli(app = "below")]
    #[derive(Parser)]
    enum Below {
        Build(Uninstrumented),
    }

    for assertion in [assert_allowlist::<Unseen>, assert_allowlist::<Below>] {
        let panic = std::panic::catch_unwind(assertion).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        let expected = "nothing answers `--telemetry <COMMAND>`: add `#[telemetry_cli]` to the type that holds the `TelemetryFlag`";
        assert!(message.ends_with(expected), "{message}");
    }
    let Below::Build(below) = Below::try_parse_from(["below", "build"]).unwrap();
    assert!(below.telemetry.command().is_none());
    let cli = Unseen::try_parse_from(["unseen"]).unwrap();
    assert!(cli.common.telemetry.command().is_none());
}

#[test]
fn in_a_build_without_telemetry_it_says_so() {
    let flat = Program::at(compiled_out().path("flat").to_owned(), "flat");
    for (word, _) in COMMANDS.iter().filter(|(word, _)| *word != "enable") {
        let stdout = output(&flat, &mut flat.recorded(["--telemetry", word]));
        assert_eq!(stdout, "telemetry is compiled out of this build\n", "{word}");
    }
    let shown = Shown::of(&mut flat.recorded(["--telemetry", "enable"]));
    assert_eq!(shown.status.code(), Some(1));
    assert!(shown.stderr.starts_with("error: telemetry is compiled out of this build\n"), "{}", shown.stderr);
    assert_eq!(fs::read_dir(flat.home()).unwrap().count(), 0);
    // The rest of the program is as before.
    let shown = Shown::of(&mut flat.recorded(["/nowhere"]));
    assert_eq!(shown.status.code(), Some(1));
}
