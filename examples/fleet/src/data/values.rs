//! The values in options, facts and circumstances, which are JSON objects.

use std::collections::{BTreeMap, HashMap};

use super::{Data, Record, Text};

/// Runs by value, of each name in each group. A run is counted once for each name: where it has several values, these are
/// one text, with commas.
pub type Values = BTreeMap<(Text, String), BTreeMap<String, u64>>;

impl Data {
    /// Counts the values in a column of JSON objects, by group. Each distinct text is read once.
    pub fn values(&self, column: impl Fn(&Record) -> Text, group: impl Fn(&Record) -> Text) -> Values {
        let mut texts: HashMap<(Text, Text), u64> = HashMap::new();
        for record in self.records.iter().filter(|record| column(record) != 0) {
            *texts.entry((group(record), column(record))).or_default() += 1;
        }
        let mut counts = Values::new();
        for ((group, text), runs) in texts {
            let Ok(serde_json::Value::Object(object)) = serde_json::from_str(self.texts.get(text)) else { continue };
            for (name, value) in object {
                let value = value.as_str().unwrap_or_default().to_owned();
                *counts.entry((group, name)).or_default().entry(value).or_default() += runs;
            }
        }
        counts
    }
}
