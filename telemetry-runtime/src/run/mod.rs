//! The run of this process: begins once, and finishes exactly once, through whichever ending comes first.

mod abandoned;
mod active;
mod broken_pipe;
mod context;
mod error;
mod guard;
mod main_fn;
mod matched;
mod matches;
mod once;
mod options;
mod parse;
mod phases;
mod refused;
mod sink;
mod state;
mod unrecorded;

use std::sync::atomic::{self, AtomicU8, Ordering};

use once_cell::race::{OnceBox, OnceRef};

pub(crate) use self::error::class_along_sources;
pub use self::error::{NoteError, note_error};
use self::guard::{guard, install_hook};
pub use self::main_fn::{Returned, run, run_unparsed};
pub use self::matches::record_matches;
pub use self::parse::{get_matches, parse, parse_from, try_get_matches, try_parse, try_parse_from};
pub use self::phases::time;
use self::state::{Arguments, Author, Run};
use crate::consent::{self, Decision, Source};
use crate::declare::{CommandPath, CommandTree, ErrorClassName, ListedError, Root, TelemetryApp};
use crate::diagnostics;
use crate::environment::{self, Environment};
use crate::event::{CliCommandEvent, Ending, GivenOptions, Outcome, TaskStatus};
use crate::sys::{self, Hooks, signals};

/// Readable without a lock, and so from a signal handler.
static CURRENT: OnceBox<Run> = OnceBox::new();

/// Whether this process records its run. Decided once, when the run begins.
static DECIDED: AtomicU8 = AtomicU8::new(UNDECIDED);
const UNDECIDED: u8 = 0;
const DECIDING: u8 = 1;
const OFF: u8 = 2;
const ON: u8 = 3;
/// The user will be asked once the command is known, since some commands must not be interrupted.
const OPEN: u8 = 4;

/// What is decided so far while `DECIDED` is `OPEN`.
static OPEN_DECISION: OnceBox<Decision> = OnceBox::new();

/// Called by `sys` when the process forks or ends.
static HOOKS: Hooks = Hooks::new(finish_at_exit, finish_in_handler, share_with_children);

/// Begins the run of this process if it has not begun yet. False if it is not recorded and will not be.
fn begin<C: TelemetryApp>() -> bool {
    // The unit tests of an author's crate are not runs of the CLI.
    !cfg!(feature = "off") && !C::APP.is_test && begin_by(Author::of::<C>)
}

/// Not generic: generic code becomes part of the program's crate, and each function of this crate that is called from there
/// is one more address for the dynamic linker to relocate.
fn begin_by(author: fn() -> Author) -> bool {
    let decided = match DECIDED.compare_exchange(UNDECIDED, DECIDING, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => conclude(|| decide(author())),
        Err(decided) => decided,
    };
    matches!(decided, ON | OPEN)
}

/// Whether the run has begun, and is or may yet be recorded.
fn has_begun() -> bool {
    matches!(DECIDED.load(Ordering::Acquire), ON | OPEN)
}

/// Whether nothing has tried to begin the run. A build with the feature `off` never does.
fn is_undecided() -> bool {
    !cfg!(feature = "off") && DECIDED.load(Ordering::Acquire) == UNDECIDED
}

/// Makes and stores the decision. The caller must have set `DECIDED` to `DECIDING`.
fn conclude(decide: impl FnOnce() -> u8) -> u8 {
    let decided = guard(decide).unwrap_or(OFF);
    DECIDED.store(decided, Ordering::Release);
    decided
}

/// The run, if it is recorded.
fn current() -> Option<&'static Run> {
    if cfg!(feature = "off") { None } else { CURRENT.get() }
}

/// The run, if its CLI is `root`. Other types parsed in the same process say nothing about its command.
fn current_of(root: Root) -> Option<&'static Run> {
    current().filter(|run| run.root().is(root))
}

/// Decides whether this run is recorded, and begins it if it is.
fn decide(author: Author) -> u8 {
    let app = author.root.app;
    let decision = consent::decide(app);
    if decision.on {
        return start(author, decision);
    }
    if environment::is_debug(app) {
        diagnostics::report(app, format_args!("off: {:?}", decision.source));
    }
    if !consent::can_ask(app, decision) {
        return OFF;
    }
    let _ = OPEN_DECISION.set(Box::new(decision));
    OPEN
}

/// Asks the user, now that the command is known, and begins the run if they agree. Does not ask for commands that are
/// marked `skip` or `no_prompt`, or that manage telemetry.
fn ask(author: Author, path: CommandPath) {
    if DECIDED.compare_exchange(OPEN, DECIDING, Ordering::AcqRel, Ordering::Acquire).is_ok() {
        conclude(|| {
            if path.nodes(author.root.commands).any(|node| node.manages || node.skip || node.no_prompt) {
                return OFF;
            }
            let Some(&open) = OPEN_DECISION.get() else { return OFF };
            let decision = consent::ask(author.root, open);
            if decision.on { start(author, decision) } else { OFF }
        });
    }
}

