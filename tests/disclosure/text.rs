//! The disclosure for people.

use std::path::Path;
use std::{env, fs};

use serde_json::Value;

use crate::printed;

/// In a file, where it is easier to read than in a test. `TELEMETRY_DISCLOSURE=overwrite` rewrites it.
#[test]
fn the_text_is_the_reviewed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("disclosure/subject.md");
    let text = printed(&["disclosure"]);
    if env::var_os("TELEMETRY_DISCLOSURE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), text);
}

#[test]
fn the_text_names_everything_the_schema_allows() {
    let text = printed(&["disclosure"]);
    let schema: Value = serde_json::from_str(&printed(&["schema"])).unwrap();
    let properties = schema["properties"].as_object().unwrap();
    for (name, property) in properties {
        assert!(text.contains(&format!("| `{name}` | {} |", property["description"].as_str().unwrap())), "{name}");
    }
    for list in ["command", "ending", "status", "error_class"] {
        for value in properties[list]["enum"].as_array().unwrap() {
            let name = match value {
                Value::Array(path) => path.iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>().join(" "),
                name => name.as_str().unwrap_or_default().to_owned(),
            };
            assert!(name.is_empty() || text.contains(&format!("`{name}`")), "{name}");
        }
    }
    let values = |list: &str| properties[list]["enum"].as_array().unwrap().len();
    let count = values("command") * values("ending") * values("status") * 257 * values("error_class") * 2;
    assert!(text.contains(&format!("at most {count} different events")), "{count}");
}
