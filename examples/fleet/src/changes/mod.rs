//! What a release changed: the differences between consecutive versions that are more than noise.
//!
//! Every command is compared, on all platforms together and on each, for failures and for durations. All these tests are one
//! family, corrected by Benjamini and Hochberg. What is found must also be large enough to matter.

mod compare;
mod special;

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use self::compare::{Observation, Tested};
use crate::data::{Data, Outcome, Record, Text, UNKNOWN};

/// Of what is shown, this share is wrong on average.
pub const FALSE_SHARE: f64 = 0.01;

/// Runs of each of the two versions that a comparison needs.
pub const MIN_RUNS: usize = 50;

/// Days with runs of each of the two versions that a comparison needs.
pub const MIN_DAYS: usize = 4;

/// The least difference of shares that is shown, and the least ratio.
pub const MIN_POINTS: f64 = 0.02;
pub const MIN_SHARE_RATIO: f64 = 1.25;

/// The least ratio of medians that is shown, and the least difference, in microseconds.
pub const MIN_MEDIAN_RATIO: f64 = 1.25;
pub const MIN_MICROS: f64 = 1_000.0;

/// Releases that are looked at, the newest ones.
pub const RELEASES: usize = 3;

/// What two versions are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Measure {
    /// The share of runs that fail.
    Failures,
    /// The duration of runs that succeed, in microseconds.
    Durations,
}

/// A difference between two versions.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub measure: Measure,
    pub before: Text,
    pub since: Text,
    pub command: Text,
    /// OS and architecture; `None` for all.
    pub platform: Option<(Text, Text)>,
    /// Runs of each version.
    pub runs: [u64; 2],
    /// The shares or the medians.
    pub values: [f64; 2],
    /// The corrected p-value.
    pub q: f64,
    /// The error class that grew most, and by how many runs of a hundred.
    pub mostly: Option<(Text, f64)>,
}

impl Change {
    pub fn is_worse(&self) -> bool {
        self.values[1] > self.values[0]
    }
}

/// What was compared, and what was found.
#[derive(Debug, Default)]
pub struct Changes {
    /// The number of tests.
    pub tests: usize,
    /// The worst first.
    pub found: Vec<Change>,
}

/// A test, and its result.
struct Candidate {
    change: Change,
    tested: Tested,
}

/// Compares the newest versions with those before them.
pub fn find(data: &Data) -> Changes {
    let frequent = |(_, count): &(Text, u64)| *count >= MIN_RUNS as u64;
    let versions: Vec<Text> = data.versions().into_iter().filter(frequent).map(|(version, _)| version).collect();
    let pairs = versions.windows(2).rev().take(RELEASES).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
    let mut candidates: Vec<Candidate> = thread::scope(|scope| {
        let tests: Vec<_> =
            pairs.map(|(before, since)| scope.spawn(move || compare_versions(data, before, since))).collect();
        // Only a panic, which was reported, leaves nothing.
        tests.into_iter().flat_map(|test| test.join().unwrap_or_default()).collect()
    });
    let p: Vec<f64> = candidates.iter().map(|candidate| candidate.tested.p).collect();
    for (candidate, q) in candidates.iter_mut().zip(special::benjamini_hochberg(&p)) {
        candidate.change.q = q;
    }
    let tests = candidates.len();
    candidates.retain(|Candidate { change, tested }| {
        change.q < FALSE_SHARE && is_large(change) && (tested.t > 0.0) == change.is_worse()
    });
    let mut found = told_once(data, &candidates.into_iter().map(|candidate| candidate.change).collect::<Vec<_>>());
    found.sort_by(|a, b| b.is_worse().cmp(&a.is_worse()).then(a.q.total_cmp(&b.q)));
    Changes { tests, found }
}

fn compare_versions(data: &Data, before: Text, since: Text) -> Vec<Candidate> {
    let mut candidates = Vec::new();
    let mut commands: BTreeMap<Text, Vec<&Record>> = BTreeMap::new();
    let is_compared = |record: &&Record| (record.version == before || record.version == since) && data.is_use(record);
    for record in data.records.iter().filter(is_compared) {
        commands.entry(record.command).or_default().push(record);
    }
    for (command, records) in commands {
        let mut platforms: BTreeMap<(Text, Text), Vec<&Record>> = BTreeMap::new();
        for record in &records {
            platforms.entry((record.os, record.arch)).or_default().push(record);
        }
        // The same runs again, if there is one platform only.
        let alone = platforms.into_iter().map(|(platform, records)| (Some(platform), records));
        let alone: Vec<_> = alone.collect();
        let groups = if alone.len() > 1 { alone } else { Vec::new() };
        for (platform, records) in std::iter::once((None, records)).chain(groups) {
            for measure in [Measure::Failures, Measure::Durations] {
                let change = Change {
                    measure,
                    before,
                    since,
                    command,
                    platform,
                    runs: [0; 2],
                    values: [0.0; 2],
                    q: 1.0,
                    mostly: None,
                };
                candidates.extend(test(change, &records));
            }
        }
    }
    candidates
}

