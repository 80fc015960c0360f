//! OTLP: one span a run, by OpenTelemetry's conventions for CLI programs.
//!
//! Two attributes of the conventions are left out: `process.pid` says nothing that the session id does not, and
//! `process.command_args` is what the user typed. The conventions have no key for the command's path. It stands under
//! `cli.command`: names that the compiler knew, outermost first.

use opentelemetry_proto::tonic::collector::trace::v1::{ExportTraceServiceRequest, ExportTraceServiceResponse};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
use prost::Message;

use crate::declare::App;
use crate::event::{Fields, Record, TaskStatus};

const NANOS_PER_MILLI: u64 = 1_000_000;

/// W3C's flag `sampled`.
const SAMPLED: u32 = 1;

/// The body of an `ExportTraceServiceRequest`.
pub(crate) fn encode(app: &App, records: &[Record]) -> Vec<u8> {
    let mut resource_spans: Vec<ResourceSpans> = Vec::new();
    // Runs of one version follow one another, so nearly always there is one group.
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
    ExportTraceServiceRequest { resource_spans }.encode_to_vec()
}

/// What spans of one resource have in common.
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
    let failed = fields.exit_code != 0 || fields.status == TaskStatus::Failure;
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
        // The second half of a random UUID: but for two bits as random as an id of its own.
        span_id: id.iter().copied().skip(8).collect(),
        name: app.name.to_owned(),
        kind: SpanKind::Internal.into(),
        start_time_unix_nano: fields.start_time_unix_ms.saturating_mul(NANOS_PER_MILLI),
        end_time_unix_nano: fields.end_time_unix_ms().saturating_mul(NANOS_PER_MILLI),
        attributes,
        flags: SAMPLED,
        // No message: the class says everything.
        status: failed.then(|| Status { code: StatusCode::Error.into(), ..Status::default() }),
        ..Span::default()
    }
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

/// The conventions' name of a system that Rust names otherwise.
fn os_type(os: &str) -> &str {
    match os {
        "macos" => "darwin",
        "dragonfly" => "dragonflybsd",
        os => os,
    }
}

/// The conventions' name of an architecture that Rust names otherwise.
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

/// How many spans of an accepted request the collector will never take.
pub(crate) fn rejected(answer: &[u8]) -> u64 {
    let answer = ExportTraceServiceResponse::decode(answer).unwrap_or_default();
    answer.partial_success.map_or(0, |partial| u64::try_from(partial.rejected_spans).unwrap_or(0))
}
