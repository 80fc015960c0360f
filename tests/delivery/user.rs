//! What users can do about deliveries.

use std::collections::HashSet;
use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use support::{Gate, Program, Reply, Request, Sink, skip};

use crate::courier::Courier;
use crate::terminal::{CTRL_C, Terminal};

fn flush(courier: &Courier, url: &str) -> Output {
    courier.run(&["telemetry", "flush"], url).output().unwrap()
}

#[test]
fn a_flush_delivers_now_and_says_so() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(3);
    let output = flush(&courier, &sink.url());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(output.stdout, b"3 delivered, 0 dropped, 0 left.\n");
    assert_eq!(output.stderr, b"", "progress is for terminals");
    // The run that flushed leaves no event, and starts no worker.
    courier.wait_for_workers();
    assert_eq!(sink.requests().len(), 3);
    assert_eq!(courier.waiting(), [""; 0]);
}

#[test]
fn a_flush_on_a_terminal_shows_how_far_it_is() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(3);
    for (variables, columns) in [(&[("TERM", "xterm")][..], 80), (&[], 20)] {
        courier.queue(3 - courier.waiting().len());
        let mut command = courier.run(&["telemetry", "flush"], &sink.url());
        command.envs(variables.iter().copied());
        let screen = Terminal::start_wide(columns, command).finish();
        assert_eq!(screen.status.code(), Some(0), "{screen:?}");
        assert!(screen.text.contains("0 of 3 delivered1 of 3 delivered2 of 3 delivered"), "{}", screen.text);
        assert!(
            screen.text.ends_with(&format!("{}3 delivered, 0 dropped, 0 left.\n", " ".repeat(16))),
            "{}",
            screen.text
        );
        // Not every console understands these.
        assert!(!screen.text.contains('\x1b'), "{}", screen.text);
    }
}

/// After Ctrl-C, what was delivered is known, the rest is queued, and the next flush delivers it.
#[test]
fn an_interrupted_flush_loses_nothing() {
    let gate = Gate::default();
    let held = gate.clone();
    let sink = Sink::new(move |number| if number == 3 { Reply::Gated(held.clone(), 200) } else { Reply::Status(200) });
    let courier = Courier::new();
    courier.queue(8);
    let mut terminal = Terminal::start(courier.run(&["telemetry", "flush"], &sink.url()));
    terminal.wait_for("3 of 8 delivered");
    sink.wait_for(4);
    terminal.press(CTRL_C);
    // The handler may have run before or after this.
    gate.open();
    let screen = terminal.finish();
    assert_eq!(screen.status.signal(), Some(libc::SIGINT), "{screen:?}");
    let delivered = courier.status()["delivered"].as_u64().unwrap();
    assert!((3..=8).contains(&delivered), "{delivered}");
    assert_eq!(courier.waiting().len() as u64, 8 - delivered, "{screen:?}");
    assert_eq!(courier.status()["last_error"], Value::Null);
    assert!(screen.text.contains(&format!("{delivered} delivered, 0 dropped, {} left.", 8 - delivered)), "{screen:?}");

    let output = flush(&courier, &sink.url());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(courier.waiting(), [""; 0]);
    assert_eq!(courier.status()["delivered"], 8);
    let ids: HashSet<String> = sink.requests().iter().map(Request::session_id).collect();
    assert_eq!(ids.len(), 8);
    // At most the event that was under way came twice.
    assert!(sink.requests().len() <= 9);
}

#[test]
fn a_flush_that_fails_says_why() {
    let courier = Courier::new();
    courier.queue(2);
    for (url, why) in [
        (Sink::always(Reply::Status(503)).url(), "HTTP 503"),
        (String::new(), "no endpoint is set"),
        ("http://192.0.2.1/".to_owned(), "https://"),
    ] {
        let output = flush(&courier, &url);
        assert_eq!(output.status.code(), Some(1), "{why}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains(why), "{stderr}");
    }
    // An earlier failure delays a worker, not the user.
    let sink = Sink::always(Reply::Status(200));
    assert!(flush(&courier, &sink.url()).status.success());
    assert_eq!(sink.requests().len(), 2);
}

/// A user who sets a proxy does not want to be seen without it.
#[test]
fn an_unsupported_proxy_is_not_bypassed() {
    let courier = Courier::new();
    courier.queue(1);
    let receiver = TcpListener::bind("127.0.0.1:0").unwrap();
    receiver.set_nonblocking(true).unwrap();
    let url = format!("https://{}/", receiver.local_addr().unwrap());
    for proxy in ["socks5://127.0.0.1:1080", "http://[bad", "junk://127.0.0.1"] {
        let output = courier.run(&["telemetry", "flush"], &url).env("HTTPS_PROXY", proxy).output().unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.contains("proxy"), "{proxy}: {stderr}");
        assert!(receiver.accept().is_err(), "{proxy}");
    }
}

