//! The rows that only Unix has.

use std::os::unix::process::CommandExt;
use std::process::{self, Command};
use std::ptr::null_mut;
use std::sync::atomic::{AtomicI32, Ordering};

use crate::handlers::Handler;
use crate::rows::tell;

pub(crate) fn exit_at_once(code: i32) {
    // SAFETY: ends the process.
    unsafe { libc::_exit(code) }
}

pub(crate) fn kill(signal: i32) {
    // SAFETY: touches no memory.
    unsafe { libc::kill(libc::getpid(), signal) };
}

pub(crate) fn handled(signal: i32) {
    kill(signal);
    Handler::wait();
    println!("handled");
}

pub(crate) fn handled_twice(signal: i32) {
    kill(signal);
    Handler::wait();
    kill(signal);
}

pub(crate) fn fork_return() {
    if let Some(child) = fork() {
        wait_for(child);
    }
    println!("returns");
}

pub(crate) fn fork_exit() {
    match fork() {
        Some(child) => wait_for(child),
        None => process::exit(9),
    }
}

pub(crate) fn fork_kill(signal: i32) {
    match fork() {
        Some(child) => wait_for(child),
        None => kill(signal),
    }
}

pub(crate) fn daemon_exit() {
    match fork() {
        Some(_) => process::exit(0),
        None => exit_orphaned(),
    }
}

pub(crate) fn orphan() {
    match fork() {
        Some(_) => kill(libc::SIGKILL),
        None => exit_orphaned(),
    }
}

pub(crate) fn outlived() {
    if fork().is_none() {
        exit_orphaned();
    }
}

fn exit_orphaned() {
    wait_until_orphaned();
    process::exit(5);
}

pub(crate) fn exec_told() {
    telemetry_runtime::finish_before_exec();
    exec();
}

pub(crate) fn tell_at_exit() {
    extern "C" fn tell_again() {
        tell();
    }

    // SAFETY: the function stays loaded.
    unsafe { libc::atexit(tell_again) };
    process::exit(6);
}

/// As the C library's `daemon`, which not every system has.
pub(crate) fn daemon() {
    if fork().is_some() {
        exit_at_once(0);
    }
    // SAFETY: touches no memory.
    assert!(unsafe { libc::setsid() } > 0);
    wait_until_orphaned();
}

static PARENT: AtomicI32 = AtomicI32::new(0);

/// The id of the child, or `None` in the child.
fn fork() -> Option<libc::pid_t> {
    PARENT.store(process::id().cast_signed(), Ordering::Release);
    // SAFETY: no thread of this program holds a lock that the child needs.
    match unsafe { libc::fork() } {
        0 => None,
        child => {
            assert!(child > 0);
            Some(child)
        }
    }
}

fn wait_for(child: libc::pid_t) {
    // SAFETY: a null status is allowed.
    unsafe { libc::waitpid(child, null_mut(), 0) };
}

fn wait_until_orphaned() {
    // SAFETY: touches no memory.
    support::wait_until("the parent has ended", || unsafe { libc::getppid() } != PARENT.load(Ordering::Acquire));
}

pub(crate) fn exec() {
    let error = Command::new("/bin/sh").args(["-c", "echo another program; exit 8"]).exec();
    panic!("{error}");
}
