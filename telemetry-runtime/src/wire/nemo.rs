//! The JSON envelope of NVIDIA's NeMo Agent Toolkit: its keys, its order, its sentinels.
//!
//! No value is null: an unknown string is `undefined`, an unknown number -1. Most keys describe users and devices; here they
//! always hold their sentinel, except for the two that are constants of the build. The eight parameters of an event are
//! those of the toolkit; what else is told of a run follows as further parameters, all of them strings.

use super::time;
use crate::declare::{App, Group};
#[cfg(feature = "http")]
use crate::event::Record;
use crate::event::{CliCommandEvent, Detail, Fields, TaskStatus, Timestamp, Value, Visitor, json};
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
    open_known(event, line);
    close(line, event.root.app);
}

/// The same, with options, facts and the like. A program that has none does not contain this code.
pub(crate) fn extend_with_details(event: &CliCommandEvent, line: &mut Vec<u8>) {
    open_known(event, line);
    details(line, &|group, visit| event.visit_details(group, visit));
    close(line, event.root.app);
}

/// The envelope of an event from the queue, sent now. `lost` is how many events were lost before this one.
#[cfg(feature = "http")]
pub(super) fn encode(app: &App, record: &Record<'_>, now_unix_ms: u64, lost: u64) -> Vec<u8> {
    let mut body = Vec::with_capacity(MAX_BYTES);
    open(&mut body, app, &record.fields, &mut record.fields.command.clone(), now_unix_ms);
    if lost > 0 {
        json::key(&mut body, "droppedEvents");
        quoted(&mut body, |body| json::unsigned(body, lost));
    }
    details(&mut body, &|group, visit| record.visit_details(group, visit));
    close(&mut body, app);
    body
}

const UNKNOWN: &str = "unknown";
const UNDEFINED: &str = "undefined";

/// The envelope up to the last of its event's eight parameters. Each `@` stands for a value that [`open`] inserts. A single
/// string, since a call for each entry would be a kilobyte of code.
const ENVELOPE: &str = concat!(
    r#"{"browserType":"undefined","clientId":@,"clientType":"Native","clientVariant":"Release","clientVer":@,"#,
    r#""cpuArchitecture":@,"deviceGdprBehOptIn":"None","deviceGdprFuncOptIn":"None","deviceGdprTechOptIn":"None","#,
    r#""deviceId":"undefined","deviceMake":"undefined","deviceModel":"undefined","deviceOS":@,"#,
    r#""deviceOSVersion":"undefined","deviceType":"undefined","eventProtocol":"1.6","eventSchemaVer":"1.5","#,
    r#""eventSysVer":@,"externalUserId":"undefined","gdprBehOptIn":"None","gdprFuncOptIn":"None","#,
    r#""gdprTechOptIn":"None","idpId":"undefined","integrationId":"undefined","productName":"undefined","#,
    r#""productVersion":"undefined","sentTs":@,"sessionId":@,"userId":"undefined","events":[{"ts":@,"#,
    r#""parameters":{"nemoSource":@,"command":@,"subcommand":@,"taskStatus":@,"durationMs":@,"exitCode":@,"#,
    r#""errorClass":@,"pythonVersion":"undefined""#,
);

/// A value in the envelope.
enum Inserted<'a> {
    Text(&'a str),
    Number(i64),
    /// In milliseconds since the Unix epoch.
    Time(u64),
}

fn open_known(event: &CliCommandEvent, line: &mut Vec<u8>) {
    let fields = event.fields();
    open(line, event.root.app, &fields, &mut fields.command.iter(), clock::unix_ms());
}

