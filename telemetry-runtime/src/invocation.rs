//! The one invocation of this process: begun once, finished exactly once by whoever comes first.

use std::any::type_name;
use std::io::{self, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Instant;

use once_cell::race::OnceBox;

use crate::app::{App, TelemetryApp};
use crate::commands::{CommandNode, CommandPath, CommandTree};
use crate::error_class::ErrorClassName;
use crate::event::{CliCommandEvent, Outcome, TaskStatus};
use crate::guard::{guard, install_hook};
use crate::settings::{self, Settings};
use crate::sink::Sink;
use crate::ending::{self, Owner};
use crate::{allowlist, consent, identity};

/// Readable without a lock, so from a signal handler too.
static CURRENT: OnceBox<Invocation> = OnceBox::new();

/// Whether this process records its run: decided once, when it begins.
static DECIDED: AtomicU8 = AtomicU8::new(UNDECIDED);
const UNDECIDED: u8 = 0;
const DECIDING: u8 = 1;
const OFF: u8 = 2;
const ON: u8 = 3;

/// How far the event has come, in the byte that all processes of the run share.
const RUNNING: u8 = 0;
const WRITING: u8 = 1;
const WRITTEN: u8 = 2;

/// How many milliseconds one way of ending waits for another that is just writing the event.
const PATIENCE: u32 = 50;

/// What a line may still grow by when the run ends, in either form: its end is written without allocating.
const ROOM: usize = 2048;

#[derive(Debug)]
struct Invocation {
    /// The event so far: its path is empty, its outcome unknown.
    event: CliCommandEvent,
    /// The event's line so far.
    start: Vec<u8>,
    /// The root's name, to tell it from other types that are parsed in the same process.
    root: &'static str,
    started: Instant,
    sink: Sink,
    debug: bool,
    owner: Owner,
    state: &'static AtomicU8,
    unparsed: Recorded,
    parsed: OnceBox<Recorded>,
    refused: OnceBox<Recorded>,
}

/// What is known of a run before it has ended.
#[derive(Debug)]
struct Recorded {
    path: CommandPath,
    /// `#[telemetry(skip)]`: no event.
    skip: bool,
    /// How the run ends if nothing else happens: clap has refused the command line.
    likely: Option<Outcome>,
    /// The line so far, with room for the rest. Only the one who finishes the run locks it.
    line: Mutex<Vec<u8>>,
}

/// Begins the invocation of this process if it has not begun. True if it is recorded.
pub(crate) fn begin<C: TelemetryApp>() -> bool {
    match DECIDED.compare_exchange(UNDECIDED, DECIDING, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => {
            let on = guard(|| start(&C::APP, C::COMMANDS, type_name::<C>())).unwrap_or(false);
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

/// The invocation, if it is one of `C`. Another type that is parsed in the same process says nothing about its command.
fn current<C>() -> Option<&'static Invocation> {
    CURRENT.get().filter(|invocation| invocation.root == type_name::<C>())
}

/// Decides, and begins a run that is to be recorded. True if it is.
fn start(app: &'static App, commands: &'static [CommandNode], root: &'static str) -> bool {
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
    let invocation = match Invocation::new(app, commands, root, &settings) {
        Ok(invocation) => invocation,
        Err(error) => {
            if settings.debug {
                say(app, format_args!("off: {error}"));
            }
            return false;
        }
    };
    if CURRENT.set(Box::new(invocation)).is_err() {
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
        if let Some(invocation) = current::<C>() {
            let mut path = CommandPath::default();
            cli.command_path(&mut path);
            invocation.record(&invocation.parsed, path, None);
        }
    });
}

/// Notes a command line that clap refused. If the program then ends with clap's code, `outcome` tells why.
pub(crate) fn record_failed_parse<C: CommandTree>(recover: impl FnOnce() -> CommandPath, outcome: Outcome) {
    guard(|| {
        if let Some(invocation) = current::<C>() {
            invocation.record(&invocation.refused, recover(), Some(outcome));
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
    if let Some(invocation) = CURRENT.get() {
        guard(|| invocation.finish(outcome));
    }
}

/// Ends the run in an exit handler, where only the code is known, or not even that.
pub(crate) fn finish_at_exit(outcome: Outcome) {
    if let Some(invocation) = CURRENT.get() {
        guard(|| invocation.explain_exit(outcome));
        guard(|| invocation.finish(outcome));
    }
}

/// Ends the run in a signal handler. Async-signal-safe: everything is there, with room for the end.
#[cfg(unix)]
pub(crate) fn finish_in_handler(outcome: Outcome) {
    if let Some(invocation) = CURRENT.get() {
        // Nobody can be told here.
        let _ = invocation.write_once(outcome);
    }
}

impl CliCommandEvent {
    /// The event of this run as it stands: without an end while the run goes on. `None` when the run is not recorded.
    pub fn current() -> Option<CliCommandEvent> {
        CURRENT.get().map(|invocation| CliCommandEvent { path: invocation.recorded().path, ..invocation.event })
    }
}

impl Invocation {
    fn new(
        app: &'static App,
        commands: &'static [CommandNode],
        root: &'static str,
        settings: &Settings,
    ) -> io::Result<Self> {
        let event = CliCommandEvent {
            app,
            session_id: identity::session_id().ok_or(io::ErrorKind::WouldBlock)?,
            start_time_unix_ms: identity::unix_ms(),
            ci: settings.ci,
            commands,
            path: CommandPath::default(),
            outcome: Outcome::UNKNOWN,
            duration_ms: -1,
        };
        let start = event.start();
        Ok(Invocation {
            unparsed: Recorded::new(&event, &start, None),
            event,
            start,
            root,
            started: Instant::now(),
            sink: Sink::open(app, settings)?,
            debug: settings.debug,
            owner: Owner::this_process(),
            state: ending::family_state(),
            parsed: OnceBox::new(),
            refused: OnceBox::new(),
        })
    }

    fn record(&self, place: &OnceBox<Recorded>, path: CommandPath, likely: Option<Outcome>) {
        let event = CliCommandEvent { path, ..self.event };
        let _ = place.set(Box::new(Recorded::new(&event, &self.start, likely)));
    }

    /// A program that parses where nothing is recorded (through [`clap::ArgMatches`], or a generic function) and gets a
    /// usage error, help or its version ends here, in clap's `exit`. The arguments of the process tell what it was.
    fn explain_exit(&self, outcome: Outcome) {
        let running = self.state.load(Ordering::Acquire) == RUNNING;
        let unknown = self.parsed.get().is_none() && self.refused.get().is_none();
        if let (true, true, 0 | 2, Some(command)) = (running, unknown, outcome.exit_code, self.event.app.command)
            && let Some((path, likely)) = allowlist::explain(self.event.commands, command(), outcome.exit_code)
        {
            self.record(&self.refused, path, Some(likely));
        }
    }

    /// The best that is known of the command.
    fn recorded(&self) -> &Recorded {
        self.parsed.get().or_else(|| self.refused.get()).unwrap_or(&self.unparsed)
    }

    fn finish(&self, outcome: Outcome) {
        let result = {
            let _blocked = ending::block_signals();
            self.write_once(outcome)
        };
        if let Err(error) = result
            && self.debug
        {
            say(self.event.app, format_args!("the event is lost: {error}"));
        }
    }

    /// Has the line written, once in the life of the run.
    fn write_once(&self, outcome: Outcome) -> io::Result<()> {
        if !self.owner.may_finish_here() {
            return Ok(());
        }
        if self.state.compare_exchange(RUNNING, WRITING, Ordering::AcqRel, Ordering::Acquire).is_err() {
            self.wait_until_written();
            return Ok(());
        }
        let mut result = Ok(());
        let recorded = self.recorded();
        if !recorded.skip
            && let Ok(mut line) = recorded.line.try_lock()
        {
            let outcome = match recorded.likely {
                Some(likely) if outcome.error_class.is_none() && likely.exit_code == outcome.exit_code => likely,
                _ => outcome,
            };
            let duration_ms = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(-1);
            let event = CliCommandEvent { path: recorded.path, outcome, duration_ms, ..self.event };
            self.sink.complete(&event, &mut line);
            result = self.sink.write(&line);
        }
        self.state.store(WRITTEN, Ordering::Release);
        result
    }

    /// Another way of ending was first. The process must not be gone before it is done.
    fn wait_until_written(&self) {
        for _ in 0..PATIENCE {
            if self.state.load(Ordering::Acquire) == WRITTEN {
                return;
            }
            ending::nap();
        }
    }
}

impl Recorded {
    fn new(event: &CliCommandEvent, start: &[u8], likely: Option<Outcome>) -> Self {
        let mut line = Vec::with_capacity(start.len() + ROOM);
        line.extend_from_slice(start);
        event.extend_with_command(&mut line);
        line.reserve(ROOM);
        Recorded {
            path: event.path,
            skip: event.path.nodes(event.commands).any(|node| node.skip),
            likely,
            line: Mutex::new(line),
        }
    }
}

/// A word to the author who asked for it with `<ENV>_TELEMETRY_DEBUG`.
fn say(app: &App, message: std::fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{}: telemetry: {message}", app.name);
}
