//! What must do no harm: misbehaving receivers, unusable files, killed processes.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use support::{
    Gate, Locks, PROMPT, Random, Reply, Request, Sink, output_within, run_in_shell, scaled, seed, skip, wait_at_most,
    wait_until,
};

use crate::courier::Courier;
use crate::otlp::trace_ids;

#[test]
fn a_misbehaving_receiver_does_not_affect_runs() {
    thread::scope(|scope| {
        for (reply, error) in [
            (Reply::Hang, "timed out"),
            (Reply::Drip, "timed out"),
            (Reply::Reset, "connection lost"),
            (Reply::Garbage, "the response is not HTTP"),
        ] {
            scope.spawn(move || {
                let (courier, sink) = (Courier::new(), Sink::always(reply.clone()));
                courier.queue(1);
                survives(&courier, &sink.url(), error);
                assert_eq!(courier.waiting().len(), 2, "{reply:?}");
                let healthy = Sink::always(Reply::Status(200));
                courier.forget_failures();
                courier.deliver_and_wait(&healthy);
                assert_eq!(healthy.requests().len(), 3, "{reply:?}");
            });
        }
        scope.spawn(|| {
            let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
            survives(&Courier::new(), &format!("http://{closed}/"), "connection refused");
        });
        scope.spawn(|| survives(&Courier::new(), "https://telemetry.invalid/", "host not found"));
    });
}

/// A run takes no longer than usual and ends normally. Its event stays queued. The worker ends in time and reports why.
#[track_caller]
fn survives(courier: &Courier, url: &str, error: &str) {
    assert!(output_within(PROMPT, &mut courier.run(&["remote"], url)).status.success());
    courier.wait_for_workers();
    assert_eq!(courier.status()["last_error"]["text"], error, "{url}");
}

#[test]
fn an_untrusted_certificate_is_rejected() {
    let courier = Courier::new();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1"])
        .args(["-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"])
        .current_dir(courier.program.home())
        .stderr(Stdio::null())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        skip("a certificate that nobody vouches for", "there is no `openssl` to make one");
        return;
    }
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut server = Command::new("openssl")
        .args(["s_server", "-quiet", "-accept", &port.to_string(), "-key", "key.pem", "-cert", "cert.pem", "-www"])
        .current_dir(courier.program.home())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("openssl listens", || TcpStream::connect(("127.0.0.1", port)).is_ok());
    let url = format!("https://localhost:{port}/v1/events");
    courier.run_quietly(&url);
    courier.wait_for_workers();
    assert_eq!(courier.status()["last_error"]["text"], "TLS failed");
    assert_eq!(courier.waiting().len(), 1);
    // The user of a network with an authority of its own vouches for it.
    for (file, error) in [
        ("missing.pem", "the certificate file cannot be read"),
        ("key.pem", "the certificate file holds no certificate"),
        // It is trusted, and this server does not answer such requests.
        ("cert.pem", "timed out"),
    ] {
        courier.forget_failures();
        courier.make_due();
        let mut command = courier.run(&["remote"], &url);
        assert!(command.env("SSL_CERT_FILE", courier.program.home().join(file)).output().unwrap().status.success());
        courier.wait_for_workers();
        assert_eq!(courier.status()["last_error"]["text"], error);
    }
    let _ = server.kill();
    let _ = server.wait();
}

#[test]
fn an_endless_response_is_cut_off() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Flood));
    courier.deliver(&sink);
    // Sooner than a receiver that does not answer times out.
    wait_at_most(Duration::from_secs(9), "the end of all workers", || courier.workers().is_empty());
    assert_eq!(courier.status()["delivered"], 1);
}

#[test]
fn a_deleted_queue_is_not_delivered() {
    let gate = Gate::default();
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Gated(gate.clone(), 200)));
    courier.queue(20);
    courier.deliver(&sink);
    sink.wait_for(1);
    fs::remove_dir_all(courier.program.telemetry_dir()).unwrap();
    gate.open();
    courier.wait_for_workers();
    assert_eq!(sink.requests().len(), 1, "more was sent");
}

#[test]
fn an_unwritable_folder_starts_no_worker() {
    let sink = Sink::always(Reply::Status(200));
    let courier = Courier::new();
    // A file in place of the folder. Permissions alone would not stop root.
    fs::write(courier.program.telemetry_dir(), "").unwrap();
    for _ in 0..3 {
        let output = courier.run(&["remote"], &sink.url()).output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty());
        assert_eq!(courier.workers(), [0; 0]);
    }
    assert_eq!(sink.requests().len(), 0);
}

