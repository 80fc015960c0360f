//! Reading one line from the terminal, where Ctrl-C is an answer too.

use std::ffi::c_int;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::io::{Errno, read};

use super::signals::{default_action, die_by};

/// What the user did.
#[derive(Debug)]
pub(crate) enum Key {
    /// Typed a line, without its end; the end of input is an empty one.
    Line(Vec<u8>),
    /// Pressed Ctrl-C.
    Interrupted,
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

extern "C" fn interrupted(_signal: c_int) {
    INTERRUPTED.store(true, Ordering::Release);
}

/// Reads one line. Past std's buffer: a terminal hands over one line at a time, so nothing is taken from the program.
pub(crate) fn read_answer() -> Key {
    let _handler = Handler::install();
    let mut line = [0; 256];
    loop {
        match read(rustix::stdio::stdin(), &mut line) {
            Ok(length) => return Key::Line(line.get(..length).unwrap_or_default().to_vec()),
            Err(Errno::INTR) if !INTERRUPTED.load(Ordering::Acquire) => {}
            Err(Errno::INTR) => return Key::Interrupted,
            Err(_) => return Key::Line(Vec::new()),
        }
    }
}

/// Ends the process as Ctrl-C does.
pub(crate) fn interrupt() {
    die_by(libc::SIGINT);
}

/// While it lives, `SIGINT` interrupts a `read` instead of the process.
struct Handler {
    earlier: libc::sigaction,
}

impl Handler {
    fn install() -> Self {
        let mut action = default_action();
        let handler: extern "C" fn(c_int) = interrupted;
        action.sa_sigaction = handler as libc::sighandler_t;
        let mut earlier = default_action();
        // SAFETY: both actions are initialized, and the handler does nothing but store into an atomic.
        unsafe { libc::sigaction(libc::SIGINT, &raw const action, &raw mut earlier) };
        Handler { earlier }
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        // SAFETY: the action is the one that `sigaction` gave out.
        unsafe { libc::sigaction(libc::SIGINT, &raw const self.earlier, null_mut()) };
    }
}
