//! How fast the receiver and the report are. Starts the real program, loads it, and checks what it kept.
//!
//! ```sh
//! cargo run --release -p telemetry-fleet --bin fleet_bench
//! ```
//!
//! Server and clients share the machine. Requests are prepared once and get new session ids, so that the clients take little
//! of it.

mod load;
mod program;

use std::error::Error;
use std::io::{Write, stdout};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::load::{Load, Loaded};
use crate::program::Server;

/// What a load takes.
const TAKES: Duration = Duration::from_secs(10);

/// Runs of which a report is made, roughly.
const RUNS: u64 = 1_000_000;

fn main() -> Result<(), Box<dyn Error>> {
    let fleet = std::env::current_exe()?.with_file_name("fleet");
    let dir = tempfile::Builder::new().prefix("fleet-bench-").tempdir_in(fleet.parent().unwrap_or(Path::new(".")))?;
    let mut out = stdout().lock();
    writeln!(out, "| | bar | measured |\n|---|--:|--:|")?;

    let spans = measured(&fleet, dir.path(), "spans.db", Load { connections: 256, spans: 127, gzip: false })?;
    row(&mut out, "spans a second, 127 a request", "100,000", &per_second(spans.runs, &spans))?;
    row(&mut out, "processor time for a span", "", &micros(spans.processor_time, spans.runs))?;
    row(&mut out, "longest wait for an answer (99 of 100), 256 clients at once", "", &millis(spans.slow))?;
    let gzip = measured(&fleet, dir.path(), "gzip.db", Load { connections: 256, spans: 127, gzip: true })?;
    row(&mut out, "spans a second, compressed with gzip", "", &per_second(gzip.runs, &gzip))?;
    let single = measured(&fleet, dir.path(), "single.db", Load { connections: 256, spans: 1, gzip: false })?;
    row(&mut out, "requests a second, of one span", "10,000", &per_second(single.requests, &single))?;
    row(&mut out, "processor time for a request", "", &micros(single.processor_time, single.requests))?;
    row(&mut out, "longest wait for an answer (99 of 100), 256 clients at once", "", &millis(single.slow))?;

    let data = dir.path().join("report.db");
    let simulated = program::output(&fleet, &["simulate", "--runs", &RUNS.to_string(), "--data"], &data)?;
    let simulated = String::from_utf8_lossy(&simulated);
    let count: u64 = simulated.split(' ').next().unwrap_or_default().parse()?;
    let start = Instant::now();
    let taken = program::watch(&fleet, &["report", "--data"], &data)?;
    row(
        &mut out,
        &format!("report over {}", simulated.trim()),
        "3 s",
        &format!("{:.1} s", start.elapsed().as_secs_f64()),
    )?;
    row(&mut out, "its processor time", "", &format!("{:.1} s", taken.processor_time.as_secs_f64()))?;
    row(&mut out, "its memory", "300 MB", &format!("{} MB", taken.memory / 1_000))?;
    row(&mut out, "its size", "150 KB", &format!("{} KB", taken.output.len() / 1_000))?;
    row(&mut out, "the file, by run", "", &format!("{} bytes", std::fs::metadata(&data)?.len() / count))?;
    Ok(())
}

/// Loads a server for a while. Fails unless everything acknowledged was kept.
fn measured(fleet: &Path, dir: &Path, name: &str, load: Load) -> Result<Loaded, Box<dyn Error>> {
    let data = dir.join(name);
    let server = Server::start(fleet, &data)?;
    let mut loaded = load::run(load, server.address(), TAKES)?;
    loaded.processor_time = server.processor_time();
    server.stop()?;
    let kept = program::output(fleet, &["ask", "SELECT count(*) FROM kept", "--format", "csv", "--data"], &data)?;
    let kept: u64 = String::from_utf8_lossy(&kept).lines().nth(1).unwrap_or_default().parse()?;
    // Of a last answer that was on its way, the runs are kept and not counted.
    if kept < loaded.runs {
        return Err(format!("{} runs were acknowledged, and {kept} were kept", loaded.runs).into());
    }
    Ok(loaded)
}

fn row(out: &mut impl Write, what: &str, bar: &str, measured: &str) -> std::io::Result<()> {
    writeln!(out, "| {what} | {bar} | {measured} |")
}

fn per_second(count: u64, loaded: &Loaded) -> String {
    let mut number = (count as f64 / loaded.took.as_secs_f64()) as u64;
    // Three digits are what repeats.
    let mut scale = 1;
    while number >= 1_000 {
        number /= 10;
        scale *= 10;
    }
    let (thousands, rest) = (number * scale / 1_000, number * scale % 1_000);
    if thousands > 0 { format!("{thousands},{rest:03}") } else { rest.to_string() }
}

fn millis(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

fn micros(time: Duration, count: u64) -> String {
    format!("{:.1} µs", time.as_secs_f64() * 1e6 / count as f64)
}
