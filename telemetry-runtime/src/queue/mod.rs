//! The queue: lines in files that outlive the process, and are delivered by another.
//!
//! | file | what it holds |
//! |---|---|
//! | `queue.jsonl` | the newest lines; every run appends its own |
//! | `queue.old.jsonl` | what `queue.jsonl` held when it was full: rotation is a rename, and drops the file before |
//! | `queue.spill.jsonl` | lines that found `queue.jsonl` locked, or full while it could not be rotated |
//! | `queue.lost` | one byte for each line that found no place at all |
//! | `sealed-N-OFFSET.jsonl` | lines on their way out: nothing is appended any more, and all before `OFFSET` is delivered |
//! | `rejected.jsonl` | lines that are torn, or not ours; kept for whoever wants to know why |
//! | `drain.lock` | locked by whoever renames or removes one of these files |
//! | `running/` | with the key `abandoned`: a file for each run that has not ended |
//!
//! All locks are the kernel's (`flock`). They end with their process, so none is ever stale. Nothing is synced to the disk
//! on appending: a crash of the program loses nothing, a crash of the machine may lose the last seconds.

mod append;
#[cfg(feature = "http")]
mod drain;
mod folder;
#[cfg(all(test, feature = "http"))]
mod model_tests;
mod purge;
mod read;
#[cfg(test)]
mod testing;

pub(crate) use self::append::{Appended, Queue};
#[cfg(feature = "http")]
pub(crate) use self::drain::{Batch, Drain, Sealed};
pub(crate) use self::folder::{running_dir, runs};
pub(crate) use self::purge::purge;
pub(crate) use self::read::{Summary, read};
use crate::declare::limits::QUEUE_MAX_BYTES;

/// The file that events are appended to.
const LIVE: &str = "queue.jsonl";

/// What the live file is called when it is full.
const OLD: &str = "queue.old.jsonl";

/// Where a line goes when the live file cannot be had.
const SPILL: &str = "queue.spill.jsonl";

/// As long as the number of lines that found no place.
const LOST: &str = "queue.lost";

/// Lines that could not be read.
const REJECTED: &str = "rejected.jsonl";

/// Held by whoever renames or removes a file of the queue.
const LOCK: &str = "drain.lock";

const LIVE_MAX_BYTES: u64 = QUEUE_MAX_BYTES / 2;
const SPILL_MAX_BYTES: u64 = QUEUE_MAX_BYTES / 4;
#[cfg(feature = "http")]
const REJECTED_MAX_BYTES: u64 = QUEUE_MAX_BYTES / 16;
const LOST_MAX_BYTES: u64 = QUEUE_MAX_BYTES / 16;

/// Each time that this much has gathered in the live file, a delivery is worth starting before its time.
const DELIVERY_BYTES: u64 = 64 * 1024;

/// The start of a row at the head of a live file: the number of lines of the file before that were dropped.
const DROPPED: &str = r#"{"v":1,"dropped":"#;
