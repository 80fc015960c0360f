//! Feature `off`: nothing of telemetry is left in the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use support::{Program, Shown, compiled_out, examples};

use crate::traces;

/// The examples without management commands, which remain in a build that has nothing left to manage.
const EXAMPLES: [&str; 3] = ["quickstart", "async_main", "attributed"];

/// Texts that only telemetry contains.
const TEXTS: [&str; 9] = [
    "queue.jsonl",
    "consent.json",
    "telemetry.json",
    "DO_NOT_TRACK",
    "_TELEMETRY_ENABLED",
    "_TELEMETRY_DIR",
    "session_id",
    "GITHUB_ACTIONS",
    "telemetry-runtime/src/",
];

#[test]
fn no_text_of_telemetry_is_left() {
    for name in EXAMPLES {
        let (on, off) = (read(examples().path(name)), read(compiled_out().path(name)));
        for text in TEXTS {
            assert!(on.contains(text), "a {name} with telemetry does not hold {text:?}: nor would one without");
            assert!(!off.contains(text), "{name} holds {text:?}");
        }
    }
}

/// What must remain: the wrapper around main, which calls main.
const WRAPPER: &str = "3run7main_fn";

#[test]
fn no_symbol_of_telemetry_is_left() {
    for name in EXAMPLES {
        let on = read(examples().path(name));
        assert!(symbols(&on).any(|symbol| symbol.contains("telemetry_runtime7consent")));
        let off = read(compiled_out().path(name));
        let left: BTreeSet<&str> = symbols(&off).filter(|symbol| !is_allowed(symbol)).collect();
        assert_eq!(left, BTreeSet::new(), "{name}");
    }
}

fn read(program: &Path) -> String {
    String::from_utf8_lossy(&fs::read(program).unwrap()).into_owned()
}

/// The mangled names of this library's functions and constants.
fn symbols(program: &str) -> impl Iterator<Item = &str> {
    let words = program.split(|char: char| !char.is_ascii_alphanumeric() && !"_.$".contains(char));
    words.filter(|word| word.starts_with('_') && word.contains("telemetry_runtime"))
}

fn is_allowed(symbol: &str) -> bool {
    symbol.split("telemetry_runtime").skip(1).all(|path| path.starts_with(WRAPPER))
}

#[test]
fn the_program_does_what_its_twin_does() {
    let program = |name| Program::at(compiled_out().path(name).to_owned(), "toolkit");
    let (toolkit, plain) = (program("attributed"), program("plain"));
    for (args, _) in traces::ENDINGS.iter().filter(|(args, _)| args[0] != "sleep") {
        let mut command = toolkit.recorded(*args);
        command.env(toolkit.variable("DEBUG"), "1");
        assert_eq!(Shown::of(&mut command), Shown::of(&mut plain.undecided(*args)), "{args:?}");
        assert_eq!(fs::read_dir(toolkit.home()).unwrap().count(), 0, "{args:?}");
    }
}

#[test]
fn a_program_without_clap_s_derive_matches_as_ever() {
    let off = Program::at(compiled_out().path("builder").to_owned(), "builder");
    let on = Program::new("builder");
    for args in [&["build"][..], &["remote", "add", "origin"], &["remote", "add"], &["help", "remote"], &["bogus"]] {
        assert_eq!(Shown::of(&mut off.recorded(args)), Shown::of(&mut on.undecided(args)), "{args:?}");
        assert_eq!(fs::read_dir(off.home()).unwrap().count(), 0, "{args:?}");
    }
}

#[test]
fn the_program_makes_no_system_call_for_telemetry() {
    if !traces::is_permitted("the system calls of a program without telemetry") {
        return;
    }
    let toolkit = Program::at(compiled_out().path("attributed").to_owned(), "toolkit");
    for (args, end) in traces::ENDINGS {
        let mut command = toolkit.recorded(args);
        let calls = traces::calls(&toolkit, command.env(toolkit.variable("DEBUG"), "1"), end);
        assert_eq!(calls, Vec::<String>::new(), "{args:?}");
        assert_eq!(fs::read_dir(toolkit.home()).unwrap().count(), 0, "{args:?}");
    }
}
