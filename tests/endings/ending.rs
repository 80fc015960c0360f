//! The field `ending`: what ended the run, in one word.

use serde_json::json;

use crate::column::{Column, EXIT_CODE_IS_KNOWN, columns};

#[test]
fn each_way_to_end_has_its_word() {
    for column in columns() {
        for (main, args, ending) in [
            ("unit", &["return"][..], "return"),
            ("exit_code", &["return", "7"], "return"),
            ("own_termination", &["return"], "return"),
            ("err_own", &["return"], "error"),
            ("err_text", &["return"], "error"),
            ("unit", &["exit-told", "5"], "exit"),
            ("unit", &["exit-told", "0"], "exit"),
            ("unit", &["panic"], "panic"),
            ("unit", &["bogus"], "usage"),
            ("unit", &["exit", "many"], "usage"),
            // clap prints its help, but nobody asked for it.
            ("unit", &[], "usage"),
            ("unit", &["--help"], "help"),
            ("unit", &["help", "exit"], "help"),
            ("unit", &["--version"], "version"),
            ("unit", &["tell"], "return"),
            #[cfg(unix)]
            ("unit", &["kill", "15"], "signal"),
            #[cfg(unix)]
            ("unit", &["exec-told"], "exec"),
        ] {
            assert_ending(&column, main, args, ending);
        }
        if EXIT_CODE_IS_KNOWN {
            assert_ending(&column, "unit", &["exit", "5"], "exit");
            assert_ending(&column, "unit", &["panic-hook-exits"], "panic");
        }
    }
}

/// The program lets clap's error exit by itself.
#[test]
fn a_refusal_that_the_program_ends_is_still_one() {
    if !EXIT_CODE_IS_KNOWN {
        return;
    }
    let column = Column::sync();
    for (args, ending) in
        [(&["bogus"][..], "usage"), (&[], "usage"), (&["--help"], "help"), (&["--version"], "version")]
    {
        assert_ending(&column, "parses_itself", args, ending);
    }
}

#[track_caller]
fn assert_ending(column: &Column, main: &str, args: &[&str], ending: &str) {
    column.command(main, args).output().expect("the program starts");
    let events = column.program().take_events();
    let endings: Vec<_> = events.iter().map(|event| &event["ending"]).collect();
    assert_eq!(endings, [&json!(ending)], "{main} {args:?}");
}
