//! Whether a process from an earlier run is still running. Reads `/proc` on Linux, and sends no signal.

use std::ffi::CStr;
use std::io::Write;

use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, read};
use rustix::process::{Pid, getpid, test_kill_process};

use crate::sys::Process;

impl Process {
    /// The current process; never `None` on Unix.
    pub(crate) fn this() -> Option<Self> {
        let pid = getpid();
        Some(Process { pid: pid.as_raw_pid().into(), start: stat(pid).map(|stat| stat.start) })
    }

    /// Whether the process is still running. An invalid id counts as running, so that its run is not reported as
    /// abandoned.
    pub(crate) fn is_running(self) -> bool {
        let Some(pid) = i32::try_from(self.pid).ok().and_then(Pid::from_raw) else { return true };
        !is_gone(pid)
            && match (stat(pid), self.start) {
                (Some(stat), Some(start)) => stat.start == start,
                _ => true,
            }
    }
}

/// Whether the process has ended, including zombies. Async-signal-safe.
pub(super) fn is_gone(pid: Pid) -> bool {
    test_kill_process(pid) == Err(Errno::SRCH) || stat(pid).is_some_and(|stat| stat.dead)
}

struct Stat {
    /// In clock ticks since boot.
    start: u64,
    /// A zombie: it has ended, but its parent has not waited for it.
    dead: bool,
}

/// What `/proc` says about a process. `None` on systems other than Linux, where the id alone has to do.
/// Async-signal-safe.
fn stat(pid: Pid) -> Option<Stat> {
    // Room for any id, and for a program name of at most 64 bytes plus 50 numbers.
    let (mut path, mut text) = ([0; 32], [0; 1024]);
    write!(path.as_mut_slice(), "/proc/{}/stat", pid.as_raw_pid()).ok()?;
    let file = open(CStr::from_bytes_until_nul(&path).ok()?, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    let length = read(file, &mut text).ok()?;
    // The second field is the program's name in parentheses, which may itself contain spaces and parentheses.
    let after_name = text.get(..length)?.rsplit(|&byte| byte == b')').next()?;
    let mut fields = std::str::from_utf8(after_name).ok()?.split_ascii_whitespace();
    let state = fields.next()?;
    Some(Stat { start: fields.nth(18)?.parse().ok()?, dead: matches!(state, "Z" | "X") })
}
