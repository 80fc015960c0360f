//! `show`: the queued events.

use std::fmt::{self, Write as _};

use super::readable::{self, Calendar};
use super::table::{Cell, Column, Table};
use super::{ManageError, Output};
use crate::declare::{App, Root};
#[cfg(feature = "http")]
use crate::delivery;
use crate::event::{Detail, Group, Record, TaskStatus, Value};
use crate::screen::{Screen, Style, Wrap};
use crate::{disclosure, environment, queue};

/// How many events are shown if the user does not say.
pub(super) const USUAL_LIMIT: usize = 20;

/// Shows how the commands were used, and then the newest events, newest first. `limit` is how many.
pub(super) fn run(root: Root, limit: Option<usize>, out: &mut Output) -> Result<(), ManageError> {
    let records = read(root.app)?;
    if records.is_empty() {
        return out.line(format_args!("No events are queued."));
    }
    let view = View { records: &records, screen: out.screen(), calendar: Calendar::now() };
    out.text(&view.text(limit.unwrap_or(USUAL_LIMIT), disclosure::management(root).as_deref()))
}

/// Prints the events as they are stored, oldest first. `limit` is how many, the newest; all if the user does not say.
pub(super) fn json(app: &App, limit: Option<usize>, out: &mut Output) -> Result<(), ManageError> {
    let records = read(app)?;
    let skipped = records.len().saturating_sub(limit.unwrap_or(usize::MAX));
    records.iter().skip(skipped).try_for_each(|record| out.line(format_args!("{}", record.line)))
}

pub(super) fn read(app: &App) -> Result<Vec<Record>, ManageError> {
    let Ok(dir) = environment::queue_dir(app) else { return Ok(Vec::new()) };
    let contents = queue::read(&dir, app.name);
    Ok(contents.map_err(|cause| ManageError::file("read the queue in", &dir, cause))?.records)
}

/// Prints the request bodies that would be sent, one after the other.
#[cfg(feature = "http")]
pub(super) fn wire(app: &App, out: &mut Output) -> Result<(), ManageError> {
    let Ok(dir) = environment::queue_dir(app) else { return Ok(()) };
    let bodies = delivery::preview(app, &dir).map_err(|cause| ManageError::file("read the queue in", &dir, cause))?;
    bodies.iter().try_for_each(|body| out.bytes(body))
}

/// Events, oldest first, and how they are shown.
struct View<'a> {
    records: &'a [Record],
    screen: Screen,
    calendar: Calendar,
}

impl View<'_> {
    fn text(&self, limit: usize, management: Option<&str>) -> String {
        let mut text = String::new();
        let number = self.records.len();
        let verb = if number == 1 { "is" } else { "are" };
        text.push_str(&readable::count(number as u64, "event"));
        text.push_str(&format!(" {verb} queued.\n\n"));
        self.commands().write(self.screen, &mut text);
        text.push('\n');
        let left_out = self.events(limit).write(self.screen, &mut text);
        let mut notes = Wrap::new(&mut text, self.screen);
        // Writing to a string cannot fail.
        let _ = self.notes(limit, &left_out, management, &mut notes).and_then(|()| notes.finish());
        text
    }

    /// How each command was used, the most used one first.
    fn commands(&self) -> Table {
        let mut uses: Vec<Uses> = Vec::new();
        for record in self.records {
            let command = command(record);
            let place = uses.iter().position(|uses| uses.command == command);
            let place = place.unwrap_or_else(|| {
                uses.push(Uses { command, ..Uses::default() });
                uses.len() - 1
            });
            if let Some(of_command) = uses.get_mut(place) {
                of_command.failed += usize::from(has_failed(record));
                insert(&mut of_command.durations_us, record.fields.duration_us);
            }
        }
        let mut by_number: Vec<Uses> = Vec::new();
        for uses in uses {
            let more =
                |other: &Uses| (other.durations_us.len(), &uses.command) >= (uses.durations_us.len(), &other.command);
            let place = by_number.partition_point(more);
            by_number.insert(place, uses);
        }
        let rows = by_number.into_iter().map(|uses| {
            let failed = Cell { text: uses.failed.to_string(), is_alarming: uses.failed > 0 };
            let runs = uses.durations_us.len().to_string();
            vec![uses.command.clone().into(), runs.into(), failed, readable::duration(uses.median_us()).into()]
        });
        let columns = vec![
            Column::text("COMMAND", 0),
            Column::number("RUNS", 0),
            Column::number("FAILED", 0),
            Column::number("MEDIAN", 1),
        ];
        Table { rows: rows.collect(), columns }
    }

    /// The newest events, newest first.
    fn events(&self, limit: usize) -> Table {
        let newest = self.records.iter().rev().take(limit);
        let started = if self.calendar.is_local() { "STARTED" } else { "STARTED (UTC)" };
        let mut columns = vec![
            Column::text(started, 0),
            Column::text("COMMAND", 0),
            Column::text("ENDING", 4),
            Column::text("STATUS", 0),
            Column::number("CODE", 3),
            Column::text("CLASS", 1),
            Column::number("TIME", 1),
        ];
        let mut rows: Vec<Vec<Cell>> = newest.clone().map(|record| self.row(record)).collect();
        // Most programs record none of these.
        let details: Vec<String> = newest.map(details).collect();
        if details.iter().any(|details| !details.is_empty()) {
            columns.push(Column::text("DETAILS", 2));
            rows.iter_mut().zip(details).for_each(|(row, details)| row.push(details.into()));
        }
        Table { columns, rows }
    }

    fn row(&self, record: &Record) -> Vec<Cell> {
        let fields = &record.fields;
        let text = |text: &str| Cell::from(text.to_owned());
        vec![
            self.calendar.date(fields.start_time_unix_ms).into(),
            command(record).into(),
            text(fields.ending.as_str()),
            Cell { text: fields.status.as_str().to_owned(), is_alarming: has_failed(record) },
            fields.exit_code.to_string().into(),
            text(fields.error_class.as_deref().unwrap_or("-")),
            readable::duration(fields.duration_us).into(),
        ]
    }

    /// What is not shown, and how to see it.
    fn notes(&self, limit: usize, left_out: &[&str], management: Option<&str>, out: &mut Wrap<'_>) -> fmt::Result {
        let older = self.records.len().saturating_sub(limit);
        if older == 0 && left_out.is_empty() {
            return Ok(());
        }
        out.line(&[])?;
        if older > 0 {
            out.styled(Style::Dim, &[&readable::count(older as u64, "older event"), " not shown"])?;
            if let Some(management) = management {
                out.write_str(": `")?;
                out.whole(&format!("{management} show --limit {}", self.records.len()));
                out.write_str("`")?;
            }
            out.line(&["."])?;
        }
        if !left_out.is_empty() {
            out.styled(Style::Dim, &["Too narrow for ", &left_out.join(", "), "."])?;
            out.line(&[])?;
        }
        Ok(())
    }
}

