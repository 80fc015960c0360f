//! Runs from OTLP: the spans that `telemetry-runtime` sends, and no others.

use std::borrow::Cow;

use super::LeftOut;
use super::protobuf::{self, Any, Field, Malformed, Message};
use crate::run::{Active, Program, Run, Value, is_word, status};

/// The namespace of the attributes that the conventions do not have.
pub const NAMESPACE: &str = "telemetry_runtime.";

const NANOS_PER_MICRO: u64 = 1_000;
const NANOS_PER_MILLI: u64 = 1_000_000;

/// Every run has it, and nobody else's span has.
const STATUS: &str = "telemetry_runtime.status";

type Attributes<'a> = Vec<(&'a str, Option<Any<'a>>)>;

/// The runs of an `ExportTraceServiceRequest`.
pub fn runs<'a>(body: &'a [u8], left_out: &mut LeftOut) -> Result<Vec<Run<'a>>, Malformed> {
    let mut runs = Vec::new();
    let mut attributes = Vec::new();
    // Numbers of fields: resource_spans, then resource and scope_spans, then spans.
    protobuf::messages(Message(body), 1, &mut |group| {
        // Spans of others come in groups of their own, so their attributes are not counted.
        let (mut program, mut of_group) = (Program::default(), 0);
        protobuf::messages(group, 1, &mut |resource| {
            protobuf::messages(resource, 1, &mut |attribute| {
                let (key, value) = protobuf::attribute(attribute)?;
                of_group += u64::from(describe(&mut program, key, value).is_none());
                Ok(())
            })
        })?;
        let before = runs.len();
        protobuf::messages(group, 2, &mut |scope| {
            protobuf::messages(scope, 2, &mut |span| {
                let span = Span::read(span, &mut attributes)?;
                if !attributes.iter().any(|(key, _)| *key == STATUS) {
                    left_out.foreign += 1;
                } else if let Some(run) = run(span, &attributes, &program, left_out) {
                    runs.push(run);
                } else {
                    left_out.malformed += 1;
                }
                Ok(())
            })
        })?;
        if runs.len() > before {
            left_out.attributes += of_group;
        }
        Ok(())
    })?;
    Ok(runs)
}

/// Sets what an attribute of a resource says. `None` if it is not part of an event.
fn describe<'a>(program: &mut Program<'a>, key: &str, value: Option<Any<'a>>) -> Option<()> {
    let field = match key {
        "service.name" => &mut program.app,
        "service.version" => &mut program.version,
        "os.type" => &mut program.os,
        "host.arch" => &mut program.arch,
        "telemetry.sdk.name" | "telemetry.sdk.language" | "telemetry.sdk.version" => return Some(()),
        _ => return None,
    };
    *field = Cow::Borrowed(word(value)?);
    Some(())
}

/// What a span has beside its attributes.
#[derive(Debug, Default, Clone, Copy)]
struct Span<'a> {
    trace_id: &'a [u8],
    start_unix_nano: u64,
    end_unix_nano: u64,
}

impl<'a> Span<'a> {
    fn read(mut message: Message<'a>, attributes: &mut Attributes<'a>) -> Result<Self, Malformed> {
        let mut span = Span::default();
        attributes.clear();
        while let Some(field) = message.next()? {
            match field {
                (1, Field::Bytes(id)) => span.trace_id = id,
                (7, Field::Fixed64(time)) => span.start_unix_nano = time,
                (8, Field::Fixed64(time)) => span.end_unix_nano = time,
                (9, Field::Bytes(bytes)) => attributes.push(protobuf::attribute(Message(bytes))?),
                _ => {}
            }
        }
        Ok(span)
    }
}

/// The run of a span, `None` if it lacks what every run has.
fn run<'a>(
    span: Span<'a>,
    attributes: &Attributes<'a>,
    program: &Program<'a>,
    left_out: &mut LeftOut,
) -> Option<Run<'a>> {
    let session_id = span.trace_id.try_into().ok().filter(|id| *id != [0; 16])?;
    let mut run = Run::new(session_id, span.start_unix_nano / NANOS_PER_MILLI, program.clone());
    if run.program.app.is_empty() {
        return None;
    }
    run.duration_us = span.end_unix_nano.checked_sub(span.start_unix_nano).map(|nanos| nanos / NANOS_PER_MICRO);
    for (key, value) in attributes {
        if *key == STATUS {
            run.status = status(word(*value)?)?;
        } else if set(&mut run, key, *value).is_none() {
            left_out.attributes += 1;
        }
    }
    // An unknown duration is sent as none.
    if run.ending.as_deref() == Some("abandoned") {
        run.duration_us = run.duration_us.filter(|duration| *duration > 0);
    }
    run.active = run.active.filter(|active| !active.week.is_empty());
    Some(run)
}

