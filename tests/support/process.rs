use std::io::Read;
#[cfg(unix)]
use std::process::ExitStatus;
use std::process::{Child, Command, Stdio};

/// A program whose main is running, because it has printed something.
///
/// # Panics
///
/// If it ends first.
#[track_caller]
pub fn started(command: &mut Command) -> Child {
    let mut child = command.stdout(Stdio::piped()).spawn().expect("the program runs");
    let stdout = child.stdout.as_mut().expect("stdout is a pipe");
    stdout.read_exact(&mut [0]).expect("main says that it runs");
    child
}

/// Sends a signal to a child. Nothing has waited for it yet, so its id has not been reused.
///
/// # Panics
///
/// If it is not permitted.
#[cfg(unix)]
#[track_caller]
pub fn send(child: &Child, signal: i32) {
    let id = libc::pid_t::try_from(child.id()).expect("a process id");
    // SAFETY: touches no memory.
    assert_eq!(unsafe { libc::kill(id, signal) }, 0, "the process is there");
}

/// Ends a child by a signal.
///
/// # Panics
///
/// If it is not permitted.
#[cfg(unix)]
#[track_caller]
pub fn end_by(mut child: Child, signal: i32) -> ExitStatus {
    send(&child, signal);
    child.wait().expect("it is a child")
}
