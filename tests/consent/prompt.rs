//! The question, on a terminal.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};

use support::{Program, run_in_shell};

use crate::terminal::{CTRL_C, CTRL_D, Screen, Terminal};
use crate::{
    ASK, OPT_IN, OPT_OUT, decided, edited, program, put, run, silent, store, stored, stored_word, undecided, words,
};

const QUESTION: &str = "Allow consent to collect this? [y/N] ";

/// What a run on a terminal shows if `keys` are pressed as soon as the question appears.
#[track_caller]
pub(crate) fn answer(program: &Program, keys: &str) -> Screen {
    let mut terminal = Terminal::start(undecided(program, &["run"]));
    terminal.wait_for(QUESTION);
    assert!(stored(program).is_some() || !program.telemetry_dir().exists(), "there is something before an answer");
    terminal.press(keys);
    terminal.finish()
}

/// Checks that a run on a terminal shows only the program's own output, and leaves `events` events.
#[track_caller]
fn assert_not_asked(program: &Program, command: Command, events: usize) {
    let before = stored(program);
    let screen = Terminal::start(command).finish();
    assert_eq!(screen.text, "done\n");
    assert_eq!(screen.status.code(), Some(0));
    assert_eq!(program.take_events().len(), events);
    assert_eq!(stored(program), before);
}

#[test]
fn only_a_clear_yes_is_a_yes() {
    let long = format!("{}\n", "y".repeat(1000));
    for (keys, yes) in [
        ("y\n", true),
        ("Y\n", true),
        ("yes\n", true),
        ("YES\n", true),
        (" y \n", true),
        ("\n", false),
        ("n\n", false),
        ("no\n", false),
        ("N\n", false),
        ("yy\n", false),
        ("yes please\n", false),
        ("junk\n", false),
        ("0\n", false),
        ("1\n", false),
        ("\u{fc}\n", false),
        (&long, false),
    ] {
        let program = program(ASK);
        let screen = answer(&program, keys);
        assert!(screen.text.ends_with("done\n"), "{keys:?}: {}", screen.text);
        assert_eq!(screen.status.code(), Some(0), "{keys:?}");
        // A yes covers this run already.
        assert_eq!(program.take_events().len(), usize::from(yes), "{keys:?}");
        assert_eq!(stored_word(&program).unwrap(), if yes { "yes" } else { "no" }, "{keys:?}");
        // It is asked only once.
        assert_not_asked(&program, undecided(&program, &["run"]), usize::from(yes));
    }
}

/// Nobody is there: the end of the input, and ten seconds without an answer.
#[test]
fn no_answer_is_no_decision() {
    for keys in [CTRL_D, ""] {
        let program = program(ASK);
        let screen = answer(&program, keys);
        assert!(screen.text.ends_with("no answer; nothing is recorded\n\ndone\n"), "{}", screen.text);
        assert_eq!(screen.status.code(), Some(0));
        assert_eq!(program.take_events().len(), 0);
        assert_eq!(stored_word(&program).unwrap(), "unanswered");
        assert_not_asked(&program, undecided(&program, &["run"]), 0);
    }
}

#[test]
fn a_question_that_nobody_answers_is_asked_three_times_a_week_apart() {
    const DAY: u64 = 24 * 60 * 60 * 1_000;

    /// Makes it look as if the last question had been asked so many days earlier.
    fn age(program: &Program, days: u64) {
        let mut json = stored(program).unwrap();
        json["decided_unix_ms"] = (json["decided_unix_ms"].as_u64().unwrap() - days * DAY).into();
        put(program, json.to_string());
    }

    let program = program(ASK);
    for times in 1..=3 {
        answer(&program, CTRL_D);
        assert_eq!(stored(&program).unwrap()["times_asked"], times);
        age(&program, 6);
        assert_not_asked(&program, undecided(&program, &["run"]), 0);
        age(&program, 1);
    }
    assert_not_asked(&program, undecided(&program, &["run"]), 0);
    // An answer that is given another way counts.
    put(&program, decided("yes").to_string());
    assert_eq!(run(&program, undecided(&program, &["run"])), silent(1));
}

