//! The body of one request.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::app::{App, Protocol};
use crate::queue::Record;
use crate::wire::nemo;
#[cfg(feature = "otlp")]
use crate::wire::otlp;

/// The form of the requests' bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Nemo,
    #[cfg(feature = "otlp")]
    Otlp,
}

/// What a receiver says of a request that it has accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// Events in it that it will never take.
    pub(crate) rejected: u64,
}

impl Form {
    /// The form of `protocol`, if this program has it.
    pub(crate) fn of(protocol: Protocol) -> Option<Self> {
        match protocol {
            Protocol::Nemo => Some(Form::Nemo),
            #[cfg(feature = "otlp")]
            Protocol::Otlp => Some(Form::Otlp),
            #[cfg(not(feature = "otlp"))]
            Protocol::Otlp => None,
        }
    }

    /// How many events one body can hold. The session stands in nemo's envelope, and a session is one run.
    pub(crate) fn max_events(self) -> usize {
        match self {
            Form::Nemo => 1,
            #[cfg(feature = "otlp")]
            Form::Otlp => 256,
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Form::Nemo => "application/json",
            #[cfg(feature = "otlp")]
            Form::Otlp => "application/x-protobuf",
        }
    }

    /// The body for these events, sent at `now`.
    pub(crate) fn encode(self, app: &App, records: &[Record], now: u64) -> Vec<u8> {
        match self {
            Form::Nemo => records.first().map(|record| nemo::encode(app, record, now)).unwrap_or_default(),
            #[cfg(feature = "otlp")]
            Form::Otlp => otlp::encode(app, records),
        }
    }

    /// Reads the body of the answer to a request that was accepted.
    pub(crate) fn accepted(self, answer: &[u8]) -> Accepted {
        match self {
            Form::Nemo => {
                let _ = answer;
                Accepted::default()
            }
            #[cfg(feature = "otlp")]
            Form::Otlp => Accepted { rejected: otlp::rejected(answer) },
        }
    }
}

/// Compresses a body for the way.
pub(crate) fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}
