//! The JSON envelope of NVIDIA's NeMo Agent Toolkit: its keys, its order, its sentinels.
//!
//! No value is null: an unknown string is `undefined`, an unknown number -1. Most keys describe users and devices; they
//! are always their sentinel here.

use serde_core::Serialize;
use serde_core::ser::{SerializeMap, Serializer};

use crate::app::App;
use crate::clock;
use crate::error_class::ErrorClassName;
use crate::event::{CliCommandEvent, TaskStatus};
#[cfg(feature = "http")]
use crate::queue::Record;
use crate::timestamp::Timestamp;

/// Replaces `line` by the envelope of `event`, without a line feed. Does not allocate while `line` has room.
pub(crate) fn print(event: &CliCommandEvent, line: &mut Vec<u8>) {
    line.clear();
    let mut names = event.command();
    let mut session_id = uuid::Uuid::encode_buffer();
    let now = Timestamp(clock::unix_ms());
    let envelope = Envelope {
        app: event.root.app,
        session_id: event.session_id.simple().encode_lower(&mut session_id),
        arch: std::env::consts::ARCH,
        sent: now,
        version: event.version,
        events: [Event {
            app: event.root.app,
            ts: now,
            command: names.next().unwrap_or(UNKNOWN),
            subcommand: names.next().unwrap_or(UNDEFINED),
            status: event.outcome.status.as_str(),
            duration_ms: event.duration_ms,
            exit_code: event.outcome.exit_code,
            error_class: error_class(
                event.outcome.status.as_str(),
                event.outcome.error_class.map(ErrorClassName::as_str),
            ),
        }],
    };
    // Writing these types into memory cannot fail.
    let _ = serde_json::to_writer(line, &envelope);
}

/// The envelope of an event from the queue, sent at `now`.
#[cfg(feature = "http")]
pub(crate) fn encode(app: &App, record: &Record, now: u64) -> Vec<u8> {
    let mut names = record.command.iter().map(String::as_str);
    let mut session_id = uuid::Uuid::encode_buffer();
    let envelope = Envelope {
        app,
        session_id: record.session_id.simple().encode_lower(&mut session_id),
        arch: &record.arch,
        sent: Timestamp(now),
        version: &record.version,
        events: [Event {
            app,
            ts: Timestamp(record.end_time_unix_ms()),
            command: names.next().unwrap_or(UNKNOWN),
            subcommand: names.next().unwrap_or(UNDEFINED),
            status: &record.status,
            duration_ms: record.duration_ms,
            exit_code: record.exit_code,
            error_class: error_class(&record.status, record.error_class.as_deref()),
        }],
    };
    // These types have nothing that JSON cannot hold.
    serde_json::to_vec(&envelope).unwrap_or_default()
}

const UNKNOWN: &str = "unknown";
const UNDEFINED: &str = "undefined";

/// A success has no class of error in this format, not even that of `--help`.
fn error_class<'a>(status: &str, class: Option<&'a str>) -> &'a str {
    class.filter(|_| status != TaskStatus::Success.as_str()).unwrap_or(UNDEFINED)
}

struct Envelope<'a, const N: usize> {
    app: &'a App,
    session_id: &'a str,
    arch: &'a str,
    version: &'a str,
    sent: Timestamp,
    events: [Event<'a>; N],
}

impl<const N: usize> Serialize for Envelope<'_, N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut entry = |key, value| map.serialize_entry(key, value);
        entry("browserType", "undefined")?;
        entry("clientId", self.app.envelope.client_id)?;
        entry("clientType", "Native")?;
        entry("clientVariant", "Release")?;
        entry("clientVer", self.version)?;
        entry("cpuArchitecture", self.arch)?;
        entry("deviceGdprBehOptIn", "None")?;
        entry("deviceGdprFuncOptIn", "None")?;
        entry("deviceGdprTechOptIn", "None")?;
        entry("deviceId", "undefined")?;
        entry("deviceMake", "undefined")?;
        entry("deviceModel", "undefined")?;
        entry("deviceOS", "undefined")?;
        entry("deviceOSVersion", "undefined")?;
        entry("deviceType", "undefined")?;
        entry("eventProtocol", "1.6")?;
        entry("eventSchemaVer", "1.5")?;
        entry("eventSysVer", self.app.envelope.system_version)?;
        entry("externalUserId", "undefined")?;
        entry("gdprBehOptIn", "None")?;
        entry("gdprFuncOptIn", "None")?;
        entry("gdprTechOptIn", "None")?;
        entry("idpId", "undefined")?;
        entry("integrationId", "undefined")?;
        entry("productName", "undefined")?;
        entry("productVersion", "undefined")?;
        map.serialize_entry("sentTs", &self.sent)?;
        map.serialize_entry("sessionId", self.session_id)?;
        map.serialize_entry("userId", "undefined")?;
        map.serialize_entry("events", self.events.as_slice())?;
        map.end()
    }
}

struct Event<'a> {
    app: &'a App,
    ts: Timestamp,
    command: &'a str,
    subcommand: &'a str,
    status: &'a str,
    duration_ms: i64,
    exit_code: i32,
    error_class: &'a str,
}

impl Serialize for Event<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("ts", &self.ts)?;
        map.serialize_entry("parameters", &Parameters(self))?;
        map.serialize_entry("name", self.app.envelope.event)?;
        map.end()
    }
}

struct Parameters<'a>(&'a Event<'a>);

impl Serialize for Parameters<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let event = self.0;
        let mut map = serializer.serialize_map(Some(8))?;
        map.serialize_entry("nemoSource", event.app.envelope.source)?;
        map.serialize_entry("command", event.command)?;
        map.serialize_entry("subcommand", event.subcommand)?;
        map.serialize_entry("taskStatus", event.status)?;
        map.serialize_entry("durationMs", &event.duration_ms)?;
        map.serialize_entry("exitCode", &event.exit_code)?;
        map.serialize_entry("errorClass", event.error_class)?;
        map.serialize_entry("pythonVersion", "undefined")?;
        map.end()
    }
}