/// Begins a run that is recorded.
fn start(author: Author, decision: Decision) -> u8 {
    let app = author.root.app;
    // In CI, only the variable can turn telemetry on: every other source that can say yes comes after the check for CI.
    let ci = decision.source == Source::Variable && environment::is_ci();
    let environment = Environment::read(app);
    let debug = environment.debug;
    if debug {
        diagnostics::report(app, format_args!("on: {:?}", decision.source));
    }
    match Run::begin(author, environment, ci) {
        Ok(run) => {
            // Before the run is published: another thread may fork at any moment.
            sys::set_hooks(&HOOKS);
            sys::watch_forks();
            if CURRENT.set(Box::new(run)).is_err() {
                return OFF;
            }
            install_hook();
            sys::watch_endings();
            ON
        }
        Err(error) => {
            if debug {
                diagnostics::report(app, format_args!("off: {error}"));
            }
            OFF
        }
    }
}

/// Records the command that `cli` holds as the command of this run. Begins the run if
/// [`#[telemetry_main]`](crate::telemetry_main) has not.
///
/// For a `main` that parses with clap's own functions, such as `<Cli as Parser>::parse()`. The parsing functions that
/// [`#[telemetry_cli]`](crate::telemetry_cli) adds to a root do this themselves. Only the first call has an effect. With
/// [`clap::ArgMatches`] at hand, [`record_matches`] does the same, and also sees which options were given.
///
/// This function never fails or panics, and does nothing when the run is not recorded.
///
/// ```
/// use clap::Parser;
/// use telemetry_runtime::{record_invocation_start, telemetry_cli};
///
/// #[telemetry_cli]
/// #[derive(Parser)]
/// enum Cli {
///     Build,
/// }
///
/// let cli = <Cli as Parser>::parse_from(["tool", "build"]);
/// record_invocation_start(&cli);
/// ```
pub fn record_invocation_start<C: TelemetryApp>(cli: &C) {
    if begin::<C>() {
        record_parsed::<C>(|| path_of(cli), None, Arguments::Own);
    }
}

/// The path to the command that `cli` holds.
fn path_of<C: CommandTree>(cli: &C) -> CommandPath {
    let mut path = CommandPath::default();
    cli.command_path(&mut path);
    path
}

/// Records the command of a command line that clap accepted. `path` runs the program's code.
fn record_parsed<C: TelemetryApp>(
    path: impl FnOnce() -> CommandPath,
    options: Option<&'static GivenOptions>,
    arguments: Arguments,
) {
    if let Some(path) = guard(path) {
        record_path(Author::of::<C>(), path, options, arguments);
    }
}

/// Not generic, like [`begin_by`].
fn record_path(author: Author, path: CommandPath, options: Option<&'static GivenOptions>, arguments: Arguments) {
    guard(|| {
        ask(author, path);
        if let Some(run) = current_of(author.root) {
            run.record_parsed(path, options, arguments);
        }
    });
}

/// Records a command line that clap refused. If the program then fails, with whatever exit code, `outcome` says why.
fn record_refused(root: Root, path: impl FnOnce() -> CommandPath, outcome: Outcome) {
    guard(|| {
        if let Some(run) = current_of(root) {
            run.record_refused(path(), outcome);
        }
    });
}

/// Ends the run and writes its event, unless that has already happened.
///
/// For programs without a macro on `main`; otherwise the run ends with the process. `exit_code` is what the parent
/// process will see, or -1 when unknown. Of any other number only what a parent sees is recorded: on Unix, the lower
/// eight bits. `error_class` comes from [`ErrorClass`](crate::ErrorClass). List its type in the root's key `errors`, so that
/// the class is part of the disclosure.
///
/// This function never fails or panics, and does nothing when the run is not recorded.
///
/// ```
/// use telemetry_runtime::{ErrorClass, TaskStatus, emit_command_event};
///
/// let error = std::io::Error::from(std::io::ErrorKind::NotFound);
/// emit_command_event(TaskStatus::Failure, 1, Some(error.error_class()));
/// ```
pub fn emit_command_event(status: TaskStatus, exit_code: i32, error_class: Option<ErrorClassName>) {
    let exit_code = if exit_code == -1 { -1 } else { sys::visible_exit_code(exit_code) };
    let has_failed = error_class.is_some() || matches!(status, TaskStatus::Failure | TaskStatus::Error);
    let ending = if has_failed { Ending::Error } else { Ending::Return };
    finish(Outcome { ending, status, exit_code, error_class });
}

