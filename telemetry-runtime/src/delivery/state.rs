//! The state that is kept from one delivery to the next.

#[cfg(feature = "http")]
use std::io;
use std::path::Path;

use crate::json::Json;
#[cfg(feature = "http")]
use crate::json::Writer;
use crate::queue;
use crate::sys::files;

/// The file that holds it.
const FILE: &str = queue::STATE;
#[cfg(feature = "http")]
const NEW_FILE: &str = "delivery.json.new";

const VERSION: u64 = 1;
const MAX_BYTES: u64 = 16 * 1024;

/// No real count comes near it, and counts from a foreign file cannot overflow when they are added up.
const COUNT_MAX: u64 = 1 << 53;

/// How deliveries went so far, for the next delivery and for `status`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) last_success_unix_ms: Option<u64>,
    /// The error of the latest attempt, if it failed.
    pub(crate) last_error: Option<LastError>,
    /// After a failure: no attempt before this time.
    pub(crate) next_attempt_unix_ms: Option<u64>,
    /// Failures since the last success.
    pub(crate) failures: u32,
    pub(crate) delivered: u64,
    pub(crate) dropped: Dropped,
    /// Of how many of these the receiver has been told.
    pub(crate) reported: u64,
    /// The batch that the receiver refuses, while it may still change its mind.
    pub(crate) refusal: Option<Refusal>,
    /// The version of the CLI for which the receiver has ended collection.
    pub(crate) ended_version: Option<String>,
}

/// A batch that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The session id of the batch's first event.
    pub(crate) session_id: String,
    /// On how many different days (UTC).
    pub(crate) days: u64,
    /// The last time.
    pub(crate) unix_ms: u64,
}

/// A failure: its time, and a few words that contain no user data and no address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LastError {
    pub(crate) unix_ms: u64,
    pub(crate) text: String,
}

/// Events and lines that were dropped, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Dropped {
    /// The queue had no room.
    pub(crate) full: u64,
    /// Too old: [`EVENT_MAX_AGE`](crate::declare::limits::EVENT_MAX_AGE).
    pub(crate) old: u64,
    /// The receiver will never accept it.
    pub(crate) refused: u64,
    /// Too large for the receiver, even on its own.
    pub(crate) too_large: u64,
    /// Torn, or not written by telemetry.
    pub(crate) foreign: u64,
}

impl Dropped {
    /// The sum of all reasons.
    pub(crate) fn total(self) -> u64 {
        self.full + self.old + self.refused + self.too_large + self.foreign
    }
}

impl Status {
    /// The state saved in `dir`. A file that is unreadable or of another version counts as missing.
    pub(crate) fn read(dir: &Path) -> Self {
        let bytes = files::read(&dir.join(FILE), MAX_BYTES).unwrap_or_default();
        Json::parse(&bytes).map(|value| Self::from_json(value)).unwrap_or_default()
    }

    pub(crate) fn from_json(value: Json<'_>) -> Self {
        if value.get("v").as_u64() != Some(VERSION) {
            return Status::default();
        }
        let dropped = value.get("dropped");
        Status {
            last_success_unix_ms: value.get("last_success_unix_ms").as_u64(),
            last_error: LastError::from_json(value.get("last_error")),
            next_attempt_unix_ms: value.get("next_attempt_unix_ms").as_u64(),
            failures: u32::try_from(count(value, "failures")).unwrap_or(u32::MAX),
            delivered: count(value, "delivered"),
            dropped: Dropped {
                full: count(dropped, "full"),
                old: count(dropped, "old"),
                refused: count(dropped, "refused"),
                too_large: count(dropped, "too_large"),
                foreign: count(dropped, "foreign"),
            },
            reported: count(value, "reported"),
            refusal: Refusal::from_json(value.get("refusal")),
            ended_version: value.get("ended_version").as_line(),
        }
    }
}

/// Only a delivery has state to save.
#[cfg(feature = "http")]
impl Status {
    /// How many dropped events the receiver has not been told of.
    pub(crate) fn unreported(&self) -> u64 {
        self.dropped.total().saturating_sub(self.reported)
    }

    /// Only for the process that drains the queue: the new file always has the same name, so that a crash leaves at most one.
    pub(crate) fn write(&self, dir: &Path) -> io::Result<()> {
        let new = dir.join(NEW_FILE);
        files::write_new(&new, self.to_json().as_bytes())?;
        files::rename(&new, &dir.join(FILE))
    }

