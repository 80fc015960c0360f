//! Every bound that users are told of, in one place: the code that keeps to it and the texts that name it read it here.

use std::time::Duration;

/// The size at which the queue is full: the file that is appended to and the one before it, half each.
pub(crate) const QUEUE_MAX_BYTES: u64 = 1024 * 1024;

/// What all files of the queue hold together: besides what waits, a file on its way out, one more if somebody never lets go
/// of it, and what is set aside.
pub(crate) const QUEUE_FILES_MAX_BYTES: u64 = QUEUE_MAX_BYTES * 5 / 2;

/// Older events are not delivered: nobody would know what to make of them.
pub(crate) const EVENT_MAX_AGE: Duration = Duration::from_secs(30 * SECONDS_PER_DAY);

pub(crate) const SECONDS_PER_DAY: u64 = 24 * 60 * 60;
