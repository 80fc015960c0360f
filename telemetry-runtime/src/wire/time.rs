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
pub(super) fn start_unix_ms<Path>(app: &App, fields: &Fields<'_, Path>) -> u64 {
    match app.time {
        SentTime::Hour => fields.start_time_unix_ms - fields.start_time_unix_ms % HOUR_MS,
        SentTime::Exact => fields.start_time_unix_ms,
    }
}

/// The event as JSON, with the start that its receiver is told.
#[cfg(feature = "http")]
pub(crate) fn as_sent(app: &App, record: &Record<'_>) -> String {
    let start = start_unix_ms(app, &record.fields).to_string();
    let mut line = String::with_capacity(record.row.as_json().len());
    for (key, value) in record.row.as_object().into_iter().flatten() {
        let separator = if line.is_empty() { "{" } else { "," };
        let value = if key == "start_time_unix_ms" { &start } else { value.as_json() };
        line.extend([separator, "\"", key, "\":", value]);
    }
    line + "}"
}

/// When the run ended: its duration later. A duration that is unknown counts as none.
pub(super) fn end_unix_ms<Path>(app: &App, fields: &Fields<'_, Path>) -> u64 {
    start_unix_ms(app, fields).saturating_add(u64::try_from(fields.duration_ms()).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::TelemetryApp;
    #[cfg(feature = "http")]
    use crate::event::Row;
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

    #[cfg(feature = "http")]
    #[test]
    fn what_is_sent_has_that_start_however_the_line_is_written() {
        let line = event().to_json();
        let expected = line.replace("1795447574939", "1795446000000");
        assert_ne!(line, expected);
        for line in [line.clone(), line.replace(':', " : ").replace(',', " , ")] {
            let Row::Event(record) = Row::parse(line.as_bytes(), Cli::APP.name) else { panic!("no event: {line}") };
            assert_eq!(as_sent(&Cli::APP, &record), expected);
        }
    }
}