#[test]
fn disabling_during_a_delivery_stops_it() {
    let gate = Gate::default();
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Gated(gate.clone(), 200)));
    let run = |args: &[&str], sink: &Sink| {
        let mut command: Command = courier.program.undecided(args);
        // Redirects the folder of the queue, but not that of the decision.
        command.env(courier.program.variable("ENDPOINT"), sink.url());
        assert!(command.output().unwrap().status.success(), "{args:?}");
    };
    run(&["telemetry", "enable"], &Sink::always(Reply::Status(200)));
    courier.wait_for_workers();
    courier.queue(20);
    courier.make_due();
    run(&["remote"], &sink);
    sink.wait_for(1);
    run(&["telemetry", "disable"], &sink);
    gate.open();
    courier.wait_for_workers();
    assert_eq!(sink.requests().len(), 1, "more was sent after the no");
    assert_eq!(courier.waiting(), [""; 0]);
    assert!(!courier.file("sent.jsonl").exists());
}

#[test]
fn status_shows_deliveries() {
    let courier = Courier::new();
    let status = || -> Value {
        let output = courier.run(&["telemetry", "status", "--json"], "").output().unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    courier.deliver_and_wait(&Sink::always(Reply::Status(200)));
    courier.deliver_and_wait(&Sink::always(Reply::Status(503)));
    let text = status().to_string();
    assert!(text.contains("HTTP 503"), "{text}");
}

/// A run in progress may write its event after the no, and even after the next yes.
#[test]
fn what_began_before_a_no_is_not_sent_after_a_yes() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    let run = |args: &[&str], url: &str| {
        let mut command = courier.program.undecided(args);
        assert!(command.env(courier.program.variable("ENDPOINT"), url).output().unwrap().status.success(), "{args:?}");
    };
    run(&["telemetry", "enable"], "");
    run(&["remote"], "");
    let before = courier.waiting();
    assert_eq!(before.len(), 1);
    run(&["telemetry", "disable"], "");
    run(&["telemetry", "enable"], "");
    // A yes that is said again changes nothing.
    run(&["telemetry", "enable"], "");
    fs::write(courier.file("queue.jsonl"), format!("{}\n", before[0])).unwrap();
    courier.make_due();
    run(&["remote"], &sink.url());
    courier.wait_for_workers();
    let sent: Vec<String> = sink.requests().iter().map(Request::session_id).collect();
    assert_eq!(sent.len(), 1, "{sent:?}");
    assert!(!before[0].contains(&sent[0]));
    assert_eq!(courier.waiting(), [""; 0]);
}

/// As in a container that stops with the run, and whose folder of telemetry outlives it.
#[test]
fn status_tells_of_deliveries_that_did_not_end() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Hang));
    let status = |args: &[&str]| {
        let mut command = courier.run(&[&["telemetry", "status"], args].concat(), &sink.url());
        // Starts no delivery itself.
        String::from_utf8(command.env(courier.program.variable("DRY_RUN"), "1").output().unwrap().stdout).unwrap()
    };
    let unfinished = || serde_json::from_str::<Value>(&status(&["--json"])).unwrap()["unfinished_delivery"].clone();
    let minutes_ago = |minutes: u64| SystemTime::now() - Duration::from_secs(60 * minutes);
    courier.run_quietly(&sink.url());
    sink.wait_for(1);
    for worker in courier.workers() {
        kill_process(Pid::from_raw(worker.cast_signed()).unwrap(), Signal::KILL).unwrap();
    }
    courier.wait_for_workers();
    assert_eq!(unfinished(), Value::Null, "it may still be at work");
    // Time passes.
    let line = courier.waiting().remove(0);
    let mut event: Value = serde_json::from_str(&line).unwrap();
    event["start_time_unix_ms"] = (event["start_time_unix_ms"].as_u64().unwrap() - 3_600_000).into();
    fs::write(courier.file("queue.old.jsonl"), format!("{event}\n")).unwrap();
    let started = |minutes| {
        let stamp = File::options().append(true).open(courier.file("delivery.stamp")).unwrap();
        stamp.set_modified(minutes_ago(minutes)).unwrap();
    };
    started(10);
    assert_ne!(unfinished(), Value::Null);
    let shown = status(&[]);
    let said = "\nProblem:       the delivery that started 10 minutes ago did not end: ";
    assert!(shown.contains(said), "{shown}");
    // A dry run delivers nothing.
    assert!(shown.contains("\nNext:          unset "), "{shown}");
    // A later failure is a result. A start before the next attempt was too early, and ended at once.
    let unix_ms = |time: SystemTime| time.duration_since(UNIX_EPOCH).unwrap().as_millis() as u64;
    for (failed, next, expected) in [(9, 8, false), (12, 5, false), (12, 11, true)] {
        let state = json!({
            "v": 1,
            "last_error": { "unix_ms": unix_ms(minutes_ago(failed)), "text": "timed out" },
            "next_attempt_unix_ms": unix_ms(minutes_ago(next)),
        });
        fs::write(courier.file("delivery.json"), state.to_string()).unwrap();
        assert_eq!(unfinished() != Value::Null, expected, "{state}");
    }
    // What has come since it started is no sign.
    started(90);
    courier.forget_failures();
    assert_eq!(unfinished(), Value::Null);
}

