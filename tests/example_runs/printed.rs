//! Events that are printed instead of kept: as the queue's line, or in the envelope of the reference implementation.

use std::process::Output;

use serde_json::{Value, json};
use support::{Program, keys};

use crate::kept::assert_session_id;

#[test]
fn without_a_protocol_the_event_itself_is_printed() {
    let quickstart = Program::new("quickstart");
    let output = printed(&quickstart, &["info", "list-channels"]);
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(line.lines().count(), 1, "{line}");
    quickstart.recorded(["info", "list-channels"]).output().unwrap();
    let queued_line = quickstart.take_lines().remove(0);
    let queued: Value = serde_json::from_str(&queued_line).unwrap();
    let printed: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(keys(&line), keys(&queued_line));
    for key in ["app", "command", "status", "exit_code", "error_class"] {
        assert_eq!(printed[key], queued[key], "{key}");
    }
}

/// What the reference implementation prints for `nat info components`.
const REFERENCE: &str = r#"{"browserType":"undefined","clientId":"184482118588404","clientType":"Native","clientVariant":"Release","clientVer":"1.9.0","cpuArchitecture":"x86_64","deviceGdprBehOptIn":"None","deviceGdprFuncOptIn":"None","deviceGdprTechOptIn":"None","deviceId":"undefined","deviceMake":"undefined","deviceModel":"undefined","deviceOS":"undefined","deviceOSVersion":"undefined","deviceType":"undefined","eventProtocol":"1.6","eventSchemaVer":"1.5","eventSysVer":"nat-telemetry/1.0","externalUserId":"undefined","gdprBehOptIn":"None","gdprFuncOptIn":"None","gdprTechOptIn":"None","idpId":"undefined","integrationId":"undefined","productName":"undefined","productVersion":"undefined","sentTs":"2026-11-23T15:26:14.939Z","sessionId":"6a4548933ac442bb8aa05d773379f0a4","userId":"undefined","events":[{"ts":"2026-11-23T15:26:14.939Z","parameters":{"nemoSource":"agent_toolkit","command":"info","subcommand":"components","taskStatus":"success","durationMs":5,"exitCode":0,"errorClass":"undefined","pythonVersion":"3.11.7"},"name":"nat_cli_command"}]}"#;

#[test]
fn the_printed_envelope_is_the_references() {
    let toolkit = Program::new("toolkit");
    let output = printed(&toolkit, &["info", "list-components"]);
    let line = String::from_utf8(output.stderr).unwrap();
    assert_eq!(line.lines().count(), 1, "{line}");
    assert_eq!(keys(&line), keys(REFERENCE));

    let printed: Value = serde_json::from_str(&line).unwrap();
    let mut expected: Value = serde_json::from_str(REFERENCE).unwrap();
    expected["clientVer"] = json!(env!("CARGO_PKG_VERSION"));
    expected["cpuArchitecture"] = json!(std::env::consts::ARCH);
    expected["deviceOS"] = json!(std::env::consts::OS);
    expected["eventSysVer"] = json!("cli-telemetry/1.0");
    let event = &mut expected["events"][0];
    event["name"] = json!("cli_command");
    event["parameters"]["nemoSource"] = json!("toolkit");
    event["parameters"]["subcommand"] = json!("list-components");
    event["parameters"]["pythonVersion"] = json!("undefined");
    // These are new in every run: their form is checked, then they are copied.
    assert_session_id(&printed["sessionId"]);
    expected["sessionId"] = printed["sessionId"].clone();
    for pointer in ["/sentTs", "/events/0/ts"] {
        let time = printed.pointer(pointer).unwrap();
        assert_timestamp(time.as_str().unwrap());
        *expected.pointer_mut(pointer).unwrap() = time.clone();
    }
    let duration = &printed["events"][0]["parameters"]["durationMs"];
    assert!(duration.is_u64(), "{duration}");
    expected["events"][0]["parameters"]["durationMs"] = duration.clone();
    assert_eq!(printed, expected);
}

#[test]
fn the_printed_envelope_shows_how_a_run_ended() {
    let toolkit = Program::new("toolkit");
    for (args, expected) in [
        (&["--bogus"][..], json!(["unknown", "undefined", "failure", 2, "UnknownArgument"])),
        (&["run", "--help"], json!(["run", "undefined", "success", 0, "undefined"])),
        (&["remote", "rename", "tag", "a", "b"], json!(["remote", "rename", "success", 0, "undefined"])),
        (&["fail"], json!(["fail", "undefined", "failure", 1, "Refused"])),
    ] {
        let output = printed(&toolkit, args);
        let stderr = String::from_utf8(output.stderr).unwrap();
        let line = stderr.lines().find(|line| line.starts_with("{\"browserType\"")).unwrap();
        let envelope: Value = serde_json::from_str(line).unwrap();
        let event = &envelope["events"][0]["parameters"];
        let keys = ["command", "subcommand", "taskStatus", "exitCode", "errorClass"];
        assert_eq!(json!(keys.map(|key| &event[key])), expected, "{args:?}");
    }
}

/// Runs with the envelope printed, and checks that nothing is queued.
fn printed(toolkit: &Program, args: &[&str]) -> Output {
    let output = toolkit.recorded(args).env(toolkit.variable("ENDPOINT"), "stdout").output().unwrap();
    assert!(!toolkit.telemetry_dir().exists(), "printed and queued");
    output
}

/// `2026-11-23T15:26:14.939Z`
#[track_caller]
fn assert_timestamp(time: &str) {
    let form: String = time.chars().map(|char| if char.is_ascii_digit() { '0' } else { char }).collect();
    assert_eq!(form, "0000-00-00T00:00:00.000Z", "{time}");
}
