//! The state of one run: what is known about it so far, and how it writes its one event.

use std::io::{self, ErrorKind};
use std::sync::Mutex;

use once_cell::race::OnceBox;

use super::abandoned::RunFile;
use super::active::{self, Weekly};
use super::context::{self, FindContext};
use super::once::Progress;
use super::sink::{Encoder, Sink};
use crate::declare::{CommandPath, ErrorClassName, Root, TelemetryApp};
use crate::diagnostics;
use crate::environment::{self, Environment};
use crate::event::{ActiveWeek, CliCommandEvent, Ending, GivenOptions, Measures, Outcome, TaskStatus};
use crate::queue::Appended;
use crate::sys::clock::{self, Stopwatch};
use crate::sys::{self, Owner, random};

/// How many naps of a millisecond an ending waits for another one that is writing the event.
const NAPS_MAX: u32 = 50;

/// Enough for nearly every command.
const COMMAND_CAPACITY: usize = 128;

/// Enough for most options that are given at once. Not more: for a kibibyte or more, glibc's `malloc` first merges all
/// free memory, which takes twice the instructions of all that is done for the options.
const OPTIONS_CAPACITY: usize = 256;

/// The author's configuration: the constants, plus the code that only some keys need.
///
/// The code is held as function pointers, not flags, so that a program does not contain code for keys it does not use.
#[derive(Debug, Clone, Copy)]
pub(super) struct Author {
    pub(super) root: Root,
    /// Key `abandoned`.
    run_file: Option<fn(Root, &CliCommandEvent) -> Option<RunFile>>,
    /// The encoder for printed events.
    print: Encoder,
    /// Keys `facts` and `phases`.
    measures: Option<&'static Measures>,
    /// Key `context`.
    context: Option<FindContext>,
    /// Key `actives`.
    weekly: Option<&'static Weekly>,
}

impl Author {
    pub(super) fn of<C: TelemetryApp>() -> Self {
        let begin: fn(Root, &CliCommandEvent) -> Option<RunFile> = RunFile::begin;
        Author {
            root: Root::of::<C>(),
            run_file: if C::APP.abandoned { Some(begin) } else { None },
            print: const { Encoder::of(&C::APP) },
            measures: const { Measures::of::<C>() },
            context: const { context::finder::<C>() },
            weekly: const { active::weekly::<C>() },
        }
    }
}

/// One run of the program.
#[derive(Debug)]
pub(super) struct Run {
    /// The event as of the beginning: no command, unknown outcome.
    event: CliCommandEvent,
    /// The first piece of the event's line.
    start: Vec<u8>,
    started: Stopwatch,
    sink: Sink,
    environment: Environment,
    owner: Owner,
    progress: Progress,
    /// Key `abandoned`: lets a later run report this one if it ends without a trace.
    run_file: Option<RunFile>,
    /// Used while no command is known.
    unparsed: Recorded,
    /// From this process's own arguments.
    parsed: OnceBox<Recorded>,
    /// From arguments that the program supplied.
    parsed_others: OnceBox<Recorded>,
    /// From a command line that clap refused.
    refused: OnceBox<Recorded>,
    /// The class of the last error passed to `note_error`.
    noted: Mutex<Option<ErrorClassName>>,
    /// Key `actives`.
    weekly: Option<&'static Weekly>,
}

/// Whose arguments were parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arguments {
    /// This process's own. They take precedence.
    Own,
    /// Arguments that the program supplied, for example to get defaults.
    Others,
}

/// What is known about a run's command before the run has ended.
#[derive(Debug)]
struct Recorded {
    path: CommandPath,
    options: Option<&'static GivenOptions>,
    active: Option<&'static ActiveWeek>,
    /// No event: because of `#[telemetry(skip)]`, or because the command manages telemetry.
    skip: bool,
    /// If clap refused the command line: how the run ends unless the program decides otherwise.
    refusal: Option<Outcome>,
    /// The line so far, with capacity for the rest. Only the ending that has claimed the event locks it.
    line: Mutex<Vec<u8>>,
}

