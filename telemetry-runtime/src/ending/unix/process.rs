//! Telling whether a process still runs, long after it began.

use std::ffi::CStr;
use std::io::Write;

use rustix::fs::{Mode, OFlags, open};
use rustix::io::{Errno, read};
use rustix::process::{Pid, getpid, test_kill_process};
use serde_json::{Value, json};

/// This process, in a form that can be written down: its id, and the time of its start, since ids are used again.
pub(crate) fn this_process() -> Value {
    let pid = getpid();
    json!({ "pid": pid.as_raw_pid(), "start": stat(pid).map(|stat| stat.start) })
}

/// Does the process that was written down still run? What cannot be read counts as running: it is not told of.
pub(crate) fn is_running(process: &Value) -> bool {
    let Some(pid) = process["pid"].as_i64().and_then(|pid| Pid::from_raw(i32::try_from(pid).ok()?)) else {
        return true;
    };
    !is_gone(pid)
        && match (stat(pid), process["start"].as_u64()) {
            (Some(stat), Some(start)) => stat.start == start,
            _ => true,
        }
}

/// Has the process ended, be it that its parent has not yet asked how? Async-signal-safe.
pub(super) fn is_gone(pid: Pid) -> bool {
    test_kill_process(pid) == Err(Errno::SRCH) || stat(pid).is_some_and(|stat| stat.dead)
}

struct Stat {
    /// In clock ticks since the system's start.
    start: u64,
    /// It has ended, but its parent has not asked how.
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
