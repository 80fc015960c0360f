//! The exactly-once promise of a run, in every interleaving that the memory model allows.
//!
//! Loom rather than miri: miri runs on nightly alone, and would see the interleavings that happen to occur. What runs here
//! is the runtime's own file. Threads stand for what ends a run at the same time: `exit` in several threads, a signal's
//! handler, forked processes, which share the byte as threads do.

#[path = "../telemetry-runtime/src/invocation/progress.rs"]
mod progress;

use loom::cell::UnsafeCell;
// `progress` takes its own from here, too.
use loom::sync::{Arc, atomic};
use loom::thread;
use progress::Progress;

/// Loom tries them all, so they are few.
const NAPS: u32 = 2;

/// A run, and the file that its event is written to, which tells how often that was done. Loom fails where somebody looks
/// at it while, or before they can know that, somebody else has written it.
#[derive(Default)]
struct Run {
    byte: atomic::AtomicU8,
    written: UnsafeCell<u32>,
}

impl Run {
    fn progress(&self) -> Progress<'_> {
        Progress::of(&self.byte)
    }

    /// One of the ways of ending. Has the event been written when it is through?
    fn end(&self) -> Option<u32> {
        let progress = self.progress();
        if progress.claim() {
            self.written.with_mut(|written| {
                // SAFETY: loom fails where this is not the only access.
                unsafe { *written += 1 }
            });
            progress.written();
        } else if !progress.wait(NAPS, thread::yield_now) {
            return None;
        }
        Some(self.written.with(|written| {
            // SAFETY: as above.
            unsafe { *written }
        }))
    }
}

#[test]
fn of_several_ways_of_ending_one_writes_and_the_others_wait() {
    loom::model(|| {
        let run = Arc::new(Run::default());
        let others = [0; 2].map(|_| {
            let run = Arc::clone(&run);
            thread::spawn(move || run.end())
        });
        let ends = others.map(|other| other.join().unwrap());
        assert!(ends.iter().flatten().all(|written| *written == 1));
        assert_eq!(run.end(), Some(1));
    });
}

#[test]
fn a_run_that_was_withdrawn_leaves_no_event_and_who_was_too_late_disturbs_nobody() {
    loom::model(|| {
        let run = Arc::new(Run::default());
        let ending = thread::spawn({
            let run = Arc::clone(&run);
            move || run.end()
        });
        let withdrawing = thread::spawn({
            let run = Arc::clone(&run);
            move || run.progress().withdraw()
        });
        let seen = run.end();
        let withdrawn = withdrawing.join().unwrap();
        let seen = [seen, ending.join().unwrap()];
        assert!(seen.iter().flatten().all(|written| *written == u32::from(!withdrawn)));
        assert!(!run.progress().is_running());
    });
}
