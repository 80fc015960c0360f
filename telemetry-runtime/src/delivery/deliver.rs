//! From the queue to the receiver, batch by batch.

use std::io::{self, ErrorKind};
use std::time::Instant;

use super::client::{Client, Failure, Verdict};
use super::retry;
use super::state::{Dropped, LastError, Refusal, Status};
use crate::consent;
use crate::declare::App;
use crate::declare::limits::{EVENT_MAX_AGE, SECONDS_PER_DAY};
use crate::event::Record;
use crate::queue::{self, Batch, Drain, Sealed, SentFile};
use crate::sys::clock;
use crate::wire::{self, Encoding};

/// The result of a delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Delivered {
    pub(crate) delivered: u64,
    /// Permanently dropped, for whatever reason.
    pub(crate) dropped: u64,
    /// Why events are left in the queue, if any are.
    pub(crate) error: Option<Failure>,
}

/// One delivery.
#[derive(Debug)]
pub(crate) struct Delivery<'a> {
    pub(crate) app: &'static App,
    pub(crate) drain: &'a Drain,
    pub(crate) client: Client,
    pub(crate) encoding: Encoding,
    /// The receiver's host.
    pub(crate) host: String,
    /// When to stop, before the next batch.
    pub(crate) until: Instant,
}

/// Why a delivery stopped before the queue was empty.
enum Stop {
    Failed(Failure),
    /// The receiver wants no more events of this version.
    Ended,
    /// The user disabled telemetry or interrupts the delivery, or the time is up. Not a failure.
    Quiet(&'static str),
}

const INTERRUPTED: Stop = Stop::Quiet("interrupted");

impl Delivery<'_> {
    /// Delivers all queued events, and saves the result. Calls `progress` with the number of events delivered so far, and
    /// stops when it returns false.
    pub(crate) fn run(mut self, progress: &mut dyn FnMut(u64) -> bool) -> Delivered {
        let mut status = Status::read(self.drain.dir());
        let before = status.clone();
        status.take_lost(self.drain);
        let stop = self.deliver(&mut status, progress).err();
        let now_unix_ms = clock::unix_ms();
        let delivered = status.delivered - before.delivered;
        if delivered > 0 {
            status.last_success_unix_ms = Some(now_unix_ms);
            status.failures = 0;
        }
        match &stop {
            Some(Stop::Failed(failure)) => status.note_failure(failure, now_unix_ms),
            Some(Stop::Ended) => self.end(&mut status),
            Some(Stop::Quiet(_)) => {}
            None => status.note_success(),
        }
        if status != before {
            // If this fails, the next attempt merely comes too early.
            let _ = status.write(self.drain.dir());
        }
        Delivered {
            delivered,
            dropped: status.dropped.total() - before.dropped.total(),
            error: stop.map(|stop| match stop {
                Stop::Failed(failure) => failure,
                Stop::Ended => Failure::new(ENDED),
                Stop::Quiet(reason) => Failure::new(reason),
            }),
        }
    }

    fn deliver(&mut self, status: &mut Status, progress: &mut dyn FnMut(u64) -> bool) -> Result<(), Stop> {
        let before = status.delivered;
        let mut max = self.encoding.max_events();
        while let Some(mut sealed) = self.drain.next().map_err(|error| cannot_use(FILE, &error))? {
            sealed.shuffle(self.app.name);
            while let Some(batch) = sealed.batch(self.app.name, max) {
                self.may_go_on()?;
                if !sealed.is_there() {
                    // The user deleted it.
                    break;
                }
                let counted = status.clone();
                let done = match self.send(&batch, status) {
                    // What interrupts the delivery also interrupts a request.
                    Err(Stop::Failed(_)) if !progress(status.delivered - before) => return Err(INTERRUPTED),
                    done => done?,
                };
                let Done::Yes { sent } = done else {
                    max = (batch.records.len() / 2).max(1);
                    continue;
                };
                match self.note(&sealed, &batch, &sent, &counted, status) {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(stop) => {
                        // The batch is still there.
                        *status = counted;
                        return Err(stop);
                    }
                }
                if !progress(status.delivered - before) {
                    return Err(INTERRUPTED);
                }
            }
        }
        Ok(())
    }

