use std::time::Instant;

use crate::subject::{Subject, Subjects};

const ROUNDS: usize = 500;

/// Microseconds from the start of a process to its end, medians.
#[derive(Debug)]
pub(crate) struct Times {
    pub(crate) plain: f64,
    pub(crate) added_off: f64,
    pub(crate) added_on: f64,
}

/// Runs them in turn and compares within a turn, so that a machine that grows slower does so for all.
pub(crate) fn measure(subjects: &Subjects) -> Times {
    let rounds: Vec<[f64; 3]> = (0..ROUNDS).filter_map(|_| subjects.each(|subject| Some(micros(subject)))).collect();
    Times {
        plain: median(rounds.iter().map(|[plain, ..]| *plain)),
        added_off: median(rounds.iter().map(|[plain, off, _]| off - plain)),
        added_on: median(rounds.iter().map(|[plain, _, on]| on - plain)),
    }
}

fn micros(subject: &Subject) -> f64 {
    let mut command = subject.run();
    let start = Instant::now();
    command.status().expect("the program runs");
    start.elapsed().as_secs_f64() * 1e6
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
