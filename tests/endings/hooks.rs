//! Panic hooks of programs: each runs once per panic, and shows what it would show without telemetry.

use std::process::Command;

use serde_json::json;
use support::{Program, Shown};

use crate::column::facts;

fn assert_hook_runs(hook: &str, earlier: bool, expected: &[(&str, usize)]) {
    let program = Program::new("panic_hooks");
    for (row, panics) in [("in-main", 1), ("in-thread", 2)] {
        let prepare = |mut command: Command| {
            command.env(if cfg!(windows) { "TMP" } else { "TMPDIR" }, program.home());
            if earlier {
                command.env("EARLIER_HOOK", "1");
            }
            command
        };
        let disabled = Shown::of(&mut prepare(program.undecided([row, hook])));
        let (recorded, event) = program.event(&mut prepare(program.recorded([row, hook])));
        assert_eq!(facts(&event), json!([[row], "failure", 101, "panic"]));
        let recorded = Shown::from(recorded);
        assert_eq!(recorded.status.code(), Some(101));
        let shown = without_report(&recorded.stderr);
        assert_eq!(shown, without_report(&disabled.stderr), "{row} {hook}");
        for (text, count) in expected {
            assert_eq!(shown.matches(text).count(), count * panics, "{text:?} in {shown}");
        }
    }
}

/// human-panic writes a report, and prints its random name.
fn without_report(shown: &str) -> String {
    shown.split(' ').filter(|word| !word.contains("report-")).collect::<Vec<_>>().join(" ")
}

#[test]
fn color_eyres_hook_runs_once() {
    assert_hook_runs("color-eyre", false, &[("The application panicked (crashed).", 1), ("panicked at", 0)]);
}

#[test]
fn human_panics_hook_runs_once() {
    assert_hook_runs("human-panic", false, &[("had a problem and crashed", 1), ("panicked at", 0)]);
}

#[test]
fn a_hook_that_calls_the_earlier_one_runs_once() {
    assert_hook_runs("chained", false, &[("chained: panic", 1), ("panicked at", 1)]);
}

#[test]
fn a_hook_from_before_the_run_runs_once() {
    assert_hook_runs("earlier", true, &[("earlier: panic", 1), ("panicked at", 1)]);
    assert_hook_runs("chained", true, &[("chained: panic", 1), ("earlier: panic", 1), ("panicked at", 1)]);
}
