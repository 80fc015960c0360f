//! A line of the queue, read back.
//!
//! Whatever wrote the line: only what has exactly the form of an event of this app is one. This is what decides what leaves
//! the machine.

use serde_json::Value;
use uuid::Uuid;

use super::fields::{FORMAT_VERSION, Fields};
use super::names::Names;
use super::outcome::TaskStatus;

/// The longest name that a record may hold. No name of ours comes near it.
const NAME_MAX: usize = 128;

/// What stands on one line.
#[derive(Debug)]
pub(crate) enum Row {
    Event(Box<Record>),
    /// The number of lines that were dropped here because the queue was full.
    Dropped(u32),
    /// Nothing: whoever finds the last line torn begins a new one, and a line that another run is just writing looks torn.
    Empty,
    /// Torn, or written by somebody else.
    Foreign,
}

/// The event of an earlier run.
#[derive(Debug, Clone)]
pub(crate) struct Record {
    pub(crate) fields: Fields<String>,
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
            // No count of ours is larger.
            return u32::try_from(count).map_or(Row::Foreign, Row::Dropped);
        }
        match (Fields::read(&row), std::str::from_utf8(line)) {
            (Some(fields), Ok(line)) if fields.app == app => {
                Row::Event(Box::new(Record { fields, line: line.to_owned() }))
            }
            _ => Row::Foreign,
        }
    }
}

impl Fields<String> {
    /// When the run ended, in milliseconds since the Unix epoch.
    #[cfg(feature = "http")]
    pub(crate) fn end_time_unix_ms(&self) -> u64 {
        self.start_time_unix_ms.saturating_add(u64::try_from(self.duration_ms).unwrap_or(0))
    }
}

// How each field is read. Text that may stand here is short, and names something.

pub(super) fn format_version(value: &Value) -> Option<u32> {
    (*value == FORMAT_VERSION).then_some(FORMAT_VERSION)
}

pub(super) fn uuid(value: &Value) -> Option<Uuid> {
    Uuid::parse_str(value.as_str()?).ok()
}

/// A name: short, and on one line.
pub(super) fn name(value: &Value) -> Option<String> {
    let name = value.as_str()?;
    (name.len() <= NAME_MAX && !name.chars().any(char::is_control)).then(|| name.to_owned())
}

pub(super) fn names(value: &Value) -> Option<Names<String>> {
    let names = value.as_array()?.iter().map(name).collect::<Option<Vec<_>>>()?;
    Names::new(names.into_iter())
}

/// A word, such as a version, a platform or a class of errors.
pub(super) fn word(value: &Value) -> Option<String> {
    name(value).filter(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+:-".contains(&byte)))
}

pub(super) fn status(value: &Value) -> Option<TaskStatus> {
    TaskStatus::ALL.into_iter().find(|status| value == status.as_str())
}

pub(super) fn exit_code(value: &Value) -> Option<i32> {
    i32::try_from(value.as_i64()?).ok()
}

pub(super) fn class(value: &Value) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        class => Some(Some(word(class)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"v":1,"session_id":"6a4548933ac442bb8aa05d773379f0a4","start_time_unix_ms":1795447574939,"app":"tool","version":"1.0.0","os":"linux","arch":"x86_64","ci":false,"command":["info","list"],"status":"success","exit_code":0,"error_class":null,"duration_ms":5}"#;

    #[test]
    fn an_event_is_read_back() {
        let Row::Event(record) = Row::parse(LINE.as_bytes(), "tool") else { panic!("no event") };
        assert!(record.fields.command.iter().eq(["info", "list"]));
        assert_eq!(record.fields.duration_ms, 5);
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
            LINE.replace("\"info\"", &["\"x\""; 9].join(",")),
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