/// Appends the envelope as far as the eight parameters of its event, to which more can be added.
fn open<'a, Path>(
    line: &mut Vec<u8>,
    app: &App,
    fields: &Fields<'a, Path>,
    command: &mut dyn Iterator<Item = &'a str>,
    sent_unix_ms: u64,
) {
    let mut session_id = uuid::Uuid::encode_buffer();
    let values = [
        Inserted::Text(app.envelope.client_id),
        Inserted::Text(fields.version),
        Inserted::Text(fields.arch),
        Inserted::Text(fields.os),
        Inserted::Text(app.envelope.system_version),
        Inserted::Time(sent_unix_ms),
        Inserted::Text(fields.session_id.simple().encode_lower(&mut session_id)),
        Inserted::Time(time::end_unix_ms(app, fields)),
        Inserted::Text(app.envelope.source),
        Inserted::Text(command.next().unwrap_or(UNKNOWN)),
        Inserted::Text(command.next().unwrap_or(UNDEFINED)),
        Inserted::Text(fields.status.as_str()),
        Inserted::Number(fields.duration_ms()),
        Inserted::Number(fields.exit_code.into()),
        Inserted::Text(error_class(fields)),
    ];
    let mut values = values.into_iter();
    for constant in ENVELOPE.as_bytes().split(|&byte| byte == b'@') {
        line.extend_from_slice(constant);
        match values.next() {
            Some(Inserted::Text(text)) => json::text(line, text),
            Some(Inserted::Number(number)) => json::integer(line, number),
            Some(Inserted::Time(unix_ms)) => quoted(line, |line| line.extend_from_slice(&Timestamp(unix_ms).text())),
            // After the last.
            None => {}
        }
    }
}

/// Appends what follows the parameters.
fn close(line: &mut Vec<u8>, app: &App) {
    line.extend_from_slice(b"},\"name\":");
    json::text(line, app.envelope.event);
    line.extend_from_slice(b"}]}");
}

/// Appends further parameters, all of them strings. `visit` visits the details of a group.
fn details(line: &mut Vec<u8>, visit: &dyn Fn(Group, &mut Visitor<'_>)) {
    for group in Group::ALL {
        visit(group, &mut |Detail { name, value }| {
            line.extend_from_slice(b",\"");
            line.extend_from_slice(group.singular().as_bytes());
            line.push(b'.');
            line.extend_from_slice(name.as_bytes());
            line.extend_from_slice(b"\":");
            quoted(line, |line| match value {
                Value::Flag(flag) => json::flag(line, flag),
                Value::Word(word) => line.extend_from_slice(word.as_bytes()),
                Value::Words(words) => {
                    for (position, word) in words.enumerate() {
                        line.extend_from_slice(if position == 0 { b"" } else { b"," });
                        line.extend_from_slice(word.as_bytes());
                    }
                }
                Value::Time(micros) => json::unsigned(line, micros),
            });
        });
    }
}

fn quoted(line: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    line.push(b'"');
    write(line);
    line.push(b'"');
}

/// A success has no error class in this format.
fn error_class<'a, Path>(fields: &Fields<'a, Path>) -> &'a str {
    match fields.error_class {
        Some(class) if fields.status != TaskStatus::Success => class,
        _ => UNDEFINED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::{
        CommandNode, CommandPath, Envelope, ErrorClassName, Key, NAME_MAX_BYTES, RecordedOption, Root, TelemetryApp,
    };
    use crate::event::sample::{Cli, event};
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

    /// Of every text of an author, the longest that compiles.
    #[test]
    fn what_a_signal_handler_writes_has_room() {
        let longest: &'static str = "x".repeat(NAME_MAX_BYTES).leak();
        let envelope = Envelope { event: longest, source: longest, client_id: longest, system_version: longest };
        let mut root = Root::of::<Cli>();
        root.app = Box::leak(Box::new(App { name: longest, version: longest, envelope, ..Cli::APP }));
        let below = Box::leak(Box::new([CommandNode::command(longest, &[])]));
        root.commands = Box::leak(Box::new([CommandNode::command(longest, below)]));
        let mut path = CommandPath::default();
        path.push(0);
        path.push(0);
        for error_class in ErrorClassName::FIXED {
            let (ending, status) = (Ending::Abandoned, TaskStatus::Interrupted);
            let outcome = Outcome { ending, status, exit_code: i32::MIN, error_class: Some(error_class) };
            let event = CliCommandEvent { root, path, version: longest, outcome, duration_us: i64::MAX, ..event() };
            let mut line = Vec::new();
            extend(&event, &mut line);
            assert!(line.len() < max_bytes(&event), "{}", line.len());
        }
    }
}
