//! Whom this floor tells that the process forks or ends.

use once_cell::race::OnceRef;

/// The functions that are called. All may be called in any thread, and more than once.
#[derive(Debug)]
pub(crate) struct Hooks {
    /// The process exits with this code; `None` where the system does not tell it.
    pub(crate) exit: fn(Option<i32>),
    /// A signal is about to end the process, whose parent will see this exit code in a shell. Must be handler-safe.
    pub(crate) signal: fn(EndingSignal, i32),
    /// The process is about to fork. Must be handler-safe.
    pub(crate) fork: fn(),
}

/// The signals that are watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndingSignal {
    Interrupt,
    Terminate,
    Hangup,
    Quit,
    /// `SIGABRT` by a panic that does not unwind.
    PanicAbort,
}

/// Readable without a lock, so from a signal handler too.
static HOOKS: OnceRef<'static, Hooks> = OnceRef::new();

/// Has these functions called. Only the first call counts.
pub(crate) fn set(hooks: &'static Hooks) {
    let _ = HOOKS.set(hooks);
}

pub(super) fn get() -> Option<&'static Hooks> {
    HOOKS.get()
}
