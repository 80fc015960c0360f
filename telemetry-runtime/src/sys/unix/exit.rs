//! `exit`: called by `std::process::exit` from any thread, by clap for help and usage errors, and after main has returned.

use std::ffi::c_int;

use crate::sys::hooks;

fn exits(code: Option<c_int>) {
    if let Some(hooks) = hooks::get() {
        (hooks.exit)(code);
    }
}

/// glibc's `on_exit` passes the exit code, of which the parent sees the lower eight bits.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn watch() {
    use std::ffi::c_void;
    use std::ptr::null_mut;

    unsafe extern "C" {
        fn on_exit(callback: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
    }

    extern "C" fn on_exit_called(code: c_int, _argument: *mut c_void) {
        exits(Some(code & 0xff));
    }

    // SAFETY: the callback is a function of this program, which stays loaded as long as the process lives, and it does not
    // touch its argument.
    unsafe { on_exit(on_exit_called, null_mut()) };
}

/// POSIX's `atexit` does not pass the code.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn watch() {
    extern "C" fn atexit_called() {
        exits(None);
    }

    // SAFETY: the callback is a function of this program, which stays loaded as long as the process lives.
    let _: c_int = unsafe { libc::atexit(atexit_called) };
}
