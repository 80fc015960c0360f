//! Unix: exit handlers, signals and forks.
//!
//! These endings are not noticed:
//!
//! - `SIGKILL`, an `abort` outside a panic, a crash, stack overflow, running out of memory, power loss,
//! - signals other than `SIGINT`, `SIGTERM`, `SIGHUP` and `SIGQUIT`. For example, a program that restores the default action
//!   of `SIGPIPE` ends unnoticed when the reader of its output goes away,
//! - a signal that the program handles and then dies from, for example through `signal_hook`'s `emulate_default_handler`,
//! - `_exit`, `quick_exit` and `exec`,
//! - the end of a daemon that ends before the process that started it: the latter records the run.
//!
//! The program can notice two things. The disposition of these signals is a handler instead of the default:
//! `ctrlc::try_set_handler` returns an error because our handler is installed; `ctrlc::set_handler`, `signal-hook` and
//! tokio replace it. And a library in which a run has begun stays loaded.

#[cfg(feature = "http")]
mod detach;
mod exit;
mod fork;
mod lock;
mod name;
mod ownership;
mod pin;
mod process;
mod signals;
pub(crate) mod terminal;
mod time_zone;

use std::io;

use rustix::stdio::{stderr, stdin, stdout};
use rustix::termios::isatty;

#[cfg(feature = "http")]
pub(crate) use self::detach::{finish_detaching, start_detached, start_problem};
pub(crate) use self::exit::claim_exit;
pub(crate) use self::fork::{Owner, shared_byte, watch as watch_forks};
#[cfg(feature = "http")]
pub(crate) use self::lock::Lock;
pub(crate) use self::lock::{has_no_locks, lock_in};
pub(in crate::sys) use self::name::Name;
pub(crate) use self::ownership::{is_ours, is_privileged};
pub(crate) use self::signals::{block as block_signals, nap, note_file_too_large};
pub(crate) use self::time_zone::utc_offset_secs;

/// No exit code here: a signal reports an abort.
pub(crate) const UNSIGNALED_ABORT: Option<i32> = None;

/// The exit codes that a parent can see: eight bits.
pub(crate) const EXIT_CODES: std::ops::RangeInclusive<i32> = 0..=255;

/// What a parent sees of an exit code.
pub(crate) fn visible_exit_code(code: i32) -> i32 {
    code & 0xff
}

/// Installs the exit hook and the signal handlers, and keeps their code in memory.
pub(crate) fn watch_endings() {
    pin::pin();
    exit::watch();
    signals::watch();
}

/// Whether stdin, stdout and stderr are terminals. std's `stdin` would bring its buffer into the program.
pub(crate) fn is_interactive() -> bool {
    isatty(stdin()) && isatty(stdout()) && isatty(stderr())
}

/// Writes without taking std's lock, which the interrupted thread may hold. Async-signal-safe.
pub(crate) fn write_to_stderr(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = rustix::io::write(stderr(), bytes)?;
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
}

/// Ends this process at once, by `SIGKILL`: no exit hook or destructor runs, and nothing can delay it.
#[cfg(feature = "http")]
pub(crate) fn kill_this_process() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
}