#[test]
fn status_shows_the_current_destination() {
    let courier = Courier::new();
    for (url, destination) in [
        ("https://telemetry.example.com:8443/v1", Value::from("telemetry.example.com")),
        ("https://me:secret@telemetry.example.com:8443/v1", Value::Null),
        ("http://192.0.2.1/", Value::Null),
        ("", Value::Null),
    ] {
        let output = courier.run(&["telemetry", "status", "--json"], url).output().unwrap();
        let status: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(status["destination"], destination, "{url}");
    }
}

#[test]
fn status_says_which_variable_sets_the_destination() {
    const OWN: &str = "COURIER_TELEMETRY_ENDPOINT";
    const TRACES: &str = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
    const GENERAL: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";
    const HEADERS: &str = "OTEL_EXPORTER_OTLP_HEADERS";
    const URL: &str = "https://telemetry.example.com";
    const THERE: &str = "events are sent there";
    let courier = Courier::called("courier");
    let cases: [(&[(&str, &str)], String); 15] = [
        (&[("OTEL_SDK_DISABLED", "true")], "OTEL_SDK_DISABLED=true (no effect: the variable COURIER".into()),
        (&[("OTEL_TRACES_EXPORTER", "otlp")], "OTEL_TRACES_EXPORTER=otlp (no effect: only none has one)".into()),
        (&[(OWN, URL)], format!("{OWN}={URL} ({THERE})")),
        (&[(OWN, "http://example.com")], format!("{OWN}=http://example.com (nothing is sent: `endpoint` must be")),
        (&[("COURIER_TELEMETRY_DRY_RUN", "1")], "COURIER_TELEMETRY_DRY_RUN=1 (nothing is sent)".into()),
        (&[], format!("not set: DO_NOT_TRACK, {OWN}, COURIER_TELEMETRY_DRY_RUN")),
        (&[(TRACES, URL)], format!("{TRACES}={URL} ({THERE})")),
        (&[(TRACES, "there")], format!("{TRACES}=there (nothing is sent: `endpoint` must be")),
        (&[(TRACES, URL), (OWN, "")], format!("{TRACES}={URL} (no effect: the variable {OWN} takes precedence)")),
        (&[(GENERAL, URL)], format!("{GENERAL}={URL} ({THERE})")),
        (
            &[(GENERAL, URL), (TRACES, URL)],
            format!("{GENERAL}={URL} (no effect: the variable {TRACES} takes precedence)"),
        ),
        (&[(GENERAL, "")], format!("{GENERAL}= (no effect: it is empty or not text)")),
        (&[(GENERAL, URL), (HEADERS, "key=secret")], format!("{HEADERS}=(hidden) (sent with every delivery)")),
        (&[(HEADERS, "key=secret")], format!("{HEADERS}=(hidden) (no effect: sent only to an endpoint")),
        (&[(OWN, URL), (HEADERS, "key=secret")], format!("{HEADERS}=(hidden) (no effect: the variable {OWN} takes")),
    ];
    for (variables, expected) in cases {
        let mut command = courier.program.recorded(["telemetry", "status"]);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.lines().any(|line| line.trim_start().starts_with(&expected)), "{expected}: {text}");
        assert!(!text.contains("secret"), "{text}");
    }
}

/// A default build contains no network code.
#[test]
fn without_the_feature_nothing_can_be_sent() {
    let plain = Program::new("toolkit");
    let path = plain.recorded(["remote"]).get_program().to_owned();
    // A static program contains the functions it calls.
    let listed: &[&str] = if cfg!(target_feature = "crt-static") { &[] } else { &["-D", "--undefined-only"] };
    let Ok(output) = Command::new("nm").args(listed).arg(&path).output() else {
        skip("that a program without the feature calls no network function", "`nm` is missing");
        return;
    };
    let symbols = String::from_utf8(output.stdout).unwrap();
    assert!(symbols.contains("mmap"), "{symbols}");
    for symbol in ["socket", "connect", "getaddrinfo", "sendto", "recv", "bind"] {
        assert!(!symbols.contains(&format!(" {symbol}")), "{symbol}");
    }
    let bytes = fs::read(path).unwrap();
    for text in [&b"HTTP/1.1"[..], b"rustls"] {
        assert!(!bytes.windows(text.len()).any(|window| window == text));
    }
}
