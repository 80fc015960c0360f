//! A run leaves one event, however many processes it becomes.

#[cfg(target_os = "linux")]
use std::process::Command;

use serde_json::json;
#[cfg(target_os = "linux")]
use support::{run_by, skip};

use crate::column::{Column, Ends, columns, exited};

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
        column.assert_ends("unit", &["daemon-exit"], Ends::Code(0), &exited(&["daemon-exit"], 0, None));
        column.assert_ends("unit", &["outlived"], Ends::Code(0), &json!([["outlived"], "success", 0, null]));
    }
}

#[test]
fn a_child_of_a_killed_parent_records_the_run() {
    for column in columns() {
        column.assert_ends("unit", &["orphan"], Ends::Signal(9), &exited(&["orphan"], 5, None));
    }
}

/// As in some containers. The killed parent is a zombie, because this test waits for the pipes first.
#[cfg(target_os = "linux")]
#[test]
fn without_proc_a_child_of_a_killed_parent_records_the_run_too() {
    let without_proc = |command: &Command| {
        let mut unshare = Command::new("/usr/bin/unshare");
        unshare.args(["--user", "--map-root-user", "--mount", "/bin/sh", "-c"]);
        unshare.args([r#"mount -t tmpfs none /proc && exec "$@""#, "sh"]);
        run_by(unshare, command)
    };
    if !without_proc(&Command::new("/bin/true")).output().is_ok_and(|output| output.status.success()) {
        skip("a run without `/proc`", "`unshare` or `mount` is missing, or not permitted here");
        return;
    }
    let column = Column::sync();
    let output = without_proc(&column.command("unit", &["orphan"])).output().expect("the program runs");
    assert_eq!(Ends::from(output.status), Ends::Signal(9));
    assert_eq!(column.take_facts(), [exited(&["orphan"], 5, None)]);
}
