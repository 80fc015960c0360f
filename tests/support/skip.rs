use std::env;
use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};

/// The variable that turns every skip into a failure. CI sets it.
const NO_SKIP: &str = "TELEMETRY_TESTS_NO_SKIP";

/// Reports that `what` is not tested, and why.
///
/// # Panics
///
/// If skips are not allowed.
#[track_caller]
pub fn skip(what: &str, why: &str) {
    static SKIPPED: AtomicUsize = AtomicUsize::new(0);

    assert!(env::var_os(NO_SKIP).is_none(), "{what}: not tested, because {why}, and {NO_SKIP} is set");
    let number = SKIPPED.fetch_add(1, Ordering::Relaxed) + 1;
    // Not `eprintln`: the harness captures that, and discards it when the test passes.
    let _ = writeln!(io::stderr(), "\nSKIPPED ({number} in this target): {what}: {why}");
}
