//! The JSON envelope of NVIDIA's NeMo Agent Toolkit: its keys, its order, its sentinels.
//!
//! No value is null: an unknown string is `undefined`, an unknown number -1. Most keys describe users and devices; here they
//! always hold their sentinel, except for the two that are constants of the build. The eight parameters of an event are
//! those of the toolkit; what else is told of a run follows as further parameters, all of them strings.

use std::cell::Cell;
use std::fmt::{self, Display, Formatter};

use serde_core::Serialize;
use serde_core::ser::{SerializeMap, Serializer};

use super::time;
use crate::declare::App;
#[cfg(feature = "http")]
use crate::event::Record;
use crate::event::{CliCommandEvent, Detail, Fields, Group, TaskStatus, Timestamp, Value, Visitor};
use crate::sys::clock;

/// The size of the largest envelope without options and the like, with a line feed.
const MAX_BYTES: usize = 2048;

/// The bytes around a detail's name and value: the name of its group, and punctuation.
const AROUND: usize = 16;

/// The size of the event's envelope, with a line feed, at most. A signal handler cannot allocate more room.
pub(crate) fn max_bytes(_: &CliCommandEvent) -> usize {
    MAX_BYTES
}

/// As [`max_bytes`], for [`extend_with_details`].
pub(crate) fn max_bytes_with_details(event: &CliCommandEvent) -> usize {
    MAX_BYTES + event.details_max_bytes(AROUND)
}

/// Appends the envelope of an event that is printed now. Does not allocate if `line` has room for [`max_bytes`].
pub(crate) fn extend(event: &CliCommandEvent, line: &mut Vec<u8>) {
    extend_with(event, &Nothing, line);
}

/// The same, with options, facts and the like. A program that has none does not contain this code.
pub(crate) fn extend_with_details(event: &CliCommandEvent, line: &mut Vec<u8>) {
    extend_with(event, &More { details: &|group, visit| event.visit_details(group, visit), lost: 0 }, line);
}

fn extend_with(event: &CliCommandEvent, extra: &impl Extra, line: &mut Vec<u8>) {
    let (app, fields) = (event.root.app, &event.fields());
    // Writing these types to memory cannot fail.
    let _ = serde_json::to_writer(line, &Envelope { app, fields, extra, sent: Timestamp(clock::unix_ms()) });
}

/// The envelope of an event from the queue, sent now. `lost` is how many events were lost before this one.
#[cfg(feature = "http")]
pub(super) fn encode(app: &App, record: &Record, now_unix_ms: u64, lost: u64) -> Vec<u8> {
    let extra = &More { details: &|group, visit| record.details.visit(group, visit), lost };
    // JSON can represent everything in these types.
    serde_json::to_vec(&Envelope { app, fields: &record.fields, extra, sent: Timestamp(now_unix_ms) })
        .unwrap_or_default()
}

/// What follows the eight parameters: strings only, and none where there is nothing to tell.
trait Extra {
    fn add<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error>;
}

struct Nothing;

impl Extra for Nothing {
    fn add<M: SerializeMap>(&self, _: &mut M) -> Result<(), M::Error> {
        Ok(())
    }
}

struct More<'a> {
    /// Visits the details of a group.
    details: &'a dyn Fn(Group, &mut Visitor<'_>),
    /// How many events were lost before this one.
    lost: u64,
}

impl Extra for More<'_> {
    fn add<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        if self.lost > 0 {
            map.serialize_entry("droppedEvents", &Displayed(self.lost))?;
        }
        let mut added = Ok(());
        for group in Group::ALL {
            (self.details)(group, &mut |Detail { name, value }| {
                if added.is_ok() {
                    let text = Text(Cell::new(Some(value)));
                    added = map.serialize_entry(&Displayed(Key(group, name)), &Displayed(text));
                }
            });
        }
        added
    }
}

const UNKNOWN: &str = "unknown";
const UNDEFINED: &str = "undefined";

/// The entries before the time of sending, in their order; an `@` stands before what is not a constant. A single string,
/// since a call for each would be a kilobyte of code.
const ENTRIES: &str = "browserType=undefined clientId=@client_id clientType=Native clientVariant=Release \
                       clientVer=@version cpuArchitecture=@arch deviceGdprBehOptIn=None deviceGdprFuncOptIn=None \
                       deviceGdprTechOptIn=None deviceId=undefined deviceMake=undefined deviceModel=undefined \
                       deviceOS=@os deviceOSVersion=undefined deviceType=undefined eventProtocol=1.6 \
                       eventSchemaVer=1.5 eventSysVer=@system_version externalUserId=undefined gdprBehOptIn=None \
                       gdprFuncOptIn=None gdprTechOptIn=None idpId=undefined integrationId=undefined \
                       productName=undefined productVersion=undefined";

