//! The state that is kept from one delivery to the next.

#[cfg(feature = "http")]
use std::io;
use std::path::Path;

use serde_json::Value;
#[cfg(feature = "http")]
use serde_json::json;

use crate::sys::files;

/// The file that holds it.
const FILE: &str = "delivery.json";
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
    /// Older than 30 days.
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
        match serde_json::from_slice(&bytes) {
            Ok(value) => Self::from_json(&value),
            Err(_) => Status::default(),
        }
    }

    pub(crate) fn from_json(value: &Value) -> Self {
        if value["v"] != VERSION {
            return Status::default();
        }
        let number = |value: &Value| value.as_u64().unwrap_or(0).min(COUNT_MAX);
        let dropped = &value["dropped"];
        Status {
            last_success_unix_ms: value["last_success_unix_ms"].as_u64(),
            last_error: LastError::from_json(&value["last_error"]),
            next_attempt_unix_ms: value["next_attempt_unix_ms"].as_u64(),
            failures: u32::try_from(number(&value["failures"])).unwrap_or(u32::MAX),
            delivered: number(&value["delivered"]),
            dropped: Dropped {
                full: number(&dropped["full"]),
                old: number(&dropped["old"]),
                refused: number(&dropped["refused"]),
                too_large: number(&dropped["too_large"]),
                foreign: number(&dropped["foreign"]),
            },
            reported: number(&value["reported"]),
            refusal: Refusal::from_json(&value["refusal"]),
            ended_version: value["ended_version"].as_str().map(|version| version.replace(char::is_control, "")),
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
        files::write_new(&new, self.to_json().to_string().as_bytes())?;
        files::rename(&new, &dir.join(FILE))
    }

    pub(crate) fn to_json(&self) -> Value {
        let Dropped { full, old, refused, too_large, foreign } = self.dropped;
        json!({
            "v": VERSION,
            "last_success_unix_ms": self.last_success_unix_ms,
            "last_error": self.last_error.as_ref().map(|error| json!({ "unix_ms": error.unix_ms, "text": error.text })),
            "next_attempt_unix_ms": self.next_attempt_unix_ms,
            "failures": self.failures,
            "delivered": self.delivered,
            "dropped": { "full": full, "old": old, "refused": refused, "too_large": too_large, "foreign": foreign },
            "reported": self.reported,
            "refusal": self.refusal.as_ref().map(|Refusal { session_id, days, unix_ms }| {
                json!({ "session_id": session_id, "days": days, "unix_ms": unix_ms })
            }),
            "ended_version": self.ended_version,
        })
    }
}

impl Refusal {
    fn from_json(value: &Value) -> Option<Self> {
        Some(Refusal {
            session_id: value["session_id"].as_str()?.to_owned(),
            days: value["days"].as_u64()?.min(COUNT_MAX),
            unix_ms: value["unix_ms"].as_u64()?,
        })
    }
}

impl LastError {
    fn from_json(value: &Value) -> Option<Self> {
        Some(LastError {
            unix_ms: value["unix_ms"].as_u64()?,
            text: value["text"].as_str()?.replace(char::is_control, ""),
        })
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
        assert_eq!(Status::from_json(&status.to_json()), status);
    }

    #[test]
    fn another_version_counts_as_none() {
        assert_eq!(Status::from_json(&json!({ "v": 2, "delivered": 5 })), Status::default());
        assert_eq!(Status::from_json(&Value::Null), Status::default());
    }

    #[test]
    fn counts_that_somebody_else_has_written_can_be_added_up() {
        let huge = json!({ "v": 1, "dropped": { "full": u64::MAX, "foreign": u64::MAX } });
        assert_eq!(Status::from_json(&huge).dropped.total(), 2 * COUNT_MAX);
    }
}
