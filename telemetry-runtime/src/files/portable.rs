//! What std has everywhere.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

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

/// Is `file` still the one that `path` names? Here an open file cannot be replaced.
pub(crate) fn names(_path: &Path, _file: &File) -> io::Result<bool> {
    Ok(true)
}

/// Tells the new files of two processes apart.
pub(super) fn process_id() -> u32 {
    std::process::id()
}