    /// Checked before each batch: the user may have changed their mind since the last one.
    fn may_go_on(&self) -> Result<(), Stop> {
        if !consent::decide(self.app).on {
            return Err(Stop::Quiet("telemetry is off"));
        }
        if Instant::now() >= self.until {
            return Err(Stop::Quiet("out of time"));
        }
        Ok(())
    }

    /// Sends the events of a batch that are not too old, and counts the results.
    fn send(&mut self, batch: &Batch<'_>, status: &mut Status) -> Result<Done, Stop> {
        let now_unix_ms = clock::unix_ms();
        let refused_unix_ms = consent::refused_unix_ms(self.app, now_unix_ms).unwrap_or(0);
        let allowed = batch.records.iter().filter(|record| record.fields.start_time_unix_ms > refused_unix_ms);
        let (fresh, old): (Vec<Record<'_>>, Vec<Record<'_>>) =
            allowed.cloned().partition(|record| !is_old(record.fields.start_time_unix_ms, now_unix_ms));
        let count = fresh.len() as u64;
        let mut rejected = 0;
        let mut too_large = 0;
        let mut sent = String::new();
        if count > 0 {
            let lost = status.unreported();
            match self.client.post(&self.encoding.encode(self.app, &fresh, now_unix_ms, lost)) {
                Verdict::Accepted(accepted) => {
                    rejected = accepted.rejected.min(count);
                    status.reported += lost;
                    let events = fresh.iter().map(|record| wire::as_sent(self.app, record));
                    sent = queue::sent_lines(now_unix_ms, &self.host, events, lost);
                }
                Verdict::Refused(failure) if !status.gives_up(&fresh, now_unix_ms) => {
                    return Err(Stop::Failed(failure));
                }
                Verdict::Refused(_) => rejected = count,
                Verdict::Ended => return Err(Stop::Ended),
                Verdict::TooLarge if count == 1 => too_large = 1,
                Verdict::TooLarge => return Ok(Done::TooLarge),
                Verdict::Later(failure) => return Err(Stop::Failed(failure)),
            }
        }
        status.refusal = None;
        status.delivered += count - rejected - too_large;
        status.dropped.refused += rejected;
        status.dropped.too_large += too_large;
        status.dropped.old += old.len() as u64;
        status.dropped.full += batch.dropped;
        status.dropped.foreign += batch.foreign.len() as u64;
        Ok(Done::Yes { sent })
    }

    /// Deletes what is queued, and remembers that this version is to send nothing more.
    fn end(&self, status: &mut Status) {
        status.note_success();
        status.ended_version = Some(self.app.version.to_owned());
        status.delete_queue(self.drain, self.app);
    }

    /// Marks a batch as done, and keeps what was sent. False if its file is gone.
    fn note(
        &self,
        sealed: &Sealed,
        batch: &Batch<'_>,
        sent: &str,
        before: &Status,
        status: &Status,
    ) -> Result<bool, Stop> {
        if !sealed.is_there() {
            return Ok(false);
        }
        // Opened before looking once more: what is deleted after that is deleted with this file.
        let mut sent_file = None;
        if !sent.is_empty() {
            sent_file = SentFile::open(self.drain.dir(), sent.len(), clock::unix_ms()).ok();
        }
        if !sealed.is_there() {
            // Deleted while it was being sent. None of it may be written again.
            return Ok(false);
        }
        if let Some(mut sent_file) = sent_file {
            // On a full disk, the user sees less, but it has been sent.
            let _ = sent_file.add(sent);
        }
        if (status.dropped, status.reported) != (before.dropped, before.reported) {
            // First the counts, then the lines: a crash in between counts them twice instead of never. So does a full disk:
            // the receiver then gets the same events again, and ignores them, with the number of lost ones in them.
            status.write(self.drain.dir()).map_err(|error| cannot_use("the count of what is dropped", &error))?;
        }
        self.drain.reject(&batch.foreign);
        match sealed.done(batch.end) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(cannot_use(FILE, &error)),
            Ok(()) => Ok(true),
        }
    }
}

