//! Days, hours and calendar weeks, in UTC.

use std::time::{SystemTime, UNIX_EPOCH};

pub const MS_PER_HOUR: u64 = 60 * 60 * 1_000;
pub const HOURS_PER_DAY: i64 = 24;

/// The time now, in milliseconds since 1970.
pub fn unix_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

/// The day of a time in milliseconds since 1970.
pub fn day_of(unix_ms: u64) -> i64 {
    i64::try_from(unix_ms / MS_PER_HOUR).unwrap_or(0) / HOURS_PER_DAY
}

/// The day now, in days since 1970.
pub fn today() -> i64 {
    day_of(unix_ms())
}

/// Days since 1970 to a date of the Gregorian calendar, by Howard Hinnant's algorithm.
pub fn date(day: i64) -> (i64, u32, u32) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let of_month = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let number = |part: i64| u32::try_from(part).unwrap_or(0);
    (year + era * 400 + i64::from(month <= 2), number(month), number(of_month))
}

/// The days from 1970 to a date.
pub fn days(year: i64, month: u32, day: u32) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year.rem_euclid(400);
    let month = i64::from(month);
    let of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + i64::from(day) - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// A date such as `2026-11-26`.
pub fn iso(day: i64) -> String {
    let (year, month, day) = date(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// A date such as `26 Nov`.
pub fn short(day: i64) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, month, day) = date(day);
    format!("{day} {}", MONTHS.get(month as usize - 1).unwrap_or(&"?"))
}

/// The Monday of a day's calendar week.
pub fn monday(day: i64) -> i64 {
    // 1970 began with a Thursday.
    day - (day + 3).rem_euclid(7)
}

/// The calendar week of ISO 8601, such as `2026-W48`.
pub fn iso_week(day: i64) -> String {
    // A week belongs to the year of its Thursday.
    let thursday = monday(day) + 3;
    let (year, ..) = date(thursday);
    format!("{year:04}-W{:02}", (thursday - days(year, 1, 1)) / 7 + 1)
}

/// A time such as `2026-11-26T14:05:09.123Z`, in milliseconds since 1970.
pub fn parse_unix_ms(text: &str) -> Option<u64> {
    let (date, clock) = text.strip_suffix('Z')?.split_once('T')?;
    let mut parts = date.splitn(3, '-');
    let (year, month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let mut parts = clock.splitn(3, ':');
    let (hour, minute): (u64, u64) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let second = parts.next()?;
    let (second, fraction) = second.split_once('.').unwrap_or((second, ""));
    let second: u64 = second.parse().ok()?;
    let millis: u64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    if !(1970..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let day = u64::try_from(days(year, month, day)).ok()?;
    (hour < 24 && minute < 60 && second <= 60)
        .then_some((((day * 24 + hour) * 60 + minute) * 60 + second) * 1_000 + millis)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_weeks() {
        for (day, date, week) in [
            (0, "1970-01-01", "1970-W01"),
            (18_628, "2021-01-01", "2020-W53"),
            (19_782, "2024-02-29", "2024-W09"),
            (20_783, "2026-11-26", "2026-W48"),
            (47_482, "2100-01-01", "2099-W53"),
        ] {
            assert_eq!((iso(day).as_str(), iso_week(day).as_str()), (date, week), "{day}");
            let (year, month, of_month) = super::date(day);
            assert_eq!(days(year, month, of_month), day);
        }
        assert_eq!(short(20_783), "26 Nov");
    }

    #[test]
    fn times_of_the_envelope() {
        assert_eq!(parse_unix_ms("2026-11-23T15:26:14.939Z"), Some(1_795_447_574_939));
        for wrong in ["2026-11-23T15:26:14.939", "2026-13-23T15:26:14.939Z", "2026-11-23T25:26:14.939Z", "", "Z", "TZ"]
        {
            assert_eq!(parse_unix_ms(wrong), None, "{wrong}");
        }
    }
}