#[test]
fn a_command_that_must_not_be_interrupted_is_not() {
    for path in [ASK, OPT_OUT] {
        for (args, events) in [(["hook"], 0), (["ps1"], 1)] {
            let program = program(path);
            assert_not_asked(&program, undecided(&program, &args), 0);
            assert_eq!(stored(&program), None);
            // Once the user has agreed, the one is recorded and the other is not.
            put(&program, decided("yes").to_string());
            assert_eq!(run(&program, undecided(&program, &args)), silent(events));
        }
    }
}

#[test]
fn a_run_that_is_skipped_before_it_parses_is_not_interrupted() {
    let program = Program::new("noted");
    let mut command = undecided(&program, &["recover"]);
    command.env("NOTED_MAIN", "skips");
    assert_not_asked(&program, command, 0);
    assert_eq!(stored(&program), None);
}

#[test]
fn nobody_is_asked_on_a_dumb_terminal() {
    for path in [ASK, OPT_OUT] {
        let program = program(path);
        let mut command = undecided(&program, &["run"]);
        command.env("TERM", "dumb");
        assert_not_asked(&program, command, 0);
    }
}

#[test]
fn ctrl_c_is_a_no_and_ends_the_program() {
    let program = program(ASK);
    let screen = answer(&program, CTRL_C);
    assert_eq!(screen.status.signal(), Some(2), "{screen:?}");
    assert!(!screen.text.contains("done"), "{}", screen.text);
    assert_eq!(stored_word(&program).unwrap(), "no");
    assert_eq!(program.take_events().len(), 0);
    assert_not_asked(&program, undecided(&program, &["run"]), 0);
}

