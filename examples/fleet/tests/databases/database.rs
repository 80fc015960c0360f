//! ClickHouse, with the schema of `clickhouse`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use support::wait_until;

const BETWEEN_QUESTIONS: Duration = Duration::from_millis(50);

#[derive(Debug)]
pub(crate) struct Database {
    process: Child,
    port: u16,
}

impl Database {
    pub(crate) fn start(python: &Path) -> Self {
        let mut command = Command::new(python);
        command.arg(file("tests/databases/clickhouse.py"));
        command.args([file("clickhouse/schema.sql"), file("clickhouse/questions.sql")]);
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut port).unwrap();
        let database = Database { process, port: port.trim().parse().expect("it has made the schema") };
        // What has arrived, whether it is a run or not, and whether it came before.
        database.ask("CREATE TABLE fleet.arrived (id String) ENGINE = Memory");
        database.ask(
            "CREATE MATERIALIZED VIEW fleet.arrivals TO fleet.arrived AS SELECT TraceId AS id FROM fleet.otel_traces",
        );
        database
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The rows of an answer.
    #[track_caller]
    pub(crate) fn ask(&self, sql: &str) -> Vec<Value> {
        let (status, answer) = self.post(sql);
        assert_eq!(status, "200", "{sql}: {answer}");
        answer.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The values of an answer, separated by `|`.
    #[track_caller]
    pub(crate) fn lines(&self, sql: &str) -> Vec<String> {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let line = |row: &Value| row.as_array().unwrap().iter().map(text).collect::<Vec<_>>().join("|");
        self.ask(&format!("{sql} FORMAT JSONCompactEachRow")).iter().map(line).collect()
    }

    /// Waits until this many spans have arrived. There may be more: a collector that has waited too long sends them again.
    #[track_caller]
    pub(crate) fn wait_for(&self, spans: usize) {
        let arrived = || self.lines("SELECT count() FROM fleet.arrived")[0].parse::<usize>().unwrap();
        wait_until("everything arrives", || {
            // Asking takes processor time from what is waited for.
            thread::sleep(BETWEEN_QUESTIONS);
            arrived() >= spans
        });
    }

    fn post(&self, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(stream, "POST / HTTP/1.0\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().to_owned(), body.to_owned())
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        // It ends with its input.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// A file of this package.
pub(crate) fn file(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
