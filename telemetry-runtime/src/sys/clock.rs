//! The time of day, and elapsed time.

use std::time::Duration;

/// Now, in milliseconds since the Unix epoch; 0 if the clock is set to an earlier time.
pub(crate) fn unix_ms() -> u64 {
    u64::try_from(system::since_epoch().as_millis()).unwrap_or(0)
}

/// Measures elapsed time on a monotonic clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(system::Moment);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Stopwatch(system::now())
    }

    /// The time since the start. Async-signal-safe.
    pub(crate) fn elapsed(self) -> Duration {
        system::elapsed(self.0)
    }
}

/// Raw system calls. std would import libc's `clock_gettime`, which nothing else in a small program needs, and the
/// dynamic linker would look it up at the start of every run, recorded or not: 600 to 3,000 instructions, depending on
/// where the symbol ends up in the table. A recorded run reads the clock three times.
#[cfg(all(target_os = "linux", target_pointer_width = "64"))]
mod system {
    use super::Duration;

    pub(super) type Moment = Duration;

    pub(super) fn since_epoch() -> Duration {
        clock(libc::CLOCK_REALTIME)
    }

    pub(super) fn now() -> Moment {
        clock(libc::CLOCK_MONOTONIC)
    }

    pub(super) fn elapsed(since: Moment) -> Duration {
        now().saturating_sub(since)
    }

    /// Reads a clock; zero if its time is negative. Async-signal-safe.
    fn clock(name: libc::clockid_t) -> Duration {
        let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the kernel writes two 64-bit integers, which is the layout of `timespec` on the targets of this
        // `cfg`.
        unsafe { libc::syscall(libc::SYS_clock_gettime, name, &raw mut time) };
        Duration::new(u64::try_from(time.tv_sec).unwrap_or(0), u32::try_from(time.tv_nsec).unwrap_or(0))
    }
}

#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
mod system {
    use std::time::{Instant, SystemTime, UNIX_EPOCH};

    use super::Duration;

    pub(super) type Moment = Instant;

    pub(super) fn since_epoch() -> Duration {
        SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    pub(super) fn now() -> Moment {
        Instant::now()
    }

    pub(super) fn elapsed(since: Moment) -> Duration {
        since.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{SystemTime, UNIX_EPOCH};

    use super::*;

    #[test]
    fn the_clocks_agree_with_std() {
        let since_epoch = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        let before = since_epoch();
        let now = u128::from(unix_ms());
        assert!((before..=since_epoch()).contains(&now));

        let start = std::time::Instant::now();
        let watch = Stopwatch::start();
        std::thread::sleep(Duration::from_millis(20));
        let elapsed = watch.elapsed();
        assert!(elapsed >= Duration::from_millis(20) && elapsed <= start.elapsed());
    }
}
