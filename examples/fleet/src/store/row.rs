//! What is kept of a run.

use serde_json::{Map, Value as Json};

use crate::run::{Run, Value};
use crate::time::{HOURS_PER_DAY, MS_PER_HOUR};

/// A run, ready to be written. Made by the thread that received it, so that the one that writes has less to do.
#[derive(Debug, Clone)]
pub struct Row {
    pub(super) run: Run,
    pub(super) start_hour: i64,
    pub(super) received_day: i64,
    pub(super) details: Details,
}

/// What a run has beyond its command and how it ended, as JSON objects.
#[derive(Debug, Clone)]
pub struct Details {
    pub options: Option<String>,
    pub facts: Option<String>,
    pub context: Option<String>,
    pub phases: Option<String>,
}

impl Row {
    pub fn new(mut run: Run, received_unix_ms: u64) -> Self {
        let hours = |unix_ms: u64| i64::try_from(unix_ms / MS_PER_HOUR).unwrap_or(0);
        let phases = run.phases.drain(..).map(|(name, micros)| (name, Json::from(micros))).collect();
        Row {
            start_hour: hours(run.start_unix_ms),
            received_day: hours(received_unix_ms) / HOURS_PER_DAY,
            details: Details {
                options: texts(&mut run.options),
                facts: texts(&mut run.facts),
                context: texts(&mut run.context),
                phases: object(phases),
            },
            run,
        }
    }

    /// The day, in days since 1970, the details, and the run without them.
    pub fn into_parts(self) -> (i32, Details, Run) {
        (i32::try_from(self.start_hour / HOURS_PER_DAY).unwrap_or(0), self.details, self.run)
    }
}

fn texts(pairs: &mut Vec<(String, Value)>) -> Option<String> {
    object(pairs.drain(..).map(|(name, value)| (name, Json::from(value.to_text()))).collect())
}

/// Sorted by name, so that what is equal is stored once.
fn object(map: Map<String, Json>) -> Option<String> {
    (!map.is_empty()).then(|| Json::from(map).to_string())
}
