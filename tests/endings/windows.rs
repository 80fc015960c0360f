//! The rows of a program with one process that only Windows has.

use std::os::windows::process::CommandExt;
use std::process::Command;

use serde_json::{Value, json};
use support::skip;

use crate::column::{ABORTED, Ends, columns, exited};

const CTRL_C: &str = "0";
const CTRL_BREAK: &str = "1";

/// The exit codes of programs that the system ends.
const STATUS_CONTROL_C_EXIT: i32 = 0xC000_013A_u32.cast_signed();
const STATUS_ACCESS_VIOLATION: i32 = 0xC000_0005_u32.cast_signed();
const STATUS_STACK_OVERFLOW: i32 = 0xC000_00FD_u32.cast_signed();

/// The exit code of a program that could not send itself an event.
const NO_EVENT: Ends = Ends::Code(77);

/// Gives a program a console of its own, so that no other gets its events.
fn in_a_console(command: &mut Command) -> &mut Command {
    const CREATE_NEW_CONSOLE: u32 = 0x10;

    command.creation_flags(CREATE_NEW_CONSOLE)
}

#[test]
fn a_console_event_ends_the_program() {
    for column in columns() {
        for (event, class) in [(CTRL_C, "SIGINT"), (CTRL_BREAK, "SIGQUIT")] {
            let args = ["console", event];
            let ends = column.plain_ends(&args, in_a_console);
            if ends == NO_EVENT {
                skip(class, "there is no console, or Wine does not know the event");
                continue;
            }
            // Wine ends the program with 0.
            assert!(ends == Ends::Code(STATUS_CONTROL_C_EXIT) || ends == Ends::Code(0), "{ends:?}");
            let recorded = json!([["console"], "interrupted", STATUS_CONTROL_C_EXIT, class]);
            column.assert_prepared_ends("unit", &args, ends, &recorded, in_a_console);
        }
    }
}

#[test]
fn a_console_handler_that_exits_still_exits() {
    for column in columns() {
        let args = ["console-handled", CTRL_C];
        if column.plain_ends(&args, in_a_console) == NO_EVENT {
            skip("a handler of Ctrl-C", "there is no console");
            continue;
        }
        let recorded = exited(&["console-handled"], 130, None);
        column.assert_prepared_ends("unit", &args, Ends::Code(130), &recorded, in_a_console);
    }
}

/// Nothing can notice these. The key `abandoned` records them later: see `abandoned.rs`.
#[test]
fn undetectable_endings_leave_no_event() {
    for column in columns() {
        for (args, ends) in [
            (&["terminate", "7"][..], Ends::Code(7)),
            (&["abort"], ABORTED),
            (&["crash"], Ends::Code(STATUS_ACCESS_VIOLATION)),
            (&["overflow"], Ends::Code(STATUS_STACK_OVERFLOW)),
        ] {
            column.assert_ends("unit", args, ends, &Value::Null);
        }
    }
}
