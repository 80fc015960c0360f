//! What real programs deliver.

use fleet::encode;
use fleet::receive::{self, LeftOut};
use prost::Message;
use support::{Reply, Sink};

use crate::delivering::{delivering, flush, prepared, run};
use crate::server::{Home, fleet};

#[test]
fn everything_a_program_delivers_is_kept() {
    let home = Home::new();
    let server = home.serve(&[]);
    let sender = prepared();
    flush(&sender, &server.url("/v1/traces"));
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        home.ask("SELECT app, version, command, ending, status, failed, exit_code, error_class, ci FROM runs ORDER BY command, ending, status"),
        [
            format!("sender|{version}||help|success|0|0|-|0"),
            format!("sender|{version}||usage|failure|1|2|InvalidSubcommand|0"),
            format!("sender|{version}|fail|error|failure|1|1|NotFound|0"),
            format!("sender|{version}|work|return|failure|1|3|_OTHER|0"),
            format!("sender|{version}|work|return|success|0|0|-|0"),
        ]
    );
    assert_eq!(
        home.ask("SELECT options, facts, json_extract(context, '$.interactive') FROM runs WHERE options IS NOT NULL"),
        [r#"{"fast":"true","jobs":"10+","mode":"slow,quiet"}|{"cache":"hit"}|false"#]
    );
    assert_eq!(home.ask("SELECT count(*) FROM runs WHERE phases LIKE '{\"pack\":%}' AND duration_us > 0"), ["1"]);
    assert_eq!(home.ask("SELECT sum(dropped_events) FROM runs"), ["3"]);
    let week = fleet::time::iso_week(fleet::time::today());
    let marks = home.ask("SELECT active_week, active_since FROM runs WHERE active_week IS NOT NULL");
    assert_eq!(marks, [format!("{week}|1")]);
    assert_eq!(server.metric("fleet_attributes_unknown_total"), 0);
    assert_eq!(server.metric("fleet_spans_foreign_total"), 0);
}

#[test]
fn a_program_that_sends_the_envelope_is_kept() {
    let home = Home::new();
    let server = home.serve(&[]);
    let toolkit = delivering("toolkit");
    run(&toolkit, &["telemetry", "enable"]);
    run(&toolkit, &["remote", "add", "origin", "https://example.com"]);
    run(&toolkit, &["fail"]);
    std::fs::write(toolkit.file("queue.lost"), "..").unwrap();
    flush(&toolkit, &server.url("/v1/events"));
    let system = if cfg!(target_os = "macos") { "darwin" } else { "linux" };
    assert_eq!(
        home.ask("SELECT os, command, ending, status, exit_code, error_class FROM runs ORDER BY 2"),
        [format!("{system}|fail|-|failure|1|Refused"), format!("{system}|remote add|-|success|0|-"),]
    );
    assert_eq!(home.ask("SELECT sum(dropped_events) FROM runs"), ["2"]);
    assert_eq!(server.metric("fleet_attributes_unknown_total"), 0);
}

/// What is simulated has the form of what is real.
#[test]
fn the_simulated_form_is_the_real_one_byte_for_byte() {
    let sink = Sink::always(Reply::Status(200));
    flush(&prepared(), &sink.url());
    let requests = sink.requests();
    let body = requests[0].decompressed();
    let mut left_out = LeftOut::default();
    let runs = receive::runs(&body, &mut left_out).unwrap();
    assert_eq!((runs.len(), left_out), (5, LeftOut::default()));
    assert!(encode::request(&runs, "sender").encode_to_vec() == body, "{runs:#?}");
}

/// A simulated fleet arrives as a real one does.
#[test]
fn a_simulated_fleet_is_received() {
    let home = Home::new();
    let server = home.serve(&[]);
    let simulate = |args: &[&str]| {
        let output =
            fleet(&home.data()).args(["simulate", "--runs", "2000", "--days", "10"]).args(args).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end().strip_suffix(" runs").unwrap().to_owned()
    };
    let sent = simulate(&["--to", &server.address]);
    assert_eq!(home.count(), sent);
    // The same seed, the same runs.
    simulate(&["--to", &server.address]);
    assert_eq!(home.count(), sent);
    let more = simulate(&["--to", &server.address, "--seed", "2"]);
    assert_eq!(home.count().parse::<usize>().unwrap(), sent.parse::<usize>().unwrap() + more.parse::<usize>().unwrap());
    assert_eq!(server.metric("fleet_attributes_unknown_total"), 0);
    assert!(server.stop().success());

    // Without a server, every run is received on its day.
    let other = Home::new();
    let written = simulate(&["--data", other.data().to_str().unwrap()]);
    assert_eq!((other.count(), &written), (sent.clone(), &sent));
    assert_eq!(other.ask("SELECT count(DISTINCT day), sum(day = received) = count(*) FROM runs"), ["10|1"]);
    assert_eq!(other.ask("SELECT count(DISTINCT active_week) >= 2, sum(options IS NOT NULL) > 0 FROM runs"), ["1|1"]);
}
