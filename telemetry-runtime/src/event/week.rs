//! Calendar weeks.

use std::fmt::{self, Display, Formatter};

const MS_PER_DAY: u64 = 24 * 60 * 60 * 1_000;

/// A calendar week of ISO 8601 in UTC, such as `2026-W48`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Week {
    year: u64,
    /// From 1 to 53.
    number: u64,
}

impl Week {
    pub(crate) const LENGTH: usize = "2026-W48".len();

    pub(crate) fn of_unix_ms(unix_ms: u64) -> Self {
        let day = unix_ms / MS_PER_DAY;
        // A week belongs to the year of its Thursday. 1970 began with one.
        let thursday = day + 3 - (day + 3) % 7;
        let mut year = 1970 + thursday / 366;
        while days_before(year + 1) <= thursday {
            year += 1;
        }
        Week { year, number: (thursday - days_before(year)) / 7 + 1 }
    }
}

/// The days from 1970 to the beginning of a year.
fn days_before(year: u64) -> u64 {
    let before = year - 1;
    // 719,162 days from the year 1 to 1970.
    before * 365 + before / 4 - before / 100 + before / 400 - 719_162
}

impl Display for Week {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "{:04}-W{:02}", self.year, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_begin_on_monday_and_belong_to_the_year_of_their_thursday() {
        // As `date -u --date=@SECONDS +%G-W%V` has them.
        for (seconds, week) in [
            (0, "1970-W01"),
            (1_795_651_200, "2026-W48"),
            (1_795_391_999, "2026-W47"),
            (1_795_392_000, "2026-W48"),
            (1_609_459_200, "2020-W53"),
            (1_609_718_400, "2021-W01"),
            (1_735_516_800, "2025-W01"),
            (951_782_400, "2000-W09"),
            (4_102_444_800, "2099-W53"),
        ] {
            assert_eq!(Week::of_unix_ms(seconds * 1_000).to_string(), week, "{seconds}");
        }
    }
}
