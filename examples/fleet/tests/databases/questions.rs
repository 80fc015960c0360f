//! The same questions, asked of ClickHouse and of the embedded store.

use std::collections::BTreeSet;
use std::process::Command;

use fleet::ask::{Format, ask};
use fleet::simulate::{self, Plan};
use fleet::{store, time};
use serde_json::Value;
use support::{python, wait_until};

use crate::collector::Collector;
use crate::database::{Database, file};

const RUNS: u64 = 50_000;

/// A view of ClickHouse, and the same in the SQL of SQLite, about the runs in `chosen`.
const QUESTIONS: [(&str, &str); 13] = [
    (
        "figures",
        "SELECT count(*) AS runs, sum(day > date((SELECT last FROM period), '-7 days')) / 7.0 AS runs_a_day,
                avg(failed) AS failing, avg(ending IN ('help', 'version')) AS asking_for_help, avg(ci) AS in_ci,
                sum(dropped_events) AS lost FROM chosen",
    ),
    ("runs_a_day", "SELECT day, version, count(*) AS runs FROM chosen GROUP BY 1, 2"),
    (
        "commands",
        "SELECT command, count(*) AS runs, count(*) * 1.0 / (SELECT count(*) FROM chosen) AS share,
                avg(CASE WHEN is_use THEN failed END) AS failing,
                (SELECT duration_us FROM ranked WHERE ranked.command = chosen.command AND place = CAST(0.5 * n AS INTEGER))
                    AS median_us,
                (SELECT duration_us FROM ranked WHERE ranked.command = chosen.command AND place = CAST(0.95 * n AS INTEGER))
                    AS slow_us
         FROM chosen GROUP BY command",
    ),
    (
        "versions",
        "SELECT week, version, count(*) AS runs, count(*) * 1.0 / sum(count(*)) OVER (PARTITION BY week) AS share
         FROM chosen GROUP BY week, version",
    ),
    (
        "new_commands",
        "SELECT week, command, runs, share FROM (
             SELECT week, command, count(*) AS runs, count(*) * 1.0 / sum(count(*)) OVER (PARTITION BY week) AS share
             FROM chosen GROUP BY week, command)
         WHERE command IN (SELECT command FROM chosen WHERE command <> '' GROUP BY 1
             HAVING count(*) >= 20 AND min(day) > (SELECT date(min(day), '+10 days') FROM chosen))",
    ),
    (
        "active_machines",
        "SELECT active_week, coalesce(active_since, 'agreed by a variable') AS since, count(*) AS machines
         FROM chosen WHERE active_week IS NOT NULL GROUP BY 1, 2",
    ),
    (
        "options",
        "SELECT command, key AS option, value, count(*) AS runs,
                count(*) * 1.0 / (SELECT count(*) FROM chosen AS every WHERE every.command = chosen.command) AS share
         FROM chosen, json_each(options) GROUP BY command, option, value",
    ),
    (
        "facts",
        "SELECT key AS fact, value, count(*) AS runs, count(*) * 1.0 / sum(count(*)) OVER (PARTITION BY key) AS share
         FROM chosen, json_each(facts) GROUP BY key, value",
    ),
    (
        "circumstances",
        "SELECT key AS circumstance, value, count(*) AS runs,
                count(*) * 1.0 / sum(count(*)) OVER (PARTITION BY key) AS share
         FROM chosen, json_each(context) GROUP BY key, value",
    ),
    (
        "phases",
        "SELECT command, phase, n AS runs, value AS median_us FROM (
             SELECT command, key AS phase, value, row_number() OVER (PARTITION BY command, key ORDER BY value) - 1 AS place,
                    count(*) OVER (PARTITION BY command, key) AS n
             FROM chosen, json_each(phases))
         WHERE place = CAST(0.5 * n AS INTEGER)",
    ),
    (
        "errors",
        "SELECT error_class, count(*) AS runs, count(DISTINCT command) AS commands FROM chosen WHERE failed GROUP BY 1",
    ),
    (
        "platforms",
        "SELECT os, arch, count(*) AS runs, count(*) * 1.0 / (SELECT count(*) FROM chosen) AS share, avg(failed) AS failing
         FROM chosen GROUP BY os, arch",
    ),
    (
        "releases",
        "SELECT *, median_us * 1.0 / median_us_before AS takes FROM (
             SELECT command, os, arch, version, lag(version) OVER earlier AS before, runs, lag(runs) OVER earlier AS runs_before,
                    failing, lag(failing) OVER earlier AS failing_before,
                    median_us, lag(median_us) OVER earlier AS median_us_before
             FROM uses WHERE runs >= 50 WINDOW earlier AS (PARTITION BY command, os, arch ORDER BY version))
         WHERE before IS NOT NULL",
    ),
];

