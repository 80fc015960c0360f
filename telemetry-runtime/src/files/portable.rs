//! What std has everywhere.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

pub(super) fn private(_options: &mut OpenOptions) {}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)
}

pub(super) fn sync(file: &File) -> io::Result<()> {
    file.sync_all()
}

pub(super) fn create_dir(dir: &Path) -> io::Result<()> {
    fs::create_dir(dir)
}

/// Is this a folder, and no link to one? `None` if nothing is there.
pub(super) fn is_dir_itself(path: &Path) -> Option<bool> {
    path.symlink_metadata().ok().map(|there| there.is_dir())
}

pub(super) fn can_write_in(dir: &Path) -> bool {
    dir.metadata().is_ok_and(|dir| !dir.permissions().readonly())
}

/// A file that will be removed.
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

/// Tells the new files of two processes apart.
pub(super) fn process_id() -> u32 {
    std::process::id()
}
