//! Console events: Ctrl-C, Ctrl-Break, and the closing of the console.

use windows_sys::Win32::Foundation::STATUS_CONTROL_C_EXIT;
use windows_sys::Win32::System::Console::{CTRL_BREAK_EVENT, CTRL_C_EVENT, CTRL_CLOSE_EVENT, SetConsoleCtrlHandler};
use windows_sys::core::BOOL;

use crate::sys::hooks::{self, signals};

/// Installs the handler. Windows calls the handlers in reverse order, until one says that it has handled the event: a
/// handler that the program installs later comes first, and this one is not called if the program goes on.
pub(super) fn watch() {
    // SAFETY: the handler is part of this program, which stays loaded for the life of the process.
    unsafe { SetConsoleCtrlHandler(Some(on_event), 1) };
}

/// Runs on a thread of its own, while the program goes on.
unsafe extern "system" fn on_event(event: u32) -> BOOL {
    let signal = match event {
        CTRL_C_EVENT => signals::INTERRUPT,
        CTRL_BREAK_EVENT => signals::QUIT,
        CTRL_CLOSE_EVENT => signals::HANGUP,
        // The user logs off, or the system shuts down.
        _ => signals::TERMINATE,
    };
    if let Some(hooks) = hooks::get() {
        (hooks.signal)(signal, STATUS_CONTROL_C_EXIT);
    }
    // Not handled: the next handler is asked, and the last one ends the process.
    0
}
