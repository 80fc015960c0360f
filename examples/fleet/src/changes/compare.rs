//! One comparison of two versions: do runs fail more often, do they take longer.
//!
//! Both tests are stratified: like is compared with like, so that a new version that is used on other platforms does not look
//! changed. For failures this is the test of Cochran, Mantel and Haenszel, for durations that of van Elteren (the sum of
//! ranks of Mann, Whitney and Wilcoxon, by stratum).
//!
//! Both take runs for independent, which those of one machine are not. No identifier says which these are. But their
//! dependence shows in days that differ more than independent runs would. The variance is multiplied by how much more
//! (as in a quasi-binomial model), and the statistic is compared with Student's t with as many degrees as there are days,
//! less one for each version and stratum.

use std::collections::BTreeMap;

use super::cell::Cell;
use super::special::student_two_sided;

/// The result of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tested {
    /// Positive if values of the new version are greater.
    pub(super) t: f64,
    pub(super) p: f64,
}

/// The sums over strata of what is tested.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Sums {
    /// How far the new version's sum is from what it would be without a difference.
    difference: f64,
    variance: f64,
    /// How days differ, in units of what chance explains: the sum of squares, and its degrees of freedom.
    squares: f64,
    squares_degrees: f64,
    /// The degrees of freedom of all days, with those of a version that always or never fails: its days do not differ,
    /// which says nothing about chance, but they are days all the same.
    degrees: f64,
}

impl Sums {
    /// Whether the share of failures differs within a stratum.
    pub(super) fn of_shares(before: &Cell, since: &Cell) -> Self {
        let [old, new] = [before, since].map(|cell| {
            let days = cell.days.values().map(|day| (f64::from(day.runs), f64::from(day.failed)));
            days.collect::<Vec<_>>()
        });
        let ((old_runs, old_failed), (new_runs, new_failed)) = (total(&old), total(&new));
        let (all, failed) = (old_runs + new_runs, old_failed + new_failed);
        let mut sums = Sums::default();
        // Where there is one version only, or all runs fail, or none does, there is nothing to compare.
        if old_runs == 0.0 || new_runs == 0.0 || failed == 0.0 || failed == all {
            return sums;
        }
        sums.difference = new_failed - new_runs * failed / all;
        sums.variance = new_runs * old_runs * failed * (all - failed) / (all * all * (all - 1.0));
        for (days, share) in [(&old, old_failed / old_runs), (&new, new_failed / new_runs)] {
            sums.add_days(days, share * (1.0 - share));
        }
        sums
    }

    /// Whether durations differ within a stratum.
    pub(super) fn of_durations(before: &Cell, since: &Cell) -> Self {
        let [old_runs, new_runs] = [before, since].map(|cell| cell.durations.len() as f64);
        let all = old_runs + new_runs;
        let mut sums = Sums::default();
        if old_runs == 0.0 || new_runs == 0.0 {
            return sums;
        }
        let Ranks { days: [old, new], ties } = Ranks::of([&before.durations, &since.durations]);
        // Ranks from 0 to 1, whose mean is a half.
        sums.difference = total(&new).1 - new_runs / 2.0;
        let of_one = ((all + 1.0) - ties / (all * (all - 1.0))) / (12.0 * (all + 1.0).powi(2)) * all;
        sums.variance = new_runs * old_runs / all * of_one;
        for days in [&old, &new] {
            sums.add_days(days, of_one);
        }
        sums
    }

    /// Adds how the days of one version differ, given their counts and sums, and the variance of one observation.
    fn add_days(&mut self, days: &[(f64, f64)], variance: f64) {
        let (count, sum) = total(days);
        let (mean, degrees) = (sum / count, days.len() as f64 - 1.0);
        self.degrees += degrees;
        if variance > 0.0 {
            self.squares += days.iter().map(|(n, sum)| n * (sum / n - mean).powi(2)).sum::<f64>() / variance;
            self.squares_degrees += degrees;
        }
    }