#[test]
fn a_full_disk_starts_no_worker_and_loses_no_event() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(2);
    // No file may grow beyond one block of 512 bytes, and an attempt does not kill the process.
    let script = r#"trap "" XFSZ; ulimit -f 1; exec "$@""#;
    let output = run_in_shell(script, &courier.run(&["remote"], &sink.url())).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    courier.wait_for_workers();
    courier.deliver_and_wait(&sink);
    // The run's own event went to a file that was smaller.
    assert_eq!(courier.status()["delivered"], 4);
}

#[test]
fn a_clock_set_back_does_not_stop_delivery_for_ever() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(1);
    let stamp = File::create(courier.file("delivery.stamp")).unwrap();
    stamp.set_modified(SystemTime::now() + Duration::from_secs(1_000_000)).unwrap();
    fs::write(courier.file("delivery.json"), r#"{"v":1,"next_attempt_unix_ms":99999999999999}"#).unwrap();
    courier.run(&["remote"], &sink.url()).status().unwrap();
    sink.wait_for(2);
}

#[test]
fn an_unreadable_delivery_state_counts_as_missing() {
    for state in ["", "null", "{", r#"{"v":7,"next_attempt_unix_ms":99999999999999}"#, r#"{"v":1,"dropped":3}"#] {
        let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
        courier.queue(1);
        fs::write(courier.file("delivery.json"), state).unwrap();
        courier.deliver_and_wait(&sink);
        assert_eq!(courier.status()["delivered"], 2, "{state}");
    }
}

#[test]
fn locks_held_for_ever_block_nothing() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(1);
    let held = File::open(courier.file("queue.jsonl")).unwrap();
    held.lock().unwrap();
    courier.queue(1);
    courier.deliver_and_wait(&sink);
    // The queue moves on from the locked file.
    assert_eq!(sink.requests().len(), 2);
    courier.queue(1);
    assert_eq!(fs::read_to_string(courier.file("queue.jsonl")).unwrap().lines().count(), 1);
    drop(held);
    courier.deliver_and_wait(&sink);
    assert_eq!(sink.requests().len(), 5);

    let held = File::open(courier.file("drain.lock")).unwrap();
    held.lock().unwrap();
    courier.make_due();
    assert!(output_within(PROMPT, &mut courier.run(&["remote"], &sink.url())).status.success());
    courier.wait_for_workers();
    assert_eq!(courier.waiting().len(), 1);
}

/// It is an error that stays, until somebody has looked at it. What can be delivered is.
#[test]
fn files_that_cannot_be_opened_are_told() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(1);
    for number in 1..=2 {
        fs::create_dir(courier.file(&format!("sealed-{number}-0.jsonl"))).unwrap();
        courier.deliver_and_wait(&sink);
        let text = courier.status()["last_error"]["text"].as_str().unwrap().to_owned();
        assert!(text.starts_with("a file of the queue cannot be used: "), "{text}");
        let mut status = courier.status();
        status["next_attempt_unix_ms"] = json!(null);
        fs::write(courier.file("delivery.json"), status.to_string()).unwrap();
    }
    assert_eq!(sink.requests().len(), 2, "one bad file stops nothing, two stop the sealing of more");
    let output = courier.run(&["telemetry", "flush"], &sink.url()).output().unwrap();
    assert!(!output.status.success());
}

/// What is dropped is counted, or it is not dropped.
#[test]
fn nothing_is_dropped_while_its_count_cannot_be_saved() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(1);
    let queue = courier.file("queue.jsonl");
    fs::write(&queue, format!("torn\n{}", fs::read_to_string(&queue).unwrap())).unwrap();
    // A folder in place of the file.
    let state = courier.file("delivery.json.new");
    fs::create_dir(&state).unwrap();
    courier.deliver_and_wait(&sink);
    assert_eq!(courier.waiting().len(), 3, "{:?}", courier.waiting());
    assert!(!courier.file("rejected.jsonl").exists());
    fs::remove_dir(state).unwrap();
    courier.deliver_and_wait(&sink);
    assert_eq!((courier.waiting().len(), &courier.status()["dropped"]["foreign"]), (0, &json!(1)));
}

/// A run whose delivery is due, on a file system with such locks.
#[track_caller]
fn run_under(locks: Locks, courier: &Courier, sink: &Sink) {
    courier.make_due();
    assert!(locks.under(&mut courier.run(&["work"], &sink.url())).status().unwrap().success());
}

