//! What the program does.

use std::ffi::{CString, c_int, c_void};
use std::io::{self, Read};
use std::process::exit;
use std::thread;

pub(crate) fn main() {
    let mut args = std::env::args().skip(1);
    let mut argument = || args.next().expect("LIBRARY ENDING");
    let (library, ending) = (CString::new(argument()).expect("a path"), argument());
    // The library has state on each thread that uses it, and stays loaded while there is such a thread.
    let used = thread::spawn(move || use_library(&library) as usize).join().expect("the library works");
    // SAFETY: it was opened once, and nothing of it is used any more.
    assert_eq!(unsafe { libc::dlclose(used as *mut c_void) }, 0);
    println!("closed");
    match ending.as_str() {
        "return" => {}
        "exit" => exit(3),
        // Until a signal comes.
        "wait" => drop(io::stdin().read_to_end(&mut Vec::new())),
        "fork" => wait_for_a_fork(),
        _ => panic!("{ending}"),
    }
}

fn use_library(library: &CString) -> *mut c_void {
    // SAFETY: the library has a function of this name and type.
    unsafe {
        let library = libc::dlopen(library.as_ptr(), libc::RTLD_NOW);
        assert!(!library.is_null(), "it cannot be loaded");
        let work = libc::dlsym(library, c"plugin_work".as_ptr());
        assert!(!work.is_null(), "it has no such function");
        std::mem::transmute::<*mut c_void, extern "C" fn()>(work)();
        library
    }
}

/// Forks, as `system` does in a shell.
fn wait_for_a_fork() {
    let mut status: c_int = 0;
    // SAFETY: the child only ends, and this process waits for it.
    unsafe {
        match libc::fork() {
            -1 => panic!("no fork"),
            0 => libc::_exit(0),
            child => libc::waitpid(child, &raw mut status, 0),
        };
    }
    assert_eq!(status, 0);
}
