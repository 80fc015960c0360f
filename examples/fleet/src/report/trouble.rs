//! What goes wrong: error classes, platforms, and what a release changed.

use std::collections::{BTreeMap, BTreeSet};

use super::format::{count, duration, percent, probability, ratio, share};
use crate::changes::{self, Change, Changes, Measure};
use crate::data::{Data, Outcome, Text};

/// A bar with a label.
#[derive(Debug)]
pub(super) struct Bar {
    pub(super) label: String,
    /// In percent of the longest.
    pub(super) width: String,
    pub(super) note: String,
}

/// Bars for counts, the longest first.
pub(super) fn bars(rows: impl IntoIterator<Item = (String, u64, String)>) -> Vec<Bar> {
    let rows: Vec<_> = rows.into_iter().collect();
    let longest = rows.iter().map(|(_, count, _)| *count).max().unwrap_or(0);
    let bar = |(label, count, note)| Bar { label, width: format!("{:.1}", 100.0 * ratio(count, longest)), note };
    rows.into_iter().map(bar).collect()
}

const MAX_CLASSES: usize = 10;
const MAX_PLATFORMS: usize = 8;

pub(super) fn errors(data: &Data) -> Vec<Bar> {
    let mut classes: BTreeMap<Text, (u64, BTreeSet<Text>)> = BTreeMap::new();
    for record in data.records.iter().filter(|record| record.outcome == Outcome::Failure) {
        let (count, commands) = classes.entry(record.error_class).or_default();
        *count += 1;
        commands.insert(record.command);
    }
    let mut classes: Vec<_> = classes.into_iter().collect();
    classes.sort_by_key(|(class, (count, _))| (std::cmp::Reverse(*count), *class));
    classes.truncate(MAX_CLASSES);
    bars(classes.into_iter().map(|(class, (runs, commands))| {
        let label = match data.texts.get(class) {
            "" | "_OTHER" => "exit code only",
            class => class,
        };
        let commands = commands.len();
        let note = format!("{} · {commands} command{}", count(runs), if commands == 1 { "" } else { "s" });
        (label.to_owned(), runs, note)
    }))
}

pub(super) fn platforms(data: &Data) -> Vec<Bar> {
    let mut platforms: BTreeMap<(Text, Text), (u64, u64)> = BTreeMap::new();
    for record in &data.records {
        let (runs, failed) = platforms.entry((record.os, record.arch)).or_default();
        *runs += 1;
        *failed += u64::from(record.outcome == Outcome::Failure);
    }
    let mut platforms: Vec<_> = platforms.into_iter().collect();
    platforms.sort_by_key(|(platform, (runs, _))| (std::cmp::Reverse(*runs), *platform));
    platforms.truncate(MAX_PLATFORMS);
    let all = data.records.len() as u64;
    bars(platforms.into_iter().map(|((os, arch), (runs, failed))| {
        let label = format!("{} {}", data.texts.get(os), data.texts.get(arch));
        (label, runs, format!("{} · {} fail", share(runs, all), share(failed, runs)))
    }))
}

/// A sentence about a change.
#[derive(Debug)]
pub(super) struct Sentence {
    pub(super) command: String,
    pub(super) text: String,
    pub(super) small: String,
    pub(super) is_worse: bool,
}

/// What a release changed, and how it was found out.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) changed: Vec<Sentence>,
    pub(super) method: String,
}

pub(super) fn release(data: &Data, app: &str, changes: &Changes) -> Release {
    let changed = changes.found.iter().map(|change| sentence(data, app, change)).collect();
    Release { changed, method: method(changes) }
}

fn sentence(data: &Data, app: &str, change: &Change) -> Sentence {
    let text = |number| data.texts.get(number);
    let platform = change.platform.map(|(os, arch)| format!(" on {} {}", text(os), text(arch))).unwrap_or_default();
    let (since, [before, now]) = (text(change.since), change.values);
    let said = match change.measure {
        Measure::Failures => {
            format!("{platform} fails in {} of runs since {since}, {} before", percent(now), percent(before))
        }
        Measure::Durations => {
            let ratio = if change.is_worse() {
                format!("{:.1} times as long", now / before)
            } else {
                format!("{} of the time", percent(now / before))
            };
            format!("{platform} takes {ratio} since {since}: median {}, {} before", duration(now), duration(before))
        }
    };
    let [runs_before, runs_now] = change.runs.map(count);
    let mut small = format!("{runs_now} and {runs_before} runs, q {}", probability(change.q));
    if let Some((class, points)) = change.mostly.filter(|_| change.is_worse()) {
        let class = if class == 0 { "exit code only" } else { text(class) };
        small = format!("mostly {class}, {points:+.1} points; {small}");
    }
    let command = format!("{app} {}", text(change.command));
    Sentence { command: command.trim_end().to_owned(), text: said, small, is_worse: change.is_worse() }
}

fn method(changes: &Changes) -> String {
    format!(
        "{} comparisons of consecutive versions (the newest {} of those with {} runs), by command, on all platforms and on each, \
         without runs that ask for help. Failures: the test of Cochran, Mantel and Haenszel; durations of runs that succeed: that \
         of van Elteren (Mann and Whitney by stratum), both within platform and CI. The variance is multiplied by how much days \
         differ more than chance. Shown is what has q < {} after the correction of Benjamini and Hochberg, at least {} runs on {} \
         days of each version, and a difference of at least {:.0} points and a factor of {} in the share that fails, or of a \
         factor of {} and {} in the median.",
        count(changes.tests as u64),
        changes::RELEASES,
        changes::MIN_RUNS,
        changes::FALSE_SHARE,
        changes::MIN_RUNS,
        changes::MIN_DAYS,
        changes::MIN_POINTS * 100.0,
        changes::MIN_SHARE_RATIO,
        changes::MIN_MEDIAN_RATIO,
        duration(changes::MIN_MICROS),
    )
}
