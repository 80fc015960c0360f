//! Responses of the receiver, and what happens to the events.

use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use support::{Reply, Request, Sink};

use crate::courier::Courier;

#[test]
fn a_burst_is_delivered_over_one_connection() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(20);
    let queued: Vec<String> = courier.waiting().iter().map(|line| session_id(line)).collect();
    courier.deliver_and_wait(&sink);
    let requests = sink.wait_for(21);
    assert!(requests.iter().all(|request| request.connection == 0), "more than one connection");
    let delivered: Vec<String> = requests.iter().map(Request::session_id).collect();
    assert_eq!(delivered.iter().collect::<HashSet<_>>().len(), 21, "each once");
    let known: Vec<String> = delivered.into_iter().filter(|id| queued.contains(id)).collect();
    assert_eq!(known.len(), 20);
    assert_ne!(known, queued, "in random order");
    assert_eq!(courier.waiting(), [""; 0]);
    let status = courier.status();
    assert_eq!(status["delivered"], 21);
    assert!(status["last_success_unix_ms"].as_u64().unwrap() > now() - 60_000);
}

/// The queue, which only the user sees, has the exact time.
#[test]
fn a_start_is_sent_rounded_to_the_hour() {
    const HOUR_MS: u64 = 60 * 60 * 1000;
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(1);
    let mut event: Value = serde_json::from_str(&courier.waiting()[0]).unwrap();
    let start = event["start_time_unix_ms"].as_u64().unwrap() / HOUR_MS * HOUR_MS;
    event["start_time_unix_ms"] = json!(start + 1_234_567);
    event["duration_us"] = json!(5_250);
    std::fs::write(courier.file("queue.jsonl"), format!("{event}\n")).unwrap();
    let show = |args: &[&str]| {
        let mut command = courier.run(&[&["telemetry", "show"], args].concat(), &sink.url());
        String::from_utf8(command.env("TZ", "UTC0").output().unwrap().stdout).unwrap()
    };
    assert!(show(&[]).contains(":20  "), "{}", show(&[]));
    assert_eq!(serde_json::from_str::<Value>(&show(&["--json"])).unwrap(), event);
    let shown: Value = serde_json::from_str(&show(&["--wire"])).unwrap();
    courier.deliver_and_wait(&sink);
    let id = event["session_id"].as_str().unwrap();
    let requests = sink.wait_for(2);
    let sent = requests.iter().map(Request::json).find(|sent| sent["sessionId"] == id).unwrap();
    for envelope in [shown, sent] {
        let ended = envelope["events"][0]["ts"].as_str().unwrap();
        assert!(ended.ends_with(":00:00.005Z"), "{ended}");
        assert_eq!(envelope["events"][0]["parameters"]["durationMs"], 5);
    }
}

#[test]
fn the_request_is_the_reference_envelope() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(202)));
    courier.run(&["remote", "rename", "tag", "a", "b"], &sink.url()).status().unwrap();
    let request = sink.wait_for(1).remove(0);
    assert_eq!(request.path, "/v1/events");
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("content-encoding"), Some("gzip"));
    let envelope = request.json();
    assert_eq!(envelope["clientId"], "184482118588404");
    assert_eq!(envelope["eventProtocol"], "1.6");
    let event = &envelope["events"][0]["parameters"];
    assert_eq!(event["command"], "remote");
    assert_eq!(event["subcommand"], "rename");
    assert_eq!(event["taskStatus"], "success");
    assert_eq!(envelope["events"].as_array().unwrap().len(), 1);
    let text = String::from_utf8(request.decompressed()).unwrap();
    assert!(!text.contains("null"), "{text}");
}

#[test]
fn an_event_that_is_too_large_by_itself_is_dropped_and_counted() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(413)));
    courier.queue(2);
    courier.deliver_and_wait(&sink);
    assert_eq!(sink.requests().len(), 3);
    assert_eq!(courier.waiting(), [""; 0]);
    assert_eq!(courier.status()["dropped"]["too_large"], 3);
    assert_eq!(courier.status()["last_error"], Value::Null);
}

