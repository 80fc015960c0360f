//! `fleet ask`, `fleet publish` and `fleet report`, as programs, on a simulated fleet.

// A helper that unwraps fails its test.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

struct Home(TempDir);

impl Home {
    /// With the runs of a fleet.
    fn new() -> Self {
        let home = Home(tempfile::tempdir().unwrap());
        home.said(&["simulate", "--data", home.data().to_str().unwrap(), "--runs", "3000", "--days", "30"]);
        home
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("fleet.db")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fleet"));
        command.current_dir(self.0.path()).args(args).env_clear().env("HOME", self.0.path());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.command(args).output().unwrap()
    }

    #[track_caller]
    fn said(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn refused(&self, args: &[&str]) -> String {
        let output = self.run(args);
        assert!(!output.status.success());
        String::from_utf8(output.stderr).unwrap()
    }
}

#[test]
fn questions_are_answered_in_every_form() {
    let home = Home::new();
    let sql = "SELECT command, count(*) AS runs, 'a,b' AS text FROM runs WHERE command LIKE 'info%' GROUP BY 1 ORDER BY 2 DESC";
    let table = home.said(&["ask", sql]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!((lines[0], lines.len()), ("command               runs  text", 3));
    assert!(lines[1].starts_with("info list-components   ") && lines[1].ends_with("  a,b"));
    let csv = home.said(&["ask", sql, "--format", "csv"]);
    assert!(csv.starts_with("command,runs,text\r\ninfo list-components,") && csv.contains(",\"a,b\"\r\n"));
    let json = home.said(&["ask", sql, "--format", "json"]);
    let rows: Vec<Value> = json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (rows.len(), &rows[0]["command"], rows[0]["runs"].is_u64()),
        (2, &Value::from("info list-components"), true)
    );
}

/// Every column of the view that the README documents, and no other.
#[test]
fn the_view_is_the_documented_one() {
    let home = Home::new();
    let row = home.said(&["ask", "SELECT * FROM runs LIMIT 1", "--format", "json"]);
    let row: Value = serde_json::from_str(&row).unwrap();
    let mut columns: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
    columns.sort_unstable();
    let readme = include_str!("../README.md");
    let documented = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |"));
    let mut documented: Vec<&str> = documented.map(|(column, _)| column).collect();
    documented.sort_unstable();
    assert_eq!(columns, documented);
}

#[test]
fn questions_change_nothing() {
    let home = Home::new();
    let other = home.0.path().join("other.db");
    let before = fs::read(home.data()).unwrap();
    for sql in [
        "DELETE FROM kept",
        "DROP VIEW runs",
        "CREATE TABLE t (x)",
        "SELECT 1; DELETE FROM kept",
        &format!("ATTACH '{}' AS other", other.display()),
        &format!("VACUUM INTO '{}'", other.display()),
        "",
        "PRAGMA journal_mode = DELETE",
    ] {
        let _ = home.run(&["ask", sql]);
        assert!(!other.exists(), "{sql}");
        assert_eq!(fs::read(home.data()).unwrap(), before, "{sql}");
    }
    assert!(home.refused(&["ask", "DELETE FROM kept"]).contains("expected one SELECT"));
    assert!(home.refused(&["ask", "SELECT 1; SELECT 2"]).contains("expected one SELECT"));
}

#[test]
fn a_question_that_is_wrong_is_shown_where() {
    let home = Home::new();
    let error = home.refused(&["ask", "SELECT\nday, nonsense FROM runs"]);
    let shown = "no such column: nonsense\n  day, nonsense FROM runs\n       ^\n";
    assert!(error.contains(shown) && error.contains("has the columns session_id, app, version, "), "{error}");
    // SQLite does not know where.
    let error = home.refused(&["ask", "SELECT * FROM run"]);
    assert!(error.contains("no such table: run\nThe view `runs` has the columns "), "{error}");
}

/// As `head` does, which has seen enough.
#[test]
fn nobody_has_to_read_everything() {
    let home = Home::new();
    for args in [&["ask", "SELECT * FROM runs"][..], &["report"]] {
        let mut command = home.command(args);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""), "{args:?}");
    }
}

