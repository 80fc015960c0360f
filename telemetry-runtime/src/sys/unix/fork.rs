//! Forks: lets a run leave exactly one event, however many processes it becomes.

use std::ptr::null_mut;
use std::sync::atomic::AtomicU8;

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};
use rustix::process::{Pid, getpid, getppid};

use super::process::is_gone;
use crate::sys::hooks;

/// Calls the hook just before each fork.
///
/// Only `fork` counts: libc does not report `_Fork`, and does not see a bare `clone` system call. A child created that
/// way may record the run a second time if it outlives this process without calling `exec`.
pub(crate) fn watch() {
    extern "C" fn before_fork() {
        if let Some(hooks) = hooks::get() {
            (hooks.fork)();
        }
    }

    // SAFETY: `before_fork` stays loaded for the life of the process, see `pin`. It only makes one system call and
    // stores to atomics, so it may also run when the program forks in a signal handler.
    unsafe { libc::pthread_atfork(Some(before_fork), None, None) };
}

/// A new byte, initially 0, that this process shares with all children it forks from now on: a write by one is visible
/// to all. Async-signal-safe.
pub(crate) fn shared_byte() -> Option<&'static AtomicU8> {
    // SAFETY: an anonymous mapping at an address that the kernel chooses does not affect this process's memory.
    let page = unsafe {
        mmap_anonymous(null_mut(), size_of::<AtomicU8>(), ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED)
    };
    // SAFETY: the mapping is readable, writable, zeroed, page-aligned, never unmapped, and accessed only as this
    // atomic.
    page.ok().map(|page| unsafe { AtomicU8::from_ptr(page.cast()) })
}

/// The process that began the run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner(Pid);

impl Owner {
    pub(crate) fn this_process() -> Self {
        Owner(getpid())
    }

    /// Whether the current process is the owner, or was forked from it and has outlived it. Async-signal-safe.
    pub(crate) fn may_finish_here(self) -> bool {
        getpid() == self.0 || (getppid() != Some(self.0) && is_gone(self.0))
    }
}
