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
pub(crate) struct Sent {
    /// When.
    pub(crate) unix_ms: u64,
    /// The receiver's host.
    pub(crate) to: String,
    pub(crate) what: What,
    /// As it is kept.
    #[cfg(feature = "http")]
    pub(crate) line: String,
}

#[derive(Debug)]
pub(crate) enum What {
    Event(Box<Record>),
    /// How many events were lost before.
    Dropped(u64),
}

impl Sent {
    /// `None` if `line` is torn, or is not ours.
    fn parse(line: &[u8], app: &str) -> Option<Self> {
        let line = std::str::from_utf8(line).ok()?;
        // Nobody but us writes here, but a terminal may get to see it.
        let row = Json::parse(line.as_bytes()).filter(|_| !line.chars().any(char::is_control))?;
        let unix_ms = row.get("sent_unix_ms").as_u64()?;
        let to = row.get("to").as_str()?.to_owned();
        let what = match row.get("dropped_events").as_u64() {
            Some(dropped) => What::Dropped(dropped),
            None => {
                let (_, event) = line.strip_suffix('}')?.split_once(EVENT)?;
                let Row::Event(record) = Row::parse(event.as_bytes(), app) else { return None };
                What::Event(record)
            }
        };
        Some(Sent {
            unix_ms,
            to,
            what,
            #[cfg(feature = "http")]
            line: line.to_owned(),
        })
    }
}

/// What stands before the event.
pub(super) const EVENT: &str = ",\"event\":";

/// What was sent and is still kept, oldest first, without what is too old.
pub(crate) fn sent(dir: &Path, app: &str, now_unix_ms: u64) -> Vec<Sent> {
    let mut all = Vec::new();
    for name in [SENT_OLD, SENT] {
        let Ok(bytes) = files::read(&dir.join(name), SENT_MAX_BYTES) else { continue };
        let sent = bytes.split(|&byte| byte == b'\n').filter_map(|line| Sent::parse(line, app));
        all.extend(sent.filter(|sent| !is_older(sent.unix_ms, now_unix_ms, SENT_MAX_AGE)));
    }
    all
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
        sent(&folder.0, sample::event().root.app.name, now_unix_ms).iter().map(|sent| sent.unix_ms / DAY_MS).collect()
    }

    #[test]
    fn what_was_sent_is_read_back() {
        let (folder, _) = Folder::new("sent");
        add(&folder, DAY_MS, 7);
        let all = sent(&folder.0, sample::event().root.app.name, DAY_MS);
        let [Sent { what: What::Dropped(7), .. }, Sent { unix_ms: DAY_MS, to, what: What::Event(record), .. }] =
            &all[..]
        else {
            panic!("{all:?}")
        };
        assert_eq!((to.as_str(), &record.line), ("example.com", &sample::event().to_json()));
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
