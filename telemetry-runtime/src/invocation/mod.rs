//! The one invocation of this process: begun once, finished exactly once by whoever comes first.

mod abandoned;
mod progress;
mod run;

use std::io::{self, Write};
use std::sync::atomic::{self, AtomicU8, Ordering};

use once_cell::race::{OnceBox, OnceRef};

pub(crate) use self::abandoned::{Watch, forget as forget_abandoned};
use self::run::Run;
use crate::app::{App, Root, TelemetryApp};
use crate::commands::{CommandPath, CommandTree};
use crate::consent::{self, Decision, Source};
use crate::ending;
use crate::error_class::ErrorClassName;
use crate::error_class::probe::Listed;
use crate::event::{CliCommandEvent, Outcome, TaskStatus};
use crate::guard::{guard, install_hook};
use crate::settings::{self, Settings};

/// Readable without a lock, so from a signal handler too.
static CURRENT: OnceBox<Run> = OnceBox::new();

/// Whether this process records its run: decided once, when it begins.
static DECIDED: AtomicU8 = AtomicU8::new(UNDECIDED);
const UNDECIDED: u8 = 0;
const DECIDING: u8 = 1;
const OFF: u8 = 2;
const ON: u8 = 3;
/// The user is to be asked, as soon as it is known that the command is not one by which they decide.
const OPEN: u8 = 4;

/// Begins the invocation of this process if it has not begun. False if it is not recorded, and will not be.
pub(crate) fn begin<C: TelemetryApp>() -> bool {
    if cfg!(feature = "off") {
        return false;
    }
    let decided =
        DECIDED.compare_exchange(UNDECIDED, DECIDING, Ordering::AcqRel, Ordering::Acquire).unwrap_or_else(|d| d);
    let decided = if decided == UNDECIDED { settle(|| decide(Root::of::<C>())) } else { decided };
    matches!(decided, ON | OPEN)
}

/// Takes the decision that this thread has made `DECIDING`.
fn settle(decide: impl FnOnce() -> u8) -> u8 {
    let decided = guard(decide).unwrap_or(OFF);
    DECIDED.store(decided, Ordering::Release);
    decided
}

/// The run, if it is recorded.
fn run() -> Option<&'static Run> {
    if cfg!(feature = "off") { None } else { CURRENT.get() }
}

/// The run, if it is one of `C`. Another type that is parsed in the same process says nothing about its command.
fn current<C>() -> Option<&'static Run> {
    run().filter(|run| run.root().is::<C>())
}

/// Decides whether this run is recorded, and begins it if it is.
fn decide(root: Root) -> u8 {
    let decision = consent::decide(root.app);
    if decision.on {
        return start(root, decision);
    }
    if settings::debug(root.app) {
        say(root.app, format_args!("off: {:?}", decision.source));
    }
    if consent::can_ask(root.app, decision) { OPEN } else { OFF }
}

/// Asks the user, now that the command is known, and begins the run if they agree. Not before the commands by which they
/// decide, or look at what there is to decide about.
fn ask(root: Root, path: CommandPath) {
    if DECIDED.compare_exchange(OPEN, DECIDING, Ordering::AcqRel, Ordering::Acquire).is_ok() {
        settle(|| {
            if path.nodes(root.commands).any(|node| node.manages) {
                return OFF;
            }
            let decision = consent::ask(root.app, consent::decide(root.app));
            if decision.on { start(root, decision) } else { OFF }
        });
    }
}

/// Begins a run that is recorded.
fn start(root: Root, decision: Decision) -> u8 {
    // Of all who can say yes, only the variable is asked before it is known whether this is a CI system.
    let ci = decision.source == Source::Variable && settings::is_ci();
    let settings = Settings::read(root.app, ci);
    if settings.debug {
        say(root.app, format_args!("on: {:?}", decision.source));
    }
    match Run::begin(root, &settings) {
        Ok(run) => {
            // Before anybody can know of the run: another thread may be forking just now.
            ending::watch_forks();
            if CURRENT.set(Box::new(run)).is_err() {
                return OFF;
            }
            install_hook();
            ending::install();
            ON
        }
        Err(error) => {
            if settings.debug {
                say(root.app, format_args!("off: {error}"));
            }
            OFF
        }
    }
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
        let mut path = CommandPath::default();
        cli.command_path(&mut path);
        ask(Root::of::<C>(), path);
        if let Some(run) = current::<C>() {
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
/// parent process will see, -1 when unknown; of any other number the lower eight bits are recorded, as a parent sees them.
/// `error_class` comes from [`ErrorClass`](crate::ErrorClass); key `errors` of the root makes its type known, so that the
/// class is part of what is disclosed.
/// Never fails and never panics; it does nothing when the run is not recorded.
pub fn emit_command_event(status: TaskStatus, exit_code: i32, error_class: Option<ErrorClassName>) {
    let exit_code = if exit_code == -1 { -1 } else { exit_code & 0xff };
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
    if let Some(run) = run() {
        guard(|| run.hint(outcome));
        guard(|| run.finish(outcome));
    }
}

/// Ends the run in an exit handler, where only the code is known, or not even that.
pub(crate) fn finish_at_exit(mut outcome: Outcome) {
    if let Some(run) = run() {
        if std::thread::panicking() {
            // A panic hook, or a destructor while the panic unwinds, has called `exit`.
            outcome.error_class = Some(ErrorClassName::PANIC);
        }
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

/// Before this process forks. Async-signal-safe.
#[cfg(unix)]
pub(crate) fn share_with_children() {
    if let Some(run) = CURRENT.get() {
        run.share_with_children();
    }
}

impl CliCommandEvent {
    /// The event of this run as it stands: without an end while the run goes on. `None` when the run is not recorded.
    pub fn current() -> Option<CliCommandEvent> {
        run().map(Run::event)
    }
}

/// The types of errors that the author of this run's CLI has listed.
pub(crate) fn listed_errors() -> &'static [Listed] {
    run().map_or(&[], |run| run.root().app.errors)
}

/// Has the run end without an event.
pub(crate) fn withdraw() {
    if let Some(run) = run() {
        run.withdraw();
    }
}

/// A word to the author who asked for it with `<ENV>_TELEMETRY_DEBUG`.
pub(crate) fn say(app: &App, message: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{}: telemetry: {message}", app.name);
}
