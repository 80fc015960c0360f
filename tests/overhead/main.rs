//! What telemetry costs: a program with the two attributes, and its twin `plain` without them, measured side by side.
//!
//! ```sh
//! cargo run -p telemetry-tests --bin overhead
//! ```
//!
//! With the argument `full` it runs the measurements that take minutes, and writes the tables of `docs/performance.md`.
//! With the name of a table after it (`full queue`), it writes only that one. With `target` and the name of one, it only compares
//! sizes, those of the programs for that target.
//!
//! Instructions, sizes and crates are the same on every machine, so they have bars. Times are only printed: they depend on
//! the machine and its load.

mod builds;
mod callgrind;
mod commands;
mod crates;
mod document;
mod drain;
mod full;
mod plot;
mod programs;
mod receiver;
mod report;
mod runs;
mod stats;
mod subject;
mod time;
mod trees;
mod usage;
mod world;

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use support::{Built, release_examples, release_examples_for, sink, skip};

use crate::report::Report;
use crate::subject::Subjects;
use crate::world::{ON, World};

/// Where the tables of the long measurements go.
const DOCS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");

const MAX_RATIO_OFF: f64 = 1.02;
const MAX_RATIO_ON: f64 = 1.07;
/// By ten options that are given, and five facts.
const WANTED_ADDED_BY_DETAILS: f64 = 4_000.0;
const MAX_RATIO_WITH_DETAILS: f64 = 1.08;
const MAX_ADDED_KIB: f64 = 160.0;
const MAX_RATIO_ON_MANAGED: f64 = 1.08;
const MAX_ADDED_KIB_MANAGED: f64 = 260.0;
const MAX_CRATES: f64 = 14.0;
const MAX_CRATES_WITH_HTTP: f64 = 45.0;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => return short(),
        ["full"] => return full::measure(None),
        ["full", table] => return full::measure(Some(table)),
        ["target", target] => sizes_for(target),
        _ => {
            eprintln!("usage: overhead [full [TABLE] | target TARGET]");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn short() -> ExitCode {
    let examples = release_examples();
    let (plain, attributed) = (examples.path("plain"), examples.path("attributed"));
    let subjects = Subjects::new(plain, attributed);

    let mut report = Report::default();
    instructions(&mut report, &subjects);
    details(&mut report, &examples);
    times(&mut report, &subjects);
    let added = sizes(&mut report, plain, attributed);
    report.judged("  added", added, 1, MAX_ADDED_KIB);
    managed(&mut report, plain, examples.path("managed"));
    crates(&mut report);
    report.end()
}

/// Without a bar: how much is added depends on the linker, too.
fn sizes_for(target: &str) {
    let examples = release_examples_for(target);
    let mut report = Report::default();
    let added = sizes(&mut report, examples.path("plain"), examples.path("attributed"));
    report.fact("  added", &format!("{added:.1}"));
}

fn instructions(report: &mut Report, subjects: &Subjects) {
    let Some([plain, off, on]) = subjects.instructions() else {
        skip("user instructions", "`valgrind` is missing");
        return;
    };
    report.fact("user instructions, plain", &plain.to_string());
    report.fact("user instructions, telemetry off", &off.to_string());
    report.fact("user instructions, telemetry on", &on.to_string());
    report.judged("  ratio, off", off as f64 / plain as f64, 3, MAX_RATIO_OFF);
    report.judged("  ratio, on", on as f64 / plain as f64, 3, MAX_RATIO_ON);
}

/// Of a program that records ten options and five facts, and of its twins.
fn details(report: &mut Report, examples: &Built) {
    const GIVEN: &str = "search needle a b c -vv --color never --names --hidden --format json-lines --kind source,docs \
                         --ignore x --jobs 12 --limit 50";
    let worlds =
        ["detailed_plain", "detailed_attributed", "detailed"].map(|name| World::new(examples.path(name).into(), &[ON]));
    let count = |args: &str| {
        let args: Vec<&str> = args.split(' ').collect();
        let [plain, attributed, detailed] = worlds.each_ref().map(|world| {
            assert!(world.command(&args).status().expect("the program runs").success(), "{world:?}");
            callgrind::instructions_of(&|| world.command(&args))
        });
        Some((plain?, attributed?, detailed?))
    };
    let (Some(given), Some(unused)) = (count(GIVEN), count("search needle")) else { return };
    let (plain, attributed, detailed) = given;
    report.wanted("  added by 10 options and 5 facts", detailed as f64 - attributed as f64, 0, WANTED_ADDED_BY_DETAILS);
    report.judged("  ratio with them, on", detailed as f64 / plain as f64, 3, MAX_RATIO_WITH_DETAILS);
    let (_, attributed, detailed) = unused;
    report.fact("  added if no option is given", &format!("{}", detailed as i64 - attributed as i64));
}

fn times(report: &mut Report, subjects: &Subjects) {
    let times = time::measure(subjects);
    report.fact("µs per process, plain, median", &format!("{:.1}", times.plain));
    report.fact("  added by telemetry off", &format!("{:+.1}", times.added_off));
    report.fact("  added by telemetry on", &format!("{:+.1}", times.added_on));
}

/// How much larger the attributes make the program, in KiB.
fn sizes(report: &mut Report, plain: &Path, attributed: &Path) -> f64 {
    let (plain, attributed) = (kib(plain), kib(attributed));
    report.fact("KiB, stripped, plain", &format!("{plain:.1}"));
    report.fact("KiB, stripped, with the attributes", &format!("{attributed:.1}"));
    attributed - plain
}

/// The management commands, which are optional, come on top.
fn managed(report: &mut Report, plain: &Path, managed: &Path) {
    report.judged("  added with the management commands", kib(managed) - kib(plain), 1, MAX_ADDED_KIB_MANAGED);
    if let Some([plain, off, on]) = Subjects::new(plain, managed).instructions() {
        report.wanted("  ratio with them, off", off as f64 / plain as f64, 3, MAX_RATIO_OFF);
        report.judged("  ratio with them, on", on as f64 / plain as f64, 3, MAX_RATIO_ON_MANAGED);
    }
}

fn kib(path: &Path) -> f64 {
    fs::metadata(path).expect("the program was built").len() as f64 / 1024.0
}

fn crates(report: &mut Report) {
    report.judged("crates beyond clap with derive", crates::beyond_clap(&[]).len() as f64, 0, MAX_CRATES);
    let with_http = crates::beyond_clap(&["--features", "http"]).len();
    report.judged("  with feature http", with_http as f64, 0, MAX_CRATES_WITH_HTTP);
}
