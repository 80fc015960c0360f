//! File operations for platforms other than Unix, through std.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::Metadata;

pub(super) fn private(_options: &mut OpenOptions) {}

pub(super) fn follow_links(_options: &mut OpenOptions) {}

/// Links are followed at once.
pub(super) fn is_link(_error: &io::Error) -> bool {
    false
}

pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

pub(crate) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
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
            modified: there.modified()?,
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

/// Locks the file until it is closed. False if another process holds the lock.
#[cfg(windows)]
pub(crate) use crate::sys::windows::try_lock;

/// Always true: there are no other processes here that could hold the lock.
#[cfg(not(windows))]
pub(crate) fn try_lock(_file: &File) -> io::Result<bool> {
    Ok(true)
}

/// Sets the file's modification time.
#[cfg(feature = "http")]
pub(crate) fn touch(file: &File, now: std::time::SystemTime) -> io::Result<()> {
    file.set_modified(now)
}

pub(super) fn can_write_in(dir: &Path) -> bool {
    dir.metadata().is_ok_and(|dir| !dir.permissions().readonly())
}

/// A file to be removed later.
#[derive(Debug)]
pub(crate) struct Removable(PathBuf);

impl Removable {
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        Ok(Removable(path.to_owned()))
    }

    pub(crate) fn remove(&self) -> io::Result<()> {
        fs::remove_file(&self.0)
    }
}

/// Keeps the temporary files of different processes apart.
pub(super) fn process_id() -> u32 {
    std::process::id()
}
