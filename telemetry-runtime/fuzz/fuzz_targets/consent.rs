//! Nobody has agreed, and no administrator has allowed it, unless the file says so in well-formed JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use telemetry_runtime::fuzzing;

fuzz_target!(|file: &[u8]| {
    let json = serde_json::from_slice::<Value>(file).unwrap_or_default();
    if fuzzing::policy_allows(file) {
        assert!(holds(&json["enabled"], "true"), "{json}");
    }
    let Some((answer, covers)) = str::from_utf8(file).ok().and_then(fuzzing::decision) else { return };
    assert!(holds(&json["decision"], answer), "{json}");
    if covers {
        assert!(holds_anywhere(&json, "example.com") && holds_anywhere(&json, "command"), "{json}");
    }
});

/// Is it this word, or a list that ends with it?
fn holds(value: &Value, word: &str) -> bool {
    match value {
        Value::Array(items) => items.last().is_some_and(|item| holds(item, word)),
        Value::String(text) => text == word,
        value => value.to_string() == word,
    }
}

fn holds_anywhere(json: &Value, word: &str) -> bool {
    json.to_string().contains(word)
}
