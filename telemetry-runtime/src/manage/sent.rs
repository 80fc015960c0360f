//! `show --sent`: what left the machine.

use super::readable::{self, Calendar};
use super::show::{USUAL_LIMIT, command, has_failed};
use super::table::{Cell, Column, Table};
use super::{ManageError, Output};
use crate::declare::App;
use crate::environment;
use crate::queue::{self, Sent, What};
use crate::sys::clock;

/// Shows what was sent, the newest first. `limit` is how many.
pub(super) fn run(app: &App, limit: Option<usize>, out: &mut Output) -> Result<(), ManageError> {
    let all = read(app);
    if all.is_empty() {
        return out.line(format_args!("Nothing was sent in the last 30 days."));
    }
    let limit = limit.unwrap_or(USUAL_LIMIT);
    let calendar = Calendar::now();
    let columns = vec![
        Column::text(if calendar.is_local() { "SENT" } else { "SENT (UTC)" }, 0),
        Column::text("TO", 2),
        Column::text("STARTED", 3),
        Column::text("COMMAND", 0),
        Column::text("STATUS", 1),
        Column::text("CLASS", 4),
        Column::number("TIME", 1),
    ];
    let rows = all.iter().rev().take(limit).map(|sent| row(sent, calendar)).collect();
    let mut text = readable::count(all.len() as u64, "line");
    text.push_str(" of what was sent in the last 30 days.\n\n");
    Table { columns, rows }.write(out.screen(), &mut text);
    if all.len() > limit {
        text.push_str(&format!("\n{} older not shown.\n", all.len() - limit));
    }
    out.text(&text)
}

/// Prints the lines as they are kept, oldest first. `limit` is how many, the newest; all if the user does not say.
pub(super) fn json(app: &App, limit: Option<usize>, out: &mut Output) -> Result<(), ManageError> {
    let all = read(app);
    let skipped = all.len().saturating_sub(limit.unwrap_or(usize::MAX));
    all.iter().skip(skipped).try_for_each(|sent| out.line(format_args!("{}", sent.line)))
}

fn read(app: &App) -> Vec<Sent> {
    let dir = environment::queue_dir(app).ok();
    dir.map(|dir| queue::sent(&dir, app.name, clock::unix_ms())).unwrap_or_default()
}

fn row(Sent { unix_ms, to, what, .. }: &Sent, calendar: Calendar) -> Vec<Cell> {
    let mut row: Vec<Cell> = vec![calendar.date(*unix_ms).into(), to.clone().into()];
    match what {
        What::Dropped(count) => {
            let told = format!("({} lost before)", readable::count(*count, "event"));
            row.extend([String::new(), told, String::new(), String::new(), String::new()].map(Cell::from));
        }
        What::Event(record) => {
            let fields = &record.fields;
            let status = Cell { text: fields.status.as_str().to_owned(), is_alarming: has_failed(record) };
            row.extend([calendar.date(fields.start_time_unix_ms), command(record)].map(Cell::from));
            row.push(status);
            let class = fields.error_class.clone().unwrap_or_else(|| "-".to_owned());
            row.extend([class, readable::duration(fields.duration_us)].map(Cell::from));
        }
    }
    row
}
