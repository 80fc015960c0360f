//! Exactly one event per run, in every interleaving that the memory model allows.
//!
//! Loom rather than miri: miri needs nightly, and sees only the interleavings that happen to occur. This runs the runtime's
//! own file. Threads stand for everything that can end a run at the same time: `exit` in several threads, a signal handler,
//! and forked processes, which have a copy of everything but the shared byte.

#[path = "../telemetry-runtime/src/run/once.rs"]
mod once;

use std::marker::PhantomData;
use std::ptr;

use loom::cell::UnsafeCell;
// `once` imports these from here.
use loom::sync::{Arc, atomic};
use loom::thread;
use once::Progress;

/// Like once_cell's, but visible to loom.
#[derive(Debug)]
struct OnceRef<'a, T>(atomic::AtomicPtr<T>, PhantomData<&'a T>);

impl<'a, T> OnceRef<'a, T> {
    fn new() -> Self {
        OnceRef(atomic::AtomicPtr::new(ptr::null_mut()), PhantomData)
    }

    fn get(&self) -> Option<&'a T> {
        // SAFETY: null, or made from a reference that lives long enough.
        unsafe { self.0.load(atomic::Ordering::Acquire).as_ref() }
    }

    fn set(&self, value: &'a T) -> Result<(), ()> {
        let value = ptr::from_ref(value).cast_mut();
        let order = (atomic::Ordering::Release, atomic::Ordering::Relaxed);
        self.0.compare_exchange(ptr::null_mut(), value, order.0, order.1).map(drop).map_err(drop)
    }
}

impl<T> Default for OnceRef<'_, T> {
    fn default() -> Self {
        OnceRef::new()
    }
}

/// Few, because loom tries them all.
const NAPS: u32 = 2;

/// The file that the event is written to. It counts the writes. Loom fails if somebody reads it while it is written, or
/// without synchronizing with the write.
#[derive(Default)]
struct File(UnsafeCell<u32>);

impl File {
    fn write(&self) {
        self.0.with_mut(|written| {
            // SAFETY: loom fails if this is not the only access.
            unsafe { *written += 1 }
        });
    }

    fn written(&self) -> u32 {
        self.0.with(|written| {
            // SAFETY: as above.
            unsafe { *written }
        })
    }
}

/// A run, in one process.
#[derive(Default)]
struct Run {
    progress: Progress,
    file: Arc<File>,
}

impl Run {
    /// One of the ways to end. Returns how often the event was written, or `None` if another ending is still at it.
    fn end(&self) -> Option<u32> {
        if self.progress.claim() {
            self.file.write();
            self.progress.written();
        } else if !self.progress.wait(NAPS, thread::yield_now) {
            return None;
        }
        Some(self.file.written())
    }

    /// The same run in a child process.
    fn fork(&self) -> Run {
        if self.progress.is_unshared() {
            // The shared byte lives as long as the last process.
            self.progress.share(Box::leak(Box::default()));
        }
        Run { progress: self.progress.clone(), file: Arc::clone(&self.file) }
    }
}

#[test]
fn one_of_several_endings_writes_and_the_others_wait() {
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
fn a_withdrawn_run_leaves_no_event_unless_it_was_already_claimed() {
    loom::model(|| {
        let run = Arc::new(Run::default());
        let ending = thread::spawn({
            let run = Arc::clone(&run);
            move || run.end()
        });
        let withdrawing = thread::spawn({
            let run = Arc::clone(&run);
            move || run.progress.withdraw()
        });
        let seen = run.end();
        let withdrawn = withdrawing.join().unwrap();
        let seen = [seen, ending.join().unwrap()];
        assert!(seen.iter().flatten().all(|written| *written == u32::from(!withdrawn)));
        assert!(!run.progress.is_running());
    });
}

#[test]
fn one_of_the_processes_of_a_run_writes() {
    loom::model(|| {
        let run = Run::default();
        let child = run.fork();
        let child = thread::spawn(move || child.end());
        let seen = [run.end(), child.join().unwrap()];
        assert!(seen.iter().flatten().all(|written| *written == 1));
        assert_eq!(run.file.written(), 1);
    });
}

/// The child may find the event half written by a thread that it does not have.
#[test]
fn a_run_that_ends_while_it_forks_is_written_once() {
    loom::model(|| {
        let run = Arc::new(Run::default());
        let ending = thread::spawn({
            let run = Arc::clone(&run);
            move || run.end()
        });
        let child = run.fork();
        child.end();
        ending.join().unwrap();
        assert_eq!(run.file.written(), 1);
    });
}

#[test]
fn two_threads_that_fork_at_once_leave_exactly_one_event() {
    loom::model(|| {
        let run = Arc::new(Run::default());
        let forking = thread::spawn({
            let run = Arc::clone(&run);
            move || run.fork()
        });
        let (first, second) = (run.fork(), forking.join().unwrap());
        assert_eq!([first.end(), second.end(), run.end()], [Some(1); 3]);
    });
}
