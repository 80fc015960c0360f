use crate::subject::Subjects;
use crate::world::micros;

const ROUNDS: usize = 500;

/// Microseconds from the start to the end of a process, medians.
#[derive(Debug)]
pub(crate) struct Times {
    pub(crate) plain: f64,
    pub(crate) added_off: f64,
    pub(crate) added_on: f64,
}

/// Runs them in turns and compares within a turn, so that a machine that slows down does so for all.
pub(crate) fn measure(subjects: &Subjects) -> Times {
    let rounds: Vec<[f64; 3]> = (0..ROUNDS).map(|_| subjects.each(|world| micros(world.run()))).collect();
    Times {
        plain: median(rounds.iter().map(|[plain, ..]| *plain)),
        added_off: median(rounds.iter().map(|[plain, off, _]| off - plain)),
        added_on: median(rounds.iter().map(|[plain, _, on]| on - plain)),
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values[values.len() / 2]
}
