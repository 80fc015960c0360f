//! The rows of a program with one process that only Unix has.

use std::os::unix::process::CommandExt;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::column::{Ends, OVERFLOW, assert_unit_ends, columns};

const INT: i32 = Signal::INT.as_raw();
const TERM: i32 = Signal::TERM.as_raw();
const HUP: i32 = Signal::HUP.as_raw();
const QUIT: i32 = Signal::QUIT.as_raw();
const ABRT: i32 = Signal::ABORT.as_raw();
const SEGV: i32 = Signal::SEGV.as_raw();
const KILL: i32 = Signal::KILL.as_raw();

/// An ending without an event.
const NONE: Value = Value::Null;

#[test]
fn a_panic_does_not_unwind() {
    for column in columns() {
        for row in ["panic-twice", "panic-in-c"] {
            assert_unit_ends(&column, &[row], Ends::Signal(ABRT), "failure", 134, &json!("panic"));
        }
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
            (&["overflow"], Ends::Signal(OVERFLOW)),
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
fn the_first_reported_end_counts_at_exit_too() {
    for column in columns() {
        assert_unit_ends(&column, &["tell-at-exit"], Ends::Code(6), "canceled", 3, &NONE);
    }
}