/// Two workers at once would deliver twice, and one that gets no lock would never deliver.
#[test]
fn everything_is_delivered_once_whatever_the_locks_are() {
    const WRITERS: usize = 8;
    let runs = scaled(5);
    for locks in Locks::ALL {
        let (courier, sink) = (Courier::called("courier"), Sink::always(Reply::Slow(Duration::from_millis(5), 200)));
        thread::scope(|scope| {
            for _ in 0..WRITERS {
                scope.spawn(|| (0..runs).for_each(|_| run_under(locks, &courier, &sink)));
            }
        });
        courier.wait_for_workers();
        run_under(locks, &courier, &sink);
        courier.wait_for_workers();
        let ids: Vec<_> = sink.requests().iter().flat_map(trace_ids).collect();
        let all = WRITERS * runs + 1;
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), all, "{locks:?}: lost or invented");
        assert_eq!(ids.len(), all, "{locks:?}: delivered twice");
        assert_eq!(courier.status()["dropped"]["full"], 0, "{locks:?}");
    }
}

/// What stands for the lock of a process that was killed is left alone for a minute, then taken over.
#[test]
fn a_stand_in_that_was_left_behind_is_taken_over() {
    let (courier, sink) = (Courier::called("courier"), Sink::always(Reply::Status(200)));
    let run = || run_under(Locks::Missing(libc::ENOLCK), &courier, &sink);
    fs::create_dir(courier.program.telemetry_dir()).unwrap();
    let held = courier.file("drain.held");
    fs::write(&held, "999999999\n").unwrap();
    run();
    courier.wait_for_workers();
    assert_eq!(courier.waiting().len(), 1);
    File::options().write(true).open(&held).unwrap().set_modified(SystemTime::now() - Duration::from_secs(61)).unwrap();
    run();
    courier.wait_for_workers();
    assert_eq!((courier.waiting().len(), held.exists()), (0, false));
}

#[test]
fn many_writers_while_a_worker_delivers() {
    const WRITERS: usize = 64;
    let runs = scaled(5);
    let (courier, sink) = (Courier::called("courier"), Sink::always(Reply::Status(200)));
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (courier, sink) = (&courier, &sink);
            scope.spawn(move || {
                for run in 0..runs {
                    // Deliver repeatedly, not once an hour.
                    if (writer + run) % 16 == 0 {
                        courier.make_due();
                    }
                    assert!(courier.run(&["work"], &sink.url()).status().unwrap().success());
                }
            });
        }
    });
    courier.wait_for_workers();
    courier.make_due();
    assert!(courier.run(&["work"], &sink.url()).status().unwrap().success());
    courier.wait_for_workers();
    let mut delivered = HashMap::new();
    for request in sink.requests() {
        trace_ids(&request).into_iter().for_each(|id| *delivered.entry(id).or_insert(0) += 1);
    }
    assert_eq!(courier.status()["dropped"], json!({ "foreign": 0, "full": 0, "old": 0, "refused": 0, "too_large": 0 }));
    assert_eq!(courier.waiting(), [""; 0]);
    assert_eq!(delivered.len(), WRITERS * runs + 1, "lost or invented");
    assert!(delivered.values().all(|&times| times == 1), "delivered twice");
}

#[test]
fn killed_writers_and_workers_lose_no_finished_run() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Slow(Duration::from_millis(2), 200)));
    let mut random = Random::new(seed());
    let mut finished = 0;
    for _ in 0..scaled(40) {
        courier.make_due();
        let mut children: Vec<Child> =
            (0..8).map(|_| courier.run(&["remote"], &sink.url()).stdout(Stdio::null()).spawn().unwrap()).collect();
        thread::sleep(random.time_below(Duration::from_millis(8)));
        for child in children.iter_mut().step_by(2) {
            let _ = child.kill();
        }
        for mut child in children {
            finished += usize::from(child.wait().unwrap().success());
        }
        thread::sleep(random.time_below(Duration::from_millis(20)));
        for pid in courier.workers() {
            let _ = kill_process(Pid::from_raw(pid.cast_signed()).unwrap(), Signal::KILL);
        }
        courier.forget_failures();
    }
    courier.wait_for_workers();
    courier.deliver_and_wait(&sink);
    courier.deliver_and_wait(&sink);
    assert_eq!(courier.waiting(), [""; 0]);
    // A killed run may have left its event already; a run that ended normally must have.
    let delivered: HashSet<String> = sink.requests().iter().map(Request::session_id).collect();
    assert!(delivered.len() >= finished + 2, "{} of {finished} arrived", delivered.len());
    let files = fs::read_dir(courier.program.telemetry_dir()).unwrap().count();
    assert!(files < 10, "{files} files are left");
}
