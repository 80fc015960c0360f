//! What a recorded run pays for, part by part.
//!
//! ```sh
//! cargo bench -p telemetry-runtime
//! ```
//!
//! A run does each of these things once, with cold caches, so nothing is measured in a loop: every measurement is a process
//! of its own that measures one part. Instructions are user-space instructions, counted by valgrind.
//!
//! Two parts are there for comparison: only the system calls that append a line, and a straightforward version with std and
//! serde_json. A second table divides the instructions of a whole run among the functions it calls.

// Only maintainers run this, so it may need a newer Rust than the crate.
#![allow(clippy::incompatible_msrv)]
// It prints, and fails if it cannot measure.
#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::panic,
    clippy::unwrap_used,
    clippy::exit
)]

use std::env;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::hint::black_box;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use clap::{Parser, Subcommand};
use serde_json::{Value, json};
use telemetry_runtime::manage::TelemetryCommand;
use telemetry_runtime::{CliCommandEvent, TaskStatus, emit_command_event, record_invocation_start, telemetry_cli};

/// Set in a process that measures one part: the part's number.
const PART: &str = "HOT_PATH_PART";

const ROUNDS: usize = 300;

#[telemetry_cli(app = "hot-path")]
#[derive(Parser)]
#[command(name = "hot-path")]
enum Cli {
    #[command(subcommand)]
    Remote(Remote),
    #[command(subcommand)]
    Telemetry(TelemetryCommand),
}

#[telemetry_cli]
#[derive(Subcommand)]
enum Remote {
    Add { name: String },
}

/// One line of the table.
struct Part {
    title: &'static str,
    /// `HOT_PATH_TELEMETRY_ENABLED`.
    enabled: Option<&'static str>,
    /// The management command that the user ran before.
    decision: Option<&'static str>,
    run: fn(&Cli),
}

const PARTS: [Part; 11] = [
    Part { title: "decide: a variable says no", enabled: Some("0"), decision: None, run: begin },
    Part { title: "decide: the user said no", enabled: None, decision: Some("disable"), run: begin },
    Part { title: "decide: a variable says yes; begin, record", enabled: Some("1"), decision: None, run: begin },
    Part { title: "decide: the user said yes; begin, record", enabled: None, decision: Some("enable"), run: begin },
    Part { title: "  record alone", enabled: Some("1"), decision: None, run: record },
    Part { title: "  serialize a whole line", enabled: Some("1"), decision: None, run: serialize },
    Part { title: "end: serialize, append", enabled: Some("1"), decision: None, run: end },
    Part { title: "everything, enabled by variable", enabled: Some("1"), decision: None, run: all },
    Part { title: "everything, enabled by the user", enabled: None, decision: Some("enable"), run: all },
    Part { title: "bare `open`, `write`, `close`", enabled: Some("1"), decision: None, run: bare },
    Part { title: "a straightforward version", enabled: None, decision: Some("enable"), run: straightforward },
];

/// The part that is divided among the functions it calls.
const DIVIDED: usize = 8;

/// Functions, and what their instructions are for.
const FUNCTIONS: [(&str, &str); 6] = [
    ("consent::decide", "who decides: 14 variables, the administrator's file, the user's file"),
    ("run::state::Run::begin", "random number, clocks, path, and a line that any ending can complete"),
    ("run::guard::install_hook", "silences panics inside telemetry"),
    ("run::state::Run::record_parsed", "the same line, with the command"),
    ("run::sink::Encoder::extend_with_end", "the end of the line"),
    ("queue::append::Queue::append", "open, lock, check, write, close"),
];

fn main() {
    match env::var(PART) {
        Ok(number) => child(PARTS.get(number.parse::<usize>().expect("a number")).expect("a part")),
        Err(_) => parent(),
    }
}

// The parts, in the process that runs one.

