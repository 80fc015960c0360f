//! What a release changed: the differences between consecutive versions that are more than noise.
//!
//! Every command is compared, on all platforms together and on each, for failures and for durations. All these tests are one
//! family, corrected by Benjamini and Hochberg. What is found must also be large enough to matter.

mod cell;
mod compare;
mod special;

use std::collections::{BTreeMap, BTreeSet};

use self::cell::{Cell, Strata, Stratum};
use self::compare::{Sums, Tested};
use crate::data::{Data, Text};

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

/// Compares the newest versions with those before them.
pub fn find(data: &Data) -> Changes {
    let frequent = |(_, count): &(Text, u64)| *count >= MIN_RUNS as u64;
    let mut versions: Vec<Text> = data.versions().into_iter().filter(frequent).map(|(version, _)| version).collect();
    versions.drain(..versions.len().saturating_sub(RELEASES + 1));
    let commands = cell::by_command(data, &versions);
    let comparisons = comparisons(&versions, &commands);
    let mut candidates: Vec<Candidate> = (0..).zip(&comparisons).flat_map(candidates).collect();
    let p: Vec<f64> = candidates.iter().map(|candidate| candidate.tested.p).collect();
    for (candidate, q) in candidates.iter_mut().zip(special::benjamini_hochberg(&p)) {
        candidate.change.q = q;
    }
    let tests = candidates.len();
    candidates.retain(|Candidate { change, tested, .. }| {
        change.q < FALSE_SHARE && is_large(change) && (tested.t > 0.0) == change.is_worse()
    });
    let mut found = told_once(&comparisons, &candidates);
    found.sort_by(|a, b| b.is_worse().cmp(&a.is_worse()).then(a.q.total_cmp(&b.q)));
    Changes { tests, found }
}

/// The runs of a command in two consecutive versions.
struct Comparison<'a> {
    before: Text,
    since: Text,
    command: Text,
    strata: Vec<Compared<'a>>,
}

/// A stratum of both versions. All strata of a platform, or all there are, add up to a test.
struct Compared<'a> {
    stratum: Stratum,
    /// Before and since.
    cells: [&'a Cell; 2],
    shares: Sums,
    durations: Sums,
}

impl Compared<'_> {
    fn platform(&self) -> (Text, Text) {
        (self.stratum.0, self.stratum.1)
    }
}

/// The newest versions first.
fn comparisons<'a>(versions: &[Text], commands: &'a BTreeMap<Text, Strata>) -> Vec<Comparison<'a>> {
    let mut comparisons = Vec::new();
    for (place, pair) in versions.windows(2).enumerate().rev() {
        let [before, since] = *pair else { continue };
        for (command, strata) in commands {
            let strata = strata.iter().filter_map(|(stratum, cells)| {
                let cells = [cells.get(place)?, cells.get(place + 1)?];
                let has_runs = cells.iter().any(|cell| !cell.days.is_empty());
                has_runs.then(|| Compared {
                    stratum: *stratum,
                    cells,
                    shares: Sums::of_shares(cells[0], cells[1]),
                    durations: Sums::of_durations(cells[0], cells[1]),
                })
            });
            comparisons.push(Comparison { before, since, command: *command, strata: strata.collect() });
        }
    }
    comparisons
}

/// A test, and its result.
struct Candidate {
    change: Change,
    tested: Tested,
    /// The position of what it is part of.
    comparison: usize,
}

