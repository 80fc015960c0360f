//! Runs from the JSON envelope of NVIDIA's NeMo Agent Toolkit. It does not tell how a run ended, nor of CI.

use serde_json::{Map, Value as Json};

use super::LeftOut;
use crate::run::{Active, Program, Run, Text, Value, is_word, status};
use crate::time;

const MICROS_PER_MILLI: u64 = 1_000;

/// Whether a body is meant as an envelope.
pub(super) fn is_envelope(body: &[u8]) -> bool {
    serde_json::from_slice::<Json>(body).is_ok_and(|json| json["events"].is_array())
}

/// The runs of an envelope: one, as `telemetry-runtime` sends it. `None` if this is no envelope.
pub(super) fn runs<'a>(envelope: &'a Json, left_out: &mut LeftOut) -> Option<Vec<Run<'a>>> {
    let session_id = hexadecimal(envelope["sessionId"].as_str()?)?;
    let mut runs = Vec::new();
    for event in envelope["events"].as_array()? {
        let Some(parameters) = event["parameters"].as_object().filter(|it| it.contains_key("taskStatus")) else {
            left_out.foreign += 1;
            continue;
        };
        match run(session_id, envelope, event, parameters, left_out) {
            Some(run) => runs.push(run),
            None => left_out.malformed += 1,
        }
    }
    Some(runs)
}

fn run<'a>(
    session_id: [u8; 16],
    envelope: &'a Json,
    event: &'a Json,
    parameters: &'a Map<String, Json>,
    left_out: &mut LeftOut,
) -> Option<Run<'a>> {
    let parameter = |name: &str| known(parameters.get(name)?);
    let duration_us = match parameters.get("durationMs")?.as_i64()? {
        -1 => None,
        millis => Some(u64::try_from(millis).ok()?.saturating_mul(MICROS_PER_MILLI)),
    };
    let end_unix_ms = time::parse_unix_ms(event["ts"].as_str()?)?;
    let program = Program {
        app: parameter("nemoSource")?.into(),
        version: known(&envelope["clientVer"]).unwrap_or("unknown").into(),
        os: os_type(known(&envelope["deviceOS"])).into(),
        arch: host_arch(known(&envelope["cpuArchitecture"])).into(),
    };
    let start_unix_ms = end_unix_ms.saturating_sub(duration_us.unwrap_or(0) / MICROS_PER_MILLI);
    let mut run = Run::new(session_id, start_unix_ms, program);
    run.command = match (parameter("command"), parameter("subcommand")) {
        (Some(command), Some(subcommand)) => format!("{command} {subcommand}").into(),
        (command, _) => command.unwrap_or_default().into(),
    };
    run.status = status(parameters.get("taskStatus")?.as_str()?)?;
    let exit_code = parameters.get("exitCode").and_then(Json::as_i64).and_then(|code| i32::try_from(code).ok());
    run.exit_code = exit_code.filter(|code| *code != -1 || run.status != "undefined");
    run.error_class = parameter("errorClass").map(Text::Borrowed);
    run.duration_us = duration_us;
    for (name, value) in parameters {
        if set(&mut run, name, value).is_none() {
            left_out.attributes += 1;
        }
    }
    run.active = run.active.filter(|active| !active.week.is_empty());
    Some(run)
}

/// Sets what a further parameter says. `None` if it is not part of an event.
fn set<'a>(run: &mut Run<'a>, name: &'a str, value: &'a Json) -> Option<()> {
    let text = || value.as_str().filter(|text| is_word(text));
    match name {
        "nemoSource" | "command" | "subcommand" | "taskStatus" | "durationMs" | "exitCode" | "errorClass"
        | "pythonVersion" => {}
        "droppedEvents" => run.dropped = text()?.parse().ok()?,
        "active.week" => run.active.get_or_insert_with(Active::default).week = text()?.into(),
        "active.since" => run.active.get_or_insert_with(Active::default).since = Some(text()?.into()),
        _ => {
            let (group, name) = name.split_once('.').filter(|(_, name)| is_word(name))?;
            let pair = (Text::Borrowed(name), Value::Word(text()?.into()));
            match group {
                "option" => run.options.push(pair),
                "fact" => run.facts.push(pair),
                "context" => run.context.push(pair),
                "phase" => run.phases.push((pair.0, text()?.parse().ok()?)),
                _ => return None,
            }
        }
    }
    Some(())
}

/// The text, unless it stands for an unknown one.
fn known(value: &Json) -> Option<&str> {
    let text = value.as_str().filter(|text| is_word(text))?;
    (!matches!(text, "undefined" | "unknown")).then_some(text)
}

/// OpenTelemetry's name for an operating system.
fn os_type(os: Option<&str>) -> &str {
    match os {
        None => "unknown",
        Some("macos") => "darwin",
        Some("dragonfly") => "dragonflybsd",
        Some(os) => os,
    }
}

/// OpenTelemetry's name for an architecture.
fn host_arch(arch: Option<&str>) -> &str {
    match arch {
        None => "unknown",
        Some("x86_64") => "amd64",
        Some("aarch64") => "arm64",
        Some("arm") => "arm32",
        Some("powerpc") => "ppc32",
        Some("powerpc64") => "ppc64",
        Some(arch) => arch,
    }
}

/// A UUID of 32 hexadecimal digits, with or without hyphens.
fn hexadecimal(text: &str) -> Option<[u8; 16]> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32).map(u128::to_be_bytes)
}
