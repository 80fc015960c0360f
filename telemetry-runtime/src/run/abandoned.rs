//! Key `abandoned`: a later run reports runs that ended without a trace (`SIGKILL`, `abort`, a crash, power loss).
//!
//! A run creates a file when it begins and removes it when it ends. If the file is still there but its process is gone,
//! a later run writes the event instead.
//!
//! **Whoever removes the file writes the event.** Removing succeeds only once, so a run is never reported twice: not by
//! two later runs, and not by a later run and the run itself. The latter could happen if the process only appears to be
//! gone, because the run goes on in a fork (a daemon), or on another machine that shares the folder. Such a run counts
//! as abandoned.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::Duration;

use uuid::Uuid;

use crate::declare::{CommandPath, ErrorClassName, Root, find};
use crate::environment;
use crate::event::{CliCommandEvent, OTHER_VERSION, Outcome};
use crate::json::Json;
use crate::queue::{self, Queue};
use crate::sys::Process;
use crate::sys::files::{self, Removable};

/// A longer file was not written by us.
const MAX_BYTES: u64 = 64 * 1024;

/// How long a file without a valid row is left alone: a run may be about to write to it.
const EMPTY_FILE_MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);

/// This run's file.
#[derive(Debug)]
pub(crate) struct RunFile {
    path: PathBuf,
    file: Removable,
    /// The process that began the run, not a fork of it.
    process: Option<Process>,
    /// Writes a row. A function pointer, so that a program contains this code only if it uses [`RunFile::begin`].
    write: fn(&RunFile, &CliCommandEvent) -> io::Result<()>,
}

impl RunFile {
    /// Reports abandoned runs, and creates this run's file.
    pub(crate) fn begin(root: Root, event: &CliCommandEvent) -> Option<Self> {
        let queue_dir = environment::queue_dir(root.app).ok()?;
        let dir = queue::running_dir(&queue_dir);
        let _ = report_abandoned(root, &queue_dir);
        let path = dir.join(event.session_id.simple().to_string());
        let run_file = RunFile { file: Removable::new(&path).ok()?, path, process: Process::this(), write };
        match files::create_new(&run_file.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                files::create_dir(&queue_dir).ok()?;
                files::create_dir(&dir).ok()?;
                files::create_new(&run_file.path).ok()?;
            }
            created => created.map(drop).ok()?,
        }
        run_file.update(event);
        Some(run_file)
    }

    /// Writes what is known about this run so far. The last row counts.
    pub(super) fn update(&self, event: &CliCommandEvent) {
        let _ = (self.write)(self, event);
    }

    /// Removes the file. False if another run already did, and has reported this one. Async-signal-safe.
    pub(super) fn remove(&self) -> bool {
        !self.file.remove().is_err_and(|error| error.kind() == ErrorKind::NotFound)
    }
}

fn write(run_file: &RunFile, event: &CliCommandEvent) -> io::Result<()> {
    // No name needs an escape: the compiler has checked them.
    let command: Vec<String> = event.command().map(|name| format!("\"{name}\"")).collect();
    let process = match run_file.process {
        Some(Process { pid, start: Some(start) }) => format!("{{\"pid\":{pid},\"start\":{start}}}"),
        Some(Process { pid, start: None }) => format!("{{\"pid\":{pid}}}"),
        None => "null".to_owned(),
    };
    let row = format!(
        "{{\"v\":1,\"start_time_unix_ms\":{},\"version\":\"{}\",\"ci\":{},\"command\":[{}],\"process\":{process}}}\n",
        event.start_time_unix_ms,
        event.version,
        event.ci,
        command.join(",")
    );
    files::append_to_existing(&run_file.path, row.as_bytes())
}

/// Appends an event to the queue for each abandoned run.
fn report_abandoned(root: Root, queue_dir: &Path) -> io::Result<()> {
    for (path, session_id) in queue::runs(queue_dir)? {
        let text = files::read(&path, MAX_BYTES).unwrap_or_default();
        let row = last_row(&text);
        let is_over = match row {
            Some(row) => process(row).is_some_and(|process| !process.is_running()),
            None => files::metadata(&path)?.modified().elapsed().is_ok_and(|age| age > EMPTY_FILE_MAX_AGE),
        };
        if is_over && files::remove(&path).is_ok() {
            if let Some(event) = row.and_then(|row| event_of(root, session_id, row)) {
                Queue::in_dir(queue_dir)?.append(format!("{}\n", event.to_json()).as_bytes())?;
            }
        }
    }
    Ok(())
}

/// The process named in a row. `None` if there is none: the run then counts as still running.
fn process(row: Json<'_>) -> Option<Process> {
    let process = row.get("process");
    Some(Process { pid: process.get("pid").as_i64()?, start: process.get("start").as_u64() })
}

/// The last complete row.
fn last_row(text: &[u8]) -> Option<Json<'_>> {
    text.split(|&byte| byte == b'\n').rev().find_map(Json::parse)
}

/// The event of an abandoned run. All text comes from this program's constants, and none from the row.
fn event_of(root: Root, session_id: Uuid, row: Json<'_>) -> Option<CliCommandEvent> {
    let mut path = CommandPath::default();
    let mut level = root.commands;
    for name in row.get("command").as_list()?.map_while(Json::as_str) {
        let Some(node) = find(level, name, &mut path) else { break };
        level = node.children();
    }
    path.is_recorded(root.commands).then_some(CliCommandEvent {
        root,
        session_id,
        start_time_unix_ms: row.get("start_time_unix_ms").as_u64()?,
        version: if row.get("version").as_str() == Some(root.app.version) { root.app.version } else { OTHER_VERSION },
        ci: row.get("ci").as_bool()?,
        path,
        context: None,
        options: None,
        active: None,
        measures: None,
        outcome: Outcome { error_class: Some(ErrorClassName::ABANDONED), ..Outcome::UNTOLD },
        duration_us: -1,
    })
}