fn child(part: &Part) {
    let cli = <Cli as Parser>::parse();
    if let Cli::Telemetry(command) = cli {
        command.run::<Cli>().expect("the decision is kept");
    } else {
        (part.run)(&cli);
    }
}

/// Prints how many nanoseconds a part takes.
fn measured<R>(part: impl FnOnce() -> R) -> R {
    let (result, nanos) = timed(part);
    println!("{nanos}");
    result
}

/// Valgrind knows this by its name.
#[inline(never)]
fn timed<R>(part: impl FnOnce() -> R) -> (R, u128) {
    let start = Instant::now();
    let result = part();
    (result, start.elapsed().as_nanos())
}

fn begin(cli: &Cli) {
    measured(|| record_invocation_start(cli));
}

/// A second call changes nothing, but does the same work as a first one in a run that has begun.
fn record(cli: &Cli) {
    record_invocation_start(cli);
    measured(|| record_invocation_start(cli));
}

fn serialize(cli: &Cli) {
    record_invocation_start(cli);
    let event = CliCommandEvent::current().expect("the run is recorded");
    measured(|| black_box(event.to_json()));
}

fn end(cli: &Cli) {
    record_invocation_start(cli);
    measured(|| emit_command_event(TaskStatus::Success, 0, None));
}

fn all(cli: &Cli) {
    measured(|| {
        record_invocation_start(cli);
        emit_command_event(TaskStatus::Success, 0, None);
    });
}

/// Appends the bytes of an event to an existing file, and nothing else.
fn bare(cli: &Cli) {
    record_invocation_start(cli);
    let event = CliCommandEvent::current().expect("the run is recorded").to_json();
    let path = env::temp_dir().join("bare.jsonl");
    measured(|| OpenOptions::new().append(true).create(true).open(&path)?.write_all(event.as_bytes()))
        .expect("the folder can be written");
}

/// Reads a consent file and appends a line under a lock. Without: privacy by type, endings other than this one, recovery from
/// a full queue or a torn line.
fn straightforward(cli: &Cli) {
    let home = env::var("HOME").expect("it is set");
    let file = env::temp_dir().join("straightforward.jsonl");
    let command = match cli {
        Cli::Remote(Remote::Add { .. }) => ["remote", "add"],
        Cli::Telemetry(_) => ["telemetry", ""],
    };
    measured(|| {
        let start = Instant::now();
        let consent = fs::read(Path::new(&home).join(".config/hot-path/telemetry/consent.json"))?;
        let consent: Value = serde_json::from_slice(&consent)?;
        if consent["decision"] != "yes" {
            return Ok(());
        }
        let mut id = [0; 16];
        File::open("/dev/urandom").and_then(|mut random| std::io::Read::read_exact(&mut random, &mut id))?;
        let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        let line = json!({
            "v": 2, "session_id": uuid::Builder::from_random_bytes(id).into_uuid().simple().to_string(),
            "start_time_unix_ms": u64::try_from(now.as_millis()).unwrap_or(0), "app": "hot-path",
            "version": env!("CARGO_PKG_VERSION"), "os": env::consts::OS, "arch": env::consts::ARCH, "ci": false,
            "command": command, "ending": "return", "status": "success", "exit_code": 0, "error_class": Value::Null,
            "duration_us": u64::try_from(start.elapsed().as_micros()).unwrap_or(0),
        });
        let mut queue = OpenOptions::new().append(true).create(true).open(&file)?;
        queue.lock_shared()?;
        queue.write_all(format!("{line}\n").as_bytes())
    })
    .expect("the folder can be written");
}

// The tables, printed by the process that cargo starts.

