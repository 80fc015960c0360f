//! Signals whose default disposition ends the process.
//!
//! Each gets a handler, unless the program already has one or the signal is ignored (`nohup`). The handler writes the
//! event and then applies the signal's default action, so the parent sees that the process died from that signal.
//!
//! It uses raw `sigaction` rather than `signal-hook` for one reason: a program that later handles the signal through
//! `signal-hook-registry` (as `tokio::signal` does) would share that crate's single handler. Both actions would run,
//! and ours would end a process that wants to survive the signal. Our own handler can check whether it is still the
//! installed one. If another handler has replaced it and merely chains to it, it does nothing.

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{Timespec, poll};
use rustix::process::getpid;

use crate::sys::hooks::{self, signals};

/// The signals that ask a process to end.
const ENDING: [c_int; 4] = [signals::INTERRUPT, signals::TERMINATE, signals::HANGUP, signals::QUIT];

/// Installs the handlers. `SIGABRT` is one of them, since a panic that cannot unwind ends in `abort`.
///
/// They run on the interrupted thread's stack. The alternate stack (`SA_ONSTACK`) that std gives each thread, to report
/// stack overflows, has 8 KiB, and the kernel uses much of that to save the registers: writing the event could overflow
/// it.
pub(super) fn watch() {
    let mut action = default_action();
    action.sa_sigaction = handler_address();
    action.sa_flags = libc::SA_RESTART;
    action.sa_mask = every_signal();
    // A container's init process ignores signals that it has no handler for. With our handler, they would end it.
    let ending = if getpid().is_init() { [].as_slice() } else { &ENDING };
    for &signal in ending.iter().chain(&[signals::ABORT]) {
        if disposition(signal) == Some(libc::SIG_DFL) {
            // SAFETY: the action is fully initialized, and `on_signal` is async-signal-safe, see signal-safety(7).
            unsafe { libc::sigaction(signal, &raw const action, null_mut()) };
        }
    }
}

fn handler_address() -> libc::sighandler_t {
    let handler: extern "C" fn(c_int) = on_signal;
    handler as libc::sighandler_t
}

/// Records the run, then ends the process by `signal`.
extern "C" fn on_signal(signal: c_int) {
    if disposition(signal) != Some(handler_address()) {
        return;
    }
    // `panicking` only reads two counters. An `abort` outside a panic is not recorded.
    if signal != signals::ABORT || std::thread::panicking() {
        if let Some(hooks) = hooks::get() {
            (hooks.signal)(signal, 128 + signal);
        }
    }
    die_by(signal);
}

/// Ends this process by the signal's default action.
pub(super) fn die_by(signal: c_int) {
    let action = default_action();
    // SAFETY: all three are async-signal-safe and their arguments are initialized; all zeros is an empty set.
    unsafe {
        libc::sigaction(signal, &raw const action, null_mut());
        raise(signal);
        // The signal was blocked while its handler ran. It is delivered here.
        set_mask(&action.sa_mask, null_mut());
    }
}

/// The size of the kernel's signal set. libc's `sigset_t` is larger.
#[cfg(target_os = "linux")]
const KERNEL_SET_BYTES: usize =
    if cfg!(any(target_arch = "mips", target_arch = "mips64", target_arch = "mips32r6", target_arch = "mips64r6")) {
        16
    } else {
        8
    };

/// Sets this thread's signal mask and stores the previous one in `earlier`. Async-signal-safe.
///
/// A raw system call rather than libc's `pthread_sigmask`, which would cost every run 600 instructions for one more
/// import. std already imports `syscall`.
#[cfg(target_os = "linux")]
unsafe fn set_mask(mask: &libc::sigset_t, earlier: *mut libc::sigset_t) {
    // SAFETY: `earlier` is null or has room for a set, of which the kernel writes a part.
    unsafe { libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, &raw const *mask, earlier, KERNEL_SET_BYTES) };
}

#[cfg(not(target_os = "linux"))]
unsafe fn set_mask(mask: &libc::sigset_t, earlier: *mut libc::sigset_t) {
    // SAFETY: `earlier` is null or has room for a set.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask, earlier) };
}

/// Sends the signal to the current thread, so that a core dump starts with the thread that died.
///
/// A raw system call rather than libc's `raise`, which would cost every run 600 instructions for one more import.
#[cfg(target_os = "linux")]
unsafe fn raise(signal: c_int) {
    // SAFETY: the calls return a thread id and send a signal, and access no memory.
    unsafe { libc::syscall(libc::SYS_tgkill, getpid().as_raw_pid(), libc::syscall(libc::SYS_gettid), signal) };
}

