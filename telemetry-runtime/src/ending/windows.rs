//! Windows: `std::process::exit` is seen through the C runtime's `atexit`, which does not tell the code. Ctrl-C and the
//! closing of the console end the process without a trace: no handler is installed, since one would run in a thread of its
//! own beside the program's.

use std::ffi::c_int;

use crate::event::Outcome;
use crate::invocation;

unsafe extern "C" {
    fn atexit(callback: extern "C" fn()) -> c_int;
}

pub(crate) fn install() {
    // SAFETY: `exits` is a function of this program, which stays loaded as long as the process lives.
    unsafe { atexit(exits) };
}

extern "C" fn exits() {
    invocation::finish_at_exit(Outcome::UNKNOWN);
}

/// Starts this program again with `args`, and `variable` added to the environment: without a console.
#[cfg(feature = "http")]
pub(crate) fn start_detached(args: &[&str], variable: (&str, &str)) -> std::io::Result<()> {
    use std::os::windows::process::CommandExt;
    use std::process::{Command, Stdio};

    const DETACHED_PROCESS: u32 = 0x8;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;

    let mut command = Command::new(std::env::current_exe()?);
    command.args(args.iter().skip(1)).env(variable.0, variable.1);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.creation_flags(DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP).spawn().map(drop)
}
