//! When to try again.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::time::{Duration, SystemTime};

use httpdate::parse_http_date;

/// The longest wait after the first failure.
const FIRST_WAIT: Duration = Duration::from_secs(60);

/// The longest wait, however many failures there were.
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 60 * 60);

/// The longest wait that a receiver can ask for with `Retry-After`.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

/// How long to wait after this many consecutive failures: twice as long each time, with random jitter between half of that
/// and all of it, so that machines that failed together do not retry together.
pub(crate) fn backoff(failures: u32, asked_for: Option<Duration>) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let longest = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT);
    let half = longest / 2;
    let jittered = half + half.mul_f64(random());
    jittered.max(asked_for.unwrap_or_default().min(LONGEST_RETRY_AFTER))
}

/// Whether it is too early. A time further away than any wait was set before the clock was set back.
pub(super) fn is_too_early(now_unix_ms: u64, next_attempt_unix_ms: Option<u64>) -> bool {
    let longest = u64::try_from(LONGEST_RETRY_AFTER.as_millis()).unwrap_or(u64::MAX);
    next_attempt_unix_ms.is_some_and(|next| now_unix_ms < next && next - now_unix_ms <= longest)
}

/// A number from 0 to 1. Not worth a crate: the keys of a hash map are random enough.
fn random() -> f64 {
    f64::from(u32::try_from(RandomState::new().build_hasher().finish() >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

/// The header `Retry-After`: seconds, or a date.
pub(crate) fn after(value: &str) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = parse_http_date(value).ok()?;
    // A date in the past means no wait.
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receiver_says_when() {
        assert_eq!(after(" 120 "), Some(Duration::from_secs(120)));
        assert_eq!(after("Sun, 06 Nov 1994 08:49:37 GMT"), Some(Duration::ZERO));
        let hour = Duration::from_secs(3_600);
        let in_an_hour = after(&httpdate::fmt_http_date(SystemTime::now() + hour)).unwrap();
        assert!(hour / 2 < in_an_hour && in_an_hour <= hour);
        assert_eq!(after("-1"), None);
        assert_eq!(after("soon"), None);
    }

    #[test]
    fn waits_grow_up_to_a_limit() {
        for (failures, longest) in [(1, 60), (2, 120), (3, 240), (100, 21_600)] {
            let wait = backoff(failures, None);
            let longest = Duration::from_secs(longest);
            assert!(longest / 2 <= wait && wait <= longest, "{failures}: {wait:?}");
        }
        assert_eq!(backoff(1, Some(Duration::from_secs(3_600))), Duration::from_secs(3_600));
        assert_eq!(backoff(1, Some(Duration::MAX)), LONGEST_RETRY_AFTER);
    }

    #[test]
    fn a_clock_set_back_does_not_stop_delivery_for_ever() {
        assert!(is_too_early(1_000, Some(2_000)));
        assert!(!is_too_early(2_000, Some(1_000)));
        assert!(!is_too_early(1_000, Some(1_000_000_000)));
        assert!(!is_too_early(1_000, None));
    }
}
