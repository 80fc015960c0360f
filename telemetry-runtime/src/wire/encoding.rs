//! The body of one request.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::nemo;
#[cfg(feature = "otlp")]
use super::otlp;
use crate::declare::{App, Protocol};
use crate::event::Record;

/// How events are encoded in the body of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Nemo,
    #[cfg(feature = "otlp")]
    Otlp,
}

/// A receiver's response to a request that it accepted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Accepted {
    /// Events that it will never accept.
    pub(crate) rejected: u64,
}

impl Encoding {
    /// The encoding of `protocol`, if this program contains it.
    pub(crate) fn of(protocol: Protocol) -> Option<Self> {
        match protocol {
            Protocol::Nemo => Some(Encoding::Nemo),
            #[cfg(feature = "otlp")]
            Protocol::Otlp => Some(Encoding::Otlp),
            #[cfg(not(feature = "otlp"))]
            Protocol::Otlp => None,
        }
    }

    /// How many events one body can hold. An envelope of `nemo` names one session, which is one run.
    pub(crate) fn max_events(self) -> usize {
        match self {
            Encoding::Nemo => 1,
            #[cfg(feature = "otlp")]
            Encoding::Otlp => 256,
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Encoding::Nemo => "application/json",
            #[cfg(feature = "otlp")]
            Encoding::Otlp => "application/x-protobuf",
        }
    }

    /// The body for these events, sent at `now_unix_ms`. The first event also tells how many others were `lost` before:
    /// a receiver that removes duplicates by their session id then counts them once.
    pub(crate) fn encode(self, app: &App, records: &[Record<'_>], now_unix_ms: u64, lost: u64) -> Vec<u8> {
        match self {
            Encoding::Nemo => {
                records.first().map(|record| nemo::encode(app, record, now_unix_ms, lost)).unwrap_or_default()
            }
            #[cfg(feature = "otlp")]
            Encoding::Otlp => otlp::encode(app, records, lost),
        }
    }

    /// Reads the body of a successful response.
    pub(crate) fn accepted(self, answer: &[u8]) -> Accepted {
        match self {
            Encoding::Nemo => {
                let _ = answer;
                Accepted::default()
            }
            #[cfg(feature = "otlp")]
            Encoding::Otlp => Accepted { rejected: otlp::rejected(answer) },
        }
    }
}

/// Compresses a body.
pub(crate) fn gzip(body: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 2), Compression::fast());
    encoder.write_all(body)?;
    encoder.finish()
}
