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
