//! A file of lines that many processes append to concurrently, without ever blocking.
//!
//! Async-signal-safe throughout: no allocation, no std lock, little stack. Signal handlers use the same implementation.
//! The caller decides what the lines hold and what happens to a full file.

use std::io::{self, ErrorKind};

use crate::sys::LockNames;

#[cfg(not(unix))]
mod portable;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use self::portable as system;
pub(crate) use self::system::AppendFile;
#[cfg(unix)]
use self::unix as system;

/// Why a line was not appended.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Another process has locked the file, or keeps renaming it.
    Held,
    /// The file has reached its limit.
    Full,
    Failed(system::Error),
}

/// How a full file makes room: it is renamed, replacing any file of that name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rotation<'a> {
    /// The lock to hold during rotation, in the same folder.
    pub(crate) lock: LockNames,
    /// The new name, in the same folder.
    pub(crate) renamed_to: &'a str,
    /// The number of bytes to make room for.
    pub(crate) needed: u64,
    /// The file is rotated only if it would exceed this size with `needed` more bytes.
    pub(crate) max_bytes: u64,
}

impl From<system::Error> for Refusal {
    fn from(error: system::Error) -> Self {
        Refusal::Failed(error)
    }
}

#[cfg_attr(not(unix), allow(clippy::useless_conversion))]
impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Held => ErrorKind::WouldBlock.into(),
            Refusal::Full => ErrorKind::StorageFull.into(),
            Refusal::Failed(error) => error.into(),
        }
    }
}
