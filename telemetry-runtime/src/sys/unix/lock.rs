//! A lock that one process at a time holds, also where the file system has no locks (Lustre, some FUSE and network file
//! systems). Async-signal-safe.

use std::ffi::CStr;
use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, FlockOperation, Mode, OFlags, flock, fstat, openat, renameat, statat, unlinkat};
use rustix::io::{Errno, fcntl_dupfd_cloexec, read, write};
use rustix::path::DecInt;
use rustix::process::{Pid, getpid};

use super::ownership::is_ours;
use super::process::is_gone;
use crate::sys::LockNames;
use crate::sys::clock;
use crate::sys::unix::Name;

/// A file in a lock's place is left alone this long, whatever has become of its process: it may run on another machine.
const HELD_AT_LEAST_SECONDS: u64 = 60;

/// Held until it is dropped. The kernel releases its own lock when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: OwnedFd,
    /// The folder and the name of the file that stands for the lock.
    stand_in: Option<(OwnedFd, &'static str)>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some((dir, name)) = &self.stand_in {
            let _ = Name::of(name).as_c_str().and_then(|name| unlinkat(dir, name, AtFlags::empty()));
        }
    }
}

/// Whether this error of `flock` says that the file system has no locks.
pub(crate) fn has_no_locks(error: Errno) -> bool {
    // The last two are one number on Linux, but not on macOS.
    error == Errno::NOTSUP || matches!(error, Errno::NOSYS | Errno::NOLCK | Errno::OPNOTSUPP)
}

/// Takes the lock of the folder `dir`. `None` if another process holds it.
pub(crate) fn lock_in(dir: BorrowedFd<'_>, names: LockNames) -> Result<Option<Lock>, Errno> {
    let flags = OFlags::RDWR | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let file = openat(dir, Name::of(names.file).as_c_str()?, flags, Mode::RUSR | Mode::WUSR)?;
    if !is_ours(&fstat(&file)?) {
        return Err(Errno::ACCESS);
    }
    match flock(&file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(Some(Lock { _file: file, stand_in: None })),
        Err(Errno::WOULDBLOCK) => Ok(None),
        Err(error) if has_no_locks(error) => {
            // From 3, so that it never becomes a standard stream.
            let own_dir = fcntl_dupfd_cloexec(dir, 3)?;
            // A `Lock` exists only if the stand-in is ours: dropping it removes that.
            let is_ours = stand_in(dir, names.stand_in)?;
            Ok(is_ours.then(|| Lock { _file: file, stand_in: Some((own_dir, names.stand_in)) }))
        }
        Err(error) => Err(error),
    }
}

/// Creates the file that stands for the lock. False if there is one.
fn stand_in(dir: BorrowedFd<'_>, name: &'static str) -> Result<bool, Errno> {
    let name = Name::of(name);
    let name = name.as_c_str()?;
    for _ in 0..2 {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC | OFlags::NOFOLLOW;
        match openat(dir, name, flags, Mode::RUSR | Mode::WUSR) {
            Ok(file) => {
                // Without its process, a file is removed by its age alone.
                let _ = write(file, DecInt::new(getpid().as_raw_pid()).as_bytes());
                return Ok(true);
            }
            Err(Errno::EXIST) if is_left_behind(dir, name) => {
                // Of several processes that find it, one renames it.
                renameat(dir, name, dir, c"left-behind.lock")?;
                let _ = unlinkat(dir, c"left-behind.lock", AtFlags::empty());
            }
            Err(Errno::EXIST) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

/// Whether the process that created the file has ended without removing it.
fn is_left_behind(dir: BorrowedFd<'_>, name: &CStr) -> bool {
    let Ok(there) = statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) else { return false };
    let age = (clock::unix_ms() / 1000).checked_sub(u64::try_from(there.st_mtime).unwrap_or(0));
    age.is_some_and(|age| age > HELD_AT_LEAST_SECONDS) && holder(dir, name).is_none_or(is_gone)
}

/// The process named in the file.
fn holder(dir: BorrowedFd<'_>, name: &CStr) -> Option<Pid> {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut text = [0; 16];
    let length = read(openat(dir, name, flags, Mode::empty()).ok()?, &mut text).ok()?;
    Pid::from_raw(std::str::from_utf8(text.get(..length)?).ok()?.trim_end().parse().ok()?)
}
