//! `show`: the queued events.

use super::{ManageError, Output};
use crate::declare::App;
#[cfg(feature = "http")]
use crate::delivery;
use crate::environment;
use crate::event::{Detail, Group, Record, Timestamp, Value};
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
    // Most programs record none of these.
    if records.iter().all(|record| details(record).is_empty()) {
        return out.table(HEADING, &rows);
    }
    let [started, command, ending, status, code, class, milliseconds] = HEADING;
    let rows: Vec<_> = rows
        .into_iter()
        .zip(&records)
        .map(|([a, b, c, d, e, f, g], record)| [a, b, c, d, e, f, g, details(record)])
        .collect();
    out.table([started, command, ending, status, code, class, milliseconds, "DETAILS"], &rows)
}

/// Prints the request bodies that would be sent, one after the other.
#[cfg(feature = "http")]
pub(super) fn wire(app: &App, out: &mut Output) -> Result<(), ManageError> {
    let Ok(dir) = environment::queue_dir(app) else { return Ok(()) };
    let bodies = delivery::preview(app, &dir).map_err(|cause| ManageError::file("read the queue in", &dir, cause))?;
    bodies.iter().try_for_each(|body| out.bytes(body))
}

const HEADING: [&str; 7] = ["STARTED", "COMMAND", "ENDING", "STATUS", "CODE", "CLASS", "MS"];

/// Options, facts and the like: `release`, `format=json`, `cache=hit`.
fn details(record: &Record) -> String {
    let mut all: Vec<String> = Vec::new();
    for group in Group::ALL {
        record.details.visit(group, &mut |Detail { name, value }| {
            all.push(match value {
                Value::Flag(true) => name.to_owned(),
                Value::Flag(false) => format!("{name}=false"),
                Value::Word(word) => format!("{name}={word}"),
                Value::Words(words) => format!("{name}={}", words.collect::<Vec<_>>().join(",")),
                Value::Time(micros) => format!("{name}={} ms", milliseconds(i64::try_from(micros).unwrap_or(i64::MAX))),
            });
        });
    }
    all.join(" ")
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
