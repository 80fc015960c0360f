//! The steps as on Unix, with what std has everywhere: so a file that a drain has moved meanwhile is not told from the one that
//! was opened, and a line that is torn takes the next one with it.

use std::fs::{self, File, OpenOptions, TryLockError, create_dir_all};
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{Refusal, TRIES, count_dropped};
use crate::queue::{LIVE_MAX, LOCK, LOST, OLD};

/// A file that lines are appended to.
#[derive(Debug)]
pub(crate) struct QueueFile {
    path: PathBuf,
}

impl QueueFile {
    pub(crate) fn named(dir: &Path, name: &str) -> io::Result<Self> {
        Ok(QueueFile { path: dir.join(name) })
    }

    pub(super) fn dir(&self) -> Option<&Path> {
        self.path.parent()
    }

    /// Appends `line` while the file stays below `cap`. Tells the size before.
    pub(super) fn append_below(&self, line: &[u8], cap: u64) -> Result<u64, Refusal> {
        append(&self.path, line, cap)
    }

    /// The same with the file `name` in the same folder.
    pub(super) fn append_beside(&self, name: &str, line: &[u8], cap: u64) -> Result<u64, Refusal> {
        append(&self.path.with_file_name(name), line, cap)
    }

    /// Moves the file away if it has no room for `line`. Tells how many lines were dropped for that.
    pub(super) fn rotate(&self, line: &[u8]) -> Result<u64, Refusal> {
        let lock = open_to_append(&self.path.with_file_name(LOCK))?;
        lock.try_lock()?;
        if fs::metadata(&self.path)?.len() + line.len() as u64 <= LIVE_MAX {
            // Somebody else was first.
            return Ok(0);
        }
        let old = self.path.with_file_name(OLD);
        let dropped = File::open(&old).map_or(0, |old| count_lines(BufReader::new(old)));
        fs::rename(&self.path, &old)?;
        Ok(dropped)
    }

    /// Makes the file that counts lost lines one byte longer.
    pub(super) fn count_lost(&self, cap: u64) {
        if let Ok(mut file) = open_to_append(&self.path.with_file_name(LOST))
            && file.metadata().is_ok_and(|file| file.len() < cap)
        {
            let _ = file.write(b".");
        }
    }
}

fn append(path: &Path, line: &[u8], cap: u64) -> Result<u64, Refusal> {
    for _ in 0..TRIES {
        let mut file = open_to_append(path)?;
        // Not shared with others who append: on Windows nobody may write to a file of which others share the lock.
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => {
                std::thread::yield_now();
                continue;
            }
            locked => locked?,
        }
        let size = file.metadata()?.len();
        if size + line.len() as u64 > cap {
            return Err(Refusal::Full);
        }
        return match file.write(line)? {
            written if written == line.len() => Ok(size),
            _ => Err(io::Error::from(ErrorKind::WriteZero).into()),
        };
    }
    Err(Refusal::Held)
}

fn open_to_append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    match options.open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(dir) = path.parent() {
                create_dir_all(dir)?;
            }
            options.open(path)
        }
        opened => opened,
    }
}

fn count_lines(file: impl BufRead) -> u64 {
    let mut lines = file.split(b'\n').map_while(Result::ok).filter(|line| !line.is_empty());
    match lines.next() {
        Some(head) => count_dropped(1 + lines.count() as u64, &head),
        None => 0,
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Self {
        Refusal::Failed(error)
    }
}

impl From<TryLockError> for Refusal {
    fn from(error: TryLockError) -> Self {
        match error {
            TryLockError::WouldBlock => Refusal::Held,
            TryLockError::Error(error) => Refusal::Failed(error),
        }
    }
}