fn parent() {
    let mut divided = [None; FUNCTIONS.len()];
    println!("| part | instructions | µs, median | µs, p95 |\n|---|--:|--:|--:|");
    for (number, part) in PARTS.iter().enumerate() {
        let home = env::temp_dir().join(format!("hot-path-{}", std::process::id()));
        fs::create_dir_all(&home).expect("a folder for temporary files can be written");
        if let Some(decision) = part.decision {
            run(number, part, &home, None, ["telemetry", decision]);
        }
        // The first run creates folders and files.
        run(number, part, &home, None, RUN);
        let mut nanos: Vec<u64> = (0..ROUNDS).map(|_| nanos(&run(number, part, &home, None, RUN))).collect();
        nanos.sort_unstable();
        let micros = |share: f64| nanos[((ROUNDS - 1) as f64 * share) as usize] as f64 / 1e3;
        let instructions = instructions(number, part, &home).map_or("valgrind is not installed".into(), grouped);
        println!("| {} | {instructions} | {:.1} | {:.1} |", part.title.trim_start(), micros(0.5), micros(0.95));
        if number == DIVIDED {
            divided = FUNCTIONS.map(|(function, _)| instructions_of(function, number, part, &home));
        }
        fs::remove_dir_all(&home).expect("the folder is this program's");
    }
    println!("\n| of \"{}\" | instructions | what for |\n|---|--:|---|", PARTS[DIVIDED].title);
    for ((function, what), count) in FUNCTIONS.iter().zip(divided) {
        println!("| `{function}` | {} | {what} |", count.map_or("–".into(), grouped));
    }
}

const RUN: [&str; 3] = ["remote", "add", "origin"];

/// Runs one part and returns its output: stdout, or stderr if it runs under `tool`.
fn run<A: AsRef<OsStr>>(
    number: usize,
    part: &Part,
    home: &Path,
    tool: Option<&[&str]>,
    args: impl IntoIterator<Item = A>,
) -> String {
    let this = env::current_exe().expect("this program has a path");
    let mut command = match tool {
        Some([tool, options @ ..]) => {
            let mut command = Command::new(tool);
            command.args(options).arg(this);
            command
        }
        _ => Command::new(this),
    };
    command.args(args).stdin(Stdio::null()).env_clear().env("PATH", env::var_os("PATH").unwrap_or_default());
    command.env(PART, number.to_string()).env("HOME", home).env("TMPDIR", home);
    if let Some(enabled) = part.enabled {
        command.env("HOT_PATH_TELEMETRY_ENABLED", enabled);
    }
    let output = command.output().expect("the program runs");
    let printed = if tool.is_some() { &output.stderr } else { &output.stdout };
    assert!(output.status.success(), "{}: {}", part.title, String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(printed).into_owned()
}

fn nanos(printed: &str) -> u64 {
    printed.trim().parse().unwrap_or_else(|_| panic!("not a number of nanoseconds: {printed}"))
}

/// The instructions of a part; `None` without valgrind.
fn instructions(number: usize, part: &Part, home: &Path) -> Option<u64> {
    collect("hot_path::timed", number, part, home)
}

/// The instructions of one of our functions and its callees; `None` without valgrind, or if the function was inlined.
fn instructions_of(function: &str, number: usize, part: &Part, home: &Path) -> Option<u64> {
    collect(&format!("telemetry_runtime::{function}"), number, part, home).filter(|count| *count > 0)
}

fn collect(function: &str, number: usize, part: &Part, home: &Path) -> Option<u64> {
    Command::new("valgrind").arg("--version").output().ok()?;
    let toggle = format!("--toggle-collect={function}*");
    let tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", &toggle];
    let mut counts: Vec<u64> = (0..5).map(|_| collected(&run(number, part, home, Some(&tool), RUN))).collect();
    counts.sort_unstable();
    Some(counts[2])
}

fn collected(printed: &str) -> u64 {
    let (_, count) = printed.split_once("Collected :").unwrap_or_else(|| panic!("nothing was collected: {printed}"));
    count.trim().lines().next().and_then(|count| count.trim().parse().ok()).expect("a number of instructions")
}

/// With a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| str::from_utf8(group).ok()).collect();
    groups.join(",")
}
