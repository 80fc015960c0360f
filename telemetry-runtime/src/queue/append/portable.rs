//! The same steps as on Unix, with what std has everywhere.

use std::fs::{File, OpenOptions, TryLockError, create_dir_all};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::TRIES;
use crate::queue::{FILE, MAX_BYTES};

/// The queue's file.
#[derive(Debug)]
pub(crate) struct QueueFile {
    path: PathBuf,
}

impl QueueFile {
    pub(crate) fn in_dir(dir: &Path) -> io::Result<Self> {
        Self::named(dir, FILE)
    }

    /// Another file that is appended to in the same way.
    pub(crate) fn named(dir: &Path, name: &str) -> io::Result<Self> {
        Ok(QueueFile { path: dir.join(name) })
    }

    /// Appends `line`, which ends with a line feed.
    pub(crate) fn append(&self, line: &[u8]) -> io::Result<()> {
        for _ in 0..TRIES {
            let mut file = match open(&self.path) {
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    if let Some(dir) = self.path.parent() {
                        create_dir_all(dir)?;
                    }
                    open(&self.path)?
                }
                opened => opened?,
            };
            match file.try_lock_shared() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => continue,
                Err(TryLockError::Error(error)) => return Err(error),
            }
            if file.metadata()?.len() + line.len() as u64 > MAX_BYTES {
                return Err(ErrorKind::StorageFull.into());
            }
            return match file.write(line)? {
                written if written == line.len() => Ok(()),
                _ => Err(ErrorKind::WriteZero.into()),
            };
        }
        Err(ErrorKind::WouldBlock.into())
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).open(path)
}
