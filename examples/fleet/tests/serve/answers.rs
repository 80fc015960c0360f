//! Every status, and what it means for the runs in the request.

use fleet::encode;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use serde_json::{Value, json};

use crate::client::{GZIP, JSON, PROTOBUF, body, gzip, run, runs, text};
use crate::server::Home;

const TRACES: &str = "/v1/traces";
const EVENTS: &str = "/v1/events";

#[test]
fn runs_are_accepted_in_every_form() {
    let home = Home::new();
    let server = home.serve(&[]);
    let mut client = server.client();
    let json = |session| serde_json::to_vec(&encode::request(&[run(session)], "tool")).unwrap();
    for (form, body, answer) in [
        (&[PROTOBUF][..], body(&[run(1)]), ""),
        (&[PROTOBUF, GZIP], gzip(&body(&[run(2)])), ""),
        (&[JSON], json(3), "{}"),
        (&[("content-type", "application/json; charset=utf-8"), GZIP], gzip(&json(4)), "{}"),
    ] {
        let given = client.post(TRACES, form, &body);
        assert_eq!((given.status, text(&given)), (200, answer), "{form:?}");
    }
    let given = client.post(EVENTS, &[JSON], &envelope(5));
    assert_eq!((given.status, text(&given)), (200, "{}"));
    let given = client.post(EVENTS, &[JSON, GZIP], &gzip(&envelope(6)));
    assert_eq!(given.status, 200);
    // In JSON, 64-bit integers are strings, and ids are hexadecimal: all forms say the same.
    let asked = "SELECT app, version, os, arch, command, status, exit_code, duration_us, count(*) FROM runs GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 9";
    assert_eq!(
        home.ask(asked),
        ["tool|1.0.0|darwin|arm64|remote add|failure|2|7000|2", "tool|1.0.0|linux|amd64|remote add|success|0|1500|4"]
    );
    assert_eq!(text(&client.get("/healthz")), "ok\n");
}

fn envelope(session: u128) -> Vec<u8> {
    let session = run(session).session_id.map(|byte| format!("{byte:02x}")).concat();
    let now = fleet::time::unix_ms() / 1_000;
    let (day, second) = (i64::try_from(now / 86_400).unwrap(), now % 86_400);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    let parameters = json!({
        "nemoSource": "tool", "command": "remote", "subcommand": "add", "taskStatus": "failure", "durationMs": 7,
        "exitCode": 2, "errorClass": "undefined", "pythonVersion": "undefined",
    });
    let event = json!({
        "ts": format!("{}T{hour:02}:{minute:02}:{second:02}.007Z", fleet::time::iso(day)),
        "parameters": parameters, "name": "cli_command",
    });
    let envelope = json!({
        "clientVer": "1.0.0", "cpuArchitecture": "aarch64", "deviceOS": "macos", "sessionId": session, "events": [event],
    });
    envelope.to_string().into_bytes()
}

#[test]
fn what_cannot_be_read_is_refused() {
    let home = Home::new();
    let server = home.serve(&["--max-body", "10000"]);
    let text = ("content-type", "text/plain");
    let deflate = ("content-encoding", "deflate");
    let large = vec![b'x'; 10_001];
    let body_of_one = body(&[run(2)]);
    for (path, headers, body, status) in [
        (TRACES, &[PROTOBUF][..], &b"no protobuf"[..], 400),
        (TRACES, &[JSON], b"no JSON", 400),
        (TRACES, &[PROTOBUF, GZIP], b"no gzip", 400),
        (EVENTS, &[JSON], b"{}", 400),
        // Each at the path of the other: not answered as if there was nothing in it.
        (TRACES, &[JSON], &envelope(1), 400),
        (EVENTS, &[PROTOBUF], &body_of_one, 400),
        (EVENTS, &[JSON], b"", 400),
        (TRACES, &[text], b"", 415),
        (TRACES, &[], b"", 415),
        (TRACES, &[PROTOBUF, deflate], b"", 415),
        (TRACES, &[PROTOBUF], &large, 413),
        (EVENTS, &[JSON], &large, 413),
        // A bomb.
        (TRACES, &[PROTOBUF, GZIP], &gzip(&vec![0; 1 << 24]), 413),
        ("/", &[], b"", 404),
        ("/metrics", &[], b"", 405),
    ] {
        let answer = server.client().post(path, headers, body);
        assert_eq!(answer.status, status, "{path} {headers:?}");
        assert_eq!(answer.header("retry-after"), None);
    }
    // Of a length that nobody told.
    let mut chunks = b"4e20\r\n".to_vec();
    chunks.extend([b'x'; 20_000]);
    let mut client = server.client();
    client.send(b"POST /v1/traces HTTP/1.1\r\nhost: fleet\r\ncontent-type: application/x-protobuf\r\ntransfer-encoding: chunked\r\n\r\n");
    client.send(&chunks);
    assert_eq!(client.answer().status, 413);
    assert_eq!(home.count(), "0");
    // A message for people, where OTLP wants it.
    let answer = server.client().post(TRACES, &[PROTOBUF], b"no protobuf");
    assert_eq!(answer.body[..2], [0x12, u8::try_from(answer.body.len() - 2).unwrap()]);
    let answer = server.client().post(TRACES, &[JSON], b"no JSON");
    let message: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(message["message"].as_str().unwrap().contains("is not what its path and type say"), "{message}");
}

