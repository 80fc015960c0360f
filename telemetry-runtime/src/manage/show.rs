//! `show`: the queued events.

use super::readable::{Calendar, Count, Micros};
use super::table::{Column, Table};
use super::{Done, ManageError, Output};
use crate::declare::{App, Group, Root};
#[cfg(feature = "http")]
use crate::delivery;
use crate::event::{Detail, Record, TaskStatus, Value};
use crate::screen::{Screen, Style, Wrap};
use crate::text::{Text, joined};
use crate::{disclosure, environment, queue};

/// How many events are shown if the user does not say.
pub(super) const USUAL_LIMIT: usize = 20;

/// Shows how the commands were used, and then the newest events, newest first. With `json`, prints the events as they are
/// stored, oldest first. `limit` is how many, the newest.
pub(super) fn run(root: Root, json: bool, limit: Option<usize>, out: &mut Output) -> Done {
    let contents = read(root.app)?;
    let records = contents.records(root.app.name);
    let records = by_time(&records);
    if json {
        // All if the user does not say.
        let skipped = records.len().saturating_sub(limit.unwrap_or(usize::MAX));
        for record in records.get(skipped..).unwrap_or_default() {
            out.line(format_args!("{}", record.row.as_json()))?;
        }
        return Ok(());
    }
    if records.is_empty() {
        return out.line(format_args!("No events are queued."));
    }
    let view = View { records, screen: out.screen(), calendar: Calendar::now() };
    out.text(&view.text(limit.unwrap_or(USUAL_LIMIT), disclosure::management(root).as_deref()))
}

pub(super) fn read(app: &App) -> Done<queue::Contents> {
    let Ok(dir) = environment::queue_dir(app) else { return Ok(queue::Contents::default()) };
    queue::Contents::read(&dir).map_err(|cause| ManageError::file("read the queue in", &dir, cause))
}

/// The oldest first. Most are in this order already; what an interrupted delivery has left is in a random one.
fn by_time<'a>(records: &'a [Record<'a>]) -> Vec<&'a Record<'a>> {
    let mut sorted: Vec<&Record<'_>> = Vec::new();
    for record in records {
        let time = record.fields.start_time_unix_ms;
        let place = sorted.partition_point(|earlier| earlier.fields.start_time_unix_ms <= time);
        sorted.insert(place, record);
    }
    sorted
}

/// Prints the request bodies that would be sent, one after the other.
#[cfg(feature = "http")]
pub(super) fn wire(app: &App, out: &mut Output) -> Done {
    let Ok(dir) = environment::queue_dir(app) else { return Ok(()) };
    let bodies = delivery::preview(app, &dir).map_err(|cause| ManageError::file("read the queue in", &dir, cause))?;
    bodies.iter().try_for_each(|body| out.bytes(body))
}

/// Events, oldest first, and how they are shown.
struct View<'a> {
    records: Vec<&'a Record<'a>>,
    screen: Screen,
    calendar: Calendar,
}

impl View<'_> {
    fn text(&self, limit: usize, management: Option<&str>) -> String {
        let mut text = Text::default();
        let number = self.records.len() as u64;
        let verb = if number == 1 { "is" } else { "are" };
        write!(text, "{} {verb} queued.\n\n", Count(number, "event"));
        self.write_commands(&mut text);
        text.put("\n");
        let left_out = self.write_events(limit, &mut text);
        let more = More { management, command: "show --limit", all: self.records.len() };
        text.put(&notes(self.screen, self.older(limit) as u64, &left_out, &more));
        text.finish()
    }

    /// How each command was used, the most used one first.
    fn write_commands(&self, out: &mut Text) {
        let mut all: Vec<Uses> = Vec::new();
        for record in &self.records {
            let command = command(record);
            let place = all.iter().position(|uses| uses.command == command).unwrap_or(all.len());
            if place == all.len() {
                all.push(Uses { command, ..Uses::default() });
            }
            let Some(uses) = all.get_mut(place) else { continue };
            uses.failed += usize::from(has_failed(record));
            insert(&mut uses.durations_us, record.fields.duration_us);
        }
        let columns = [
            Column::text("COMMAND", 0),
            Column::number("RUNS", 0),
            Column::number("FAILED", 0),
            Column::number("MEDIAN", 1),
        ];
        let mut table = Table::new(&columns);
        while let Some(place) = most_used(&all) {
            let uses = all.swap_remove(place);
            table.add_text(&uses.command);
            table.add(format_args!("{}", uses.durations_us.len()));
            table.add_marked(format_args!("{}", uses.failed), uses.failed > 0);
            table.add(format_args!("{}", Micros(uses.median_us())));
        }
        table.write(self.screen, out);
    }

    /// The newest events, newest first. Returns the headings of the columns that do not fit the screen.
    fn write_events(&self, limit: usize, out: &mut Text) -> Vec<&'static str> {
        let newest = self.records.get(self.older(limit)..).unwrap_or_default();
        let columns = [
            Column::text(if self.calendar.is_local() { "STARTED" } else { "STARTED (UTC)" }, 0),
            Column::text("COMMAND", 0),
            Column::text("ENDING", 4),
            Column::text("STATUS", 0),
            Column::number("CODE", 3),
            Column::text("CLASS", 1),
            Column::number("TIME", 1),
            Column::text("DETAILS", 2),
        ];
        // Most programs record none of these.
        let has_details = newest.iter().any(|record| record.has_details());
        let mut table = Table::new(if has_details { &columns } else { &columns[..columns.len() - 1] });
        for record in newest.iter().rev() {
            let fields = &record.fields;
            table.add_text(&self.calendar.date(fields.start_time_unix_ms));
            table.add_text(&command(record));
            table.add_text(fields.ending.as_str());
            table.add_marked(format_args!("{}", fields.status.as_str()), has_failed(record));
            table.add(format_args!("{}", fields.exit_code));
            table.add_text(fields.error_class.unwrap_or("-"));
            table.add(format_args!("{}", Micros(fields.duration_us)));
            if has_details {
                table.add_text(&details(record));
            }
        }
        table.write(self.screen, out)
    }

    /// How many events are older than the newest that are shown.
    fn older(&self, limit: usize) -> usize {
        self.records.len().saturating_sub(limit)
    }
}

