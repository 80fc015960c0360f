//! OTLP: one span per run, by OpenTelemetry's conventions for CLI programs, in their version 1.44.
//!
//! The span's name is the program's and its command's, such as `toolkit info list-channels`. Its cardinality is low: it can
//! hold nothing but names from the compile-time tree.
//!
//! Three attributes of the conventions are left out. `process.pid` says nothing that the session id does not,
//! `process.command_args` is what the user typed, and `process.executable.path` tells who the user is. `process.exit.code` is
//! left out while it is unknown.
//!
//! The status is an error for a run that failed, and only then does it have `error.type`. The conventions call every exit code
//! other than 0 an error; a run that its user interrupted has not failed, and of an unknown code nothing is known.
//!
//! The conventions have no attributes for the rest. It is in a namespace of this crate, since they are filling `cli.*`:
//!
//! | attribute | value |
//! |---|---|
//! | `telemetry_runtime.command` | the command as an array of names, outermost first |
//! | `telemetry_runtime.command_line` | the same as one string, since collectors store arrays differently |
//! | `telemetry_runtime.ending` | what ended the run |
//! | `telemetry_runtime.status` | how it ended |
//! | `telemetry_runtime.ci` | whether it ran in CI |
//! | `telemetry_runtime.option.NAME` | a recorded option: a string, a boolean, or an array of strings |
//! | `telemetry_runtime.fact.NAME` | a fact |
//! | `telemetry_runtime.phase.NAME` | the time of a phase, in microseconds |
//! | `telemetry_runtime.context.NAME` | a circumstance |
//! | `telemetry_runtime.active.week`, `.since` | in the first run of a week: the week, and since when the user has agreed |
//! | `telemetry_runtime.dropped_events` | on one span of a request: how many events were lost before |

use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use prost::Message;

use super::time;
use crate::declare::{App, Group};
use crate::event::{self, Detail, ReadFields, Record, TaskStatus};

const NANOS_PER_MILLI: u64 = 1_000_000;
const NANOS_PER_MICRO: u64 = 1_000;

/// The version of the conventions that the attributes follow.
const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.44.0";

/// The W3C trace flag `sampled`.
const SAMPLED: u32 = 1;

/// The body of an `ExportTraceServiceRequest`.
pub(crate) fn encode(app: &App, records: &[Record<'_>], lost: u64) -> Vec<u8> {
    let mut resource_spans: Vec<ResourceSpans> = Vec::new();
    // Consecutive runs usually have the same version, so there is nearly always one group.
    for group in records.chunk_by(|a, b| program(&a.fields) == program(&b.fields)) {
        let Some(first) = group.first() else { continue };
        resource_spans.push(ResourceSpans {
            resource: Some(resource(app, &first.fields)),
            scope_spans: vec![ScopeSpans {
                scope: Some(InstrumentationScope {
                    name: env!("CARGO_PKG_NAME").to_owned(),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    ..InstrumentationScope::default()
                }),
                spans: group.iter().map(|record| span_with_details(app, record)).collect(),
                schema_url: SCHEMA_URL.to_owned(),
            }],
            schema_url: SCHEMA_URL.to_owned(),
        });
    }
    let mut spans =
        resource_spans.iter_mut().flat_map(|group| &mut group.scope_spans).flat_map(|scope| &mut scope.spans);
    if let Some(first) = spans.next().filter(|_| lost > 0) {
        let lost = Value::IntValue(i64::try_from(lost).unwrap_or(i64::MAX));
        first.attributes.push(attribute("telemetry_runtime.dropped_events", lost));
    }
    ExportTraceServiceRequest { resource_spans }.encode_to_vec()
}

/// The fields that all spans of a resource share.
fn program<'a>(fields: &ReadFields<'a>) -> [&'a str; 3] {
    [fields.version, fields.os, fields.arch]
}

fn resource(app: &App, fields: &ReadFields<'_>) -> Resource {
    let attributes = [
        ("service.name", app.name),
        ("service.version", fields.version),
        ("os.type", os_type(fields.os)),
        ("host.arch", host_arch(fields.arch)),
        ("telemetry.sdk.name", env!("CARGO_PKG_NAME")),
        ("telemetry.sdk.language", "rust"),
        ("telemetry.sdk.version", env!("CARGO_PKG_VERSION")),
    ];
    Resource { attributes: attributes.map(|(key, value)| attribute(key, string(value))).into(), ..Resource::default() }
}

