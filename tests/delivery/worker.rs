//! The worker process: when it starts, how it relates to other processes, and when there is none.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use support::{
    Gate, PROMPT, Program, Reply, Sink, delivering, names, output_within, run_by, run_in_shell, skip, wait_until,
};

use crate::courier::Courier;

#[test]
fn one_worker_starts_per_interval() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    for _ in 0..5 {
        courier.run(&["remote"], &sink.url()).status().unwrap();
        courier.wait_for_workers();
    }
    assert_eq!(sink.requests().len(), 1);
    assert_eq!(courier.waiting().len(), 4);
}

#[test]
fn one_worker_runs_at_a_time() {
    let gate = Gate::default();
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Gated(gate.clone(), 200)));
    courier.deliver(&sink);
    sink.wait_for(1);
    let first = courier.workers();
    courier.deliver(&sink);
    wait_until("the second one has left, and the first one has not", || courier.workers() == first);
    assert_eq!(sink.requests().len(), 1);
    gate.open();
    courier.wait_for_workers();
    assert_eq!(sink.requests().len(), 2, "the first one takes what has come meanwhile");
}

#[test]
fn a_worker_starts_early_when_the_queue_has_grown() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    courier.queue(1);
    let line = fs::read_to_string(courier.file("queue.jsonl")).unwrap();
    let almost = 65_536 / line.len();
    fs::write(courier.file("queue.jsonl"), line.repeat(almost)).unwrap();
    // By the interval, it is too early.
    let stamp = fs::File::create(courier.file("delivery.stamp")).unwrap();
    stamp.set_modified(std::time::SystemTime::now() - Duration::from_secs(60)).unwrap();
    courier.run(&["remote"], &sink.url()).status().unwrap();
    sink.wait_for(almost + 1);
}

#[test]
fn a_worker_is_detached_and_inherits_nothing() {
    assert_detached(|command| command);
}

/// As under an emulator of another processor.
#[test]
fn where_clone_is_only_a_fork_a_worker_is_detached_too() {
    let refusing = || {
        let mut strace = Command::new("strace");
        strace.args(["-o", "/dev/null", "-e", "trace=clone", "-e", "inject=clone:error=EINVAL:when=1"]);
        strace
    };
    if !run_by(refusing(), &Command::new("/bin/true")).status().is_ok_and(|status| status.success()) {
        skip("a worker where `clone` is only a fork", "`strace` is missing, or not permitted here");
        return;
    }
    assert_detached(|command| run_by(refusing(), &command));
}

