//! The days and weeks of a report.

use crate::data::{Data, Record};
use crate::time;

/// Bars of a chart, at most. With more days, each stands for a week.
const MAX_BARS: i64 = 100;

#[derive(Debug)]
pub(super) struct Period {
    pub(super) first: i64,
    pub(super) last: i64,
    /// The Mondays.
    pub(super) weeks: Vec<i64>,
    /// The first days of what a bar stands for.
    pub(super) bars: Vec<i64>,
}

impl Period {
    /// From the first run to the last. `None` without runs.
    pub(super) fn of(data: &Data) -> Option<Self> {
        let days = || data.records.iter().map(|record| i64::from(record.day));
        let (first, last) = (days().min()?, days().max()?);
        let weeks: Vec<i64> = (time::monday(first)..=last).step_by(7).collect();
        let bars = if last - first < MAX_BARS { (first..=last).collect() } else { weeks.clone() };
        Some(Period { first, last, weeks, bars })
    }

    pub(super) fn week(&self, record: &Record) -> usize {
        position(i64::from(record.day) - time::monday(self.first)) / 7
    }

    pub(super) fn bar(&self, record: &Record) -> usize {
        if self.bars.len() == self.weeks.len() && self.bars == self.weeks {
            self.week(record)
        } else {
            position(i64::from(record.day) - self.first)
        }
    }

    /// The days in which the last seven of them are.
    pub(super) fn is_recent(&self, record: &Record) -> bool {
        i64::from(record.day) > self.last - 7
    }
}

fn position(days: i64) -> usize {
    usize::try_from(days).unwrap_or(0)
}
