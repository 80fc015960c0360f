//! What is published.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::suppress::{OTHER, suppress};
use crate::data::{Data, Outcome, Text};
use crate::time;

/// Runs by one thing; those of a command by an option of it. Never by more: combinations are fingerprints.
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

/// The names of the files, and what begins those of options.
const FILES: [&str; 5] = ["weeks", "commands", "versions", "platforms", "errors"];
const OPTION: &str = "option-";

/// Whether a table could have a file of this name, without the extension.
pub(super) fn is_file(name: &str) -> bool {
    let is_number = |rest: &str| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit());
    FILES.contains(&name) || name.strip_prefix(OPTION).is_some_and(is_number)
}

/// All tables, without what is about fewer than `threshold` runs.
pub(super) fn all(data: &Data, threshold: u64) -> Vec<Table> {
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
    let name = |number, nothing: &str| match text(number) {
        name if name.is_empty() => nothing.to_owned(),
        name => name,
    };
    let named = |counts: Vec<(Text, u64)>, nothing: &str| {
        counts.into_iter().map(|(number, runs)| (name(number, nothing), runs)).collect::<Vec<_>>()
    };
    let platforms =
        sorted(platforms).into_iter().map(|((os, arch), runs)| (format!("{} {}", text(os), text(arch)), runs));
    let platforms = platforms.collect();
    let table = |title: &str, file: &str, column: &str, rows| Table {
        title: title.to_owned(),
        file: file.to_owned(),
        column: column.to_owned(),
        rows: suppress(rows, threshold),
    };
    let [week, command, version, platform, error] = FILES;
    let commands = table("Commands", command, "command", named(data.count(|record| record.command), NO_COMMAND));
    // The sum of an option's table is the number of its command's runs, so there is none where that is not told.
    let told: HashSet<String> = commands.rows.iter().map(|(name, _)| name.clone()).filter(|it| it != OTHER).collect();
    let mut tables = vec![
        table("Runs by week", week, "week", weeks),
        commands,
        table("Versions", version, "version", named(data.versions().into_iter().rev().collect(), "(unknown)")),
        table("Platforms", platform, "platform", platforms),
        table("Why runs fail", error, "error", named(sorted(endings), "(exit code only)")),
    ];
    let options = options(data).into_iter().filter(|option| told.contains(&name(option.command, NO_COMMAND)));
    tables.extend((1..).zip(options).map(|(number, option)| {
        let title = format!("{} --{}", data.texts.get(option.command), option.name);
        // Its name is not the sender's: it is the name of a file.
        table(&title, &format!("{OPTION}{number}"), "value", option.rows)
    }));
    // A table without a name of its own says nothing, but that somebody gave this option.
    tables.retain(|table| table.rows.iter().any(|(name, _)| name != OTHER));
    tables
}

const NO_COMMAND: &str = "(none)";

/// A recorded option of a command.
struct Given {
    command: Text,
    name: String,
    /// Runs by value, and those that did not give it. Several values of a run are one: no run is in two rows.
    rows: Vec<(String, u64)>,
}

fn options(data: &Data) -> Vec<Given> {
    let runs: HashMap<Text, u64> = data.count(|record| record.command).into_iter().collect();
    let values = data.values(|record| record.options, |record| record.command);
    let options = values.into_iter().map(|((command, name), values)| {
        let given: u64 = values.values().sum();
        let mut rows: Vec<_> = values.into_iter().collect();
        rows.sort_by_key(|(_, runs)| std::cmp::Reverse(*runs));
        let all = runs.get(&command).copied().unwrap_or(given);
        rows.push(("(not given)".to_owned(), all - given));
        Given { command, name, rows }
    });
    options.collect()
}

/// The most frequent first.
fn sorted<K: Ord + Copy>(counts: HashMap<K, u64>) -> Vec<(K, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(key, runs)| (std::cmp::Reverse(*runs), *key));
    counts
}
