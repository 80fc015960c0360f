//! The JSON envelope of NVIDIA's NeMo Agent Toolkit: its keys, its order, its sentinels.
//!
//! No value is null: an unknown string is `undefined`, an unknown number -1. Most keys describe users and devices; here they
//! always hold their sentinel, except for the two that are constants of the build. The eight parameters of an event are
//! those of the toolkit; what else is told of a run follows as further parameters, all of them strings.

use serde_core::Serialize;
use serde_core::ser::{SerializeMap, Serializer};

use super::time;
use crate::declare::App;
use crate::event::{Fields, TaskStatus, Timestamp};
use crate::sys::clock;

/// The size of the largest envelope, with a line feed. A signal handler cannot allocate more room.
pub(crate) const MAX_BYTES: usize = 2048;

/// Appends the envelope of an event that is printed now. Does not allocate if `line` has room for [`MAX_BYTES`].
pub(crate) fn extend(app: &App, fields: &Fields<&'static str>, line: &mut Vec<u8>) {
    // Writing these types to memory cannot fail.
    let _ = serde_json::to_writer(line, &Envelope { app, fields, sent: Timestamp(clock::unix_ms()), lost: 0 });
}

/// The envelope of an event from the queue, sent now.
#[cfg(feature = "http")]
pub(super) fn encode(app: &App, fields: &Fields<String>, now_unix_ms: u64, lost: u64) -> Vec<u8> {
    // JSON can represent everything in these types.
    serde_json::to_vec(&Envelope { app, fields, sent: Timestamp(now_unix_ms), lost }).unwrap_or_default()
}

const UNKNOWN: &str = "unknown";
const UNDEFINED: &str = "undefined";

struct Envelope<'a, Text> {
    app: &'a App,
    fields: &'a Fields<Text>,
    sent: Timestamp,
    /// How many events were lost before this one.
    lost: u64,
}

impl<Text: AsRef<str>> Serialize for Envelope<'_, Text> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut entry = |key, value| map.serialize_entry(key, value);
        entry("browserType", UNDEFINED)?;
        entry("clientId", self.app.envelope.client_id)?;
        entry("clientType", "Native")?;
        entry("clientVariant", "Release")?;
        entry("clientVer", self.fields.version.as_ref())?;
        entry("cpuArchitecture", self.fields.arch.as_ref())?;
        entry("deviceGdprBehOptIn", "None")?;
        entry("deviceGdprFuncOptIn", "None")?;
        entry("deviceGdprTechOptIn", "None")?;
        entry("deviceId", UNDEFINED)?;
        entry("deviceMake", UNDEFINED)?;
        entry("deviceModel", UNDEFINED)?;
        entry("deviceOS", self.fields.os.as_ref())?;
        entry("deviceOSVersion", UNDEFINED)?;
        entry("deviceType", UNDEFINED)?;
        entry("eventProtocol", "1.6")?;
        entry("eventSchemaVer", "1.5")?;
        entry("eventSysVer", self.app.envelope.system_version)?;
        entry("externalUserId", UNDEFINED)?;
        entry("gdprBehOptIn", "None")?;
        entry("gdprFuncOptIn", "None")?;
        entry("gdprTechOptIn", "None")?;
        entry("idpId", UNDEFINED)?;
        entry("integrationId", UNDEFINED)?;
        entry("productName", UNDEFINED)?;
        entry("productVersion", UNDEFINED)?;
        map.serialize_entry("sentTs", &self.sent)?;
        map.serialize_entry(
            "sessionId",
            &*self.fields.session_id.simple().encode_lower(&mut uuid::Uuid::encode_buffer()),
        )?;
        map.serialize_entry("userId", UNDEFINED)?;
        map.serialize_entry("events", &[Event(self)])?;
        map.end()
    }
}

struct Event<'a, Text>(&'a Envelope<'a, Text>);

impl<Text: AsRef<str>> Serialize for Event<'_, Text> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        let Envelope { app, fields, .. } = self.0;
        map.serialize_entry("ts", &Timestamp(time::end_unix_ms(app, fields)))?;
        map.serialize_entry("parameters", &Parameters(self.0))?;
        map.serialize_entry("name", self.0.app.envelope.event)?;
        map.end()
    }
}

struct Parameters<'a, Text>(&'a Envelope<'a, Text>);

impl<Text: AsRef<str>> Serialize for Parameters<'_, Text> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Envelope { app, fields, lost, .. } = self.0;
        let mut names = fields.command.iter();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("nemoSource", app.envelope.source)?;
        map.serialize_entry("command", names.next().unwrap_or(UNKNOWN))?;
        map.serialize_entry("subcommand", names.next().unwrap_or(UNDEFINED))?;
        map.serialize_entry("taskStatus", fields.status.as_str())?;
        map.serialize_entry("durationMs", &fields.duration_ms())?;
        map.serialize_entry("exitCode", &i64::from(fields.exit_code))?;
        map.serialize_entry("errorClass", error_class(fields))?;
        map.serialize_entry("pythonVersion", UNDEFINED)?;
        // Beyond the eight: strings only, and none where there is nothing to tell.
        if *lost > 0 {
            map.serialize_entry("droppedEvents", &Number(*lost))?;
        }
        map.end()
    }
}

/// A number as a string, serialized without an allocation.
struct Number(u64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// A success has no error class in this format.
fn error_class<Text: AsRef<str>>(fields: &Fields<Text>) -> &str {
    match &fields.error_class {
        Some(class) if fields.status != TaskStatus::Success => class.as_ref(),
        _ => UNDEFINED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::{ErrorClassName, TelemetryApp};
    use crate::event::sample::{Cli, event};
    use crate::event::{CliCommandEvent, Ending, Outcome};

    #[test]
    fn what_a_signal_handler_writes_has_room() {
        for error_class in ErrorClassName::FIXED {
            let (ending, status) = (Ending::Abandoned, TaskStatus::Interrupted);
            let outcome = Outcome { ending, status, exit_code: i32::MIN, error_class: Some(error_class) };
            let event = CliCommandEvent { outcome, duration_us: i64::MAX, ..event() };
            let mut line = Vec::new();
            extend(&Cli::APP, &event.fields(), &mut line);
            assert!(line.len() < MAX_BYTES);
        }
    }
}