#[test]
fn what_is_published_has_no_small_number() {
    let home = Home::new();
    home.said(&["publish", "--threshold", "50", "--out", "public"]);
    let public = home.0.path().join("public");
    let json: Value = serde_json::from_str(&fs::read_to_string(public.join("runs.json")).unwrap()).unwrap();
    let tables = json["tables"].as_array().unwrap();
    assert!(tables.len() >= 5);
    for table in tables {
        for row in table["rows"].as_array().unwrap() {
            assert!(row["runs"].as_u64().unwrap() >= 50, "{table}");
        }
    }
    let rare = home.said(&["ask", "SELECT command FROM runs GROUP BY 1 HAVING count(*) < 50", "--format", "csv"]);
    let rare: Vec<&str> = rare.lines().skip(1).collect();
    assert!(!rare.is_empty());
    let page = fs::read_to_string(public.join("index.html")).unwrap();
    let csv = fs::read_to_string(public.join("commands.csv")).unwrap();
    for command in rare {
        assert!(!page.contains(command) && !csv.contains(command) && !json.to_string().contains(command), "{command}");
    }
    assert!(page.contains("No row is about fewer than 50 runs") && csv.contains("(other),"));
    assert!(page.contains("run --release"));
    // Whole weeks, all of which are over.
    let sql =
        "SELECT count(*) FROM runs WHERE week >= date('now', '-59 days') AND date(week, '+7 days') <= date('now')";
    let expected = home.said(&["ask", sql, "--format", "csv"]);
    let weeks = tables.iter().find(|table| table["column"] == "week").unwrap()["rows"].as_array().unwrap();
    let published: u64 = weeks.iter().map(|week| week["runs"].as_u64().unwrap()).sum();
    assert_eq!(expected.lines().nth(1), Some(published.to_string().as_str()));
    assert!(home.refused(&["publish", "--days", "6"]).contains("no runs in a calendar week"));
}

#[test]
fn a_report_is_about_one_program() {
    let home = Home::new();
    let page = home.said(&["report"]);
    assert!(page.contains("<title>toolkit: runs</title>") && page.ends_with("</html>"));
    assert_eq!(page, home.said(&["report", "--app", "toolkit", "--days", "90"]));
    assert!(home.refused(&["report", "--app", "unknown"]).contains("no runs of `unknown` in the last 60 days"));
    assert!(home.refused(&["publish", "--app", "unknown"]).contains("no runs of `unknown` in a calendar week"));
    assert!(home.refused(&["report", "--data", "missing.db"]).contains("there is no file missing.db"));
    fs::write(home.0.path().join("text.db"), "This is no database.".repeat(100)).unwrap();
    assert!(home.refused(&["report", "--data", "text.db"]).contains("text.db is not a file of fleet"));
    assert!(
        home.refused(&["serve", "--data", "text.db", "--listen", "127.0.0.1:0"])
            .contains("text.db is not a file of fleet")
    );
}

#[test]
fn what_is_refused_leaves_no_file() {
    let home = Home::new();
    fs::write(home.0.path().join("empty"), "\n").unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    for (args, why) in [
        (&["serve", "--listen", &taken][..], "cannot listen on "),
        (&["serve", "--token-file", "empty"], "there is no token in empty"),
        (&["serve", "--max-size", "0"], "0 is not in 1..="),
        (&["serve", "--max-size", "18446744073709551615"], " is not in 1..="),
        (&["serve", "--max-body", "0"], "0 is not in 1..="),
        (&["simulate", "--days", "0"], "0 is not in 1..="),
        (&["simulate", "--change", "since=9.9.9,command=run,takes=2"], "there are 0.1.0, 0.2.0, 0.3.0"),
    ] {
        let data = home.0.path().join("new.db");
        let error = home.refused(&[args, &["--data", "new.db"]].concat());
        assert!(error.contains(why), "{error}");
        assert!(!data.exists(), "{args:?}");
    }
    let error = home.refused(&["simulate", "--to", &taken, "--days", "31"]);
    assert!(error.contains("a server leaves out runs of more than 30 days ago"), "{error}");
}

/// The runs of the older days would be kept twice: nobody knows them any more.
#[test]
fn a_file_is_simulated_once() {
    let home = Home::new();
    let count = || home.said(&["ask", "SELECT count(*) FROM runs"]);
    let before = count();
    let again = ["simulate", "--data", "fleet.db", "--runs", "3000", "--days", "60"];
    assert!(home.refused(&again).contains("fleet.db has runs already; name another file"));
    assert_eq!(count(), before);
}

/// Of a file in several parts, which are read at the same time, and of which old ones are not read at all.
#[test]
fn a_report_counts_what_the_view_has() {
    let home = Home::new();
    home.said(&["simulate", "--data", "large.db", "--runs", "50000", "--days", "60"]);
    let mut counts = Vec::new();
    for days in [60, 30, 3] {
        let page = home.said(&["report", "--data", "large.db", "--days", &days.to_string()]);
        let sql = format!("SELECT count(*) FROM runs WHERE day > date('now', '-{days} days')");
        let count = home.said(&["ask", "--data", "large.db", &sql, "--format", "csv"]);
        let count: u64 = count.lines().nth(1).unwrap().parse().unwrap();
        let (thousands, rest) = (count / 1_000, count % 1_000);
        assert!(page.contains(&format!("<dd>{thousands},{rest:03}</dd><dt>runs</dt>")), "{count} in {days} days");
        counts.push(count);
    }
    assert!(counts.is_sorted_by(|more, fewer| more > fewer), "{counts:?}");
}
