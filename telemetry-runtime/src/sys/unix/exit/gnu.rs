//! glibc's `on_exit`, which passes the exit code. The parent sees its lower eight bits.
//!
//! C leaves undefined what happens if several threads call `exit` at once. Until version 2.41, glibc lets them all
//! through, and the first to reach `_exit` decides the exit code. Here they wait for the thread that came first.

use std::ffi::{c_int, c_void};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use super::{call_hook, claim_exit};
use crate::sys::clock;
use crate::sys::unix::nap;

unsafe extern "C" {
    fn on_exit(callback: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
}

/// So many threads may be between the removal of a callback and the registration of the next.
const CALLBACKS: usize = 8;

/// Whether the thread that exits has called the hook.
static CALLED: AtomicBool = AtomicBool::new(false);

/// When the first of the other threads began to wait.
static WAITING_SINCE_MS: AtomicU64 = AtomicU64::new(0);

/// Whether they have waited long enough.
static WAITED: AtomicBool = AtomicBool::new(false);

/// How long they wait.
const WAIT_MAX_MS: u64 = 1000;

/// How many other threads wait, or have waited.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// How long no other thread must have come, in naps of a millisecond.
const LATECOMERS_NAPS: usize = 20;

/// How long the thread that exits waits for others altogether.
const LATECOMERS_NAPS_MAX: usize = 200;

pub(in crate::sys::unix) fn watch() {
    for _ in 0..CALLBACKS {
        register();
    }
}

/// glibc removes a callback before it calls it, so a second thread that calls `exit` meanwhile would find none, and
/// end the process while the first is still writing. So there are several, and a call registers one for the next.
fn register() {
    // SAFETY: the callback stays loaded for the life of the process, see `pin`, and it does not use its argument.
    unsafe { on_exit(on_exit_called, null_mut()) };
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
        wait_for_latecomers();
    }
}

/// More threads may be on their way. Those that come once there is no callback left are not stopped, so the thread that
/// exits waits until no other has come for a while.
fn wait_for_latecomers() {
    let mut quiet = 0;
    let mut seen = WAITING.load(Ordering::Relaxed);
    for _ in 0..LATECOMERS_NAPS_MAX {
        nap();
        let now = WAITING.load(Ordering::Relaxed);
        quiet = if now == seen { quiet + 1 } else { 0 };
        seen = now;
        if quiet == LATECOMERS_NAPS {
            break;
        }
    }
}

/// Keeps a thread from ending the process before the one that exits first does.
fn wait_for_the_end() {
    // Before anything else: until this is done, there is a callback less.
    if !WAITED.load(Ordering::Relaxed) {
        register();
    }
    WAITING.fetch_add(1, Ordering::Relaxed);
    let since = WAITING_SINCE_MS.load(Ordering::Relaxed);
    let now = clock::unix_ms();
    if since == 0 {
        WAITING_SINCE_MS.store(now, Ordering::Relaxed);
    }
    let until = WAIT_MAX_MS + if since == 0 { now } else { since };
    while clock::unix_ms() < until {
        nap();
    }
    // The other thread is stuck, and would not end the process.
    WAITED.store(true, Ordering::Relaxed);
}
