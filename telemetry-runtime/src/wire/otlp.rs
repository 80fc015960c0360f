//! OTLP: one span per run, by OpenTelemetry's conventions for CLI programs.
//!
//! Two attributes of the conventions are left out: `process.pid` adds nothing to the session id, and `process.command_args`
//! is user input. The conventions have no attribute for the command path. It is in `cli.command`: names from the compile-time
//! tree, outermost first.

use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use prost::Message;

use super::time;
use crate::declare::App;
use crate::event::{Fields, Record, TaskStatus};

const NANOS_PER_MILLI: u64 = 1_000_000;
const NANOS_PER_MICRO: u64 = 1_000;

/// The W3C trace flag `sampled`.
const SAMPLED: u32 = 1;

/// The body of an `ExportTraceServiceRequest`.
pub(crate) fn encode(app: &App, records: &[Record], lost: u64) -> Vec<u8> {
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
                spans: group.iter().map(|record| span(app, &record.fields)).collect(),
                ..ScopeSpans::default()
            }],
            ..ResourceSpans::default()
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
fn program(fields: &Fields<String>) -> [&str; 3] {
    [&fields.version, &fields.os, &fields.arch]
}

fn resource(app: &App, fields: &Fields<String>) -> Resource {
    let attributes = [
        ("service.name", app.name),
        ("service.version", &fields.version),
        ("os.type", os_type(&fields.os)),
        ("host.arch", host_arch(&fields.arch)),
    ];
    Resource { attributes: attributes.map(|(key, value)| attribute(key, string(value))).into(), ..Resource::default() }
}

fn span(app: &App, fields: &Fields<String>) -> Span {
    let id = fields.session_id.as_bytes();
    let start = time::start_unix_ms(app, fields).saturating_mul(NANOS_PER_MILLI);
    // An unknown duration counts as none.
    let duration = u64::try_from(fields.duration_us).unwrap_or(0).saturating_mul(NANOS_PER_MICRO);
    let failed = has_failed(fields);
    let mut attributes = vec![
        attribute("process.executable.name", string(app.bin)),
        attribute("process.exit.code", Value::IntValue(fields.exit_code.into())),
        attribute("cli.command", strings(fields.command.iter())),
        attribute("cli.status", string(fields.status.as_str())),
        attribute("cli.ci", Value::BoolValue(fields.ci)),
    ];
    if failed {
        attributes.push(attribute("error.type", string(fields.error_class.as_deref().unwrap_or("_OTHER"))));
    }
    Span {
        trace_id: id.to_vec(),
        // The second half of a random UUID: as random as a separate id, except for two bits.
        span_id: id.iter().copied().skip(8).collect(),
        name: app.name.to_owned(),
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

/// Whether the run is known to have failed. An exit code that is unknown says nothing.
fn has_failed(fields: &Fields<String>) -> bool {
    let is_unknown = fields.status == TaskStatus::Undefined && fields.error_class.is_none();
    fields.status == TaskStatus::Failure || (fields.exit_code != 0 && !is_unknown)
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
    use crate::event::{CliCommandEvent, Ending, Outcome, sample};

    #[test]
    fn an_unknown_exit_code_is_not_called_an_error() {
        let has_failed = |outcome| {
            let event = CliCommandEvent { outcome, ..sample::event() };
            let row = serde_json::from_str(&event.to_json()).unwrap();
            has_failed(&Fields::read(&row).unwrap())
        };
        let unknown = Outcome::UNTOLD;
        assert!(!has_failed(unknown));
        assert!(!has_failed(Outcome::from_code(Ending::Return, 0)));
        assert!(has_failed(Outcome { error_class: Some(ErrorClassName::ABANDONED), ..unknown }));
        // On Windows -1 can be the exit code itself.
        assert!(has_failed(Outcome::from_code(Ending::Exit, -1)));
        assert!(has_failed(Outcome::from_code(Ending::Exit, 130)));
    }
}
