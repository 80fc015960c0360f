//! The time that telemetry adds to a run.

use std::fs;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use crate::callgrind;
use crate::document::Table;
use crate::programs::Programs;
use crate::receiver::{Manner, Receiver};
use crate::stats::Summary;
use crate::world::{DELIVERY_DISTURBS, OFF, ON, World, micros};

const ROUNDS: usize = 300;

/// Half the size of a full queue: the most bytes in its newer file.
const HALF: usize = 512 * 1024;

/// Runs each right after the plain twin, in turns, so that a machine that slows down does so for all.
fn compare(plain: &World, subjects: &[(String, World)], prepare: impl Fn(&World), pause: Duration) -> Vec<Summary> {
    let mut added = vec![Vec::new(); subjects.len()];
    for _ in 0..ROUNDS {
        for (added, (_, world)) in added.iter_mut().zip(subjects) {
            prepare(world);
            let base = micros(plain.run());
            added.push(micros(world.run()) - base);
            thread::sleep(pause);
        }
    }
    added.into_iter().map(Summary::of).collect()
}

/// By the state of telemetry.
pub(crate) fn processes(bare: &Programs, http: &Programs, fixed: &Programs) -> Table {
    let mut table = Table::new(["a run", "added µs, median", "p95", "instructions", "of the plain twin's"]);
    let mut add = |plain: &World, subjects: Vec<(String, World)>, starts: bool| {
        let base = callgrind::instructions_of(&|| plain.run());
        subjects.iter().for_each(|(_, world)| drop(world.first_line(world.run())));
        let prepare = |world: &World| {
            if starts {
                let _ = fs::remove_file(world.file("delivery.stamp"));
            }
        };
        let pause = if starts { DELIVERY_DISTURBS } else { Duration::ZERO };
        for (added, (name, world)) in compare(plain, &subjects, prepare, pause).iter().zip(&subjects) {
            let count = if starts { None } else { callgrind::instructions_of(&|| world.run()) };
            let ratio = count.zip(base).map(|(count, base)| format!("{:.3}", count as f64 / base as f64));
            table.row([
                name.clone(),
                format!("{:+.0}", added.median),
                format!("{:+.0}", added.p95),
                count.map_or("–".into(), |count| count.to_string()),
                ratio.unwrap_or("–".into()),
            ]);
        }
    };

    let attributed = || bare.path("attributed");
    let subjects = vec![
        ("the plain twin itself".to_owned(), World::new(bare.path("plain"), &[])),
        ("off by variable".to_owned(), World::new(attributed(), &[OFF])),
        ("off: the user said no".to_owned(), World::decided(bare, "disable")),
        ("off: undecided".to_owned(), World::new(attributed(), &[])),
        ("on by variable".to_owned(), World::new(attributed(), &[ON])),
        ("on: the user said yes".to_owned(), World::decided(bare, "enable")),
    ];
    add(&World::new(bare.path("plain"), &[]), subjects, false);

    let plain = World::new(http.path("plain"), &[]);
    for starts in [false, true] {
        let what = if starts { "on, starts a delivery" } else { "on, `http`" };
        let (names, worlds): (Vec<String>, Vec<World>) = Manner::ALL
            .map(|manner| {
                let url = format!("{}/v1/events", Receiver::new(manner).url());
                let variables = [ON, ("ENDPOINT", url.as_str())];
                (format!("{what}; endpoint {}", manner.name()), World::new(http.path("attributed"), &variables))
            })
            .into_iter()
            .unzip();
        add(&plain, names.into_iter().zip(worlds).collect(), starts);
    }

    let on = World::new(fixed.path("attributed"), &[ON]);
    let name = "on, `http`; both linked at a fixed address".to_owned();
    add(&World::new(fixed.path("plain"), &[]), vec![(name, on)], false);
    table
}

/// What is already queued: in the newer file, and in the older one.
const QUEUED: [(&str, usize, usize); 5] = [
    ("empty", 0, 0),
    ("64 KiB", HALF / 8, 0),
    ("256 KiB", HALF / 2, 0),
    ("1 MiB, room for the line", HALF - 2048, HALF),
    ("1 MiB, full: the older half is dropped", HALF, HALF),
];

/// By queue size.
pub(crate) fn queue(bare: &Programs) -> Table {
    let worlds: Vec<(String, World)> =
        QUEUED.iter().map(|(name, ..)| ((*name).to_owned(), World::new(bare.path("attributed"), &[ON]))).collect();
    let lines: Vec<_> = worlds.iter().map(|(_, world)| world.first_line(world.run())).collect();
    let line = lines.last().expect("there are some");
    let fill = |world: &World| {
        let position = worlds.iter().position(|(_, other)| std::ptr::eq(other, world)).expect("it is one of them");
        let (_, newer, older) = QUEUED[position];
        for (file, size) in [("queue.jsonl", newer), ("queue.old.jsonl", older)] {
            fs::write(world.file(file), line.repeat(size / line.len())).expect("the queue can be written");
        }
    };
    let mut table = Table::new(["the queue holds", "added µs, median", "p95"]);
    let plain = World::new(bare.path("plain"), &[]);
    for (added, (name, _)) in compare(&plain, &worlds, fill, Duration::ZERO).iter().zip(&worlds) {
        table.row([name.clone(), format!("{:+.0}", added.median), format!("{:+.0}", added.p95)]);
    }
    table
}

/// By number of concurrent processes.
pub(crate) fn parallel(bare: &Programs) -> Table {
    let mut table = Table::new(["processes at once", "plain ms, median", "added ms, median", "runs", "events"]);
    for processes in [1, 2, 4, 8, 16, 32] {
        let plain = World::new(bare.path("plain"), &[]);
        let on = World::new(bare.path("attributed"), &[ON]);
        on.first_line(on.run());
        let rounds = 30;
        let times: Vec<(f64, f64)> =
            (0..rounds).map(|_| (together(&plain, processes), together(&on, processes))).collect();
        let base = Summary::of(times.iter().map(|(plain, _)| *plain));
        let added = Summary::of(times.iter().map(|(plain, on)| on - plain));
        let events: usize = ["queue.jsonl", "queue.spill.jsonl"]
            .iter()
            .map(|file| fs::read_to_string(on.file(file)).unwrap_or_default())
            // A process that sees an unfinished line starts a new one, which leaves an empty line.
            .map(|text| text.lines().filter(|line| !line.is_empty()).count())
            .sum();
        table.row([
            processes.to_string(),
            format!("{:.2}", base.median),
            format!("{:+.2}", added.median),
            (rounds * processes).to_string(),
            // One event was there before.
            (events - 1).to_string(),
        ]);
    }
    table
}

/// Milliseconds from the start of the first process to the end of the last.
fn together(world: &World, processes: usize) -> f64 {
    let start = Instant::now();
    let children: Vec<Child> = (0..processes).map(|_| world.run().spawn().expect("the program runs")).collect();
    for mut child in children {
        child.wait().expect("it is a child");
    }
    start.elapsed().as_secs_f64() * 1e3
}
