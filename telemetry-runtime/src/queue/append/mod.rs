//! Appending one line without ever waiting.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub(crate) use unix::QueueFile;

#[cfg(not(unix))]
mod portable;
#[cfg(not(unix))]
pub(crate) use portable::QueueFile;

/// How often to look again for the file, when a drain has moved it between opening and locking.
const TRIES: u32 = 3;
