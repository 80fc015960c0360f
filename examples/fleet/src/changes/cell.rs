//! The runs that are compared, by command, stratum and version.

use std::collections::BTreeMap;

use crate::data::{Data, Outcome, Record, Text, UNKNOWN};

/// Within it like is compared with like: the OS, the architecture, and whether in CI.
pub(super) type Stratum = (Text, Text, bool);

/// The runs of one command: for each stratum, a cell for each version.
pub(super) type Strata = BTreeMap<Stratum, Vec<Cell>>;

/// What the tests need of the runs of one command, stratum and version.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) days: BTreeMap<i32, Day>,
    /// The durations of runs that succeed, in microseconds and in order, and the day of each.
    pub(super) durations: Vec<(u64, i32)>,
    /// Runs that fail, by error class.
    pub(super) classes: BTreeMap<Text, u64>,
}

/// Counts of runs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Day {
    pub(super) runs: u32,
    pub(super) failed: u32,
    /// Those that succeed, and whose duration is known.
    pub(super) timed: u32,
}

impl Cell {
    fn add(&mut self, record: &Record) {
        let day = self.days.entry(record.day).or_default();
        day.runs += 1;
        match record.outcome {
            Outcome::Failure => {
                day.failed += 1;
                *self.classes.entry(record.error_class).or_default() += 1;
            }
            Outcome::Success if record.duration != UNKNOWN => {
                day.timed += 1;
                self.durations.push((record.duration, record.day));
            }
            Outcome::Success | Outcome::Other => {}
        }
    }
}

/// The runs of these versions that use a command, by command.
pub(super) fn by_command(data: &Data, versions: &[Text]) -> BTreeMap<Text, Strata> {
    let mut commands: BTreeMap<Text, Strata> = BTreeMap::new();
    for record in data.records.iter().filter(|record| data.is_use(record)) {
        let Some(place) = versions.iter().position(|version| *version == record.version) else { continue };
        let stratum = (record.os, record.arch, record.ci == Some(true));
        let strata = commands.entry(record.command).or_default();
        let cells = strata.entry(stratum).or_insert_with(|| vec![Cell::default(); versions.len()]);
        cells.get_mut(place).into_iter().for_each(|cell| cell.add(record));
    }
    for cell in commands.values_mut().flat_map(BTreeMap::values_mut).flatten() {
        cell.durations.sort_unstable();
    }
    commands
}
