//! What an OpenTelemetry collector receives.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message;
use serde_json::{Value, json};
use support::{Reply, Request, Sink, python, wait_until};

use crate::courier::Courier;

/// The switches that turn off OpenTelemetry turn off a program that takes its endpoint from there. Its own variable is about
/// this program, and has the last word.
#[test]
fn open_telemetry_s_switches_are_heeded() {
    let courier = Courier::called("courier");
    let decided = |variables: &[(&str, &str)]| {
        let mut command = courier.run(&["work"], "");
        command.env_remove(courier.program.variable("ENABLED")).envs(variables.iter().copied());
        command.output().unwrap();
        courier.waiting().len()
    };
    let enabled = courier.program.variable("ENABLED");
    assert_eq!(decided(&[(&enabled, "1")]), 1);
    let debug = |variables: &[(&str, &str)]| {
        let mut command = courier.run(&["work"], "");
        command.env_remove(&enabled).env(courier.program.variable("DEBUG"), "1").envs(variables.iter().copied());
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    for switch in [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")] {
        assert!(debug(&[switch]).contains("off: OpenTelemetry"), "{switch:?}");
        assert_eq!(decided(&[switch]), 1, "{switch:?}");
    }
    for switch in [("OTEL_SDK_DISABLED", "false"), ("OTEL_TRACES_EXPORTER", "otlp")] {
        assert!(debug(&[switch]).contains("off: Nobody"), "{switch:?}");
    }
    assert_eq!(decided(&[("OTEL_SDK_DISABLED", "true"), (&enabled, "1")]), 2);
}

#[test]
fn runs_are_delivered_together() {
    let (courier, sink) = (Courier::called("courier"), Sink::always(Reply::Status(200)));
    queue(&courier, 300);
    deliver(&courier, &sink.url());
    let requests = sink.requests();
    let sizes: Vec<usize> = requests.iter().map(|request| trace_ids(request).len()).collect();
    assert_eq!(sizes, [256, 45]);
    assert!(requests.iter().all(|request| request.connection == 0));
    assert_eq!(requests[0].header("content-type"), Some("application/x-protobuf"));
    assert_eq!(requests[0].header("x-api-key"), Some("the author's key"));
}

#[test]
fn a_body_that_is_too_large_is_halved() {
    // The first two requests are too large: 40 events, then 20. From then on, ten at a time.
    let (courier, sink) =
        (Courier::called("courier"), Sink::new(|number| Reply::Status(if number < 2 { 413 } else { 200 })));
    queue(&courier, 39);
    deliver(&courier, &sink.url());
    let sizes: Vec<usize> = sink.requests().iter().map(|request| trace_ids(request).len()).collect();
    assert_eq!(sizes, [40, 20, 10, 10, 10, 10]);
    assert_eq!(courier.status()["delivered"], 40);
}

#[test]
fn spans_that_a_collector_rejects_are_counted() {
    let partial_success = Some(ExportTracePartialSuccess { rejected_spans: 3, error_message: "no".to_owned() });
    let answer = ExportTraceServiceResponse { partial_success }.encode_to_vec();
    let (courier, sink) = (Courier::called("courier"), Sink::always(Reply::Body(200, answer)));
    queue(&courier, 9);
    deliver(&courier, &sink.url());
    assert_eq!(courier.status()["delivered"], 7);
    assert_eq!(courier.status()["dropped"]["refused"], 3);
}

#[test]
fn otel_variables_override_the_endpoint() {
    for (variable, path) in [("TRACES_ENDPOINT", "/v1/events"), ("ENDPOINT", "/v1/events/v1/traces")] {
        let (courier, sink) = (Courier::called("courier"), Sink::always(Reply::Status(200)));
        let mut run = courier.program.recorded(["work"]);
        run.env(format!("OTEL_EXPORTER_OTLP_{variable}"), sink.url());
        run.env("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=the%20user%27s,x-other=b");
        assert!(run.status().unwrap().success());
        let request = sink.wait_for(1).remove(0);
        assert_eq!(request.path, path);
        assert_eq!(request.header("x-api-key"), Some("the user's"));
        assert_eq!(request.header("x-other"), Some("b"));
        courier.wait_for_workers();

        // The program's own variable takes precedence.
        let (courier, other) = (Courier::called("courier"), Sink::always(Reply::Status(200)));
        let mut run = courier.run(&["work"], &other.url());
        run.env(format!("OTEL_EXPORTER_OTLP_{variable}"), sink.url());
        assert!(run.status().unwrap().success());
        assert_eq!(other.wait_for(1)[0].header("x-api-key"), Some("the author's key"));
    }
}

#[test]
fn a_real_collector_accepts_and_forwards_spans() {
    let modules = ["rotel", "opentelemetry.proto.collector.trace.v1.trace_service_pb2"];
    let Some(python) = python("a real collector", &modules) else { return };
    let behind = Sink::always(Reply::Status(200));
    let courier = Courier::called("courier");
    let collector = Collector::start(&python, &courier, &behind);
    fs::create_dir_all(courier.program.telemetry_dir()).unwrap();
    fs::write(courier.file("delivery.json"), r#"{"v":1,"dropped":{"full":3}}"#).unwrap();
    let expected = events_of(&courier, &collector.url);
    courier.wait_for_workers();
    assert_eq!(courier.status()["last_error"], Value::Null);

    let mut spans = Vec::new();
    for arrived in 1.. {
        let requests = behind.wait_for(arrived);
        spans.extend(decode(&python, &courier, &requests[arrived - 1]));
        if spans.len() > expected.len() {
            break;
        }
    }
    assert_eq!(spans.len(), expected.len() + 1);
    for (group, details) in [
        ("options", json!({ "fast": true, "mode": ["slow", "quiet"], "jobs": "1-9" })),
        ("facts", json!({ "cache": "miss" })),
    ] {
        assert!(expected.iter().any(|event| event[group] == details), "{group} are on the wire, too");
    }
    for event in &expected {
        let span = spans.iter().find(|span| span["trace_id"] == event["session_id"]).expect("each arrives");
        let mut span = span.clone();
        span["attributes"].as_object_mut().unwrap().remove(DROPPED);
        assert_eq!(span, expected_span(event));
    }
    let dropped = spans.iter().filter_map(|span| span["attributes"].get(DROPPED));
    assert!(dropped.eq([&json!(3)]), "one span tells it");
}

/// Runs the program in different ways, delivers, and returns the events of all runs but the last, whose own event is still
/// queued.
fn events_of(courier: &Courier, url: &str) -> Vec<Value> {
    let detailed = ["work", "--fast", "--mode", "quiet", "--mode", "slow", "--jobs", "7"];
    for args in [&["work"][..], &detailed, &["fail"], &["--bogus"], &["--help"]] {
        courier.run(args, "").output().unwrap();
    }
    let events = courier.waiting().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    deliver(courier, url);
    events
}

const DROPPED: &str = "telemetry_runtime.dropped_events";
const HOUR_MS: u64 = 60 * 60 * 1000;

/// The span that OpenTelemetry's conventions require.
fn expected_span(event: &Value) -> Value {
    let code = event["exit_code"].as_i64().unwrap();
    let start = event["start_time_unix_ms"].as_u64().unwrap() / HOUR_MS * HOUR_MS;
    let command = event["command"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect::<Vec<_>>();
    let command = command.join(" ");
    let mut attributes = json!({
        "process.executable.name": "courier",
        "process.exit.code": code,
        "telemetry_runtime.command": event["command"],
        "telemetry_runtime.command_line": command,
        "telemetry_runtime.ending": event["ending"],
        "telemetry_runtime.status": event["status"],
        "telemetry_runtime.ci": false,
    });
    if code != 0 {
        attributes["error.type"] = event["error_class"].clone();
    }
    for (group, called) in [("options", "option"), ("facts", "fact"), ("phases", "phase"), ("context", "context")] {
        for (name, value) in event[group].as_object().into_iter().flatten() {
            attributes[format!("telemetry_runtime.{called}.{name}")] = value.clone();
        }
    }
    json!({
        "resource": {
            "service.name": "courier",
            "service.version": event["version"],
            "telemetry.sdk.name": "telemetry-runtime",
            "telemetry.sdk.language": "rust",
            "telemetry.sdk.version": env!("CARGO_PKG_VERSION"),
            "os.type": std::env::consts::OS,
            "host.arch": match std::env::consts::ARCH { "x86_64" => "amd64", "aarch64" => "arm64", arch => arch },
        },
        "scope": "telemetry-runtime",
        "schema_urls": ["https://opentelemetry.io/schemas/1.44.0", "https://opentelemetry.io/schemas/1.44.0"],
        "trace_id": event["session_id"],
        "span_id": &event["session_id"].as_str().unwrap()[16..],
        "parent_span_id": "",
        "name": format!("courier {command}").trim_end(),
        "kind": "SPAN_KIND_INTERNAL",
        "start": start * 1_000_000,
        "end": start * 1_000_000 + event["duration_us"].as_u64().unwrap() * 1_000,
        "status": if code == 0 { "STATUS_CODE_UNSET" } else { "STATUS_CODE_ERROR" },
        "message": "",
        "attributes": attributes,
    })
}

/// OpenTelemetry's own decoder.
fn decode(python: &PathBuf, courier: &Courier, request: &Request) -> Vec<Value> {
    let file = courier.program.home().join("body");
    fs::write(&file, request.decompressed()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/delivery/decode.py");
    let output = Command::new(python).arg(script).arg(file).stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

/// `rotel`, which forwards what it receives.
struct Collector {
    process: Child,
    url: String,
}

impl Collector {
    fn start(python: &PathBuf, courier: &Courier, behind: &Sink) -> Self {
        let find = "import rotel, os; print(os.path.join(os.path.dirname(rotel.__file__), 'rotel-agent'))";
        let agent = Command::new(python).args(["-c", find]).output().unwrap();
        let agent = String::from_utf8(agent.stdout).unwrap();
        let [http, grpc] = [free_port(), free_port()];
        let home = courier.program.home();
        let mut process = Command::new(agent.trim())
            .args(["start", "--exporter", "otlp", "--otlp-exporter-protocol", "http"])
            .args(["--otlp-exporter-traces-endpoint", &behind.url()])
            .args(["--otlp-exporter-metrics-endpoint", &behind.url(), "--otlp-exporter-logs-endpoint", &behind.url()])
            .args(["--otlp-http-endpoint", &format!("127.0.0.1:{http}")])
            .args(["--otlp-grpc-endpoint", &format!("127.0.0.1:{grpc}")])
            .arg("--pid-file")
            .arg(home.join("rotel.pid"))
            .arg("--log-file")
            .arg(home.join("rotel.log"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_until("the collector listens", || {
            assert_eq!(process.try_wait().unwrap(), None, "the collector has ended");
            TcpStream::connect(("127.0.0.1", http)).is_ok()
        });
        Collector { process, url: format!("http://127.0.0.1:{http}/v1/traces") }
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Queues `count` events.
fn queue(courier: &Courier, count: usize) {
    assert!(courier.run(&["work"], "").status().unwrap().success());
    let line = courier.waiting().remove(0);
    let event: Value = serde_json::from_str(&line).unwrap();
    let id = event["session_id"].as_str().unwrap();
    let lines: String = (0..count).map(|number| line.replace(id, &format!("{number:032x}")) + "\n").collect();
    fs::write(courier.file("queue.jsonl"), lines).unwrap();
}

/// Queues one more, and delivers all of them.
fn deliver(courier: &Courier, url: &str) {
    courier.make_due();
    assert!(courier.run(&["work"], url).status().unwrap().success());
    courier.wait_for_workers();
}

/// The trace ids in a request, in hexadecimal.
pub(crate) fn trace_ids(request: &Request) -> Vec<String> {
    let request = ExportTraceServiceRequest::decode(&request.decompressed()[..]).expect("a request of OTLP");
    let scopes = request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
    let ids = scopes.flat_map(|scope| &scope.spans).map(|span| &span.trace_id);
    ids.map(|id| id.iter().map(|byte| format!("{byte:02x}")).collect()).collect()
}
