//! A column of the table: one way to build and run the program, and the checks for each row.

use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus};

use serde_json::Value;
use support::{Program, Shown, aborting, started};

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

    /// The mains are async, and run by tokio on several threads.
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

    /// Panics abort.
    pub fn abort() -> Self {
        let program = |name| Program::at(aborting().path(name).to_owned(), "endings");
        Column { recorded: program("endings"), plain: program("endings_plain"), prefix: "" }
    }

    /// Not every main has an async form.
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

    /// A recorded run of a main and a row that report when they run.
    #[track_caller]
    pub fn started(&self, main: &str, args: &[&str]) -> Child {
        started(&mut self.command(main, args))
    }

    fn with_main(&self, main: &str, mut command: Command) -> Command {
        command.env("ENDINGS_MAIN", format!("{}{main}", self.prefix));
        command
    }

    /// Checks an ending: the event (its command, status, code and class; null for none), and that the user sees exactly
    /// what the plain twin shows, recorded or not.
    #[track_caller]
    pub fn assert_ends(&self, main: &str, args: &[&str], ends: Ends, event: &Value) {
        self.assert_prepared_ends(main, args, ends, event, |command| command);
    }

    /// The same, with a change to each command.
    #[track_caller]
    pub fn assert_prepared_ends(
        &self,
        main: &str,
        args: &[&str],
        ends: Ends,
        event: &Value,
        prepare: impl Fn(&mut Command) -> &mut Command,
    ) {
        let row = format!("{}{main} {args:?}", self.prefix);
        let run = |command| Shown::of(prepare(&mut self.with_main(main, command)));
        let plain = run(self.plain.undecided(args));
        assert_eq!(Ends::from(plain.status), ends, "{row}, plain: {}", plain.stderr);

        let disabled = run(self.recorded.undecided(args));
        assert!(!self.recorded.telemetry_dir().exists(), "{row}, disabled: something is written");
        assert_eq!(disabled, plain, "{row}, disabled");

        let recorded = run(self.recorded.recorded(args));
        let expected = if event.is_null() { vec![] } else { vec![event.clone()] };
        assert_eq!(self.take_facts(), expected, "{row}");
        assert_eq!(recorded, plain, "{row}, recorded");
        let _ = std::fs::remove_dir_all(self.recorded.telemetry_dir());
    }

    /// The fields that differ between endings, of each event since the last call.
    pub fn take_facts(&self) -> Vec<Value> {
        self.recorded.take_events().iter().map(facts).collect()
    }
}

/// The fields of an event that differ between the endings of one program.
#[track_caller]
pub fn facts(event: &Value) -> Value {
    assert!(event["duration_ms"].as_i64().is_some_and(|duration| duration < 60_000), "{event}");
    support::facts(event)
}
