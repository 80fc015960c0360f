//! What the question says, and how it looks.

use support::Program;

use crate::prompt::answer;
use crate::terminal::Terminal;
use crate::{ASK, MANY, program, stored, undecided, words};

#[test]
fn the_question_shows_the_disclosure() {
    let program = program(ASK);
    let words = words(&answer(&program, "\n").text);
    let destination = if cfg!(feature = "http") { "Sent to: collector.invalid" } else { "Sent to: nobody" };
    for said in [
        "Never: arguments, ",
        destination,
        "Purpose: To learn which commands fail.",
        "Later: `CONSENT_TELEMETRY_ENABLED=1` or `=0`, or `DO_NOT_TRACK=1`",
        "More: https://example.com/privacy, telemetry@example.com",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    // It lists as many items as are collected, the most telling ones first.
    let (_, collected) = words.split_once("usage statistics, per run: ").unwrap();
    let (collected, _) = collected.split_once(" Never: ").unwrap();
    assert!(collected.starts_with("which command ran, how it ended, how long it took, "), "{collected}");
    assert_eq!(collected.split(", ").count(), stored(&program).unwrap()["fields"].as_array().unwrap().len());
}

/// With ten options and five facts, and the purpose, the destination and the management commands that most programs have.
#[test]
fn the_question_fits_any_terminal() {
    for (columns, lines) in [(60, 20), (80, 12), (120, 12)] {
        let many = Program::at(MANY.into(), "many");
        let mut terminal = Terminal::start_wide(columns, undecided(&many, &["build"]));
        terminal.wait_for("Allow many to collect this? [y/N] ");
        terminal.press("n\n");
        let screen = terminal.finish();
        let (question, _) = screen.text.split_once(" [y/N] ").unwrap();
        assert!(question.lines().count() <= lines, "{columns}: {question}");
        for line in question.lines() {
            assert!(line.len() <= usize::from(columns).min(100), "{columns}: {line}");
        }
        let words = words(question);
        for said in [
            "of 10 options a range or a listed word; 5 facts from lists; the times of 2 phases; which AI agent ran it",
            "Later: `many telemetry enable` or `disable`, or `DO_NOT_TRACK=1`",
            "More: `many telemetry disclosure`, https://example.com/privacy",
        ] {
            assert!(words.contains(said), "{said}: {words}");
        }
        // No command is broken.
        assert!(question.contains("`many telemetry disclosure`"), "{question}");
    }
}

/// What the user is pointed to exists.
#[test]
fn the_question_names_the_commands_that_there_are() {
    let flat = Program::new("flat");
    let mut terminal = Terminal::start(flat.undecided(["/nowhere"]));
    terminal.wait_for("[y/N] ");
    terminal.press("\n");
    let words = words(&terminal.finish().text);
    assert!(words.contains("Later: `flat --telemetry enable` or `disable`, or `DO_NOT_TRACK=1`"), "{words}");
    assert!(words.contains("More: `flat --telemetry disclosure`"), "{words}");
}

#[test]
fn the_question_has_styles_only_where_they_are_wanted() {
    const TERM: (&str, &str) = ("TERM", "xterm");
    for (variables, has_styles) in [
        (&[TERM][..], true),
        (&[TERM, ("NO_COLOR", "")], true),
        (&[TERM, ("NO_COLOR", "1")], false),
        (&[("TERM", "")], false),
        (&[], false),
    ] {
        let program = program(ASK);
        let mut command = undecided(&program, &["run"]);
        command.envs(variables.iter().copied());
        let mut terminal = Terminal::start(command);
        terminal.wait_for("[y/N] ");
        terminal.press("\n");
        let screen = terminal.finish();
        assert_eq!(
            screen.text.contains("\x1b[1mAllow consent to collect this?\x1b[0m [y/N]"),
            has_styles,
            "{variables:?}"
        );
        assert_eq!(screen.text.contains('\x1b'), has_styles, "{variables:?}");
    }
}

/// The picture in its README.
#[test]
fn the_example_shows_the_question() {
    let build_tool = Program::new("build_tool");
    let mut terminal = Terminal::start_wide(80, undecided(&build_tool, &["build"]));
    terminal.wait_for("[y/N]");
    terminal.press("n\n");
    let screen = terminal.finish();
    let (question, _) = screen.text.split_once("[y/N]").unwrap();
    let readme = include_str!("../../examples/build_tool/README.md");
    assert!(readme.contains(question), "{question}");
}
