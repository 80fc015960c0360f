//! Feature `off`: nothing of telemetry is left in the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use support::{Examples, Program, cargo};

use crate::traces;

/// The program of an example as a distributor builds it, who has decided for all users; with its symbols, to be looked at.
fn compiled_out(name: &str) -> PathBuf {
    static EXAMPLES: LazyLock<PathBuf> = LazyLock::new(|| {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("off");
        let built = cargo()
            .args(["build", "--release", "--package", "telemetry-examples", "--examples", "--features", "off"])
            .args(["--config", "profile.release.strip=false", "--target-dir"])
            .arg(&dir)
            .env_remove("CARGO_BUILD_TARGET")
            .status();
        assert!(built.is_ok_and(|status| status.success()), "the examples do not build");
        dir.join("release/examples")
    });
    EXAMPLES.join(name)
}

/// Those without the management commands, which stay when there is nothing left to manage.
const EXAMPLES: [&str; 3] = ["quickstart", "async_main", "attributed"];

/// What only telemetry says.
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
        let (on, off) = (read(Examples::get().path(name)), read(&compiled_out(name)));
        for text in TEXTS {
            assert!(on.contains(text), "a {name} with telemetry does not hold {text:?}: nor would one without");
            assert!(!off.contains(text), "{name} holds {text:?}");
        }
    }
}

/// What must be left: the wrapper around main, which calls main.
const WRAPPER: &str = "3run7main_fn";

#[test]
fn no_symbol_of_telemetry_is_left() {
    for name in EXAMPLES {
        let on = read(Examples::get().path(name));
        assert!(symbols(&on).any(|symbol| symbol.contains("telemetry_runtime7consent")));
        let off = read(&compiled_out(name));
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
    let toolkit = Program::at(compiled_out("attributed"), "toolkit");
    let plain = Program::at(compiled_out("plain"), "toolkit");
    for (args, end) in traces::ENDINGS {
        let mut command = toolkit.recorded(args);
        command.env(toolkit.variable("DEBUG"), "1");
        if traces::is_permitted() {
            let calls = traces::calls(&toolkit, &mut command, end);
            assert_eq!(calls, Vec::<String>::new(), "{args:?}");
        }
        if args[0] != "sleep" {
            assert_eq!(seen(&mut command), seen(&mut plain.undecided(args)), "{args:?}");
        }
        assert_eq!(fs::read_dir(toolkit.home()).unwrap().count(), 0, "{args:?}");
    }
}

/// Exit status, stdout and stderr, without the thread's id and the folder of the source that a panic names.
fn seen(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let stderr = text(output.stderr);
    let stderr = stderr.lines().map(|line| match line.rsplit_once('/') {
        Some((head, place)) if head.contains(" panicked at ") => place,
        _ => line,
    });
    (output.status.code(), text(output.stdout), stderr.collect::<Vec<_>>().join("\n"))
}
