//! Every limit that users are told about. The code that enforces a limit and the text that states it share one
//! constant.

use std::time::Duration;

/// The size at which the queue is full: half for the live file, half for the previous one.
pub(crate) const QUEUE_MAX_BYTES: u64 = 1024 * 1024;

/// The maximum size of all queue files together: waiting events, a sealed file being delivered, one more sealed file in
/// case another process never unlocks the first, and rejected lines.
pub(crate) const QUEUE_FILES_MAX_BYTES: u64 = QUEUE_MAX_BYTES * 5 / 2;

/// Older events are not delivered: they are no longer useful.
pub(crate) const EVENT_MAX_AGE: Duration = Duration::from_secs(30 * SECONDS_PER_DAY);

/// The maximum size of the files that say what was sent.
pub(crate) const SENT_MAX_BYTES: u64 = 256 * 1024;

/// How long they keep it.
pub(crate) const SENT_MAX_AGE: Duration = Duration::from_secs(30 * SECONDS_PER_DAY);

pub(crate) const SECONDS_PER_DAY: u64 = 24 * 60 * 60;