/// What the questions are about. Of the simulated versions, the order of text is the order of time.
const COMMON: &str = "
    chosen AS (
        SELECT *, command = '' OR coalesce(ending, '') NOT IN ('help', 'version') AS is_use
        FROM runs, period WHERE app = 'toolkit' AND day BETWEEN first AND last),
    ranked AS (
        SELECT command, duration_us, row_number() OVER (PARTITION BY command ORDER BY duration_us) - 1 AS place,
               count(*) OVER (PARTITION BY command) AS n
        FROM chosen WHERE is_use AND status IN ('success', 'completed')),
    placed AS (
        SELECT command, os, arch, version, failed, duration_us FROM chosen WHERE is_use
        UNION ALL SELECT command, '', '', version, failed, duration_us FROM chosen WHERE is_use),
    timed AS (
        SELECT command, os, arch, version, duration_us,
               row_number() OVER (PARTITION BY command, os, arch, version ORDER BY duration_us) - 1 AS place,
               count(*) OVER (PARTITION BY command, os, arch, version) AS n
        FROM (SELECT command, os, arch, version, duration_us FROM chosen
              WHERE is_use AND status IN ('success', 'completed')
              UNION ALL SELECT command, '', '', version, duration_us FROM chosen
              WHERE is_use AND status IN ('success', 'completed'))),
    uses AS (
        SELECT command, os, arch, version, runs, failing, duration_us AS median_us
        FROM (SELECT command, os, arch, version, count(*) AS runs, avg(failed) AS failing
              FROM placed GROUP BY 1, 2, 3, 4)
        LEFT JOIN timed USING (command, os, arch, version)
        WHERE place = CAST(0.5 * n AS INTEGER))";

