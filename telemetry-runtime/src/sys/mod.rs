//! The platform layer: all platform-specific code, and all of the crate's `unsafe`.
//!
//! It knows nothing about events. The layers above pass in functions ([`Hooks`]) to learn that the process forks or
//! ends.
//!
//! # Contract
//!
//! Every platform implements these items, with the same guarantees. "Handler-safe" means async-signal-safe: no
//! allocation, no lock, no panic.
//!
//! | item | guarantee |
//! |---|---|
//! | [`set_hooks`] | sets the functions to call; only the first call has an effect |
//! | [`watch_forks`] | the hook `fork` is called in this process just before it forks |
//! | [`watch_endings`] | the hook `exit` is called when the process exits, `signal` when a signal or a console event ends it; neither changes how it ends; the code that it calls stays loaded |
//! | [`EXIT_CODES`], [`visible_exit_code`] | the exit codes that a parent can see, and which of them it sees |
//! | [`UNSIGNALED_ABORT`] | the exit code of an abort, where the hook `signal` does not report it |
//! | [`claim_exit`] | true for the first thread that is about to exit: the parent sees its exit code |
//! | [`block_signals`] | no handler runs on this thread while the returned value is alive, and no write of ours ends the process because of the file size limit |
//! | [`is_privileged`] | whether the process has more privileges than the user who started it |
//! | [`is_interactive`] | whether all three standard streams are terminals |
//! | [`write_to_stderr`] | bypasses std's lock; handler-safe |
//! | [`nap`] | sleeps for about a millisecond; handler-safe |
//! | [`shared_byte`] | returns memory shared with every child forked from now on; handler-safe |
//! | [`Owner`] | the process that began the run, and whether the current one may finish it; handler-safe |
//! | [`Process`] | a process identity that can be stored, and whether that process is still running |
//! | [`start_detached`] | starts this program again, not as a child where processes have children, and without this process's terminal, working directory and open files |
//! | [`start_problem`] | why this program cannot be started again, if that is known |
//! | [`finish_detaching`] | the first thing the detached process does |
//! | [`kill_this_process`] | ends this process at once, whatever it is doing |
//! | [`terminal`] | reads a line from the terminal, with a timeout, and notices Ctrl-C, also during other work where that is possible |
//! | [`files`] | small files: reads never block, writes replace the whole file, only the user has access |
//! | [`append`] | a file of lines that many processes append to; handler-safe |
//! | [`folders`] | where the system keeps state, configuration and policy |
//! | [`clock`], [`random`] | the time, and sixteen random bytes |
//! | [`utc_offset_secs`] | how far the user's clocks are ahead of UTC, if that is known |
//!
//! Where a platform lacks something, the function exists but does nothing, and its docs say so. `contract_tests` tests
//! all this on the platform that it is compiled for.

use std::io::{self, ErrorKind};

pub(crate) mod append;
pub(crate) mod clock;
#[cfg(test)]
mod contract_tests;
pub(crate) mod files;
pub(crate) mod folders;
mod hooks;
mod input;
#[cfg(all(feature = "http", not(unix)))]
mod interruptible;
mod lock;
#[cfg(feature = "html")]
mod opener;
mod process;
pub(crate) mod random;

#[cfg(not(unix))]
mod portable;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(feature = "http")]
pub(crate) use self::common::{Lock, finish_detaching, start_problem};
pub(crate) use self::common::{
    Owner, block_signals, claim_exit, is_interactive, is_privileged, nap, note_file_too_large, shared_byte,
    watch_forks, write_to_stderr,
};
pub(crate) use self::hooks::{Hooks, set as set_hooks, signals};
pub(crate) use self::input::Input;
pub(crate) use self::lock::LockNames;
#[cfg(any(feature = "http", not(unix)))]
pub(crate) use self::lock::TryLock;
#[cfg(feature = "html")]
pub(crate) use self::opener::opener;
#[cfg(not(any(unix, windows)))]
use self::portable as system;
#[cfg(not(unix))]
use self::portable as common;
pub(crate) use self::process::Process;
pub(crate) use self::system::{
    EXIT_CODES, UNSIGNALED_ABORT, terminal, utc_offset_secs, visible_exit_code, watch_endings,
};
#[cfg(feature = "http")]
pub(crate) use self::system::{kill_this_process, start_detached};
#[cfg(unix)]
use self::unix as common;
#[cfg(unix)]
use self::unix as system;
#[cfg(windows)]
use self::windows as system;

/// The C library that this program is built for, in one word.
pub(crate) const LIBC: &str = if cfg!(target_env = "gnu") {
    "gnu"
} else if cfg!(target_env = "musl") {
    "musl"
} else if cfg!(target_env = "msvc") {
    "msvc"
} else if cfg!(target_vendor = "apple") {
    "apple"
} else {
    "other"
};

/// An error with a message. Not inlined: each copy would bring a vtable for the message.
#[inline(never)]
pub(crate) fn failure(kind: ErrorKind, message: &'static str) -> io::Error {
    io::Error::new(kind, message)
}