/// Sets what an attribute says. `None` if it is not part of an event.
fn set<'a>(run: &mut Run<'a>, key: &'a str, any: Option<Any<'a>>) -> Option<()> {
    let Some(key) = key.strip_prefix(NAMESPACE) else {
        match key {
            // Says nothing that is not known.
            "process.executable.name" => {}
            "process.exit.code" => run.exit_code = Some(i32::try_from(integer(any)?).ok()?),
            "error.type" => run.error_class = Some(word(any)?.into()),
            _ => return None,
        }
        return Some(());
    };
    match key {
        // The same as one text follows.
        "command" => {}
        "command_line" => {
            let Any::Text(line) = any? else { return None };
            run.command = Some(line).filter(|line| line.is_empty() || is_word(line))?.into();
        }
        "ending" => run.ending = Some(word(any)?.into()),
        "ci" => {
            let Any::Flag(ci) = any? else { return None };
            run.ci = Some(ci);
        }
        "dropped_events" => run.dropped = u64::try_from(integer(any)?).ok()?,
        "active.week" => run.active.get_or_insert_with(Active::default).week = word(any)?.into(),
        "active.since" => run.active.get_or_insert_with(Active::default).since = Some(word(any)?.into()),
        _ => {
            let (group, name) = key.split_once('.').filter(|(_, name)| is_word(name))?;
            let name = Cow::Borrowed(name);
            match group {
                "option" => run.options.push((name, value(any)?)),
                "fact" => run.facts.push((name, value(any)?)),
                "context" => run.context.push((name, value(any)?)),
                "phase" => run.phases.push((name, u64::try_from(integer(any)?).ok()?)),
                _ => return None,
            }
        }
    }
    Some(())
}

fn word(value: Option<Any<'_>>) -> Option<&str> {
    match value? {
        Any::Text(text) if is_word(text) => Some(text),
        _ => None,
    }
}

fn integer(value: Option<Any<'_>>) -> Option<i64> {
    match value? {
        Any::Integer(number) => Some(number),
        _ => None,
    }
}

fn value(any: Option<Any<'_>>) -> Option<Value<'_>> {
    match any? {
        Any::Flag(flag) => Some(Value::Flag(flag)),
        Any::Text(text) if is_word(text) => Some(Value::Word(text.into())),
        Any::Array(array) => {
            let mut words = Vec::new();
            let read = protobuf::messages(array, 1, &mut |value| {
                words.push(word(protobuf::any(value)?).map(Cow::Borrowed));
                Ok(())
            });
            read.ok()?;
            words.into_iter().collect::<Option<_>>().map(Value::Words)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
    use prost::Message as _;

    use super::*;
    use crate::encode;
    use crate::simulate::{Fleet, Plan, Random};

    /// What prost encodes is read here. With a byte changed, whatever prost still reads is the same here as what prost encodes
    /// of it. What prost refuses may be accepted, since fields of no interest are not looked into; much of it is refused.
    #[test]
    fn this_reads_what_prost_reads() {
        let plan = Plan::new("toolkit", 30, 5, 20_783);
        let sent: Vec<Run<'_>> = Fleet::new(&plan).days().flat_map(|(_, runs)| runs).collect();
        let mut bytes = encode::request(&sent, "toolkit").encode_to_vec();
        let mut left_out = LeftOut::default();
        assert_eq!(runs(&bytes, &mut left_out).unwrap(), sent);
        assert_eq!(left_out, LeftOut::default());

        let mut random = Random::new(1);
        let mut refused = 0;
        for _ in 0..3_000 {
            let place = random.next() as usize % bytes.len();
            let before = bytes[place];
            bytes[place] = random.next() as u8;
            let prost = ExportTraceServiceRequest::decode(&bytes[..]);
            let ours = runs(&bytes, &mut LeftOut::default());
            if let Ok(request) = prost {
                let again = request.encode_to_vec();
                assert_eq!(ours, runs(&again, &mut LeftOut::default()), "byte {place}");
            } else {
                refused += usize::from(ours.is_err());
            }
            bytes[place] = before;
        }
        assert!(refused > 100, "{refused}");
    }
}