/// The runs of one command.
#[derive(Debug, Default)]
struct Uses {
    command: String,
    failed: usize,
    /// Sorted.
    durations_us: Vec<i64>,
}

impl Uses {
    /// The median duration, of an even number the lower one; -1 when unknown.
    fn median_us(&self) -> i64 {
        let unknown = self.durations_us.partition_point(|duration| *duration < 0);
        let known = self.durations_us.get(unknown..).unwrap_or_default();
        known.get(known.len().saturating_sub(1) / 2).copied().unwrap_or(-1)
    }
}

/// Keeps the list sorted. The code of std's sorting is larger than this command.
fn insert(sorted: &mut Vec<i64>, number: i64) {
    let place = sorted.partition_point(|other| *other < number);
    sorted.insert(place, number);
}

pub(super) fn command(record: &Record) -> String {
    let names: Vec<&str> = record.fields.command.iter().collect();
    if names.is_empty() { "-".to_owned() } else { names.join(" ") }
}

pub(super) fn has_failed(record: &Record) -> bool {
    matches!(record.fields.status, TaskStatus::Failure | TaskStatus::Error)
}

/// Options, facts and the like: `release`, `format=json`, `cache=hit`.
pub(super) fn details(record: &Record) -> String {
    let mut all: Vec<String> = Vec::new();
    for group in Group::ALL {
        record.details.visit(group, &mut |Detail { name, value }| {
            all.push(match value {
                Value::Flag(true) => name.to_owned(),
                Value::Flag(false) => format!("{name}=false"),
                Value::Word(word) => format!("{name}={word}"),
                Value::Words(words) => format!("{name}={}", words.collect::<Vec<_>>().join(",")),
                Value::Time(micros) => {
                    format!("{name}={}", readable::duration(i64::try_from(micros).unwrap_or(i64::MAX)))
                }
            });
        });
    }
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::readable::tests::{NOW_UNIX_MS, UTC};
    use super::*;
    use crate::event::Row;

    /// An event of so many minutes ago.
    fn record(minutes: u64, command: &str, failed: bool, duration_us: i64) -> Record {
        let start = NOW_UNIX_MS - minutes * 60_000;
        let end = if failed {
            r#""ending":"exit","status":"failure","exit_code":101,"error_class":"NotFound""#
        } else {
            r#""ending":"return","status":"success","exit_code":0,"error_class":null"#
        };
        let line = format!(
            r#"{{"v":2,"session_id":"6a4548933ac442bb8aa05d773379f0a4","start_time_unix_ms":{start},"app":"tool","version":"1.0.0","os":"linux","arch":"x86_64","ci":false,"command":[{command}],{end},"duration_us":{duration_us}}}"#
        );
        let Row::Event(record) = Row::parse(line.as_bytes(), "tool") else { panic!("{line}") };
        *record
    }

    fn shown(columns: usize, limit: usize) -> String {
        let records = [
            record(100_000, r#""remote","add""#, false, -1),
            record(90, r#""build""#, false, 8_000_000),
            record(2, r#""build""#, true, 120_400),
            record(1, r#""build""#, false, 5_250),
        ];
        let screen = Screen { columns: Some(columns), has_styles: false };
        let text = View { records: &records, screen, calendar: UTC }.text(limit, Some("tool telemetry"));
        assert!(text.lines().all(|line| line.chars().count() <= columns), "{text}");
        text
    }

    #[test]
    fn a_summary_and_the_newest_events() {
        let expected = "\
4 events are queued.

COMMAND     RUNS  FAILED  MEDIAN
build          3       1  120 ms
remote add     1       0       -

STARTED (UTC)  COMMAND     ENDING  STATUS   CODE  CLASS       TIME
today 15:25    build       return  success     0  -         5.2 ms
today 15:24    build       exit    failure   101  NotFound  120 ms
today 13:56    build       return  success     0  -            8 s
Sep 15 04:46   remote add  return  success     0  -              -
";
        assert_eq!(shown(80, 20), expected);
    }

    #[test]
    fn what_is_left_out_is_said() {
        let expected = "\
STARTED (UTC)  COMMAND  STATUS   CLASS       TIME
today 15:25    build    success  -         5.2 ms
today 15:24    build    failure  NotFound  120 ms

2 older events not shown:
`tool telemetry show --limit 4`.
Too narrow for ENDING, CODE.
";
        assert!(shown(50, 2).ends_with(expected), "{}", shown(50, 2));
        // Nothing is wider than the screen, whatever has to be left out.
        for columns in 34..80 {
            shown(columns, 20);
        }
    }
}
