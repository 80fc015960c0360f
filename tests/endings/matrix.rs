//! The rows of a program with one process.

use std::os::unix::process::CommandExt;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::column::{Column, Ends};

const INT: i32 = Signal::INT.as_raw();
const TERM: i32 = Signal::TERM.as_raw();
const HUP: i32 = Signal::HUP.as_raw();
const QUIT: i32 = Signal::QUIT.as_raw();
const ABRT: i32 = Signal::ABORT.as_raw();
const SEGV: i32 = Signal::SEGV.as_raw();
const KILL: i32 = Signal::KILL.as_raw();

/// An ending without an event.
const NONE: Value = Value::Null;

fn columns() -> [Column; 3] {
    [Column::sync(), Column::tokio(), Column::abort()]
}

/// Runs main `unit` with these arguments. The first one is the command.
#[track_caller]
fn assert_unit_ends(column: &Column, args: &[&str], ends: Ends, status: &str, code: i32, class: &Value) {
    column.assert_ends("unit", args, ends, &json!([[args[0]], status, code, class]));
}

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
        for main in ["exit_code", "result_exit_code", "never", "parses_itself", "records_matches", "without_macro"] {
            if !column.has(main) {
                continue;
            }
            assert_returns(main, no_args, 0, "success", NONE);
            assert_returns(main, &["return", "7"], 7, "failure", NONE);
            assert_returns(main, &["return", "255"], 255, "failure", NONE);
            assert_returns(main, &["return", "130"], 130, "interrupted", NONE);
            assert_returns(main, &["return", "143"], 143, "interrupted", NONE);
        }
        assert_returns("own_termination", no_args, 9, "failure", NONE);
        assert_returns("own_termination_exits", no_args, 9, "failure", NONE);
    }
}

#[test]
fn main_exits() {
    for column in columns() {
        for row in ["exit", "exit-elsewhere"] {
            assert_unit_ends(&column, &[row, "0"], Ends::Code(0), "success", 0, &NONE);
            assert_unit_ends(&column, &[row, "5"], Ends::Code(5), "failure", 5, &NONE);
            assert_unit_ends(&column, &[row, "130"], Ends::Code(130), "interrupted", 130, &NONE);
            // The parent sees the lower eight bits.
            assert_unit_ends(&column, &[row, "257"], Ends::Code(1), "failure", 1, &NONE);
            assert_unit_ends(&column, &[row, "--", "-1"], Ends::Code(255), "failure", 255, &NONE);
        }
    }
}

/// Command lines that clap answers itself: the exit code, and the command and class that a recorded parse knows.
const ANSWERED: [(&[&str], i32, &[&str], &str); 9] = [
    (&["--help"], 0, &[], "DisplayHelp"),
    (&["--version"], 0, &[], "DisplayVersion"),
    (&["exit", "--help"], 0, &["exit"], "DisplayHelp"),
    (&["help", "exit"], 0, &["exit"], "DisplayHelp"),
    (&[], 2, &[], "DisplayHelpOnMissingArgumentOrSubcommand"),
    (&["bogus"], 2, &[], "InvalidSubcommand"),
    (&["exit"], 2, &["exit"], "MissingRequiredArgument"),
    (&["exit", "5", "--bogus"], 2, &["exit"], "UnknownArgument"),
    (&["exit", "many"], 2, &["exit"], "ValueValidation"),
];

#[test]
fn clap_exits() {
    for column in columns() {
        for (args, code, command, class) in ANSWERED {
            let status = if code == 0 { "success" } else { "failure" };
            for main in ["unit", "err_anyhow", "parses_itself"] {
                if column.has(main) {
                    column.assert_ends(main, args, Ends::Code(code), &json!([command, status, code, class]));
                }
            }
            // Here clap's own functions parse and exit, so only the code is known.
            for main in ["parses_generically", "parses_matches", "records_matches", "without_macro"] {
                let event = if main == "without_macro" { NONE } else { json!([[], status, code, null]) };
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
        assert_unit_ends(&column, &[row], Ends::Signal(ABRT), "failure", 134, &panic);
    }
    let event = json!([["return"], "failure", 134, "panic"]);
    column.assert_ends("err_that_panics", &["return"], Ends::Signal(ABRT), &event);
}

#[test]
fn a_panic_does_not_unwind() {
    for column in columns() {
        for row in ["panic-twice", "panic-in-c"] {
            assert_unit_ends(&column, &[row], Ends::Signal(ABRT), "failure", 134, &json!("panic"));
        }
    }
}

#[test]
fn a_panic_hook_exits() {
    for column in columns() {
        assert_unit_ends(&column, &["panic-hook-exits"], Ends::Code(3), "failure", 3, &json!("panic"));
    }
}

#[test]
fn a_signal_ends_the_program() {
    for column in columns() {
        for (signal, name) in [(INT, "SIGINT"), (TERM, "SIGTERM"), (HUP, "SIGHUP"), (QUIT, "SIGQUIT")] {
            let number = signal.to_string();
            let args = ["kill", &number];
            assert_unit_ends(&column, &args, Ends::Signal(signal), "interrupted", 128 + signal, &json!(name));
            if column.has("without_macro") {
                let event = json!([["kill"], "interrupted", 128 + signal, name]);
                column.assert_ends("without_macro", &args, Ends::Signal(signal), &event);
            }
        }
    }
}

#[test]
fn a_skipped_command_leaves_no_event_however_it_ends() {
    for column in columns() {
        for signal in [0, INT, KILL] {
            let ends = if signal == 0 { Ends::Code(0) } else { Ends::Signal(signal) };
            column.assert_ends("unit", &["kill-skipped", &signal.to_string()], ends, &NONE);
        }
    }
}

/// `nohup`.
#[test]
fn an_ignored_signal_stays_ignored() {
    for column in columns() {
        let number = HUP.to_string();
        let event = json!([["kill"], "success", 0, null]);
        column.assert_prepared_ends("unit", &["kill", &number], Ends::Code(0), &event, |command| {
            let ignore = || {
                // SAFETY: SIG_IGN runs no code.
                unsafe { libc::signal(HUP, libc::SIG_IGN) };
                Ok(())
            };
            // SAFETY: `signal` is async-signal-safe.
            unsafe { command.pre_exec(ignore) }
        });
    }
}

/// Nothing can notice these. The key `abandoned` records them later: see `abandoned.rs`.
#[test]
fn undetectable_endings_leave_no_event() {
    for column in columns() {
        for (args, ends) in [
            (&["kill", "9"][..], Ends::Signal(KILL)),
            (&["crash"], Ends::Signal(SEGV)),
            (&["kill", "6"], Ends::Signal(ABRT)),
            (&["abort"], Ends::Signal(ABRT)),
            (&["overflow"], Ends::Signal(ABRT)),
            (&["exit-at-once", "4"], Ends::Code(4)),
            (&["exec"], Ends::Code(8)),
        ] {
            column.assert_ends("unit", args, ends, &NONE);
        }
    }
}

#[test]
fn a_run_is_recorded_before_exec() {
    for column in columns() {
        assert_unit_ends(&column, &["exec-told"], Ends::Code(8), "undefined", -1, &NONE);
    }
}

#[test]
fn the_first_reported_end_counts() {
    for column in columns() {
        assert_unit_ends(&column, &["tell"], Ends::Code(0), "canceled", 3, &NONE);
        assert_unit_ends(&column, &["tell-at-exit"], Ends::Code(6), "canceled", 3, &NONE);
    }
}
