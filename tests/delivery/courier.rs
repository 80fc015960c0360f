//! A program under test, and what it leaves behind when it delivers.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
#[cfg(target_os = "linux")]
use std::time::Duration;

#[cfg(target_os = "linux")]
use serde_json::Value;
#[cfg(target_os = "linux")]
use support::wait_at_most;
use support::{Program, Sink, delivering};

/// The longest lifetime of a worker, plus some time for a busy machine.
#[cfg(target_os = "linux")]
const WORKER_LIVES: Duration = Duration::from_secs(40);

/// A program that delivers, with a home of its own.
#[derive(Debug)]
pub(crate) struct Courier {
    pub(crate) program: Program,
}

impl Courier {
    /// The example `toolkit`.
    pub(crate) fn new() -> Self {
        Self::called("toolkit")
    }

    pub(crate) fn called(name: &str) -> Self {
        Courier { program: Program::at(delivering().path(name).to_owned(), name) }
    }

    /// A run that delivers to `url`.
    pub(crate) fn run(&self, args: &[&str], url: &str) -> Command {
        let mut command = self.program.recorded(args);
        command.env(self.program.variable("ENDPOINT"), url);
        command
    }

    /// Queues `count` events and delivers nothing.
    #[cfg(target_os = "linux")]
    pub(crate) fn queue(&self, count: usize) {
        for _ in 0..count {
            self.run_quietly("");
        }
    }

    /// Queues one more event, and delivers all of them now.
    pub(crate) fn deliver(&self, sink: &Sink) {
        self.make_due();
        self.run_quietly(&sink.url());
    }

    /// A run that ends normally.
    #[track_caller]
    pub(crate) fn run_quietly(&self, url: &str) {
        assert!(self.run(&["remote"], url).stdout(Stdio::null()).status().unwrap().success());
    }

    /// Delivers, and waits until that is done.
    #[cfg(target_os = "linux")]
    pub(crate) fn deliver_and_wait(&self, sink: &Sink) {
        self.deliver(sink);
        self.wait_for_workers();
    }

    /// Forgets when a delivery last started.
    pub(crate) fn make_due(&self) {
        let _ = fs::remove_file(self.file("delivery.stamp"));
    }

    /// Forgets a failed delivery.
    #[cfg(target_os = "linux")]
    pub(crate) fn forget_failures(&self) {
        let _ = fs::remove_file(self.file("delivery.json"));
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.program.file(name)
    }

    /// The saved state of deliveries.
    #[cfg(target_os = "linux")]
    pub(crate) fn status(&self) -> Value {
        let text = fs::read(self.file("delivery.json")).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or(Value::Null)
    }

    /// The queued lines, in all files of the queue.
    pub(crate) fn waiting(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for entry in fs::read_dir(self.program.telemetry_dir()).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().unwrap();
            let (Ok(text), true) = (fs::read_to_string(entry.path()), name.ends_with(".jsonl")) else { continue };
            let delivered = name.strip_prefix("sealed-").map_or(0, |rest| {
                let offset = rest.trim_end_matches(".jsonl").split('-').nth(1).unwrap();
                offset.parse().unwrap()
            });
            if name != "rejected.jsonl" && !name.starts_with("sent.") {
                lines.extend(text[delivered..].lines().map(str::to_owned));
            }
        }
        lines
    }

    /// The processes that deliver for this program: those with its folder in their environment.
    #[cfg(target_os = "linux")]
    pub(crate) fn workers(&self) -> Vec<u32> {
        self.program.workers()
    }

    /// Waits until no worker runs any more. A worker that was just started exists before the run that started it has ended.
    #[cfg(target_os = "linux")]
    #[track_caller]
    pub(crate) fn wait_for_workers(&self) {
        wait_at_most(WORKER_LIVES, "the end of all workers", || self.workers().is_empty());
    }
}
