//! When a run began and ended, as its receiver is told.
//!
//! One machine's events arrive together. With their exact times they would be a diary of its user, so the start is rounded
//! unless the author discloses more. The queue, which only the user can see, has the exact time.

use crate::declare::{App, SentTime};
use crate::event::Fields;
#[cfg(feature = "http")]
use crate::event::Record;

const HOUR_MS: u64 = 60 * 60 * 1000;

/// When the run began, in milliseconds since the Unix epoch.
pub(super) fn start_unix_ms<Text, Path>(app: &App, fields: &Fields<Text, Path>) -> u64 {
    match app.time {
        SentTime::Hour => fields.start_time_unix_ms - fields.start_time_unix_ms % HOUR_MS,
        SentTime::Exact => fields.start_time_unix_ms,
    }
}

/// The event's line, with the time that its receiver is told.
#[cfg(feature = "http")]
pub(crate) fn as_sent(app: &App, record: &Record) -> String {
    let entry = |time: u64| format!("\"start_time_unix_ms\":{time}");
    let [known, told] = [record.fields.start_time_unix_ms, start_unix_ms(app, &record.fields)].map(entry);
    record.line.replacen(&known, &told, 1)
}

/// When the run ended: its duration later. A duration that is unknown counts as none.
pub(super) fn end_unix_ms<Text, Path>(app: &App, fields: &Fields<Text, Path>) -> u64 {
    start_unix_ms(app, fields).saturating_add(u64::try_from(fields.duration_ms()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::TelemetryApp;
    use crate::event::sample::{Cli, event};

    #[test]
    fn a_start_is_rounded_down_to_the_hour_unless_the_author_says_otherwise() {
        let fields = event().fields();
        // 15:26:14.939, and the 5 milliseconds of the run.
        assert_eq!(start_unix_ms(&Cli::APP, &fields), 1_795_446_000_000);
        assert_eq!(end_unix_ms(&Cli::APP, &fields), 1_795_446_000_005);
        let exact = App { time: SentTime::Exact, ..Cli::APP };
        assert_eq!(start_unix_ms(&exact, &fields), 1_795_447_574_939);
        assert_eq!(end_unix_ms(&exact, &fields), 1_795_447_574_944);
    }
}
