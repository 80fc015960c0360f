//! The effects of the root's keys.

use clap::Parser;
use telemetry_runtime::__private::{App, ConsentMode};
use telemetry_runtime::{TelemetryApp, telemetry_cli};

#[telemetry_cli]
#[derive(Parser)]
struct Defaults;

#[test]
fn defaults() {
    let app = Defaults::APP;
    assert_eq!(app.name, env!("CARGO_PKG_NAME"));
    assert_eq!(app.bin, app.name);
    assert_eq!(app.version, env!("CARGO_PKG_VERSION"));
    assert_eq!(app.variables.enabled, "TELEMETRY_TESTS_TELEMETRY_ENABLED");
    assert_eq!(app.variables.dry_run, "TELEMETRY_TESTS_TELEMETRY_DRY_RUN");
    assert_eq!(app.consent, ConsentMode::Ask);
    assert_eq!(app.protocol, None);
    assert_eq!(app.interval_secs, 60 * 60);
    assert!(app.endpoint.is_none() && app.headers.is_empty() && !app.abandoned);
    assert_eq!(app.envelope.source, app.name);
}

const CONTACT: &str = "privacy@example.com";

#[telemetry_cli(
    app = "my-tool",
    env = "MY_PREFIX",
    protocol = "nemo",
    consent = "opt-out",
    purpose = "To know",
    contact = CONTACT,
    privacy_url = concat!("https://", "example.com"),
    interval = "30m",
    headers = { "x-api-key" = env!("CARGO_PKG_NAME"), "x-b" = "lit", },
    abandoned,
    event = "event",
    source = "source",
    client_id = "client",
    system_version = "version",
)]
#[derive(Parser)]
struct Everything;

#[test]
fn every_key() {
    let app = Everything::APP;
    assert_eq!(app.name, "my-tool");
    assert_eq!(app.variables.enabled, "MY_PREFIX_TELEMETRY_ENABLED");
    assert_eq!(app.variables.endpoint, "MY_PREFIX_TELEMETRY_ENDPOINT");
    assert_eq!(app.variables.debug, "MY_PREFIX_TELEMETRY_DEBUG");
    assert_eq!(app.variables.dir, "MY_PREFIX_TELEMETRY_DIR");
    assert_eq!(app.consent, ConsentMode::OptOut);
    assert_eq!(app.purpose, Some("To know"));
    assert_eq!(app.contact, Some(CONTACT));
    assert_eq!(app.privacy_url, Some("https://example.com"));
    assert_eq!(app.interval_secs, 30 * 60);
    assert_eq!(app.headers, [("x-api-key", "telemetry-tests"), ("x-b", "lit")]);
    assert!(app.abandoned);
    let envelope = app.envelope;
    assert_eq!(
        [envelope.event, envelope.source, envelope.client_id, envelope.system_version],
        ["event", "source", "client", "version"]
    );
}

#[telemetry_cli(bin = "tool")]
#[derive(Parser)]
#[command(version = "2.0")]
struct Binary;

#[telemetry_cli(app = "my-tool", bin = "tool", version = concat!("3", ".0"))]
#[derive(Parser)]
#[command(version = "2.0")]
struct Named;

/// clap evaluates it at run time.
fn version() -> &'static str {
    "2.0"
}

#[telemetry_cli]
#[derive(Parser)]
#[command(version = version())]
struct NotConstant;

#[test]
fn names_and_versions() {
    let of = |app: App| (app.name, app.bin, app.version, app.variables.enabled);
    assert_eq!(of(Binary::APP), ("tool", "tool", "2.0", "TOOL_TELEMETRY_ENABLED"));
    assert_eq!(of(Named::APP), ("my-tool", "tool", "3.0", "MY_TOOL_TELEMETRY_ENABLED"));
    assert_eq!(NotConstant::APP.version, env!("CARGO_PKG_VERSION"));
}

#[telemetry_cli(app = "7zip", abandoned = false)]
#[derive(Parser)]
struct Digit;

#[test]
fn a_variable_does_not_begin_with_a_digit() {
    assert_eq!(Digit::APP.variables.enabled, "_7ZIP_TELEMETRY_ENABLED");
    assert_eq!(Digit::APP.envelope.source, "7zip");
}
