//! Notices how the process exits.
//!
//! The C runtime's `exit` calls the handlers of `atexit`: after main has returned, or if C code exits. Rust's
//! `std::process::exit` calls `ExitProcess`, which calls none.

use std::ffi::c_int;

use crate::sys::hooks;

fn call_hook(code: Option<c_int>) {
    if let Some(hooks) = hooks::get() {
        (hooks.exit)(code);
    }
}

/// Calls the exit hook when the process exits.
pub(super) fn watch() {
    unsafe extern "C" {
        fn atexit(callback: extern "C" fn()) -> c_int;
    }

    extern "C" fn atexit_called() {
        call_hook(None);
    }

    #[cfg(all(feature = "exit-code", not(feature = "off")))]
    imported::redirect();
    // SAFETY: the callback is part of this program, which stays loaded for the life of the process.
    unsafe { atexit(atexit_called) };
}

/// Redirects `ExitProcess` in this program's table of imports, through which all code that is linked into the program
/// calls it. Other libraries have tables of their own.
///
/// Defining a function `ExitProcess` instead would collide with other import libraries that define it.
#[cfg(all(feature = "exit-code", not(feature = "off")))]
mod imported {
    use std::ffi::c_void;
    use std::ptr::null_mut;
    use std::sync::atomic::{AtomicPtr, Ordering};

    use windows_sys::Win32::System::Memory::{PAGE_READWRITE, VirtualProtect};

    type ExitProcess = unsafe extern "system" fn(u32) -> !;

    unsafe extern "C" {
        #[cfg_attr(not(target_arch = "x86"), link_name = "__imp_ExitProcess")]
        #[cfg_attr(target_arch = "x86", link_name = "\x01__imp__ExitProcess@4")]
        static SLOT: AtomicPtr<c_void>;
    }

    /// The address that was in the slot.
    static ORIGINAL: AtomicPtr<c_void> = AtomicPtr::new(null_mut());

    pub(super) fn redirect() {
        let slot = &raw const SLOT;
        let ours: ExitProcess = exit_process;
        let mut protection = 0;
        // SAFETY: the slot is part of this program, as large as a pointer, and aligned. It is read and written in one
        // step each, so another thread that is just calling `ExitProcess` finds either function there, and both do the
        // same.
        unsafe {
            if !ORIGINAL.load(Ordering::Acquire).is_null()
                || VirtualProtect(slot.cast(), size_of::<usize>(), PAGE_READWRITE, &raw mut protection) == 0
            {
                return;
            }
            ORIGINAL.store((*slot).load(Ordering::Acquire), Ordering::Release);
            (*slot).store(ours as *mut c_void, Ordering::Release);
            VirtualProtect(slot.cast(), size_of::<usize>(), protection, &raw mut protection);
        }
    }

    unsafe extern "system" fn exit_process(code: u32) -> ! {
        super::call_hook(Some(code as i32));
        // SAFETY: the address comes from the slot, where the loader stored that of `ExitProcess`.
        unsafe {
            let original: ExitProcess = std::mem::transmute(ORIGINAL.load(Ordering::Acquire));
            original(code)
        }
    }
}