    /// `None` if there is too little to tell.
    pub(super) fn tested(&self) -> Option<Tested> {
        if self.variance <= 0.0 || self.degrees < 4.0 {
            return None;
        }
        // 0 of 0 if neither version differs from day to day, which `max` takes for less than 1.
        let dispersion = (self.squares / self.squares_degrees).max(1.0);
        let t = self.difference / (self.variance * dispersion).sqrt();
        Some(Tested { t, p: student_two_sided(t, self.degrees) })
    }
}

impl std::iter::Sum for Sums {
    fn sum<I: Iterator<Item = Self>>(strata: I) -> Self {
        strata.fold(Sums::default(), |a, b| Sums {
            difference: a.difference + b.difference,
            variance: a.variance + b.variance,
            squares: a.squares + b.squares,
            squares_degrees: a.squares_degrees + b.squares_degrees,
            degrees: a.degrees + b.degrees,
        })
    }
}

/// The counts and sums of all days.
fn total(days: &[(f64, f64)]) -> (f64, f64) {
    days.iter().fold((0.0, 0.0), |(count, sum), day| (count + day.0, sum + day.1))
}

/// The ranks of two versions' durations among all of them, divided by one more than their number. Equal values have the same.
struct Ranks {
    /// Of each version: for each day, how many there are, and their sum.
    days: [Vec<(f64, f64)>; 2],
    /// The sum of `t³ - t` over ties of `t` values.
    ties: f64,
}