#[cfg(not(target_os = "linux"))]
unsafe fn raise(signal: c_int) {
    // SAFETY: sends a signal and accesses no memory.
    unsafe { libc::raise(signal) };
}

/// The current disposition of `signal`.
fn disposition(signal: c_int) -> Option<libc::sighandler_t> {
    let mut current = default_action();
    // SAFETY: with a null action nothing changes, and `current` is valid for the result.
    let done = unsafe { libc::sigaction(signal, null(), &raw mut current) };
    (done == 0).then_some(current.sa_sigaction)
}

pub(super) fn default_action() -> libc::sigaction {
    // SAFETY: all zeros is a valid `sigaction`: the default disposition, no flags, an empty mask.
    let mut action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
    action.sa_sigaction = libc::SIG_DFL;
    action
}

/// All signals: every bit set, since all systems represent a signal set as bits. Not `sigfillset`, since every import
/// has a cost at startup.
fn every_signal() -> libc::sigset_t {
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: the write stays within the set, which consists of integers, so every bit pattern is valid.
    unsafe {
        set.as_mut_ptr().write_bytes(0xff, 1);
        set.assume_init()
    }
}

/// Blocks signals on this thread until the returned value is dropped: a handler that interrupted the writing of the
/// event could neither wait for it nor write the event again.
pub(crate) fn block() -> Blocked {
    let mut earlier = default_action().sa_mask;
    // SAFETY: `earlier` has room for a set.
    unsafe { set_mask(&every_signal(), &raw mut earlier) };
    Blocked { earlier }
}

/// While this value is alive, signals are blocked on the thread that created it.
pub(crate) struct Blocked {
    earlier: libc::sigset_t,
}

impl Drop for Blocked {
    fn drop(&mut self) {
        if FILE_TOO_LARGE.swap(false, Ordering::Relaxed) {
            discard_file_size_signal();
        }
        // SAFETY: with a null pointer, no memory is written.
        unsafe { set_mask(&self.earlier, null_mut()) };
    }
}

/// A write of ours has exceeded the file size limit, and so raised `SIGXFSZ` on this thread.
static FILE_TOO_LARGE: AtomicBool = AtomicBool::new(false);

/// Called while signals are blocked, by whatever write has failed because of the file size limit: the program must not
/// end because of our write. Async-signal-safe.
pub(crate) fn note_file_too_large() {
    FILE_TOO_LARGE.store(true, Ordering::Relaxed);
}

/// Discards a pending `SIGXFSZ`, which would end the process as soon as signals are unblocked.
#[cfg(all(target_os = "linux", not(target_arch = "riscv32")))]
fn discard_file_size_signal() {
    let limit = [1_u64 << (libc::SIGXFSZ - 1), 0];
    let zero = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the set is as large as the kernel reads, and nothing is written.
    unsafe {
        libc::syscall(libc::SYS_rt_sigtimedwait, &raw const limit, null::<c_int>(), &raw const zero, KERNEL_SET_BYTES);
    }
}

#[cfg(not(all(target_os = "linux", not(target_arch = "riscv32"))))]
fn discard_file_size_signal() {
    let (mut limit, mut pending, mut signal) = (default_action().sa_mask, default_action().sa_mask, 0);
    // SAFETY: all pointers are valid, and `sigwait` is called only if the signal is pending, so it does not block.
    unsafe {
        libc::sigaddset(&raw mut limit, libc::SIGXFSZ);
        if libc::sigpending(&raw mut pending) == 0 && libc::sigismember(&raw const pending, libc::SIGXFSZ) == 1 {
            libc::sigwait(&raw const limit, &raw mut signal);
        }
    }
}

/// Unblocks all signals on this thread, in a process that was started with all of them blocked.
#[cfg(feature = "http")]
pub(super) fn unblock() {
    // SAFETY: with a null pointer, no memory is written.
    unsafe { set_mask(&default_action().sa_mask, null_mut()) };
}

/// Sleeps for a millisecond. Async-signal-safe.
pub(crate) fn nap() {
    let _ = poll(&mut [], Some(&Timespec { tv_sec: 0, tv_nsec: 1_000_000 }));
}
