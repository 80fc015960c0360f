//! Key `abandoned`: runs that ended without a trace (`SIGKILL`, `abort`, a crash, power loss), told by a later run.
//!
//! A run writes a row when it begins, and another when its event is written. A row that has no second one, and whose
//! process is gone, becomes the event that its run could not write.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::Root;
use crate::commands::CommandPath;
use crate::error_class::ErrorClassName;
use crate::event::{CliCommandEvent, Outcome, TaskStatus};
use crate::queue::{MAX_BYTES, Queue, QueueFile};
use crate::{allowlist, ending, files, settings};

/// The rows of the runs that go on, and of some that have ended.
const FILE: &str = "running.jsonl";

/// Beyond this, rows of runs that have ended are cleared away even if none was abandoned.
const TIDY_ABOVE: usize = 16 * 1024;

/// This run's rows.
#[derive(Debug)]
pub(crate) struct Watch {
    file: QueueFile,
    /// Makes a row. A pointer, so that only [`Watch::begin`] brings this code into a program.
    row: fn(&CliCommandEvent) -> String,
    done: String,
}

impl Watch {
    /// Writes this run's first row, and tells of earlier runs.
    pub(crate) fn begin(root: Root, event: &CliCommandEvent) -> Option<Self> {
        let dir = settings::queue_dir(root.app)?;
        let file = QueueFile::named(&dir, FILE).ok()?;
        let _ = tell(root, &dir);
        let done = format!("{}\n", json!({ "v": 1, "done": event.session_id.simple().to_string() }));
        let watch = Watch { file, row, done };
        watch.command_is(event);
        Some(watch)
    }

    /// Writes what is known of this run by now. The last row counts.
    pub(super) fn command_is(&self, event: &CliCommandEvent) {
        let _ = self.file.append((self.row)(event).as_bytes());
    }

    /// Writes the last row. Async-signal-safe.
    pub(super) fn done(&self) {
        let _ = self.file.append(self.done.as_bytes());
    }
}

fn row(event: &CliCommandEvent) -> String {
    let row = json!({
        "v": 1,
        "session_id": event.session_id.simple().to_string(),
        "start_time_unix_ms": event.start_time_unix_ms,
        "version": event.version,
        "ci": event.ci,
        "command": event.command().collect::<Vec<_>>(),
        "process": ending::this_process(),
    });
    format!("{row}\n")
}

/// Makes events of the runs that were abandoned.
///
/// Under an exclusive lock that is not waited for: whoever has it does the same work. The events come first, so what a
/// crash in between repeats has the same session id.
fn tell(root: Root, dir: &Path) -> io::Result<()> {
    let path = dir.join(FILE);
    let file = files::open(&path)?;
    let text = read(&path)?;
    if text.len() <= TIDY_ABOVE && !unfinished(&text).iter().any(is_abandoned) {
        return Ok(());
    }
    file.try_lock()?;
    if !files::names(&path, &file)? {
        return Ok(());
    }
    // Read again: a row may have come before the lock was held.
    let text = read(&path)?;
    let queue = Queue::in_dir(dir)?;
    let mut kept = String::new();
    for row in unfinished(&text) {
        if !is_abandoned(&row) {
            kept.push_str(&format!("{row}\n"));
        } else if let Some(event) = event_of(root, &row) {
            queue.append(format!("{}\n", event.to_json()).as_bytes())?;
        }
    }
    files::replace(&path, kept.as_bytes())
}

fn read(path: &Path) -> io::Result<String> {
    Ok(String::from_utf8_lossy(&files::read(path, MAX_BYTES)?).into_owned())
}

/// The rows of runs that have written no last row.
fn unfinished(text: &str) -> Vec<Value> {
    let rows: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let mut ended: BTreeSet<&str> = rows.iter().filter_map(|row| row["done"].as_str()).collect();
    let mut last: Vec<Value> = rows
        .iter()
        .rev()
        .filter(|row| row["session_id"].as_str().is_some_and(|id| ended.insert(id)))
        .cloned()
        .collect();
    last.reverse();
    last
}

fn is_abandoned(row: &Value) -> bool {
    !ending::is_running(&row["process"])
}

/// The event of an abandoned run. Made anew from what this program knows: no text of the row reaches it.
fn event_of(root: Root, row: &Value) -> Option<CliCommandEvent> {
    let mut path = CommandPath::default();
    let mut level = root.commands;
    for name in row["command"].as_array()?.iter().map_while(Value::as_str) {
        let Some(node) = allowlist::find(level, name, &mut path) else { break };
        level = node.children();
    }
    Some(CliCommandEvent {
        root,
        session_id: Uuid::parse_str(row["session_id"].as_str()?).ok()?,
        start_time_unix_ms: row["start_time_unix_ms"].as_u64()?,
        version: if row["version"] == root.app.version { root.app.version } else { "undefined" },
        ci: row["ci"].as_bool()?,
        path,
        outcome: Outcome { status: TaskStatus::Undefined, exit_code: -1, error_class: Some(ErrorClassName::ABANDONED) },
        duration_ms: -1,
    })
}
