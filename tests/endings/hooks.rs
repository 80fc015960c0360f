//! The panic hooks of programs: each runs, once for each panic, and shows what it would show.

use serde_json::json;
use support::Program;

use crate::column::{facts, words};

fn check(hook: &str, earlier: bool, expected: &[(&str, usize)]) {
    let program = Program::new("panic_hooks");
    for (row, panics) in [("in-main", 1), ("in-thread", 2)] {
        let prepare = |mut command: std::process::Command| {
            command.env("TMPDIR", program.home());
            if earlier {
                command.env("EARLIER_HOOK", "1");
            }
            command
        };
        let disabled = prepare(program.undecided([row, hook])).output().expect("the program runs");
        let (recorded, event) = program.event(&mut prepare(program.recorded([row, hook])));
        assert_eq!(facts(&event), json!([[row], "failure", 101, "panic"]));
        assert_eq!(recorded.status.code(), Some(101));
        let shown = without_report(&words(&recorded.stderr));
        assert_eq!(shown, without_report(&words(&disabled.stderr)), "{row} {hook}");
        for (text, count) in expected {
            assert_eq!(shown.matches(text).count(), count * panics, "{text:?} in {shown}");
        }
    }
}

/// human-panic writes a report, and tells its random name.
fn without_report(shown: &str) -> String {
    shown.split(' ').filter(|word| !word.starts_with("report-")).collect::<Vec<_>>().join(" ")
}

#[test]
fn color_eyres_hook_runs_once() {
    check("color-eyre", false, &[("The application panicked (crashed).", 1), ("panicked at", 0)]);
}

#[test]
fn human_panics_hook_runs_once() {
    check("human-panic", false, &[("had a problem and crashed", 1), ("panicked at", 0)]);
}

#[test]
fn a_hook_that_calls_the_earlier_one_runs_once() {
    check("chained", false, &[("chained: panic", 1), ("panicked at", 1)]);
}

#[test]
fn a_hook_from_before_the_run_runs_once() {
    check("earlier", true, &[("earlier: panic", 1), ("panicked at", 1)]);
    check("chained", true, &[("chained: panic", 1), ("earlier: panic", 1), ("panicked at", 1)]);
}
