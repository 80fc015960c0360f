//! Reads the queue without changing it or taking a lock.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::{LIVE, LOST, LOST_TAKEN, OLD, SPILL, folder};
use crate::event::{Record, Row};
use crate::sys::files;

/// What the queue's files hold.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// The undelivered part of each, oldest lines first.
    files: Vec<Vec<u8>>,
    /// Events that could not be stored, and that no delivery has counted yet.
    lost: u64,
    /// The files that would hold events, but are somebody else's.
    pub(crate) foreign_files: Vec<PathBuf>,
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
        let mut contents = Contents::default();
        for name in folder::sealed(dir)?.iter() {
            contents.add(name.in_dir(dir), name.offset);
        }
        for name in [OLD, LIVE, SPILL] {
            contents.add(dir.join(name), 0);
        }
        for name in [LOST, LOST_TAKEN] {
            contents.lost += files::metadata(&dir.join(name)).map_or(0, |file| file.size);
        }
        Ok(contents)
    }

    /// Adds the undelivered part of a file. One that is renamed meanwhile is left out.
    #[inline(never)]
    fn add(&mut self, file: PathBuf, delivered: u64) {
        match folder::read(&file) {
            Ok(mut bytes) => {
                let delivered = usize::try_from(delivered).unwrap_or(usize::MAX).min(bytes.len());
                bytes.drain(..delivered);
                self.files.push(bytes);
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => self.foreign_files.push(file),
            Err(_) => {}
        }
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
