//! A run leaves one event, however many processes it becomes.

use serde_json::json;

use crate::column::{Column, Ends};

fn columns() -> [Column; 3] {
    [Column::sync(), Column::tokio(), Column::abort()]
}

#[test]
fn a_child_leaves_no_event() {
    for column in columns() {
        for args in [&["fork-exit"][..], &["fork-kill", "2"], &["fork-kill", "15"], &["fork-kill", "9"]] {
            column.assert_ends("unit", args, Ends::Code(0), &json!([[args[0]], "success", 0, null]));
        }
    }
    // An async runtime does not survive the fork, so its child cannot return from main.
    for column in [Column::sync(), Column::abort()] {
        column.assert_ends("unit", &["fork-return"], Ends::Code(0), &json!([["fork-return"], "success", 0, null]));
    }
}

#[test]
fn a_daemon_takes_over_the_run() {
    for column in [Column::sync(), Column::abort()] {
        column.assert_ends("unit", &["daemon"], Ends::Code(0), &json!([["daemon"], "success", 0, null]));
    }
}

/// The ending as seen by the process that waits for the program.
#[test]
fn a_parent_that_ends_normally_records_the_run() {
    for column in columns() {
        for row in ["daemon-exit", "outlived"] {
            column.assert_ends("unit", &[row], Ends::Code(0), &json!([[row], "success", 0, null]));
        }
    }
}

#[test]
fn a_child_of_a_killed_parent_records_the_run() {
    for column in columns() {
        column.assert_ends("unit", &["orphan"], Ends::Signal(9), &json!([["orphan"], "failure", 5, null]));
    }
}
