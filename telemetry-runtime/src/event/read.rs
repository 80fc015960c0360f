//! Reads the value of each field back from JSON. Strings must be short names on one line; anything else is rejected.

use serde_json::Value;
use uuid::Uuid;

use super::FORMAT_VERSION;
use super::names::Names;
use super::outcome::{Ending, TaskStatus};

/// The longest name accepted in an event. Real names are much shorter.
const NAME_MAX_BYTES: usize = 128;

pub(super) fn format_version(value: &Value) -> Option<u32> {
    (*value == FORMAT_VERSION).then_some(FORMAT_VERSION)
}

pub(super) fn uuid(value: &Value) -> Option<Uuid> {
    Uuid::parse_str(value.as_str()?).ok()
}

/// A short name on one line.
pub(super) fn name(value: &Value) -> Option<String> {
    let name = value.as_str()?;
    (name.len() <= NAME_MAX_BYTES && !name.chars().any(char::is_control)).then(|| name.to_owned())
}

pub(super) fn names(value: &Value) -> Option<Names<String>> {
    let names = value.as_array()?.iter().map(name).collect::<Option<Vec<_>>>()?;
    Names::new(names.into_iter())
}

/// A word, such as a version, a platform or an error class.
pub(super) fn word(value: &Value) -> Option<String> {
    name(value).filter(|word| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._+:-".contains(&byte)))
}

pub(super) fn ending(value: &Value) -> Option<Ending> {
    Ending::ALL.into_iter().find(|ending| value == ending.as_str())
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
