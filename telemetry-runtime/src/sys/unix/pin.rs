//! Keeps this code in memory until the process ends, even if it is in a library that the program closes: the system keeps
//! pointers to the handlers.
//!
//! musl never unloads a library. Where nothing is known, a library must not be closed once a run has begun in it.

#[cfg(any(all(target_os = "linux", target_env = "gnu", not(target_feature = "crt-static")), target_os = "android"))]
pub(super) fn pin() {
    use std::ffi::{CStr, c_char, c_int, c_void};
    use std::ptr::null;

    /// Looks for this code in a program or library. Stops with 1.
    unsafe extern "C" fn look_in(object: *mut libc::dl_phdr_info, _size: usize, found: *mut c_void) -> c_int {
        // SAFETY: the C library passes a valid object, and `pin` a pointer to its variable.
        let (object, found) = unsafe { (&*object, &mut *found.cast::<*const c_char>()) };
        let here = (pin as fn() as usize).wrapping_sub(object.dlpi_addr as usize);
        // SAFETY: there are so many headers, which stay where they are.
        let headers = unsafe { std::slice::from_raw_parts(object.dlpi_phdr, object.dlpi_phnum.into()) };
        let is_here = headers.iter().any(|header| {
            header.p_type == libc::PT_LOAD && here.wrapping_sub(header.p_vaddr as usize) < header.p_memsz as usize
        });
        if is_here {
            *found = object.dlpi_name;
        }
        is_here.into()
    }

    let mut name: *const c_char = null();
    // SAFETY: the callback does not outlive the call. The first object that it sees is the program, where nearly every
    // search ends.
    unsafe { libc::dl_iterate_phdr(Some(look_in), (&raw mut name).cast()) };
    // SAFETY: the name of a loaded object stays where it is. The program's is empty.
    if name.is_null() || unsafe { CStr::from_ptr(name) }.is_empty() {
        return;
    }
    // SAFETY: looked up by its name, so that only a library pays for one more import at its start. It has this type.
    unsafe {
        let open = libc::dlsym(libc::RTLD_DEFAULT, c"dlopen".as_ptr());
        if !open.is_null() {
            let open = std::mem::transmute::<*mut c_void, extern "C" fn(*const c_char, c_int) -> *mut c_void>(open);
            open(name, libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE);
        }
    }
}

#[cfg(any(target_vendor = "apple", target_os = "freebsd"))]
pub(super) fn pin() {
    use std::mem::MaybeUninit;

    let mut here = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: there is room for what is known about the address, and the name of a loaded object stays where it is.
    unsafe {
        if libc::dladdr(pin as *const _, here.as_mut_ptr()) != 0 {
            let name = here.assume_init().dli_fname;
            libc::dlopen(name, libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE);
        }
    }
}

#[cfg(not(any(
    all(target_os = "linux", target_env = "gnu", not(target_feature = "crt-static")),
    target_os = "android",
    target_vendor = "apple",
    target_os = "freebsd",
)))]
pub(super) fn pin() {}
