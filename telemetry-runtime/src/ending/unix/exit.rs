//! `exit`: called by `std::process::exit` from any thread, by clap for help and usage errors, and after main has returned.

use std::ffi::c_int;

use crate::event::Outcome;
use crate::invocation;

/// glibc's `on_exit` hands over the exit code, of which the parent sees the lower eight bits.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) fn install() {
    use std::ffi::c_void;
    use std::ptr::null_mut;

    unsafe extern "C" {
        fn on_exit(callback: extern "C" fn(c_int, *mut c_void), argument: *mut c_void) -> c_int;
    }

    extern "C" fn exits(code: c_int, _argument: *mut c_void) {
        invocation::finish_at_exit(Outcome::from_code(code & 0xff));
    }

    // SAFETY: `exits` is a function of this program, which stays loaded as long as the process lives, and it does not
    // touch its argument.
    unsafe { on_exit(exits, null_mut()) };
}

/// POSIX's `atexit` does not tell the code.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn install() {
    extern "C" fn exits() {
        invocation::finish_at_exit(Outcome::UNKNOWN);
    }

    // SAFETY: `exits` is a function of this program, which stays loaded as long as the process lives.
    let _: c_int = unsafe { libc::atexit(exits) };
}
