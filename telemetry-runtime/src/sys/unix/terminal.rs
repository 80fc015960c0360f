//! The terminal: reads one line with a timeout, and treats Ctrl-C as an answer.

use std::ffi::c_int;
use std::os::fd::AsFd;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::io::{Errno, read};
use rustix::process::{Signal, getpgrp, getpid, kill_process};
use rustix::stdio::stdin;
use rustix::termios::{tcgetpgrp, tcgetwinsize};

use super::signals::default_action;
use crate::sys::Input;
use crate::sys::clock::Stopwatch;

/// The longest line that a terminal accepts on Linux; other systems accept less.
const LINE_MAX: usize = 4096;

/// The longest time until Ctrl-C is noticed.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

extern "C" fn interrupted(_signal: c_int) {
    INTERRUPTED.store(true, Ordering::Release);
}

/// Whether this process is in the foreground of its terminal. A background process is stopped when it reads from it.
pub(crate) fn in_foreground() -> bool {
    tcgetpgrp(stdin()).map_or(true, |group| group == getpgrp())
}

/// Whether a line was typed before the question was shown.
pub(crate) fn is_typed_ahead() -> bool {
    is_readable(Duration::ZERO).is_ok_and(|is_readable| is_readable)
}

/// Whether a read from stdin returns at once, waiting for that for at most `timeout`.
#[cfg(not(target_vendor = "apple"))]
fn is_readable(timeout: Duration) -> Result<bool, Errno> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    let timeout = Timespec { tv_sec: 0, tv_nsec: timeout.subsec_nanos().into() };
    poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], Some(&timeout)).map(|ready| ready > 0)
}

/// `poll` does not know terminals here.
#[cfg(target_vendor = "apple")]
fn is_readable(timeout: Duration) -> Result<bool, Errno> {
    use std::mem::MaybeUninit;

    let mut timeout = libc::timeval { tv_sec: 0, tv_usec: timeout.subsec_micros() as i32 };
    // SAFETY: all zeros is an empty set, which has room for descriptor 0, and the pointers are valid.
    let ready = unsafe {
        let mut set: libc::fd_set = MaybeUninit::zeroed().assume_init();
        libc::FD_SET(0, &raw mut set);
        libc::select(1, &raw mut set, null_mut(), null_mut(), &raw mut timeout)
    };
    match ready {
        0.. => Ok(ready > 0),
        _ => Err(Errno::from_io_error(&std::io::Error::last_os_error()).unwrap_or(Errno::INVAL)),
    }
}

/// Calls `ask` and reads one line, waiting for at most `timeout`. Bypasses std's buffer. A terminal returns one line
/// per read, so this takes no input that is meant for the program.
pub(crate) fn read_line(ask: impl FnOnce(), timeout: Duration) -> Input {
    let _handler = Handler::install(0);
    ask();
    let asked = Stopwatch::start();
    let mut line = [0; LINE_MAX];
    while !INTERRUPTED.load(Ordering::Acquire) {
        // Not at once: a blocking `read` would miss a signal that arrives just before it, or on another thread.
        match is_readable(POLL_INTERVAL) {
            Ok(false) if asked.elapsed() >= timeout => return Input::default(),
            Ok(false) | Err(Errno::INTR) => continue,
            _ => {}
        }
        match read(stdin(), &mut line) {
            Err(Errno::INTR) => {}
            Ok(0) | Err(_) => return Input::default(),
            Ok(length) => return Input { line: line.get(..length).map(<[u8]>::to_vec), is_interrupted: false },
        }
    }
    Input { line: None, is_interrupted: true }
}

/// Sends this process `SIGINT`, as Ctrl-C does outside the question.
pub(crate) fn interrupt() {
    let _ = kill_process(getpid(), Signal::INT);
}

/// The width of the terminal behind `output`, in columns; `None` if unknown.
pub(crate) fn columns(output: impl AsFd) -> Option<usize> {
    let size = tcgetwinsize(output).ok()?;
    (size.ws_col > 0).then(|| usize::from(size.ws_col))
}

/// Whether the terminal behind `output` understands escape sequences. Here they all do, unless the variable `TERM` does not
/// tell which one it is. What it says is checked with `NO_COLOR`.
pub(crate) fn has_styles(_output: impl AsFd) -> bool {
    std::env::var_os("TERM").is_some_and(|term| !term.is_empty())
}

/// While this value is alive, the first Ctrl-C is only noted, for work that ends in an orderly way. The second has its usual
/// effect.
#[cfg(feature = "http")]
pub(crate) struct Interruptible {
    _handler: Handler,
}

#[cfg(feature = "http")]
impl Interruptible {
    pub(crate) fn new() -> Self {
        Interruptible { _handler: Handler::install(libc::SA_RESETHAND) }
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        INTERRUPTED.load(Ordering::Acquire)
    }

    /// Gives Ctrl-C its usual effect again. Returns whether it was pressed.
    pub(crate) fn end(self) -> bool {
        self.is_interrupted()
    }
}

/// While this value is alive, `SIGINT` is noted and does not end the process, unless the process ignores `SIGINT`.
struct Handler {
    earlier: libc::sigaction,
}

impl Handler {
    fn install(flags: c_int) -> Self {
        let mut action = default_action();
        action.sa_flags |= flags;
        let handler: extern "C" fn(c_int) = interrupted;
        action.sa_sigaction = handler as libc::sighandler_t;
        let mut earlier = default_action();
        // SAFETY: both actions are initialized, and the handler only stores to an atomic.
        unsafe { libc::sigaction(libc::SIGINT, &raw const action, &raw mut earlier) };
        let handler = Handler { earlier };
        if earlier.sa_sigaction == libc::SIG_IGN {
            handler.remove();
        }
        handler
    }

    fn remove(&self) {
        // SAFETY: the action was returned by `sigaction`.
        unsafe { libc::sigaction(libc::SIGINT, &raw const self.earlier, null_mut()) };
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        self.remove();
    }
}
