//! Builds without a feature that can send: no worker is started, and no process becomes one.

use std::path::Path;
use std::process::ExitCode;

use super::Status;
use crate::declare::App;
use crate::environment::Environment;
use crate::queue::{Appended, Queue, Summary};

pub(crate) fn after_append(_app: &'static App, _environment: &Environment, _queue: &Queue, _appended: Appended) {}

pub(crate) fn worker_if_asked(_app: &'static App) -> Option<impl FnOnce() -> ExitCode> {
    None::<fn() -> ExitCode>
}

pub(crate) fn destination(_app: &App) -> Result<Option<String>, &'static str> {
    Ok(None)
}

pub(crate) fn start_problem() -> Option<&'static str> {
    None
}

pub(crate) fn unfinished_unix_ms(_app: &App, _dir: &Path, _status: &Status, _queue: &Summary) -> Option<u64> {
    None
}
