//! Unix: exit handlers, signals and forks.
//!
//! Not seen, unless the key `abandoned` has a later run tell of it:
//!
//! - `SIGKILL`, an `abort` that is no panic's, a crash, an overflow of the stack, the end of memory or power,
//! - signals other than `SIGINT`, `SIGTERM`, `SIGHUP` and `SIGQUIT`; so a program that gives `SIGPIPE` its default back ends
//!   unseen when its reader does,
//! - a program that handles a signal itself, and then dies by it: by `signal_hook`'s `emulate_default_handler`, for one,
//! - `_exit` and `quick_exit`, and `exec` without [`finish_before_exec`](crate::finish_before_exec),
//! - a daemon that ends before its first process has: whether it will live longer is not known then.
//!
//! Seen by the program: a signal's disposition is a handler's and not the default. `ctrlc::try_set_handler` refuses to replace
//! one; `ctrlc::set_handler`, `signal-hook` and tokio do replace it.

mod answer;
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod clock;
#[cfg(feature = "http")]
mod detach;
mod exit;
mod family;
mod process;
mod signals;

use std::io;

pub(crate) use answer::{Key, in_foreground, interrupt, is_typed_ahead, read_answer};
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
pub(crate) use clock::clock;
#[cfg(feature = "http")]
pub(crate) use detach::{settle, start_detached};
pub(crate) use family::{Owner, install as watch_forks, shared_byte};
pub(crate) use process::{is_running, this_process};
pub(crate) use signals::{block as block_signals, forget_file_size_limit, nap};

/// Has the invocation told of exits and signals.
pub(crate) fn install() {
    exit::install();
    signals::install();
}

/// Writes without std's lock, which the interrupted thread may hold. Async-signal-safe.
pub(crate) fn write_to_stderr(mut bytes: &[u8]) -> io::Result<()> {
    let stderr = rustix::stdio::stderr();
    while !bytes.is_empty() {
        let written = rustix::io::write(stderr, bytes)?;
        bytes = bytes.get(written..).unwrap_or_default();
    }
    Ok(())
}

/// Ends this process at once: nothing runs before, and nothing can hold it up.
#[cfg(feature = "http")]
pub(crate) fn die() {
    let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
}
