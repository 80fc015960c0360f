//! Notices `exit`, which is called by `std::process::exit` on any thread, by clap for help and usage errors, and after
//! main returns.

use std::ffi::c_int;

use crate::sys::hooks;

fn call_hook(code: Option<c_int>) {
    if let Some(hooks) = hooks::get() {
        (hooks.exit)(code);
    }
}

/// glibc's `on_exit` passes the exit code. The parent sees its lower eight bits.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn watch() {
    use std::ffi::c_void;
    use std::ptr::null_mut;

    unsafe extern "C" {
        fn on_exit(callback: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
    }

    extern "C" fn on_exit_called(code: c_int, _argument: *mut c_void) {
        call_hook(Some(code & 0xff));
    }

    // SAFETY: the callback is part of this program, which stays loaded for the life of the process, and it does not use
    // its argument.
    unsafe { on_exit(on_exit_called, null_mut()) };
}

/// POSIX's `atexit` does not pass the exit code.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn watch() {
    extern "C" fn atexit_called() {
        call_hook(None);
    }

    // SAFETY: the callback is part of this program, which stays loaded for the life of the process.
    let _: c_int = unsafe { libc::atexit(atexit_called) };
}
