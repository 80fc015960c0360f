//! What users see of what was sent, and of everything that is kept.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::Value;
use support::{Reply, Request, Sink, wait_at_most};

use crate::courier::Courier;
use crate::terminal::Terminal;

#[test]
fn a_page_goes_to_a_pipe_and_is_opened_on_a_terminal() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(2);
    courier.deliver_and_wait(&sink);
    let page = courier.run(&["telemetry", "show", "--html"], "").output().unwrap().stdout;
    let page = String::from_utf8(page).unwrap();
    assert!(page.starts_with("<!doctype html>") && page.contains("3 events sent"), "{page}");

    // The program that opens it.
    let bin = courier.file("bin");
    let opened = courier.file("opened");
    fs::create_dir(&bin).unwrap();
    let opener = bin.join("xdg-open");
    fs::write(&opener, format!("#!/bin/sh\nprintf %s \"$1\" > {}.new\nmv {0}.new {0}\n", opened.display())).unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let mut show = courier.run(&["telemetry", "show", "--html"], "");
    let path = std::env::var("PATH").unwrap();
    show.env("PATH", format!("{}:{path}", bin.display()));
    let screen = Terminal::start(show).finish();
    wait_at_most(Duration::from_secs(10), "the page is opened", || opened.exists());
    let kept = fs::read_to_string(opened).unwrap();
    assert!(screen.text.contains("opening it"), "{}", screen.text);
    assert!(fs::read_to_string(&kept).unwrap().starts_with("<!doctype html>"), "{kept}");
    assert!(courier.run(&["telemetry", "purge"], "").output().unwrap().status.success());
    assert!(!fs::exists(kept).unwrap());
}

const HOUR_MS: u64 = 60 * 60 * 1000;

fn lines(courier: &Courier, args: &[&str]) -> Vec<Value> {
    let output = courier.run(args, "").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))).collect()
}

fn sent(courier: &Courier) -> Vec<Value> {
    lines(courier, &["telemetry", "show", "--sent", "--json"])
}

#[test]
fn what_was_sent_is_shown_as_it_was_sent() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(3);
    assert_eq!(sent(&courier), [Value::Null; 0]);
    courier.deliver_and_wait(&sink);
    let bodies: Vec<String> = sink.requests().iter().map(Request::json).map(|body| body.to_string()).collect();
    let sent = sent(&courier);
    assert_eq!((sent.len(), bodies.len()), (4, 4));
    for line in sent {
        assert_eq!(line["to"], "127.0.0.1");
        let event = &line["event"];
        // The file has no more exact time than the receiver.
        assert_eq!(event["start_time_unix_ms"].as_u64().unwrap() % HOUR_MS, 0);
        let id = event["session_id"].as_str().unwrap();
        assert!(bodies.iter().any(|body| body.contains(id)), "{id} was not sent");
        assert!(line["sent_unix_ms"].as_u64() >= event["start_time_unix_ms"].as_u64());
    }
    let text = courier.run(&["telemetry", "show", "--sent"], "").output().unwrap().stdout;
    assert!(String::from_utf8(text).unwrap().contains("127.0.0.1"));
}

#[test]
fn status_says_how_to_see_it_and_how_to_send_the_rest() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    let next = || {
        let status = courier.run(&["telemetry", "status"], &sink.url()).output().unwrap().stdout;
        let status = String::from_utf8(status).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
        status.split_once("Next: ").unwrap().1.to_owned()
    };
    courier.queue(1);
    assert!(next().starts_with("`toolkit telemetry flush` delivers now, unset "), "{}", next());
    courier.deliver_and_wait(&sink);
    assert!(next().starts_with("`toolkit telemetry show --sent` shows what was sent lately, unset "), "{}", next());
}

#[test]
fn what_was_not_accepted_was_not_sent() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(503)));
    courier.queue(1);
    courier.deliver_and_wait(&sink);
    assert_eq!(sent(&courier), [Value::Null; 0]);
}

#[test]
fn lost_events_that_the_receiver_was_told_of_are_shown() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(1);
    fs::write(courier.file("queue.lost"), "12345").unwrap();
    courier.deliver_and_wait(&sink);
    assert_eq!(sent(&courier)[0]["dropped_events"], 5);
}

#[test]
fn purge_and_disable_delete_it() {
    for command in ["purge", "disable"] {
        let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
        courier.queue(1);
        courier.deliver_and_wait(&sink);
        assert!(courier.file("sent.jsonl").exists());
        assert!(courier.run(&["telemetry", command], "").output().unwrap().status.success());
        assert!(!courier.file("sent.jsonl").exists(), "{command}");
        assert_eq!(sent(&courier), [Value::Null; 0]);
    }
}

#[test]
fn an_export_has_everything_that_is_kept() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(2);
    courier.deliver_and_wait(&sink);
    courier.queue(1);
    fs::write(courier.file("rejected.jsonl"), "a \"torn\" line\n").unwrap();
    let export = lines(&courier, &["telemetry", "export"]);
    let of = |name: &str| -> Vec<&Value> {
        let of = export.iter().filter(|line| line["file"].as_str().unwrap().ends_with(name));
        of.map(|line| &line["content"]).collect()
    };
    assert_eq!(of("queue.jsonl").len(), 1);
    assert_eq!(of("queue.jsonl")[0]["command"], serde_json::json!(["remote"]));
    assert_eq!(of("sent.jsonl").len(), 3);
    assert_eq!(of("delivery.json")[0]["delivered"], 3);
    assert_eq!(of("delivery.stamp"), [&Value::Null]);
    assert_eq!(of("rejected.jsonl"), ["a \"torn\" line"]);
    // Every file is there, but for the locks, which hold nothing.
    for entry in fs::read_dir(courier.file(".")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(name == "drain.lock" || !of(&name).is_empty(), "{name}");
    }
}
