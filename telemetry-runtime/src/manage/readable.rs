//! Numbers, sizes and times as people read them.

use std::fmt::{self, Display, Formatter};

use crate::event::Date;
use crate::sys;
use crate::sys::clock;

/// `1 event`, `2 events`.
pub(super) struct Count(pub(super) u64, pub(super) &'static str);

impl Display for Count {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Count(number, unit) = self;
        let plural = if *number == 1 { "" } else { "s" };
        write!(out, "{number} {unit}{plural}")
    }
}

/// A number of bytes: `17 bytes`, `8 KiB`, `2.5 MiB`.
pub(super) struct Size(pub(super) u64);

impl Display for Size {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        const KIB: u64 = 1024;
        const MIB: u64 = 1024 * KIB;
        match self.0 {
            bytes @ ..KIB => Count(bytes, "byte").fmt(out),
            bytes @ KIB..MIB => write!(out, "{} KiB", bytes / KIB),
            bytes => write!(out, "{} MiB", Tenths(bytes / (MIB / 10))),
        }
    }
}

/// A number of microseconds in two digits or three: `250 µs`, `5.2 ms`, `120 ms`, `1.2 s`, `75 s`, `20 min`, `3 h`. `-` when
/// unknown.
pub(super) struct Micros(pub(super) i64);

impl Display for Micros {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Ok(micros) = u64::try_from(self.0) else { return out.write_str("-") };
        let (tenths, unit) = match micros {
            0..1_000 => (micros * 10, "µs"),
            1_000..10_000 => (micros / 100, "ms"),
            10_000..1_000_000 => (micros / 1_000 * 10, "ms"),
            1_000_000..10_000_000 => (micros / 100_000, "s"),
            10_000_000..120_000_000 => (micros / 1_000_000 * 10, "s"),
            120_000_000..7_200_000_000 => (micros / 60_000_000 * 10, "min"),
            _ => (micros / 3_600_000_000 * 10, "h"),
        };
        write!(out, "{} {unit}", Tenths(tenths))
    }
}

/// `5`, `5.2`.
struct Tenths(u64);

impl Display for Tenths {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.0 / 10)?;
        match self.0 % 10 {
            0 => Ok(()),
            tenth => write!(out, ".{tenth}"),
        }
    }
}

/// Dates as seen from now.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    now_unix_ms: u64,
    /// How many seconds the user's clocks are ahead of UTC at a time; `None` if unknown.
    offset: fn(i64) -> Option<i64>,
}

impl Calendar {
    #[inline(never)]
    pub(super) fn now() -> Self {
        Calendar { now_unix_ms: clock::unix_ms(), offset: sys::utc_offset_secs }
    }

    pub(super) fn now_unix_ms(self) -> u64 {
        self.now_unix_ms
    }

    /// Whether dates are in the user's time zone. Otherwise they are in UTC.
    pub(super) fn is_local(self) -> bool {
        (self.offset)(seconds(self.now_unix_ms)).is_some()
    }

    /// `today 14:05`, `Nov 24 14:05`, `2025-11-24`: in the user's time zone if it is known.
    pub(super) fn date(self, unix_ms: u64) -> String {
        const MONTHS: &str = "JanFebMarAprMayJunJulAugSepOctNovDec";
        let (now, then) = (self.local(self.now_unix_ms), self.local(unix_ms));
        let Date { year, month, day, hour, minute, .. } = then;
        if (now.year, now.month, now.day) == (year, month, day) {
            format!("today {hour:02}:{minute:02}")
        } else if now.year == year {
            let end = 3 * month as usize;
            let name = MONTHS.get(end.saturating_sub(3)..end).unwrap_or_default();
            format!("{name} {day:02} {hour:02}:{minute:02}")
        } else {
            format!("{year}-{month:02}-{day:02}")
        }
    }

    /// `2026-11-24`: the day in the user's time zone if it is known.
    #[cfg(feature = "html")]
    pub(super) fn day(self, unix_ms: u64) -> String {
        let Date { year, month, day, .. } = self.local(unix_ms);
        format!("{year}-{month:02}-{day:02}")
    }

