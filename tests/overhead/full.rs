//! The long measurements, whose tables stand in `docs/performance.md`.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::document::{self, Table};
use crate::plot::{self, Bar};
use crate::programs::Programs;
use crate::receiver::{Manner, Receiver};
use crate::stats::Summary;
use crate::{builds, callgrind, trees, usage};

const ROUNDS: usize = 300;

/// How long a delivery may disturb what is measured next to it.
const SETTLE: Duration = Duration::from_millis(25);

/// Half the size at which the queue is full: what its newer file holds at most.
const HALF: usize = 512 * 1024;

/// Measures everything, or what is called `only`.
pub(crate) fn measure(only: Option<&str>) {
    let bare = Programs::with(None);
    let http = Programs::with(Some("http"));

    let measure = |name: &str, table: &dyn Fn() -> Table| {
        if only.is_none_or(|only| only == name) {
            let table = table();
            println!("{name}\n{table}");
            document::replace(&format!("overhead: {name}"), &table).expect("the documentation has a place for it");
        }
    };
    measure("sizes", &|| sizes(&[("none", &bare), ("http", &http), ("otlp", &Programs::with(Some("otlp")))]));
    measure("processes", &|| processes(&bare, &http));
    measure("queue", &|| queue(&bare));
    measure("parallel", &|| parallel(&bare));
    measure("drain", &|| drain(&http));
    measure("commands", &commands);
    measure("builds", &builds::clean);
    measure("crates", &builds::each_crate);
}

fn sizes(builds: &[(&str, &Programs)]) -> Table {
    let mut table = Table::new(["feature", "plain KiB", "with the attributes", "with the management commands"]);
    for (feature, programs) in builds {
        let plain = programs.kib("plain");
        let added = |name| format!("{:+.0}", programs.kib(name) - plain);
        table.row([format!("`{feature}`"), format!("{plain:.0}"), added("attributed"), added("toolkit")]);
    }
    table
}

