//! Runs from the JSON envelope of NVIDIA's NeMo Agent Toolkit. It does not tell how a run ended, nor of CI.

use serde_json::{Map, Value as Json};

use super::LeftOut;
use crate::run::{Active, Program, Run, Value, is_word, status};
use crate::time;

const MICROS_PER_MILLI: u64 = 1_000;

/// The runs of an envelope: one, as `telemetry-runtime` sends it. `None` if this is no envelope.
pub(super) fn runs(body: &[u8], left_out: &mut LeftOut) -> Option<Vec<Run>> {
    let envelope: Json = serde_json::from_slice(body).ok()?;
    let session_id = hexadecimal(envelope["sessionId"].as_str()?)?;
    let mut runs = Vec::new();
    for event in envelope["events"].as_array()? {
        let Some(parameters) = event["parameters"].as_object().filter(|it| it.contains_key("taskStatus")) else {
            left_out.foreign += 1;
            continue;
        };
        match run(session_id, &envelope, event, parameters, left_out) {
            Some(run) => runs.push(run),
            None => left_out.malformed += 1,
        }
    }
    Some(runs)
}

fn run(
    session_id: [u8; 16],
    envelope: &Json,
    event: &Json,
    parameters: &Map<String, Json>,
    left_out: &mut LeftOut,
) -> Option<Run> {
    let parameter = |name: &str| known(parameters.get(name)?);
    let duration_us = match parameters.get("durationMs")?.as_i64()? {
        -1 => None,
        millis => Some(u64::try_from(millis).ok()?.saturating_mul(MICROS_PER_MILLI)),
    };
    let end_unix_ms = time::parse_unix_ms(event["ts"].as_str()?)?;
    let status = status(parameters.get("taskStatus")?.as_str()?)?;
    let exit_code = parameters.get("exitCode").and_then(Json::as_i64).and_then(|code| i32::try_from(code).ok());
    let mut run = Run {
        session_id,
        start_unix_ms: end_unix_ms.saturating_sub(duration_us.unwrap_or(0) / MICROS_PER_MILLI),
        program: Program {
            app: parameter("nemoSource")?,
            version: known(&envelope["clientVer"]).unwrap_or_else(|| "unknown".to_owned()),
            os: os_type(known(&envelope["deviceOS"]).as_deref()),
            arch: host_arch(known(&envelope["cpuArchitecture"]).as_deref()),
        },
        ci: None,
        command: [parameter("command"), parameter("subcommand")].into_iter().flatten().collect::<Vec<_>>().join(" "),
        ending: None,
        status,
        exit_code: exit_code.filter(|code| *code != -1 || status != "undefined"),
        error_class: parameter("errorClass"),
        duration_us,
        options: Vec::new(),
        facts: Vec::new(),
        phases: Vec::new(),
        context: Vec::new(),
        active: None,
        dropped: 0,
    };
    for (name, value) in parameters {
        if set(&mut run, name, value).is_none() {
            left_out.attributes += 1;
        }
    }
    run.active = run.active.filter(|active| !active.week.is_empty());
    Some(run)
}

/// Sets what a further parameter says. `None` if it is not part of an event.
fn set(run: &mut Run, name: &str, value: &Json) -> Option<()> {
    let text = || value.as_str().filter(|text| is_word(text));
    match name {
        "nemoSource" | "command" | "subcommand" | "taskStatus" | "durationMs" | "exitCode" | "errorClass"
        | "pythonVersion" => {}
        "droppedEvents" => run.dropped = text()?.parse().ok()?,
        "active.week" => active(run).week = text()?.to_owned(),
        "active.since" => active(run).since = Some(text()?.to_owned()),
        _ => {
            let (group, name) = name.split_once('.').filter(|(_, name)| is_word(name))?;
            let pair = (name.to_owned(), Value::Word(text()?.to_owned()));
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

fn active(run: &mut Run) -> &mut Active {
    run.active.get_or_insert_with(|| Active { week: String::new(), since: None })
}

/// The text, unless it stands for an unknown one.
fn known(value: &Json) -> Option<String> {
    let text = value.as_str().filter(|text| is_word(text))?;
    (!matches!(text, "undefined" | "unknown")).then(|| text.to_owned())
}

/// OpenTelemetry's name for an operating system.
fn os_type(os: Option<&str>) -> String {
    match os {
        None => "unknown",
        Some("macos") => "darwin",
        Some("dragonfly") => "dragonflybsd",
        Some(os) => os,
    }
    .to_owned()
}

/// OpenTelemetry's name for an architecture.
fn host_arch(arch: Option<&str>) -> String {
    match arch {
        None => "unknown",
        Some("x86_64") => "amd64",
        Some("aarch64") => "arm64",
        Some("arm") => "arm32",
        Some("powerpc") => "ppc32",
        Some("powerpc64") => "ppc64",
        Some(arch) => arch,
    }
    .to_owned()
}

/// A UUID of 32 hexadecimal digits, with or without hyphens.
fn hexadecimal(text: &str) -> Option<[u8; 16]> {
    let digits: String = text.chars().filter(|letter| *letter != '-').collect();
    u128::from_str_radix(&digits, 16).ok().filter(|_| digits.len() == 32).map(u128::to_be_bytes)
}
