//! What a receiver has accepted, kept for a while, so that the user can see what left the machine.
//!
//! Each line is `{"sent_unix_ms":…,"to":…,"event":{…}}`, with the event and the time that the receiver was told, or has `"dropped_events":…` in its
//! place: the number of lost events that the receiver was told of. There are two files: a full or old one is renamed, and
//! so replaces the one before.

use std::path::Path;
use std::time::Duration;

use super::{SENT, SENT_OLD};
use crate::declare::limits::{SENT_MAX_AGE, SENT_MAX_BYTES};
use crate::event::{Record, Row};
use crate::json::Json;
use crate::sys::files;

/// Something that was sent.
#[derive(Debug)]
pub(crate) struct Sent<'a> {
    /// When.
    pub(crate) unix_ms: u64,
    /// The receiver's host.
    pub(crate) to: &'a str,
    pub(crate) what: What<'a>,
    /// As it is kept.
    #[cfg(feature = "http")]
    pub(crate) line: &'a str,
}

#[derive(Debug)]
pub(crate) enum What<'a> {
    Event(Record<'a>),
    /// How many events were lost before.
    Dropped(u64),
}

impl<'a> Sent<'a> {
    /// `None` if `line` is torn, or is not ours.
    fn parse(line: &'a [u8], app: &str) -> Option<Self> {
        let row = Json::parse(line)?;
        // Nobody but us writes here, but a terminal may get to see it.
        if row.as_json().contains(char::is_control) {
            return None;
        }
        let what = match row.get("dropped_events").as_u64() {
            Some(dropped) => What::Dropped(dropped),
            None => match Row::parse(row.find(EVENT)?.as_json().as_bytes(), app) {
                Row::Event(record) => What::Event(record),
                Row::Dropped(_) | Row::Empty | Row::Foreign => return None,
            },
        };
        Some(Sent {
            unix_ms: row.get("sent_unix_ms").as_u64()?,
            to: row.get("to").as_str()?,
            what,
            #[cfg(feature = "http")]
            line: row.as_json(),
        })
    }
}

/// The key of the event.
pub(super) const EVENT: &str = "event";

/// The files of what was sent.
#[derive(Debug, Default)]
pub(crate) struct SentFiles([Vec<u8>; 2]);

impl SentFiles {
    pub(crate) fn read(dir: &Path) -> Self {
        SentFiles([SENT_OLD, SENT].map(|name| files::read(&dir.join(name), SENT_MAX_BYTES).unwrap_or_default()))
    }

    /// What was sent and is still kept, oldest first, without what is too old.
    pub(crate) fn sent(&self, app: &str, now_unix_ms: u64) -> Vec<Sent<'_>> {
        let lines = self.0.iter().flat_map(|file| file.split(|&byte| byte == b'\n'));
        let sent = lines.filter_map(|line| Sent::parse(line, app));
        sent.filter(|sent| !is_older(sent.unix_ms, now_unix_ms, SENT_MAX_AGE)).collect()
    }
}

/// Whether it is longer ago than `max_age`. The clock may have been set back.
pub(super) fn is_older(unix_ms: u64, now_unix_ms: u64, max_age: Duration) -> bool {
    u128::from(now_unix_ms.saturating_sub(unix_ms)) > max_age.as_millis()
}

#[cfg(all(test, feature = "http"))]
mod tests {
    use super::*;
    use crate::event::sample;
    use crate::queue::drain::{SentFile, sent_lines};
    use crate::queue::testing::Folder;

    const DAY_MS: u64 = 24 * 60 * 60 * 1000;

    fn add(folder: &Folder, now_unix_ms: u64, dropped: u64) {
        let event = sample::event().to_json();
        let lines = sent_lines(now_unix_ms, "example.com", std::iter::once(event), dropped);
        SentFile::open(&folder.0, lines.len(), now_unix_ms).unwrap().add(&lines).unwrap();
    }

    fn times(folder: &Folder, now_unix_ms: u64) -> Vec<u64> {
        let files = SentFiles::read(&folder.0);
        files.sent(sample::event().root.app.name, now_unix_ms).iter().map(|sent| sent.unix_ms / DAY_MS).collect()
    }

    #[test]
    fn what_was_sent_is_read_back() {
        let (folder, _) = Folder::new("sent");
        add(&folder, DAY_MS, 7);
        let files = SentFiles::read(&folder.0);
        let all = files.sent(sample::event().root.app.name, DAY_MS);
        let [Sent { what: What::Dropped(7), .. }, Sent { unix_ms: DAY_MS, to, what: What::Event(record), .. }] =
            &all[..]
        else {
            panic!("{all:?}")
        };
        assert_eq!((*to, record.row.as_json()), ("example.com", &*sample::event().to_json()));
    }

    #[test]
    fn it_is_kept_for_thirty_days_at_most() {
        let (folder, _) = Folder::new("sent-days");
        for day in [1, 10, 17, 18, 30] {
            add(&folder, day * DAY_MS, 0);
        }
        assert_eq!(times(&folder, 30 * DAY_MS), [1, 10, 17, 18, 30]);
        // Nothing was sent since, but it is not shown either.
        assert_eq!(times(&folder, 32 * DAY_MS), [10, 17, 18, 30]);
        add(&folder, 32 * DAY_MS, 0);
        assert_eq!(times(&folder, 32 * DAY_MS), [17, 18, 30, 32]);
    }

    #[test]
    fn it_stays_within_its_limit() {
        let (folder, _) = Folder::new("sent-limit");
        for _ in 0..2000 {
            add(&folder, DAY_MS, 0);
        }
        let size = |name| files::metadata(&folder.0.join(name)).unwrap().size;
        let total = size(SENT) + size(SENT_OLD);
        assert!((SENT_MAX_BYTES / 2..=SENT_MAX_BYTES).contains(&total), "{total}");
    }
}
