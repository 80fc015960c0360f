//! Makes sure that a run writes its event exactly once.
//!
//! A run leaves one event, however many processes it becomes. Otherwise a daemon's parent and child could both record
//! it, or neither could, each relying on the other. So a process shares this state with its children from its first
//! fork on. Most processes never fork, and never allocate the shared memory.
//!
//! `tests/once.rs` checks every interleaving of these functions under loom. For that, this file takes its atomic types
//! from the parent module and depends on nothing else.

use super::OnceRef;
use super::atomic::{AtomicU8, Ordering};

/// The progress of a run towards its one event: running, writing, written.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// This process's state; `SHARED` means that the state is in `shared`.
    own: AtomicU8,
    /// The state of all processes of the run, once this one has forked.
    shared: OnceRef<'static, AtomicU8>,
}

const RUNNING: u8 = 0;
const WRITING: u8 = 1;
const WRITTEN: u8 = 2;
/// Only in `own`: the state is in `shared`.
const SHARED: u8 = 3;

impl Progress {
    /// Whether no ending has claimed the event yet.
    pub(super) fn is_running(&self) -> bool {
        self.load() == RUNNING
    }

    /// Whether the event is written, or the run was withdrawn.
    pub(super) fn is_over(&self) -> bool {
        self.load() == WRITTEN
    }

    /// Claims the event. Exactly one ending gets true: it must write the event and then call [`Self::written`].
    pub(super) fn claim(&self) -> bool {
        self.leave_running_for(WRITING)
    }

    /// Marks the event as written, or given up. Only for the ending that has claimed it.
    pub(super) fn written(&self) {
        // A claim in `own` stays there: only a state of `RUNNING` moves to `shared`.
        self.byte().store(WRITTEN, Ordering::Release);
    }

    /// Ends the run without an event. False if an ending has already claimed it.
    pub(super) fn withdraw(&self) -> bool {
        self.leave_running_for(WRITTEN)
    }

    /// Waits for another ending that has claimed the event, so that the process does not exit before the event is
    /// written. False after `naps` naps: the other ending has then probably died.
    pub(super) fn wait(&self, naps: u32, nap: impl Fn()) -> bool {
        for _ in 0..naps {
            if self.is_over() {
                return true;
            }
            nap();
        }
        false
    }

    /// Whether the state must be shared before forking.
    pub(super) fn is_unshared(&self) -> bool {
        self.own.load(Ordering::Acquire) == RUNNING
    }

    /// Called just before a fork: moves the state to `byte`, which must be 0 and shared with the children. If an ending
    /// has already claimed the event, the state stays here: this process writes the event, and a child must not.
    pub(super) fn share(&self, byte: &'static AtomicU8) {
        // If several threads fork at once, one of them sets the byte, and none forks before it is in effect.
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

    /// Moves from `RUNNING` to `next`. True only for the caller that did it.
    fn leave_running_for(&self, next: u8) -> bool {
        let leave = |byte: &AtomicU8| byte.compare_exchange(RUNNING, next, Ordering::AcqRel, Ordering::Acquire);
        match (leave(&self.own), self.shared.get()) {
            (Err(SHARED), Some(shared)) => leave(shared).is_ok(),
            (left, _) => left.is_ok(),
        }
    }
}

/// Copies the state as a fork does.
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
