//! What is published.

use std::collections::{BTreeMap, HashMap};

use crate::data::{Data, Outcome, Record, Text};
use crate::time;

/// Runs by one thing. Never by two: combinations are fingerprints.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) title: String,
    /// The name of its file, without the extension.
    pub(super) file: String,
    /// What the names are.
    pub(super) column: String,
    pub(super) rows: Vec<(String, u64)>,
}

impl Table {
    /// In percent of the longest bar.
    pub(super) fn width(&self, runs: &u64) -> String {
        let longest = self.rows.iter().map(|(_, runs)| *runs).max().unwrap_or(1).max(1);
        format!("{:.1}", 100.0 * *runs as f64 / longest as f64)
    }
}

fn table(title: &str, file: &str, column: &str, rows: Vec<(String, u64)>) -> Table {
    Table { title: title.to_owned(), file: file.to_owned(), column: column.to_owned(), rows }
}

pub(super) fn all(data: &Data) -> Vec<Table> {
    let mut weeks: BTreeMap<i64, u64> = BTreeMap::new();
    let (mut platforms, mut endings) = (HashMap::new(), HashMap::new());
    for record in &data.records {
        *weeks.entry(time::monday(record.day.into())).or_default() += 1;
        *platforms.entry((record.os, record.arch)).or_default() += 1;
        if record.outcome == Outcome::Failure {
            *endings.entry(record.error_class).or_default() += 1;
        }
    }
    let weeks = weeks.into_iter().map(|(monday, runs)| (time::iso_week(monday), runs)).collect();
    let text = |number: Text| data.texts.get(number).to_owned();
    let named = |counts: Vec<(Text, u64)>, nothing: &str| {
        let name = |number| Some(text(number)).filter(|name| !name.is_empty()).unwrap_or_else(|| nothing.to_owned());
        counts.into_iter().map(|(number, runs)| (name(number), runs)).collect()
    };
    let platforms =
        sorted(platforms).into_iter().map(|((os, arch), runs)| (format!("{} {}", text(os), text(arch)), runs));
    let platforms = platforms.collect();
    let mut tables = vec![
        table("Runs by week", "weeks", "week", weeks),
        table("Commands", "commands", "command", named(data.count(|record| record.command), "(none)")),
        table("Versions", "versions", "version", named(data.versions().into_iter().rev().collect(), "(unknown)")),
        table("Platforms", "platforms", "platform", platforms),
        table("Why runs fail", "errors", "error", named(sorted(endings), "(exit code only)")),
    ];
    tables.extend(options(data));
    tables
}

/// A table for each recorded option of a command: its values, and how many runs did not give it.
fn options(data: &Data) -> Vec<Table> {
    let mut runs: HashMap<Text, u64> = HashMap::new();
    let mut texts: HashMap<(Text, Text), u64> = HashMap::new();
    for Record { command, options, .. } in &data.records {
        *runs.entry(*command).or_default() += 1;
        *texts.entry((*command, *options)).or_default() += 1;
    }
    let mut values: BTreeMap<(Text, String), BTreeMap<String, u64>> = BTreeMap::new();
    for ((command, options), runs) in texts {
        let Ok(serde_json::Value::Object(object)) = serde_json::from_str(data.texts.get(options)) else { continue };
        for (name, value) in object {
            let value = value.as_str().unwrap_or_default().to_owned();
            *values.entry((command, name)).or_default().entry(value).or_default() += runs;
        }
    }
    let tables = (1..).zip(values).map(|(number, ((command, name), values))| {
        let given: u64 = values.values().sum();
        let mut rows: Vec<_> = values.into_iter().collect();
        rows.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
        let all = runs.get(&command).copied().unwrap_or(given);
        rows.push(("(not given)".to_owned(), all - given));
        // Its name is not the sender's: it is the name of a file.
        table(&format!("{} --{name}", data.texts.get(command)), &format!("option-{number}"), "value", rows)
    });
    tables.collect()
}

/// The most frequent first.
fn sorted<K: Ord + Copy>(counts: HashMap<K, u64>) -> Vec<(K, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(key, runs)| (std::cmp::Reverse(*runs), *key));
    counts
}