    /// `just now`, `2 minutes ago`, `in 3 hours`.
    #[inline(never)]
    pub(super) fn distance(self, unix_ms: u64) -> Distance {
        Distance { seconds: self.now_unix_ms.abs_diff(unix_ms) / 1_000, is_ahead: unix_ms > self.now_unix_ms }
    }

    #[inline(never)]
    fn local(self, unix_ms: u64) -> Date {
        let utc = seconds(unix_ms);
        let local = utc.saturating_add((self.offset)(utc).unwrap_or(0));
        Date::of(u64::try_from(local).unwrap_or(0))
    }
}

/// How far a time is from now.
pub(super) struct Distance {
    seconds: u64,
    is_ahead: bool,
}

impl Display for Distance {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let count = match self.seconds {
            0..60 => return out.write_str(if self.is_ahead { "in less than a minute" } else { "just now" }),
            seconds @ 60..3_600 => Count(seconds / 60, "minute"),
            seconds @ 3_600..86_400 => Count(seconds / 3_600, "hour"),
            seconds => Count(seconds / 86_400, "day"),
        };
        if self.is_ahead { write!(out, "in {count}") } else { write!(out, "{count} ago") }
    }
}

fn seconds(unix_ms: u64) -> i64 {
    i64::try_from(unix_ms / 1_000).unwrap_or(i64::MAX)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    const HOUR_MS: u64 = 3_600_000;

    /// 2026-11-23, 15:26 in UTC.
    pub(crate) const NOW_UNIX_MS: u64 = 1_795_447_574_939;

    pub(crate) const UTC: Calendar = Calendar { now_unix_ms: NOW_UNIX_MS, offset: |_| None };

    #[test]
    fn numbers() {
        let sizes =
            [(0, "0 bytes"), (1, "1 byte"), (8 * 1024 + 500, "8 KiB"), (1 << 20, "1 MiB"), (5 << 19, "2.5 MiB")];
        for (bytes, shown) in sizes {
            assert_eq!(Size(bytes).to_string(), shown);
        }
        for (micros, shown) in [
            (-1, "-"),
            (0, "0 µs"),
            (250, "250 µs"),
            (5_250, "5.2 ms"),
            (5_000, "5 ms"),
            (120_400, "120 ms"),
            (1_250_000, "1.2 s"),
            (75_000_000, "75 s"),
            (1_200_000_000, "20 min"),
            (i64::MAX, "2562047788 h"),
        ] {
            assert_eq!(Micros(micros).to_string(), shown);
        }
    }

    #[test]
    fn dates() {
        let east = Calendar { offset: |_| Some(9 * 3_600), ..UTC };
        for (ago, utc, tokyo) in [
            (0, "today 15:26", "today 00:26"),
            (HOUR_MS, "today 14:26", "Nov 23 23:26"),
            (30 * HOUR_MS, "Nov 22 09:26", "Nov 22 18:26"),
            (9_000 * HOUR_MS, "2025-11-13", "2025-11-14"),
        ] {
            assert_eq!([UTC.date(NOW_UNIX_MS - ago), east.date(NOW_UNIX_MS - ago)], [utc, tokyo]);
        }
        assert_eq!([UTC.is_local(), east.is_local()], [false, true]);
        // Whatever a line of the queue says.
        for far in [0, u64::MAX] {
            assert!(!UTC.date(far).is_empty() && !UTC.distance(far).to_string().is_empty());
        }
    }

    #[test]
    fn distances() {
        for (unix_ms, shown) in [
            (NOW_UNIX_MS, "just now"),
            (NOW_UNIX_MS - 61_000, "1 minute ago"),
            (NOW_UNIX_MS - 2 * HOUR_MS, "2 hours ago"),
            (NOW_UNIX_MS - 50 * HOUR_MS, "2 days ago"),
            (NOW_UNIX_MS + 30_000, "in less than a minute"),
            (NOW_UNIX_MS + HOUR_MS, "in 1 hour"),
        ] {
            assert_eq!(UTC.distance(unix_ms).to_string(), shown);
        }
    }
}
