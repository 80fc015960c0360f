//! Programs that handle signals themselves: they still do, and the way they end is recorded.

use std::process::Command;

use rustix::process::Signal;
use serde_json::{Value, json};
use support::{run_by, skip};

use crate::column::{Column, Ends, exited};

const INT: i32 = Signal::INT.as_raw();

fn columns() -> [Column; 3] {
    [Column::sync(), Column::tokio(), Column::abort()]
}

#[track_caller]
fn assert_handled(column: &Column, handler: &str, row: &str, ends: Ends, event: &Value) {
    column.assert_ends("unit", &["--handler", handler, row, &INT.to_string()], ends, event);
}

#[test]
fn a_handler_that_exits_still_exits() {
    for column in columns() {
        assert_handled(&column, "ctrlc", "handled", Ends::Code(130), &exited(&["handled"], 130, None));
    }
}

#[test]
fn a_program_that_survives_a_signal_still_does() {
    for column in columns() {
        assert_handled(&column, "signal-hook", "handled", Ends::Code(0), &json!([["handled"], "success", 0, null]));
        assert_handled(&column, "ignore", "kill", Ends::Code(0), &json!([["kill"], "success", 0, null]));
    }
    assert_handled(&Column::tokio(), "tokio", "handled", Ends::Code(0), &json!([["handled"], "success", 0, null]));
}

#[test]
fn handlers_installed_before_main_stay() {
    for column in columns() {
        for signal in [Signal::INT, Signal::TERM] {
            let args = ["handled", &signal.as_raw().to_string()];
            let event = json!([["handled"], "success", 0, null]);
            column.assert_prepared_ends("unit", &args, Ends::Code(0), &event, |command| {
                command.env("ENDINGS_EARLY_HANDLER", "1")
            });
        }
    }
}

/// The program handles only one of the two signals.
#[test]
fn a_signal_without_a_handler_is_recorded() {
    for column in columns() {
        let hup = Signal::HUP.as_raw();
        let event = json!([["kill"], "interrupted", 128 + hup, "SIGHUP"]);
        column.assert_ends("unit", &["--handler", "signal-hook", "kill", &hup.to_string()], Ends::Signal(hup), &event);
    }
}

#[test]
fn a_handler_that_restores_the_earlier_one_lets_the_signal_end_the_program() {
    for column in columns() {
        assert_handled(
            &column,
            "put-back",
            "kill",
            Ends::Signal(INT),
            &json!([["kill"], "interrupted", 130, "SIGINT"]),
        );
    }
}

/// A program that handles the signal and then kills itself with it leaves no event.
#[test]
fn death_by_a_restored_default_action_is_not_recorded() {
    for column in columns() {
        assert_handled(&column, "second-time", "handled-twice", Ends::Signal(INT), &Value::Null);
    }
}

/// The default action of a signal does not end the first process of a container, unlike any other process.
#[test]
fn the_first_process_of_a_container_survives_a_signal() {
    let column = Column::sync();
    let endings = column.command("unit", &["kill", &INT.to_string()]);
    if !unshare(&Command::new("true")).output().is_ok_and(|output| output.status.success()) {
        skip("the first process of a container", "`unshare` is missing, or not permitted here");
        return;
    }
    assert!(unshare(&endings).status().expect("unshare runs").success());
    assert_eq!(column.take_facts(), [json!([["kill"], "success", 0, null])]);
}

/// `command` as the first process of a namespace.
fn unshare(command: &Command) -> Command {
    let mut unshare = Command::new("/usr/bin/unshare");
    unshare.args(["--user", "--map-root-user", "--pid", "--fork"]);
    run_by(unshare, command)
}
