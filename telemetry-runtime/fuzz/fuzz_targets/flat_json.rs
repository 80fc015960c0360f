//! The small JSON reader accepts only what `serde_json` accepts, with the same meaning.
#![no_main]

use std::fmt;

use libfuzzer_sys::fuzz_target;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use telemetry_runtime::fuzzing;

fuzz_target!(|text: &str| {
    let Some(entries) = fuzzing::flat_json(text) else { return };
    let Entries(expected) = serde_json::from_str(text).expect("JSON");
    let expected = expected.iter().flat_map(|(key, value)| match value {
        Value::Array(items) => items.iter().map(|item| (key.as_str(), item)).collect(),
        value => vec![(key.as_str(), value)],
    });
    let expected: Vec<_> = expected.collect();
    assert_eq!(entries.len(), expected.len());
    for ((key, found), (expected_key, value)) in entries.into_iter().zip(expected) {
        assert_eq!(key, expected_key);
        match value {
            Value::String(text) => assert_eq!(found, text),
            value => assert_eq!(found, value.to_string()),
        }
    }
});

/// An object with all its entries in order, including duplicate names.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Entries;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }

        deserializer.deserialize_map(Object)
    }
}
