//! Options, facts, circumstances and phases.

use std::collections::{BTreeMap, HashMap};

use super::format::{count, duration, share};
use super::trouble::{Bar, bars};
use crate::data::{Data, Record, Text};

const MAX_GROUPS: usize = 14;
const MAX_VALUES: usize = 8;

/// The values of an option, a fact or a circumstance.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) note: String,
    pub(super) values: Vec<Bar>,
}

/// Runs by value, by name, by group.
type Counts = BTreeMap<(Text, String), BTreeMap<String, u64>>;

/// The options of each command that records some. Of an option that is not given, nothing is known but that.
pub(super) fn options(data: &Data) -> Vec<Group> {
    let mut runs: HashMap<Text, u64> = HashMap::new();
    for record in &data.records {
        *runs.entry(record.command).or_default() += 1;
    }
    let counts = counts(data, |record| record.options, |record| record.command);
    groups(counts, |(command, name), values| {
        let all = runs.get(command).copied().unwrap_or(0);
        let given: u64 = values.values().sum();
        let note = format!("{} of {}", share(given.min(all), all), data.texts.get(*command));
        (format!("--{name}"), note, all)
    })
}

pub(super) fn facts(data: &Data) -> Vec<Group> {
    let counts = counts(data, |record| record.facts, |_| 0);
    groups(counts, |(_, name), values| {
        let all = values.values().sum();
        (name.clone(), format!("{} runs", count(all)), all)
    })
}

pub(super) fn context(data: &Data) -> Vec<Group> {
    let counts = counts(data, |record| record.context, |_| 0);
    groups(counts, |(_, name), values| {
        let all = values.values().sum();
        (name.clone(), format!("{} runs", count(all)), all)
    })
}

/// Counts the values in a column of JSON objects. Each distinct text is read once.
fn counts(data: &Data, column: impl Fn(&Record) -> Text, group: impl Fn(&Record) -> Text) -> Counts {
    let mut texts: HashMap<(Text, Text), u64> = HashMap::new();
    for record in data.records.iter().filter(|record| column(record) != 0) {
        *texts.entry((group(record), column(record))).or_default() += 1;
    }
    let mut counts = Counts::new();
    for ((group, text), runs) in texts {
        let Ok(serde_json::Value::Object(object)) = serde_json::from_str(data.texts.get(text)) else { continue };
        for (name, value) in object {
            let values = counts.entry((group, name)).or_default();
            // An option can have several.
            for word in value.as_str().unwrap_or_default().split(',') {
                *values.entry(word.to_owned()).or_default() += runs;
            }
        }
    }
    counts
}

/// The most frequent groups. `describe` gives a group's name, a note, and the number of runs its values are a share of.
fn groups(
    counts: Counts,
    describe: impl Fn(&(Text, String), &BTreeMap<String, u64>) -> (String, String, u64),
) -> Vec<Group> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, values)| std::cmp::Reverse(values.values().sum::<u64>()));
    counts.truncate(MAX_GROUPS);
    let group = |(key, values): ((Text, String), BTreeMap<String, u64>)| {
        let (name, note, all) = describe(&key, &values);
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
        values.truncate(MAX_VALUES);
        let rows =
            values.into_iter().map(|(value, runs)| (value, runs, format!("{} · {}", share(runs, all), count(runs))));
        Group { name, note, values: bars(rows) }
    };
    counts.into_iter().map(group).collect()
}

/// Where the time goes: the median of each phase, in runs that have it.
pub(super) fn phases(data: &Data) -> Vec<Bar> {
    let mut phases: BTreeMap<(Text, Text), Vec<u64>> = BTreeMap::new();
    for phase in &data.phases {
        if let Some(record) = data.records.get(phase.record as usize) {
            phases.entry((record.command, phase.name)).or_default().push(phase.micros);
        }
    }
    let mut phases: Vec<_> = phases.into_iter().collect();
    phases.sort_by_key(|(_, times)| std::cmp::Reverse(times.len()));
    phases.truncate(MAX_GROUPS);
    bars(phases.into_iter().map(|((command, name), mut times)| {
        let (middle, runs) = (times.len() / 2, times.len() as u64);
        let median = *times.select_nth_unstable(middle).1;
        let label = format!("{} · {}", data.texts.get(command), data.texts.get(name));
        (label, median, format!("{} · {} runs", duration(median as f64), count(runs)))
    }))
}
