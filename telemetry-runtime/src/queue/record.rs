//! A line of the queue, read back.

use serde_json::Value;
use uuid::Uuid;

use crate::event::{FORMAT_VERSION, TaskStatus};

/// The longest name a record may hold: no name of ours comes near it.
const NAME_MAX: usize = 128;

/// What stands on one line.
#[derive(Debug)]
pub(crate) enum Row {
    Event(Box<Record>),
    /// So many lines were dropped here, since the queue was full.
    Dropped(u32),
    /// Nothing. Who finds the last line torn begins a new one, and a line that another run is just writing looks torn.
    Empty,
    /// Torn, or written by somebody else.
    Foreign,
}

/// The event of one run, as it stands in the queue.
#[derive(Debug, Clone)]
// Not every form of delivery needs all of it.
#[cfg_attr(not(feature = "otlp"), allow(dead_code))]
pub(crate) struct Record {
    pub(crate) session_id: Uuid,
    pub(crate) start_time_unix_ms: u64,
    pub(crate) version: String,
    pub(crate) os: String,
    pub(crate) arch: String,
    pub(crate) ci: bool,
    pub(crate) command: Vec<String>,
    pub(crate) status: String,
    pub(crate) exit_code: i32,
    pub(crate) error_class: Option<String>,
    pub(crate) duration_ms: i64,
    /// The line itself.
    pub(crate) line: String,
}

impl Row {
    /// Reads a line of the CLI `app`.
    pub(crate) fn parse(line: &[u8], app: &str) -> Self {
        if line.is_empty() {
            return Row::Empty;
        }
        let Ok(row) = serde_json::from_slice::<Value>(line) else { return Row::Foreign };
        if row["v"] != FORMAT_VERSION {
            return Row::Foreign;
        }
        if let Some(count) = row["dropped"].as_u64() {
            // A larger one nobody has counted.
            return u32::try_from(count).map_or(Row::Foreign, Row::Dropped);
        }
        match Record::read(&row, line, app) {
            Some(record) => Row::Event(Box::new(record)),
            None => Row::Foreign,
        }
    }
}

impl Record {
    /// `None` unless the row has exactly the form of an event of `app`: this is what decides what leaves the machine.
    fn read(row: &Value, line: &[u8], app: &str) -> Option<Self> {
        if row["app"] != app || row.as_object()?.len() != 13 {
            return None;
        }
        Some(Record {
            session_id: Uuid::parse_str(row["session_id"].as_str()?).ok()?,
            start_time_unix_ms: row["start_time_unix_ms"].as_u64()?,
            version: word(&row["version"])?,
            os: word(&row["os"])?,
            arch: word(&row["arch"])?,
            ci: row["ci"].as_bool()?,
            command: row["command"].as_array()?.iter().map(name).collect::<Option<_>>()?,
            status: word(&row["status"])
                .filter(|status| TaskStatus::ALL.iter().any(|known| known.as_str() == status))?,
            exit_code: i32::try_from(row["exit_code"].as_i64()?).ok()?,
            error_class: match &row["error_class"] {
                Value::Null => None,
                class => Some(word(class)?),
            },
            duration_ms: row["duration_ms"].as_i64()?,
            line: std::str::from_utf8(line).ok()?.to_owned(),
        })
    }

    /// When the run ended, in milliseconds since the Unix epoch.
    #[cfg_attr(not(feature = "http"), allow(dead_code))]
    pub(crate) fn end_time_unix_ms(&self) -> u64 {
        self.start_time_unix_ms.saturating_add(u64::try_from(self.duration_ms).unwrap_or(0))
    }
}

/// A word: such as name versions, platforms and classes of errors.
fn word(value: &Value) -> Option<String> {
    name(value).filter(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+:-".contains(&byte)))
}

/// A name: short, and on one line.
fn name(value: &Value) -> Option<String> {
    let name = value.as_str()?;
    (name.len() <= NAME_MAX && !name.chars().any(char::is_control)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"v":1,"session_id":"6a4548933ac442bb8aa05d773379f0a4","start_time_unix_ms":1795447574939,"app":"tool","version":"1.0.0","os":"linux","arch":"x86_64","ci":false,"command":["info","list"],"status":"success","exit_code":0,"error_class":null,"duration_ms":5}"#;

    #[test]
    fn an_event_is_read_back() {
        let Row::Event(record) = Row::parse(LINE.as_bytes(), "tool") else { panic!("no event") };
        assert_eq!(record.command, ["info", "list"]);
        assert_eq!(record.end_time_unix_ms(), 1_795_447_574_944);
        assert_eq!(record.line, LINE);
    }

    #[test]
    fn what_is_no_event_of_this_app_is_foreign() {
        for line in [
            LINE.replace("tool", "other"),
            LINE.replace("\"v\":1", "\"v\":2"),
            LINE.replace("\"ci\":false", "\"ci\":0"),
            LINE.replace("\"ci\":false", "\"ci\":false,\"user\":\"me\""),
            LINE.replace("success", "suc\\ncess"),
            LINE.replace("success", "/home/me"),
            LINE.replace("\"error_class\":null", "\"error_class\":\"cannot open /home/me\""),
            LINE.replace("info", &"x".repeat(200)),
            LINE.replace('}', ""),
            "{}".to_owned(),
            "[1]".to_owned(),
        ] {
            assert!(matches!(Row::parse(line.as_bytes(), "tool"), Row::Foreign), "{line}");
        }
    }

    #[test]
    fn a_count_of_dropped_lines_is_read_back() {
        assert!(matches!(Row::parse(b"{\"v\":1,\"dropped\":17}", "tool"), Row::Dropped(17)));
        // As many of these as a file has room for would be more than can be counted.
        assert!(matches!(Row::parse(b"{\"v\":1,\"dropped\":18446744073709551615}", "tool"), Row::Foreign));
    }
}
