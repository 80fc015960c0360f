//! Deleting what is queued.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::{LIVE, LOST, OLD, REJECTED, SPILL, folder};
use crate::files;

/// A delivery that goes on renames files while they are deleted. It stops when it misses one.
const ROUNDS: u32 = 10;

/// Deletes everything that is queued, set aside or about to be delivered.
///
/// Nobody is waited for: a run that is just appending appends to a file that is gone, and a delivery stops before its next
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
    Ok(())
}

/// Deletes a file. False if there was none.
fn remove(path: &Path) -> io::Result<bool> {
    match files::remove(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        removed => removed.map(|()| true),
    }
}