#[test]
fn what_is_no_run_is_left_out_and_counted() {
    let home = Home::new();
    let server = home.serve(&["--app", "tool"]);
    let mut request = encode::request(&runs(0..4), "tool");
    let spans = &mut request.resource_spans[0].scope_spans[0].spans;
    // Somebody else's span, a run without a session, and attributes that no run has.
    spans[0].attributes.retain(|attribute| !attribute.key.starts_with("telemetry_runtime."));
    spans[1].trace_id.clear();
    for key in ["user.name", "telemetry_runtime.surprise", "telemetry_runtime.secret.thing"] {
        spans[2].attributes[0].key = key.to_owned();
        let attribute = spans[2].attributes[0].clone();
        spans[2].attributes.push(attribute);
    }
    let mut others = encode::request(&[run(9)], "other");
    others.resource_spans[0].resource.as_mut().unwrap().attributes[0] =
        serde_json::from_value(json!({ "key": "service.name", "value": { "stringValue": "other" } })).unwrap();
    request.resource_spans.append(&mut others.resource_spans);

    let answer = server.client().post(TRACES, &[PROTOBUF], &request.encode_to_vec());
    assert_eq!(answer.status, 200);
    let partial = ExportTraceServiceResponse::decode(&answer.body[..]).unwrap().partial_success.unwrap();
    assert_eq!((partial.rejected_spans, partial.error_message.is_empty()), (3, false));
    let answer = server.client().post(TRACES, &[JSON], &serde_json::to_vec(&request).unwrap());
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer["partialSuccess"]["rejectedSpans"], "3");
    for (name, value) in [
        ("fleet_spans_foreign_total", 4),
        ("fleet_runs_malformed_total", 2),
        // The last of the three keys was there twice.
        ("fleet_attributes_unknown_total", 8),
        ("fleet_runs_stored_total", 2),
        ("fleet_runs_duplicate_total", 2),
        (r#"fleet_requests_total{path="/v1/traces",status="200"}"#, 2),
    ] {
        assert_eq!(server.metric(name), value, "{name}");
    }
    assert_eq!(home.ask("SELECT count(*) FROM texts WHERE text LIKE '%surprise%' OR text = 'other'"), ["0"]);
}

#[test]
fn a_token_is_asked_for() {
    let home = Home::new();
    let token = home.file("token", "secret\n");
    let server = home.serve(&["--token-file", token.to_str().unwrap()]);
    let mut client = server.client();
    for (given, status) in
        [(None, 401), (Some("secret"), 401), (Some("Bearer secre"), 401), (Some("Bearer secret"), 200)]
    {
        let authorization = given.map(|given| ("authorization", given));
        let headers: Vec<_> = [PROTOBUF].into_iter().chain(authorization).collect();
        assert_eq!(client.post(TRACES, &headers, &body(&[run(1)])).status, status, "{given:?}");
        assert_eq!(client.post(EVENTS, &headers, &envelope(2)).status, status, "{given:?}");
    }
    assert_eq!(client.get("/metrics").status, 401);
    assert_eq!(client.get("/healthz").status, 200);
    assert_eq!(home.count(), "2");
}

/// The limit of the file's size ends a write as a full disk does.
#[test]
fn a_full_disk_loses_nothing() {
    let home = Home::new();
    let server = home.serve(&["--max-size", "1"]);
    let mut client = server.client();
    let (mut acknowledged, mut refused) = (Vec::new(), None);
    for batch in 0..200 {
        let batch = runs(batch * 500..(batch + 1) * 500);
        let answer = client.deliver(&batch).unwrap();
        if answer.status == 200 {
            acknowledged.extend(batch);
        } else {
            refused = Some((batch, answer));
            break;
        }
    }
    let (batch, answer) = refused.expect("a megabyte is not enough for 100,000 runs");
    assert_eq!(answer.status, 503);
    assert!(answer.header("retry-after").is_some());
    assert_eq!(client.get("/healthz").status, 503);
    assert_eq!(home.count(), acknowledged.len().to_string());
    assert!(server.stop().success());

    // With more room, what was refused is no duplicate.
    let server = home.serve(&[]);
    assert_eq!(server.client().deliver(&batch).unwrap().status, 200);
    assert_eq!(home.count(), (acknowledged.len() + 500).to_string());
}

#[test]
fn nothing_is_known_of_senders() {
    let home = Home::new();
    let server = home.serve(&[]);
    let agent = ("user-agent", "an-agent-of-its-own");
    let forwarded = ("x-forwarded-for", "203.0.113.7");
    server.client().post(TRACES, &[PROTOBUF, agent, forwarded], &body(&[run(1)]));
    server.client().post(TRACES, &[PROTOBUF, agent, forwarded], b"no protobuf");
    let metrics = server.client().get("/metrics");
    let metrics = text(&metrics);
    assert!(server.stop().success());
    let file = std::fs::read(home.data()).unwrap();
    for secret in ["an-agent-of-its-own", "203.0.113.7", "127.0.0.1"] {
        assert!(!file.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
        assert!(!metrics.contains(secret), "{secret}");
    }
    assert_eq!(home.log(), "");
}
