//! The machine: everything that differs from system to system, and all of the crate's `unsafe`.
//!
//! This floor knows no event. Who wants to be told of an ending hands in functions ([`Hooks`]).
//!
//! # Contract
//!
//! What every system provides, and what each function promises on all of them. "Handler-safe" means async-signal-safe: no
//! allocation, no lock, no panic.
//!
//! | item | promise |
//! |---|---|
//! | [`set_hooks`] | the functions to call from now on; the first call counts |
//! | [`watch_forks`] | [`Hooks::fork`] is called in this process just before it forks |
//! | [`watch_endings`] | [`Hooks::exit`] is called when the process exits, [`Hooks::signal`] when a signal ends it; neither changes how it ends |
//! | [`block_signals`] | no handler runs in this thread while the returned value lives |
//! | [`discard_file_size_signal`] | a write of ours that hit the limit of file sizes does not end the process |
//! | [`write_to_stderr`] | writes past std's lock; handler-safe |
//! | [`nap`] | sleeps for about a millisecond; handler-safe |
//! | [`shared_byte`] | memory shared with every child that is forked from now on; handler-safe |
//! | [`Owner`] | the process that began the run, and whether this one may end it; handler-safe |
//! | [`Process`] | a process written down, and whether it still runs |
//! | [`start_detached`] | starts this program again: no child, terminal, folder or open file of this process |
//! | [`finish_detaching`] | what the detached process does first |
//! | [`kill_this_process`] | ends this process at once, whatever it is doing |
//! | [`terminal`] | reads a line from the terminal, for a limited time, and sees Ctrl-C |
//! | [`files`] | small files of ours: read without waiting, replaced whole, private to the user |
//! | [`append`] | a file of lines that many processes append to; handler-safe |
//! | [`folders`] | where this system keeps state, configuration and policy |
//! | [`clock`], [`random`] | the time, and sixteen random bytes |
//!
//! Where a system lacks something, the function is there and does nothing, and its docs say so.

pub(crate) mod append;
pub(crate) mod clock;
pub(crate) mod files;
pub(crate) mod folders;
mod hooks;
mod input;
pub(crate) mod random;

#[cfg(not(unix))]
mod portable;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) use self::hooks::{EndingSignal, Hooks, set as set_hooks};
pub(crate) use self::input::Input;

#[cfg(not(unix))]
pub(crate) use self::portable::{
    Owner, Process, block_signals, discard_file_size_signal, nap, shared_byte, terminal, watch_forks, write_to_stderr,
};
#[cfg(unix)]
pub(crate) use self::unix::{
    Owner, Process, block_signals, discard_file_size_signal, nap, shared_byte, terminal, watch_endings, watch_forks,
    write_to_stderr,
};

#[cfg(all(not(unix), feature = "http"))]
pub(crate) use self::portable::{finish_detaching, kill_this_process};
#[cfg(all(unix, feature = "http"))]
pub(crate) use self::unix::{finish_detaching, kill_this_process, start_detached};

#[cfg(not(any(unix, windows)))]
pub(crate) use self::portable::watch_endings;
#[cfg(windows)]
pub(crate) use self::windows::watch_endings;

#[cfg(all(not(any(unix, windows)), feature = "http"))]
pub(crate) use self::portable::start_detached;
#[cfg(all(windows, feature = "http"))]
pub(crate) use self::windows::start_detached;
