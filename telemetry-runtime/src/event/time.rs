//! Formats points in time for people and collectors.

use std::fmt::{self, Display, Formatter};
use std::ops::Range;

/// Milliseconds since the Unix epoch, formatted as RFC 3339 in UTC, without tables or allocation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Timestamp(pub(crate) u64);

impl Timestamp {
    /// The end of the year 9999, since RFC 3339 has no more digits.
    const MAX_UNIX_MS: u64 = 253_402_300_799_999;

    /// In RFC 3339.
    pub(crate) fn text(self) -> [u8; 24] {
        let unix_ms = self.0.min(Self::MAX_UNIX_MS);
        let Date { year, month, day, hour, minute, second } = Date::of(unix_ms / 1000);
        let mut text = *b"0000-00-00T00:00:00.000Z";
        put(&mut text, 0..4, year);
        put(&mut text, 5..7, month);
        put(&mut text, 8..10, day);
        put(&mut text, 11..13, hour);
        put(&mut text, 14..16, minute);
        put(&mut text, 17..19, second);
        put(&mut text, 20..23, unix_ms % 1000);
        text
    }
}

/// Puts a number in place of the zeros at `place`. Not inlined: there would be a copy for each of the seven numbers.
#[inline(never)]
fn put(text: &mut [u8; 24], place: Range<usize>, mut number: u64) {
    for digit in text.get_mut(place).unwrap_or_default().iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}

impl Display for Timestamp {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        formatter.write_str(std::str::from_utf8(&self.text()).unwrap_or_default())
    }
}

/// A point in time as people write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date {
    pub(crate) year: u64,
    /// From 1.
    pub(crate) month: u64,
    /// From 1.
    pub(crate) day: u64,
    pub(crate) hour: u64,
    pub(crate) minute: u64,
    pub(crate) second: u64,
}

impl Date {
    /// From seconds since the Unix epoch.
    #[inline]
    pub(crate) fn of(seconds: u64) -> Self {
        let (days, second) = (seconds / 86_400, seconds % 86_400);
        // Howard Hinnant's civil_from_days, for days since 1970: years begin in March, so a leap day is the last of its
        // year.
        let days = days + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let month_from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
        let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        Date { year, month, day, hour: second / 3_600, minute: second / 60 % 60, second: second % 60 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_999, "2024-02-29T23:59:59.999Z"),
            (1_795_447_574_939, "2026-11-23T15:26:14.939Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (u64::MAX, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(Timestamp(millis).to_string(), text);
        }
    }
}
