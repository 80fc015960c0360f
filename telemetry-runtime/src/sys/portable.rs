//! The fallback for platforms other than Unix and Windows, and what those other than Unix have in common, on std alone:
//! no forks, and no signals.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::AtomicU8;
use std::time::Duration;

/// The process that began the run. There are no forks, so it is always the current one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner;

impl Owner {
    pub(crate) fn this_process() -> Self {
        Owner
    }

    pub(crate) fn may_finish_here(self) -> bool {
        true
    }
}

pub(crate) fn watch_forks() {}

/// Always `None`: there are no forks.
pub(crate) fn shared_byte() -> Option<&'static AtomicU8> {
    None
}

/// What [`block_signals`] returns where there are none.
pub(crate) struct Blocked;

pub(crate) fn block_signals() -> Blocked {
    Blocked
}

pub(crate) fn note_file_too_large() {}

/// A lock that one process at a time holds, until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    pub(super) _file: File,
}

/// Always true: threads that exit at once are not told apart here.
pub(crate) fn claim_exit() -> bool {
    true
}

/// Nobody can start a program with more privileges than their own by its file alone.
pub(crate) fn is_privileged() -> bool {
    false
}

pub(crate) fn nap() {
    std::thread::sleep(Duration::from_millis(1));
}

pub(crate) fn is_interactive() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal() && io::stderr().is_terminal()
}

pub(crate) fn write_to_stderr(bytes: &[u8]) -> io::Result<()> {
    io::stderr().write_all(bytes)
}

#[cfg(feature = "http")]
pub(crate) fn finish_detaching() {}

/// Nothing is known to be in the way.
#[cfg(feature = "http")]
pub(crate) fn start_problem() -> Option<&'static str> {
    None
}

#[cfg(not(windows))]
pub(crate) use self::unknown::*;

/// For a platform of which nothing more is known.
#[cfg(not(windows))]
mod unknown {
    use crate::sys::Process;

    impl Process {
        /// Always `None`: there is no way to tell whether a process has ended.
        pub(crate) fn this() -> Option<Self> {
            None
        }

        pub(crate) fn is_running(self) -> bool {
            true
        }
    }

    /// No signal reports an abort here, and its exit code is up to whatever runs the program.
    pub(crate) const UNSIGNALED_ABORT: Option<i32> = Some(-1);

    /// The exit codes that a parent can see: 32 bits.
    pub(crate) const EXIT_CODES: std::ops::RangeInclusive<i32> = i32::MIN..=i32::MAX;

    pub(crate) fn visible_exit_code(code: i32) -> i32 {
        code
    }

    /// Unknown here.
    pub(crate) fn utc_offset_secs(_unix_secs: i64) -> Option<i64> {
        None
    }

    /// Does nothing: only endings that pass through main's wrapper or the parsing functions are recorded here.
    pub(crate) fn watch_endings() {}

    #[cfg(feature = "http")]
    pub(crate) fn kill_this_process() {
        std::process::abort();
    }

    #[cfg(feature = "http")]
    pub(crate) fn start_detached<E>(_args: &[&str], _environment: E) -> std::io::Result<()> {
        Err(std::io::ErrorKind::Unsupported.into())
    }

    /// The terminal. Ctrl-C during the question ends the process, as always.
    pub(crate) mod terminal {
        use std::io;
        use std::time::Duration;

        use crate::sys::Input;

        pub(crate) fn is_typed_ahead() -> bool {
            false
        }

        pub(crate) fn in_foreground() -> bool {
            true
        }

        /// Ignores the timeout: it waits until the user answers.
        pub(crate) fn read_line(ask: impl FnOnce(), _timeout: Duration) -> Input {
            ask();
            let mut line = String::new();
            let is_read = io::stdin().read_line(&mut line).is_ok_and(|length| length > 0);
            Input { line: is_read.then(|| line.into_bytes()), is_interrupted: false }
        }

        pub(crate) fn interrupt() {}

        #[cfg(feature = "http")]
        pub(crate) use crate::sys::interruptible::Interruptible;

        pub(crate) fn columns<T>(_output: T) -> Option<usize> {
            None
        }

        pub(crate) fn has_styles<T>(_output: T) -> bool {
            true
        }
    }
}