/// It may be a proxy that answers, or a receiver of another protocol, and be mended tomorrow.
#[test]
fn a_refused_event_is_given_up_on_the_third_day() {
    const DAY_MS: u64 = 24 * 60 * 60 * 1000;
    for code in [400, 422] {
        let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(code)));
        courier.queue(1);
        for (day, attempts) in [(1, 2), (2, 2), (3, 1)] {
            for attempt in 1..=attempts {
                courier.deliver_and_wait(&sink);
                let mut status = courier.status();
                assert_eq!(status["last_error"]["text"], format!("HTTP {code}: the receiver refuses the events"));
                let dropped = u64::from(day == 3);
                assert_eq!(status["dropped"]["refused"], dropped, "{day}");
                assert_eq!(courier.waiting().len() as u64, (day - 1) * 2 + attempt + 1 - dropped);
                // The next attempt is due now, and on the last one of a day a day has passed.
                status["next_attempt_unix_ms"] = Value::Null;
                if attempt == attempts && day < 3 {
                    status["refusal"]["unix_ms"] = json!(status["refusal"]["unix_ms"].as_u64().unwrap() - DAY_MS);
                }
                std::fs::write(courier.file("delivery.json"), status.to_string()).unwrap();
            }
        }
        // The next batch has days of its own, and a receiver that has come to its senses gets it.
        assert_eq!(courier.status()["refusal"]["days"], 1);
        let healthy = Sink::always(Reply::Status(200));
        courier.deliver_and_wait(&healthy);
        assert_eq!(healthy.requests().len(), 6);
        assert_eq!([&courier.status()["refusal"], &courier.status()["last_error"]], [&Value::Null; 2]);
    }
}

/// 410: the end of collection, until there is a new version.
#[test]
fn a_receiver_can_end_collection() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(410)));
    courier.queue(2);
    courier.deliver_and_wait(&sink);
    assert_eq!((sink.requests().len(), courier.waiting().len()), (1, 0));
    assert_eq!(courier.status()["dropped"]["refused"], 3);
    // This version sends nothing more to anybody, and what it records is deleted. All that is deleted is counted.
    std::fs::write(courier.file("queue.jsonl"), "{\"v\":2,\"dropped\":5}\nnot json\n").unwrap();
    std::fs::write(courier.file("queue.lost"), "..").unwrap();
    let healthy = Sink::always(Reply::Status(200));
    courier.deliver_and_wait(&healthy);
    assert_eq!((healthy.requests().len(), courier.waiting().len()), (0, 0));
    let dropped = json!({ "foreign": 1, "full": 7, "old": 0, "refused": 4, "too_large": 0 });
    assert_eq!(courier.status()["dropped"], dropped);
    let flush = courier.run(&["telemetry", "flush"], &healthy.url()).output().unwrap();
    let shown = String::from_utf8(flush.stdout).unwrap();
    assert!(shown.starts_with("0 delivered"), "{shown}");
    // The next version does.
    let mut status = courier.status();
    status["ended_version"] = json!("0.0.1");
    std::fs::write(courier.file("delivery.json"), status.to_string()).unwrap();
    courier.deliver_and_wait(&healthy);
    assert!(!healthy.requests().is_empty());
}

#[test]
fn temporarily_rejected_events_stay_queued() {
    for status in [302, 401, 403, 404, 408, 429, 500, 502, 503, 599] {
        let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(status)));
        courier.queue(2);
        courier.deliver_and_wait(&sink);
        assert_eq!(sink.requests().len(), 1, "{status}: asked again at once");
        assert_eq!(courier.waiting().len(), 3, "{status}");
        let known = courier.status();
        assert_eq!(known["last_error"]["text"], format!("HTTP {status}"));
        let wait = known["next_attempt_unix_ms"].as_u64().unwrap() - known["last_error"]["unix_ms"].as_u64().unwrap();
        assert!((30_000..=60_000).contains(&wait), "{status}: {wait}");

        // The next worker keeps to it, and the one after it finds every event.
        let healthy = Sink::always(Reply::Status(200));
        courier.deliver_and_wait(&healthy);
        assert_eq!(healthy.requests().len(), 0, "{status}: too early");
        courier.forget_failures();
        courier.deliver_and_wait(&healthy);
        assert_eq!(healthy.requests().len(), 5, "{status}");
    }
}

#[test]
fn retry_after_is_honoured() {
    let date = "Fri, 01 Jan 2100 00:00:00 GMT".to_owned();
    for (after, seconds) in [("7200".to_owned(), 7_200), ("99999999999".to_owned(), 86_400), (date, 86_400)] {
        let (courier, sink) = (Courier::new(), Sink::always(Reply::Header(503, "retry-after", after)));
        courier.deliver_and_wait(&sink);
        let status = courier.status();
        let wait = status["next_attempt_unix_ms"].as_u64().unwrap() - status["last_error"]["unix_ms"].as_u64().unwrap();
        assert_eq!(wait, seconds * 1_000);
    }
}

#[test]
fn consecutive_failures_lengthen_the_backoff() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(500)));
    for failures in 1..=4 {
        courier.deliver_and_wait(&sink);
        let mut status = courier.status();
        assert_eq!(status["failures"], failures);
        let wait = status["next_attempt_unix_ms"].as_u64().unwrap() - status["last_error"]["unix_ms"].as_u64().unwrap();
        let longest = 60_000 << (failures - 1);
        assert!((longest / 2..=longest).contains(&wait), "{failures}: {wait}");
        status["next_attempt_unix_ms"] = json!(now() - 1);
        std::fs::write(courier.file("delivery.json"), status.to_string()).unwrap();
    }
}

