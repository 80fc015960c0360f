//! Whose a file is, and whose privileges this process has.

use std::sync::atomic::{AtomicU8, Ordering};

use rustix::fs::{Mode, Stat};
#[cfg(any(target_os = "linux", target_os = "android"))]
use rustix::fs::{OFlags, open};
#[cfg(any(target_os = "linux", target_os = "android"))]
use rustix::io::read;
use rustix::process::geteuid;

/// Whether a file or folder belongs to the effective user, and nobody but its group may change it.
///
/// Anything else was put there by somebody else: by root under `sudo` with the user's `HOME`, or by another user in a
/// shared folder. It is neither read nor written. Async-signal-safe.
pub(crate) fn is_ours(there: &Stat) -> bool {
    there.st_uid == geteuid().as_raw() && !Mode::from_raw_mode(there.st_mode).contains(Mode::WOTH)
}

/// Whether this process has more privileges than the user who started it: it is setuid, setgid, or has file
/// capabilities (`AT_SECURE`). The environment is then somebody else's. The system is asked once: a program may give up
/// its privileges, but not whose environment it has.
pub(crate) fn is_privileged() -> bool {
    static PRIVILEGED: AtomicU8 = AtomicU8::new(UNKNOWN);
    const UNKNOWN: u8 = 2;
    match PRIVILEGED.load(Ordering::Relaxed) {
        UNKNOWN => {
            let privileged = was_started_privileged();
            PRIVILEGED.store(privileged.into(), Ordering::Relaxed);
            privileged
        }
        known => known != 0,
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn was_started_privileged() -> bool {
    // The kernel makes every such process undumpable. That takes one system call; reading the auxiliary vector takes
    // several, or another import.
    // SAFETY: reads a flag and accesses no memory.
    let is_dumpable = unsafe { libc::syscall(libc::SYS_prctl, libc::PR_GET_DUMPABLE, 0, 0, 0, 0) } == 1;
    // A program that its user may not read is undumpable, too.
    !is_dumpable && !is_at_secure_zero()
}

/// Whether the auxiliary vector says that this process is not privileged. A privileged one may not be allowed to read it.
#[cfg(any(target_os = "linux", target_os = "android"))]
#[cold]
fn is_at_secure_zero() -> bool {
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let Ok(file) = open(c"/proc/self/auxv", flags, Mode::empty()) else { return false };
    let mut vector = [0; 1024];
    let length = read(file, &mut vector).unwrap_or(0);
    let vector = vector.get(..length).unwrap_or_default();
    let word = |bytes: &[u8]| bytes.try_into().map_or(0, usize::from_ne_bytes);
    let mut entries = vector.chunks_exact(2 * size_of::<usize>()).map(|entry| entry.split_at(size_of::<usize>()));
    entries.any(|(key, value)| word(key) as u64 == u64::from(libc::AT_SECURE as u32) && word(value) == 0)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn was_started_privileged() -> bool {
    use rustix::process::{getegid, getgid, getuid};

    getuid() != geteuid() || getgid() != getegid()
}
