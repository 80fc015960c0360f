//! Exactly once: how far the event of a run has come.
//!
//! `tests/progress.rs` tries every interleaving of this file's steps under loom, which is why it takes its atomics from
//! the module around it, and knows nothing else.

use super::atomic::{AtomicU8, Ordering};

/// How far the event of a run has come, in a byte that all processes of the run share.
#[derive(Debug, Clone, Copy)]
pub(super) struct Progress<'a>(&'a AtomicU8);

const RUNNING: u8 = 0;
const WRITING: u8 = 1;
const WRITTEN: u8 = 2;

impl<'a> Progress<'a> {
    /// The byte is 0 when the run begins.
    pub(super) fn of(byte: &'a AtomicU8) -> Self {
        Progress(byte)
    }

    /// Has nobody begun to write the event yet?
    pub(super) fn is_running(self) -> bool {
        self.0.load(Ordering::Acquire) == RUNNING
    }

    /// Of all who end the run, one gets true: it writes the event, and then says so.
    pub(super) fn claim(self) -> bool {
        self.0.compare_exchange(RUNNING, WRITING, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// The one who has claimed it has written the event.
    pub(super) fn written(self) {
        self.0.store(WRITTEN, Ordering::Release);
    }

    /// Leaves the run without an event. False if somebody has claimed it: then it is too late.
    pub(super) fn withdraw(self) -> bool {
        self.0.compare_exchange(RUNNING, WRITTEN, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Another way of ending was first. The process must not be gone before it is done, nor wait for one that died over it:
    /// after so many naps that is taken for granted. False then.
    pub(super) fn wait(self, naps: u32, nap: impl Fn()) -> bool {
        for _ in 0..naps {
            if self.0.load(Ordering::Acquire) == WRITTEN {
                return true;
            }
            nap();
        }
        false
    }
}
