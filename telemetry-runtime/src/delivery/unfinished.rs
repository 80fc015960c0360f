//! Deliveries that were started and left no result, because something ends them early.

use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use super::state::Status;
use super::{stamp, worker};
use crate::declare::App;
use crate::queue::Summary;
use crate::sys::clock;

/// Later than this, no worker is still at work.
const ENDS_WITHIN: Duration = worker::LIFETIME.saturating_mul(2);

/// When the last delivery started, if it has left no result, and events that it was to deliver are still queued.
pub(crate) fn unfinished_unix_ms(app: &App, dir: &Path, status: &Status, queue: &Summary) -> Option<u64> {
    let started = stamp::last(dir)?.duration_since(UNIX_EPOCH).ok()?;
    let started_unix_ms = u64::try_from(started.as_millis()).ok()?;
    let had_work = queue.oldest_unix_ms.is_some_and(|oldest| oldest < started_unix_ms);
    let last_failure_unix_ms = status.last_error.as_ref().map(|error| error.unix_ms);
    let has_ended = status.last_success_unix_ms.max(last_failure_unix_ms) >= Some(started_unix_ms);
    // It found that it came too early, or that the receiver wants no events.
    let left_at_once = status.next_attempt_unix_ms.is_some_and(|next| next > started_unix_ms) || status.has_ended(app);
    let age_ms = u128::from(clock::unix_ms().saturating_sub(started_unix_ms));
    let is_over = age_ms > ENDS_WITHIN.as_millis();
    (had_work && is_over && !has_ended && !left_at_once).then_some(started_unix_ms)
}