/// Tests one difference, on runs that use the command. `None` if there are too few.
fn test(mut change: Change, records: &[&Record]) -> Option<Candidate> {
    let measured = |record: &&&Record| match change.measure {
        Measure::Failures => true,
        Measure::Durations => record.outcome == Outcome::Success && record.duration != UNKNOWN,
    };
    let mut observations: Vec<Observation> = records
        .iter()
        .filter(measured)
        .map(|record| Observation {
            stratum: (record.os, record.arch, record.ci == Some(true)),
            is_new: record.version == change.since,
            day: record.day,
            value: match change.measure {
                Measure::Failures => f64::from(u8::from(record.outcome == Outcome::Failure)),
                Measure::Durations => record.duration as f64,
            },
        })
        .collect();
    observations.sort_unstable_by_key(|it| it.stratum);
    let sides = [false, true].map(|is_new| observations.iter().filter(move |it| it.is_new == is_new));
    for side in sides.clone() {
        let days: BTreeSet<i32> = side.clone().map(|it| it.day).collect();
        if side.count() < MIN_RUNS || days.len() < MIN_DAYS {
            return None;
        }
    }
    change.runs = sides.clone().map(|side| side.count() as u64);
    let values = sides.map(|side| side.map(|it| it.value).collect::<Vec<_>>());
    let tested = match change.measure {
        Measure::Failures => {
            change.values = values.map(|side| side.iter().sum::<f64>() / side.len() as f64);
            change.mostly = grown_most(&change, records);
            compare::shares(&observations)
        }
        Measure::Durations => {
            change.values = values.map(median);
            compare::durations(&mut observations)
        }
    };
    Some(Candidate { change, tested: tested? })
}

/// The error class whose share of runs grew most.
fn grown_most(change: &Change, records: &[&Record]) -> Option<(Text, f64)> {
    let mut classes: BTreeMap<Text, f64> = BTreeMap::new();
    for record in records.iter().filter(|record| record.outcome == Outcome::Failure) {
        let is_new = record.version == change.since;
        let [before, since] = change.runs.map(|runs| 100.0 / runs as f64);
        *classes.entry(record.error_class).or_default() += if is_new { since } else { -before };
    }
    classes.into_iter().filter(|(_, points)| *points > 0.0).max_by(|a, b| a.1.total_cmp(&b.1))
}

fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() { 0.0 } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

/// Whether a difference matters.
fn is_large(change: &Change) -> bool {
    let [least, most] = if change.is_worse() { change.values } else { [change.values[1], change.values[0]] };
    match change.measure {
        Measure::Failures => most - least >= MIN_POINTS && most >= MIN_SHARE_RATIO * least,
        Measure::Durations => most - least >= MIN_MICROS && most >= MIN_MEDIAN_RATIO * least,
    }
}

/// Tells a change once: on all platforms if it is there without those where it is largest, else on these alone.
fn told_once(data: &Data, found: &[Change]) -> Vec<Change> {
    let same = |a: &Change, b: &Change| (a.measure, a.since, a.command) == (b.measure, b.since, b.command);
    let mut told = Vec::new();
    for change in found {
        let alone: Vec<_> =
            found.iter().filter(|other| same(change, other)).filter_map(|other| other.platform).collect();
        let elsewhere = || {
            let records = data.records.iter().filter(|record| {
                let is_compared = record.version == change.since || record.version == change.before;
                is_compared
                    && record.command == change.command
                    && data.is_use(record)
                    && !alone.contains(&(record.os, record.arch))
            });
            let rest = test(Change { platform: None, ..change.clone() }, &records.collect::<Vec<_>>());
            rest.is_some_and(|rest| rest.tested.p < FALSE_SHARE && is_large(&rest.change))
        };
        let all = found.iter().find(|other| same(change, other) && other.platform.is_none());
        let is_everywhere = all.is_some() && (alone.len() > 1 || alone.is_empty() || elsewhere());
        if change.platform.is_none() == is_everywhere {
            told.push(change.clone());
        }
    }
    told
}