#[test]
fn clickhouse_answers_what_the_embedded_store_answers() {
    let Some(python) = python("ClickHouse", &["chdb.session", "rotel"]) else { return };
    let today = time::today();
    // Nothing is older than what a program sends.
    let mut plan = Plan::new("toolkit", RUNS, 30, today);
    plan.releases = ["0.1.0@0", "0.2.0@14", "0.3.0@21"].map(|release| release.parse().unwrap()).into();
    plan.changes = ["since=0.3.0,command=run,takes=2.1", "since=0.3.0,command=run,platform=linux/arm64,fails=0.3"]
        .map(|change| change.parse().unwrap())
        .into();

    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("fleet.db");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let count = runtime.block_on(simulate::write(&plan, &data)).unwrap();
    assert!(count as u64 > RUNS * 9 / 10, "{count}");
    let db = store::open_read_only(&data).unwrap();
    let embedded = |sql: &str| {
        let answer = ask(&db, sql, Format::Json).unwrap();
        answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };

    let database = Database::start(&python);
    let collector = Collector::to_clickhouse(&python, &database.url());
    // Delivered twice, kept once.
    for times in 1..=2 {
        assert_eq!(simulate::deliver(&plan, collector.address).unwrap(), count);
        database.wait_for(times * count);
    }

    // Every column of every run, except on which day it came: what is simulated into a file has come day by day.
    let columns = |row: &Value| row.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let mut names = columns(&embedded("SELECT * FROM runs LIMIT 1")[0]);
    assert_eq!(names, columns(&database.ask("SELECT * FROM fleet.runs LIMIT 1")[0]));
    assert!(names.remove("received"));
    let line =
        |text: &dyn Fn(&str) -> String| names.iter().map(|name| text(name)).collect::<Vec<_>>().join(" || '|' || ");
    let lines = |rows: &[Value]| rows.iter().map(|row| row["line"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    let text = line(&|column| match column {
        "options" | "facts" | "context" | "phases" => format!("coalesce({column}, '{{}}')"),
        column => format!("coalesce({column}, '-')"),
    });
    let ours = lines(&embedded(&format!("SELECT {text} AS line FROM runs ORDER BY session_id")));
    let text = line(&|column| match column {
        "started" => "formatDateTime(started, '%Y-%m-%d %H:00')".to_owned(),
        "options" | "facts" | "context" | "phases" => format!("toJSONString({column})"),
        column => format!("coalesce(toString({column}), '-')"),
    });
    let theirs = lines(&database.ask(&format!("SELECT {text} AS line FROM fleet.runs ORDER BY session_id")));
    assert_eq!((ours.len(), theirs.len()), (count, count));
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs);
    }

    let [first, last] = [time::iso(today - 29), time::iso(today)];
    for (view, sql) in QUESTIONS {
        let theirs =
            database.ask(&format!("SELECT * FROM fleet.{view}(app = 'toolkit', first = '{first}', last = '{last}')"));
        let ours = embedded(&format!("WITH period AS (SELECT '{first}' AS first, '{last}' AS last), {COMMON} {sql}"));
        assert!(!ours.is_empty(), "{view}");
        assert_eq!(comparable(&theirs), comparable(&ours), "{view}");
    }
    // What was planted is seen.
    let sql = format!(
        "SELECT count() FROM fleet.releases(app = 'toolkit', first = '{first}', last = '{last}')
         WHERE command = 'run' AND version = '0.3.0' AND (os = '' AND takes > 1.8 OR arch = 'arm64' AND os = 'linux' AND failing > 0.2)"
    );
    assert_eq!(database.lines(&sql), ["2"]);

    // A merge removes for good what was delivered twice.
    drop(collector);
    wait_until("only one row a run is kept", || {
        database.ask("OPTIMIZE TABLE fleet.kept FINAL");
        database.lines("SELECT count() FROM fleet.kept") == [count.to_string()]
    });
}

/// The program that measures them reads what `fleet ask` writes.
#[test]
fn every_question_is_measured() {
    let Some(python) = python("the measurement", &["chdb.session"]) else { return };
    let dir = tempfile::tempdir().unwrap();
    let [data, rows] = ["fleet.db", "runs.json"].map(|name| dir.path().join(name));
    let plan = Plan::new("toolkit", 2_000, 20, time::today());
    let count = tokio::runtime::Runtime::new().unwrap().block_on(simulate::write(&plan, &data)).unwrap();
    let db = store::open_read_only(&data).unwrap();
    std::fs::write(&rows, ask(&db, "SELECT * FROM runs", Format::Json).unwrap()).unwrap();
    let output = Command::new(python).arg(file("clickhouse/measure.py")).arg(rows).output().unwrap();
    let table = String::from_utf8_lossy(&output.stdout);
    let thousands = format!("| runs | {},{:03} |", count / 1_000, count % 1_000);
    assert!(output.status.success() && table.contains(&thousands), "{output:?}");
    for (view, _) in QUESTIONS {
        assert!(table.contains(&format!("| `{view}` |")), "{view}: {table}");
    }
}

/// Rows in one order, with numbers as far as they are exact.
fn comparable(rows: &[Value]) -> Vec<String> {
    let cell = |(name, value): (&String, &Value)| match value.as_f64() {
        Some(number) => format!("{name}={number:.9}"),
        None => format!("{name}={value}"),
    };
    let mut lines: Vec<_> =
        rows.iter().map(|row| row.as_object().unwrap().iter().map(cell).collect::<Vec<_>>().join(" ")).collect();
    lines.sort();
    lines
}
