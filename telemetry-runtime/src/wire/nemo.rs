//! The JSON envelope of NVIDIA's NeMo Agent Toolkit: its keys, its order, its sentinels.
//!
//! No value is null: an unknown string is `undefined`, an unknown number -1. Most keys describe users and devices; they
//! are always their sentinel here.

use std::fmt::{self, Display, Formatter};

use serde_core::Serialize;
use serde_core::ser::{SerializeMap, Serializer};

use crate::app::App;
use crate::event::{CliCommandEvent, TaskStatus};
use crate::identity;

/// Replaces `line` by the envelope of `event`, without a line feed. Does not allocate while `line` has room.
pub(crate) fn print(event: &CliCommandEvent, line: &mut Vec<u8>) {
    line.clear();
    let mut names = event.command();
    let mut session_id = uuid::Uuid::encode_buffer();
    let now = identity::unix_ms();
    let envelope = Envelope {
        app: event.root.app,
        session_id: event.session_id.simple().encode_lower(&mut session_id),
        arch: std::env::consts::ARCH,
        sent: Timestamp(now),
        version: event.version,
        events: [Event {
            app: event.root.app,
            ts: Timestamp(now),
            command: names.next().unwrap_or("unknown"),
            subcommand: names.next().unwrap_or("undefined"),
            status: event.outcome.status.as_str(),
            duration_ms: event.duration_ms,
            exit_code: event.outcome.exit_code,
            error_class: match event.outcome.error_class {
                Some(class) if event.outcome.status != TaskStatus::Success => class.as_str(),
                _ => "undefined",
            },
        }],
    };
    // Writing these types into memory cannot fail.
    let _ = serde_json::to_writer(line, &envelope);
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

/// Milliseconds since the Unix epoch, shown as RFC 3339 in UTC.
struct Timestamp(u64);

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Display for Timestamp {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let (seconds, millis) = (self.0 / 1000, self.0 % 1000);
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        // Howard Hinnant's civil_from_days, for days since 1970: years begin in March, so a leap day is the last of its year.
        let days = days + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
        write!(formatter, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{millis:03}Z")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (1_795_447_574_939, "2026-11-23T15:26:14.939Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp(millis).to_string(), text);
        }
    }
}
