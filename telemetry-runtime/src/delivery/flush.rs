//! Delivery in the foreground, because the user asked for it.

use std::fmt::{self, Display, Formatter};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::client::Client;
use super::deliver::{Delivery, Outcome};
use super::endpoint::{self, Endpoint};
use super::stamp;
use crate::app::App;
use crate::queue::{self, Drain};
use crate::wire::Form;
use crate::{clock, files};

/// As long as a worker lives, who may be at it already.
const PATIENCE: Duration = Duration::from_secs(31);

/// The longest that somebody has to watch.
const LONGEST: Duration = Duration::from_secs(10 * 60);

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
    Unusable,
    /// It was tried.
    Failed(String),
}

impl Display for Undelivered {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Undelivered::DryRun => "a dry run",
            Undelivered::Nowhere => "there is no endpoint",
            Undelivered::Unusable => endpoint::UNUSABLE,
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
    let outcome = match Drain::begin(dir, PATIENCE)? {
        Some(drain) => deliver(app, &drain, progress),
        None => Err(Undelivered::Failed("another delivery does not end".to_owned())),
    };
    let left = queue::read(dir, app.name)?.summary.events;
    let (outcome, error) = match outcome {
        Ok(outcome) => {
            let error = outcome.error.clone().map(|failure| failure.text);
            (outcome, Undelivered::Failed(error.unwrap_or("another program holds a file of the queue".to_owned())))
        }
        Err(error) => (Outcome::default(), error),
    };
    Ok(Report {
        delivered: outcome.delivered,
        dropped: outcome.dropped,
        left,
        // Where nothing is left, nothing has failed: not even a missing endpoint.
        error: (left > 0).then_some(error),
    })
}

fn deliver(app: &'static App, drain: &Drain, progress: &mut dyn FnMut(u64)) -> Result<Outcome, Undelivered> {
    if endpoint::is_dry_run(app) {
        return Err(Undelivered::DryRun);
    }
    let endpoint = Endpoint::of(app).map_err(|_| Undelivered::Unusable)?.ok_or(Undelivered::Nowhere)?;
    // The macro takes no protocol that this program does not have.
    let form = Form::of(app.protocol).ok_or(Undelivered::Nowhere)?;
    let client = Client::new(endpoint, form);
    Ok(Delivery { app, drain, client, form, until: Instant::now() + LONGEST }.run(progress))
}

/// The bodies that would be sent for what is queued now, before they are compressed: to the byte, but for the time of
/// sending.
pub(crate) fn preview(app: &App, dir: &Path) -> io::Result<Vec<Vec<u8>>> {
    let Some(form) = Form::of(app.protocol) else { return Ok(Vec::new()) };
    let records = queue::read(dir, app.name)?.records;
    let now = clock::unix_ms();
    Ok(records.chunks(form.max_events()).map(|batch| form.encode(app, batch, now)).collect())
}
