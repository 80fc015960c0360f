//! Clocks of the kernel's.

use std::time::Duration;

/// What the clock shows; zero if there is none of this name, or if it stands before its own zero. Async-signal-safe.
pub(crate) fn clock(name: libc::clockid_t) -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the kernel writes two 64-bit integers, which is what `timespec` holds where this is compiled.
    unsafe { libc::syscall(libc::SYS_clock_gettime, name, &raw mut time) };
    Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
}
