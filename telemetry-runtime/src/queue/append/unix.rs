//! By system calls alone, so that the one implementation serves signal handlers too: no allocation, no lock of std's.

use std::ffi::{CStr, CString};
use std::io::{self, ErrorKind};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::fs::{FileType, FlockOperation, Mode, OFlags, Stat, flock, fstat, lstat, mkdir, open};
use rustix::io::{Errno, pread, write};

use super::TRIES;
use crate::queue::{FILE, MAX_BYTES};

/// The queue's file, named as system calls want it.
#[derive(Debug)]
pub(crate) struct QueueFile {
    path: CString,
}

impl QueueFile {
    pub(crate) fn in_dir(dir: &Path) -> io::Result<Self> {
        Self::named(dir, FILE)
    }

    /// Another file that is appended to in the same way.
    pub(crate) fn named(dir: &Path, name: &str) -> io::Result<Self> {
        Ok(QueueFile { path: CString::new(dir.join(name).as_os_str().as_bytes())? })
    }

    /// Appends `line`, which ends with a line feed. Async-signal-safe.
    ///
    /// Nothing here waits: not for a lock, not for a reader of a FIFO that stands in the file's place.
    pub(crate) fn append(&self, line: &[u8]) -> io::Result<()> {
        for _ in 0..TRIES {
            let file = self.open()?;
            match flock(&file, FlockOperation::NonBlockingLockShared) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => continue,
                Err(error) => return Err(error.into()),
            }
            let opened = fstat(&file)?;
            if FileType::from_raw_mode(opened.st_mode) != FileType::RegularFile {
                return Err(ErrorKind::InvalidInput.into());
            }
            if self.names(&opened) {
                return append_to(&file, size(&opened), line);
            }
        }
        Err(ErrorKind::WouldBlock.into())
    }

    /// Opens the file; creates it, and the folders it stands in, for nobody but the user.
    fn open(&self) -> io::Result<OwnedFd> {
        // A link that somebody put here is not followed, and a FIFO does not block.
        let flags =
            OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let mode = Mode::RUSR | Mode::WUSR;
        match open(self.path.as_c_str(), flags, mode) {
            Err(Errno::NOENT) => {
                create_parents(&self.path);
                Ok(open(self.path.as_c_str(), flags, mode)?)
            }
            opened => Ok(opened?),
        }
    }

    /// Is the file that was opened still the one at the path? After a drain has sealed it, it is not.
    fn names(&self, opened: &Stat) -> bool {
        lstat(self.path.as_c_str()).is_ok_and(|named| (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino))
    }
}

fn size(file: &Stat) -> u64 {
    u64::try_from(file.st_size).unwrap_or(0)
}

/// Writes the line in one call, so that it stands in the file whole, or torn at the end.
fn append_to(file: &OwnedFd, size: u64, line: &[u8]) -> io::Result<()> {
    if size + line.len() as u64 > MAX_BYTES {
        return Err(ErrorKind::StorageFull.into());
    }
    if ends_torn(file, size) {
        // Or this line would be lost together with the torn one.
        write(file, b"\n")?;
    }
    match write(file, line)? {
        written if written == line.len() => Ok(()),
        _ => Err(ErrorKind::WriteZero.into()),
    }
}

/// Did a full disk or a limit cut the last line short?
fn ends_torn(file: &OwnedFd, size: u64) -> bool {
    let mut last = [b'\n'];
    size > 0 && pread(file, &mut last, size - 1).is_ok() && last != *b"\n"
}

/// Creates the folders above `path` that are not there yet. What fails here shows when the file is opened.
fn create_parents(path: &CStr) {
    let mut prefix = [0; libc::PATH_MAX as usize];
    for (index, &byte) in path.to_bytes().iter().enumerate() {
        if index > 0
            && byte == b'/'
            && let Ok(folder) = CStr::from_bytes_until_nul(&prefix)
        {
            let _ = mkdir(folder, Mode::RWXU);
        }
        match prefix.get_mut(index) {
            Some(slot) => *slot = byte,
            None => return,
        }
    }
}
