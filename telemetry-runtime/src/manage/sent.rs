//! `show --sent`: what left the machine.

use super::{ManageError, Output};
use crate::declare::App;
use crate::environment;
use crate::event::Timestamp;
use crate::queue::{self, Sent, What};
use crate::sys::clock;

pub(super) fn run(app: &App, json: bool, out: &mut Output) -> Result<(), ManageError> {
    let dir = environment::queue_dir(app).ok();
    let all = dir.map(|dir| queue::sent(&dir, app.name, clock::unix_ms())).unwrap_or_default();
    if json {
        return all.iter().try_for_each(|sent| out.line(format_args!("{}", sent.line)));
    }
    if all.is_empty() {
        return out.line(format_args!("Nothing was sent in the last 30 days."));
    }
    let rows: Vec<_> = all.iter().map(row).collect();
    out.table(["SENT", "TO", "STARTED", "COMMAND", "ENDING", "CLASS"], &rows)
}

fn row(Sent { unix_ms, to, what, .. }: &Sent) -> [String; 6] {
    let (started, command, ending, class) = match what {
        What::Dropped(count) => (String::new(), format!("{count} lost events"), String::new(), String::new()),
        What::Event(record) => (
            Timestamp(record.fields.start_time_unix_ms).to_string(),
            record.fields.command.iter().collect::<Vec<_>>().join(" "),
            record.fields.ending.as_str().to_owned(),
            record.fields.error_class.clone().unwrap_or_default(),
        ),
    };
    [Timestamp(*unix_ms).to_string(), to.clone(), started, command, ending, class]
}
