//! Adds what was delivered to the file of what was sent.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use crate::declare::limits::{SENT_MAX_AGE, SENT_MAX_BYTES};
use crate::queue::sent::{EVENT, is_older};
use crate::queue::{SENT, SENT_OLD};
use crate::sys::files;
use crate::text::Text;

/// The begin of every line.
const START: &str = "{\"sent_unix_ms\":";

/// The lines for one request. `events` have the times that the receiver was told.
pub(crate) fn sent_lines(unix_ms: u64, to: &str, events: impl Iterator<Item = String>, dropped: u64) -> String {
    let mut lines = Text::default();
    // A host has no character that JSON escapes.
    let start = format!("{START}{unix_ms},\"to\":\"{to}\"");
    if dropped > 0 {
        writeln!(lines, "{start},\"dropped_events\":{dropped}}}");
    }
    for event in events {
        writeln!(lines, "{start},\"{EVENT}\":{event}}}");
    }
    lines.finish()
}

/// The file that takes the next lines.
#[derive(Debug)]
pub(crate) struct SentFile(File);

impl SentFile {
    /// Opens the file, for `bytes` more. Deletes what is too old.
    ///
    /// If the user deletes the queue from now on, nothing that is added comes back: this file is deleted last.
    pub(crate) fn open(dir: &Path, bytes: usize, now_unix_ms: u64) -> io::Result<Self> {
        let (path, old) = (dir.join(SENT), dir.join(SENT_OLD));
        let begins_before =
            |path: &Path, max_age| first_unix_ms(path).is_some_and(|first| is_older(first, now_unix_ms, max_age));
        if begins_before(&old, SENT_MAX_AGE) {
            files::remove(&old)?;
        }
        let size = files::metadata(&path).map_or(0, |file| file.size);
        let is_full = size > 0 && size + bytes as u64 > SENT_MAX_BYTES / 2;
        // In half the time, since the lines after the first are younger.
        if is_full || begins_before(&path, SENT_MAX_AGE / 2) {
            files::rename(&path, &old)?;
        }
        files::open_or_create(&path).map(SentFile)
    }

    pub(crate) fn add(&mut self, lines: &str) -> io::Result<()> {
        self.0.write_all(lines.as_bytes())
    }
}

/// The time in the first line. A line that does not begin with one counts as old.
fn first_unix_ms(path: &Path) -> Option<u64> {
    let mut start = String::new();
    files::open(path).ok()?.take(START.len() as u64 + 20).read_to_string(&mut start).ok()?;
    if start.is_empty() {
        return None;
    }
    let digits = start.strip_prefix(START).and_then(|rest| rest.split(',').next());
    Some(digits.and_then(|digits| digits.parse().ok()).unwrap_or(0))
}
