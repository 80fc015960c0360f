//! Delivery in the foreground, because the user asked for it.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::client::Client;
use super::deliver::{Delivered, Delivery};
use super::endpoint::Endpoint;
use super::{stamp, worker};
use crate::declare::App;
use crate::environment::{self, EndpointOverride};
use crate::queue::{self, Drain};
use crate::sys::{clock, files};
use crate::wire::Encoding;

/// How long to wait for a worker that is delivering already: a little longer than it can live.
const WORKER_TIMEOUT: Duration = worker::LIFETIME.saturating_add(Duration::from_secs(1));

/// When to stop, however much is left.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(10 * 60);

/// What a delivery in the foreground has achieved.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Report {
    pub(crate) delivered: u64,
    /// Given up for good: refused, too large, too old, torn, or without room in the queue.
    pub(crate) dropped: u64,
    /// Events that are still queued.
    pub(crate) left: u64,
    /// Why.
    pub(crate) error: Option<Undelivered>,
}

/// Why events are left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Undelivered {
    DryRun,
    /// Neither the author nor the user has named an endpoint.
    Nowhere,
    /// What is wrong with the endpoint.
    Unusable(&'static str),
    /// It was tried.
    Failed(String),
}

impl Display for Undelivered {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Undelivered::DryRun => "a dry run",
            Undelivered::Nowhere => "there is no endpoint",
            Undelivered::Unusable(problem) => problem,
            Undelivered::Failed(text) => text,
        })
    }
}

/// Delivers everything now. A wait after earlier failures is not observed: the user knows better. `progress` is told how
/// many events are delivered by now.
pub(crate) fn flush(app: &'static App, dir: &Path, progress: &mut dyn FnMut(u64)) -> io::Result<Report> {
    files::create_dir(dir)?;
    // So that the run that flushes does not start a worker at its end.
    let _ = stamp::claim(dir, Duration::ZERO);
    let outcome = match Drain::begin(dir, WORKER_TIMEOUT)? {
        Some(drain) => deliver(app, &drain, progress),
        None => Err(Undelivered::Failed("another delivery is still running".to_owned())),
    };
    let left = queue::read(dir, app.name)?.summary.events;
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
        // Where nothing is left, nothing has failed: not even a missing endpoint.
        error: (left > 0).then_some(error),
    })
}

fn deliver(app: &'static App, drain: &Drain, progress: &mut dyn FnMut(u64)) -> Result<Delivered, Undelivered> {
    if environment::is_dry_run(app) {
        return Err(Undelivered::DryRun);
    }
    let endpoint = Endpoint::of(app, &EndpointOverride::read(app)).map_err(Undelivered::Unusable)?;
    let endpoint = endpoint.ok_or(Undelivered::Nowhere)?;
    // The macro takes no protocol that this program does not contain.
    let encoding = Encoding::of(app.protocol()).ok_or(Undelivered::Nowhere)?;
    let client = Client::new(endpoint, encoding);
    Ok(Delivery { app, drain, client, encoding, until: Instant::now() + FLUSH_TIMEOUT }.run(progress))
}

/// The bodies that would be sent for what is queued now, before they are compressed: to the byte, but for the time of
/// sending.
pub(crate) fn preview(app: &App, dir: &Path) -> io::Result<Vec<Vec<u8>>> {
    let Some(encoding) = Encoding::of(app.protocol()) else { return Ok(Vec::new()) };
    let records = queue::read(dir, app.name)?.records;
    let now_unix_ms = clock::unix_ms();
    Ok(records.chunks(encoding.max_events()).map(|batch| encoding.encode(app, batch, now_unix_ms)).collect())
}
