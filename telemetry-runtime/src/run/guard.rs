//! Telemetry never disturbs the host: a panic inside it is caught, and not even heard.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    static IN_TELEMETRY: Cell<bool> = const { Cell::new(false) };
}

/// Runs code of ours, or code that the program has lent us. `None` if it panics.
pub(crate) fn guard<T>(run: impl FnOnce() -> T) -> Option<T> {
    let outer = IN_TELEMETRY.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(run));
    IN_TELEMETRY.set(outer);
    result.ok()
}

/// Puts a panic hook before the program's that keeps silent about panics inside [`guard`].
pub(crate) fn install_hook() {
    if std::thread::panicking() {
        return;
    }
    let program = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        // Where a panic cannot be caught, it must not be silent either.
        if cfg!(panic = "abort") || !IN_TELEMETRY.get() {
            program(info);
        }
    }));
}