fn span(app: &App, fields: &ReadFields<'_>) -> Span {
    let id = fields.session_id.as_bytes();
    let start = time::start_unix_ms(app, fields).saturating_mul(NANOS_PER_MILLI);
    // An unknown duration counts as none.
    let duration = u64::try_from(fields.duration_us).unwrap_or(0).saturating_mul(NANOS_PER_MICRO);
    let failed = has_failed(fields);
    let command_line = fields.command.clone().collect::<Vec<_>>().join(" ");
    let mut attributes = vec![
        attribute("process.executable.name", string(app.bin)),
        attribute("telemetry_runtime.command", strings(fields.command.clone())),
        attribute("telemetry_runtime.command_line", string(&command_line)),
        attribute("telemetry_runtime.ending", string(fields.ending.as_str())),
        attribute("telemetry_runtime.status", string(fields.status.as_str())),
        attribute("telemetry_runtime.ci", Value::BoolValue(fields.ci)),
    ];
    if !has_unknown_code(fields) {
        attributes.push(attribute("process.exit.code", Value::IntValue(fields.exit_code.into())));
    }
    if failed {
        attributes.push(attribute("error.type", string(fields.error_class.unwrap_or("_OTHER"))));
    }
    Span {
        trace_id: id.to_vec(),
        // The second half of a random UUID: as random as a separate id, except for two bits.
        span_id: id.iter().copied().skip(8).collect(),
        name: format!("{} {command_line}", app.bin).trim_end().to_owned(),
        kind: SpanKind::Internal.into(),
        start_time_unix_nano: start,
        end_time_unix_nano: start.saturating_add(duration),
        attributes,
        flags: SAMPLED,
        // No message: `error.type` holds the class.
        status: failed.then(|| Status { code: StatusCode::Error.into(), ..Status::default() }),
        ..Span::default()
    }
}

/// The span, with options, facts and the like.
fn span_with_details(app: &App, record: &Record<'_>) -> Span {
    let mut span = span(app, &record.fields);
    for group in Group::ALL {
        record.visit_details(group, &mut |Detail { name, value }| {
            let value = match value {
                event::Value::Flag(flag) => Value::BoolValue(flag),
                event::Value::Word(word) => string(word),
                event::Value::Words(words) => strings(words),
                event::Value::Time(micros) => Value::IntValue(i64::try_from(micros).unwrap_or(i64::MAX)),
            };
            span.attributes.push(attribute(&format!("telemetry_runtime.{}.{name}", group.singular()), value));
        });
    }
    span
}

/// Whether the run ended in failure: not if it was interrupted, and not if nothing is known.
fn has_failed(fields: &ReadFields<'_>) -> bool {
    matches!(fields.status, TaskStatus::Failure | TaskStatus::Error)
}

/// With any other status, -1 is a code that Windows knows.
fn has_unknown_code(fields: &ReadFields<'_>) -> bool {
    fields.exit_code == -1 && fields.status == TaskStatus::Undefined
}

fn attribute(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

fn string(text: &str) -> Value {
    Value::StringValue(text.to_owned())
}

fn strings<'a>(texts: impl Iterator<Item = &'a str>) -> Value {
    let values = texts.map(|text| AnyValue { value: Some(string(text)) }).collect();
    Value::ArrayValue(ArrayValue { values })
}

/// The conventions' name for an operating system.
fn os_type(os: &str) -> &str {
    match os {
        "macos" => "darwin",
        "dragonfly" => "dragonflybsd",
        os => os,
    }
}

/// The conventions' name for an architecture.
fn host_arch(arch: &str) -> &str {
    match arch {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "arm" => "arm32",
        "powerpc" => "ppc32",
        "powerpc64" => "ppc64",
        arch => arch,
    }
}

/// How many spans of an accepted request the collector rejected permanently.
pub(crate) fn rejected(answer: &[u8]) -> u64 {
    let answer = ExportTraceServiceResponse::decode(answer).unwrap_or_default();
    answer.partial_success.map_or(0, |partial| u64::try_from(partial.rejected_spans).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::ErrorClassName;
    use crate::event::{CliCommandEvent, Ending, Outcome, Row, sample};

    fn span_of(outcome: Outcome) -> Span {
        let event = CliCommandEvent { outcome, ..sample::event() };
        let line = event.to_json();
        let Row::Event(record) = Row::parse(line.as_bytes(), event.root.app.name) else { panic!("no event") };
        span(event.root.app, &record.fields)
    }

    fn has(span: &Span, key: &str) -> bool {
        span.attributes.iter().any(|attribute| attribute.key == key)
    }

    #[test]
    fn only_a_failure_is_an_error() {
        let abandoned = Outcome { error_class: Some(ErrorClassName::ABANDONED), ..Outcome::UNTOLD };
        for (outcome, is_error) in [
            (Outcome::from_code(Ending::Return, 0), false),
            (Outcome::from_code(Ending::Exit, 3), true),
            // On Windows -1 can be the exit code itself.
            (Outcome::from_code(Ending::Exit, -1), true),
            (Outcome::from_code(Ending::Exit, 130), false),
            (Outcome::unknown(Ending::Exit), false),
            (abandoned, false),
        ] {
            let span = span_of(outcome);
            assert_eq!(span.status.is_some(), is_error, "{outcome:?}");
            assert_eq!(has(&span, "error.type"), is_error, "{outcome:?}");
        }
    }

    #[test]
    fn an_unknown_exit_code_is_left_out() {
        assert!(!has(&span_of(Outcome::UNTOLD), "process.exit.code"));
        assert!(has(&span_of(Outcome::from_code(Ending::Exit, -1)), "process.exit.code"));
    }
}
