use std::process::Command;
use std::time::Duration;

/// The resources used by a program and the children it waited for.
#[derive(Debug)]
pub(crate) struct Usage {
    pub(crate) success: bool,
    /// The peak memory of one of them, in KiB.
    pub(crate) largest_memory: i64,
    /// CPU time.
    pub(crate) processor: Duration,
}

/// Runs a program to its end.
#[cfg(unix)]
// Waits with `wait4`, which reports more than std's `wait`.
#[allow(clippy::zombie_processes)]
pub(crate) fn of(command: &mut Command) -> Usage {
    use std::io;
    use std::mem::MaybeUninit;
    use std::os::unix::process::CommandExt;

    // The peak of a new process is at least that of the memory which it shares until it loads its program. So std must fork,
    // as it does if it is to call something in the child: a fork has its own memory, and little of it.
    // SAFETY: the function does nothing.
    unsafe { command.pre_exec(|| Ok(())) };
    let child = command.spawn().expect("the program runs");
    let pid = libc::pid_t::try_from(child.id()).expect("a process id");
    let (mut usage, mut status) = (MaybeUninit::<libc::rusage>::zeroed(), 0);
    // SAFETY: the process is a child that has not been waited for, and the pointers are valid for writes.
    let ended = unsafe { libc::wait4(pid, &raw mut status, 0, usage.as_mut_ptr()) };
    assert_eq!(ended, pid, "{}", io::Error::last_os_error());
    // SAFETY: zeros are a valid value, and `wait4` has filled it.
    let usage = unsafe { usage.assume_init() };
    let time = |time: libc::timeval| Duration::new(time.tv_sec as u64, time.tv_usec as u32 * 1000);
    Usage {
        success: status == 0,
        largest_memory: usage.ru_maxrss,
        processor: time(usage.ru_utime) + time(usage.ru_stime),
    }
}

/// What is measured by this is measured on Unix.
#[cfg(not(unix))]
pub(crate) fn of(command: &mut Command) -> Usage {
    panic!("the resources used by {command:?} are not known on this system");
}