    pub(crate) fn to_json(&self) -> String {
        let Dropped { full, old, refused, too_large, foreign } = self.dropped;
        let mut out = Writer::default();
        out.open_object();
        out.key("v").number(VERSION);
        out.key("last_success_unix_ms").optional(self.last_success_unix_ms);
        if let Some(LastError { unix_ms, text }) = &self.last_error {
            out.key("last_error").open_object();
            out.key("unix_ms").number(*unix_ms);
            out.key("text").text(text);
            out.close_object();
        }
        out.key("next_attempt_unix_ms").optional(self.next_attempt_unix_ms);
        out.key("failures").number(self.failures.into());
        out.key("delivered").number(self.delivered);
        out.key("dropped").open_object();
        out.key("full").number(full);
        out.key("old").number(old);
        out.key("refused").number(refused);
        out.key("too_large").number(too_large);
        out.key("foreign").number(foreign);
        out.close_object();
        out.key("reported").number(self.reported);
        if let Some(Refusal { session_id, days, unix_ms }) = &self.refusal {
            out.key("refusal").open_object();
            out.key("session_id").text(session_id);
            out.key("days").number(*days);
            out.key("unix_ms").number(*unix_ms);
            out.close_object();
        }
        if let Some(version) = &self.ended_version {
            out.key("ended_version").text(version);
        }
        out.close_object();
        out.finish()
    }
}

/// The count of this name; 0 if there is none.
#[inline(never)]
fn count(value: Json<'_>, name: &str) -> u64 {
    value.get(name).as_u64().unwrap_or(0).min(COUNT_MAX)
}

impl Refusal {
    fn from_json(value: Json<'_>) -> Option<Self> {
        Some(Refusal {
            session_id: value.get("session_id").as_line()?,
            days: value.get("days").as_u64()?.min(COUNT_MAX),
            unix_ms: value.get("unix_ms").as_u64()?,
        })
    }
}

impl LastError {
    fn from_json(value: Json<'_>) -> Option<Self> {
        Some(LastError { unix_ms: value.get("unix_ms").as_u64()?, text: value.get("text").as_line()? })
    }
}

#[cfg(all(test, feature = "http"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let status = Status {
            last_success_unix_ms: Some(1),
            last_error: Some(LastError { unix_ms: 2, text: "timeout".to_owned() }),
            next_attempt_unix_ms: Some(3),
            failures: 4,
            delivered: 5,
            dropped: Dropped { full: 6, old: 7, refused: 8, too_large: 9, foreign: 10 },
            reported: 12,
            refusal: Some(Refusal { session_id: "a".to_owned(), days: 2, unix_ms: 11 }),
            ended_version: Some("1.0".to_owned()),
        };
        for status in [status, Status::default()] {
            assert_eq!(Json::parse(status.to_json().as_bytes()).map(|json| Status::from_json(json)), Some(status));
        }
    }

    fn read(text: &str) -> Status {
        Status::from_json(Json::parse(text.as_bytes()).unwrap())
    }

    #[test]
    fn what_somebody_else_has_written_is_read_the_same_again() {
        for text in ["a\u{7f}", "a\u{85}b", r"a\u001b", r#"\"\\\/\ud83d\ude00"#] {
            let refusal = format!(r#"{{ "session_id": "{text}", "days": 1, "unix_ms": 2 }}"#);
            let error = format!(r#"{{ "unix_ms": 3, "text": "{text}" }}"#);
            let status = read(&format!(
                r#"{{ "v": 1, "refusal": {refusal}, "last_error": {error}, "ended_version": "{text}" }}"#
            ));
            assert!(status.refusal.is_some() && status.last_error.is_some() && status.ended_version.is_some());
            assert_eq!(read(&status.to_json()), status, "{text}");
        }
    }

    #[test]
    fn another_version_counts_as_none() {
        assert_eq!(read(r#"{ "v": 2, "delivered": 5 }"#), Status::default());
        assert_eq!(read("null"), Status::default());
    }

    #[test]
    fn counts_that_somebody_else_has_written_can_be_added_up() {
        let huge = format!(r#"{{ "v": 1, "dropped": {{ "full": {0}, "foreign": {0} }} }}"#, i64::MAX);
        assert_eq!(read(&huge).dropped.total(), 2 * COUNT_MAX);
    }
}
