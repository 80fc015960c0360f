//! When a delivery last started: the modification time of an empty file.
//!
//! It is set before the delivery starts. If that fails, nothing is started: otherwise every run would start a process if the
//! folder cannot be written.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::queue;
use crate::sys::{TryLock, files};

const FILE: &str = queue::STAMP;

/// The clock of a network file system may be ahead of ours. A stamp further ahead was set before the clock was set back.
const AHEAD_MAX: Duration = Duration::from_secs(300);

/// When the last delivery started.
pub(super) fn last(dir: &Path) -> Option<SystemTime> {
    files::metadata(&dir.join(FILE)).ok().filter(|stamp| stamp.is_ours).map(|stamp| stamp.modified())
}

/// Whether the last start was at least `interval` ago. If not, this is all that a run pays for.
pub(super) fn is_due(dir: &Path, interval: Duration) -> bool {
    match files::metadata(&dir.join(FILE)) {
        Ok(stamp) if stamp.is_ours => is_past(stamp.modified(), SystemTime::now(), interval),
        Ok(_) | Err(_) => true,
    }
}

/// Sets the stamp if a delivery is still due. Of several processes that do this at the same time, only one gets true.
pub(super) fn claim(dir: &Path, interval: Duration) -> io::Result<bool> {
    let path = dir.join(FILE);
    // Of several processes that find no file, one creates it; the others see a new one.
    let is_first = files::create_new(&path).is_ok();
    let stamp = match files::open_or_create(&path) {
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            // Somebody else's: left by root, for example. It says nothing about our deliveries.
            files::remove(&path)?;
            files::open_or_create(&path)?
        }
        opened => opened?,
    };
    // Where the file system has no locks, two processes may start a delivery each. Only one of these will deliver.
    if files::try_lock(&stamp)? == TryLock::Held {
        return Ok(false);
    }
    let now = SystemTime::now();
    let due = is_first || is_past(stamp.metadata()?.modified()?, now, interval);
    if due {
        files::touch(&stamp, now)?;
    }
    Ok(due)
}

fn is_past(last: SystemTime, now: SystemTime, interval: Duration) -> bool {
    match now.duration_since(last) {
        Ok(age) => age >= interval,
        Err(ahead) => ahead.duration() > AHEAD_MAX,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_past_after_the_interval_or_a_clock_that_was_put_back() {
        let now = SystemTime::now();
        let hour = Duration::from_secs(3600);
        assert!(!is_past(now, now, hour));
        assert!(is_past(now - hour, now, hour));
        assert!(!is_past(now + Duration::from_secs(10), now, hour));
        assert!(is_past(now + hour, now, hour));
    }
}
