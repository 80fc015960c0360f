//! What a release changed: what was planted is found, and nothing else.

// A helper that unwraps fails its test.
#![allow(clippy::unwrap_used)]

use std::thread;

use fleet::changes::{self, Change, Measure};
use fleet::data::Data;
use fleet::simulate::{Fleet, Plan};

/// Of the simulated weeks. Enough to tell 95 from 100.
const WEEKS: u64 = 100;

/// A week after a release, and the three weeks before it.
fn plan(seed: u64) -> Plan {
    let mut plan = Plan::new("toolkit", 4_000, 28, 20_783);
    plan.seed = seed;
    plan.releases.truncate(2);
    plan.releases[1].day = 14;
    plan
}

fn data(plan: &Plan) -> Data {
    Data::of_runs(Fleet::new(plan).days().flat_map(|(_, runs)| runs))
}

fn told(data: &Data, change: &Change) -> String {
    let text = |number| data.texts.get(number);
    let platform = change.platform.map(|(os, arch)| format!(" on {} {}", text(os), text(arch)));
    format!("{:?} of {}{}", change.measure, text(change.command), platform.unwrap_or_default())
}

/// How many comparisons there were in a week without changes, and what was found.
fn look(seed: u64) -> (usize, String) {
    let data = data(&plan(seed));
    let changes = changes::find(&data);
    let found =
        changes.found.iter().map(|change| format!("{} {:?} {:?}", told(&data, change), change.runs, change.values));
    (changes.tests, found.collect::<Vec<_>>().join(", "))
}

#[test]
fn a_fleet_without_changes_shows_none() {
    let halves = thread::scope(|scope| {
        let half = |first| scope.spawn(move || (first..WEEKS).step_by(2).map(look).collect::<Vec<_>>());
        [half(0), half(1)].map(|half| half.join().unwrap())
    });
    let looked = halves.concat();
    let tests: usize = looked.iter().map(|(tests, _)| tests).sum();
    let wrong: Vec<_> = looked.into_iter().map(|(_, found)| found).filter(|found| !found.is_empty()).collect();
    // There was something to find.
    assert!(tests > 1_000, "{tests} tests");
    assert!(wrong.len() <= 5, "{} weeks of {WEEKS}:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn planted_changes_are_found_where_they_are() {
    let mut plan = plan(7);
    plan.runs = 12_000;
    plan.machines = 500;
    let planted = [
        ("since=0.2.0,command=run,takes=2", "Durations of run"),
        ("since=0.2.0,command=run,platform=linux/arm64,fails=0.3", "Failures of run on linux arm64"),
        ("since=0.2.0,command=remote add,fails=0.2", "Failures of remote add"),
    ];
    plan.changes = planted.iter().map(|(change, _)| change.parse().unwrap()).collect();
    let data = data(&plan);
    let changes = changes::find(&data);
    let mut found: Vec<_> = changes.found.iter().map(|change| told(&data, change)).collect();
    found.sort();
    let mut expected = planted.map(|(_, told)| told);
    expected.sort_unstable();
    assert_eq!(found, expected);

    for change in &changes.found {
        assert!(change.is_worse() && change.q < changes::FALSE_SHARE);
        let ratio = change.values[1] / change.values[0];
        match change.measure {
            Measure::Durations => assert!((1.7..2.4).contains(&ratio), "{ratio}"),
            Measure::Failures => {
                let (class, points) = change.mostly.unwrap();
                assert_eq!(data.texts.get(class), "panic");
                assert!(points > 10.0);
            }
        }
    }
}

#[test]
fn an_improvement_is_found_too() {
    let mut plan = plan(3);
    plan.changes = vec!["since=0.2.0,command=run,takes=0.5".parse().unwrap()];
    let data = data(&plan);
    let changes = changes::find(&data);
    let found: Vec<_> = changes.found.iter().map(|change| (told(&data, change), change.is_worse())).collect();
    assert_eq!(found, [("Durations of run".to_owned(), false)]);
}

/// A release after which most runs of a command ask for its help looks neither faster nor less prone to failure.
#[test]
fn asking_for_help_is_no_change() {
    let plan = plan(5);
    let mut runs: Vec<_> = Fleet::new(&plan).days().flat_map(|(_, runs)| runs).collect();
    let mut number = 0;
    for run in runs.iter_mut().filter(|run| run.command == "run" && run.program.version == "0.2.0") {
        number += 1;
        if number % 3 > 0 {
            run.ending = Some("help".into());
            (run.status, run.error_class, run.duration_us) = ("success", None, Some(1_000));
        }
    }
    assert!(number > 300, "{number}");
    let data = Data::of_runs(runs);
    let found: Vec<_> = changes::find(&data).found.iter().map(|change| told(&data, change)).collect();
    assert_eq!(found, [""; 0]);
}
