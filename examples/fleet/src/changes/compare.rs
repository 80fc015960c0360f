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

use super::special::student_two_sided;
use crate::data::Text;

/// Within it like is compared with like: the OS, the architecture, and whether in CI.
pub(super) type Stratum = (Text, Text, bool);

/// A run, as a test sees it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observation {
    pub(super) stratum: Stratum,
    pub(super) is_new: bool,
    pub(super) day: i32,
    /// 1 for a failure and 0 for none, or a duration.
    pub(super) value: f64,
}

/// The result of a test.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tested {
    /// Positive if values of the new version are greater.
    pub(super) t: f64,
    pub(super) p: f64,
}

/// The sums over strata of what is tested.
#[derive(Debug, Default)]
struct Sums {
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
    fn tested(&self) -> Option<Tested> {
        if self.variance <= 0.0 || self.degrees < 4.0 {
            return None;
        }
        // 0 of 0 if neither version differs from day to day, which `max` takes for less than 1.
        let dispersion = (self.squares / self.squares_degrees).max(1.0);
        let t = self.difference / (self.variance * dispersion).sqrt();
        Some(Tested { t, p: student_two_sided(t, self.degrees) })
    }

    /// Adds how the days of one version and stratum differ, given the variance of one observation.
    fn add_days(&mut self, days: &BTreeMap<(bool, i32), (f64, f64)>, is_new: bool, variance: f64) {
        let of_version = || days.iter().filter(|((new, _), _)| *new == is_new).map(|(_, day)| *day);
        let (count, sum) = of_version().fold((0.0, 0.0), |(n, s), (count, sum)| (n + count, s + sum));
        if count <= 0.0 {
            return;
        }
        let (mean, degrees) = (sum / count, of_version().count() as f64 - 1.0);
        self.degrees += degrees;
        if variance > 0.0 {
            self.squares += of_version().map(|(n, sum)| n * (sum / n - mean).powi(2)).sum::<f64>() / variance;
            self.squares_degrees += degrees;
        }
    }
}

/// Whether the share of failures differs. `None` if there is too little to tell.
pub(super) fn shares(observations: &[Observation]) -> Option<Tested> {
    let mut sums = Sums::default();
    for stratum in observations.chunk_by(|a, b| a.stratum == b.stratum) {
        let all = stratum.len() as f64;
        let new = stratum.iter().filter(|it| it.is_new).count() as f64;
        let failed: f64 = stratum.iter().map(|it| it.value).sum();
        // Where there is one version only, or all runs fail, or none does, there is nothing to compare.
        if new == 0.0 || new == all || failed == 0.0 || failed == all {
            continue;
        }
        let failed_new: f64 = stratum.iter().filter(|it| it.is_new).map(|it| it.value).sum();
        sums.difference += failed_new - new * failed / all;
        sums.variance += new * (all - new) * failed * (all - failed) / (all * all * (all - 1.0).max(1.0));
        add_both(&mut sums, stratum, |it| it.value, |share| share * (1.0 - share));
    }
    sums.tested()
}

/// Whether durations differ. Sorts the observations. `None` if there is too little to tell.
pub(super) fn durations(observations: &mut [Observation]) -> Option<Tested> {
    let mut sums = Sums::default();
    for stratum in observations.chunk_by_mut(|a, b| a.stratum == b.stratum) {
        stratum.sort_unstable_by(|a, b| a.value.total_cmp(&b.value));
        let all = stratum.len() as f64;
        let new = stratum.iter().filter(|it| it.is_new).count() as f64;
        let ties = rank(stratum);
        if new == 0.0 || new == all {
            continue;
        }
        // Ranks from 0 to 1, whose mean is a half.
        let sum: f64 = stratum.iter().filter(|it| it.is_new).map(|it| it.value).sum();
        sums.difference += sum - new / 2.0;
        let of_one = ((all + 1.0) - ties / (all * (all - 1.0).max(1.0))) / (12.0 * (all + 1.0).powi(2)) * all;
        sums.variance += new * (all - new) / all * of_one;
        add_both(&mut sums, stratum, |it| it.value, |_| of_one);
    }
    sums.tested()
}

/// Adds how the days differ, for both versions.
fn add_both(
    sums: &mut Sums,
    stratum: &[Observation],
    value: impl Fn(&Observation) -> f64,
    variance: impl Fn(f64) -> f64,
) {
    let mut days: BTreeMap<(bool, i32), (f64, f64)> = BTreeMap::new();
    for observation in stratum {
        let (count, sum) = days.entry((observation.is_new, observation.day)).or_default();
        *count += 1.0;
        *sum += value(observation);
    }
    for is_new in [false, true] {
        let of_version = stratum.iter().filter(|it| it.is_new == is_new);
        let (count, sum) = of_version.fold((0.0, 0.0), |(count, sum), it| (count + 1.0, sum + value(it)));
        sums.add_days(&days, is_new, variance(sum / count));
    }
}