#[test]
fn a_receiver_that_cannot_decompress_gets_an_uncompressed_body() {
    let (courier, sink) = (Courier::new(), Sink::new(|number| Reply::Status(if number == 0 { 415 } else { 200 })));
    courier.queue(1);
    courier.deliver_and_wait(&sink);
    let requests = sink.requests();
    let encodings: Vec<_> = requests.iter().map(|request| request.header("content-encoding")).collect();
    assert_eq!(encodings, [Some("gzip"), None, None]);
    assert_eq!(courier.status()["delivered"], 2);
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Sink::always(Reply::Status(200));
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Header(307, "location", elsewhere.url())));
    courier.deliver_and_wait(&sink);
    assert_eq!(sink.requests().len(), 1);
    assert_eq!(elsewhere.requests().len(), 0);
    assert_eq!(courier.waiting().len(), 1);
}

#[test]
fn a_connection_closed_between_requests_is_not_a_failure() {
    let (courier, sink) =
        (Courier::new(), Sink::new(|number| if number % 3 == 2 { Reply::Reset } else { Reply::Status(200) }));
    courier.queue(5);
    courier.deliver_and_wait(&sink);
    assert_eq!(courier.status()["delivered"], 6);
    assert_eq!(courier.waiting(), [""; 0]);
}

#[test]
fn events_older_than_a_month_are_dropped() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(3);
    let month = Duration::from_secs(31 * 24 * 60 * 60).as_millis() as u64;
    let queue = std::fs::read_to_string(courier.file("queue.jsonl")).unwrap();
    let mut lines: Vec<Value> = queue.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let start = lines[0]["start_time_unix_ms"].as_u64().unwrap();
    lines[0]["start_time_unix_ms"] = json!(start - month);
    // A clock set back does not make events old.
    lines[1]["start_time_unix_ms"] = json!(start + month);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    std::fs::write(courier.file("queue.jsonl"), text).unwrap();
    courier.deliver_and_wait(&sink);
    assert_eq!(sink.requests().len(), 3);
    assert_eq!(courier.status()["dropped"]["old"], 1);
}

/// Once, and only what a receiver has accepted counts as told.
#[test]
fn what_was_lost_before_is_told_with_the_next_delivery() {
    let courier = Courier::new();
    courier.queue(2);
    std::fs::write(courier.file("delivery.json"), r#"{"v":1,"dropped":{"full":4,"old":1}}"#).unwrap();
    let preview = courier.run(&["telemetry", "show", "--wire"], "").output().unwrap();
    assert_eq!(String::from_utf8(preview.stdout).unwrap().matches(r#""droppedEvents":"5""#).count(), 1);

    let told = |sink: &Sink| {
        courier.deliver_and_wait(sink);
        let requests = sink.requests();
        let counts = requests.iter().map(|request| request.json()["events"][0]["parameters"]["droppedEvents"].clone());
        counts.filter(|count| !count.is_null()).collect::<Vec<_>>()
    };
    assert_eq!(told(&Sink::always(Reply::Status(503))), [json!("5")]);
    assert_eq!(courier.status()["reported"], 0);
    let mut status = courier.status();
    status["next_attempt_unix_ms"] = Value::Null;
    std::fs::write(courier.file("delivery.json"), status.to_string()).unwrap();
    assert_eq!(told(&Sink::always(Reply::Status(200))), [json!("5")]);
    assert_eq!(courier.status()["reported"], 5);
    assert_eq!(courier.status()["dropped"]["full"], 4, "the user still sees them");
    assert_eq!(told(&Sink::always(Reply::Status(200))), [Value::Null; 0]);
}

#[test]
fn foreign_lines_are_set_aside() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(2);
    let queue = std::fs::read_to_string(courier.file("queue.jsonl")).unwrap();
    let foreign = "{\"v\":2,\"user\":\"me\"}\nnot json\n";
    let torn = &queue[..100];
    std::fs::write(courier.file("queue.jsonl"), format!("{foreign}{queue}{torn}")).unwrap();
    courier.deliver_and_wait(&sink);
    assert_eq!(sink.requests().len(), 3);
    assert_eq!(courier.status()["dropped"]["foreign"], 3);
    assert_eq!(std::fs::read_to_string(courier.file("rejected.jsonl")).unwrap(), format!("{foreign}{torn}\n"));
}

fn session_id(line: &str) -> String {
    let event: Value = serde_json::from_str(line).unwrap();
    event["session_id"].as_str().unwrap().to_owned()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis() as u64
}