struct Envelope<'a, Text, E> {
    app: &'a App,
    fields: &'a Fields<Text>,
    extra: &'a E,
    sent: Timestamp,
}

impl<Text: AsRef<str>, E: Extra> Serialize for Envelope<'_, Text, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let envelope = &self.app.envelope;
        for (key, value) in ENTRIES.split_ascii_whitespace().filter_map(|entry| entry.split_once('=')) {
            let value = match value {
                "@client_id" => envelope.client_id,
                "@version" => self.fields.version.as_ref(),
                "@arch" => self.fields.arch.as_ref(),
                "@os" => self.fields.os.as_ref(),
                "@system_version" => envelope.system_version,
                constant => constant,
            };
            map.serialize_entry(key, value)?;
        }
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

struct Event<'a, Text, E>(&'a Envelope<'a, Text, E>);

impl<Text: AsRef<str>, E: Extra> Serialize for Event<'_, Text, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        let Envelope { app, fields, .. } = self.0;
        map.serialize_entry("ts", &Timestamp(time::end_unix_ms(app, fields)))?;
        map.serialize_entry("parameters", &Parameters(self.0))?;
        map.serialize_entry("name", self.0.app.envelope.event)?;
        map.end()
    }
}

struct Parameters<'a, Text, E>(&'a Envelope<'a, Text, E>);

impl<Text: AsRef<str>, E: Extra> Serialize for Parameters<'_, Text, E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Envelope { app, fields, extra, .. } = self.0;
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
        extra.add(&mut map)?;
        map.end()
    }
}

/// A value as a string, serialized without an allocation.
struct Displayed<T>(T);

impl<T: Display> Serialize for Displayed<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// The parameter for a detail, such as `option.release`.
struct Key<'a>(Group, &'a str);

impl Display for Key<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.0.singular(), self.1)
    }
}

/// The value of a detail. Several words are separated by commas. Displayed once, since it may be an iterator.
struct Text<'a>(Cell<Option<Value<'a>>>);

impl Display for Text<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self.0.take() {
            Some(Value::Flag(flag)) => flag.fmt(out),
            Some(Value::Word(word)) => out.write_str(word),
            Some(Value::Words(words)) => {
                for (position, word) in words.enumerate() {
                    out.write_str(if position == 0 { "" } else { "," })?;
                    out.write_str(word)?;
                }
                Ok(())
            }
            Some(Value::Time(micros)) => micros.fmt(out),
            None => Ok(()),
        }
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
    use crate::declare::{ErrorClassName, Key, RecordedOption};
    use crate::event::sample::event;
    use crate::event::{CliCommandEvent, Ending, GivenOption, GivenOptions, Outcome};

    #[test]
    fn options_are_further_parameters_and_strings() {
        let options = [
            RecordedOption::given("a", Key::new(",\"release\":")),
            RecordedOption::many::<bool>("b", Key::new(",\"color\":")),
            RecordedOption::one::<bool>("c", Key::new(",\"pretty\":")),
        ];
        let given = options.iter().zip([1, 0b11, 0b01]).map(|(option, chosen)| GivenOption::new(option, chosen));
        let options = Box::leak(Box::new(GivenOptions::new(given.collect())));
        let event = CliCommandEvent { options: Some(options), ..event() };
        let mut line = Vec::new();
        extend_with_details(&event, &mut line);
        assert!(line.len() < max_bytes_with_details(&event));
        let envelope: serde_json::Value = serde_json::from_slice(&line).unwrap();
        let parameters = &envelope["events"][0]["parameters"];
        for (name, value) in [("option.release", "true"), ("option.color", "false,true"), ("option.pretty", "false")] {
            assert_eq!(parameters[name], value);
        }
        assert_eq!(parameters.as_object().unwrap().len(), 8 + 3);
    }

    #[test]
    fn what_a_signal_handler_writes_has_room() {
        for error_class in ErrorClassName::FIXED {
            let (ending, status) = (Ending::Abandoned, TaskStatus::Interrupted);
            let outcome = Outcome { ending, status, exit_code: i32::MIN, error_class: Some(error_class) };
            let event = CliCommandEvent { outcome, duration_us: i64::MAX, ..event() };
            let mut line = Vec::new();
            extend(&event, &mut line);
            assert!(line.len() < max_bytes(&event));
        }
    }
}
