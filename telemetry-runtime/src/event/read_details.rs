//! Reads the details of an event back from JSON.

use super::details::{Detail, Group, Value, Visitor, Words};
use super::read;
use crate::json::Json;

/// The details of an event that was read back.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadDetails {
    all: Vec<(Group, String, ReadValue)>,
    /// How many groups the event has.
    pub(crate) groups: usize,
}

#[derive(Debug, Clone)]
enum ReadValue {
    Flag(bool),
    Word(String),
    Words(Vec<String>),
    Time(u64),
}

impl ReadDetails {
    /// Reads the groups in `row`. `None` if one of them does not have the form of an event's.
    pub(super) fn read(row: &Json<'_>) -> Option<Self> {
        let mut details = ReadDetails::default();
        for group in Group::ALL {
            let value = row.get(group.as_str());
            if matches!(value, Json::Null) {
                continue;
            }
            let entries = value.as_object()?;
            details.groups += usize::from(!entries.is_empty());
            for (name, value) in entries {
                details.all.push((group, read::short(name)?.to_owned(), read_value(group, value)?));
            }
        }
        Some(details)
    }

    #[inline(never)]
    pub(crate) fn visit(&self, group: Group, visit: &mut Visitor<'_>) {
        for (of, name, value) in &self.all {
            if *of != group {
                continue;
            }
            let value = match value {
                ReadValue::Flag(flag) => Value::Flag(*flag),
                ReadValue::Word(word) => Value::Word(word),
                ReadValue::Words(words) => Value::Words(Words::Read(words)),
                ReadValue::Time(micros) => Value::Time(*micros),
            };
            visit(Detail { name, value });
        }
    }
}

fn read_value(group: Group, value: &Json<'_>) -> Option<ReadValue> {
    Some(match (group, value) {
        (Group::Options | Group::Context, Json::Bool(flag)) => ReadValue::Flag(*flag),
        (Group::Options | Group::Facts | Group::Context | Group::Active, Json::Text(_)) => {
            ReadValue::Word(read::name(value)?)
        }
        (Group::Options, Json::List(words)) => ReadValue::Words(read::name_list(words)?),
        (Group::Phases, Json::Integer(_)) => ReadValue::Time(value.as_u64()?),
        _ => return None,
    })
}
