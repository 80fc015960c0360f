//! Systems on which a process neither forks nor is interrupted by signals.

use std::io::{self, Write};
use std::time::Duration;

use serde_json::Value;

/// The process that began the run.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner;

impl Owner {
    pub(crate) fn this_process() -> Self {
        Owner
    }

    pub(crate) fn may_finish_here(self) -> bool {
        true
    }
}

pub(crate) fn watch_forks() {}

pub(crate) fn block_signals() {}

pub(crate) fn nap() {
    std::thread::sleep(Duration::from_millis(1));
}

pub(crate) fn write_to_stderr(bytes: &[u8]) -> io::Result<()> {
    io::stderr().write_all(bytes)
}

/// Here a run that was abandoned cannot be told from one that goes on.
pub(crate) fn this_process() -> Value {
    Value::Null
}

pub(crate) fn is_running(_process: &Value) -> bool {
    true
}

/// What the user did.
#[derive(Debug)]
pub(crate) enum Key {
    /// Typed a line; the end of input is an empty one.
    Line(Vec<u8>),
    /// Pressed Ctrl-C. Never seen here: it ends the process.
    #[allow(dead_code)]
    Interrupted,
}

pub(crate) fn forget_file_size_limit() {}

pub(crate) fn is_typed_ahead() -> bool {
    false
}

pub(crate) fn in_foreground() -> bool {
    true
}

pub(crate) fn read_answer(ask: impl FnOnce()) -> Key {
    ask();
    let mut line = String::new();
    let _ = io::stdin().read_line(&mut line);
    Key::Line(line.into_bytes())
}

pub(crate) fn interrupt() {}
