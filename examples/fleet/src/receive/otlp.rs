//! Runs from OTLP: the spans that `telemetry-runtime` sends, and no others.

use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::Span;

use super::LeftOut;
use crate::run::{Active, Program, Run, Value, is_word, status};

/// The namespace of the attributes that the conventions do not have.
pub const NAMESPACE: &str = "telemetry_runtime.";

const NANOS_PER_MICRO: u64 = 1_000;
const NANOS_PER_MILLI: u64 = 1_000_000;

/// The runs of a request.
pub fn runs(request: ExportTraceServiceRequest, left_out: &mut LeftOut) -> Vec<Run> {
    let mut runs = Vec::new();
    for group in request.resource_spans {
        // Spans of others come in groups of their own, so their attributes are not counted.
        let mut of_group = LeftOut::default();
        let program = program(group.resource.unwrap_or_default(), &mut of_group);
        let before = runs.len();
        for span in group.scope_spans.into_iter().flat_map(|scope| scope.spans) {
            if !span.attributes.iter().any(is_status) {
                left_out.foreign += 1;
                continue;
            }
            match run(span, &program, left_out) {
                Some(run) => runs.push(run),
                None => left_out.malformed += 1,
            }
        }
        if runs.len() > before {
            left_out.attributes += of_group.attributes;
        }
    }
    runs
}

/// Every run has a status, and nobody else's span has.
fn is_status(attribute: &KeyValue) -> bool {
    attribute.key.strip_prefix(NAMESPACE) == Some("status")
}

fn program(resource: Resource, left_out: &mut LeftOut) -> Program {
    let mut program = Program::default();
    for attribute in resource.attributes {
        let field = match attribute.key.as_str() {
            "service.name" => &mut program.app,
            "service.version" => &mut program.version,
            "os.type" => &mut program.os,
            "host.arch" => &mut program.arch,
            "telemetry.sdk.name" | "telemetry.sdk.language" | "telemetry.sdk.version" => continue,
            _ => {
                left_out.attributes += 1;
                continue;
            }
        };
        match word(attribute) {
            Some(word) => *field = word,
            None => left_out.attributes += 1,
        }
    }
    for field in [&mut program.version, &mut program.os, &mut program.arch] {
        if field.is_empty() {
            "unknown".clone_into(field);
        }
    }
    program
}

/// The run of a span, `None` if it lacks what every run has.
fn run(span: Span, program: &Program, left_out: &mut LeftOut) -> Option<Run> {
    let mut run = Run {
        session_id: span.trace_id.try_into().ok()?,
        start_unix_ms: span.start_time_unix_nano / NANOS_PER_MILLI,
        program: program.clone(),
        ci: None,
        command: String::new(),
        ending: None,
        status: "undefined",
        exit_code: None,
        error_class: None,
        duration_us: span
            .end_time_unix_nano
            .checked_sub(span.start_time_unix_nano)
            .map(|nanos| nanos / NANOS_PER_MICRO),
        options: Vec::new(),
        facts: Vec::new(),
        phases: Vec::new(),
        context: Vec::new(),
        active: None,
        dropped: 0,
    };
    if run.session_id == [0; 16] || run.program.app.is_empty() {
        return None;
    }
    for attribute in span.attributes {
        if is_status(&attribute) {
            run.status = status(&word(attribute)?)?;
        } else if set(&mut run, attribute).is_none() {
            left_out.attributes += 1;
        }
    }
    // An unknown duration is sent as none.
    if run.ending.as_deref() == Some("abandoned") {
        run.duration_us = run.duration_us.filter(|duration| *duration > 0);
    }
    Some(run)
}

/// Sets what an attribute says. `None` if it is not part of an event.
fn set(run: &mut Run, attribute: KeyValue) -> Option<()> {
    let Some(key) = attribute.key.strip_prefix(NAMESPACE) else {
        match attribute.key.as_str() {
            // The command's array and the executable say nothing that is not known.
            "process.executable.name" => {}
            "process.exit.code" => run.exit_code = i32::try_from(integer(attribute)?).ok(),
            "error.type" => run.error_class = Some(word(attribute)?),
            _ => return None,
        }
        return Some(());
    };
    match key {
        "command" => {
            if let (Value::Words(words), true) = (value(attribute)?, run.command.is_empty()) {
                run.command = Some(words.join(" ")).filter(|line| line.is_empty() || is_word(line))?;
            }
        }
        "command_line" => run.command = text(attribute).filter(|line| line.is_empty() || is_word(line))?,
        "ending" => run.ending = Some(word(attribute)?),
        "ci" => match attribute.value?.value? {
            Any::BoolValue(ci) => run.ci = Some(ci),
            _ => return None,
        },
        "dropped_events" => run.dropped = u64::try_from(integer(attribute)?).ok()?,
        "active.week" => {
            let week = word(attribute).filter(|week| is_week(week))?;
            run.active.get_or_insert_with(|| Active { week: String::new(), since: None }).week = week;
        }
        "active.since" => {
            let since = word(attribute)?;
            run.active.get_or_insert_with(|| Active { week: String::new(), since: None }).since = Some(since);
        }
        _ => {
            let (group, name) = key.split_once('.')?;
            let name = Some(name).filter(|name| is_word(name))?.to_owned();
            match group {
                "option" => run.options.push((name, value(attribute)?)),
                "fact" => run.facts.push((name, value(attribute)?)),
                "context" => run.context.push((name, value(attribute)?)),
                "phase" => run.phases.push((name, u64::try_from(integer(attribute)?).ok()?)),
                _ => return None,
            }
        }
    }
    Some(())
}

fn is_week(text: &str) -> bool {
    matches!(text.split_once("-W"), Some((year, week)) if year.len() == 4 && week.len() == 2
        && year.bytes().chain(week.bytes()).all(|byte| byte.is_ascii_digit()))
}

fn text(attribute: KeyValue) -> Option<String> {
    match attribute.value?.value? {
        Any::StringValue(text) => Some(text),
        _ => None,
    }
}

fn word(attribute: KeyValue) -> Option<String> {
    text(attribute).filter(|text| is_word(text))
}

fn integer(attribute: KeyValue) -> Option<i64> {
    match attribute.value?.value? {
        Any::IntValue(number) => Some(number),
        _ => None,
    }
}

fn value(attribute: KeyValue) -> Option<Value> {
    match attribute.value?.value? {
        Any::BoolValue(flag) => Some(Value::Flag(flag)),
        Any::StringValue(word) if is_word(&word) => Some(Value::Word(word)),
        Any::ArrayValue(array) => {
            let words = array.values.into_iter().map(|value| match value.value {
                Some(Any::StringValue(word)) if is_word(&word) => Some(word),
                _ => None,
            });
            words.collect::<Option<_>>().map(Value::Words)
        }
        _ => None,
    }
}
