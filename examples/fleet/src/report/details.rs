//! Options, facts, circumstances and phases.

use std::collections::{BTreeMap, HashMap};

use super::format::{count, duration, runs, share};
use super::trouble::{Bar, bars};
use crate::data::{Data, Text, Values};

const MAX_GROUPS: usize = 14;
const MAX_VALUES: usize = 8;

/// The values of an option, a fact or a circumstance.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) note: String,
    pub(super) values: Vec<Bar>,
}

/// The options of each command that records some. Of an option that is not given, nothing is known but that.
pub(super) fn options(data: &Data) -> Vec<Group> {
    let mut runs: HashMap<Text, u64> = HashMap::new();
    for record in &data.records {
        *runs.entry(record.command).or_default() += 1;
    }
    let counts = data.values(|record| record.options, |record| record.command);
    groups(counts, |(command, name), values| {
        let all = runs.get(command).copied().unwrap_or(0);
        let given = values.values().sum();
        let note = format!("{} of {}", share(given, all), data.texts.get(*command));
        (format!("--{name}"), note, all)
    })
}

pub(super) fn facts(data: &Data) -> Vec<Group> {
    let counts = data.values(|record| record.facts, |_| 0);
    groups(counts, |(_, name), values| {
        let all = values.values().sum();
        (name.clone(), runs(all), all)
    })
}

pub(super) fn context(data: &Data) -> Vec<Group> {
    let counts = data.values(|record| record.context, |_| 0);
    groups(counts, |(_, name), values| {
        let all = values.values().sum();
        (name.clone(), runs(all), all)
    })
}

/// The most frequent groups. `describe` gives a group's name, a note, and the number of runs its values are a share of.
fn groups(
    counts: Values,
    describe: impl Fn(&(Text, String), &BTreeMap<String, u64>) -> (String, String, u64),
) -> Vec<Group> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, values)| std::cmp::Reverse(values.values().sum::<u64>()));
    counts.truncate(MAX_GROUPS);
    let group = |(key, values): ((Text, String), BTreeMap<String, u64>)| {
        let (name, note, all) = describe(&key, &values);
        // A run with several values is in the bar of each.
        let mut words: BTreeMap<&str, u64> = BTreeMap::new();
        for (word, runs) in values.iter().flat_map(|(value, runs)| value.split(',').map(move |word| (word, runs))) {
            *words.entry(word).or_default() += runs;
        }
        let mut values: Vec<_> = words.into_iter().map(|(word, runs)| (word.to_owned(), runs)).collect();
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
        let (middle, all) = (times.len() / 2, times.len() as u64);
        let median = *times.select_nth_unstable(middle).1;
        let label = format!("{} · {}", data.texts.get(command), data.texts.get(name));
        (label, median, format!("{} · {}", duration(median as f64), runs(all)))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Program, Run, Value};

    /// Of four runs, two give the option, one of them with two values.
    #[test]
    fn runs_that_give_an_option_are_counted_not_its_values() {
        let runs = [&["a", "b"][..], &["a"], &[], &[]].into_iter().zip(0_u8..).map(|(values, number)| {
            let mut run = Run::new([number; 16], 0, Program::default());
            run.command = "build".into();
            if !values.is_empty() {
                run.options =
                    vec![("feature".into(), Value::Words(values.iter().map(|value| (*value).into()).collect()))];
            }
            run
        });
        let groups = options(&Data::of_runs(runs));
        let [group] = &groups[..] else { panic!("{groups:?}") };
        assert_eq!((group.name.as_str(), group.note.as_str()), ("--feature", "50% of build"));
        let bars: Vec<_> = group.values.iter().map(|bar| (bar.label.as_str(), bar.note.as_str())).collect();
        assert_eq!(bars, [("a", "50% · 2"), ("b", "25% · 1")]);
    }
}
