//! The JSON reader accepts only what `serde_json` accepts, and finds in it what `serde_json` finds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use telemetry_runtime::fuzzing::{self, Tree};

fuzz_target!(|text: &[u8]| {
    let Some(tree) = fuzzing::json(text) else { return };
    let value = serde_json::from_slice(text).expect("JSON");
    assert!(is_same(&tree, &value), "{value}");
});

fn is_same(tree: &Tree<'_>, value: &Value) -> bool {
    match tree {
        Tree::Null => value.is_null(),
        Tree::Bool(flag) => value == flag,
        // `serde_json` reads `-0` as a number with a fraction.
        Tree::Integer(number) => value == number || *number == 0 && value.as_f64() == Some(-0.0),
        Tree::Text(text) => decoded(text) == *value,
        Tree::List(items) => value.as_array().is_some_and(|values| {
            values.len() == items.len() && items.iter().zip(values).all(|(item, value)| is_same(item, value))
        }),
        Tree::Object(entries) => value.as_object().is_some_and(|values| {
            let keys: Vec<Value> = entries.iter().map(|(key, _)| decoded(&format!("\"{key}\""))).collect();
            values.iter().all(|(name, value)| {
                // Of several values, `serde_json` takes the last.
                let place = keys.iter().rposition(|key| key == name);
                place.is_some_and(|place| is_same(&entries[place].1, value))
            }) && keys.iter().all(|key| key.as_str().is_some_and(|key| values.contains_key(key)))
        }),
    }
}

fn decoded(text: &str) -> Value {
    serde_json::from_str(text).expect("a string")
}
