use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// A test that waits longer counts as hanging. Far longer than anything takes on a busy machine.
pub const HANGS_AFTER: Duration = Duration::from_secs(60);

/// The longest that a run may take on a busy machine if it waits for nothing. Anything it must not wait for takes at least
/// twice as long.
pub const PROMPT: Duration = Duration::from_secs(5);

/// The pause between two checks of a condition that cannot signal.
const POLL_INTERVAL: Duration = Duration::from_millis(1);

/// Waits until `is_so` is true.
///
/// # Panics
///
/// With the message `what`, if it hangs.
#[track_caller]
pub fn wait_until(what: &str, is_so: impl FnMut() -> bool) {
    wait_at_most(HANGS_AFTER, what, is_so);
}

/// Waits until `is_so` is true.
///
/// # Panics
///
/// With the message `what`, after `limit`.
#[track_caller]
pub fn wait_at_most(limit: Duration, what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < limit, "not after {limit:?}: {what}");
        thread::sleep(POLL_INTERVAL);
    }
}

/// The output of `command`, with empty stdin. For programs that print little: nothing is read while they run.
///
/// # Panics
///
/// If the program still runs after `limit`. It is then killed.
#[track_caller]
pub fn output_within(limit: Duration, command: &mut Command) -> Output {
    let command = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program runs");
    let start = Instant::now();
    while child.try_wait().expect("it is a child").is_none() {
        if start.elapsed() > limit {
            let _ = child.kill();
            panic!("{command:?} still runs after {limit:?}");
        }
        thread::sleep(POLL_INTERVAL);
    }
    child.wait_with_output().expect("its output can be read")
}
