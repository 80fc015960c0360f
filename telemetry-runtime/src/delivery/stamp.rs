//! When a delivery was last started: the time of an empty file's last change.
//!
//! It is set before the delivery is started. Where that fails nothing is started, or every run in a folder that cannot be
//! written would start a process.

use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::sys::files;

const FILE: &str = "delivery.stamp";

/// Clocks of a network file system may be ahead of ours. A stamp further ahead was set before the clock was put back.
const AHEAD_MAX: Duration = Duration::from_secs(300);

/// Was the last start at least `interval` ago? All that a run pays for, unless it is.
pub(super) fn is_due(dir: &Path, interval: Duration) -> bool {
    match files::metadata(&dir.join(FILE)) {
        Ok(stamp) => is_past(stamp.modified, SystemTime::now(), interval),
        Err(_) => true,
    }
}

/// Sets the stamp, if it is still due: of those who see that at the same time, one does. False for the others.
pub(super) fn claim(dir: &Path, interval: Duration) -> io::Result<bool> {
    let path = dir.join(FILE);
    // Of those who find none at the same time, one creates it; to the others it is as good as new.
    let is_first = files::create_new(&path).is_ok();
    let stamp = files::open_or_create(&path)?;
    if !files::try_lock(&stamp)? {
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
