//! Delivery in the foreground, for `flush`.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::client::Client;
use super::deliver::{Delivered, Delivery, ENDED};
use super::endpoint::Endpoint;
use super::state::Status;
use super::{stamp, worker};
use crate::declare::App;
use crate::environment::{self, EndpointOverride};
use crate::queue::{self, Drain};
use crate::sys::{clock, files};
use crate::wire::Encoding;

/// How long to wait for a worker that is already delivering: a little longer than its lifetime.
const WORKER_TIMEOUT: Duration = worker::LIFETIME.saturating_add(Duration::from_secs(1));

/// When to stop, however many events are left.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// The result of a delivery in the foreground.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) delivered: u64,
    /// Permanently dropped: refused, too large, too old, torn, or without room in the queue.
    pub(crate) dropped: u64,
    /// Events that are still queued.
    pub(crate) left: u64,
    /// Why they are still queued.
    pub(crate) error: Option<Undelivered>,
}

/// Why events are still queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Undelivered {
    DryRun,
    /// Neither the author nor the user has named an endpoint.
    Nowhere,
    /// The endpoint is wrong in this way.
    Unusable(&'static str),
    /// The receiver wants no more events of this version.
    Ended,
    /// An attempt failed.
    Failed(String),
}

impl Display for Undelivered {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Undelivered::DryRun => "this is a dry run",
            Undelivered::Nowhere => "no endpoint is set",
            Undelivered::Unusable(problem) => problem,
            Undelivered::Ended => ENDED,
            Undelivered::Failed(text) => text,
        })
    }
}

/// Delivers everything now, without waiting out the backoff of earlier failures, since the user asked for it. Calls `progress`
/// with the number of events delivered so far, and stops when it returns false.
pub(crate) fn flush(app: &'static App, dir: &Path, progress: &mut dyn FnMut(u64) -> bool) -> io::Result<Report> {
    files::create_dir(dir)?;
    let outcome = match Drain::begin(dir, WORKER_TIMEOUT)? {
        Some(_) if Status::read(dir).has_ended(app) => Err(Undelivered::Ended),
        Some(drain) => deliver(app, &drain, progress),
        None => Err(Undelivered::Failed("another delivery is still running".to_owned())),
    };
    let left = queue::Contents::read(dir)?.summary(app.name).events;
    let (outcome, error) = match outcome {
        Ok(outcome) => {
            let error = outcome.error.clone().map(|failure| failure.text);
            (outcome, Undelivered::Failed(error.unwrap_or("another program holds a file of the queue".to_owned())))
        }
        Err(error) => (Delivered::default(), error),
    };
    Ok(Report {
        delivered: outcome.delivered,
        dropped: outcome.dropped,
        left,
        // With nothing left, nothing has failed, even without an endpoint.
        error: (left > 0).then_some(error),
    })
}

fn deliver(app: &'static App, drain: &Drain, progress: &mut dyn FnMut(u64) -> bool) -> Result<Delivered, Undelivered> {
    if environment::is_dry_run(app) {
        return Err(Undelivered::DryRun);
    }
    let endpoint = Endpoint::of(app, &EndpointOverride::read(app)).transpose().ok_or(Undelivered::Nowhere)?;
    // So that this run does not start a worker at its end.
    let _ = stamp::claim(drain.dir(), Duration::ZERO);
    let endpoint = endpoint.map_err(Undelivered::Unusable)?;
    // The macro rejects a protocol that this program does not contain.
    let encoding = Encoding::of(app.protocol()).ok_or(Undelivered::Nowhere)?;
    let host = endpoint.host.clone();
    let client = Client::new(app, endpoint, encoding);
    Ok(Delivery { app, drain, client, encoding, host, until: Instant::now() + FLUSH_TIMEOUT }.run(progress))
}

/// The bodies that would be sent for the queued events, before compression. They are exact, except for the time of
/// sending, and for the order, which is random.
pub(crate) fn preview(app: &App, dir: &Path) -> io::Result<Vec<Vec<u8>>> {
    let Some(encoding) = Encoding::of(app.protocol()) else { return Ok(Vec::new()) };
    let queue = queue::Contents::read(dir)?;
    let now_unix_ms = clock::unix_ms();
    let lost_before = Status::read(dir).unreported() + queue.summary(app.name).dropped;
    let records = queue.records(app.name);
    let batches = records.chunks(encoding.max_events());
    // The first one tells of all that was lost.
    let bodies = batches.zip([lost_before].into_iter().chain(std::iter::repeat(0)));
    Ok(bodies.map(|(batch, lost)| encoding.encode(app, batch, now_unix_ms, lost)).collect())
}
