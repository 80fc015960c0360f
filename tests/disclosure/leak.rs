//! `assert_no_leak` finds leaks. The library makes them impossible, so the program here writes one itself.

use std::panic::catch_unwind;
use std::path::Path;

use telemetry_runtime::testing::{assert_no_leak, assert_no_leak_except, build_binary};

use crate::cli::Cli;

const SUBJECT: &str = env!("CARGO_BIN_EXE_subject");

/// `fail late` ends with an error that only main knows: the next test finds it.
#[test]
fn nothing_typed_is_recorded() {
    assert_no_leak_except::<Cli>(SUBJECT, ["leak <TEXT>", "fail late"]);
}

/// A typing mistake must not go unnoticed, nor the removal of a command.
#[test]
fn an_exception_about_nothing_is_found() {
    let panic = catch_unwind(|| assert_no_leak_except::<Cli>(SUBJECT, ["leak", "leak --text"])).unwrap_err();
    assert_eq!(panic.downcast_ref::<String>().unwrap(), "`subject` has no [\"leak --text\"]");
}

/// Where cargo does not name the binary, as in unit tests.
#[test]
fn the_binary_can_be_built_by_its_name() {
    assert_eq!(build_binary("subject").canonicalize().unwrap(), Path::new(SUBJECT).canonicalize().unwrap());
    let panic = catch_unwind(|| build_binary("missing")).unwrap_err();
    assert_eq!(panic.downcast_ref::<String>().unwrap(), "the binary `missing` cannot be built: see cargo's messages");
}

#[test]
fn a_leak_and_an_undisclosed_class_are_found() {
    let panic = catch_unwind(|| assert_no_leak::<Cli>(SUBJECT)).unwrap_err();
    let problems = panic.downcast_ref::<String>().unwrap();
    let found = |command: &str, problem: &str| {
        problems.lines().any(|line| line.contains(&format!("`subject {command}")) && line.contains(problem))
    };
    assert!(found("leak zqcanaryqz", "user input found in queue.jsonl"), "{problems}");
    assert!(found("fail late", "field `error_class` holds \"Late\", which is not disclosed"), "{problems}");
    assert!(!found("take", ""), "{problems}");
}
