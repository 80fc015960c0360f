//! When to try again.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::Duration;

use crate::clock;

/// After the first failure.
const FIRST: Duration = Duration::from_secs(60);

/// However many failures there were.
const LONGEST: Duration = Duration::from_secs(6 * 60 * 60);

/// However long the receiver wants to be left alone.
const LONGEST_ASKED_FOR: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait after so many failures in a row: twice as long each time, and at random between half of it and all, so
/// that those who failed together do not come back together.
pub(crate) fn backoff(failures: u32, asked_for: Option<Duration>) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let longest = FIRST.saturating_mul(1 << doublings).min(LONGEST);
    let half = longest / 2;
    let jittered = half + half.mul_f64(random());
    jittered.max(asked_for.unwrap_or_default().min(LONGEST_ASKED_FOR))
}

/// Is it too early? A time further away than any wait was set by a clock that has been put back since.
pub(super) fn is_too_early(now: u64, next_attempt: Option<u64>) -> bool {
    let longest = u64::try_from(LONGEST_ASKED_FOR.as_millis()).unwrap_or(u64::MAX);
    next_attempt.is_some_and(|next| now < next && next - now <= longest)
}

/// A number from 0 to 1. Not worth a crate: the keys of a hash map are as random as this has to be.
fn random() -> f64 {
    f64::from(u32::try_from(RandomState::new().build_hasher().finish() >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

/// The header `Retry-After`: seconds, or a date.
pub(crate) fn after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    Some(Duration::from_millis(http_date(value)?.saturating_sub(clock::unix_ms())))
}

/// `Sun, 06 Nov 1994 08:49:37 GMT`, in milliseconds since the Unix epoch. The two older forms are not in use any more.
pub(crate) fn http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = text.strip_suffix(" GMT")?.split_once(", ")?.1.split([' ', ':']);
    let day: u64 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let month = 1 + MONTHS.iter().position(|month| *month == name)? as u64;
    let mut number = || parts.next()?.parse::<u64>().ok();
    let (year, hour, minute, second) = (number()?, number()?, number()?, number()?);
    let is_date = (1970..10_000).contains(&year) && (1..=31).contains(&day) && hour < 24 && minute < 60 && second < 61;
    is_date.then(|| (days_from_1970(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second) * 1_000)
}

/// Howard Hinnant's `days_from_civil`: years begin in March, so a leap day is the last of its year.
fn days_from_1970(year: u64, month: u64, day: u64) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let month_from_march = (month + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era).saturating_sub(719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates() {
        assert_eq!(http_date("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0));
        assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
        assert_eq!(http_date("Thu, 29 Feb 2024 23:59:59 GMT"), Some(1_709_251_199_000));
        for no_date in ["", "soon", "Sun, 06 Nov 1994", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT"]
        {
            assert_eq!(http_date(no_date), None, "{no_date}");
        }
    }

    #[test]
    fn a_receiver_says_when() {
        assert_eq!(after(" 120 "), Some(Duration::from_secs(120)));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        assert_eq!(after("-1"), None);
    }

    #[test]
    fn waits_grow_up_to_a_limit() {
        for (failures, longest) in [(1, 60), (2, 120), (3, 240), (100, 21_600)] {
            let wait = backoff(failures, None);
            let longest = Duration::from_secs(longest);
            assert!(longest / 2 <= wait && wait <= longest, "{failures}: {wait:?}");
        }
        assert_eq!(backoff(1, Some(Duration::from_secs(3_600))), Duration::from_secs(3_600));
        assert_eq!(backoff(1, Some(Duration::MAX)), LONGEST_ASKED_FOR);
    }

    #[test]
    fn a_clock_that_was_put_back_does_not_silence_for_ever() {
        assert!(is_too_early(1_000, Some(2_000)));
        assert!(!is_too_early(2_000, Some(1_000)));
        assert!(!is_too_early(1_000, Some(1_000_000_000)));
        assert!(!is_too_early(1_000, None));
    }
}
