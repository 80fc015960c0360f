//! Active machines, from the marks of each calendar week's first runs.
//!
//! No share of machines that come back is made of them: the first seven days after a yes usually touch two calendar weeks, so a
//! machine that is used daily marks two as its first, and one that is used once marks one.

use std::collections::BTreeMap;

use super::chart::{self, Series};
use super::format::count;
use super::period::Period;
use crate::data::Data;
use crate::time;

/// Since when a machine's user has agreed, in weeks, and what that is called.
const SINCE: [(&str, &str); 5] = [
    ("25+", "25 weeks and more"),
    ("5-24", "5 to 24 weeks"),
    ("2-4", "2 to 4 weeks"),
    ("1", "first seven days"),
    ("", "agreed by a variable"),
];

/// Active machines by week.
#[derive(Debug)]
pub(super) struct People {
    pub(super) chart: String,
    /// Of the last week that is over. `None` if there is none.
    pub(super) active: Option<String>,
}

/// `None` if the program does not mark weeks.
pub(super) fn people(data: &Data, period: &Period) -> Option<People> {
    let weeks: BTreeMap<String, usize> =
        period.weeks.iter().enumerate().map(|(position, monday)| (time::iso_week(*monday), position)).collect();
    let mut counts = vec![vec![0.0; period.weeks.len()]; SINCE.len()];
    let mut is_marked = false;
    for record in data.records.iter().filter(|record| record.active_week != 0) {
        let since = data.texts.get(record.active_since);
        let place = SINCE.iter().position(|(text, _)| *text == since);
        let week = weeks.get(data.texts.get(record.active_week));
        if let (Some(place), Some(week)) = (place, week)
            && let Some(value) = counts.get_mut(place).and_then(|weeks| weeks.get_mut(*week))
        {
            *value += 1.0;
            is_marked = true;
        }
    }
    if !is_marked {
        return None;
    }
    let get = |place: usize, week: usize| counts.get(place).and_then(|weeks| weeks.get(week)).copied().unwrap_or(0.0);
    // The last week may not be over, nor the first one complete.
    let is_over = period.weeks.last().is_some_and(|monday| period.last - monday == 6);
    let last = period.weeks.len().checked_sub(if is_over { 1 } else { 2 });
    let active = last.map(|last| count((0..SINCE.len()).map(|place| get(place, last)).sum::<f64>() as u64));
    let series = SINCE.iter().zip(counts).filter(|(_, values)| values.iter().any(|value| *value > 0.0));
    let series: Vec<Series> = series.map(|((_, name), values)| Series { name: (*name).to_owned(), values }).collect();
    Some(People {
        chart: chart::stacked("Active machines by week, by time since the yes", &period.weeks, &series),
        active,
    })
}
