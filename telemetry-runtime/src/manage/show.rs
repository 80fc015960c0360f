//! `show`: the queued events.

use super::{ManageError, Output};
use crate::declare::App;
#[cfg(feature = "http")]
use crate::delivery;
use crate::environment;
use crate::event::{Record, Timestamp};
use crate::queue;

pub(super) fn run(app: &App, json: bool, out: &mut Output) -> Result<(), ManageError> {
    let records = match environment::queue_dir(app) {
        Ok(dir) => {
            queue::read(&dir, app.name).map_err(|cause| ManageError::file("read the queue in", &dir, cause))?.records
        }
        Err(_) => Vec::new(),
    };
    if json {
        return records.iter().try_for_each(|record| out.line(format_args!("{}", record.line)));
    }
    if records.is_empty() {
        return out.line(format_args!("No events are queued."));
    }
    let rows: Vec<_> = records.iter().map(row).collect();
    out.table(["STARTED", "COMMAND", "ENDING", "STATUS", "CODE", "CLASS", "MS"], &rows)
}

/// Prints the request bodies that would be sent, one after the other.
#[cfg(feature = "http")]
pub(super) fn wire(app: &App, out: &mut Output) -> Result<(), ManageError> {
    let Ok(dir) = environment::queue_dir(app) else { return Ok(()) };
    let bodies = delivery::preview(app, &dir).map_err(|cause| ManageError::file("read the queue in", &dir, cause))?;
    bodies.iter().try_for_each(|body| out.bytes(body))
}

fn row(Record { fields, .. }: &Record) -> [String; 7] {
    let command = fields.command.iter().collect::<Vec<_>>().join(" ");
    [
        Timestamp(fields.start_time_unix_ms).to_string(),
        if command.is_empty() { "-".into() } else { command },
        fields.ending.as_str().to_owned(),
        fields.status.as_str().to_owned(),
        fields.exit_code.to_string(),
        fields.error_class.clone().unwrap_or_else(|| "-".into()),
        milliseconds(fields.duration_us),
    ]
}

/// A duration to the microsecond; `-` when unknown.
fn milliseconds(duration_us: i64) -> String {
    match duration_us {
        ..0 => "-".to_owned(),
        known => format!("{}.{:03}", known / 1_000, known % 1_000),
    }
}
