//! How a process ends, and how that is seen.
//!
//! All `unsafe` of the crate lives below this module, behind one small interface:
//!
//! - `watch_forks` has [`invocation`](crate::invocation) told before this process forks,
//! - `install` has [`invocation`](crate::invocation) told of endings that do not pass through main's wrapper,
//! - `block_signals` keeps signals out while the event is written,
//! - `forget_file_size_limit` takes back the signal of a write that a limit has stopped,
//! - `write_to_stderr` writes without std's lock,
//! - `nap` sleeps for a millisecond,
//! - `shared_byte` is memory that a process shares with the children it will fork,
//! - `Owner` is the process that began the run, and knows whether this one may end it,
//! - `this_process` and `is_running` write a process down, and tell later whether it still runs,
//! - `start_detached` starts this program again, unnoticed by this process; `settle` is what that one does first, and `die`
//!   how it ends when its time is up,
//! - `read_answer` reads a line from the terminal, and sees Ctrl-C,
//! - `in_foreground` tells whether that would stop this process instead, and `is_typed_ahead` whether a line waits already,
//! - `clock` reads a clock without libc.

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub(crate) use unix::{
    Key, Owner, block_signals, forget_file_size_limit, in_foreground, install, interrupt, is_running, is_typed_ahead,
    nap, read_answer, shared_byte, this_process, watch_forks, write_to_stderr,
};

#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
pub(crate) use unix::clock;
#[cfg(all(unix, feature = "http"))]
pub(crate) use unix::{die, settle, start_detached};

#[cfg(windows)]
mod windows;
#[cfg(windows)]
pub(crate) use windows::install;
#[cfg(all(windows, feature = "http"))]
pub(crate) use windows::start_detached;

#[cfg(not(any(unix, windows)))]
pub(crate) fn install() {
    // Only what passes through main's wrapper, or through the parsing functions, is seen here.
}

#[cfg(all(not(any(unix, windows)), feature = "http"))]
pub(crate) fn start_detached(_args: &[&str], _variable: (&str, &str)) -> std::io::Result<()> {
    Err(std::io::ErrorKind::Unsupported.into())
}

#[cfg(not(unix))]
mod unforked;
#[cfg(not(unix))]
pub(crate) use unforked::{
    Key, Owner, block_signals, forget_file_size_limit, in_foreground, interrupt, is_running, is_typed_ahead, nap,
    read_answer, this_process, watch_forks, write_to_stderr,
};

#[cfg(all(not(unix), feature = "http"))]
pub(crate) fn settle() {}

#[cfg(all(not(unix), feature = "http"))]
pub(crate) fn die() {
    std::process::abort();
}
