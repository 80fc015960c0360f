//! File operations for platforms other than Unix, through std as far as it goes.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::Metadata;
use crate::sys::portable::Lock;
use crate::sys::{LockNames, TryLock};

pub(super) use self::extra::can_write_in;
pub(crate) use self::extra::{is_deleted, is_leftover, private, remove};
#[cfg(windows)]
use crate::sys::windows::files as extra;

pub(super) fn follow_links(_options: &mut OpenOptions) {}

/// Links are followed at once.
pub(super) fn is_link(_error: &io::Error) -> bool {
    false
}

pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

pub(super) fn sync(file: &File) -> io::Result<()> {
    file.sync_all()
}

pub(super) fn create_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir(dir)
}

/// Metadata of the path itself: symbolic links are not followed.
pub(crate) fn metadata(path: &Path) -> io::Result<Metadata> {
    let there = path.symlink_metadata()?;
    Metadata::of(&there)
}

/// Metadata of what the path leads to.
pub(crate) fn metadata_following(path: &Path) -> io::Result<Metadata> {
    Metadata::of(&path.metadata()?)
}

/// Metadata of an open file.
pub(super) fn metadata_of(file: &File) -> io::Result<Metadata> {
    Metadata::of(&file.metadata()?)
}

impl Metadata {
    /// Whose a file is follows from its folder, which is the user's.
    fn of(there: &fs::Metadata) -> io::Result<Self> {
        Ok(Metadata {
            is_dir: there.is_dir(),
            is_file: there.is_file(),
            is_ours: true,
            size: there.len(),
            modified_since_epoch: there.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default(),
        })
    }
}

/// The names of a folder's entries, in any order; empty if the folder does not exist.
pub(crate) fn names_in(dir: &Path) -> io::Result<Vec<OsString>> {
    match dir.read_dir() {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        entries => Ok(entries?.filter_map(Result::ok).map(|entry| entry.file_name()).collect()),
    }
}

/// Locks the file until it is closed.
pub(crate) fn try_lock(file: &File) -> io::Result<TryLock> {
    Ok(if extra::try_lock(file)? { TryLock::Locked } else { TryLock::Held })
}

/// Takes the lock of the folder `dir` until the returned value is dropped. `None` if another process holds it.
pub(crate) fn lock(dir: &Path, names: LockNames) -> io::Result<Option<Lock>> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    private(&mut options);
    let file = options.open(dir.join(names.file))?;
    Ok(extra::try_lock(&file)?.then(|| Lock { _file: file }))
}

/// Sets the file's modification time.
#[cfg(feature = "http")]
pub(crate) fn touch(file: &File, now: std::time::SystemTime) -> io::Result<()> {
    file.set_modified(now)
}

/// A file to be removed later.
#[derive(Debug)]
pub(crate) struct Removable(PathBuf);

impl Removable {
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        Ok(Removable(path.to_owned()))
    }

    pub(crate) fn remove(&self) -> io::Result<()> {
        remove(&self.0)
    }
}

/// Keeps the temporary files of different processes apart.
pub(super) fn process_id() -> u32 {
    std::process::id()
}

/// For a platform of which nothing more is known.
#[cfg(not(windows))]
mod extra {
    use std::ffi::OsStr;
    use std::fs::{File, OpenOptions};
    use std::io;
    use std::path::Path;

    pub(crate) fn private(_options: &mut OpenOptions) {}

    pub(crate) fn remove(path: &Path) -> io::Result<()> {
        std::fs::remove_file(path)
    }

    pub(crate) fn is_leftover(_name: &OsStr) -> bool {
        false
    }

    /// Always true: there are no other processes that could hold the lock.
    pub(crate) fn try_lock(_file: &File) -> io::Result<bool> {
        Ok(true)
    }

    pub(crate) fn is_deleted(_file: &File) -> bool {
        false
    }

    pub(crate) fn can_write_in(dir: &Path) -> bool {
        dir.metadata().is_ok_and(|dir| !dir.permissions().readonly())
    }
}
