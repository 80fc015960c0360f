//! One way to build and run the program of many endings, and the checks that hold for each ending.

use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Output};
use std::sync::OnceLock;

use serde_json::{Value, json};
use support::{Profile, Program, build_program};

/// The mains that exist in one form only.
const SYNC_ONLY: [&str; 7] =
    ["announces", "never", "parses_itself", "parses_generically", "parses_matches", "records_matches", "without_macro"];

/// How the process ends, as its parent sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    Code(i32),
    Signal(i32),
}

impl From<ExitStatus> for Ends {
    fn from(status: ExitStatus) -> Self {
        match status.code() {
            Some(code) => Ends::Code(code),
            None => Ends::Signal(status.signal().expect("a process that is gone")),
        }
    }
}

/// One way to build and run the program.
#[derive(Debug)]
pub struct Column {
    recorded: Program,
    plain: Program,
    /// Put before the name of a main.
    prefix: &'static str,
}

impl Column {
    pub fn sync() -> Self {
        Self::unwinding("")
    }

    /// The mains are async, run by tokio on several threads.
    pub fn tokio() -> Self {
        Self::unwinding("tokio/")
    }

    fn unwinding(prefix: &'static str) -> Self {
        Column {
            recorded: Program::at(env!("CARGO_BIN_EXE_endings").into(), "endings"),
            plain: Program::at(env!("CARGO_BIN_EXE_endings_plain").into(), "endings"),
            prefix,
        }
    }

    /// A panic does not unwind.
    pub fn abort() -> Self {
        static BUILT: OnceLock<[PathBuf; 2]> = OnceLock::new();
        let [recorded, plain] =
            BUILT.get_or_init(|| ["endings", "endings_plain"].map(|name| build_program(name, Profile::Abort)));
        Column {
            recorded: Program::at(recorded.clone(), "endings"),
            plain: Program::at(plain.clone(), "endings"),
            prefix: "",
        }
    }

    /// Not every main exists as an async one.
    pub fn has(&self, main: &str) -> bool {
        self.prefix.is_empty() || !SYNC_ONLY.contains(&main)
    }

    pub fn program(&self) -> &Program {
        &self.recorded
    }

    /// A recorded run of this main.
    pub fn command(&self, main: &str, args: &[&str]) -> Command {
        self.with_main(main, self.recorded.recorded(args))
    }

    fn with_main(&self, main: &str, mut command: Command) -> Command {
        command.env("ENDINGS_MAIN", format!("{}{main}", self.prefix));
        command
    }

    /// Checks an ending: the event (its command, status, code and class; null for none), and that neither with nor without
    /// an event the user sees what the plain twin would not show.
    #[track_caller]
    pub fn check(&self, main: &str, args: &[&str], ends: Ends, event: &Value) {
        self.check_prepared(main, args, ends, event, |command| command);
    }

    /// The same, with something done to each command.
    #[track_caller]
    pub fn check_prepared(
        &self,
        main: &str,
        args: &[&str],
        ends: Ends,
        event: &Value,
        prepare: impl Fn(&mut Command) -> &mut Command,
    ) {
        let row = format!("{}{main} {args:?}", self.prefix);
        let run = |command| prepare(&mut self.with_main(main, command)).output().expect("the program runs");
        let plain = run(self.plain.undecided(args));
        assert_eq!(Ends::from(plain.status), ends, "{row}, plain: {}", String::from_utf8_lossy(&plain.stderr));

        let disabled = run(self.recorded.undecided(args));
        assert!(!self.recorded.telemetry_dir().exists(), "{row}, disabled: something is written");
        assert_eq!(seen(&disabled), seen(&plain), "{row}, disabled");

        let recorded = run(self.recorded.recorded(args));
        let expected = if event.is_null() { vec![] } else { vec![event.clone()] };
        assert_eq!(self.take_facts(), expected, "{row}");
        assert_eq!(seen(&recorded), seen(&plain), "{row}, recorded");
        let _ = std::fs::remove_dir_all(self.recorded.telemetry_dir());
    }

    /// Of each event since the last call what differs from ending to ending.
    pub fn take_facts(&self) -> Vec<Value> {
        self.recorded.take_events().iter().map(facts).collect()
    }
}

/// What differs from ending to ending of one program.
pub fn facts(event: &Value) -> Value {
    assert!(event["duration_ms"].as_i64().is_some_and(|duration| duration < 60_000), "{event}");
    json!([event["command"], event["status"], event["exit_code"], event["error_class"]])
}

/// How it ended, stdout and stderr.
fn seen(output: &Output) -> (Ends, String, String) {
    (output.status.into(), words(&output.stdout), words(&output.stderr))
}

/// The output without what is another in every process: ids of threads, the folders of source files, addresses.
pub fn words(output: &[u8]) -> String {
    let text = String::from_utf8(output.to_vec()).expect("the output is text");
    // A panic that may not unwind shows the calls inside the runtime, the wrapper among them.
    let text = text.split("stack backtrace:").next().unwrap_or_default();
    let lines = text.lines().map(|line| {
        let words = line.split(' ').filter(|word| !is_thread_id(word));
        words.map(|word| word.rsplit('/').next().unwrap_or_default()).collect::<Vec<_>>().join(" ")
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn is_thread_id(word: &str) -> bool {
    let digits = word.strip_prefix('(').and_then(|word| word.strip_suffix(')'));
    digits.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}
