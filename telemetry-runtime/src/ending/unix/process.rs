//! Telling whether a process still runs, long after it began.

use rustix::io::Errno;
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
    if test_kill_process(pid) == Err(Errno::SRCH) {
        return false;
    }
    match (stat(pid), process["start"].as_u64()) {
        (Some(stat), Some(start)) => stat.start == start && !stat.dead,
        _ => true,
    }
}

struct Stat {
    /// In clock ticks since the system's start.
    start: u64,
    /// It has ended, but its parent has not asked how.
    dead: bool,
}

/// What Linux tells of a process; on other systems nothing, and its id alone has to do.
fn stat(pid: Pid) -> Option<Stat> {
    let text = std::fs::read(format!("/proc/{}/stat", pid.as_raw_pid())).ok()?;
    // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
    let after_name = text.rsplit(|&byte| byte == b')').next()?;
    let mut fields = std::str::from_utf8(after_name).ok()?.split_ascii_whitespace();
    let state = fields.next()?;
    Some(Stat { start: fields.nth(18)?.parse().ok()?, dead: matches!(state, "Z" | "X") })
}
