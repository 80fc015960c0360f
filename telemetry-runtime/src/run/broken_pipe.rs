//! Panics of `println!` when the reader of the output is gone, as in `tool | head`. They are no fault of the program.

use std::any::Any;
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::declare::ErrorClassName;

/// Whether the last panic was one of these. An `abort` that follows no longer knows its message.
static LAST_PANIC: AtomicBool = AtomicBool::new(false);

/// Called at each panic of the program.
pub(super) fn note_panic(payload: &(dyn Any + Send)) {
    LAST_PANIC.store(is_broken_pipe(payload), Ordering::Relaxed);
}

/// The class of the last panic. Async-signal-safe.
pub(super) fn class_of_last_panic() -> ErrorClassName {
    if LAST_PANIC.load(Ordering::Relaxed) { ErrorClassName::BROKEN_PIPE } else { ErrorClassName::PANIC }
}

/// Whether this is std's panic: `failed printing to stdout: Broken pipe (os error 32)`. Programs that print through
/// another crate return the error or panic with a message of their own.
fn is_broken_pipe(payload: &(dyn Any + Send)) -> bool {
    let Some(message) = payload.downcast_ref::<String>() else { return false };
    let code = message.strip_prefix("failed printing to std").and_then(|rest| rest.rsplit_once('('));
    let code = code.and_then(|(_, code)| code.strip_prefix("os error ")?.strip_suffix(')')?.parse().ok());
    code.is_some_and(|code| io::Error::from_raw_os_error(code).kind() == ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_std_s_own_message_counts() {
        let counts = |message: &str| is_broken_pipe(&message.to_owned());
        // Whatever its number on this system.
        let code = (1..300).find(|&code| io::Error::from_raw_os_error(code).kind() == ErrorKind::BrokenPipe).unwrap();
        let broken = io::Error::from_raw_os_error(code);
        assert!(counts(&format!("failed printing to stdout: {broken}")));
        assert!(counts(&format!("failed printing to stderr: {broken}")));
        let other = io::Error::from_raw_os_error(code + 1);
        for message in [format!("failed printing to stdout: {other}"), broken.to_string(), String::new()] {
            assert!(!counts(&message), "{message}");
        }
        assert!(!is_broken_pipe(&"failed printing to stdout: (os error 32)"));
    }
}
