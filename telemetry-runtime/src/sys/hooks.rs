//! The hooks through which this module reports that the process forks or ends.

use once_cell::race::OnceRef;

/// The functions to call. Each may be called on any thread, and more than once.
#[derive(Debug)]
pub(crate) struct Hooks {
    /// The process is exiting with this code; `None` where the platform does not report it.
    pub(crate) exit: fn(Option<i32>),
    /// A signal is about to end the process. The number is the exit code a shell reports for it. Must be handler-safe.
    pub(crate) signal: fn(EndingSignal, i32),
    /// The process is about to fork. Must be handler-safe.
    pub(crate) fork: fn(),
}

/// The signals that end a process and are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum EndingSignal {
    Interrupt,
    Terminate,
    Hangup,
    Quit,
    /// `SIGABRT` from a panic that does not unwind.
    PanicAbort,
}

/// Readable without a lock, and so from a signal handler.
static HOOKS: OnceRef<'static, Hooks> = OnceRef::new();

/// Sets the hooks. Only the first call has an effect.
pub(crate) fn set(hooks: &'static Hooks) {
    let _ = HOOKS.set(hooks);
}

pub(super) fn get() -> Option<&'static Hooks> {
    HOOKS.get()
}
