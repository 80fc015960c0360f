//! Notices `exit`, which is called by `std::process::exit` on any thread, by clap for help and usage errors, and after
//! main returns.

use std::ffi::c_int;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use crate::sys::{clock, hooks};

/// The thread whose exit code the parent is to see; 0 while there is none.
static EXITING: AtomicUsize = AtomicUsize::new(0);

/// Whether this is the thread whose exit code the parent will see: the first that is about to exit. Any other waits in
/// `exit`, so that the event has the code with which the process ends.
pub(crate) fn claim_exit() -> bool {
    // SAFETY: returns the id of this thread, which is never 0, and accesses no memory.
    let this = unsafe { libc::pthread_self() } as usize;
    match EXITING.compare_exchange(0, this, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => true,
        Err(exiting) => exiting == this,
    }
}

fn call_hook(code: Option<c_int>) {
    if let Some(hooks) = hooks::get() {
        (hooks.exit)(code);
    }
}

/// glibc's `on_exit` passes the exit code. The parent sees its lower eight bits.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn watch() {
    use std::ffi::c_void;
    use std::ptr::null_mut;

    unsafe extern "C" {
        fn on_exit(callback: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
    }

    extern "C" fn on_exit_called(code: c_int, _argument: *mut c_void) {
        if !claim_exit() {
            return wait_for_the_end();
        }
        let is_first_call = !CALLED.swap(true, Ordering::Relaxed);
        if is_first_call {
            register();
        }
        call_hook(Some(code & 0xff));
        if is_first_call && WAITING_SINCE_MS.load(Ordering::Relaxed) > 0 {
            // More threads may be on their way. Those that come once there is no callback left are not stopped.
            (0..LATECOMERS_NAPS).for_each(|_| super::nap());
        }
    }

    /// Keeps a thread from ending the process before the one that exits first does.
    fn wait_for_the_end() {
        let since = WAITING_SINCE_MS.load(Ordering::Relaxed);
        let now = clock::unix_ms();
        if since == 0 {
            WAITING_SINCE_MS.store(now, Ordering::Relaxed);
        }
        let until = WAIT_MAX_MS + if since == 0 { now } else { since };
        if now < until {
            register();
        }
        // Afterwards the other thread is stuck, and would not end the process.
        while clock::unix_ms() < until {
            super::nap();
        }
    }

    /// glibc removes a callback before it calls it, so a second thread that calls `exit` meanwhile would find none, and
    /// end the process while the first is still writing. So there are several, and a call registers one for the next.
    fn register() {
        // SAFETY: the callback is part of this program, which stays loaded for the life of the process, and it does not
        // use its argument.
        unsafe { on_exit(on_exit_called, null_mut()) };
    }

    /// Whether the thread that exits has called the hook.
    static CALLED: AtomicBool = AtomicBool::new(false);

    /// When the first of the other threads began to wait.
    static WAITING_SINCE_MS: AtomicU64 = AtomicU64::new(0);

    /// How long they wait.
    const WAIT_MAX_MS: u64 = 1000;

    /// How long the thread that exits waits for others, in naps of a millisecond.
    const LATECOMERS_NAPS: usize = 10;

    for _ in 0..CALLBACKS {
        register();
    }
}

/// So many threads may be between the removal of a callback and the registration of the next.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const CALLBACKS: usize = 4;

/// POSIX's `atexit` does not pass the exit code.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn watch() {
    extern "C" fn atexit_called() {
        call_hook(None);
    }

    // SAFETY: the callback is part of this program, which stays loaded for the life of the process.
    let _: c_int = unsafe { libc::atexit(atexit_called) };
}
