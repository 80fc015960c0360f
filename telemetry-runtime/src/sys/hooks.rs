//! The hooks through which this module reports that the process forks or ends.

#[cfg(any(unix, windows))]
use once_cell::race::OnceRef;

/// The functions to call, as far as this platform has the occasion. Each may be called on any thread, and more than
/// once.
#[derive(Debug)]
pub(crate) struct Hooks {
    #[cfg(any(unix, windows))]
    pub(super) exit: fn(Option<i32>),
    #[cfg(any(unix, windows))]
    pub(super) signal: fn(i32, i32),
    #[cfg(unix)]
    pub(super) fork: fn(),
}

impl Hooks {
    /// - `exit`: the process is exiting with this code; `None` where the platform does not report it.
    /// - `signal`: one of [`signals`] is about to end the process. The second number is the exit code that a shell
    ///   reports for it. Must be handler-safe.
    /// - `fork`: the process is about to fork. Must be handler-safe.
    #[cfg_attr(not(unix), allow(unused_variables))]
    pub(crate) const fn new(exit: fn(Option<i32>), signal: fn(i32, i32), fork: fn()) -> Self {
        Hooks {
            #[cfg(any(unix, windows))]
            exit,
            #[cfg(any(unix, windows))]
            signal,
            #[cfg(unix)]
            fork,
        }
    }
}

/// The signals that end a process and are recorded, by their POSIX numbers, which are the same on every Unix. Windows
/// reports console events as the signals they correspond to.
pub(crate) mod signals {
    pub(crate) const HANGUP: i32 = 1;
    pub(crate) const INTERRUPT: i32 = 2;
    pub(crate) const QUIT: i32 = 3;
    /// Only from a panic that does not unwind.
    pub(crate) const ABORT: i32 = 6;
    pub(crate) const TERMINATE: i32 = 15;
}

/// Readable without a lock, and so from a signal handler.
#[cfg(any(unix, windows))]
static HOOKS: OnceRef<'static, Hooks> = OnceRef::new();

/// Sets the hooks. Only the first call has an effect.
#[cfg(any(unix, windows))]
pub(crate) fn set(hooks: &'static Hooks) {
    let _ = HOOKS.set(hooks);
}

/// Does nothing: nobody would call them.
#[cfg(not(any(unix, windows)))]
pub(crate) fn set(_hooks: &'static Hooks) {}

#[cfg(any(unix, windows))]
pub(super) fn get() -> Option<&'static Hooks> {
    HOOKS.get()
}
