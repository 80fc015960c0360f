//! Whether a process from an earlier run is still running. Reads `/proc` on Linux, and sends no signal.

use rustix::io::Errno;
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
        // A negative number would stand for a group of processes.
        let pid = i32::try_from(self.pid).ok().filter(|pid| pid.is_positive()).and_then(Pid::from_raw);
        let Some(pid) = pid else { return true };
        !is_gone(pid)
            && match (stat(pid), self.start) {
                (Some(stat), Some(start)) => stat.start == start,
                _ => true,
            }
    }
}

/// Whether the process has ended, including zombies. Async-signal-safe.
pub(super) fn is_gone(pid: Pid) -> bool {
    test_kill_process(pid) == Err(Errno::SRCH)
        || match stat(pid) {
            Some(stat) => stat.dead,
            None => has_ended(pid),
        }
}

struct Stat {
    /// In the system's unit, since boot or since 1970.
    start: u64,
    /// A zombie: it has ended, but its parent has not waited for it.
    dead: bool,
}

/// What `/proc` says about a process. `None` where there is no `/proc`, as in some containers. Async-signal-safe.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn stat(pid: Pid) -> Option<Stat> {
    use rustix::fs::{Mode, OFlags, open};
    use rustix::io::read;
    use rustix::path::DecInt;

    use super::Name;

    let path = Name::joined("/proc/", DecInt::new(pid.as_raw_pid()).as_str(), "/stat");
    let file = open(path.as_c_str().ok()?, OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty()).ok()?;
    // Room for a program name of at most 64 bytes plus 50 numbers.
    let mut text = [0; 1024];
    let length = read(file, &mut text).ok()?;
    // The second field is the program's name in parentheses, which may itself contain spaces and parentheses.
    let after_name = text.get(..length)?.rsplit(|&byte| byte == b')').next()?;
    let mut fields = std::str::from_utf8(after_name).ok()?.split_ascii_whitespace();
    let state = fields.next()?;
    Some(Stat { start: fields.nth(18)?.parse().ok()?, dead: matches!(state, "Z" | "X") })
}

/// Whether a process of which `/proc` says nothing has ended: the kernel says so to whoever waits for it by a descriptor,
/// since Linux 5.3. Async-signal-safe.
#[cfg(target_os = "linux")]
fn has_ended(pid: Pid) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::process::{PidfdFlags, pidfd_open};

    const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
    pidfd_open(pid, PidfdFlags::empty())
        .is_ok_and(|process| poll(&mut [PollFd::new(&process, PollFlags::IN)], Some(&AT_ONCE)) == Ok(1))
}

/// The start in microseconds since 1970. A system call, and so async-signal-safe.
#[cfg(target_vendor = "apple")]
fn stat(pid: Pid) -> Option<Stat> {
    use std::mem::MaybeUninit;

    /// Zombies, too.
    const WITH_ZOMBIES: u64 = 1;
    let mut info = MaybeUninit::<libc::proc_bsdinfo>::zeroed();
    let size = i32::try_from(size_of::<libc::proc_bsdinfo>()).ok()?;
    // SAFETY: there is room for as many bytes as stated, and zeros are a valid value.
    let info = unsafe {
        let length =
            libc::proc_pidinfo(pid.as_raw_pid(), libc::PROC_PIDTBSDINFO, WITH_ZOMBIES, info.as_mut_ptr().cast(), size);
        (length == size).then(|| info.assume_init())?
    };
    Some(Stat {
        start: info.pbi_start_tvsec.wrapping_mul(1_000_000).wrapping_add(info.pbi_start_tvusec),
        dead: info.pbi_status == libc::SZOMB,
    })
}

/// The start in microseconds since 1970. A system call, and so async-signal-safe.
#[cfg(target_os = "freebsd")]
fn stat(pid: Pid) -> Option<Stat> {
    use std::ffi::c_int;
    use std::mem::MaybeUninit;
    use std::ptr::null_mut;

    /// `SZOMB` of `sys/proc.h`.
    const ZOMBIE: i8 = 5;
    let name: [c_int; 4] = [libc::CTL_KERN, libc::KERN_PROC, libc::KERN_PROC_PID, pid.as_raw_pid()];
    let mut info = MaybeUninit::<libc::kinfo_proc>::zeroed();
    let mut size = size_of::<libc::kinfo_proc>();
    // SAFETY: there is room for as many bytes as stated, and zeros are a valid value.
    let info = unsafe {
        let done = libc::sysctl(name.as_ptr(), 4, info.as_mut_ptr().cast(), &raw mut size, null_mut(), 0);
        (done == 0 && size == size_of::<libc::kinfo_proc>()).then(|| info.assume_init())?
    };
    let (seconds, micros) = (info.ki_start.tv_sec as u64, info.ki_start.tv_usec as u64);
    Some(Stat { start: seconds.wrapping_mul(1_000_000).wrapping_add(micros), dead: info.ki_stat == ZOMBIE })
}

/// Nothing is known on other systems, where the id alone has to do.
#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple", target_os = "freebsd")))]
fn stat(_pid: Pid) -> Option<Stat> {
    None
}

#[cfg(not(target_os = "linux"))]
fn has_ended(_pid: Pid) -> bool {
    false
}
