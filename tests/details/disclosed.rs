//! What users are told, and when they are asked again.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};
use support::{Program, Shown};
use telemetry_runtime::{disclosure, testing};

use crate::program;
use crate::program_types::Cli;

#[test]
fn no_event_of_any_command_line_holds_what_was_typed_or_is_not_disclosed() {
    testing::assert_allowlist::<Cli>();
    testing::assert_no_leak_except::<Cli>(env!("CARGO_BIN_EXE_detailed"), ["do"]);
}

#[test]
fn the_schema_lists_every_value() {
    let schema: Value = serde_json::from_str(&disclosure::schema::<Cli>()).unwrap();
    let property = |name: &str| &schema["properties"][name];
    let options = &property("options")["properties"];
    assert_eq!(options["release"], json!({ "type": "boolean" }));
    assert_eq!(options["target-dir"], json!({ "const": true }));
    assert_eq!(options["jobs"], json!({ "enum": ["0", "1-9", "10-99", "100+"] }));
    // Of the root and of `build`, which have values of their own.
    assert_eq!(options["format"], json!({ "enum": ["json", "plain-text", "tar", "zip"] }));
    let emitted = json!({ "enum": ["json", "plain-text"] });
    assert_eq!(options["emit"], json!({ "type": "array", "items": emitted, "minItems": 1, "uniqueItems": true }));
    assert_eq!(property("facts")["properties"]["cache"], json!({ "enum": ["hit", "miss"] }));
    let phases: Vec<_> = property("phases")["properties"].as_object().unwrap().keys().collect();
    assert_eq!(phases, ["compile", "lock", "resolve"]);
    for group in ["options", "facts", "phases"] {
        assert_eq!(property(group)["additionalProperties"], json!(false));
        assert!(!schema["required"].as_array().unwrap().contains(&json!(group)));
    }
}

#[test]
fn the_disclosure_tells_of_all_of_them() {
    let text = disclosure::markdown::<Cli>();
    for line in [
        "- `target-dir`: only that it was given",
        "- `jobs`: `0`, `1-9`, `10-99`, `100+`",
        "- `emit`: any of `json`, `plain-text`",
        "- `interactive`: `true`, `false`",
        "- `ci_vendor`: `github-actions`, `gitlab`",
        "- `files-scanned`: `0`, `1-9`, `10-99`, `100+`",
        "`compile`, `lock`, `resolve`",
        "other option values",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

/// A program whose user has said yes.
fn agreed() -> Program {
    let program = program();
    let enabled = Shown::of(&mut program.undecided(["telemetry", "enable"]));
    assert!(enabled.status.success(), "{enabled:?}");
    program
}

fn is_recorded(program: &Program, run: &mut Command) -> bool {
    assert!(run.output().unwrap().status.success());
    !program.take_events().is_empty()
}

#[test]
fn a_yes_covers_what_it_was_asked_about() {
    let program = agreed();
    let decision = program.file("consent.json");
    let text = fs::read_to_string(&decision).unwrap();
    for agreed in [
        "options.release",
        "options.target-dir?",
        "options.jobs=0|1-9|10-99|100+",
        "facts.cache",
        "facts.files-scanned=0|1-9|10-99|100+",
        "phases.lock",
    ] {
        assert!(text.contains(&format!("\"{agreed}\"")), "{agreed} in {text}");
    }
    assert!(is_recorded(&program, &mut program.undecided(["build"])));
    // Of a program that recorded something else as well.
    let mut stored: Value = serde_json::from_str(&text).unwrap();
    stored["details"] = json!(1);
    stored["fields"].as_array_mut().unwrap().push(json!("options.gone"));
    fs::write(&decision, stored.to_string()).unwrap();
    assert!(is_recorded(&program, &mut program.undecided(["build"])));
}

#[test]
fn a_yes_covers_nothing_more() {
    for added in [
        "options.release",
        "options.jobs=0|1-9|10-99|100+",
        "facts.cache",
        "facts.files-scanned=0|1-9|10-99|100+",
        "phases.lock",
        "context.agent",
        "active",
    ] {
        let program = agreed();
        let decision = program.file("consent.json");
        let mut stored: Value = serde_json::from_str(&fs::read_to_string(&decision).unwrap()).unwrap();
        stored["details"] = json!(1);
        stored["fields"].as_array_mut().unwrap().retain(|field| field != added);
        fs::write(&decision, stored.to_string()).unwrap();
        assert!(!is_recorded(&program, &mut program.undecided(["build"])), "{added} was not agreed to");
    }
}
