//! Notices `exit`, which is called by `std::process::exit` on any thread, by clap for help and usage errors, and after
//! main returns.

use std::ffi::c_int;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::sys::hooks;

/// The thread whose exit code the parent is to see; 0 while there is none.
static EXITING: AtomicUsize = AtomicUsize::new(0);

/// Whether this is the thread whose exit code the parent will see: the first that is about to exit. Any other waits in
/// `exit`, so that the event has the code with which the process ends.
pub(crate) fn claim_exit() -> bool {
    // SAFETY: returns the id of this thread, which is never 0, and accesses no memory.
    let this = unsafe { libc::pthread_self() } as usize;
    match EXITING.compare_exchange(0, this, Ordering::AcqRel, Ordering::Acquire) {
        Ok(_) => true,
        Err(exiting) => exiting == this,
    }
}

fn call_hook(code: Option<c_int>) {
    if let Some(hooks) = hooks::get() {
        (hooks.exit)(code);
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod gnu;
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub(super) use self::gnu::watch;

/// POSIX's `atexit` does not pass the exit code.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub(super) fn watch() {
    extern "C" fn atexit_called() {
        #[cfg(all(feature = "exit-code", not(feature = "off")))]
        code::at_exit();
        #[cfg(not(all(feature = "exit-code", not(feature = "off"))))]
        call_hook(None);
    }

    #[cfg(all(feature = "exit-code", not(feature = "off")))]
    code::link();
    // SAFETY: the callback stays loaded for the life of the process, see `pin`.
    let _: c_int = unsafe { libc::atexit(atexit_called) };
}

/// musl, linked statically: `exit` calls the handlers and then `_Exit`, which is alone in its object of the archive. So
/// the linker takes this `_Exit` instead.
#[cfg(all(
    feature = "exit-code",
    not(feature = "off"),
    target_os = "linux",
    target_env = "musl",
    target_feature = "crt-static"
))]
mod code {
    use std::ffi::c_int;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Whether `exit` has called the handlers. `_exit` calls `_Exit` as well, but not the handlers.
    static EXITING: AtomicBool = AtomicBool::new(false);

    pub(super) fn at_exit() {
        EXITING.store(true, Ordering::Release);
    }

    /// Keeps the definition below in the program.
    pub(super) fn link() {
        std::hint::black_box(_Exit as *const ());
    }

    // SAFETY: has the type and the effect of the function that it replaces.
    #[unsafe(no_mangle)]
    extern "C" fn _Exit(code: c_int) -> ! {
        if EXITING.swap(false, Ordering::AcqRel) {
            super::call_hook(Some(code & 0xff));
        }
        loop {
            // SAFETY: ends the process.
            unsafe { libc::syscall(libc::SYS_exit_group, code) };
        }
    }
}

/// Where the C library is linked dynamically: what is linked into this program finds this `exit` before the C library's.
/// Calls from other libraries may not.
#[cfg(all(
    feature = "exit-code",
    not(feature = "off"),
    any(
        all(target_os = "linux", target_env = "musl", not(target_feature = "crt-static")),
        target_vendor = "apple",
        target_os = "freebsd",
        target_os = "netbsd",
        target_os = "openbsd",
        target_os = "dragonfly",
    )
))]
mod code {
    use std::ffi::{c_int, c_void};
    use std::sync::atomic::{AtomicI32, Ordering};

    /// No exit code, of which there are 256.
    const NONE: c_int = -1;

    /// What `exit` was first called with.
    static CODE: AtomicI32 = AtomicI32::new(NONE);

    pub(super) fn at_exit() {
        let code = CODE.load(Ordering::Acquire);
        super::call_hook((code != NONE).then_some(code));
    }

    /// Keeps the definition below in the program.
    pub(super) fn link() {
        std::hint::black_box(exit as *const ());
    }

    // SAFETY: has the type and the effect of the function that it replaces, which it calls.
    #[unsafe(no_mangle)]
    extern "C" fn exit(code: c_int) -> ! {
        let _ = CODE.compare_exchange(NONE, code & 0xff, Ordering::AcqRel, Ordering::Acquire);
        // SAFETY: the C library's function has this type. If it cannot be found, the process ends without it.
        unsafe {
            let next = libc::dlsym(libc::RTLD_NEXT, c"exit".as_ptr());
            if !next.is_null() {
                std::mem::transmute::<*mut c_void, extern "C" fn(c_int) -> !>(next)(code);
            }
            libc::_exit(code)
        }
    }
}

/// Elsewhere there is no way to see it.
#[cfg(all(
    feature = "exit-code",
    not(feature = "off"),
    not(any(
        all(target_os = "linux", any(target_env = "gnu", target_env = "musl")),
        target_vendor = "apple",
        target_os = "freebsd",
        target_os = "netbsd",
        target_os = "openbsd",
        target_os = "dragonfly",
    ))
))]
mod code {
    pub(super) fn at_exit() {
        super::call_hook(None);
    }

    pub(super) fn link() {}
}
