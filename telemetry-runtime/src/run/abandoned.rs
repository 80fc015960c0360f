//! Key `abandoned`: runs that ended without a trace (`SIGKILL`, `abort`, a crash, power loss), told by a later run.
//!
//! A run writes a file when it begins, and removes it when it ends. A file that is still there when its process is gone
//! becomes the event that its run could not write.
//!
//! **Whoever removes the file writes the event**: removing succeeds once, so neither two later runs can tell of the same run,
//! nor a later run and the run itself. The latter could happen where it looks as if the process were gone: what goes on
//! is its fork, a daemon, or it runs on another machine that shares the folder. Such a run counts as abandoned.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::declare::{CommandPath, ErrorClassName, Root, find};
use crate::environment;
use crate::event::{CliCommandEvent, Outcome, TaskStatus};
use crate::queue::{self, Queue};
use crate::sys::Process;
use crate::sys::files::{self, Removable};

/// No file of ours is longer.
const MAX_BYTES: u64 = 64 * 1024;

/// How long a file that says nothing is left alone: a run may be about to write to it.
const EMPTY_FILE_MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// This run's file.
#[derive(Debug)]
pub(crate) struct Watch {
    path: PathBuf,
    file: Removable,
    /// The process that began the run. A fork of it does not count.
    process: Option<Process>,
    /// Writes a row. A pointer, so that only [`Watch::begin`] brings this code into a program.
    write: fn(&Watch, &CliCommandEvent) -> io::Result<()>,
}

impl Watch {
    /// Writes this run's file, and tells of earlier runs.
    pub(crate) fn begin(root: Root, event: &CliCommandEvent) -> Option<Self> {
        let queue_dir = environment::queue_dir(root.app)?;
        let dir = queue::running_dir(&queue_dir);
        let _ = tell(root, &queue_dir);
        let path = dir.join(event.session_id.simple().to_string());
        let watch = Watch { file: Removable::new(&path).ok()?, path, process: Process::this(), write };
        match files::create_new(&watch.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                files::create_dir(&queue_dir).ok()?;
                files::create_dir(&dir).ok()?;
                files::create_new(&watch.path).ok()?;
            }
            created => created.map(drop).ok()?,
        }
        watch.command_is(event);
        Some(watch)
    }

    /// Writes what is known of this run by now. The last row counts.
    pub(super) fn command_is(&self, event: &CliCommandEvent) {
        let _ = (self.write)(self, event);
    }

    /// Removes the file. False if somebody else has, and this run is told already. Async-signal-safe.
    pub(super) fn done(&self) -> bool {
        !self.file.remove().is_err_and(|error| error.kind() == ErrorKind::NotFound)
    }
}

fn write(watch: &Watch, event: &CliCommandEvent) -> io::Result<()> {
    let row = json!({
        "v": 1,
        "start_time_unix_ms": event.start_time_unix_ms,
        "version": event.version,
        "ci": event.ci,
        "command": event.command().collect::<Vec<_>>(),
        "process": watch.process.map(|process| json!({ "pid": process.pid, "start": process.start })),
    });
    files::append_to_existing(&watch.path, format!("{row}\n").as_bytes())
}

/// Makes events of the runs that were abandoned.
fn tell(root: Root, queue_dir: &Path) -> io::Result<()> {
    for (path, session_id) in queue::runs(queue_dir)? {
        let row = last_row(&path);
        let is_over = match &row {
            Some(row) => process(row).is_some_and(|process| !process.is_running()),
            None => files::metadata(&path)?.modified.elapsed().is_ok_and(|age| age > EMPTY_FILE_MAX_AGE),
        };
        if is_over && files::remove(&path).is_ok() {
            if let Some(event) = row.and_then(|row| event_of(root, session_id, &row)) {
                Queue::in_dir(queue_dir)?.append(format!("{}\n", event.to_json()).as_bytes())?;
            }
        }
    }
    Ok(())
}

/// The process that a row names. `None` if it names none: the run then counts as one that goes on.
fn process(row: &Value) -> Option<Process> {
    let process = &row["process"];
    Some(Process { pid: process["pid"].as_i64()?, start: process["start"].as_u64() })
}

/// The last row that is whole.
fn last_row(path: &Path) -> Option<Value> {
    let text = files::read(path, MAX_BYTES).ok()?;
    text.split(|&byte| byte == b'\n').rev().find_map(|row| serde_json::from_slice::<Value>(row).ok())
}

/// The event of an abandoned run. Made anew from what this program knows: no text of the row reaches it.
fn event_of(root: Root, session_id: Uuid, row: &Value) -> Option<CliCommandEvent> {
    let mut path = CommandPath::default();
    let mut level = root.commands;
    for name in row["command"].as_array()?.iter().map_while(Value::as_str) {
        let Some(node) = find(level, name, &mut path) else { break };
        if node.skip {
            return None;
        }
        level = node.children();
    }
    Some(CliCommandEvent {
        root,
        session_id,
        start_time_unix_ms: row["start_time_unix_ms"].as_u64()?,
        version: if row["version"] == root.app.version { root.app.version } else { "undefined" },
        ci: row["ci"].as_bool()?,
        path,
        outcome: Outcome { status: TaskStatus::Undefined, exit_code: -1, error_class: Some(ErrorClassName::ABANDONED) },
        duration_ms: -1,
    })
}