impl Ranks {
    /// Merges durations that are in order.
    fn of(mut versions: [&[(u64, i32)]; 2]) -> Self {
        let scale = 1.0 / (versions.map(<[_]>::len).iter().sum::<usize>() as f64 + 1.0);
        let mut days = [BTreeMap::new(), BTreeMap::new()];
        let (mut before, mut ties) = (0.0, 0.0);
        while let Some(least) = versions.iter().filter_map(|left| left.first()).map(|(value, _)| *value).min() {
            let equal = versions.map(|left| left.iter().take_while(|(value, _)| *value == least).count());
            let count = equal.iter().sum::<usize>() as f64;
            ties += count.powi(3) - count;
            let rank = (before + (count + 1.0) / 2.0) * scale;
            before += count;
            for ((left, equal), days) in versions.iter_mut().zip(equal).zip(&mut days) {
                let (ranked, rest) = left.split_at(equal);
                *left = rest;
                for (_, day) in ranked {
                    let (count, sum) = days.entry(*day).or_insert((0.0, 0.0));
                    *count += 1.0;
                    *sum += rank;
                }
            }
        }
        Ranks { days: days.map(|days| days.into_values().collect()), ties }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::Day;
    use super::*;

    /// Every day the same, so that the dispersion is 1.
    fn shares(values: &[u32]) -> Cell {
        on_days(&[values.iter().sum(); 10], values.len())
    }

    /// Failures of so many runs, day by day.
    fn on_days(failed: &[u32], runs: usize) -> Cell {
        let day = |failed: &u32| Day { runs: u32::try_from(runs).unwrap(), failed: *failed, timed: 0 };
        Cell { days: (0..).zip(failed.iter().map(day)).collect(), ..Cell::default() }
    }

    fn durations(values: &[u64]) -> Cell {
        let mut durations: Vec<_> = (0..10).flat_map(|day| values.iter().map(move |value| (*value, day))).collect();
        durations.sort_unstable();
        Cell { durations, ..Cell::default() }
    }

    fn tested(strata: &[Sums]) -> Option<Tested> {
        strata.iter().copied().sum::<Sums>().tested()
    }

    #[test]
    fn a_single_stratum_is_the_textbook_s_test() {
        // 100 of 400 against 60 of 400, without continuity correction.
        let found = Sums::of_shares(&on_days(&[6; 10], 40), &on_days(&[10; 10], 40)).tested().unwrap();
        // z = (0.25 - 0.15) / sqrt(0.2 * 0.8 * 2 / 400), and one observation less in the variance.
        let expected = 0.1 / (0.16 * 2.0 / 400.0_f64).sqrt() * (799.0 / 800.0_f64).sqrt();
        assert!((found.t - expected).abs() < 1e-9, "{found:?} {expected}");
        // With the 18 degrees of twice ten days.
        assert!((found.p - student_two_sided(expected, 18.0)).abs() < 1e-12);
    }

    #[test]
    fn ranks_are_those_of_mann_and_whitney() {
        let found = Sums::of_durations(&durations(&[1, 3, 5]), &durations(&[2, 4, 9])).tested().unwrap();
        // 30 against 30 values in ten-fold ties: U = 600 of 900.
        let (n, ties) = (60.0_f64, 6.0 * 990.0);
        let variance: f64 = 900.0 / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0)));
        let expected = (600.0 - 450.0) / variance.sqrt();
        assert!((found.t - expected).abs() < 1e-9, "{found:?} {expected}");
    }

    #[test]
    fn another_mix_is_no_change() {
        // The first stratum always fails more often, and is slower; the new version is used there more.
        let (half, never) = ([1, 0, 1, 0], [0, 0, 0, 0, 0, 0, 0, 1]);
        let strata = [
            Sums::of_shares(&shares(&half), &shares(&half.repeat(5))),
            Sums::of_shares(&shares(&never.repeat(5)), &shares(&never)),
        ];
        assert!(tested(&strata).unwrap().t.abs() < 1e-9);
        let (slow, fast) = ([3, 4, 5], [1, 2, 3]);
        let strata = [
            Sums::of_durations(&durations(&slow), &durations(&slow.repeat(5))),
            Sums::of_durations(&durations(&fast.repeat(5)), &durations(&fast)),
        ];
        assert!(tested(&strata).unwrap().t.abs() < 1e-9);
    }

    #[test]
    fn days_that_differ_count_for_less() {
        let calm = Sums::of_shares(&on_days(&[1; 10], 4), &on_days(&[2; 10], 4)).tested().unwrap();
        // As many, but all failures of a version on a few days.
        let (old, new) = ([0, 0, 0, 0, 0, 0, 0, 2, 4, 4], [0, 0, 0, 0, 0, 4, 4, 4, 4, 4]);
        let wild = Sums::of_shares(&on_days(&old, 4), &on_days(&new, 4)).tested().unwrap();
        assert!(calm.p < 0.05 && wild.p > 0.1 && wild.t > 0.0, "{calm:?} {wild:?}");
    }

    /// The days of a version that always or never fails do not differ. They are days all the same.
    #[test]
    fn all_and_nothing_can_be_compared() {
        let (never, always, some) = ([0; 10], [1; 10], [0, 0, 1, 0, 0, 1, 0, 0, 1, 0]);
        for (before, since, sign) in
            [(never, always, 1.0), (always, never, -1.0), (never, some, 1.0), (some, always, 1.0)]
        {
            let found = Sums::of_shares(&shares(&before), &shares(&since)).tested().unwrap();
            assert!(found.p < 1e-4 && found.t * sign > 0.0, "{found:?}");
        }
        // Neither has anything to tell.
        for same in [never, always] {
            assert_eq!(Sums::of_shares(&shares(&same), &shares(&same)).tested(), None);
        }
    }

    /// That one version never fails does not make the other one's bad days count for more.
    #[test]
    fn a_bad_day_is_no_change() {
        let found = Sums::of_shares(&on_days(&[0; 10], 10), &on_days(&[0, 0, 0, 10, 0, 0, 0, 0, 0, 0], 10));
        let found = found.tested().unwrap();
        assert!(found.t > 0.0 && found.p > 0.1, "{found:?}");
    }

    #[test]
    fn nothing_is_nothing() {
        let (nothing, something) = (Cell::default(), shares(&[1]));
        assert_eq!(Sums::default().tested(), None);
        assert_eq!(Sums::of_shares(&nothing, &something).tested(), None);
        assert_eq!(Sums::of_durations(&durations(&[1]), &nothing).tested(), None);
    }
}