/// The command that shows everything.
pub(super) struct More<'a> {
    /// What to type before the name of a management command, if the program has them.
    pub(super) management: Option<&'a str>,
    /// Its name, and the options before the number.
    pub(super) command: &'static str,
    /// How many there are.
    pub(super) all: usize,
}

/// What is not shown, and what to type to see it.
pub(super) fn notes(screen: Screen, older: u64, left_out: &[&str], more: &More<'_>) -> String {
    let mut out = Wrap::new(screen);
    if older > 0 || !left_out.is_empty() {
        out.put("\n");
    }
    if older > 0 {
        out.write_styled(Style::Dim, format_args!("{} not shown", Count(older, "older event")));
        if let More { management: Some(management), command, all } = more {
            out.put(": ");
            out.whole(&format!("`{management} {command} {all}`"));
        }
        out.put(".\n");
    }
    if !left_out.is_empty() {
        out.styled(Style::Dim, &["Too narrow for ", &joined(left_out, ", "), "."]);
        out.put("\n");
    }
    out.finish()
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
    /// Whether it is listed above another: by number of runs, then by name.
    fn is_above(&self, other: &Self) -> bool {
        let (runs, others) = (self.durations_us.len(), other.durations_us.len());
        runs > others || runs == others && self.command < other.command
    }

    /// The median duration, of an even number the lower one; -1 when unknown.
    fn median_us(&self) -> i64 {
        let unknown = self.durations_us.partition_point(|duration| *duration < 0);
        let known = self.durations_us.get(unknown..).unwrap_or_default();
        known.get(known.len().saturating_sub(1) / 2).copied().unwrap_or(-1)
    }
}

/// The position of the one that is listed above all others.
fn most_used(all: &[Uses]) -> Option<usize> {
    let mut most: Option<(usize, &Uses)> = None;
    for (place, uses) in all.iter().enumerate() {
        if most.is_none_or(|(_, other)| uses.is_above(other)) {
            most = Some((place, uses));
        }
    }
    most.map(|(place, _)| place)
}

/// Keeps the list sorted. The code of std's sorting is larger than this command.
fn insert(sorted: &mut Vec<i64>, number: i64) {
    let place = sorted.partition_point(|other| *other < number);
    sorted.insert(place, number);
}

pub(super) fn command(record: &Record<'_>) -> String {
    let mut command = Text::default();
    let mut separator = "";
    for name in record.fields.command.clone() {
        command.put(separator);
        command.put(name);
        separator = " ";
    }
    if command.as_str().is_empty() {
        command.put("-");
    }
    command.finish()
}

pub(super) fn has_failed(record: &Record<'_>) -> bool {
    matches!(record.fields.status, TaskStatus::Failure | TaskStatus::Error)
}

/// Options, facts and the like: `release`, `format=json`, `cache=hit`.
pub(super) fn details(record: &Record<'_>) -> String {
    let mut all = Text::default();
    let mut separator = "";
    for group in Group::ALL {
        record.visit_details(group, &mut |Detail { name, value }| {
            all.put(separator);
            all.put(name);
            separator = " ";
            match value {
                Value::Flag(true) => {}
                Value::Flag(false) => all.put("=false"),
                Value::Word(word) => {
                    all.put("=");
                    all.put(word);
                }
                Value::Words(words) => {
                    let mut separator = "=";
                    for word in words {
                        all.put(separator);
                        all.put(word);
                        separator = ",";
                    }
                }
                Value::Time(micros) => write!(all, "={}", Micros(i64::try_from(micros).unwrap_or(i64::MAX))),
            }
        });
    }
    all.finish()
}

#[cfg(test)]
mod tests {
    use super::super::readable::tests::{NOW_UNIX_MS, UTC};
    use super::*;
    use crate::event::Row;

    /// An event of so many minutes ago.
    fn line(minutes: u64, command: &str, failed: bool, duration_us: i64) -> String {
        let start = NOW_UNIX_MS - minutes * 60_000;
        let end = if failed {
            r#""ending":"exit","status":"failure","exit_code":101,"error_class":"NotFound""#
        } else {
            r#""ending":"return","status":"success","exit_code":0,"error_class":null"#
        };
        format!(
            r#"{{"v":2,"session_id":"6a4548933ac442bb8aa05d773379f0a4","start_time_unix_ms":{start},"app":"tool","version":"1.0.0","os":"linux","arch":"x86_64","ci":false,"command":[{command}],{end},"duration_us":{duration_us}}}"#
        )
    }

    fn shown(columns: usize, limit: usize) -> String {
        // Not in the order of time.
        let lines = [
            line(2, r#""build""#, true, 120_400),
            line(100_000, r#""remote","add""#, false, -1),
            line(1, r#""build""#, false, 5_250),
            line(90, r#""build""#, false, 8_000_000),
        ];
        let records: Vec<Record<'_>> = lines
            .iter()
            .map(|line| match Row::parse(line.as_bytes(), "tool") {
                Row::Event(record) => record,
                row => panic!("{row:?}"),
            })
            .collect();
        let screen = Screen { columns: Some(columns), has_styles: false };
        let text = View { records: by_time(&records), screen, calendar: UTC }.text(limit, Some("tool telemetry"));
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
