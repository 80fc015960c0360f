//! Signals whose default disposition ends the process.
//!
//! A handler is installed for each, but only where nobody else had one and nobody ignores it (`nohup`). It writes the event
//! and then lets the signal do what it does by default, so the parent sees death by that signal.
//!
//! Raw `sigaction` and not `signal-hook`, for one reason: a program that later takes the signal through `signal-hook-registry`
//! (`tokio::signal` does) shares that crate's one handler, and both actions would run, ours ending the process that has just
//! asked to live. With a handler of our own the handler can look whether it is still the one in force; where another has
//! taken its place and only passes the signal on, it stands back.

use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::ptr::{null, null_mut};

use rustix::event::{Timespec, poll};
use rustix::process::getpid;

use crate::sys::hooks::{self, EndingSignal};

/// The signals that ask a process to end.
const ENDING: [c_int; 4] = [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT];

/// Installs the handlers. `SIGABRT` among them: a panic that may not unwind ends in `abort`.
///
/// They run on the stack of the thread they interrupt. The alternate stack that std gives each thread for the overflow of its
/// own (`SA_ONSTACK`) has 8 KiB, a good part of which the kernel takes to save the registers: writing the event could
/// overflow it.
pub(super) fn watch() {
    let mut action = default_action();
    action.sa_sigaction = address();
    action.sa_flags = libc::SA_RESTART;
    action.sa_mask = every_signal();
    // The first process of a container does not end by a signal that it has no handler for. With one, it would.
    let ending = if getpid().is_init() { [].as_slice() } else { &ENDING };
    for &signal in ending.iter().chain(&[libc::SIGABRT]) {
        if disposition(signal) == Some(libc::SIG_DFL) {
            // SAFETY: the action is fully initialized, and `on_signal` does only what signal-safety(7) allows.
            unsafe { libc::sigaction(signal, &raw const action, null_mut()) };
        }
    }
}

fn address() -> libc::sighandler_t {
    let handler: extern "C" fn(c_int) = on_signal;
    handler as libc::sighandler_t
}

/// Records the run, then ends the process by `signal`.
extern "C" fn on_signal(signal: c_int) {
    if disposition(signal) != Some(address()) {
        return;
    }
    if let (Some(hooks), Some(ending)) = (hooks::get(), ending(signal)) {
        (hooks.signal)(ending, 128 + signal);
    }
    die_by(signal);
}

fn ending(signal: c_int) -> Option<EndingSignal> {
    match signal {
        libc::SIGINT => Some(EndingSignal::Interrupt),
        libc::SIGTERM => Some(EndingSignal::Terminate),
        libc::SIGHUP => Some(EndingSignal::Hangup),
        libc::SIGQUIT => Some(EndingSignal::Quit),
        // Reads two counters. An `abort` outside a panic is not ours to explain.
        libc::SIGABRT if std::thread::panicking() => Some(EndingSignal::PanicAbort),
        _ => None,
    }
}

/// What the signal's default action does to a process: this one ends by it.
pub(super) fn die_by(signal: c_int) {
    let action = default_action();
    // SAFETY: all are async-signal-safe, and their arguments are initialized; zeros are an empty set.
    unsafe {
        libc::sigaction(signal, &raw const action, null_mut());
        raise(signal);
        // Blocked while its handler runs, the signal is delivered here.
        set_mask(&action.sa_mask, null_mut());
    }
}

/// The bytes of a set of signals as the kernel knows it; libc's has room for more.
#[cfg(target_os = "linux")]
const KERNEL_SET: usize =
    if cfg!(any(target_arch = "mips", target_arch = "mips64", target_arch = "mips32r6", target_arch = "mips64r6")) {
        16
    } else {
        8
    };

/// Blocks these signals in this thread and no others; tells which were blocked before. Async-signal-safe.
///
/// Not libc's `pthread_sigmask`, which would be one more import, and 600 instructions of every run: std has imported `syscall`.
#[cfg(target_os = "linux")]
unsafe fn set_mask(mask: &libc::sigset_t, earlier: *mut libc::sigset_t) {
    // SAFETY: the caller's memory is null or has room for a set, of which the kernel writes a part.
    unsafe { libc::syscall(libc::SYS_rt_sigprocmask, libc::SIG_SETMASK, &raw const *mask, earlier, KERNEL_SET) };
}

