//! File operations for Unix, as system calls through rustix. std would import libc functions, and the dynamic linker
//! would look up those symbols at the start of every run.

use std::ffi::{CStr, CString, OsStr, OsString};
use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;
#[cfg(feature = "http")]
use std::time::SystemTime;

#[cfg(not(any(target_os = "linux", target_os = "android")))]
use rustix::fs::Dir;
#[cfg(any(target_os = "linux", target_os = "android"))]
use rustix::fs::RawDir;
use rustix::fs::{Access, FileType, Mode, OFlags, Stat, access, fstat, lstat, mkdir, open, stat, unlink};
use rustix::io::Errno;

use super::Metadata;
#[cfg(feature = "http")]
use crate::sys::TryLock;
use crate::sys::unix::is_ours;
#[cfg(feature = "http")]
use crate::sys::unix::{Lock, has_no_locks, lock_in};

/// Accessible only to the user. Symbolic links are not followed, and a FIFO does not block.
pub(in crate::sys) fn private(options: &mut OpenOptions) {
    options.mode(0o600).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
}

/// Takes back that symbolic links are not followed.
pub(super) fn follow_links(options: &mut OpenOptions) {
    options.custom_flags(libc::O_NONBLOCK);
}

/// Whether a file was not opened because it is a symbolic link.
pub(super) fn is_link(error: &io::Error) -> bool {
    error.raw_os_error() == Some(libc::ELOOP)
}

/// A path as the system takes it. rustix takes a `Path`, too, but with another copy of the conversion for each call.
fn c_path(path: &Path) -> io::Result<CString> {
    Ok(CString::new(path.as_os_str().as_bytes())?)
}

pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    Ok(rustix::fs::rename(&*c_path(from)?, &*c_path(to)?)?)
}

pub(crate) fn remove(path: &Path) -> io::Result<()> {
    Ok(unlink(&*c_path(path)?)?)
}

/// Whether this is what [`remove`] left behind when it was interrupted. Nothing, here.
pub(crate) fn is_leftover(_name: &OsStr) -> bool {
    false
}

#[cfg(not(target_vendor = "apple"))]
pub(super) fn sync(file: &File) -> io::Result<()> {
    Ok(rustix::fs::fsync(file)?)
}

/// `fsync` would leave the bytes in the disk's cache. std asks for more.
#[cfg(target_vendor = "apple")]
pub(super) fn sync(file: &File) -> io::Result<()> {
    file.sync_all()
}

pub(super) fn create_dir(dir: &Path) -> io::Result<()> {
    Ok(mkdir(&*c_path(dir)?, Mode::RWXU)?)
}

/// Metadata of the path itself: symbolic links are not followed.
pub(crate) fn metadata(path: &Path) -> io::Result<Metadata> {
    Ok(Metadata::of(&lstat(&*c_path(path)?)?))
}

/// Metadata of what the path leads to.
pub(crate) fn metadata_following(path: &Path) -> io::Result<Metadata> {
    Ok(Metadata::of(&stat(&*c_path(path)?)?))
}

/// Metadata of an open file.
pub(super) fn metadata_of(file: &File) -> io::Result<Metadata> {
    Ok(Metadata::of(&fstat(file)?))
}

impl Metadata {
    fn of(there: &Stat) -> Self {
        let (seconds, nanos) =
            (u64::try_from(there.st_mtime).unwrap_or(0), u32::try_from(there.st_mtime_nsec).unwrap_or(0));
        let file_type = FileType::from_raw_mode(there.st_mode);
        Metadata {
            is_dir: file_type.is_dir(),
            is_file: file_type.is_file(),
            is_ours: is_ours(there),
            size: u64::try_from(there.st_size).unwrap_or(0),
            modified_since_epoch: Duration::new(seconds, nanos),
        }
    }
}

/// The names of a folder's entries, including `.` and `..`, in any order; empty if the folder does not exist.
pub(crate) fn names_in(dir: &Path) -> io::Result<Vec<OsString>> {
    let dir = match open(&*c_path(dir)?, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(Vec::new()),
        opened => opened?,
    };
    let mut names = Vec::new();
    each_name(dir, &mut |name| names.push(OsStr::from_bytes(name.to_bytes()).to_owned()))?;
    Ok(names)
}

/// `Dir` is larger, and has two dozen places where it could panic, each of which the dynamic linker looks after.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn each_name(dir: OwnedFd, each: &mut dyn FnMut(&CStr)) -> io::Result<()> {
    // More than the largest entry.
    let mut buffer = Vec::with_capacity(4096);
    let mut entries = RawDir::new(dir, buffer.spare_capacity_mut());
    while let Some(entry) = entries.next() {
        each(entry?.file_name());
    }
    Ok(())
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn each_name(dir: OwnedFd, each: &mut dyn FnMut(&CStr)) -> io::Result<()> {
    for entry in Dir::new(dir)? {
        each(entry?.file_name());
    }
    Ok(())
}

/// Locks the file until it is closed.
#[cfg(feature = "http")]
pub(crate) fn try_lock(file: &File) -> io::Result<TryLock> {
    match rustix::fs::flock(file, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Err(Errno::WOULDBLOCK) => Ok(TryLock::Held),
        Err(error) if has_no_locks(error) => Ok(TryLock::Unsupported),
        locked => Ok(locked.map(|()| TryLock::Locked)?),
    }
}

/// Takes the lock of the folder `dir` until the returned value is dropped. `None` if another process holds it.
#[cfg(feature = "http")]
pub(crate) fn lock(dir: &Path, names: crate::sys::LockNames) -> io::Result<Option<Lock>> {
    use std::os::fd::AsFd;

    let dir = open(&*c_path(dir)?, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?;
    Ok(lock_in(dir.as_fd(), names)?)
}

/// Sets the file's access and modification times by this machine's clock. A network file system may use another one.
#[cfg(feature = "http")]
pub(crate) fn touch(file: &File, now: SystemTime) -> io::Result<()> {
    use rustix::fs::{Timespec, Timestamps, futimens};

    let since = now.duration_since(SystemTime::UNIX_EPOCH).map_err(io::Error::other)?;
    let seconds = since.as_secs().try_into().map_err(io::Error::other)?;
    let now = Timespec { tv_sec: seconds, tv_nsec: since.subsec_nanos().into() };
    Ok(futimens(file, &Timestamps { last_access: now, last_modification: now })?)
}

pub(super) fn can_write_in(dir: &Path) -> bool {
    c_path(dir).is_ok_and(|dir| access(&*dir, Access::WRITE_OK | Access::EXEC_OK).is_ok())
}

/// A file to be removed later, without allocating.
#[derive(Debug)]
pub(crate) struct Removable(CString);

impl Removable {
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        Ok(Removable(c_path(path)?))
    }

    /// Async-signal-safe.
    pub(crate) fn remove(&self) -> io::Result<()> {
        Ok(unlink(self.0.as_c_str())?)
    }
}

/// Keeps the temporary files of different processes apart.
pub(super) fn process_id() -> u32 {
    rustix::process::getpid().as_raw_pid().unsigned_abs()
}
