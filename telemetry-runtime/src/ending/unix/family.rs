//! Forks: a run is one event, however many processes it becomes.

use std::ptr::null_mut;
use std::sync::atomic::AtomicU8;

use rustix::mm::{MapFlags, ProtFlags, mmap_anonymous};
use rustix::process::{Pid, getpid, getppid};

use super::process::is_gone;

/// One byte that this process shares with all the children it will fork: what one of them writes, all see.
///
/// Without it a daemon's parent and its child could both record the run, or, each relying on the other, neither.
pub(crate) fn family_state() -> &'static AtomicU8 {
    static UNSHARED: AtomicU8 = AtomicU8::new(0);
    // SAFETY: an anonymous mapping at an address of the system's choice touches no memory of this process.
    let page = unsafe {
        mmap_anonymous(null_mut(), size_of::<AtomicU8>(), ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED)
    };
    match page {
        // SAFETY: the mapping is readable, writable, zeroed, aligned to a page, never unmapped, and only ever read and
        // written as this atomic.
        Ok(page) => unsafe { AtomicU8::from_ptr(page.cast()) },
        Err(_) => &UNSHARED,
    }
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
