//! The state of one run: what is known of it so far, and the one event it leaves.

use std::io;
use std::sync::Mutex;

use once_cell::race::OnceBox;

use super::abandoned::Watch;
use super::once::Progress;
use super::sink::{Encoder, Sink};
use crate::declare::{CommandPath, ErrorClassName, Root, TelemetryApp};
use crate::diagnostics;
use crate::environment::{self, Environment};
use crate::event::{CliCommandEvent, Outcome};
use crate::queue::Appended;
use crate::sys::clock::{self, Stopwatch};
use crate::sys::{self, Owner, random};

/// How many naps of a millisecond one way of ending waits for another that is just writing the event.
const NAPS_MAX: u32 = 50;

/// See [`Run::hint`].
const NO_COMMAND_HINT: &str = "no command was recorded, because clap's own functions have parsed the arguments: write \
                               `Cli::parse()` for `<Cli as Parser>::parse()`, or add \
                               `telemetry_runtime::record_invocation_start(&cli);` behind the line that parses";

/// Nearly every command fits.
const COMMAND_CAPACITY: usize = 128;

/// What the author of the CLI has declared: the constants, and the code that only some keys need.
///
/// Functions and not flags, so that a program does not contain the code of keys that it does not use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Author {
    pub(super) root: Root,
    /// Key `abandoned`.
    watch: Option<fn(Root, &CliCommandEvent) -> Option<Watch>>,
    /// How an event is printed.
    print: Encoder,
}

impl Author {
    pub(super) fn of<C: TelemetryApp>() -> Self {
        let watch: fn(Root, &CliCommandEvent) -> Option<Watch> = Watch::begin;
        Author {
            root: Root::of::<C>(),
            watch: if C::APP.abandoned { Some(watch) } else { None },
            print: const { Encoder::of(C::APP.protocol) },
        }
    }
}

/// One run of the program.
#[derive(Debug)]
pub(super) struct Run {
    /// The event so far: its path is empty, its outcome unknown.
    event: CliCommandEvent,
    /// The event's line so far.
    start: Vec<u8>,
    started: Stopwatch,
    sink: Sink,
    environment: Environment,
    owner: Owner,
    progress: Progress,
    /// Key `abandoned`: tells later runs how this one ended, should it end without a trace.
    watch: Option<Watch>,
    unparsed: Recorded,
    /// From the arguments of this process.
    parsed: OnceBox<Recorded>,
    /// From arguments that the program has made up.
    parsed_others: OnceBox<Recorded>,
    refused: OnceBox<Recorded>,
    /// The class of the last error that the program has noted.
    noted: Mutex<Option<ErrorClassName>>,
}

/// Whose arguments were parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arguments {
    /// Those of this process. They say what the run is about.
    Own,
    /// Others: edited, or made up for defaults.
    Others,
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

impl Run {
    pub(super) fn begin(author: Author, environment: Environment, ci: bool) -> io::Result<Self> {
        let Author { root, watch, print } = author;
        let random = random::bytes().ok_or_else(|| io::Error::other("the system has no random numbers yet"))?;
        let event = CliCommandEvent {
            root,
            session_id: uuid::Builder::from_random_bytes(random).into_uuid(),
            start_time_unix_ms: clock::unix_ms(),
            version: root.app.version,
            ci,
            path: CommandPath::default(),
            outcome: Outcome::UNKNOWN,
            duration_ms: -1,
        };
        let sink = Sink::open(root.app, &environment, print)?;
        let start = sink.encoder().start(&event);
        Ok(Run {
            unparsed: Recorded::new(&event, &start, sink.encoder(), None),
            event,
            start,
            started: Stopwatch::start(),
            environment,
            owner: Owner::this_process(),
            progress: Progress::default(),
            watch: watch.filter(|_| sink.is_queue()).and_then(|begin| begin(root, &event)),
            parsed: OnceBox::new(),
            parsed_others: OnceBox::new(),
            refused: OnceBox::new(),
            noted: Mutex::new(None),
            sink,
        })
    }

    pub(super) fn root(&self) -> Root {
        self.event.root
    }

    /// The event as it stands.
    pub(super) fn event(&self) -> CliCommandEvent {
        CliCommandEvent { path: self.recorded().path, ..self.event }
    }

    pub(super) fn record_parsed(&self, path: CommandPath, arguments: Arguments) {
        let place = match arguments {
            Arguments::Own => &self.parsed,
            Arguments::Others => &self.parsed_others,
        };
        self.record(place, path, None);
    }

    pub(super) fn note_error(&self, class: ErrorClassName) {
        if let Ok(mut noted) = self.noted.lock() {
            *noted = Some(class);
        }
    }

    /// clap has refused the command line; the run ends with `likely` if nothing else happens.
    pub(super) fn record_refused(&self, path: CommandPath, likely: Outcome) {
        self.record(&self.refused, path, Some(likely));
    }

    fn record(&self, place: &OnceBox<Recorded>, path: CommandPath, likely: Option<Outcome>) {
        let event = CliCommandEvent { path, ..self.event };
        let recorded = Recorded::new(&event, &self.start, self.sink.encoder(), likely);
        if place.set(Box::new(recorded)).is_err() {
            return;
        }
        let recorded = self.recorded();
        let Some(watch) = &self.watch else { return };
        if place.get().is_some_and(|this| std::ptr::eq(this, recorded)) {
            // A program that was refused may go on with another command line.
            if recorded.skip && likely.is_none() {
                watch.done();
            } else {
                watch.command_is(&event);
            }
        }
    }