/// Replaces sorted values by their ranks, divided by one more than their number; equal values have the same. Returns the sum
/// of `t³ - t` over ties of `t` values.
fn rank(sorted: &mut [Observation]) -> f64 {
    let scale = 1.0 / (sorted.len() as f64 + 1.0);
    let (mut before, mut ties) = (0.0, 0.0);
    for equal in sorted.chunk_by_mut(|a, b| a.value == b.value) {
        let count = equal.len() as f64;
        ties += count.powi(3) - count;
        equal.iter_mut().for_each(|it| it.value = (before + (count + 1.0) / 2.0) * scale);
        before += count;
    }
    ties
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every day the same, so that the dispersion is 1.
    fn observations(os: Text, is_new: bool, values: &[f64]) -> Vec<Observation> {
        let stratum = (os, 0, false);
        let of_day = |day| values.iter().map(move |value| Observation { stratum, is_new, day, value: *value });
        (0..10).flat_map(of_day).collect()
    }

    #[test]
    fn a_single_stratum_is_the_textbook_s_test() {
        // 100 of 400 against 60 of 400, without continuity correction.
        let share = |of_ten: usize| (0..40).map(|it| f64::from(u8::from(it < of_ten))).collect::<Vec<_>>();
        let all = [observations(0, false, &share(6)), observations(0, true, &share(10))].concat();
        let found = shares(&all).unwrap();
        // z = (0.25 - 0.15) / sqrt(0.2 * 0.8 * 2 / 400), and one observation less in the variance.
        let expected = 0.1 / (0.16 * 2.0 / 400.0_f64).sqrt() * (799.0 / 800.0_f64).sqrt();
        assert!((found.t - expected).abs() < 1e-9, "{found:?} {expected}");
        // With the 18 degrees of twice ten days.
        assert!((found.p - student_two_sided(expected, 18.0)).abs() < 1e-12);
    }

    #[test]
    fn ranks_are_those_of_mann_and_whitney() {
        let mut all = [observations(0, false, &[1.0, 3.0, 5.0]), observations(0, true, &[2.0, 4.0, 9.0])].concat();
        let found = durations(&mut all).unwrap();
        // 30 against 30 values in ten-fold ties: U = 600 of 900.
        let (n, ties) = (60.0_f64, 6.0 * 990.0);
        let variance: f64 = 900.0 / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0)));
        let expected = (600.0 - 450.0) / variance.sqrt();
        assert!((found.t - expected).abs() < 1e-9, "{found:?} {expected}");
    }

    #[test]
    fn another_mix_is_no_change() {
        // The first stratum always fails more often; the new version is used there more.
        let half = [1.0, 0.0, 1.0, 0.0];
        let never = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        let mut all = observations(0, false, &half);
        all.extend(observations(0, true, &half.repeat(5)));
        all.extend(observations(1, false, &never.repeat(5)));
        all.extend(observations(1, true, &never));
        assert!(shares(&all).unwrap().t.abs() < 1e-9);
        assert!(durations(&mut all).unwrap().t.abs() < 1e-9);
    }

    #[test]
    fn days_that_differ_count_for_less() {
        let calm =
            [observations(0, false, &[0.0, 0.0, 0.0, 1.0]), observations(0, true, &[0.0, 1.0, 0.0, 1.0])].concat();
        let mut wild = calm.clone();
        // The same values, but all failures of a version on a few days.
        for is_new in [false, true] {
            let mut values: Vec<f64> = calm.iter().filter(|it| it.is_new == is_new).map(|it| it.value).collect();
            values.sort_by(f64::total_cmp);
            wild.iter_mut().filter(|it| it.is_new == is_new).zip(values).for_each(|(it, value)| it.value = value);
        }
        let (calm, wild) = (shares(&calm).unwrap(), shares(&wild).unwrap());
        assert!(calm.p < 0.05 && wild.p > 0.1 && wild.t > 0.0, "{calm:?} {wild:?}");
    }

    /// The days of a version that always or never fails do not differ. They are days all the same.
    #[test]
    fn all_and_nothing_can_be_compared() {
        let (never, always, some) = ([0.0; 10], [1.0; 10], [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
        for (before, since, sign) in
            [(never, always, 1.0), (always, never, -1.0), (never, some, 1.0), (some, always, 1.0)]
        {
            let all = [observations(0, false, &before), observations(0, true, &since)].concat();
            let found = shares(&all).unwrap();
            assert!(found.p < 1e-4 && found.t * sign > 0.0, "{found:?}");
        }
        // Neither has anything to tell.
        for same in [never, always] {
            assert_eq!(shares(&[observations(0, false, &same), observations(0, true, &same)].concat()), None);
        }
    }

    /// That one version never fails does not make the other one's bad days count for more.
    #[test]
    fn a_bad_day_is_no_change() {
        let mut all = [observations(0, false, &[0.0; 10]), observations(0, true, &[0.0; 10])].concat();
        all.iter_mut().filter(|it| it.is_new && it.day == 3).for_each(|it| it.value = 1.0);
        let found = shares(&all).unwrap();
        assert!(found.t > 0.0 && found.p > 0.1, "{found:?}");
    }

    #[test]
    fn nothing_is_nothing() {
        assert_eq!(shares(&[]), None);
        assert_eq!(durations(&mut []), None);
        assert_eq!(shares(&observations(0, true, &[1.0])), None);
    }
}
