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
    let Ok(text) = str::from_utf8(file) else { return };
    let Some((answer, covers)) = fuzzing::decision(text) else { return };
    // Of two decisions, a JSON reader returns the last. Which one counts is another matter, but it must be in the file.
    let twice = text.matches("\"decision\"").count() > 1 && text.contains(&format!("\"{answer}\""));
    assert!(twice || holds(&json["decision"], answer), "{json}");
    // Names have no escapes. Two lists under one key are merged.
    if covers {
        assert!(["\"command\"", "\"duration_us\"", "\"example.com\""].iter().all(|name| text.contains(name)), "{text}");
    }
});

/// Whether it is this word, or a list that ends with it.
fn holds(value: &Value, word: &str) -> bool {
    match value {
        Value::Array(items) => items.last().is_some_and(|item| holds(item, word)),
        Value::String(text) => text == word,
        value => value.to_string() == word,
    }
}
