//! Telling whether a process still runs, long after it began.

use std::ffi::CStr;
use std::io::Write;

use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, read};
use rustix::process::{Pid, getpid, test_kill_process};

/// A process in a form that can be written down. Ids are used again, so the time of its start is part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) pid: i64,
    /// In clock ticks since the system's start; `None` where the system does not tell.
    pub(crate) start: Option<u64>,
}

impl Process {
    /// This process; `None` where a process that has ended could not be told from one that runs.
    pub(crate) fn this() -> Option<Self> {
        let pid = getpid();
        Some(Process { pid: pid.as_raw_pid().into(), start: stat(pid).map(|stat| stat.start) })
    }

    /// Does it still run? An id that cannot be one counts as running, so that nothing is said about it.
    pub(crate) fn is_running(self) -> bool {
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else { return true };
        !is_gone(pid)
            && match (stat(pid), self.start) {
                (Some(stat), Some(start)) => stat.start == start,
                _ => true,
            }
    }
}

/// Has the process ended? Zombies have. Async-signal-safe.
pub(super) fn is_gone(pid: Pid) -> bool {
    test_kill_process(pid) == Err(Errno::SRCH) || stat(pid).is_some_and(|stat| stat.dead)
}

struct Stat {
    /// In clock ticks since the system's start.
    start: u64,
    /// A zombie: it has ended, but its parent has not waited for it.
    dead: bool,
}

/// What Linux tells of a process; on other systems nothing, and its id alone has to do. Async-signal-safe.
fn stat(pid: Pid) -> Option<Stat> {
    // Room for any id, and for a program's name, which has at most 64 bytes, and 50 numbers.
    let (mut path, mut text) = ([0; 32], [0; 1024]);
    write!(path.as_mut_slice(), "/proc/{}/stat", pid.as_raw_pid()).ok()?;
    let file = open(CStr::from_bytes_until_nul(&path).ok()?, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let length = read(file, &mut text).ok()?;
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    let after_name = text.get(..length)?.rsplit(|&byte| byte == b')').next()?;
    let mut fields = std::str::from_utf8(after_name).ok()?.split_ascii_whitespace();
    let state = fields.next()?;
    Some(Stat { start: fields.nth(18)?.parse().ok()?, dead: matches!(state, "Z" | "X") })
}
