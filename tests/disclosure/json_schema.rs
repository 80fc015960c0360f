//! A validator for the keywords of JSON Schema, draft 2020-12, that the schema of events uses.
//!
//! A complete validator in Rust is a seventh of what the tests take to compile. `schema` compares this one with a
//! complete validator in Python.

use regex_lite::Regex;
use serde_json::Value;

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The reasons why the schema rejects a value; empty if it allows the value.
///
/// # Panics
///
/// If the schema is malformed, or has a keyword that this validator does not know: none is ignored.
pub(crate) fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let mut errors = Vec::new();
    check(schema, value, "", &mut errors);
    errors
}

fn check(schema: &Value, value: &Value, place: &str, errors: &mut Vec<String>) {
    let keywords = schema.as_object().unwrap_or_else(|| panic!("{place}: not a schema: {schema}"));
    for (keyword, operand) in keywords {
        let wrong = || -> ! { panic!("{place}: `{keyword}` cannot be {operand}") };
        let allowed = match keyword.as_str() {
            "$schema" if operand == DRAFT => true,
            "title" | "description" if operand.is_string() => true,
            "type" => is(value, operand.as_str().unwrap_or_else(|| wrong())),
            "const" => value == operand,
            "enum" => operand.as_array().unwrap_or_else(|| wrong()).contains(value),
            // These, and the keywords below, allow values of any other type.
            "minimum" => {
                let minimum = operand.as_f64().unwrap_or_else(|| wrong());
                value.as_f64().is_none_or(|number| number >= minimum)
            }
            "maximum" => {
                let maximum = operand.as_f64().unwrap_or_else(|| wrong());
                value.as_f64().is_none_or(|number| number <= maximum)
            }
            "pattern" => {
                let pattern = Regex::new(operand.as_str().unwrap_or_else(|| wrong())).expect("it is a pattern");
                value.as_str().is_none_or(|text| pattern.is_match(text))
            }
            "required" => {
                let names = operand.as_array().unwrap_or_else(|| wrong());
                let mut names = names.iter().map(|name| name.as_str().unwrap_or_else(|| wrong()));
                value.as_object().is_none_or(|object| names.all(|name| object.contains_key(name)))
            }
            "properties" => {
                let schemas = operand.as_object().unwrap_or_else(|| wrong());
                for (name, schema) in schemas {
                    if let Some(value) = value.get(name) {
                        check(schema, value, &format!("{place}/{name}"), errors);
                    }
                }
                true
            }
            "additionalProperties" if operand == false => {
                let known = keywords.get("properties").and_then(Value::as_object).unwrap_or_else(|| wrong());
                value.as_object().is_none_or(|object| object.keys().all(|name| known.contains_key(name)))
            }
            _ => wrong(),
        };
        if !allowed {
            errors.push(format!("{place}: `{keyword}` {operand} does not allow {value}"));
        }
    }
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "boolean" => value.is_boolean(),
        // So is `1.0`.
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "string" => value.is_string(),
        "object" => value.is_object(),
        _ => panic!("unknown type: {kind}"),
    }
}