    /// What is known about the command, the most telling first.
    fn recorded(&self) -> &Recorded {
        let parsed = self.parsed.get().or_else(|| self.parsed_others.get());
        parsed.or_else(|| self.refused.get()).unwrap_or(&self.unparsed)
    }

    /// Does nobody know the command?
    fn is_unparsed(&self) -> bool {
        std::ptr::eq(self.recorded(), &self.unparsed)
    }

    /// Tells the author, under `<ENV>_TELEMETRY_DEBUG`.
    pub(super) fn report(&self, message: std::fmt::Arguments<'_>) {
        if self.environment.debug {
            diagnostics::report(self.event.root.app, message);
        }
    }

    /// Tells the author that main has ended well, but nobody has said what the command is.
    pub(super) fn hint(&self, outcome: Outcome) {
        if self.environment.debug
            && outcome == Outcome::from_code(0)
            && self.progress.is_running()
            && self.is_unparsed()
            && self.owner.may_finish_here()
        {
            self.report(format_args!("{NO_COMMAND_HINT}"));
        }
    }

    /// However many processes this one becomes, they leave one event. Async-signal-safe.
    pub(super) fn share_with_children(&self) {
        if self.progress.is_unshared() {
            if let Some(byte) = sys::shared_byte() {
                self.progress.share(byte);
            }
        }
    }

    pub(super) fn finish(&self, outcome: Outcome) {
        // Nearly every run that main's wrapper has finished comes here once more, at exit.
        if self.progress.is_over() {
            return;
        }
        if self.is_unparsed() && environment::is_completion() {
            // A shell that asks for completions is not a use of the program.
            return self.withdraw();
        }
        let result = {
            let _blocked = sys::block_signals();
            let result = self.write_once(outcome);
            if result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::FileTooLarge) {
                sys::discard_file_size_signal();
            }
            result
        };
        match result {
            Ok(Some(appended)) => self.sink.deliver_later(self.event.root.app, &self.environment, appended),
            Err(error) => self.report(format_args!("the event is lost: {error}")),
            Ok(None) => {}
        }
    }

    /// Has the line written, once in the life of the run. `None` when there was nothing to write.
    /// Async-signal-safe.
    pub(super) fn write_once(&self, outcome: Outcome) -> io::Result<Option<Appended>> {
        if !self.owner.may_finish_here() {
            return Ok(None);
        }
        if !self.progress.claim() {
            self.progress.wait(NAPS_MAX, sys::nap);
            return Ok(None);
        }
        let mut result = Ok(None);
        let recorded = self.recorded();
        let is_told = self.watch.as_ref().is_some_and(|watch| !watch.done());
        if !recorded.skip && !is_told {
            if let Ok(mut line) = recorded.line.try_lock() {
                let event = self.ended(recorded, outcome);
                self.sink.encoder().extend_with_end(&event, &mut line);
                result = self.sink.write(&line).map(Some);
            }
        }
        self.progress.written();
        result
    }

    /// Adds why the run has failed, where the ending itself does not say: the last error that was noted, or that clap has
    /// refused the command line, whatever exit code the program gives it.
    fn explained(&self, recorded: &Recorded, outcome: Outcome) -> Outcome {
        let noted = || self.noted.try_lock().ok().and_then(|noted| *noted);
        let refused = recorded.likely.filter(|likely| likely.exit_code == outcome.exit_code || outcome.is_failure());
        match outcome.error_class {
            None => match (refused, noted().filter(|_| outcome.is_failure())) {
                (_, Some(class)) => Outcome { error_class: Some(class), ..outcome },
                (Some(refused), None) => Outcome { error_class: refused.error_class, ..outcome },
                (None, None) => outcome,
            },
            // All that main's type could say.
            Some(ErrorClassName::ERROR) => Outcome { error_class: noted().or(outcome.error_class), ..outcome },
            Some(_) => outcome,
        }
    }

    /// The event of the run that ends now.
    fn ended(&self, recorded: &Recorded, outcome: Outcome) -> CliCommandEvent {
        let outcome = self.explained(recorded, outcome);
        let duration_ms = i64::try_from(self.started.elapsed().as_millis()).unwrap_or(-1);
        CliCommandEvent { path: recorded.path, outcome, duration_ms, ..self.event }
    }

    /// Leaves the run without an event.
    pub(super) fn withdraw(&self) {
        if let Some(watch) = &self.watch {
            watch.done();
        }
        self.progress.withdraw();
    }
}

impl Recorded {
    fn new(event: &CliCommandEvent, start: &[u8], encoder: Encoder, likely: Option<Outcome>) -> Self {
        let room = encoder.end_max_bytes();
        let mut line = Vec::with_capacity(start.len() + COMMAND_CAPACITY + room);
        line.extend_from_slice(start);
        encoder.extend_with_command(event, &mut line);
        // A signal handler, which completes the line, must not allocate.
        line.reserve(room);
        Recorded {
            path: event.path,
            skip: event.path.nodes(event.root.commands).any(|node| node.skip),
            likely,
            line: Mutex::new(line),
        }
    }
}
