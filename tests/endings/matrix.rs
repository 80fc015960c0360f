//! The rows of a program with one process.

use serde_json::{Value, json};

use crate::column::{ABORTED, ABORTED_CODE, Column, EXIT_CODE_IS_KNOWN, Ends, assert_unit_ends, columns, exited};

/// An ending without an event.
const NONE: Value = Value::Null;

/// Whether telemetry learns the code that the C library passes to `exit`. A C library that is linked dynamically calls it
/// within itself: only glibc tells the code to those who ask.
const SEES_THE_C_LIBRARY_EXIT: bool =
    cfg!(all(target_os = "linux", any(target_env = "gnu", all(target_feature = "crt-static", feature = "exit-code"))));

#[test]
fn main_returns() {
    for column in columns() {
        let assert_returns = |main, args, code, status: &str, class: Value| {
            column.assert_ends(main, args, Ends::Code(code), &json!([["return"], status, code, class]));
        };
        let no_args: &[&str] = &["return"];
        assert_returns("unit", no_args, 0, "success", NONE);
        for (main, class) in [
            ("err_own", "Refused"),
            ("err_boxed_own", "Refused"),
            ("err_without_classes", "Unlisted"),
            ("err_anyhow", "NotFound"),
            ("err_boxed", "ParseIntError"),
            ("err_shared", "Error"),
            ("err_io", "PermissionDenied"),
            ("err_text", "Error"),
        ] {
            assert_returns(main, no_args, 1, "failure", json!(class));
        }
        let codes: [(&[&str], i32, &str); 5] = [
            (no_args, 0, "success"),
            (&["return", "7"], 7, "failure"),
            (&["return", "255"], 255, "failure"),
            (&["return", "130"], 130, "interrupted"),
            (&["return", "143"], 143, "interrupted"),
        ];
        for (args, code, status) in codes {
            for main in ["exit_code", "result_exit_code", "parses_itself", "records_matches"] {
                if column.has(main) {
                    assert_returns(main, args, code, status, NONE);
                }
            }
            // Nothing sees what main returns but the C library, which calls its own `exit`.
            if column.has("without_macro") {
                let unknown = json!([["return"], "undefined", -1, null]);
                let event = if SEES_THE_C_LIBRARY_EXIT { exited(&["return"], code, None) } else { unknown };
                column.assert_ends("without_macro", args, Ends::Code(code), &event);
            }
        }
        assert_returns("own_termination", no_args, 9, "failure", NONE);
    }
}

#[test]
fn main_exits() {
    for column in columns() {
        let mut mains = vec![("own_termination_exits", ["return"].as_slice(), 9)];
        if column.has("never") {
            mains.extend([
                ("never", ["return"].as_slice(), 0),
                ("never", &["return", "7"], 7),
                ("never", &["return", "255"], 255),
            ]);
        }
        for (main, args, code) in mains {
            column.assert_ends(main, args, Ends::Code(code), &exited(&["return"], code, None));
        }
        for row in ["exit", "exit-elsewhere"] {
            for (args, code) in exit_codes() {
                let args = [&[row], args].concat();
                column.assert_ends("unit", &args, Ends::Code(code), &exited(&[row], code, None));
            }
        }
    }
}

/// Arguments, and the exit code that the parent sees: on Unix, its lower eight bits.
fn exit_codes() -> [(&'static [&'static str], i32); 5] {
    let (large, negative) = if cfg!(unix) { (1, 255) } else { (257, -1) };
    [(&["0"], 0), (&["5"], 5), (&["130"], 130), (&["257"], large), (&["--", "-1"], negative)]
}

#[test]
fn the_librarys_exit_records_the_code_on_every_system() {
    for column in columns() {
        for (args, code) in exit_codes() {
            let status = match code {
                0 => "success",
                130 => "interrupted",
                _ => "failure",
            };
            assert_unit_ends(&column, &[&["exit-told"], args].concat(), Ends::Code(code), status, code, &NONE);
        }
    }
}

/// A command line that clap answers itself: the exit code, and the command and class that a recorded parse knows.
type Answered = (&'static [&'static str], i32, &'static [&'static str], Option<&'static str>);

const ANSWERED: [Answered; 9] = [
    (&["--help"], 0, &[], None),
    (&["--version"], 0, &[], None),
    (&["exit", "--help"], 0, &["exit"], None),
    (&["help", "exit"], 0, &["exit"], None),
    (&[], 2, &[], Some("DisplayHelpOnMissingArgumentOrSubcommand")),
    (&["bogus"], 2, &[], Some("InvalidSubcommand")),
    (&["exit"], 2, &["exit"], Some("MissingRequiredArgument")),
    (&["exit", "5", "--bogus"], 2, &["exit"], Some("UnknownArgument")),
    (&["exit", "many"], 2, &["exit"], Some("ValueValidation")),
];

#[test]
fn clap_exits() {
    for column in columns() {
        for (args, code, command, class) in ANSWERED {
            let status = if code == 0 { "success" } else { "failure" };
            for main in ["unit", "err_anyhow"] {
                column.assert_ends(main, args, Ends::Code(code), &json!([command, status, code, class]));
            }
            // The program lets clap exit.
            if column.has("parses_itself") {
                let event = exited(command, code, class.filter(|_| EXIT_CODE_IS_KNOWN));
                column.assert_ends("parses_itself", args, Ends::Code(code), &event);
            }
            // Here clap's own functions parse and exit, so only the code is known.
            for main in ["parses_generically", "parses_matches", "records_matches", "without_macro"] {
                let event = if main == "without_macro" { NONE } else { exited(&[], code, None) };
                if column.has(main) {
                    column.assert_ends(main, args, Ends::Code(code), &event);
                }
            }
        }
    }
}

#[test]
fn main_panics() {
    let panic = json!("panic");
    for column in [Column::sync(), Column::tokio()] {
        for row in ["panic", "panic-elsewhere"] {
            assert_unit_ends(&column, &[row], Ends::Code(101), "failure", 101, &panic);
        }
        assert_unit_ends(&column, &["panic-aside"], Ends::Code(0), "success", 0, &NONE);
        column.assert_ends(
            "err_that_panics",
            &["return"],
            Ends::Code(101),
            &json!([["return"], "failure", 101, "panic"]),
        );
    }
    let column = Column::abort();
    for row in ["panic", "panic-elsewhere", "panic-aside"] {
        assert_unit_ends(&column, &[row], ABORTED, "failure", ABORTED_CODE, &panic);
    }
    let event = json!([["return"], "failure", ABORTED_CODE, "panic"]);
    column.assert_ends("err_that_panics", &["return"], ABORTED, &event);
}

#[test]
fn a_panic_hook_exits() {
    for column in columns() {
        let event = exited(&["panic-hook-exits"], 3, Some("panic"));
        column.assert_ends("unit", &["panic-hook-exits"], Ends::Code(3), &event);
    }
}

#[test]
fn the_first_reported_end_counts() {
    for column in columns() {
        assert_unit_ends(&column, &["tell"], Ends::Code(0), "canceled", 3, &NONE);
    }
}
