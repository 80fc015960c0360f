//! Key `abandoned`: runs that ended without a trace (`SIGKILL`, `abort`, a crash, power loss), told by a later run.
//!
//! A run writes a file when it begins, and removes it when it ends. A file that is still there when its process is gone
//! becomes the event that its run could not write.
//!
//! **Whoever removes the file writes the event**: removing succeeds once, so neither two later runs can tell of the same run,
//! nor a later run and the run itself. The latter could happen where it looks as if the process were gone: what goes on
//! is its fork, a daemon, or it runs on another machine that shares the folder. Such a run counts as abandoned.

use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::Root;
use crate::commands::CommandPath;
use crate::error_class::ErrorClassName;
use crate::event::{CliCommandEvent, Outcome, TaskStatus};
use crate::files::Removable;
use crate::queue::Queue;
use crate::{allowlist, ending, files, settings};

/// The folder of the files of runs that go on, each named after its session id.
const DIR: &str = "running";

/// No file of ours is longer.
const MAX_BYTES: u64 = 64 * 1024;

/// A file that says nothing is left alone for so long: a run may be about to write to it.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// This run's file.
#[derive(Debug)]
pub(crate) struct Watch {
    path: PathBuf,
    file: Removable,
    /// This process: a fork of it is not asked.
    process: Value,
    /// Writes a row. A pointer, so that only [`Watch::begin`] brings this code into a program.
    write: fn(&Watch, &CliCommandEvent) -> io::Result<()>,
}

impl Watch {
    /// Writes this run's file, and tells of earlier runs.
    pub(crate) fn begin(root: Root, event: &CliCommandEvent) -> Option<Self> {
        let queue_dir = settings::queue_dir(root.app)?;
        let dir = queue_dir.join(DIR);
        let _ = tell(root, &queue_dir, &dir);
        let path = dir.join(event.session_id.simple().to_string());
        let watch = Watch { file: Removable::new(&path).ok()?, path, process: ending::this_process(), write };
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
        "process": watch.process,
    });
    files::append_to_old(&watch.path, format!("{row}\n").as_bytes())
}

/// Forgets all runs that go on or were abandoned: none of them leaves an event.
pub(crate) fn forget(queue_dir: &Path) -> io::Result<()> {
    for (path, _) in runs_in(&queue_dir.join(DIR))? {
        match files::remove(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Makes events of the runs that were abandoned.
fn tell(root: Root, queue_dir: &Path, dir: &Path) -> io::Result<()> {
    for (path, session_id) in runs_in(dir)? {
        let row = last_row(&path);
        let is_over = match &row {
            Some(row) => !ending::is_running(&row["process"]),
            None => files::look(&path)?.modified.elapsed().is_ok_and(|age| age > PATIENCE),
        };
        if is_over
            && files::remove(&path).is_ok()
            && let Some(event) = row.and_then(|row| event_of(root, session_id, &row))
        {
            Queue::in_dir(queue_dir)?.append(format!("{}\n", event.to_json()).as_bytes())?;
        }
    }
    Ok(())
}

/// The files of runs, with the ids that they are named after.
fn runs_in(dir: &Path) -> io::Result<Vec<(PathBuf, Uuid)>> {
    let names = files::names_in(dir)?;
    Ok(names.iter().filter_map(|name| Some((dir.join(name), session_id(name)?))).collect())
}

fn session_id(name: &OsStr) -> Option<Uuid> {
    let name = name.to_str().filter(|name| name.len() == uuid::fmt::Simple::LENGTH)?;
    Uuid::parse_str(name).ok()
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
        let Some(node) = allowlist::find(level, name, &mut path) else { break };
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
