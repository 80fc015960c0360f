//! A column of the table: one way to build and run the program, and the checks for each row.

#[cfg(unix)]
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};

use serde_json::{Value, json};
use support::{Program, Shown, aborting, started};

/// The mains that exist in one form only.
const SYNC_ONLY: [&str; 7] =
    ["announces", "never", "parses_itself", "parses_generically", "parses_matches", "records_matches", "without_macro"];

/// How an abort ends the program.
#[cfg(unix)]
pub const ABORTED: Ends = Ends::Signal(libc::SIGABRT);
#[cfg(windows)]
pub const ABORTED: Ends = Ends::Code(ABORTED_CODE);

/// The exit code in the event of a run that an abort ends: on Windows, `STATUS_STACK_BUFFER_OVERRUN`.
pub const ABORTED_CODE: i32 = if cfg!(windows) { 0xC000_0409_u32.cast_signed() } else { 134 };

/// The signal that ends a program whose stack overflows: std reports the overflow and aborts, except with musl.
#[cfg(unix)]
pub const OVERFLOW: i32 = if cfg!(target_env = "musl") { libc::SIGSEGV } else { libc::SIGABRT };

/// Whether telemetry learns the code that the program passes to `std::process::exit`.
pub const EXIT_CODE_IS_KNOWN: bool = cfg!(any(all(target_os = "linux", target_env = "gnu"), feature = "exit-code"));

/// The event of a run of `command` that `std::process::exit` has ended. On Windows there may be none.
pub fn exited(command: &[&str], code: i32, class: Option<&str>) -> Value {
    if cfg!(windows) && !EXIT_CODE_IS_KNOWN {
        return Value::Null;
    }
    let (status, code) = match code {
        _ if !EXIT_CODE_IS_KNOWN => ("undefined", -1),
        0 => ("success", code),
        130 | 143 => ("interrupted", code),
        _ => ("failure", code),
    };
    json!([command, status, code, class])
}

/// How the process ends, as its parent sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    Code(i32),
    #[cfg(unix)]
    Signal(i32),
}

impl From<ExitStatus> for Ends {
    fn from(status: ExitStatus) -> Self {
        match status.code() {
            Some(code) => Ends::Code(code),
            #[cfg(unix)]
            None => Ends::Signal(status.signal().expect("a process that is gone")),
            #[cfg(not(unix))]
            None => unreachable!("there are no signals"),
        }
    }
}

pub fn columns() -> [Column; 3] {
    [Column::sync(), Column::tokio(), Column::abort()]
}

/// Runs main `unit` with these arguments. The first one is the command.
#[track_caller]
pub fn assert_unit_ends(column: &Column, args: &[&str], ends: Ends, status: &str, code: i32, class: &Value) {
    column.assert_ends("unit", args, ends, &json!([[args[0]], status, code, class]));
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
        let (recorded, plain) = (env!("CARGO_BIN_EXE_endings"), env!("CARGO_BIN_EXE_endings_plain"));
        Self::of(Path::new(recorded), Path::new(plain), prefix)
    }

    fn of(recorded: &Path, plain: &Path, prefix: &'static str) -> Self {
        let recorded = Program::at(recorded.to_owned(), "endings");
        let mut plain = Program::at(plain.to_owned(), "endings");
        if cfg!(windows) {
            // A program's name is that of its file. It turns up in clap's messages.
            let copy = plain.home().join("endings.exe");
            std::fs::copy(plain.path(), &copy).expect("a program can be copied");
            plain.become_program(copy);
        }
        Column { recorded, plain, prefix }
    }

    /// Panics abort.
    pub fn abort() -> Self {
        Self::of(aborting().path("endings"), aborting().path("endings_plain"), "")
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

    /// How the plain twin ends.
    #[cfg(windows)]
    pub fn plain_ends(&self, args: &[&str], prepare: impl Fn(&mut Command) -> &mut Command) -> Ends {
        Shown::of(prepare(&mut self.with_main("unit", self.plain.undecided(args)))).status.into()
    }

    /// The fields that differ between endings, of each event since the last call.
    pub fn take_facts(&self) -> Vec<Value> {
        self.recorded.take_events().iter().map(facts).collect()
    }
}

/// The fields of an event that differ between the endings of one program.
#[track_caller]
pub fn facts(event: &Value) -> Value {
    assert!(event["duration_us"].as_i64().is_some_and(|duration| duration < 60_000_000), "{event}");
    support::facts(event)
}
