//! Helpers for the queue's tests: a queue in a temporary folder, and events to append.

use std::fs::{self, File};
use std::path::PathBuf;

use super::{LIVE, Queue, SPILL};
use crate::event::Record;

pub(crate) const APP: &str = "tool";

/// A temporary folder, deleted on drop.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> (Self, Queue) {
        let dir = std::env::temp_dir().join(format!("telemetry-queue-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        let queue = Queue::in_dir(&dir).unwrap();
        (Folder(dir), queue)
    }

    /// Locks all files that runs append to.
    pub(crate) fn hold_all(&self) -> Vec<File> {
        let hold = |name| {
            let file = File::create(self.0.join(name)).unwrap();
            file.lock().unwrap();
            file
        };
        [LIVE, SPILL].map(hold).into()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Appends an event that `number` identifies.
pub(crate) fn append(queue: &Queue, number: u32) {
    let line = format!(
        r#"{{"v":2,"session_id":"{number:032x}","start_time_unix_ms":1,"app":"{APP}","version":"1","os":"linux","arch":"x86_64","ci":false,"command":["a"],"ending":"return","status":"success","exit_code":0,"error_class":null,"duration_us":{number}}}"#
    );
    queue.append(format!("{line}\n").as_bytes()).unwrap();
}

pub(crate) fn numbers(records: &[Record<'_>]) -> Vec<i64> {
    records.iter().map(|record| record.fields.duration_us).collect()
}
