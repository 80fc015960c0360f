//! By system calls: what std would call in libc, every run of the program would pay for at its start, when the dynamic
//! linker looks the symbols up.

use std::ffi::CString;
use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::{Access, FileType, Mode, access, fsync, lstat, mkdir, unlink};

/// For nobody but the user; a link is not followed, and a FIFO does not block.
pub(super) fn private(options: &mut OpenOptions) {
    options.mode(0o600).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
}

pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    Ok(rustix::fs::rename(from, to)?)
}

pub(super) fn remove(path: &Path) -> io::Result<()> {
    Ok(unlink(path)?)
}

pub(super) fn sync(file: &File) -> io::Result<()> {
    Ok(fsync(file)?)
}

pub(super) fn create_dir(dir: &Path) -> io::Result<()> {
    Ok(mkdir(dir, Mode::RWXU)?)
}

/// Is this a folder, and no link to one? `None` if nothing is there.
pub(super) fn is_dir_itself(path: &Path) -> Option<bool> {
    lstat(path).ok().map(|there| FileType::from_raw_mode(there.st_mode).is_dir())
}

pub(super) fn can_write_in(dir: &Path) -> bool {
    access(dir, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// A file that can be removed where nothing may be allocated.
#[derive(Debug)]
pub(crate) struct Removable(CString);

impl Removable {
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        Ok(Removable(CString::new(path.as_os_str().as_bytes())?))
    }

    /// Async-signal-safe.
    pub(crate) fn remove(&self) -> io::Result<()> {
        Ok(unlink(self.0.as_c_str())?)
    }
}

/// Tells the new files of two processes apart.
pub(super) fn process_id() -> u32 {
    rustix::process::getpid().as_raw_pid().unsigned_abs()
}
