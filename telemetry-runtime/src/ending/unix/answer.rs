//! Reading one line from the terminal, where Ctrl-C is an answer too.

use std::ffi::c_int;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, read};
use rustix::process::{Signal, getpgrp, getpid, kill_process};
use rustix::stdio::stdin;
use rustix::termios::tcgetpgrp;

use super::signals::default_action;

/// A terminal of Linux takes no more on a line; others take less.
const LONGEST_LINE: usize = 4096;

/// How long a person may wait for their Ctrl-C to show.
const LOOK_AGAIN: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

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

/// Is this process in the foreground of its terminal? One in the background is stopped when it reads from there.
pub(crate) fn in_foreground() -> bool {
    tcgetpgrp(stdin()).map_or(true, |group| group == getpgrp())
}

/// Does a line wait already that was typed before anything was asked?
pub(crate) fn is_typed_ahead() -> bool {
    const AT_ONCE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], Some(&AT_ONCE)).is_ok_and(|ready| ready > 0)
}

/// Has the question asked, and reads one line. Past std's buffer: a terminal hands over one line at a time, so nothing is
/// taken from the program.
pub(crate) fn read_answer(ask: impl FnOnce()) -> Key {
    let _handler = Handler::install();
    ask();
    let mut line = [0; LONGEST_LINE];
    while !INTERRUPTED.load(Ordering::Acquire) {
        // Not `read` at once: it would sleep through a signal that comes just before it, or in another thread.
        match poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], Some(&LOOK_AGAIN)) {
            Ok(0) | Err(Errno::INTR) => continue,
            _ => {}
        }
        match read(stdin(), &mut line) {
            Err(Errno::INTR) => {}
            read => return Key::Line(line.get(..read.unwrap_or(0)).unwrap_or_default().to_vec()),
        }
    }
    Key::Interrupted
}

/// Does what Ctrl-C does without a question.
pub(crate) fn interrupt() {
    let _ = kill_process(getpid(), Signal::INT);
}

/// While it lives, `SIGINT` ends the question instead of the process, unless the process ignores it.
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
        let handler = Handler { earlier };
        if earlier.sa_sigaction == libc::SIG_IGN {
            handler.remove();
        }
        handler
    }

    fn remove(&self) {
        // SAFETY: the action is the one that `sigaction` gave out.
        unsafe { libc::sigaction(libc::SIGINT, &raw const self.earlier, null_mut()) };
    }
}

impl Drop for Handler {
    fn drop(&mut self) {
        self.remove();
    }
}
