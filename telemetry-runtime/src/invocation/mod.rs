//! The one invocation of this process: begun once, finished exactly once by whoever comes first.

mod abandoned;
mod run;

use std::io::{self, Write};
use std::sync::atomic::{AtomicU8, Ordering};

use once_cell::race::OnceBox;

use self::run::Run;
use crate::app::{App, Root, TelemetryApp};
use crate::commands::{CommandPath, CommandTree};
use crate::error_class::ErrorClassName;
use crate::event::{CliCommandEvent, Outcome, TaskStatus};
use crate::guard::{guard, install_hook};
use crate::settings::{self, Settings};
use crate::{consent, ending};

/// Readable without a lock, so from a signal handler too.
static CURRENT: OnceBox<Run> = OnceBox::new();

/// Whether this process records its run: decided once, when it begins.
static DECIDED: AtomicU8 = AtomicU8::new(UNDECIDED);
const UNDECIDED: u8 = 0;
const DECIDING: u8 = 1;
const OFF: u8 = 2;
const ON: u8 = 3;

/// Begins the invocation of this process if it has not begun. True if it is recorded.
pub(crate) fn begin<C: TelemetryApp>() -> bool {
    match DECIDED.compare_exchange(UNDECIDED, DECIDING, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            let on = guard(|| start(Root::of::<C>())).unwrap_or(false);
            DECIDED.store(if on { ON } else { OFF }, Ordering::Release);
            on
        }
        Err(state) => state == ON,
    }
}

/// Is this run recorded?
pub(crate) fn is_recorded() -> bool {
    DECIDED.load(Ordering::Acquire) == ON
}

/// The run, if it is one of `C`. Another type that is parsed in the same process says nothing about its command.
fn current<C>() -> Option<&'static Run> {
    CURRENT.get().filter(|run| run.root().is::<C>())
}

/// Decides, and begins a run that is to be recorded. True if it is.
fn start(root: Root) -> bool {
    let app = root.app;
    let decision = consent::decide(app);
    if !decision.is_on() {
        if settings::debug(app) {
            say(app, format_args!("off: {decision:?}"));
        }
        return false;
    }
    let settings = Settings::read(app);
    if settings.debug {
        say(app, format_args!("on: {decision:?}"));
    }
    let run = match Run::begin(root, &settings) {
        Ok(run) => run,
        Err(error) => {
            if settings.debug {
                say(app, format_args!("off: {error}"));
            }
            return false;
        }
    };
    if CURRENT.set(Box::new(run)).is_err() {
        return false;
    }
    install_hook();
    ending::install();
    true
}

/// Notes the command that `cli` holds, as the command of this run. Begins the run if `#[telemetry_main]` has not.
///
/// For a `main` that goes through [`clap::ArgMatches`]; the parsing functions that
/// [`#[telemetry_cli]`](crate::telemetry_cli) adds to a root call it themselves. Only the first call counts.
/// Never fails and never panics; it does nothing when the run is not recorded.
pub fn record_invocation_start<C: TelemetryApp>(cli: &C) {
    if !begin::<C>() {
        return;
    }
    guard(|| {
        if let Some(run) = current::<C>() {
            let mut path = CommandPath::default();
            cli.command_path(&mut path);
            run.record_parsed(path);
        }
    });
}

/// Notes a command line that clap refused. If the program then ends with clap's code, `outcome` tells why.
pub(crate) fn record_failed_parse<C: CommandTree>(recover: impl FnOnce() -> CommandPath, outcome: Outcome) {
    guard(|| {
        if let Some(run) = current::<C>() {
            run.record_refused(recover(), outcome);
        }
    });
}

/// Ends the run and writes its event, unless that is done already.
///
/// For those who want no macro on `main`; a run that nobody ends so ends with its process. `exit_code` is what the
/// parent process will see, -1 when unknown; `error_class` comes from [`ErrorClass`](crate::ErrorClass).
/// Never fails and never panics; it does nothing when the run is not recorded.
pub fn emit_command_event(status: TaskStatus, exit_code: i32, error_class: Option<ErrorClassName>) {
    finish(Outcome { status, exit_code, error_class });
}

/// Ends the run before this process becomes another program by `exec`, which nothing survives.
///
/// The event says that nobody saw the end: the other program's exit code is not this one's.
pub fn finish_before_exec() {
    finish(Outcome::UNKNOWN);
}

/// Ends the run.
pub(crate) fn finish(outcome: Outcome) {
    if let Some(run) = CURRENT.get() {
        guard(|| run.finish(outcome));
    }
}

/// Ends the run in an exit handler, where only the code is known, or not even that.
pub(crate) fn finish_at_exit(outcome: Outcome) {
    if let Some(run) = CURRENT.get() {
        guard(|| run.explain_exit(outcome));
        guard(|| run.finish(outcome));
    }
}

/// Ends the run in a signal handler. Async-signal-safe: everything is there, with room for the end.
#[cfg(unix)]
pub(crate) fn finish_in_handler(outcome: Outcome) {
    if let Some(run) = CURRENT.get() {
        // Nobody can be told here.
        let _ = run.write_once(outcome);
    }
}

impl CliCommandEvent {
    /// The event of this run as it stands: without an end while the run goes on. `None` when the run is not recorded.
    pub fn current() -> Option<CliCommandEvent> {
        CURRENT.get().map(Run::event)
    }
}

/// A word to the author who asked for it with `<ENV>_TELEMETRY_DEBUG`.
fn say(app: &App, message: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{}: telemetry: {message}", app.name);
}