/// Whether the worker that a run starts is detached.
#[track_caller]
fn assert_detached(prepare: impl Fn(Command) -> Command) {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Hang));
    // A pipe that the program inherited: its reader must not wait for the worker.
    let command = run_in_shell(r#"exec 7>&1; exec "$@""#, &courier.run(&["remote"], &sink.url()));
    assert!(output_within(PROMPT, &mut prepare(command)).status.success());
    sink.wait_for(1);
    let workers = courier.workers();
    let [pid] = workers[..] else { panic!("one worker expected: {workers:?}") };
    let process = Path::new("/proc").join(pid.to_string());
    assert_eq!(fs::read_link(process.join("cwd")).unwrap(), Path::new("/"));
    for descriptor in 0..3 {
        let file = fs::read_link(process.join("fd").join(descriptor.to_string())).unwrap();
        assert_eq!(file, Path::new("/dev/null"));
    }
    assert!(!process.join("fd/7").exists(), "an inherited file is open");
    let stat = fs::read_to_string(process.join("stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_ascii_whitespace().collect();
    assert_ne!(fields[1], std::process::id().to_string(), "it is a child of this process");
    let own = fs::read_to_string("/proc/self/stat").unwrap();
    let own_session = own.rsplit(')').next().unwrap().split_ascii_whitespace().nth(3).unwrap().to_owned();
    assert_ne!(fields[3], own_session, "it is in this session");
    assert_eq!(fields[4], "0", "it has a terminal");
    let blocked = fs::read_to_string(process.join("status")).unwrap();
    assert!(blocked.contains("SigBlk:\t0000000000000000"), "{blocked}");
    let command_line = fs::read(process.join("cmdline")).unwrap();
    assert_eq!(command_line, b"toolkit\0--deliver-telemetry\0");
    courier.wait_for_workers();
}

/// Of the environment, which may hold secrets, it has what it needs.
#[test]
fn a_worker_knows_no_secrets() {
    let (courier, sink) = (Courier::called("courier"), Sink::always(Reply::Hang));
    let mut run = courier.run(&["work"], &sink.url());
    run.env("AWS_SECRET_ACCESS_KEY", "secret").env("GITHUB_TOKEN", "secret").env("OTEL_SERVICE_NAME", "secret");
    run.env("https_proxy", "http://127.0.0.1:9").env("OTEL_EXPORTER_OTLP_HEADERS", "a=b").env("LD_LIBRARY_PATH", "/x");
    assert!(run.status().unwrap().success());
    sink.wait_for(1);
    let worker = Path::new("/proc").join(courier.workers()[0].to_string());
    let environment = String::from_utf8(fs::read(worker.join("environ")).unwrap()).unwrap();
    let mut names: Vec<&str> =
        environment.split_terminator('\0').map(|entry| entry.split('=').next().unwrap()).collect();
    names.sort_unstable();
    let needed = [
        "COURIER_TELEMETRY_DIR",
        "COURIER_TELEMETRY_ENABLED",
        "COURIER_TELEMETRY_ENDPOINT",
        "HOME",
        "LD_LIBRARY_PATH",
        "OTEL_EXPORTER_OTLP_HEADERS",
        "TELEMETRY_RUNTIME_WORKER",
        "https_proxy",
    ];
    assert_eq!(names, needed);
    courier.wait_for_workers();
}

/// The worker has another working directory than the run.
#[test]
fn a_relative_folder_is_delivered() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    let mut run = courier.run(&["remote"], &sink.url());
    run.current_dir(courier.program.home()).env(courier.program.variable("DIR"), "telemetry");
    assert!(run.status().unwrap().success());
    sink.wait_for(1);
    courier.wait_for_workers();
    assert_eq!(courier.status()["delivered"], 1);
}

#[test]
fn a_long_running_program_has_no_worker_as_child() {
    // The worker lives as long as its request has no answer.
    let gate = Gate::default();
    let (courier, sink) = (Courier::called("courier"), Sink::always(Reply::Gated(gate.clone(), 200)));
    let mut child = courier.run(&["linger"], &sink.url()).stdin(Stdio::piped()).spawn().unwrap();
    sink.wait_for(1);
    // The process between the two may not have ended yet.
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    wait_until("the program has no child", || fs::read_to_string(&children).unwrap().trim().is_empty());
    gate.open();
    drop(child.stdin.take());
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_program_that_deletes_itself_still_delivers() {
    let (courier, sink) = (Courier::called("courier"), Sink::always(Reply::Status(200)));
    let copy = courier.program.home().join("copy");
    fs::copy(delivering().path("courier"), &copy).unwrap();
    let mut command = Command::new(&copy);
    let original = courier.run(&["vanish"], &sink.url());
    let environment = original.get_envs().filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
    let output = command.arg("vanish").env_clear().envs(environment).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(!copy.exists());
    sink.wait_for(1);
}

#[test]
fn an_async_main_becomes_a_worker() {
    let (courier, sink) = (Courier::called("async_main"), Sink::always(Reply::Status(200)));
    assert!(courier.run(&["wait", "1"], &sink.url()).status().unwrap().success());
    assert_eq!(sink.wait_for(1)[0].json()["events"][0]["parameters"]["command"], "wait");
    courier.wait_for_workers();
}

#[test]
fn runs_that_exit_or_fail_start_a_worker_too() {
    for args in [&["quit", "3"][..], &["fail"], &["--help"], &["panic"]] {
        let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
        courier.run(args, &sink.url()).output().unwrap();
        sink.wait_for(1);
        courier.wait_for_workers();
    }
}

#[test]
fn without_consent_or_endpoint_no_worker_starts() {
    let sink = Sink::always(Reply::Status(200));
    for (name, value) in [
        ("DO_NOT_TRACK", "1"),
        ("TOOLKIT_TELEMETRY_ENABLED", "0"),
        ("TOOLKIT_TELEMETRY_ENDPOINT", ""),
        ("TOOLKIT_TELEMETRY_DRY_RUN", "1"),
        // Another host, unencrypted.
        ("TOOLKIT_TELEMETRY_ENDPOINT", "http://192.0.2.1/"),
        ("TOOLKIT_TELEMETRY_ENDPOINT", "file:///etc/passwd"),
    ] {
        let courier = Courier::new();
        assert!(courier.run(&["remote"], &sink.url()).env(name, value).status().unwrap().success());
        courier.wait_for_workers();
        assert_eq!(sink.requests().len(), 0, "{name}={value}");
        if name.ends_with("ENDPOINT") && !value.is_empty() {
            assert!(courier.status()["last_error"]["text"].as_str().unwrap().contains("https://"), "{value}");
        }
    }
}

#[test]
fn the_variable_alone_does_not_make_a_worker() {
    let (courier, sink) = (Courier::new(), Sink::always(Reply::Status(200)));
    let output = courier.run(&["remote"], &sink.url()).env("TELEMETRY_RUNTIME_WORKER", "toolkit").output().unwrap();
    assert_eq!(output.stdout, b"no remotes\n");
    courier.wait_for_workers();
    assert_eq!(sink.requests().len(), 0, "a program below a worker starts none");
    let output = courier.run(&["--deliver-telemetry"], &sink.url()).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "the argument alone is a usage error");
}

#[test]
fn plain_http_bypasses_the_proxy() {
    let (courier, sink, proxy) = (Courier::new(), Sink::always(Reply::Status(200)), Sink::always(Reply::Status(200)));
    let proxy_url = proxy.url();
    courier.run(&["remote"], &sink.url()).env("HTTP_PROXY", &proxy_url).env("ALL_PROXY", &proxy_url).status().unwrap();
    sink.wait_for(1);
    // HTTPS goes through the proxy.
    let courier = Courier::new();
    let mut run = courier.run(&["remote"], "https://telemetry.invalid/v1");
    run.env("HTTPS_PROXY", &proxy_url).status().unwrap();
    assert_eq!(proxy.wait_for(1)[0].path, "telemetry.invalid:443");
    courier.wait_for_workers();
    assert_eq!(courier.waiting().len(), 1);
}

#[test]
fn without_the_feature_a_program_does_not_become_a_worker() {
    let plain = Program::new("toolkit");
    let output = plain
        .recorded(["remote"])
        .env(plain.variable("ENDPOINT"), "http://127.0.0.1:9/")
        .env("TELEMETRY_RUNTIME_WORKER", "toolkit")
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"no remotes\n");
    assert_eq!(names(&plain.telemetry_dir()), ["queue.jsonl"]);
}

#[test]
fn a_workers_files_are_private() {
    let (courier, sink) = (Courier::new(), Sink::new(|number| Reply::Status(if number == 0 { 200 } else { 500 })));
    courier.queue(3);
    fs::write(courier.file("queue.spill.jsonl"), "torn").unwrap();
    courier.deliver_and_wait(&sink);
    for entry in fs::read_dir(courier.program.telemetry_dir()).unwrap() {
        let entry = entry.unwrap();
        if entry.file_name() != "queue.spill.jsonl" {
            assert_eq!(entry.metadata().unwrap().mode() & 0o777, 0o600, "{:?}", entry.file_name());
        }
    }
}
