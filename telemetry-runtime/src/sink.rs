//! Where the event of this run goes.

use std::io;

use crate::app::App;
use crate::event::CliCommandEvent;
use crate::queue::{Appended, Queue};
use crate::settings::{self, Settings};
use crate::{delivery, ending, wire};

/// Where the event of this run goes.
#[derive(Debug)]
pub(crate) enum Sink {
    /// To the queue.
    Queue(Queue),
    /// `<ENV>_TELEMETRY_ENDPOINT=stdout`: at once to stderr, in the wire format.
    Stderr,
    /// There is no home to hold a queue.
    Nowhere,
}

impl Sink {
    pub(crate) fn open(app: &App, settings: &Settings) -> io::Result<Self> {
        if settings.print {
            return Ok(Sink::Stderr);
        }
        match settings::queue_dir(app) {
            Some(dir) => Queue::in_dir(&dir).map(Sink::Queue),
            None => Ok(Sink::Nowhere),
        }
    }

    /// The bytes that nearly all lines grow by when they are completed. A signal handler must not allocate more.
    pub(crate) fn room(&self) -> usize {
        match self {
            Sink::Queue(_) | Sink::Nowhere => 256,
            Sink::Stderr => 2048,
        }
    }

    /// Does it keep events?
    pub(crate) fn is_queue(&self) -> bool {
        matches!(self, Sink::Queue(_))
    }

    /// Completes `line`, which holds the event up to its end, in the form this sink takes.
    pub(crate) fn complete(&self, event: &CliCommandEvent, line: &mut Vec<u8>) {
        match self {
            Sink::Queue(_) | Sink::Nowhere => event.extend_with_end(line),
            Sink::Stderr => wire::nemo::print(event, line),
        }
        line.push(b'\n');
    }

    /// Async-signal-safe.
    pub(crate) fn write(&self, line: &[u8]) -> io::Result<Appended> {
        match self {
            Sink::Queue(queue) => queue.append(line),
            Sink::Stderr => ending::write_to_stderr(line).map(|()| Appended::default()),
            Sink::Nowhere => Ok(Appended::default()),
        }
    }

    /// Has the queue delivered by another process, if it is time for that.
    pub(crate) fn deliver_later(&self, app: &'static App, appended: Appended) {
        if let Sink::Queue(queue) = self {
            delivery::after_append(app, queue, appended);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_class::ErrorClassName;
    use crate::event::sample::event;
    use crate::event::{Outcome, TaskStatus};

    #[test]
    fn what_a_signal_handler_writes_has_room() {
        for sink in [Sink::Nowhere, Sink::Stderr] {
            for error_class in ErrorClassName::FIXED {
                let outcome =
                    Outcome { status: TaskStatus::Interrupted, exit_code: i32::MIN, error_class: Some(error_class) };
                let event = CliCommandEvent { outcome, duration_ms: i64::MIN, ..event() };
                let mut line = event.start();
                event.extend_with_command(&mut line);
                let before = line.len();
                sink.complete(&event, &mut line);
                assert!(line.len() <= before + sink.room(), "{sink:?}");
            }
        }
    }
}
