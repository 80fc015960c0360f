//! Deleting everything that was recorded.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::{LIVE, LOST, OLD, REJECTED, SPILL, folder};
use crate::sys::files;

/// A delivery that is under way renames files while they are deleted. It stops as soon as it misses one.
const ROUNDS: u32 = 10;

/// Deletes everything that is queued, set aside or about to be delivered, and the files of runs that have not ended: those
/// leave no event if they are killed.
///
/// Nobody is waited for. A run that is just appending appends to a file that is gone, and a delivery stops before its next
/// batch, when it finds its file gone.
pub(crate) fn purge(dir: &Path) -> io::Result<()> {
    for _ in 0..ROUNDS {
        let mut found = false;
        for name in files::names_in(dir)?.iter().filter(|name| folder::is_sealed(name)) {
            found |= remove(&dir.join(name))?;
        }
        for name in [OLD, LIVE, SPILL, LOST, REJECTED] {
            found |= remove(&dir.join(name))?;
        }
        if !found {
            break;
        }
    }
    let running = folder::running_dir(dir);
    for name in files::names_in(&running)?.iter().filter(|name| folder::is_run(name)) {
        remove(&running.join(name))?;
    }
    Ok(())
}

/// Deletes a file. False if there was none.
fn remove(path: &Path) -> io::Result<bool> {
    match files::remove(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}
