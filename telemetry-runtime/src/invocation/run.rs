//! One run of the program: what is known of it, and the one event it leaves.

use std::io;
use std::sync::Mutex;

use once_cell::race::OnceBox;

use super::abandoned::Watch;
use super::progress::Progress;
use super::say;
use crate::app::Root;
use crate::clock::{self, Stopwatch};
use crate::commands::CommandPath;
use crate::ending::{self, Owner};
use crate::event::{CliCommandEvent, Outcome};
use crate::identity;
use crate::queue::Appended;
use crate::settings::Settings;
use crate::sink::Sink;

/// How many milliseconds one way of ending waits for another that is just writing the event.
const PATIENCE: u32 = 50;

/// See [`Run::hint`].
const NOT_RECORDED: &str = "no command was recorded: parse with the root's own `parse` functions, or call \
                            `telemetry_runtime::record_invocation_start(&cli)`";

/// The bytes that nearly all commands fit in.
const COMMAND: usize = 128;

/// One run of the program.
#[derive(Debug)]
pub(super) struct Run {
    /// The event so far: its path is empty, its outcome unknown.
    event: CliCommandEvent,
    /// The event's line so far.
    start: Vec<u8>,
    started: Stopwatch,
    sink: Sink,
    debug: bool,
    owner: Owner,
    progress: Progress,
    /// Key `abandoned`: tells later runs how this one ended, should it end without a trace.
    watch: Option<Watch>,
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

impl Run {
    pub(super) fn begin(root: Root, settings: &Settings) -> io::Result<Self> {
        let event = CliCommandEvent {
            root,
            session_id: identity::session_id()
                .ok_or_else(|| io::Error::other("the system has no random number yet"))?,
            start_time_unix_ms: clock::unix_ms(),
            version: root.app.version,
            ci: settings.ci,
            path: CommandPath::default(),
            outcome: Outcome::UNKNOWN,
            duration_ms: -1,
        };
        let start = event.start();
        let sink = Sink::open(root.app, settings)?;
        Ok(Run {
            unparsed: Recorded::new(&event, &start, sink.room(), None),
            event,
            start,
            started: Stopwatch::start(),
            debug: settings.debug,
            owner: Owner::this_process(),
            progress: Progress::default(),
            watch: root.watch.filter(|_| sink.is_queue()).and_then(|begin| begin(root, &event)),
            parsed: OnceBox::new(),
            refused: OnceBox::new(),
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

    pub(super) fn record_parsed(&self, path: CommandPath) {
        self.record(&self.parsed, path, None);
    }

    /// clap has refused the command line; the run ends with `likely` if nothing else happens.
    pub(super) fn record_refused(&self, path: CommandPath, likely: Outcome) {
        self.record(&self.refused, path, Some(likely));
    }

    fn record(&self, place: &OnceBox<Recorded>, path: CommandPath, likely: Option<Outcome>) {
        let event = CliCommandEvent { path, ..self.event };
        let recorded = Recorded::new(&event, &self.start, self.sink.room(), likely);
        if place.set(Box::new(recorded)).is_err() {
            return;
        }
        let recorded = self.recorded();
        if let Some(watch) = &self.watch
            && place.get().is_some_and(|this| std::ptr::eq(this, recorded))
        {
            // A program that was refused may go on with another command line.
            if recorded.skip && likely.is_none() {
                watch.done();
            } else {
                watch.command_is(&event);
            }
        }
    }

    /// Has anybody said what the command is?
    fn is_parsed(&self) -> bool {
        self.parsed.get().is_some() || self.refused.get().is_some()
    }

    /// The best that is known of the command.
    fn recorded(&self) -> &Recorded {
        self.parsed.get().or_else(|| self.refused.get()).unwrap_or(&self.unparsed)
    }

    /// For the author, in debug builds: main ends well, but nobody has said what the command is.
    pub(super) fn hint(&self, outcome: Outcome) {
        if cfg!(debug_assertions)
            && outcome == Outcome::from_code(0)
            && self.progress.is_running()
            && !self.is_parsed()
            && self.owner.may_finish_here()
        {
            say(self.event.root.app, format_args!("{NOT_RECORDED}"));
        }
    }

    /// However many processes this one becomes, they leave one event. Async-signal-safe.
    #[cfg(unix)]
    pub(super) fn share_with_children(&self) {
        if self.progress.is_unshared()
            && let Some(byte) = ending::shared_byte()
        {
            self.progress.share(byte);
        }
    }

    pub(super) fn finish(&self, outcome: Outcome) {
        // Nearly every run that main's wrapper has finished comes here once more, at exit.
        if self.progress.is_over() {
            return;
        }
        let result = {
            let _blocked = ending::block_signals();
            let result = self.write_once(outcome);
            if result.as_ref().is_err_and(|error| error.kind() == io::ErrorKind::FileTooLarge) {
                ending::forget_file_size_limit();
            }
            result
        };
        match result {
            Ok(Some(appended)) => self.sink.deliver_later(self.event.root.app, appended),
            Err(error) if self.debug => say(self.event.root.app, format_args!("the event is lost: {error}")),
            Ok(None) | Err(_) => {}
        }
    }

    /// Has the line written, once in the life of the run. `None` when there was nothing to write.
    /// Async-signal-safe.
    pub(super) fn write_once(&self, outcome: Outcome) -> io::Result<Option<Appended>> {
        if !self.owner.may_finish_here() {
            return Ok(None);
        }
        if !self.progress.claim() {
            self.progress.wait(PATIENCE, ending::nap);
            return Ok(None);
        }
        let mut result = Ok(None);
        let recorded = self.recorded();
        let is_told = self.watch.as_ref().is_some_and(|watch| !watch.done());
        if !recorded.skip
            && !is_told
            && let Ok(mut line) = recorded.line.try_lock()
        {
            let outcome = match recorded.likely {
                Some(likely) if outcome.error_class.is_none() && likely.exit_code == outcome.exit_code => likely,
                _ => outcome,
            };
            let duration_ms = self.started.elapsed_ms();
            let event = CliCommandEvent { path: recorded.path, outcome, duration_ms, ..self.event };
            self.sink.complete(&event, &mut line);
            result = self.sink.write(&line).map(Some);
        }
        self.progress.written();
        result
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
    /// `room` is what the line may still grow by.
    fn new(event: &CliCommandEvent, start: &[u8], room: usize, likely: Option<Outcome>) -> Self {
        let mut line = Vec::with_capacity(start.len() + COMMAND + room);
        line.extend_from_slice(start);
        event.extend_with_command(&mut line);
        line.reserve(room);
        Recorded {
            path: event.path,
            skip: event.path.nodes(event.root.commands).any(|node| node.skip),
            likely,
            line: Mutex::new(line),
        }
    }
}
