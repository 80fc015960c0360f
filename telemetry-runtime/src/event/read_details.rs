//! Reads the details of an event back from JSON.

use serde_json::Value as Json;

use super::details::{Detail, Group, Value, Visitor, Words};
use super::read;

/// The details of an event that was read back.
#[derive(Debug, Clone, Default)]
pub(crate) struct ReadDetails([Vec<(String, ReadValue)>; Group::ALL.len()]);

#[derive(Debug, Clone)]
enum ReadValue {
    Flag(bool),
    Word(String),
    Words(Vec<String>),
    Time(u64),
}

impl ReadDetails {
    /// Takes the groups out of `row`. `None` if one of them does not have the form of an event's.
    pub(super) fn take(row: &mut serde_json::Map<String, Json>) -> Option<Self> {
        let mut details = ReadDetails::default();
        for (group, read) in Group::ALL.into_iter().zip(&mut details.0) {
            let Some(values) = row.remove(group.as_str()) else { continue };
            let Json::Object(values) = values else { return None };
            for (name, value) in values {
                let value = read_value(group, &value)?;
                read.push((read::name(&Json::String(name))?, value));
            }
        }
        Some(details)
    }

    pub(crate) fn visit(&self, group: Group, visit: &mut Visitor<'_>) {
        for (name, value) in &self.0[group as usize] {
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

fn read_value(group: Group, value: &Json) -> Option<ReadValue> {
    match (group, value) {
        (Group::Options | Group::Context, Json::Bool(flag)) => Some(ReadValue::Flag(*flag)),
        (Group::Options | Group::Facts | Group::Context | Group::Active, Json::String(_)) => {
            Some(ReadValue::Word(read::name(value)?))
        }
        (Group::Options, Json::Array(words)) => {
            Some(ReadValue::Words(words.iter().map(read::name).collect::<Option<_>>()?))
        }
        (Group::Phases, Json::Number(micros)) => Some(ReadValue::Time(micros.as_u64()?)),
        _ => None,
    }
}
