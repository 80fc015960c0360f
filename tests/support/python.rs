use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::skip;

/// The variable for a Python other than `python3`.
const PYTHON: &str = "TELEMETRY_TESTS_PYTHON";

/// A Python with these `modules`. Without one, the test of `what` is skipped.
///
/// # Panics
///
/// If skips are not allowed.
#[track_caller]
pub fn python(what: &str, modules: &[&str]) -> Option<PathBuf> {
    let python = std::env::var_os(PYTHON).map_or("python3".into(), PathBuf::from);
    let modules = modules.join(", ");
    let status = Command::new(&python).args(["-c", &format!("import {modules}")]).stderr(Stdio::null()).status();
    if status.is_ok_and(|status| status.success()) {
        return Some(python);
    }
    skip(what, &format!("{} lacks the modules {modules}; {PYTHON} can name another Python", python.display()));
    None
}
