//! The queue: files of lines that outlive the process, and that another process delivers.
//!
//! | file | what it holds |
//! |---|---|
//! | `queue.jsonl` | the newest lines; every run appends its own |
//! | `queue.old.jsonl` | the previous `queue.jsonl`: a full one is renamed to this, replacing the last |
//! | `queue.spill.jsonl` | lines that found `queue.jsonl` locked, or full and impossible to rotate |
//! | `queue.lost` | one byte for each line that could not be stored at all |
//! | `queue.lost.taken` | an earlier `queue.lost`, while a delivery adds it to its counts |
//! | `sealed-N-OFFSET.jsonl` | lines being delivered: no more are appended, and all before `OFFSET` are delivered |
//! | `sealed.new` | the same lines in random order, while they are being written |
//! | `sent.jsonl` | what was delivered, for the user to see |
//! | `sent.old.jsonl` | the previous `sent.jsonl`, as with `queue.jsonl` |
//! | `show.html` | the page that `show --html` has last opened |
//! | `show.html.new` | the next one, while it is being written |
//! | `active-YYYY-Wnn` | with the key `actives`: that week has its mark |
//! | `rejected.jsonl` | lines that are torn or not ours, kept for debugging |
//! | `drain.lock` | locked while renaming or removing one of these files |
//! | `drain.held` | stands for that lock where the file system has none |
//! | `running/` | with the key `abandoned`: a file for each run that has not ended |
//! | `delivery.stamp` | its time is when a delivery last started |
//! | `delivery.json` | how deliveries went so far |
//! | `delivery.json.new` | the next `delivery.json`, while it is being written |
//! | `consent.json` | the user's decision, where the variable `<ENV>_TELEMETRY_DIR` keeps everything in one folder |
//! | `consent.json.PID` | the next `consent.json`, while that process is writing it |
//!
//! All locks are kernel locks (`flock`), released when their process ends, so there are no stale locks where the file
//! system has locks. Appending does not sync to disk: a crash of the program loses nothing, a crash of the machine may
//! lose the last few seconds.

mod append;
#[cfg(feature = "http")]
mod drain;
mod folder;
#[cfg(all(test, feature = "http"))]
mod model_tests;
mod purge;
mod read;
#[cfg(any(feature = "html", feature = "http"))]
mod sent;
#[cfg(test)]
mod testing;

pub(crate) use self::append::{Appended, Queue};
#[cfg(feature = "http")]
pub(crate) use self::drain::{Batch, Drain, Sealed, SentFile, sent_lines};
pub(crate) use self::folder::{active_file, is_active_file, kept, running_dir, runs};
pub(crate) use self::purge::purge;
pub(crate) use self::read::{Contents, Summary};
#[cfg(any(feature = "html", feature = "http"))]
pub(crate) use self::sent::{Sent, SentFiles, What};
use crate::declare::limits::QUEUE_MAX_BYTES;
use crate::sys::LockNames;

/// The file that events are appended to.
const LIVE: &str = "queue.jsonl";

/// What a full live file is renamed to.
const OLD: &str = "queue.old.jsonl";

/// Where a line goes if the live file is locked or cannot be rotated.
const SPILL: &str = "queue.spill.jsonl";

/// Its size is the number of lines that could not be stored.
const LOST: &str = "queue.lost";

/// A [`LOST`] to which nothing more is added.
const LOST_TAKEN: &str = "queue.lost.taken";

/// The lines of a sealed file in random order, until they replace it.
const SEALED_NEW: &str = "sealed.new";

/// What was delivered.
const SENT: &str = "sent.jsonl";

/// What a full or old [`SENT`] is renamed to.
const SENT_OLD: &str = "sent.old.jsonl";

/// The page that `show --html` opens.
pub(crate) const PAGE: &str = "show.html";

/// The next [`PAGE`], while it is being written.
pub(crate) const PAGE_NEW: &str = "show.html.new";

/// Lines that could not be read.
const REJECTED: &str = "rejected.jsonl";

/// How deliveries went so far.
pub(crate) const STATE: &str = "delivery.json";

/// Its time is when a delivery last started.
pub(crate) const STAMP: &str = "delivery.stamp";

/// Held while a file of the queue is renamed or removed.
const LOCK: LockNames = LockNames::new("drain.lock", "drain.held");

const LIVE_MAX_BYTES: u64 = QUEUE_MAX_BYTES / 2;
const SPILL_MAX_BYTES: u64 = QUEUE_MAX_BYTES / 4;
#[cfg(feature = "http")]
const REJECTED_MAX_BYTES: u64 = QUEUE_MAX_BYTES / 16;
const LOST_MAX_BYTES: u64 = QUEUE_MAX_BYTES / 16;

/// Each time the live file has grown by this much, a delivery may start before its interval has passed.
const DELIVERY_BYTES: u64 = 64 * 1024;

/// The start of the row at the head of a live file that says how many earlier lines were dropped.
const DROPPED: &str = r#"{"v":2,"dropped":"#;