/// As under `nohup`, for another signal.
#[test]
fn a_program_that_ignores_ctrl_c_still_does() {
    let program = program(ASK);
    let mut terminal = Terminal::start(run_in_shell(r#"trap "" INT; exec "$@""#, &undecided(&program, &["run"])));
    terminal.wait_for(QUESTION);
    terminal.press(CTRL_C);
    terminal.press("y\n");
    let screen = terminal.finish();
    assert_eq!(screen.status.code(), Some(0), "{screen:?}");
    assert_eq!(stored_word(&program).unwrap(), "yes");
}

/// The system stops a program that reads a terminal in the background.
#[test]
fn a_program_in_the_background_is_not_stopped_to_be_asked() {
    let program = program(ASK);
    let screen = Terminal::start(run_in_shell(r#"set -m; "$@" & wait $!"#, &undecided(&program, &["run"]))).finish();
    assert!(screen.text.contains("done\n"), "{}", screen.text);
    assert!(!screen.text.contains(QUESTION), "{}", screen.text);
    assert_eq!(stored(&program), None);
}

#[test]
fn input_after_the_answer_is_left_to_the_program() {
    for answer in ["y", "n", &"long ".repeat(100)] {
        let program = program(ASK);
        let mut terminal = Terminal::start(undecided(&program, &["read"]));
        terminal.wait_for(QUESTION);
        terminal.press(&format!("{answer}\nhello\n"));
        let screen = terminal.finish();
        assert!(screen.text.contains(r#"read "hello\n""#), "{}", screen.text);
        assert!(stored(&program).is_some());
    }
}

#[test]
fn input_before_the_question_is_not_an_answer() {
    let program = program(ASK);
    let screen = Terminal::start_typed("y\n", undecided(&program, &["read"])).finish();
    assert!(screen.text.contains(r#"read "y\n""#), "{}", screen.text);
    assert!(stored(&program).is_none());
    assert!(program.take_events().is_empty());
}

#[test]
fn no_question_unless_all_three_streams_are_a_terminal() {
    let redirects: [fn(&mut Command) -> &mut Command; 3] = [
        |command| command.stdin(Stdio::null()),
        |command| command.stdout(Stdio::null()),
        |command| command.stderr(Stdio::null()),
    ];
    for path in [ASK, OPT_OUT] {
        for redirect in redirects {
            let program = program(path);
            let screen = Terminal::start_with(undecided(&program, &["run"]), redirect).finish();
            assert_eq!(screen.text.replace("done\n", ""), "");
            assert_eq!(screen.status.code(), Some(0));
            assert!(!program.telemetry_dir().exists());
        }
    }
}

#[test]
fn no_question_for_help_version_or_a_refused_command_line() {
    for path in [ASK, OPT_OUT] {
        for args in [&["--help"][..], &["--version"], &["help", "run"], &[], &["--bogus"], &["rum"], &["run", "x"]] {
            let program = program(path);
            let screen = Terminal::start(undecided(&program, args)).finish();
            assert!(!screen.text.contains("collect"), "{args:?}: {}", screen.text);
            assert!(!program.telemetry_dir().exists(), "{args:?}");
        }
    }
}

/// Without clap's derive, the command is known in time, too.
#[test]
fn a_built_program_asks_once_it_knows_the_command() {
    for args in [&["hook"][..], &["quiet"], &["telemetry", "show"], &["help"], &["remote", "add"]] {
        let built = Program::new("built");
        let screen = Terminal::start(undecided(&built, args)).finish();
        assert!(!screen.text.contains("collect this"), "{args:?}: {}", screen.text);
        assert_eq!(stored(&built), None, "{args:?}");
    }
    for main in ["", "by_hand"] {
        let built = Program::new("built");
        let mut command = undecided(&built, &["remote", "add", "origin"]);
        command.env("BUILT_MAIN", main);
        let mut terminal = Terminal::start(command);
        terminal.wait_for("Allow built to collect this? [y/N] ");
        terminal.press("y\n");
        assert!(terminal.finish().text.ends_with("remote\nadd\n"));
        assert_eq!(built.take_events()[0]["command"], serde_json::json!(["remote", "add"]));
    }
}

/// These commands are how users decide, and how they see what there is to decide.
#[test]
fn no_question_before_a_management_command() {
    for args in [&["status"][..], &["status", "--json"], &["show"], &["purge"], &["schema"], &["disclosure"], &[]] {
        let toolkit = Program::new("toolkit");
        let screen = Terminal::start(toolkit.undecided([&["telemetry"], args].concat())).finish();
        assert!(!screen.text.contains("[y/N]"), "{args:?}: {}", screen.text);
        assert!(!toolkit.telemetry_dir().exists(), "{args:?}");
    }
    for (command, word, events) in [("enable", "yes", 1), ("disable", "no", 0)] {
        let toolkit = Program::new("toolkit");
        let screen = Terminal::start(toolkit.undecided(["telemetry", command])).finish();
        assert!(!screen.text.contains("[y/N]"), "{command}: {}", screen.text);
        assert_eq!(stored_word(&toolkit).unwrap(), word);
        assert_eq!(toolkit.take_events().len(), 0);
        let screen = Terminal::start(toolkit.undecided(["remote"])).finish();
        assert_eq!(screen.text, "no remotes\n");
        assert_eq!(toolkit.take_events().len(), events, "{command}");
    }
}

#[test]
fn no_question_once_decided() {
    for path in [ASK, OPT_OUT] {
        for (name, value, events) in [
            ("DO_NOT_TRACK", "1", 0),
            ("CONSENT_TELEMETRY_ENABLED", "0", 0),
            ("CONSENT_TELEMETRY_ENABLED", "", 0),
            ("CONSENT_TELEMETRY_ENABLED", "1", 1),
            ("CI", "true", 0),
        ] {
            let program = program(path);
            let mut command = undecided(&program, &["run"]);
            command.env(name, value);
            assert_not_asked(&program, command, events);
        }
        for (word, events) in [("yes", 1), ("no", 0)] {
            let program = program(path);
            put(&program, decided(word).to_string());
            assert_not_asked(&program, undecided(&program, &["run"]), events);
        }
    }
}

#[test]
fn a_yes_to_fewer_fields_is_asked_again() {
    for (keys, word, events) in [("y\n", "yes", 1), ("\n", "no", 0)] {
        let program = program(ASK);
        put(&program, edited("yes", "fields", |fields| drop(fields.pop())));
        let screen = answer(&program, keys);
        assert!(screen.text.contains("What consent collects has grown since you agreed."), "{}", screen.text);
        assert_eq!(program.take_events().len(), events);
        // The stored answer now covers everything that was asked.
        assert_eq!(stored(&program).unwrap()["fields"], decided(word)["fields"]);
        assert_eq!(stored_word(&program).unwrap(), word);
        assert_not_asked(&program, undecided(&program, &["run"]), events);
    }
}

#[cfg(feature = "http")]
#[test]
fn a_yes_to_another_recipient_is_asked_again() {
    let program = program(ASK);
    put(&program, edited("yes", "destinations", |hosts| *hosts = vec!["other.example.com".into()]));
    answer(&program, "y\n");
    assert_eq!(stored(&program).unwrap()["destinations"], serde_json::json!(["collector.invalid"]));
}

#[test]
fn no_question_if_the_answer_covers_it() {
    for (text, events) in [
        (edited("yes", "fields", |fields| fields.push("hostname".into())), 1),
        (edited("yes", "destinations", |hosts| hosts.push("other.example.com".into())), 1),
        (edited("no", "fields", |fields| drop(fields.pop())), 0),
        (edited("no", "destinations", |hosts| *hosts = vec!["other.example.com".into()]), 0),
        (r#"{"decision": "no"}"#.into(), 0),
    ] {
        let program = program(ASK);
        put(&program, text);
        assert_not_asked(&program, undecided(&program, &["run"]), events);
    }
}

/// An earlier version showed a notice; this one asks.
#[test]
fn a_notice_is_not_an_answer() {
    let program = program(ASK);
    put(&program, decided("told").to_string());
    answer(&program, "y\n");
    assert_eq!(stored_word(&program).unwrap(), "yes");
}

#[test]
fn opt_in_never_asks() {
    let program = program(OPT_IN);
    assert_not_asked(&program, undecided(&program, &["run"]), 0);
    put(&program, edited("yes", "fields", |fields| drop(fields.pop())));
    assert_not_asked(&program, undecided(&program, &["run"]), 0);
}

#[test]
fn opt_out_shows_a_notice_before_it_records() {
    let program = program(OPT_OUT);
    // No notice without a terminal.
    assert_eq!(run(&program, undecided(&program, &["run"])), silent(0));
    assert!(!program.telemetry_dir().exists());

    let screen = Terminal::start(undecided(&program, &["run"])).finish();
    assert!(screen.text.ends_with("consent will record them from the next run on.\n\ndone\n"), "{}", screen.text);
    let words = words(&screen.text);
    assert!(words.contains("Never: arguments, "), "{words}");
    assert!(words.contains("Later: `CONSENT_TELEMETRY_ENABLED=1` or `=0`, or `DO_NOT_TRACK=1`"), "{words}");
    assert_eq!(program.take_events().len(), 0);
    assert_eq!(stored_word(&program).unwrap(), "told");

    assert_not_asked(&program, undecided(&program, &["run"]), 1);
    assert_eq!(run(&program, undecided(&program, &["run"])), silent(1));

    put(&program, decided("no").to_string());
    assert_not_asked(&program, undecided(&program, &["run"]), 0);
    assert!(store(&program).exists());
}

#[test]
fn opt_out_shows_the_notice_again_when_more_is_collected() {
    let program = program(OPT_OUT);
    put(&program, edited("told", "fields", |fields| drop(fields.pop())));
    let screen = Terminal::start(undecided(&program, &["run"])).finish();
    assert!(screen.text.contains("from the next run on"), "{}", screen.text);
    assert_eq!(program.take_events().len(), 0);
    assert_not_asked(&program, undecided(&program, &["run"]), 1);
}