/// The result of sending a batch.
enum Done {
    /// Delivered or dropped.
    Yes {
        /// Lines for the file of what was sent.
        sent: String,
    },
    TooLarge,
}

/// The receiver answered 410.
pub(super) const ENDED: &str = "the receiver has ended collection for this version";

/// A batch that is refused on so many different days is given up.
const REFUSALS_MAX: u64 = 3;

impl Status {
    /// Notes that the receiver refuses a batch. True once it has done so on enough different days: an error of the
    /// receiver, or of a proxy in between, may be mended by then.
    fn gives_up(&mut self, batch: &[Record<'_>], now_unix_ms: u64) -> bool {
        let Some(first) = batch.first() else { return false };
        let session_id = first.fields.session_id.simple().to_string();
        let earlier = self.refusal.take().filter(|earlier| earlier.session_id == session_id);
        let day = |unix_ms: u64| unix_ms / (1000 * SECONDS_PER_DAY);
        let days = match earlier {
            Some(Refusal { days, unix_ms, .. }) if day(unix_ms) == day(now_unix_ms) => days,
            Some(Refusal { days, .. }) => days + 1,
            None => 1,
        };
        if days < REFUSALS_MAX {
            self.refusal = Some(Refusal { session_id, days, unix_ms: now_unix_ms });
        }
        days >= REFUSALS_MAX
    }

    /// Whether the receiver has ended collection for this version of the CLI.
    pub(crate) fn has_ended(&self, app: &App) -> bool {
        self.ended_version.as_deref() == Some(app.version)
    }

    /// Counts the events that could not be stored. If the count cannot be saved now, it is taken another time.
    fn take_lost(&mut self, drain: &Drain) {
        let _ = drain.take_lost(|lost| {
            let dropped = Dropped { full: self.dropped.full + lost, ..self.dropped };
            let counted = Status { dropped, ..self.clone() };
            counted.write(drain.dir())?;
            *self = counted;
            Ok(())
        });
    }

    /// Deletes what is queued and counts it, file by file: what runs append meanwhile is deleted another time. Stops at the
    /// first file whose count cannot be saved.
    pub(super) fn delete_queue(&mut self, drain: &Drain, app: &App) {
        self.take_lost(drain);
        while let Ok(Some(sealed)) = drain.next() {
            let Some(batch) = sealed.batch(app.name, usize::MAX) else { return };
            let dropped = Dropped {
                refused: self.dropped.refused + batch.records.len() as u64,
                full: self.dropped.full + batch.dropped,
                foreign: self.dropped.foreign + batch.foreign.len() as u64,
                ..self.dropped
            };
            let counted = Status { dropped, ..self.clone() };
            if counted.write(drain.dir()).is_err() {
                return;
            }
            *self = counted;
            if sealed.done(batch.end).is_err() {
                return;
            }
        }
    }

    pub(super) fn note_failure(&mut self, failure: &Failure, now_unix_ms: u64) {
        self.failures = self.failures.saturating_add(1);
        let wait = retry::backoff(self.failures, failure.retry_after);
        self.next_attempt_unix_ms = Some(now_unix_ms + u64::try_from(wait.as_millis()).unwrap_or(0));
        self.last_error = Some(LastError { unix_ms: now_unix_ms, text: failure.text.clone() });
    }

    fn note_success(&mut self) {
        self.failures = 0;
        self.next_attempt_unix_ms = None;
        self.last_error = None;
    }
}

/// A run in the future is not old: the clock was set back.
fn is_old(start_time_unix_ms: u64, now_unix_ms: u64) -> bool {
    u128::from(now_unix_ms.saturating_sub(start_time_unix_ms)) > EVENT_MAX_AGE.as_millis()
}

const FILE: &str = "a file of the queue";

// The kind, not the error: an error may contain a path, which is user data.
fn cannot_use(what: &str, error: &io::Error) -> Stop {
    Stop::Failed(Failure::new(format!("{what} cannot be used: {}", error.kind())))
}
