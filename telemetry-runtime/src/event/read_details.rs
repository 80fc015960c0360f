//! Reads the details of an event back from JSON.

use super::details::{Detail, Group, Value, Visitor, Words};
use super::read;
use crate::json::Json;

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
    /// Reads the groups in `row`. `None` if one of them does not have the form of an event's.
    pub(super) fn read(row: &Json) -> Option<Self> {
        let mut details = ReadDetails::default();
        for (group, read) in Group::ALL.into_iter().zip(&mut details.0) {
            let value = row.get(group.as_str());
            if *value == Json::Null {
                continue;
            }
            for (name, value) in value.as_object()? {
                read.push((read::short(name)?.to_owned(), read_value(group, value)?));
            }
        }
        Some(details)
    }

    /// How many groups the event has.
    pub(super) fn groups(&self) -> usize {
        self.0.iter().filter(|group| !group.is_empty()).count()
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
    Some(match (group, value) {
        (Group::Options | Group::Context, Json::Bool(flag)) => ReadValue::Flag(*flag),
        (Group::Options | Group::Facts | Group::Context | Group::Active, Json::Text(_)) => {
            ReadValue::Word(read::name(value)?)
        }
        (Group::Options, Json::List(words)) => ReadValue::Words(words.iter().map(read::name).collect::<Option<_>>()?),
        (Group::Phases, Json::Integer(_)) => ReadValue::Time(value.as_u64()?),
        _ => return None,
    })
}
