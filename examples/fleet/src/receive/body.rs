//! The body of a request: read up to a limit and for a limited time, and decompressed up to the same limit. All bodies together
//! have a limit, too.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderMap, HeaderValue};
use flate2::read::MultiGzDecoder;
use http_body_util::BodyExt;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::reply::Problem;

/// Bodies of the largest size that are held at the same time. What is held counts, not what was announced: otherwise few who
/// announce much and send nothing would keep all others away.
const LARGEST_AT_ONCE: usize = 16;

/// The limits of bodies.
#[derive(Debug)]
pub(super) struct Bodies {
    /// Of one, in bytes.
    max: usize,
    /// For one.
    timeout: Duration,
    /// The bytes that may still be held.
    free: Semaphore,
}

/// A body, which counts until it is dropped.
#[derive(Debug)]
pub(super) struct Held<'a> {
    pub(super) bytes: Bytes,
    _permit: Option<SemaphorePermit<'a>>,
}

impl Bodies {
    pub(super) fn new(max: usize, timeout: Duration) -> Self {
        let free = max.saturating_mul(LARGEST_AT_ONCE).min(Semaphore::MAX_PERMITS);
        Bodies { max, timeout, free: Semaphore::new(free) }
    }

    /// The whole body, decompressed.
    pub(super) async fn read(&self, headers: &HeaderMap, body: Body) -> Result<Held<'_>, Problem> {
        let declared = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if declared.is_some_and(|length| length > self.max) {
            return Err(Problem::TooLarge);
        }
        let is_gzip = match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
            None | Some(b"" | b"identity") => false,
            Some(b"gzip") => true,
            Some(_) => return Err(Problem::Encoding),
        };
        let held = tokio::time::timeout(self.timeout, self.collect(body)).await.map_err(|_| Problem::Slow)??;
        if is_gzip { self.decompress(&held) } else { Ok(held) }
    }

    async fn collect(&self, mut body: Body) -> Result<Held<'_>, Problem> {
        let (mut first, mut all, mut permit) = (Bytes::new(), Vec::new(), None);
        while let Some(frame) = body.frame().await {
            // Trailers say nothing.
            let Ok(data) = frame.map_err(|_| Problem::Malformed)?.into_data() else { continue };
            if first.len() + all.len() + data.len() > self.max {
                return Err(Problem::TooLarge);
            }
            self.hold(&mut permit, data.len())?;
            // Most bodies come at once, and are not copied.
            if first.is_empty() && all.is_empty() {
                first = data;
            } else {
                all.extend_from_slice(&std::mem::take(&mut first));
                all.extend_from_slice(&data);
            }
        }
        let bytes = if all.is_empty() { first } else { all.into() };
        Ok(Held { bytes, _permit: permit })
    }

    fn decompress(&self, body: &Held<'_>) -> Result<Held<'_>, Problem> {
        let body = &body.bytes;
        let mut decompressed = Vec::with_capacity(body.len().saturating_mul(4).min(self.max));
        // One byte more than there may be.
        let limit = u64::try_from(self.max).unwrap_or(u64::MAX).saturating_add(1);
        let mut decoder = MultiGzDecoder::new(&**body).take(limit);
        decoder.read_to_end(&mut decompressed).map_err(|_| Problem::Malformed)?;
        if decompressed.len() > self.max {
            return Err(Problem::TooLarge);
        }
        let mut permit = None;
        self.hold(&mut permit, decompressed.len())?;
        Ok(Held { bytes: decompressed.into(), _permit: permit })
    }

    fn hold<'a>(&'a self, permit: &mut Option<SemaphorePermit<'a>>, bytes: usize) -> Result<(), Problem> {
        let bytes = u32::try_from(bytes).map_err(|_| Problem::TooMany)?;
        let more = self.free.try_acquire_many(bytes).map_err(|_| Problem::TooMany)?;
        match permit {
            Some(permit) => permit.merge(more),
            None => *permit = Some(more),
        }
        Ok(())
    }
}
