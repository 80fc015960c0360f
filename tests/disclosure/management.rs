//! The management commands are no use of the program, unless its author says so.

use clap::{Args, Parser, Subcommand};
use serde_json::{Value, json};
use telemetry_runtime::manage::{TelemetryCommand, TelemetryFlag};
use telemetry_runtime::testing::assert_allowlist;
use telemetry_runtime::{TelemetryApp, disclosure, telemetry_cli};

#[telemetry_cli]
#[derive(Parser)]
enum Silent {
    Build,
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_cli]
#[derive(Parser)]
enum Curious {
    Build,
    #[command(subcommand)]
    #[telemetry(record)]
    Telemetry(TelemetryCommand),
}

/// The commands are deeper, and at the level of others.
#[telemetry_cli]
#[derive(Parser)]
enum Nested {
    Data(Data),
    #[command(subcommand)]
    Settings(Settings),
}

#[telemetry_cli]
#[derive(Args)]
struct Data {
    #[command(subcommand)]
    command: Option<TelemetryCommand>,
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Settings {
    Edit,
    #[command(flatten)]
    Telemetry(TelemetryCommand),
}

/// A flag adds no commands, so the command that has it is a use of the program.
#[telemetry_cli]
#[derive(Parser)]
enum Flagged {
    Build {
        #[command(flatten)]
        telemetry: TelemetryFlag,
    },
}

#[test]
fn management_is_disclosed_only_if_it_is_recorded() {
    assert_eq!(commands::<Silent>(), json!([[], ["build"]]));
    assert_eq!(commands::<Nested>(), json!([[], ["settings"], ["settings", "edit"]]));
    assert_eq!(commands::<Flagged>(), json!([[], ["build"]]));
    let recorded = commands::<Curious>();
    let recorded = recorded.as_array().unwrap();
    assert!(recorded.contains(&json!(["telemetry"])) && recorded.contains(&json!(["telemetry", "show"])));
    assert!(!recorded.contains(&json!(["telemetry", "disable"])));
}

/// The path to the commands does not depend on it.
#[test]
fn users_are_told_how_to_decide() {
    let tells = |text: String, commands: &str| assert!(text.contains(&format!("{commands} disable` turns")), "{text}");
    tells(disclosure::markdown::<Silent>(), " telemetry");
    tells(disclosure::markdown::<Curious>(), " telemetry");
    tells(disclosure::markdown::<Nested>(), " data");
}

#[test]
fn the_allowlist_knows_them() {
    assert_allowlist::<Silent>();
    assert_allowlist::<Curious>();
    assert_allowlist::<Nested>();
    assert_allowlist::<Flagged>();
}

fn commands<C: TelemetryApp>() -> Value {
    let schema: Value = serde_json::from_str(&disclosure::schema::<C>()).unwrap();
    schema["properties"]["command"]["enum"].clone()
}
