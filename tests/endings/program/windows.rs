//! The rows that only Windows has.

use std::process;

use windows_sys::Win32::System::Console::{GenerateConsoleCtrlEvent, SetConsoleCtrlHandler};
use windows_sys::Win32::System::Threading::{GetCurrentProcess, TerminateProcess};
use windows_sys::core::BOOL;

pub(crate) fn terminate(code: u32) {
    // SAFETY: ends the process.
    unsafe { TerminateProcess(GetCurrentProcess(), code) };
}

/// The exit code of a program that cannot send itself the event.
const NO_EVENT: i32 = 77;

/// To every program of the console.
pub(crate) fn console(event: u32) {
    // SAFETY: touches no memory.
    if unsafe { GenerateConsoleCtrlEvent(event, 0) } == 0 {
        process::exit(NO_EVENT);
    }
    std::thread::sleep(std::time::Duration::from_secs(60));
}

pub(crate) fn console_handled(event: u32) {
    unsafe extern "system" fn exits(_event: u32) -> BOOL {
        process::exit(130);
    }

    // SAFETY: the handler stays loaded.
    unsafe { SetConsoleCtrlHandler(Some(exits), 1) };
    console(event);
}