/// The tests of a command: on all platforms together, and on each.
fn candidates((comparison, compared): (usize, &Comparison<'_>)) -> Vec<Candidate> {
    let platforms: BTreeSet<_> = compared.strata.iter().map(Compared::platform).collect();
    // The same runs again, if there is one platform only.
    let platforms = if platforms.len() > 1 { platforms } else { BTreeSet::new() };
    let mut candidates = Vec::new();
    for platform in std::iter::once(None).chain(platforms.into_iter().map(Some)) {
        let is_part = |stratum: &&Compared<'_>| platform.is_none_or(|platform| stratum.platform() == platform);
        let strata: Vec<_> = compared.strata.iter().filter(is_part).collect();
        for measure in [Measure::Failures, Measure::Durations] {
            let test = test(compared, measure, platform, &strata);
            candidates.extend(test.map(|(change, tested)| Candidate { change, tested, comparison }));
        }
    }
    candidates
}

/// Tests one difference. `None` if there are too few runs.
fn test(
    compared: &Comparison<'_>,
    measure: Measure,
    platform: Option<(Text, Text)>,
    strata: &[&Compared<'_>],
) -> Option<(Change, Tested)> {
    let [before, since] = [0, 1].map(|side| strata.iter().map(|stratum| stratum.cells[side]).collect::<Vec<_>>());
    let sides = [&before, &since].map(|cells| Side::of(measure, cells));
    if sides.iter().any(|side| side.runs < MIN_RUNS as u64 || side.days < MIN_DAYS) {
        return None;
    }
    let runs = sides.map(|side| side.runs);
    let sums: Sums = strata.iter().map(|it| if measure == Measure::Failures { it.shares } else { it.durations }).sum();
    let change = Change {
        measure,
        before: compared.before,
        since: compared.since,
        command: compared.command,
        platform,
        runs,
        values: sides.map(|side| side.value),
        q: 1.0,
        mostly: if measure == Measure::Failures { grown_most(runs, [&before, &since]) } else { None },
    };
    Some((change, sums.tested()?))
}

/// One version's part of a test.
#[derive(Clone, Copy)]
struct Side {
    /// Runs that are measured.
    runs: u64,
    /// Days with such runs.
    days: usize,
    /// The share or the median.
    value: f64,
}

impl Side {
    fn of(measure: Measure, cells: &[&Cell]) -> Self {
        let days = || cells.iter().flat_map(|cell| &cell.days);
        let with = |count: fn(&cell::Day) -> u32| {
            let days: BTreeSet<_> = days().filter(|(_, day)| count(day) > 0).map(|(day, _)| day).collect();
            days.len()
        };
        let sum = |count: fn(&cell::Day) -> u32| days().map(|(_, day)| u64::from(count(day))).sum::<u64>();
        match measure {
            Measure::Failures => {
                let runs = sum(|day| day.runs);
                Side { runs, days: with(|day| day.runs), value: sum(|day| day.failed) as f64 / runs as f64 }
            }
            Measure::Durations => {
                Side { runs: sum(|day| day.timed), days: with(|day| day.timed), value: median(cells) }
            }
        }
    }
}

/// The error class whose share of runs grew most.
fn grown_most(runs: [u64; 2], versions: [&[&Cell]; 2]) -> Option<(Text, f64)> {
    let mut classes: BTreeMap<Text, f64> = BTreeMap::new();
    for ((cells, runs), sign) in versions.into_iter().zip(runs).zip([-1.0, 1.0]) {
        for (class, failed) in cells.iter().flat_map(|cell| &cell.classes) {
            *classes.entry(*class).or_default() += sign * 100.0 * *failed as f64 / runs as f64;
        }
    }
    classes.into_iter().filter(|(_, points)| *points > 0.0).max_by(|a, b| a.1.total_cmp(&b.1))
}

/// The median of durations that are in order within each cell.
fn median(cells: &[&Cell]) -> f64 {
    let middle = cells.iter().map(|cell| cell.durations.len()).sum::<usize>() / 2;
    let up_to = |limit: u64| -> usize {
        cells.iter().map(|cell| cell.durations.partition_point(|(duration, _)| *duration <= limit)).sum()
    };
    // The least duration that more than half of them do not exceed.
    let (mut low, mut high) = (0, u64::MAX);
    while low < high {
        let limit = low + (high - low) / 2;
        if up_to(limit) > middle {
            high = limit;
        } else {
            low = limit + 1;
        }
    }
    low as f64
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
fn told_once(comparisons: &[Comparison<'_>], found: &[Candidate]) -> Vec<Change> {
    let mut told = Vec::new();
    for Candidate { change, comparison, .. } in found {
        let same =
            || found.iter().filter(|other| other.comparison == *comparison && other.change.measure == change.measure);
        let alone: Vec<_> = same().filter_map(|other| other.change.platform).collect();
        let elsewhere = |compared: &Comparison<'_>| {
            let strata = compared.strata.iter().filter(|stratum| !alone.contains(&stratum.platform()));
            let rest = test(compared, change.measure, None, &strata.collect::<Vec<_>>());
            rest.is_some_and(|(change, tested)| tested.p < FALSE_SHARE && is_large(&change))
        };
        let is_everywhere = same().any(|other| other.change.platform.is_none())
            && (alone.len() > 1 || alone.is_empty() || comparisons.get(*comparison).is_some_and(elsewhere));
        if change.platform.is_none() == is_everywhere {
            told.push(change.clone());
        }
    }
    told
}
