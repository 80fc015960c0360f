//! Runs as OTLP, byte for byte as `telemetry-runtime` sends them.
//!
//! The runtime encodes only what its own queue holds, of the one program it is part of: a fleet would be thousands of
//! processes. A test compares this encoder with the bytes of a real program.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};

use crate::receive::NAMESPACE;
use crate::run::{Program, Run, Text, Value, has_failed};

const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.44.0";
const SDK: &str = "telemetry-runtime";

/// Both are members of one workspace, and have its version.
const SDK_VERSION: &str = env!("CARGO_PKG_VERSION");

/// The W3C trace flag `sampled`.
const SAMPLED: u32 = 1;

/// The request for runs whose executable has this name.
pub fn request(runs: &[Run<'_>], executable: &str) -> ExportTraceServiceRequest {
    let groups = runs.chunk_by(|a, b| a.program == b.program);
    let resource_spans = groups.filter_map(|group| {
        Some(ResourceSpans {
            resource: Some(resource(&group.first()?.program)),
            scope_spans: vec![ScopeSpans {
                scope: Some(InstrumentationScope {
                    name: SDK.to_owned(),
                    version: SDK_VERSION.to_owned(),
                    ..InstrumentationScope::default()
                }),
                spans: group.iter().map(|run| span(run, executable)).collect(),
                schema_url: SCHEMA_URL.to_owned(),
            }],
            schema_url: SCHEMA_URL.to_owned(),
        })
    });
    ExportTraceServiceRequest { resource_spans: resource_spans.collect() }
}

fn resource(program: &Program<'_>) -> Resource {
    let attributes = [
        ("service.name", &*program.app),
        ("service.version", &program.version),
        ("os.type", &program.os),
        ("host.arch", &program.arch),
        ("telemetry.sdk.name", SDK),
        ("telemetry.sdk.language", "rust"),
        ("telemetry.sdk.version", SDK_VERSION),
    ];
    Resource { attributes: attributes.map(|(key, value)| attribute(key, string(value))).into(), ..Resource::default() }
}

fn span(run: &Run<'_>, executable: &str) -> Span {
    let start = run.start_unix_ms * 1_000_000;
    let failed = has_failed(run.status);
    Span {
        trace_id: run.session_id.to_vec(),
        span_id: run.session_id.iter().copied().skip(8).collect(),
        name: format!("{executable} {}", run.command).trim_end().to_owned(),
        kind: SpanKind::Internal.into(),
        start_time_unix_nano: start,
        end_time_unix_nano: start + run.duration_us.unwrap_or(0) * 1_000,
        attributes: attributes(run, executable),
        flags: SAMPLED,
        status: failed.then(|| Status { code: StatusCode::Error.into(), ..Status::default() }),
        ..Span::default()
    }
}

fn attributes(run: &Run<'_>, executable: &str) -> Vec<KeyValue> {
    let mut attributes = vec![
        attribute("process.executable.name", string(executable)),
        own("command", strings(run.command.split(' ').filter(|name| !name.is_empty()))),
        own("command_line", string(&run.command)),
    ];
    attributes.extend(run.ending.as_deref().map(|ending| own("ending", string(ending))));
    attributes.push(own("status", string(run.status)));
    attributes.extend(run.ci.map(|ci| own("ci", Any::BoolValue(ci))));
    attributes.extend(run.exit_code.map(|code| attribute("process.exit.code", Any::IntValue(code.into()))));
    attributes.extend(run.error_class.as_deref().map(|class| attribute("error.type", string(class))));
    let named = |group: &str, pairs: &[(Text<'_>, Value<'_>)]| -> Vec<KeyValue> {
        pairs.iter().map(|(name, value)| own(&format!("{group}.{name}"), any(value))).collect()
    };
    attributes.extend(named("option", &run.options));
    attributes.extend(named("fact", &run.facts));
    attributes.extend(run.phases.iter().map(|(name, micros)| own(&format!("phase.{name}"), integer(*micros))));
    attributes.extend(named("context", &run.context));
    if let Some(active) = &run.active {
        attributes.push(own("active.week", string(&active.week)));
        attributes.extend(active.since.as_deref().map(|since| own("active.since", string(since))));
    }
    if run.dropped > 0 {
        attributes.push(own("dropped_events", integer(run.dropped)));
    }
    attributes
}

/// An attribute in the namespace of the runtime.
fn own(key: &str, value: Any) -> KeyValue {
    attribute(&format!("{NAMESPACE}{key}"), value)
}

fn attribute(key: &str, value: Any) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}

fn any(value: &Value<'_>) -> Any {
    match value {
        Value::Flag(flag) => Any::BoolValue(*flag),
        Value::Word(word) => string(word),
        Value::Words(words) => strings(words.iter().map(|word| &**word)),
    }
}

fn integer(number: u64) -> Any {
    Any::IntValue(i64::try_from(number).unwrap_or(i64::MAX))
}

fn string(text: &str) -> Any {
    Any::StringValue(text.to_owned())
}

fn strings<'a>(texts: impl Iterator<Item = &'a str>) -> Any {
    Any::ArrayValue(ArrayValue { values: texts.map(|text| AnyValue { value: Some(string(text)) }).collect() })
}
