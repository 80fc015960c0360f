//! How many requests a second are answered. For all senders together: to count by address, one would have to keep addresses.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A bucket of tokens, refilled at a steady rate. It holds those of one second.
#[derive(Debug)]
pub(super) struct Limit {
    per_second: f64,
    state: Mutex<(f64, Instant)>,
}

impl Limit {
    /// 0 stands for no limit.
    pub(super) fn new(per_second: u32) -> Self {
        let per_second = f64::from(per_second);
        Limit { per_second, state: Mutex::new((per_second, Instant::now())) }
    }

    /// Takes a token, if there is one.
    pub(super) fn admits(&self) -> bool {
        self.per_second == 0.0 || self.take(Instant::now())
    }

    fn take(&self, now: Instant) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, since) = &mut *state;
        *tokens =
            (*tokens + now.saturating_duration_since(*since).as_secs_f64() * self.per_second).min(self.per_second);
        *since = now;
        let admits = *tokens >= 1.0;
        if admits {
            *tokens -= 1.0;
        }
        admits
    }
}

/// When to come again, in seconds: spread over a minute, or all who were sent away would come back together.
pub(super) fn retry_after() -> u64 {
    30 + RandomState::new().build_hasher().finish() % 60
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn tokens_come_back() {
        let limit = Limit::new(2);
        let start = Instant::now();
        let at = |millis| limit.take(start + Duration::from_millis(millis));
        assert_eq!(
            [0, 0, 0, 400, 500, 600, 60_000, 60_000, 60_000].map(at),
            [true, true, false, false, true, false, true, true, false]
        );
        assert!((0..1_000).all(|_| Limit::new(0).admits()));
    }
}
