//! Windows: exit hooks, file locks and detached processes. (`portable` covers the rest.)
//!
//! `std::process::exit` is noticed through the C runtime's `atexit`, which does not pass the exit code. Ctrl-C and
//! closing the console end the process unnoticed: no handler is installed, since it would run on a thread of its own,
//! concurrently with the program.

use std::ffi::{c_int, c_void};
use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;

use super::hooks;

unsafe extern "C" {
    fn atexit(callback: extern "C" fn()) -> c_int;
}

/// Calls the exit hook when the process exits.
pub(crate) fn watch_endings() {
    extern "C" fn atexit_called() {
        if let Some(hooks) = hooks::get() {
            (hooks.exit)(None);
        }
    }

    // SAFETY: the callback is part of this program, which stays loaded for the life of the process.
    unsafe { atexit(atexit_called) };
}

/// `OVERLAPPED`, with the fields that a lock uses: where the locked range begins.
#[repr(C)]
struct Overlapped {
    internal: [usize; 2],
    offset: [u32; 2],
    event: *mut c_void,
}

#[link(name = "kernel32")]
unsafe extern "system" {
    fn LockFileEx(
        file: *mut c_void,
        flags: u32,
        reserved: u32,
        bytes_low: u32,
        bytes_high: u32,
        overlapped: *mut Overlapped,
    ) -> i32;
}

/// Locks the whole file until it is closed. False if another process holds the lock. (std's `File::try_lock` needs Rust
/// 1.89.)
pub(crate) fn try_lock(file: &File) -> io::Result<bool> {
    const EXCLUSIVE_AND_AT_ONCE: u32 = 0x3;
    const ERROR_LOCK_VIOLATION: i32 = 33;
    const ERROR_IO_PENDING: i32 = 997;

    let mut overlapped = Overlapped { internal: [0; 2], offset: [0; 2], event: std::ptr::null_mut() };
    // SAFETY: the handle is open while `file` is borrowed, and the structure outlives the call, which does not wait.
    let locked =
        unsafe { LockFileEx(file.as_raw_handle(), EXCLUSIVE_AND_AT_ONCE, 0, u32::MAX, u32::MAX, &raw mut overlapped) };
    if locked != 0 {
        return Ok(true);
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(ERROR_LOCK_VIOLATION | ERROR_IO_PENDING) => Ok(false),
        _ => Err(error),
    }
}

/// Starts this program again with `args`, with `variable` added to the environment, and without a console.
#[cfg(feature = "http")]
pub(crate) fn start_detached(args: &[&str], variable: (&str, &str)) -> io::Result<()> {
    use std::os::windows::process::CommandExt;
    use std::process::{Command, Stdio};

    const DETACHED_PROCESS: u32 = 0x8;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;

    let mut command = Command::new(std::env::current_exe()?);
    command.args(args.iter().skip(1)).env(variable.0, variable.1);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.creation_flags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP).spawn().map(drop)
}