#[cfg(not(target_os = "linux"))]
unsafe fn set_mask(mask: &libc::sigset_t, earlier: *mut libc::sigset_t) {
    // SAFETY: the caller's memory is null or has room for a set.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, mask, earlier) };
}

/// Sends the signal to this very thread: a core dump begins with the thread that dies.
///
/// Not libc's `raise`, which would be one more import, and 600 instructions of every run: std has imported `syscall`.
#[cfg(target_os = "linux")]
unsafe fn raise(signal: c_int) {
    // SAFETY: these tell a number and send a signal, and touch no memory.
    unsafe { libc::syscall(libc::SYS_tgkill, getpid().as_raw_pid(), libc::syscall(libc::SYS_gettid), signal) };
}

#[cfg(not(target_os = "linux"))]
unsafe fn raise(signal: c_int) {
    // SAFETY: sends a signal, touches no memory.
    unsafe { libc::raise(signal) };
}

/// The handler in force for `signal`.
fn disposition(signal: c_int) -> Option<libc::sighandler_t> {
    let mut current = default_action();
    // SAFETY: a null action changes nothing; the current one is written to memory that is valid for it.
    let done = unsafe { libc::sigaction(signal, null(), &raw mut current) };
    (done == 0).then_some(current.sa_sigaction)
}

pub(super) fn default_action() -> libc::sigaction {
    // SAFETY: all zeros is a valid `sigaction`: the default disposition, no flags, an empty mask.
    let mut action: libc::sigaction = unsafe { MaybeUninit::zeroed().assume_init() };
    action.sa_sigaction = libc::SIG_DFL;
    action
}

/// All signals: every bit, on each system that keeps a set in bits, which all do. Not `sigfillset`, since each import costs
/// every run of the program.
fn every_signal() -> libc::sigset_t {
    let mut set = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: the memory is the set's own, and holds integers, of which all values are valid.
    unsafe {
        set.as_mut_ptr().write_bytes(0xff, 1);
        set.assume_init()
    }
}

/// Keeps signals from this thread until the value is dropped: a handler that interrupted the writing of the
/// event could neither wait for it nor write it again.
pub(crate) fn block() -> Blocked {
    let mut earlier = default_action().sa_mask;
    // SAFETY: there is room for a set.
    unsafe { set_mask(&every_signal(), &raw mut earlier) };
    Blocked { earlier }
}

/// While it lives, this thread takes no signal.
pub(crate) struct Blocked {
    earlier: libc::sigset_t,
}

impl Drop for Blocked {
    fn drop(&mut self) {
        // SAFETY: nothing is written.
        unsafe { set_mask(&self.earlier, null_mut()) };
    }
}

/// A write that went beyond the limit of a file's size has made `SIGXFSZ` wait for this thread, which would end the process
/// when signals come through again. It was our write, so it is not the program's to end for.
#[cfg(all(target_os = "linux", not(target_arch = "riscv32")))]
pub(crate) fn discard_file_size_signal() {
    let limit = [1_u64 << (libc::SIGXFSZ - 1), 0];
    let at_once = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the set has as many bits as the kernel reads, and nothing is written.
    unsafe {
        libc::syscall(libc::SYS_rt_sigtimedwait, &raw const limit, null::<c_int>(), &raw const at_once, KERNEL_SET);
    }
}

#[cfg(not(all(target_os = "linux", not(target_arch = "riscv32"))))]
pub(crate) fn discard_file_size_signal() {
    let (mut limit, mut pending, mut signal) = (default_action().sa_mask, default_action().sa_mask, 0);
    // SAFETY: there is room for sets and a number, and `sigwait` is called for a signal that waits.
    unsafe {
        libc::sigaddset(&raw mut limit, libc::SIGXFSZ);
        if libc::sigpending(&raw mut pending) == 0 && libc::sigismember(&raw const pending, libc::SIGXFSZ) == 1 {
            libc::sigwait(&raw const limit, &raw mut signal);
        }
    }
}

/// Lets this thread take every signal again, in a process that was started with all of them blocked.
#[cfg(feature = "http")]
pub(super) fn unblock() {
    // SAFETY: nothing is written.
    unsafe { set_mask(&default_action().sa_mask, null_mut()) };
}

/// Sleeps for a millisecond, as a handler may.
pub(crate) fn nap() {
    let _ = poll(&mut [], Some(&Timespec { tv_sec: 0, tv_nsec: 1_000_000 }));
}
