//! Whether an event is disclosed: the check that the schema makes, without a JSON Schema validator.

use std::env::consts;

use serde_json::Value;

use super::{Disclosure, statuses};
use crate::declare::{Group, Pieces};
use crate::event::{FORMAT_VERSION, Field, OTHER_VERSION, Values, every_field};

impl Disclosure {
    /// Everything in `event` that is not disclosed, one line each.
    pub(crate) fn undisclosed(&self, event: &Value) -> Vec<String> {
        let Some(event) = event.as_object() else { return vec![format!("not an event: {event}")] };
        let is_detail = |key: &&String| Group::ALL.iter().any(|group| group.as_str() == *key);
        let details = Group::ALL.into_iter().filter_map(|group| {
            let value = event.get(group.as_str()).filter(|value| !self.allows_details(group, value))?;
            Some(format!("field `{}` holds {value}, which is not disclosed", group.as_str()))
        });
        let unknown = event.keys().filter(|key| !every_field().any(|field| field.name == *key) && !is_detail(key));
        let unknown = unknown.map(|key| format!("field `{key}` is not disclosed"));
        let known = every_field().filter_map(|field| match event.get(field.name) {
            Some(value) if self.allows(field.values, value) => None,
            Some(value) => Some(refusal(field, value)),
            None => Some(format!("field `{}` is missing", field.name)),
        });
        unknown.chain(known).chain(details).collect()
    }

    fn allows(&self, values: Values, value: &Value) -> bool {
        match values {
            Values::Format => *value == FORMAT_VERSION,
            Values::Uuid => value.as_str().is_some_and(is_random_uuid),
            Values::Integer { min, max } => value.as_i64().is_some_and(|number| (min..=max).contains(&number)),
            Values::App => value == self.app().name,
            Values::Version => value == self.app().version || self.app().abandoned && value == OTHER_VERSION,
            Values::Os => value == consts::OS,
            Values::Arch => value == consts::ARCH,
            Values::Flag => value.is_boolean(),
            Values::Command => value
                .as_array()
                .is_some_and(|names| self.commands.iter().any(|path| Pieces::new(path, b'\t').eq(names))),
            Values::Ending => self.endings().iter().any(|ending| value == ending),
            Values::Status => statuses().iter().any(|status| value == status),
            Values::ErrorClass => value.is_null() || self.classes.iter().any(|class| value == class),
        }
    }
}

fn refusal(field: Field, value: &Value) -> String {
    let hint = if field.values == Values::ErrorClass {
        ": list the error type in `#[telemetry_cli(errors(..))]` on the root"
    } else {
        ""
    };
    format!("field `{}` holds {value}, which is not disclosed{hint}", field.name)
}

fn is_random_uuid(text: &str) -> bool {
    text.len() == 32
        && text.bytes().enumerate().all(|(index, byte)| match index {
            12 => byte == b'4',
            16 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}
