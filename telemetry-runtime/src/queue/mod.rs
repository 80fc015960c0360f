//! The queue: lines in files that survive the process, and are delivered by another.
//!
//! | file | what it holds |
//! |---|---|
//! | `queue.jsonl` | the newest lines; every run appends its own |
//! | `queue.old.jsonl` | what `queue.jsonl` held when it was full: rotation is a rename, and drops the file before |
//! | `queue.spill.jsonl` | lines that found `queue.jsonl` held, or full while it could not be rotated |
//! | `queue.lost` | one byte for each line that found no place at all |
//! | `sealed-N-OFFSET.jsonl` | lines on their way out: nothing is appended any more, and all before `OFFSET` is delivered |
//! | `rejected.jsonl` | lines that are none of ours, or torn; kept for whoever wants to know why |
//! | `drain.lock` | whoever renames or removes one of these files holds its lock |
//!
//! All locks are the kernel's (`flock`), which end with their process, so none is ever stale. Nothing is synced to the
//! disk on appending: a crash of the program loses nothing, a crash of the machine may lose the last seconds.

mod append;
#[cfg(feature = "http")]
mod drain;
mod folder;
#[cfg(all(test, feature = "http"))]
mod model_tests;
mod purge;
mod read;
mod record;
#[cfg(test)]
mod testing;

#[cfg(feature = "http")]
use append::QueueFile;
pub(crate) use append::{Appended, Queue};
#[cfg(feature = "http")]
pub(crate) use drain::{Batch, Drain, Sealed};
pub(crate) use purge::purge;
pub(crate) use read::{Summary, read};
pub(crate) use record::Record;

/// The file that events are appended to.
const LIVE: &str = "queue.jsonl";

/// What the live file is called when it is full.
const OLD: &str = "queue.old.jsonl";

/// Where a line goes when the live file cannot be had.
const SPILL: &str = "queue.spill.jsonl";

/// As long as the number of lines that found no place.
const LOST: &str = "queue.lost";

/// Lines that could not be read.
#[cfg_attr(not(feature = "http"), allow(dead_code))]
const REJECTED: &str = "rejected.jsonl";

/// Held by whoever renames or removes a file of the queue.
const LOCK: &str = "drain.lock";

/// The size at which the queue is full: the live file and the one before it, half each.
pub(crate) const MAX_BYTES: u64 = 1024 * 1024;
const LIVE_MAX: u64 = MAX_BYTES / 2;
const SPILL_MAX: u64 = MAX_BYTES / 4;
#[cfg(feature = "http")]
const REJECTED_MAX: u64 = MAX_BYTES / 16;
const LOST_MAX: u64 = MAX_BYTES / 16;

/// What all files of the queue hold together: beside what waits, a file on its way out, one more if somebody never lets go
/// of it, and what is set aside.
#[cfg(all(test, feature = "http"))]
const ALL_MAX: u64 = MAX_BYTES * 5 / 2;

/// Each time this much has gathered in the live file, it is worth a delivery before its time.
const ENOUGH: u64 = 64 * 1024;

/// A row at the head of a live file: so many lines of the file before were dropped.
const DROPPED: &str = r#"{"v":1,"dropped":"#;
