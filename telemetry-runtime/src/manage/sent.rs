//! `show --sent`: what left the machine.

use super::readable::{Calendar, Count, Micros};
use super::show::{More, USUAL_LIMIT, command, has_failed, notes};
use super::table::{Column, Table};
use super::{Done, Output};
use crate::declare::limits::{SECONDS_PER_DAY, SENT_MAX_AGE};
use crate::declare::{App, Root};
use crate::queue::{Sent, SentFiles, What};
use crate::sys::clock;
use crate::text::Text;
use crate::{disclosure, environment};

/// Shows what was sent, the newest first. `limit` is how many.
pub(super) fn run(root: Root, limit: Option<usize>, out: &mut Output) -> Done {
    let files = read(root.app);
    let all = files.sent(root.app.name, clock::unix_ms());
    let days = SENT_MAX_AGE.as_secs() / SECONDS_PER_DAY;
    if all.is_empty() {
        return out.line(format_args!("Nothing was sent in the last {days} days."));
    }
    let limit = limit.unwrap_or(USUAL_LIMIT);
    let calendar = Calendar::now();
    let columns = [
        Column::text(if calendar.is_local() { "SENT" } else { "SENT (UTC)" }, 0),
        Column::text("TO", 2),
        Column::text("STARTED", 3),
        Column::text("COMMAND", 0),
        Column::text("STATUS", 1),
        Column::text("CLASS", 4),
        Column::number("TIME", 1),
    ];
    let mut table = Table::new(&columns);
    for sent in all.iter().rev().take(limit) {
        add_row(sent, calendar, &mut table);
    }
    let events = all.iter().filter(|sent| matches!(sent.what, What::Event(_))).count() as u64;
    let were = if events == 1 { "was" } else { "were" };
    let mut text = Text::default();
    write!(text, "{} {were} sent in the last {days} days.\n\n", Count(events, "event"));
    let left_out = table.write(out.screen(), &mut text);
    let older = all.len().saturating_sub(limit) as u64;
    let management = disclosure::management(root);
    let more = More { management: management.as_deref(), command: "show --sent --limit", all: all.len() };
    text.put(&notes(out.screen(), older, &left_out, &more));
    out.text(text.as_str())
}

/// Prints the lines as they are kept, oldest first. `limit` is how many, the newest; all if the user does not say.
pub(super) fn json(app: &App, limit: Option<usize>, out: &mut Output) -> Done {
    let files = read(app);
    let all = files.sent(app.name, clock::unix_ms());
    let skipped = all.len().saturating_sub(limit.unwrap_or(usize::MAX));
    all.iter().skip(skipped).try_for_each(|sent| out.line(format_args!("{}", sent.line)))
}

fn read(app: &App) -> SentFiles {
    environment::queue_dir(app).map(|dir| SentFiles::read(&dir)).unwrap_or_default()
}

fn add_row(Sent { unix_ms, to, what, .. }: &Sent<'_>, calendar: Calendar, table: &mut Table<'_>) {
    table.add_text(&calendar.date(*unix_ms));
    table.add_text(to);
    match what {
        What::Dropped(count) => {
            table.add_text("");
            table.add(format_args!("({} lost before)", Count(*count, "event")));
            for _ in ["STATUS", "CLASS", "TIME"] {
                table.add_text("");
            }
        }
        What::Event(record) => {
            let fields = &record.fields;
            table.add_text(&calendar.date(fields.start_time_unix_ms));
            table.add_text(&command(record));
            table.add_marked(format_args!("{}", fields.status.as_str()), has_failed(record));
            table.add_text(fields.error_class.unwrap_or("-"));
            table.add(format_args!("{}", Micros(fields.duration_us)));
        }
    }
}
