//! Catches and silences panics in telemetry code, so that they never disturb the program.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};

use super::broken_pipe;

thread_local! {
    static IN_TELEMETRY: Cell<bool> = const { Cell::new(false) };
}

/// Runs telemetry code, or the program's code on behalf of telemetry. `None` if it panics.
pub(crate) fn guard<T>(run: impl FnOnce() -> T) -> Option<T> {
    let outer = IN_TELEMETRY.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    IN_TELEMETRY.set(outer);
    result.ok()
}

/// Wraps the program's panic hook in one that prints nothing for panics inside [`guard`].
pub(crate) fn install_hook() {
    if std::thread::panicking() {
        return;
    }
    let program = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !IN_TELEMETRY.get() {
            broken_pipe::note_panic(info.payload());
        }
        // A panic that cannot be caught must not be silenced.
        if cfg!(panic = "abort") || !IN_TELEMETRY.get() {
            program(info);
        }
        if cfg!(panic = "abort") && !IN_TELEMETRY.get() {
            super::finish_at_abort();
        }
    }));
}