impl Run {
    pub(super) fn begin(author: Author, environment: Environment, ci: bool) -> io::Result<Self> {
        let Author { root, run_file, print, measures, context, weekly } = author;
        let random =
            random::bytes().ok_or_else(|| sys::failure(ErrorKind::Other, "the system has no random numbers yet"))?;
        let event = CliCommandEvent {
            root,
            session_id: uuid::Builder::from_random_bytes(random).into_uuid(),
            start_time_unix_ms: clock::unix_ms(),
            version: root.app.version,
            ci,
            path: CommandPath::default(),
            context: context.map(|find| find(root.app)),
            options: None,
            active: None,
            measures,
            outcome: Outcome::UNTOLD,
            duration_us: -1,
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
            run_file: run_file.filter(|_| sink.is_queue()).and_then(|begin| begin(root, &event)),
            parsed: OnceBox::new(),
            parsed_others: OnceBox::new(),
            refused: OnceBox::new(),
            noted: Mutex::new(None),
            weekly: weekly.filter(|_| sink.is_queue()),
            sink,
        })
    }

    pub(super) fn root(&self) -> Root {
        self.event.root
    }

    /// The event so far.
    pub(super) fn event(&self) -> CliCommandEvent {
        let Recorded { path, options, active, .. } = *self.recorded();
        CliCommandEvent { path, options, active, ..self.event }
    }

    pub(super) fn record_parsed(
        &self,
        path: CommandPath,
        options: Option<&'static GivenOptions>,
        arguments: Arguments,
    ) {
        let place = match arguments {
            Arguments::Own => &self.parsed,
            Arguments::Others => &self.parsed_others,
        };
        self.record(place, CliCommandEvent { path, options, ..self.event }, None);
    }

    pub(super) fn note_error(&self, class: ErrorClassName) {
        if let Ok(mut noted) = self.noted.lock() {
            *noted = Some(class);
        }
    }

    /// Records that clap refused the command line. The run ends with `refusal` unless the program decides otherwise.
    pub(super) fn record_refused(&self, path: CommandPath, refusal: Outcome) {
        self.record(&self.refused, CliCommandEvent { path, ..self.event }, Some(refusal));
    }

    fn record(&self, place: &OnceBox<Recorded>, event: CliCommandEvent, refusal: Option<Outcome>) {
        let mut event = event;
        if let Some(weekly) = self.weekly.filter(|_| event.path.is_recorded(event.root.commands)) {
            event.active = (weekly.claimed)(event.root.app, event.start_time_unix_ms);
        }
        let recorded = Recorded::new(&event, &self.start, self.sink.encoder(), refusal);
        if place.set(Box::new(recorded)).is_err() {
            return;
        }
        let recorded = self.recorded();
        let Some(run_file) = &self.run_file else { return };
        if place.get().is_some_and(|this| std::ptr::eq(this, recorded)) {
            // After a refusal, the program may go on with another command line.
            if recorded.skip && refusal.is_none() {
                run_file.remove();
            } else {
                run_file.update(&event);
            }
        }
    }

    /// The best knowledge of the command, by precedence.
    fn recorded(&self) -> &Recorded {
        let parsed = self.parsed.get().or_else(|| self.parsed_others.get());
        parsed.or_else(|| self.refused.get()).unwrap_or(&self.unparsed)
    }

    /// Whether no command is known.
    fn is_unparsed(&self) -> bool {
        std::ptr::eq(self.recorded(), &self.unparsed)
    }

    /// Prints a message on stderr under `<ENV>_TELEMETRY_DEBUG`.
    pub(super) fn report(&self, message: std::fmt::Arguments<'_>) {
        if self.environment.debug {
            diagnostics::report(self.event.root.app, message);
        }
    }

    /// Tells the author, under `<ENV>_TELEMETRY_DEBUG`, that the run succeeded but no command was recorded.
    pub(super) fn hint(&self, outcome: Outcome) {
        if self.environment.debug
            && outcome.status == TaskStatus::Success
            && self.progress.is_running()
            && self.is_unparsed()
            && self.owner.may_finish_here()
        {
            self.report(format_args!(
                "no command was recorded, because clap's own functions parsed the arguments: write `Cli::parse()` \
                 instead of `<Cli as Parser>::parse()`, or add `telemetry_runtime::record_invocation_start(&cli);` or \
                 `telemetry_runtime::record_matches::<Cli>(&matches);` after parsing"
            ));
        }
    }

    /// Shares the progress with children, so that all processes of the run together leave one event. Async-signal-safe.
    pub(super) fn share_with_children(&self) {
        if self.progress.is_unshared() {
            if let Some(byte) = sys::shared_byte() {
                self.progress.share(byte);
            }
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.progress.is_over()
    }

    pub(super) fn finish(&self, outcome: Outcome) {
        // Nearly every run gets here twice: from main's wrapper, and again at exit.
        if self.progress.is_over() {
            return;
        }
        if self.is_unparsed() && environment::is_completion() {
            // A request for shell completions is not a use of the program.
            return self.withdraw();
        }
        let result = {
            let _blocked = sys::block_signals();
            self.write_once(outcome)
        };
        match result {
            Ok(Some(appended)) => self.sink.deliver_later(self.event.root.app, &self.environment, appended),
            Err(error) => self.report(format_args!("the event is lost: {error}")),
            Ok(None) => {}
        }
    }

    /// Waits for the ending on another thread to write the event. False if it does not.
    pub(super) fn wait_for_another_ending(&self) -> bool {
        self.progress.wait(NAPS_MAX, sys::nap)
    }

    /// Writes the line, at most once in the life of the run. `None` when there was nothing to write. Async-signal-safe.
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
        let is_reported = self.run_file.as_ref().is_some_and(|run_file| !run_file.remove());
        if !recorded.skip && !is_reported {
            if let Ok(mut line) = recorded.line.try_lock() {
                let event = self.ended(recorded, outcome);
                self.sink.encoder().extend_with_end(&event, &mut line);
                result = self.sink.write(&line).map(Some);
            }
        }
        self.progress.written();
        result
    }

    /// Adds the error class if the ending itself does not provide one: that of the last noted error, or of clap's
    /// refusal, whatever exit code the program chose for it.
    fn with_error_class(&self, recorded: &Recorded, outcome: Outcome) -> Outcome {
        let noted = || self.noted.try_lock().ok().and_then(|noted| *noted);
        let error_class = match outcome.error_class {
            None if outcome.is_failure() => noted().or(recorded.refusal.and_then(|refusal| refusal.error_class)),
            // `Error` is all that main's return type could say.
            Some(ErrorClassName::ERROR) => noted().or(outcome.error_class),
            known => known,
        };
        Outcome { error_class, ..outcome }
    }

    /// If clap refused the command line and the program then ended itself, as it chose, the refusal is what ended it,
    /// unless it ended with another error.
    fn with_refusal(recorded: &Recorded, outcome: Outcome) -> Outcome {
        let by_itself = matches!(outcome.ending, Ending::Return | Ending::Error | Ending::Exit);
        let is_why = |refusal: &Outcome| refusal.status == outcome.status && refusal.error_class == outcome.error_class;
        match recorded.refusal.filter(|refusal| by_itself && is_why(refusal)) {
            Some(Outcome { ending, .. }) => Outcome { ending, ..outcome },
            None => outcome,
        }
    }

    /// The final event, for a run that ends now.
    fn ended(&self, recorded: &Recorded, outcome: Outcome) -> CliCommandEvent {
        let outcome = Self::with_refusal(recorded, self.with_error_class(recorded, outcome)).with_its_status();
        let duration_us = i64::try_from(self.started.elapsed().as_micros()).unwrap_or(-1);
        CliCommandEvent {
            path: recorded.path,
            options: recorded.options,
            active: recorded.active,
            outcome,
            duration_us,
            ..self.event
        }
    }

    /// Ends the run without an event.
    pub(super) fn withdraw(&self) {
        if let Some(run_file) = &self.run_file {
            run_file.remove();
        }
        if let (true, Some(weekly)) = (self.progress.withdraw(), self.weekly) {
            (weekly.give_up)();
        }
    }
}

impl Recorded {
    fn new(event: &CliCommandEvent, start: &[u8], encoder: Encoder, refusal: Option<Outcome>) -> Self {
        let room = encoder.end_max_bytes(event);
        let options = if event.options.is_some() { OPTIONS_CAPACITY } else { 0 };
        let mut line = Vec::with_capacity(start.len() + COMMAND_CAPACITY + options + room);
        line.extend_from_slice(start);
        encoder.extend_with_command(event, &mut line);
        // A signal handler, which completes the line, must not allocate.
        line.reserve(room);
        Recorded {
            path: event.path,
            options: event.options,
            active: event.active,
            skip: !event.path.is_recorded(event.root.commands),
            refusal,
            line: Mutex::new(line),
        }
    }
}
