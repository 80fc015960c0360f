//! Exactly once: how far the event of a run has come.
//!
//! A run is one event, however many processes it becomes: a daemon's parent and its child could else both record it or,
//! each relying on the other, neither. So a process that forks shares this state with its children from then on. The
//! others, nearly all, do without the memory that takes.
//!
//! `tests/once.rs` tries every interleaving of this file's steps under loom, which is why it takes whatever is atomic
//! from the module around it, and knows nothing else.

use super::OnceRef;
use super::atomic::{AtomicU8, Ordering};

/// How far the event of a run has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// Says it, unless it says that `shared` does.
    own: AtomicU8,
    /// A byte that all processes of the run share.
    shared: OnceRef<'static, AtomicU8>,
}

const RUNNING: u8 = 0;
const WRITING: u8 = 1;
const WRITTEN: u8 = 2;
/// Of `own` only: `shared` says it.
const SHARED: u8 = 3;

impl Progress {
    /// Has nobody begun to write the event yet?
    pub(super) fn is_running(&self) -> bool {
        self.load() == RUNNING
    }

    /// Is all done that will be?
    pub(super) fn is_over(&self) -> bool {
        self.load() == WRITTEN
    }

    /// Of all who end the run, one gets true: it writes the event, and then says so.
    pub(super) fn claim(&self) -> bool {
        self.leave_running_for(WRITING)
    }

    /// The one who has claimed it has written the event.
    pub(super) fn written(&self) {
        // Who has claimed the own byte keeps it: only a run that goes on is shared.
        self.byte().store(WRITTEN, Ordering::Release);
    }

    /// Leaves the run without an event. False if somebody has claimed it: then it is too late.
    pub(super) fn withdraw(&self) -> bool {
        self.leave_running_for(WRITTEN)
    }

    /// Another way of ending was first. The process must not be gone before it is done, nor wait for one that died over it:
    /// after so many naps that is taken for granted. False then.
    pub(super) fn wait(&self, naps: u32, nap: impl Fn()) -> bool {
        for _ in 0..naps {
            if self.is_over() {
                return true;
            }
            nap();
        }
        false
    }

    /// Would a child that is forked now know nothing of what becomes of this run?
    pub(super) fn is_unshared(&self) -> bool {
        self.own.load(Ordering::Acquire) == RUNNING
    }

    /// Just before a fork: from now on `byte`, which is 0, tells this process and its children alike. What is claimed
    /// already is not shared: this process goes on with it, and a child has nothing left to do.
    pub(super) fn share(&self, byte: &'static AtomicU8) {
        // Of threads that fork at the same time one brings the byte, but none forks before it is in force.
        let _ = self.shared.set(byte);
        let _ = self.own.compare_exchange(RUNNING, SHARED, Ordering::AcqRel, Ordering::Acquire);
    }

    fn load(&self) -> u8 {
        self.byte().load(Ordering::Acquire)
    }

    fn byte(&self) -> &AtomicU8 {
        match self.own.load(Ordering::Acquire) {
            SHARED => self.shared.get().unwrap_or(&self.own),
            _ => &self.own,
        }
    }

    /// True for the one who does it.
    fn leave_running_for(&self, next: u8) -> bool {
        let leave = |byte: &AtomicU8| byte.compare_exchange(RUNNING, next, Ordering::AcqRel, Ordering::Acquire);
        match (leave(&self.own), self.shared.get()) {
            (Err(SHARED), Some(shared)) => leave(shared).is_ok(),
            (left, _) => left.is_ok(),
        }
    }
}

/// What a fork does.
#[cfg(test)]
impl Clone for Progress {
    fn clone(&self) -> Self {
        let forked = Progress { own: AtomicU8::new(self.own.load(Ordering::Acquire)), shared: OnceRef::new() };
        if let Some(shared) = self.shared.get() {
            let _ = forked.shared.set(shared);
        }
        forked
    }
}