/// A program with a home of its own, where telemetry is in some state.
#[derive(Debug)]
struct World {
    program: PathBuf,
    home: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl World {
    fn new(program: PathBuf, variables: &[(&'static str, &str)]) -> Self {
        let home = tempfile::tempdir().expect("a folder for temporary files can be written");
        let variables = variables.iter().map(|&(name, value)| (name, value.to_owned())).collect();
        World { program, home, variables }
    }

    /// Where the user has said yes or no: by the commands that `toolkit` has.
    fn decided(programs: &Programs, decision: &str) -> Self {
        let mut world = World::new(programs.path("toolkit"), &[]);
        let decided = world.command(&["telemetry", decision]).stdout(Stdio::null()).status();
        assert!(decided.expect("the program runs").success());
        world.program = programs.path("attributed");
        world
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(args).env_clear().env("HOME", self.home.path()).env("TOOLKIT_TELEMETRY_DIR", self.telemetry());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command
    }

    /// A run that does next to nothing, and well.
    fn run(&self) -> Command {
        self.command(&["run", "flow.yaml"])
    }

    fn telemetry(&self) -> PathBuf {
        self.home.path().join("telemetry")
    }

    fn file(&self, name: &str) -> PathBuf {
        self.telemetry().join(name)
    }

    /// The first run, which creates folders, and its line.
    fn settle(&self) -> String {
        micros(self.run());
        thread::sleep(SETTLE);
        fs::read_to_string(self.file("queue.jsonl")).unwrap_or_default()
    }
}

const ON: (&str, &str) = ("TOOLKIT_TELEMETRY_ENABLED", "1");
const OFF: (&str, &str) = ("TOOLKIT_TELEMETRY_ENABLED", "0");

/// Runs each after the plain twin, in turn: a machine that grows slower does so for all.
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

fn micros(mut command: Command) -> f64 {
    let start = Instant::now();
    command.status().expect("the program runs");
    start.elapsed().as_secs_f64() * 1e6
}

fn processes(bare: &Programs, http: &Programs) -> Table {
    let mut table = Table::new(["a run", "added µs, median", "p95", "instructions", "of the plain twin's"]);
    let mut add = |plain: &World, subjects: Vec<(String, World)>, starts: bool| {
        let base = callgrind::instructions_of(&|| plain.run());
        subjects.iter().for_each(|(_, world)| drop(world.settle()));
        let prepare = |world: &World| {
            if starts {
                let _ = fs::remove_file(world.file("delivery.stamp"));
            }
        };
        let pause = if starts { SETTLE } else { Duration::ZERO };
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
        ("off: the user has said no".to_owned(), World::decided(bare, "disable")),
        ("off: nobody has said anything".to_owned(), World::new(attributed(), &[])),
        ("on by variable".to_owned(), World::new(attributed(), &[ON])),
        ("on: the user has said yes".to_owned(), World::decided(bare, "enable")),
    ];
    add(&World::new(bare.path("plain"), &[]), subjects, false);

    let plain = World::new(http.path("plain"), &[]);
    for starts in [false, true] {
        let what = if starts { "on, starts a delivery" } else { "on, `http`" };
        let (names, worlds): (Vec<String>, Vec<World>) = Manner::ALL
            .map(|manner| {
                let url = format!("{}/v1/events", Receiver::new(manner).url());
                let variables = [ON, ("TOOLKIT_TELEMETRY_ENDPOINT", url.as_str())];
                (format!("{what}; endpoint {}", manner.name()), World::new(http.path("attributed"), &variables))
            })
            .into_iter()
            .unzip();
        add(&plain, names.into_iter().zip(worlds).collect(), starts);
    }
    table
}

/// What is queued already: in the newer file, and in the one before it.
const QUEUED: [(&str, usize, usize); 5] = [
    ("empty", 0, 0),
    ("64 KiB", HALF / 8, 0),
    ("256 KiB", HALF / 2, 0),
    ("1 MiB, room for the line", HALF - 2048, HALF),
    ("1 MiB, full: the older half is dropped", HALF, HALF),
];

fn queue(bare: &Programs) -> Table {
    let worlds: Vec<(String, World)> =
        QUEUED.iter().map(|(name, ..)| ((*name).to_owned(), World::new(bare.path("attributed"), &[ON]))).collect();
    let lines: Vec<_> = worlds.iter().map(|(_, world)| world.settle()).collect();
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

fn parallel(bare: &Programs) -> Table {
    let mut table = Table::new(["processes at once", "plain ms, median", "added ms, median", "runs", "events"]);
    for processes in [1, 2, 4, 8, 16, 32] {
        let plain = World::new(bare.path("plain"), &[]);
        let on = World::new(bare.path("attributed"), &[ON]);
        on.settle();
        let rounds = 30;
        let times: Vec<(f64, f64)> =
            (0..rounds).map(|_| (together(&plain, processes), together(&on, processes))).collect();
        let base = Summary::of(times.iter().map(|(plain, _)| *plain));
        let added = Summary::of(times.iter().map(|(plain, on)| on - plain));
        let events: usize = ["queue.jsonl", "queue.spill.jsonl"]
            .iter()
            .map(|file| fs::read_to_string(on.file(file)).unwrap_or_default())
            // Whoever sees a line while it is being written puts a line feed of its own behind it.
            .map(|text| text.lines().filter(|line| !line.is_empty()).count())
            .sum();
        table.row([
            processes.to_string(),
            format!("{:.2}", base.median),
            format!("{:+.2}", added.median),
            (rounds * processes).to_string(),
            // One was there before.
            (events - 1).to_string(),
        ]);
    }
    table
}

/// Milliseconds from the start of the first to the end of the last.
fn together(world: &World, processes: usize) -> f64 {
    let start = Instant::now();
    let children: Vec<Child> = (0..processes).map(|_| world.run().spawn().expect("the program runs")).collect();
    for mut child in children {
        child.wait().expect("it is a child");
    }
    start.elapsed().as_secs_f64() * 1e3
}

/// A worker, started as a run starts it, but as a child, so that it can be waited for.
fn drain(http: &Programs) -> Table {
    let mut table = Table::new(["queue", "events", "seconds", "events/s", "requests", "largest MiB of memory"]);
    for (name, newer, older) in [("one event", 0, 0), ("64 KiB", HALF / 8, 0), ("full, 1 MiB", HALF, HALF)] {
        let receiver = Receiver::new(Manner::Healthy);
        let url = format!("{}/v1/events", receiver.url());
        let world = World::new(http.path("attributed"), &[ON]);
        let line = world.settle();
        for (file, size) in [("queue.jsonl", newer), ("queue.old.jsonl", older)] {
            fs::write(world.file(file), line.repeat((size / line.len()).max(usize::from(file == "queue.jsonl"))))
                .expect("the queue can be written");
        }
        let events = newer.max(line.len()) / line.len() + older / line.len();
        let mut worker = world.command(&["--deliver-telemetry"]);
        worker.env("TELEMETRY_RUNTIME_WORKER", "toolkit").env("TOOLKIT_TELEMETRY_ENDPOINT", url);
        let start = Instant::now();
        let memory = usage::of(&mut worker).largest_memory;
        let seconds = start.elapsed().as_secs_f64();
        assert!(!world.file("queue.jsonl").exists(), "the worker has left the queue behind");
        table.row([
            name.to_owned(),
            events.to_string(),
            format!("{seconds:.3}"),
            format!("{:.0}", events as f64 / seconds),
            receiver.requests().to_string(),
            format!("{:.1}", memory as f64 / 1024.0),
        ]);
    }
    table
}

fn commands() -> Table {
    let mut table = Table::new(["commands", "plain", "off", "on", "off adds", "on adds", "added KiB"]);
    let mut bars = Vec::new();
    for depth in 1..=3 {
        let tree = trees::build(depth);
        let worlds = [
            World::new(tree.plain, &[]),
            World::new(tree.attributed.clone(), &[OFF]),
            World::new(tree.attributed, &[ON]),
        ];
        let counts: Option<Vec<u64>> = worlds
            .iter()
            .map(|world| {
                let args: Vec<&str> = tree.args.iter().map(String::as_str).collect();
                micros(world.command(&args));
                callgrind::instructions_of(&|| world.command(&args))
            })
            .collect();
        let Some(counts) = counts else { continue };
        let commands = 10_usize.pow(depth);
        let added = |count: u64| format!("{:+}", count as i64 - counts[0] as i64);
        let kib = super::kib(&worlds[2].program) - super::kib(&worlds[0].program);
        let [plain, off, on] = [0, 1, 2].map(|index| counts[index].to_string());
        table.row([commands.to_string(), plain, off, on, added(counts[1]), added(counts[2]), format!("{kib:+.0}")]);
        for (kind, count) in [(0, counts[0]), (1, counts[2])] {
            let kinds = ["plain", "telemetry on"];
            bars.push(Bar { name: format!("{commands} commands, {}", kinds[kind]), value: count as f64 / 1e3, kind });
        }
    }
    let title = "Instructions of a run by the commands that the program has, thousands";
    let plot = plot::bars(title, "", &["plain clap", "telemetry on"], 10.0, &bars);
    fs::write(document::path("commands.svg"), plot).expect("the documentation can be written");
    table
}
