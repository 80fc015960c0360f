//! Forks: a run leaves one event, however many processes it becomes.

use std::ptr::null_mut;
use std::sync::atomic::AtomicU8;

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};
use rustix::process::{Pid, getpid, getppid};

use super::process::is_gone;
use crate::sys::hooks;

/// Calls the hook just before each fork.
///
/// Each by `fork`, that is: libc reports no `_Fork`, and does not see a bare `clone` system call. A child that is made that
/// way, does not become another program, and outlives this process may record the run once more.
pub(crate) fn watch() {
    extern "C" fn forks() {
        if let Some(hooks) = hooks::get() {
            (hooks.fork)();
        }
    }

    // SAFETY: `forks` is a function of this program, which stays loaded as long as the process lives, and it makes one
    // system call and stores to atomics: a program may fork in a signal handler.
    unsafe { libc::pthread_atfork(Some(forks), None, None) };
}

/// A byte, 0, that this process shares with all the children it will fork: what one of them writes, all see.
/// Async-signal-safe.
pub(crate) fn shared_byte() -> Option<&'static AtomicU8> {
    // SAFETY: an anonymous mapping at an address of the system's choice touches no memory of this process.
    let page = unsafe {
        mmap_anonymous(null_mut(), size_of::<AtomicU8>(), ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED)
    };
    // SAFETY: the mapping is readable, writable, zeroed, aligned to a page, never unmapped, and only ever read and
    // written as this atomic.
    page.ok().map(|page| unsafe { AtomicU8::from_ptr(page.cast()) })
}

/// The process that began the run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner(Pid);

impl Owner {
    pub(crate) fn this_process() -> Self {
        Owner(getpid())
    }

    /// Is this that process, or one forked from it that has outlived it? Async-signal-safe.
    pub(crate) fn may_finish_here(self) -> bool {
        getpid() == self.0 || (getppid() != Some(self.0) && is_gone(self.0))
    }
}
