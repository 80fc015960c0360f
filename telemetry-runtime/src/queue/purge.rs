//! Deletes everything that was recorded.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::{LIVE, LOST, LOST_TAKEN, OLD, PAGE, PAGE_NEW, REJECTED, SEALED_NEW, SENT, SENT_OLD, SPILL, folder};
use crate::sys::files;

/// How often to look for files. A running delivery may rename one while it is being deleted, and stops when its file is
/// gone.
const ROUNDS: u32 = 10;

/// Deletes all queued, rejected, sealed and sent events, and the files of runs that have not ended. If such a run is killed,
/// it leaves no event.
///
/// Waits for nobody. A run that is appending at the moment writes to a deleted file, and a delivery stops before its
/// next batch because its file is gone.
pub(crate) fn purge(dir: &Path) -> io::Result<()> {
    for _ in 0..ROUNDS {
        let mut found = remove_all(dir, |name| folder::is_sealed(name) || folder::is_active_file(name))?;
        // What was sent comes last: a delivery adds to it only if its sealed file is still there.
        for name in [SEALED_NEW, OLD, LIVE, SPILL, LOST, LOST_TAKEN, REJECTED, PAGE_NEW, PAGE, SENT_OLD, SENT] {
            found |= remove(&dir.join(name))?;
        }
        if !found {
            break;
        }
    }
    for name in files::names_in(dir)?.iter().filter(|name| files::is_leftover(name)) {
        // Another process may be removing it, or still have it open.
        let _ = files::remove(&dir.join(name));
    }
    let running = folder::running_dir(dir);
    remove_all(&running, folder::is_run)?;
    Ok(())
}

/// Deletes the files of a folder that have such a name. False if there were none.
fn remove_all(dir: &Path, is_ours: fn(&OsStr) -> bool) -> io::Result<bool> {
    let mut found = false;
    for name in files::names_in(dir)?.iter().filter(|name| is_ours(name)) {
        found |= remove(&dir.join(name))?;
    }
    Ok(found)
}

/// Deletes a file. False if it did not exist.
fn remove(path: &Path) -> io::Result<bool> {
    match files::remove(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}
