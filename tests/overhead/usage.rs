use std::io;
use std::mem::MaybeUninit;
use std::process::Command;

/// Runs a program to its end, and tells the most memory that it had at any time, in KiB.
// It is waited for with `wait4`, which tells what std's `wait` does not.
#[allow(clippy::zombie_processes)]
pub(crate) fn largest_memory(command: &mut Command) -> i64 {
    let child = command.spawn().expect("the program runs");
    let pid = libc::pid_t::try_from(child.id()).expect("a process id");
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the process is a child that nobody has waited for, and the memory is valid for what is written.
    let ended = unsafe { libc::wait4(pid, std::ptr::null_mut(), 0, usage.as_mut_ptr()) };
    assert_eq!(ended, pid, "{}", io::Error::last_os_error());
    // SAFETY: zeros are a valid value, and `wait4` has filled it.
    unsafe { usage.assume_init() }.ru_maxrss
}
