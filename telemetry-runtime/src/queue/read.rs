//! Reads the queue without changing it or taking a lock.

use std::io;
use std::path::Path;

use super::{LOST, LOST_TAKEN, folder};
use crate::event::{Record, Row};
use crate::sys::files;

/// What the queue holds.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// The events, oldest first.
    pub(crate) records: Vec<Record>,
    pub(crate) summary: Summary,
}

/// How much the queue holds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Summary {
    pub(crate) events: u64,
    pub(crate) bytes: u64,
    /// When the oldest event's run began.
    pub(crate) oldest_unix_ms: Option<u64>,
    /// Events that the queue had no room for and that no delivery has reported yet.
    pub(crate) dropped: u64,
    /// Lines that are torn, or not ours.
    pub(crate) foreign: u64,
}

/// Reads the queue of the CLI `app`. A queue that does not exist counts as empty.
///
/// Runs may append meanwhile: a line that is still being written is left out.
pub(crate) fn read(dir: &Path, app: &str) -> io::Result<Contents> {
    let mut contents = Contents::default();
    let summary = &mut contents.summary;
    let mut records = Vec::new();
    for bytes in folder::undelivered(dir)? {
        summary.bytes += bytes.len() as u64;
        for line in bytes.split_inclusive(|&byte| byte == b'\n').filter_map(|line| line.strip_suffix(b"\n")) {
            match Row::parse(line, app) {
                Row::Event(record) => insert(&mut records, record),
                Row::Dropped(count) => summary.dropped += u64::from(count),
                Row::Empty => {}
                Row::Foreign => summary.foreign += 1,
            }
        }
    }
    contents.records = records.into_iter().map(|record| *record).collect();
    summary.events = contents.records.len() as u64;
    summary.oldest_unix_ms = contents.records.first().map(|record| record.fields.start_time_unix_ms);
    for lost in [LOST, LOST_TAKEN] {
        summary.dropped += files::metadata(&dir.join(lost)).map_or(0, |lost| lost.size);
    }
    Ok(contents)
}

/// Keeps `records` in the order of time. Most come in this order; a delivery that was cut off has put its part into a random
/// one.
#[expect(clippy::vec_box, reason = "thousands of records may have to move")]
fn insert(records: &mut Vec<Box<Record>>, record: Box<Record>) {
    let time = record.fields.start_time_unix_ms;
    let position = records.partition_point(|earlier| earlier.fields.start_time_unix_ms <= time);
    records.insert(position, record);
}
