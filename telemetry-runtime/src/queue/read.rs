//! Reads the queue without changing it or taking a lock.

use std::io;
use std::path::Path;

use super::{LOST, LOST_TAKEN, folder};
use crate::event::{Record, Row};
use crate::sys::files;

/// What the queue's files hold.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    files: Vec<Vec<u8>>,
    /// Events that could not be stored, and that no delivery has counted yet.
    lost: u64,
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

impl Contents {
    /// Reads the queue in `dir`. One that does not exist counts as empty.
    pub(crate) fn read(dir: &Path) -> io::Result<Self> {
        let files = folder::undelivered(dir)?;
        let mut lost = 0;
        for name in [LOST, LOST_TAKEN] {
            lost += files::metadata(&dir.join(name)).map_or(0, |file| file.size);
        }
        Ok(Contents { files, lost })
    }

    /// The events of the CLI `app`, in the order in which they would be delivered.
    pub(crate) fn records(&self, app: &str) -> Vec<Record<'_>> {
        let mut records = Vec::new();
        self.each_row(app, &mut |row| {
            if let Row::Event(record) = row {
                records.push(record);
            }
        });
        records
    }

    pub(crate) fn summary(&self, app: &str) -> Summary {
        let mut summary = Summary { dropped: self.lost, ..Summary::default() };
        for file in &self.files {
            summary.bytes += file.len() as u64;
        }
        self.each_row(app, &mut |row| match row {
            Row::Event(record) => {
                let start = record.fields.start_time_unix_ms;
                summary.events += 1;
                summary.oldest_unix_ms = Some(summary.oldest_unix_ms.map_or(start, |oldest| oldest.min(start)));
            }
            Row::Dropped(count) => summary.dropped += u64::from(count),
            Row::Empty => {}
            Row::Foreign => summary.foreign += 1,
        });
        summary
    }

    /// Runs may append meanwhile: a line that is still being written is left out.
    fn each_row<'a>(&'a self, app: &str, visit: &mut dyn FnMut(Row<'a>)) {
        for file in &self.files {
            for line in file.split_inclusive(|&byte| byte == b'\n') {
                if let Some(line) = line.strip_suffix(b"\n") {
                    visit(Row::parse(line, app));
                }
            }
        }
    }
}
