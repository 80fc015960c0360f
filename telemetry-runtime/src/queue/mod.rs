//! The queue: one file of lines that survives the process, and is delivered by another.

mod append;

pub(crate) use append::QueueFile;

/// The file that events are appended to.
const FILE: &str = "queue.jsonl";

/// The size at which the queue is full.
pub(crate) const MAX_BYTES: u64 = 1024 * 1024;
