//! Windows: `std::process::exit` is seen through the C runtime's `atexit`, which does not pass the code. Ctrl-C and the closing
//! of the console end the process without a trace: no handler is installed, since one would run in a thread of its own
//! beside the program's.

use std::ffi::{c_int, c_void};
use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;

use super::hooks;

unsafe extern "C" {
    fn atexit(callback: extern "C" fn()) -> c_int;
}

/// Watches exits.
pub(crate) fn watch_endings() {
    extern "C" fn atexit_called() {
        if let Some(hooks) = hooks::get() {
            (hooks.exit)(None);
        }
    }

    // SAFETY: the callback is a function of this program, which stays loaded as long as the process lives.
    unsafe { atexit(atexit_called) };
}

/// The part of `OVERLAPPED` that a lock uses: where the locked bytes begin.
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

/// Locks the whole file until it is closed. False if somebody else has it locked. (std's `File::try_lock` needs Rust 1.89.)
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

/// Starts this program again with `args`, and `variable` added to the environment: without a console.
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
