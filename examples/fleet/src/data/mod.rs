//! Runs in memory, as numbers: what the report and the tests of a release count.

mod read;
mod values;
mod version;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

pub use self::read::read;
pub use self::values::Values;
pub use self::version::compare;
use crate::run::{Run, has_failed};
use crate::store::{Batch, Row};
use crate::time;

/// The number of a text. 0 is the empty one, and stands for an unknown one.
pub type Text = u32;

/// The runs of one program.
#[derive(Debug)]
pub struct Data {
    pub texts: Texts,
    pub records: Vec<Record>,
    /// The times of phases, in the order of the records.
    pub phases: Vec<Phase>,
}

/// One run.
#[derive(Debug, Clone, Copy)]
pub struct Record {
    /// Days since 1970.
    pub day: i32,
    pub version: Text,
    pub os: Text,
    pub arch: Text,
    pub command: Text,
    pub ending: Text,
    pub error_class: Text,
    /// A JSON object, as are `facts` and `context`.
    pub options: Text,
    pub facts: Text,
    pub context: Text,
    pub active_week: Text,
    pub active_since: Text,
    pub dropped: u32,
    /// In microseconds, [`UNKNOWN`] if unknown.
    pub duration: u64,
    pub outcome: Outcome,
    pub ci: Option<bool>,
}

impl Record {
    /// The same run with other numbers for its texts.
    fn with_texts(&self, text: impl Fn(Text) -> Text) -> Self {
        Record {
            version: text(self.version),
            os: text(self.os),
            arch: text(self.arch),
            command: text(self.command),
            ending: text(self.ending),
            error_class: text(self.error_class),
            options: text(self.options),
            facts: text(self.facts),
            context: text(self.context),
            active_week: text(self.active_week),
            active_since: text(self.active_since),
            ..*self
        }
    }
}

pub const UNKNOWN: u64 = u64::MAX;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Success,
    Failure,
    /// Interrupted, canceled, or unknown.
    Other,
}

impl Outcome {
    fn of(status: &str) -> Self {
        match status {
            "success" | "completed" => Outcome::Success,
            status if has_failed(status) => Outcome::Failure,
            _ => Outcome::Other,
        }
    }
}

/// The time of a phase in one run.
#[derive(Debug, Clone, Copy)]
pub struct Phase {
    pub record: u32,
    pub name: Text,
    pub micros: u64,
}

/// Texts, each with a number.
#[derive(Debug)]
pub struct Texts {
    texts: Vec<String>,
    numbers: HashMap<String, Text>,
}

impl Texts {
    fn new() -> Self {
        Texts { texts: vec![String::new()], numbers: HashMap::from([(String::new(), 0)]) }
    }

    fn add(&mut self, text: &str) -> Text {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = u32::try_from(self.texts.len()).unwrap_or(0);
        self.texts.push(text.to_owned());
        self.numbers.insert(text.to_owned(), number);
        number
    }

    pub fn get(&self, number: Text) -> &str {
        self.texts.get(number as usize).map_or("", String::as_str)
    }
}

impl Default for Data {
    fn default() -> Self {
        Data { texts: Texts::new(), records: Vec::new(), phases: Vec::new() }
    }
}

impl Data {
    /// The runs of one program, without a file.
    pub fn of_runs<'a>(runs: impl IntoIterator<Item = Run<'a>>) -> Self {
        let mut data = Data::default();
        let batch = Batch::new(runs.into_iter().collect(), 0);
        let texts: Vec<Text> = batch.texts.iter().map(|text| data.texts.add(text)).collect();
        for row in &batch.rows {
            data.add(&batch, &texts, row);
        }
        data
    }

    fn add(&mut self, batch: &Batch, texts: &[Text], row: &Row) {
        let text = |place: u32| texts.get(place as usize).copied().unwrap_or(0);
        let optional = |place: Option<u32>| place.map_or(0, text);
        let record = Record {
            day: i32::try_from(row.start_hour / time::HOURS_PER_DAY).unwrap_or(0),
            version: text(row.version),
            os: text(row.os),
            arch: text(row.arch),
            command: text(row.command),
            ending: optional(row.ending),
            error_class: optional(row.error_class),
            options: optional(row.options),
            facts: optional(row.facts),
            context: optional(row.context),
            active_week: optional(row.active_week),
            active_since: optional(row.active_since),
            dropped: u32::try_from(row.dropped).unwrap_or(u32::MAX),
            duration: row.duration_us.unwrap_or(UNKNOWN),
            outcome: Outcome::of(batch.text(row.status)),
            ci: row.ci,
        };
        self.push(record, row.phases.as_deref());
    }

    /// Adds a run, and the times of its phases as JSON.
    fn push(&mut self, record: Record, phases: Option<&str>) {
        let number = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        for (name, micros) in phases.map(times).unwrap_or_default() {
            let name = self.texts.add(&name);
            self.phases.push(Phase { record: number, name, micros });
        }
        self.records.push(record);
    }

    /// Adds the runs of another part.
    fn append(&mut self, other: &Data) {
        let before = u32::try_from(self.records.len()).unwrap_or(u32::MAX);
        let texts: Vec<Text> = other.texts.texts.iter().map(|text| self.texts.add(text)).collect();
        let text = |number: Text| texts.get(number as usize).copied().unwrap_or(0);
        self.records.extend(other.records.iter().map(|record| record.with_texts(text)));
        self.phases.extend(other.phases.iter().map(|phase| Phase {
            record: before.saturating_add(phase.record),
            name: text(phase.name),
            micros: phase.micros,
        }));
    }

    /// Whether a run asked for help, or for the version.
    pub fn is_help(&self, record: &Record) -> bool {
        matches!(self.texts.get(record.ending), "help" | "version")
    }

    /// Whether a run can tell how its command fares: asking for the help of a command is no use of it. Without a command
    /// there is little else to do, so there it is one.
    pub fn is_use(&self, record: &Record) -> bool {
        record.command == 0 || !self.is_help(record)
    }

    /// Every value of a column, with the number of runs, the most frequent first.
    pub fn count(&self, column: impl Fn(&Record) -> Text) -> Vec<(Text, u64)> {
        let mut counts = vec![0_u64; self.texts.texts.len()];
        for record in &self.records {
            if let Some(count) = counts.get_mut(column(record) as usize) {
                *count += 1;
            }
        }
        let counted = (0..).zip(counts).filter(|(_, count)| *count > 0);
        let mut counted: Vec<(Text, u64)> = counted.collect();
        counted.sort_by_key(|(text, count)| (std::cmp::Reverse(*count), *text));
        counted
    }

    /// The versions, oldest first.
    pub fn versions(&self) -> Vec<(Text, u64)> {
        let mut versions = self.count(|record| record.version);
        versions.sort_by(|(a, _), (b, _)| compare(self.texts.get(*a), self.texts.get(*b)));
        versions
    }
}

/// The microseconds of each phase, from JSON.
fn times(json: &str) -> BTreeMap<Cow<'_, str>, u64> {
    // Names are seldom escaped, so they are seldom copied.
    match serde_json::from_str::<BTreeMap<&str, u64>>(json) {
        Ok(times) => times.into_iter().map(|(name, micros)| (name.into(), micros)).collect(),
        Err(_) => serde_json::from_str(json).unwrap_or_default(),
    }
}
