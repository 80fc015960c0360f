//! The cost of the libraries that authors use for telemetry today: the same small CLI with each of them, run in turns.
//!
//! ```sh
//! cargo run --release --manifest-path tests/peers/Cargo.toml --features measure
//! ```
//!
//! It takes some minutes, mostly because programs wait for an endpoint that does not answer. The tables go to
//! `docs/performance.md`.

#[path = "../../overhead/document.rs"]
mod document;
mod peer;
#[path = "../../overhead/plot.rs"]
mod plot;
#[path = "../../overhead/receiver.rs"]
mod receiver;
#[allow(dead_code)]
#[path = "../../support/sink.rs"]
mod sink;
#[path = "../../overhead/stats.rs"]
mod stats;

use std::fs;
use std::io;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use wait_timeout::ChildExt;

use crate::document::Table;
use crate::peer::{PLAIN, Peer, SOURCES, Source};
use crate::plot::Bar;
use crate::receiver::{Manner, Receiver};
use crate::stats::Summary;

/// Where the tables go.
const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs");

/// The most runs of one program with one endpoint.
const RUNS: usize = 100;

/// A program that has taken this long with one endpoint is not run with it again.
const LONGEST_SERIES: Duration = Duration::from_secs(20);

/// A run that has not ended by then is killed.
const LONGEST_RUN: Duration = Duration::from_secs(65);

fn main() -> io::Result<()> {
    let plain = PLAIN.build();
    let peers = SOURCES.each_ref().map(Source::build);

    let sizes = sizes(&plain, &peers);
    println!("{sizes}");
    document::replace("peers: sizes", &sizes)?;

    let mut times = Table::new(["", "endpoint", "runs", "added ms, median", "p95", "requests that came"]);
    let mut bars = Vec::new();
    for (kind, manner) in Manner::ALL.into_iter().enumerate() {
        for series in measure(&plain, &peers, manner)? {
            times.row(series.row());
            bars.push(Bar { name: series.name(), value: series.summary().median, kind });
        }
    }
    println!("{times}");
    let title = "What a run takes longer than with clap alone, median";
    fs::write(document::path("peers.svg"), plot::bars(title, "ms", &Manner::ALL.map(Manner::name), 0.01, &bars))?;
    document::replace("peers: times", &times)
}

fn sizes(plain: &Peer, peers: &[Peer]) -> Table {
    let mut table = Table::new(["", "library", "crates beyond clap", "KiB beyond clap"]);
    for peer in peers {
        let crates = peer.crates.difference(&plain.crates).count();
        let kib = peer.kib() - plain.kib();
        table.row([peer.name.to_owned(), peer.library.clone(), crates.to_string(), format!("{kib:+.0}")]);
    }
    table
}

/// Runs all programs in turns with an endpoint of this manner, each right after a run without telemetry, so that a machine
/// that slows down does so for all.
fn measure<'a>(plain: &Peer, peers: &'a [Peer], manner: Manner) -> io::Result<Vec<Series<'a>>> {
    let mut series = Vec::new();
    for peer in peers {
        series.push(Series::new(peer, manner, false)?);
        if peer.name == "telemetry-runtime" {
            series.push(Series::new(peer, manner, true)?);
        }
    }
    let nowhere = tempfile::tempdir()?;
    for _ in 0..RUNS {
        for series in series.iter_mut().filter(|series| series.spent < LONGEST_SERIES) {
            let (base, _) = time(plain.run(nowhere.path(), ""))?;
            series.run_after(base)?;
        }
    }
    // An event still in flight now is lost with its process, or waits for a later run.
    thread::sleep(Duration::from_secs(1));
    Ok(series)
}

/// The runs of one program with one endpoint.
#[derive(Debug)]
struct Series<'a> {
    peer: &'a Peer,
    manner: Manner,
    /// Makes each run find that a delivery is due.
    delivers: bool,
    receiver: Receiver,
    home: TempDir,
    spent: Duration,
    killed: usize,
    added_ms: Vec<f64>,
}

impl<'a> Series<'a> {
    fn new(peer: &'a Peer, manner: Manner, delivers: bool) -> io::Result<Self> {
        let (receiver, home) = (Receiver::new(manner), tempfile::tempdir()?);
        let mut series =
            Series { peer, manner, delivers, receiver, home, spent: Duration::ZERO, killed: 0, added_ms: Vec::new() };
        if peer.name == "telemetry-runtime" {
            // The first recorded run creates a folder and starts a delivery; all others are measured.
            series.run_after(Duration::ZERO)?;
            series.added_ms.clear();
        }
        Ok(series)
    }

    fn run_after(&mut self, base: Duration) -> io::Result<()> {
        if self.delivers {
            let _ = fs::remove_file(self.home.path().join(".local/state/peer/telemetry/delivery.stamp"));
        }
        let (time, ended) = time(self.peer.run(self.home.path(), self.receiver.url()))?;
        self.spent += time;
        self.killed += usize::from(!ended);
        self.added_ms.push((time.as_secs_f64() - base.as_secs_f64()) * 1e3);
        Ok(())
    }

    fn name(&self) -> String {
        let what = if self.delivers { ", starts a delivery" } else { "" };
        format!("{}{what}", self.peer.name)
    }

    fn summary(&self) -> Summary {
        Summary::of(self.added_ms.iter().copied())
    }

    fn row(&self) -> [String; 6] {
        let Summary { median, p95 } = self.summary();
        let killed = if self.killed > 0 { format!(", {} killed", self.killed) } else { String::new() };
        [
            self.name(),
            self.manner.name().to_owned(),
            format!("{}{killed}", self.added_ms.len()),
            format!("{median:.2}"),
            format!("{p95:.2}"),
            self.receiver.requests().to_string(),
        ]
    }
}

/// Wall-clock time of a process, and whether it ended by itself.
fn time(mut command: Command) -> io::Result<(Duration, bool)> {
    let start = Instant::now();
    let mut child = command.spawn()?;
    let ended = child.wait_timeout(LONGEST_RUN)?.is_some();
    let time = start.elapsed();
    if !ended {
        child.kill()?;
        child.wait()?;
    }
    Ok((time, ended))
}
