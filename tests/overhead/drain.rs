//! How fast a worker empties the queue, and the memory it takes.

use std::fs;
use std::time::Instant;

use crate::document::Table;
use crate::programs::Programs;
use crate::receiver::{Manner, Receiver};
use crate::usage;
use crate::world::{ON, World};

/// The most bytes in one file of the queue.
const FULL: usize = 512 * 1024;

/// The format, the app, and a command line that does almost nothing.
const FORMATS: [(&str, &str, &[&str]); 2] =
    [("nemo", "toolkit", &["run", "flow.yaml"]), ("otlp", "courier", &["work"])];

pub(crate) fn drain(otlp: &Programs) -> Table {
    let header = ["format, queue", "events", "seconds", "events/s", "requests", "largest MiB of memory"];
    let mut table = Table::new(header);
    for (format, app, args) in FORMATS {
        for (queue, newer, older) in [("one event", 0, 0), ("64 KiB", FULL / 8, 0), ("full, 1 MiB", FULL, FULL)] {
            let receiver = Receiver::new(Manner::Healthy);
            let world = World::called(app, otlp.delivering(app), &[ON]);
            let line = world.first_line(world.command(args));
            let lines = [("queue.jsonl", (newer / line.len()).max(1)), ("queue.old.jsonl", older / line.len())];
            for (file, lines) in lines {
                fs::write(world.file(file), line.repeat(lines)).expect("the queue can be written");
            }
            let events: usize = lines.iter().map(|(_, lines)| lines).sum();
            // Started like by a run, but as a child, so that it can be waited for.
            let mut worker = world.command(&["--deliver-telemetry"]);
            worker.env("TELEMETRY_RUNTIME_WORKER", app);
            worker.env(world.program.variable("ENDPOINT"), format!("{}/v1/events", receiver.url()));
            let start = Instant::now();
            let memory = usage::of(&mut worker).largest_memory;
            let seconds = start.elapsed().as_secs_f64();
            assert!(!world.file("queue.jsonl").exists(), "the worker has left the queue behind");
            table.row([
                format!("`{format}`, {queue}"),
                events.to_string(),
                format!("{seconds:.3}"),
                format!("{:.0}", events as f64 / seconds),
                receiver.requests().to_string(),
                format!("{:.1}", memory as f64 / 1024.0),
            ]);
        }
    }
    table
}
