//! A file of lines that many processes append to at the same time, without ever waiting.
//!
//! Async-signal-safe throughout: no allocation, no lock of std's, little stack. The one implementation serves signal
//! handlers too. What the lines hold and what becomes of a full file is for the caller to decide.

use std::io::{self, ErrorKind};

#[cfg(not(unix))]
mod portable;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
pub(crate) use self::portable::AppendFile;
#[cfg(unix)]
pub(crate) use self::unix::AppendFile;

/// How often to open the file again when somebody has moved it between opening and locking.
const TRIES: u32 = 3;

/// Why a file did not take a line.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Somebody has locked it, or keeps moving it.
    Held,
    /// It has reached its limit.
    Full,
    Failed(io::Error),
}

/// How a full file makes room: it is renamed, and replaces the file of that name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rotation<'a> {
    /// The file whose lock is held meanwhile, in the same folder.
    pub(crate) lock: &'a str,
    /// The new name, in the same folder.
    pub(crate) renamed_to: &'a str,
    /// The bytes that need room.
    pub(crate) needed: u64,
    /// The limit that the file must have reached, with `needed`, to be rotated.
    pub(crate) max_bytes: u64,
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Refusal::Failed(error)
    }
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Held => ErrorKind::WouldBlock.into(),
            Refusal::Full => ErrorKind::StorageFull.into(),
            Refusal::Failed(error) => error,
        }
    }
}
