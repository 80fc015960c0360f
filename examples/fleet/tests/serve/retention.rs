//! `--keep-days`: old runs are deleted, and are not counted again.

use std::process::Stdio;

use rusqlite::Connection;

use crate::client::{run, runs};
use crate::server::{Home, fleet};

const KEEP_35_DAYS: [&str; 2] = ["--keep-days", "35"];

/// Runs of 60 days. Those that arrived more than 35 days ago fill more than one part of the file.
#[test]
fn what_is_older_is_deleted_and_nothing_else() {
    let home = Home::new();
    let mut simulate = fleet(&home.data());
    simulate.args(["simulate", "--runs", "48000", "--days", "60", "--data"]).arg(home.data());
    assert!(simulate.stdout(Stdio::null()).status().unwrap().success());
    let count = |comparison: &str| -> u64 {
        let sql = format!("SELECT count(*) FROM runs WHERE received {comparison} date('now', '-35 days')");
        home.ask(&sql)[0].parse().unwrap()
    };
    let size = || std::fs::metadata(home.data()).unwrap().len();
    let (old, kept, before) = (count("<"), count(">="), size());
    assert!(old > 16_384 && kept > 16_384, "{old} {kept}");
    let server = home.serve(&KEEP_35_DAYS);
    support::wait_until("it is deleted", || server.metric("fleet_runs_deleted_total") == old);
    assert_eq!((count("<"), count(">=")), (0, kept));
    assert_eq!(server.metric("fleet_commits_failed_total"), 0);

    // The room is used again.
    let new = runs(0..u128::from(old));
    for part in new.chunks(2_000) {
        assert_eq!(server.client().deliver(part).unwrap().status, 200);
    }
    assert!(server.stop().success());
    assert_eq!(count(">="), old + kept);
    assert!(size() <= before, "{} of {before} bytes", size());
}

/// As if the runs had come so many days ago.
fn age(home: &Home, days: u32) {
    let db = Connection::open(home.data()).unwrap();
    db.execute("UPDATE kept SET received_day = received_day - ?1, start_hour = start_hour - ?1 * 24", [days]).unwrap();
}

/// Even those of a machine whose clock was ahead.
#[test]
fn what_was_deleted_is_not_counted_again() {
    const DAYS: u32 = 36;
    const MS_PER_DAY: u64 = 24 * fleet::time::MS_PER_HOUR;
    let home = Home::new();
    let mut sent = runs(0..50);
    sent.iter_mut().for_each(|run| run.start_unix_ms += MS_PER_DAY);
    let server = home.serve(&[]);
    assert_eq!(server.client().deliver(&sent).unwrap().status, 200);
    assert!(server.stop().success());
    age(&home, DAYS);
    assert_eq!(home.count(), "50");
    let is_in_file = || {
        let file = std::fs::read(home.data()).unwrap();
        file.windows(16).any(|window| sent[7].session_id == window)
    };
    assert!(is_in_file());

    let server = home.serve(&KEEP_35_DAYS);
    support::wait_until("they are deleted", || server.metric("fleet_runs_deleted_total") == 50);
    assert!(server.stop().success());
    assert!(!is_in_file());

    let server = home.serve(&KEEP_35_DAYS);
    sent.iter_mut().for_each(|run| run.start_unix_ms -= u64::from(DAYS) * MS_PER_DAY);
    sent.push(run(50));
    for _ in 0..2 {
        assert_eq!(server.client().deliver(&sent).unwrap().status, 200);
    }
    assert_eq!(home.count(), "1");
}

#[test]
fn fewer_days_are_refused() {
    let home = Home::new();
    let output = fleet(&home.data()).args(["serve", "--keep-days", "34"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success() && said.contains("34 is not in 35..="), "{said}");
}
