//! Where the event of this run goes, and how it is encoded.

use std::io;

use crate::declare::{App, Protocol};
use crate::delivery;
use crate::environment::{self, EndpointOverride, Environment};
use crate::event::CliCommandEvent;
use crate::queue::{Appended, Queue};
use crate::sys;
use crate::wire::nemo;

/// Where the event of this run goes.
#[derive(Debug)]
pub(super) enum Sink {
    /// To the queue.
    Queue(Queue),
    /// `<ENV>_TELEMETRY_ENDPOINT=stdout`: to stderr at once.
    Stderr(Encoder),
}

impl Sink {
    /// `print` is the encoder to use if the event is printed. Fails if there is no place for a queue, or a place of
    /// somebody else.
    pub(super) fn open(app: &App, environment: &Environment, print: Encoder) -> io::Result<Self> {
        if environment.endpoint == EndpointOverride::Print {
            return Ok(Sink::Stderr(print));
        }
        let dir = environment::queue_dir(app)?;
        Queue::in_dir(&dir).map(Sink::Queue)
    }

    pub(super) fn encoder(&self) -> Encoder {
        match self {
            Sink::Stderr(encoder) => *encoder,
            Sink::Queue(_) => Encoder::Line,
        }
    }

    /// Whether the event is kept.
    pub(super) fn is_queue(&self) -> bool {
        matches!(self, Sink::Queue(_))
    }

    /// Async-signal-safe.
    pub(super) fn write(&self, line: &[u8]) -> io::Result<Appended> {
        match self {
            Sink::Queue(queue) => queue.append(line),
            Sink::Stderr(_) => sys::write_to_stderr(line).map(|()| Appended::default()),
        }
    }

    /// Starts another process that delivers the queue, if it is time for that.
    pub(super) fn deliver_later(&self, app: &'static App, environment: &Environment, appended: Appended) {
        if let Sink::Queue(queue) = self {
            delivery::after_append(app, environment, queue, appended);
        }
    }
}

/// How the event is encoded.
#[derive(Debug, Clone, Copy)]
pub(super) enum Encoder {
    /// The queue's line, each piece as soon as it is known.
    Line,
    /// The `nemo` envelope, all of it at the end. A function pointer, so that a program that never prints one does not
    /// contain the code.
    Envelope { extend: fn(&CliCommandEvent, &mut Vec<u8>), max_bytes: fn(&CliCommandEvent) -> usize },
}

impl Encoder {
    /// The encoder for events that this CLI prints.
    pub(super) const fn of(app: &App) -> Self {
        match app.protocol {
            Some(Protocol::Nemo) if app.details.is_empty() => {
                Encoder::Envelope { extend: nemo::extend, max_bytes: nemo::max_bytes }
            }
            Some(Protocol::Nemo) => {
                Encoder::Envelope { extend: nemo::extend_with_details, max_bytes: nemo::max_bytes_with_details }
            }
            Some(Protocol::Otlp) | None => Encoder::Line,
        }
    }

    /// The part that is known when the run begins.
    pub(super) fn start(self, event: &CliCommandEvent) -> Vec<u8> {
        match self {
            Encoder::Line => event.start_line(),
            Encoder::Envelope { .. } => Vec::new(),
        }
    }

    /// Appends the part that depends on the command.
    pub(super) fn extend_with_command(self, event: &CliCommandEvent, line: &mut Vec<u8>) {
        match self {
            Encoder::Line => event.extend_with_command(line),
            Encoder::Envelope { .. } => {}
        }
    }

    /// Appends the rest and a line feed. Async-signal-safe if `line` has [`Self::end_max_bytes`] of spare capacity.
    pub(super) fn extend_with_end(self, event: &CliCommandEvent, line: &mut Vec<u8>) {
        match self {
            Encoder::Line => event.extend_with_end(line),
            Encoder::Envelope { extend, .. } => extend(event, line),
        }
        line.push(b'\n');
    }

    /// The maximum length of the rest.
    pub(super) fn end_max_bytes(self, event: &CliCommandEvent) -> usize {
        match self {
            Encoder::Line => event.end_max_bytes(),
            Encoder::Envelope { max_bytes, .. } => max_bytes(event),
        }
    }
}