/// Ends the run with this exit code, and then the process, like [`std::process::exit`].
///
/// [`std::process::exit`] is recorded with its exit code only where the C library tells it, which is with glibc. On
/// Windows it leaves no event at all, and elsewhere one with an unknown exit code. This function records the code on
/// every system. To find the calls to replace, put this into your `clippy.toml`:
///
/// ```toml
/// disallowed-methods = [{ path = "std::process::exit", reason = "use telemetry_runtime::exit" }]
/// ```
///
/// For calls that you cannot replace, such as those in other crates, there is the feature `exit-code`.
///
/// ```no_run
/// if !std::path::Path::new("Cargo.toml").exists() {
///     eprintln!("there is no manifest here");
///     telemetry_runtime::exit(2);
/// }
/// ```
#[allow(clippy::exit)]
pub fn exit(exit_code: i32) -> ! {
    // Otherwise another thread is ending the process: its exit code counts.
    if sys::claim_exit() {
        finish_at_exit(Some(sys::visible_exit_code(exit_code)));
    }
    std::process::exit(exit_code);
}

/// Ends the run before this process is replaced by another program through `exec`, after which no event can be written.
///
/// The event has the status [`TaskStatus::Undefined`], since the other program's exit code is not this one's.
///
/// ```no_run
/// # #[cfg(unix)] {
/// use std::os::unix::process::CommandExt;
///
/// telemetry_runtime::finish_before_exec();
/// let error = std::process::Command::new("git").exec();
/// # }
/// ```
pub fn finish_before_exec() {
    finish(Outcome::unknown(Ending::Exec));
}

/// Ends the run.
fn finish(outcome: Outcome) {
    if let Some(run) = current() {
        guard(|| {
            run.hint(outcome);
            run.finish(outcome);
        });
    }
}

/// Ends the run when main ends, unless another thread is already ending the process: that thread's exit code counts.
fn finish_main(outcome: Outcome) {
    if sys::claim_exit() || !current().is_some_and(Run::wait_for_another_ending) {
        finish(outcome);
    }
}

/// Ends the run when the process exits. At most the exit code is known then.
fn finish_at_exit(code: Option<i32>) {
    // There are several callbacks for the exit, and nearly every run has ended with main.
    if let Some(run) = current().filter(|run| !run.is_over()) {
        let ending = Ending::Exit;
        let mut outcome = code.map_or(Outcome::unknown(ending), |exit_code| Outcome::from_code(ending, exit_code));
        if std::thread::panicking() {
            // A panic hook called `exit`, or a destructor did while the panic was unwinding.
            outcome.ending = Ending::Panic;
            outcome.error_class = Some(broken_pipe::class_of_last_panic());
        }
        guard(|| run.finish(outcome));
    }
}

/// Ends the run before a panic ends the process, where no signal reports that.
fn finish_at_abort() {
    if let Some(exit_code) = sys::UNSIGNALED_ABORT {
        finish(Outcome::panic(exit_code, broken_pipe::class_of_last_panic()));
    }
}

/// Ends the run in a signal handler. Async-signal-safe: the line is prepared, with capacity for the rest.
fn finish_in_handler(signal: i32, exit_code: i32) {
    let interrupted = |error_class| {
        let (ending, status) = (Ending::Signal, TaskStatus::Interrupted);
        Outcome { ending, status, exit_code, error_class }
    };
    if let Some(run) = CURRENT.get() {
        // A failure cannot be reported here.
        let _ = run.write_once(match signal {
            signals::INTERRUPT => interrupted(Some(ErrorClassName::SIGINT)),
            signals::TERMINATE => interrupted(Some(ErrorClassName::SIGTERM)),
            signals::HANGUP => interrupted(Some(ErrorClassName::SIGHUP)),
            signals::QUIT => interrupted(Some(ErrorClassName::SIGQUIT)),
            signals::ABORT => Outcome::panic(exit_code, broken_pipe::class_of_last_panic()),
            _ => interrupted(None),
        });
    }
}

/// Called before this process forks. Async-signal-safe.
fn share_with_children() {
    if let Some(run) = CURRENT.get() {
        run.share_with_children();
    }
}

impl CliCommandEvent {
    /// The event of this run so far, without an outcome while the run goes on. `None` when the run is not recorded.
    pub fn current() -> Option<CliCommandEvent> {
        current().map(Run::event)
    }
}

/// The error types listed in the key `errors` of this run's CLI.
fn listed_errors() -> &'static [ListedError] {
    current().map_or(&[], |run| run.root().app.errors)
}

/// Discards this run's event, unless it is already written.
///
/// For runs that are not a use of the program: a shell hook that decides at run time to do nothing, or a helper
/// process. To skip a whole command, put `#[telemetry(skip)]` on its variant.
///
/// This function never fails or panics, and does nothing when the run is not recorded.
///
/// ```
/// if std::env::var_os("MY_TOOL_INTERNAL").is_some() {
///     telemetry_runtime::skip_run();
/// }
/// ```
pub fn skip_run() {
    // A run that has not begun, or waits for the user's answer, never begins, and the user is not asked.
    for early in [UNDECIDED, OPEN] {
        let _ = DECIDED.compare_exchange(early, OFF, Ordering::AcqRel, Ordering::Acquire);
    }
    if let Some(run) = current() {
        run.withdraw();
    }
}
