//! The JSON Schema of the event.

use std::collections::BTreeMap;
use std::env::consts;

use serde_json::{Value, json};

use super::Disclosure;
use crate::event::{self, FIELDS, FORMAT_VERSION, TaskStatus, Values};

impl Disclosure {
    /// The same disclosure gives the same text. Keys are sorted, so that it does not matter whether another crate of the
    /// program enables serde_json's feature `preserve_order`.
    pub(crate) fn schema(&self) -> String {
        let properties = FIELDS.iter().map(|field| {
            let mut property = self.values(field.values);
            property.insert("description", json!(field.meaning));
            (field.name, json!(property))
        });
        let details = self.details.fields().map(|(group, meaning)| {
            let mut property = self.details.schema(group);
            property["description"] = json!(meaning);
            (group.as_str(), property)
        });
        let properties: BTreeMap<_, _> = properties.chain(details).collect();
        let schema = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "additionalProperties": false,
            "description": "The event that one run leaves in the queue. An event that is sent may also tell how many others were dropped before it.",
            "properties": properties,
            "required": event::names().collect::<Vec<_>>(),
            "title": format!("A telemetry event of {}", self.app().name),
            "type": "object",
        });
        format!("{schema:#}\n")
    }

    /// The JSON Schema keywords for these values.
    fn values(&self, values: Values) -> BTreeMap<&'static str, Value> {
        match values {
            Values::Format => [("const", json!(FORMAT_VERSION))].into(),
            Values::Uuid => {
                [("type", json!("string")), ("pattern", json!("^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$"))].into()
            }
            Values::Integer { min, max } => {
                [("type", json!("integer")), ("minimum", json!(min)), ("maximum", json!(max))].into()
            }
            Values::App => [("const", json!(self.app().name))].into(),
            Values::Version => [("enum", json!(self.versions()))].into(),
            Values::Os => [("const", json!(consts::OS))].into(),
            Values::Arch => [("const", json!(consts::ARCH))].into(),
            Values::Flag => [("type", json!("boolean"))].into(),
            Values::Command => [("enum", json!(self.commands))].into(),
            Values::Ending => [("enum", self.endings().collect())].into(),
            Values::Status => [("enum", json!(TaskStatus::ALL.map(TaskStatus::as_str)))].into(),
            Values::ErrorClass => {
                let classes = self.classes.iter().copied().map(Value::from).chain([Value::Null]);
                [("enum", classes.collect())].into()
            }
        }
    }
}
