//! What is used: commands and versions, over time.

use std::collections::{BTreeMap, HashMap};

use super::chart::{self, Series};
use super::format::{count, duration, ratio, share};
use super::period::Period;
use crate::data::{Data, Outcome, Record, Text, UNKNOWN};

/// Versions with a colour of their own.
const MAX_VERSIONS: usize = 6;

/// Rows of the table of commands.
const MAX_COMMANDS: usize = 20;

const MAX_NEW: usize = 4;

/// A row of the table of commands.
#[derive(Debug)]
pub(super) struct CommandRow {
    pub(super) name: String,
    pub(super) runs: String,
    pub(super) share: String,
    pub(super) spark: String,
    pub(super) fails: String,
    pub(super) is_bad: bool,
    pub(super) median: String,
    pub(super) slow: String,
}

/// Share of failing runs from which a row stands out.
const BAD: f64 = 0.1;

pub(super) fn commands(data: &Data, period: &Period) -> Vec<CommandRow> {
    let mut groups: HashMap<Text, Vec<&Record>> = HashMap::new();
    for record in &data.records {
        groups.entry(record.command).or_default().push(record);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(name, records)| (std::cmp::Reverse(records.len()), *name));
    groups.truncate(MAX_COMMANDS);
    let all = data.records.len() as u64;
    let rows = groups.into_iter().map(|(name, records)| {
        let runs = records.len() as u64;
        let (mut uses, mut failed) = (0, 0);
        let mut weeks = vec![0.0; period.weeks.len()];
        let mut durations = Vec::new();
        for record in &records {
            if let Some(week) = weeks.get_mut(period.week(record)) {
                *week += 1.0;
            }
            if !data.is_use(record) {
                continue;
            }
            uses += 1;
            failed += u64::from(record.outcome == Outcome::Failure);
            if record.outcome == Outcome::Success && record.duration != UNKNOWN {
                durations.push(record.duration);
            }
        }
        CommandRow {
            name: data.texts.get(name).to_owned(),
            runs: count(runs),
            share: share(runs, all),
            spark: chart::spark(&weeks),
            fails: share(failed, uses),
            is_bad: ratio(failed, uses) >= BAD,
            median: quantile(&mut durations, 0.5),
            slow: quantile(&mut durations, 0.95),
        }
    });
    rows.collect()
}

fn quantile(values: &mut [u64], part: f64) -> String {
    if values.is_empty() {
        return "–".to_owned();
    }
    let position = ((values.len() - 1) as f64 * part).round() as usize;
    duration(*values.select_nth_unstable(position).1 as f64)
}

/// The versions with the most runs, oldest first. All others are one series at the end.
fn series(data: &Data, positions: usize, position: impl Fn(&Record) -> usize) -> Vec<Series> {
    let mut frequent = data.count(|record| record.version);
    frequent.truncate(MAX_VERSIONS);
    let mut versions = data.versions();
    let others = versions.len() > frequent.len();
    versions.retain(|version| frequent.contains(version));
    let of_version: HashMap<Text, usize> =
        versions.iter().enumerate().map(|(place, (version, _))| (*version, place)).collect();
    let name = |(version, _): &(Text, u64)| data.texts.get(*version).to_owned();
    let names = versions.iter().map(name).chain(others.then(|| "others".to_owned()));
    let mut series: Vec<_> = names.map(|name| Series { name, values: vec![0.0; positions] }).collect();
    for record in &data.records {
        let place = of_version.get(&record.version).copied().unwrap_or(versions.len());
        if let Some(value) = series.get_mut(place).and_then(|series| series.values.get_mut(position(record))) {
            *value += 1.0;
        }
    }
    series
}

pub(super) fn runs_a_day(data: &Data, period: &Period) -> String {
    let series = series(data, period.bars.len(), |record| period.bar(record));
    chart::stacked("Runs by version", &period.bars, &series)
}

pub(super) fn versions(data: &Data, period: &Period) -> String {
    let mut series = series(data, period.weeks.len(), |record| period.week(record));
    for week in 0..period.weeks.len() {
        let all: f64 = series.iter().filter_map(|series| series.values.get(week)).sum();
        for value in series.iter_mut().filter_map(|series| series.values.get_mut(week)) {
            *value /= all.max(1.0);
        }
    }
    chart::lines("Share of runs, by version and week", &period.weeks, &series)
}

/// Commands that were first run after the first weeks, and their share of all runs.
pub(super) fn new_commands(data: &Data, period: &Period) -> Option<String> {
    const FIRST_DAYS: i64 = 10;
    const MIN_RUNS: u64 = 20;
    let mut commands: BTreeMap<Text, (i64, u64)> = BTreeMap::new();
    for record in data.records.iter().filter(|record| record.command != 0) {
        let day = i64::from(record.day);
        let (first, runs) = commands.entry(record.command).or_insert((day, 0));
        *first = day.min(*first);
        *runs += 1;
    }
    commands.retain(|_, (first, runs)| *first > period.first + FIRST_DAYS && *runs >= MIN_RUNS);
    let mut new: Vec<_> = commands.into_iter().collect();
    new.sort_by_key(|(_, (_, runs))| std::cmp::Reverse(*runs));
    new.truncate(MAX_NEW);
    let mut all = vec![0.0_f64; period.weeks.len()];
    let mut series: Vec<Series> = new
        .iter()
        .map(|(name, _)| Series { name: data.texts.get(*name).to_owned(), values: vec![0.0; period.weeks.len()] })
        .collect();
    for record in &data.records {
        let week = period.week(record);
        all.get_mut(week).into_iter().for_each(|all| *all += 1.0);
        let place = new.iter().position(|(name, _)| *name == record.command);
        if let Some(value) = place.and_then(|place| series.get_mut(place)?.values.get_mut(week)) {
            *value += 1.0;
        }
    }
    for series in &mut series {
        series.values.iter_mut().zip(&all).for_each(|(value, all)| *value /= all.max(1.0));
    }
    (!series.is_empty()).then(|| chart::lines("Share of all runs, by new command and week", &period.weeks, &series))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Program, Run};

    /// A minute of work, half of which fails; and whoever asks how to use it is answered in a millisecond.
    #[test]
    fn asking_for_help_is_no_use_of_a_command() {
        let run = |number: u8, ending: &'static str, status, micros| {
            let mut run = Run::new([number; 16], 0, Program::default());
            (run.command, run.ending, run.status, run.duration_us) =
                ("build".into(), Some(ending.into()), status, Some(micros));
            run
        };
        let runs = (0..40).map(|number| match number {
            0..10 => run(number, "return", "success", 60_000_000),
            10..20 => run(number, "error", "failure", 60_000_000),
            20..30 => run(number, "help", "success", 1_000),
            _ => run(number, "version", "success", 1_000),
        });
        let data = Data::of_runs(runs);
        let rows = commands(&data, &Period::of(&data).unwrap());
        let [row] = &rows[..] else { panic!("{rows:?}") };
        assert_eq!((row.runs.as_str(), row.fails.as_str(), row.median.as_str()), ("40", "50%", "1.0 min"));
    }
}
