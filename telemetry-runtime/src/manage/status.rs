//! `status`: whether telemetry is on, who decided that, and how deliveries went.

use serde_json::{Value, json};

use super::variables::Variable;
use super::{ManageError, Output, variables};
use crate::consent::{self, Store};
use crate::declare::App;
use crate::event::Timestamp;
use crate::queue::{self, Summary};
use crate::{delivery, environment};

pub(super) fn run(app: &App, json: bool, out: &mut Output) -> Result<(), ManageError> {
    let decision = consent::decide(app);
    let dir = environment::queue_dir(app);
    let nowhere = dir.as_ref().err().map(|why| format!("nowhere: {why}")).unwrap_or_default();
    let dir = dir.ok();
    let queue = match &dir {
        Some(dir) => {
            queue::read(dir, app.name).map_err(|cause| ManageError::file("read the queue in", dir, cause))?.summary
        }
        None => Summary::default(),
    };
    let delivery = dir.as_deref().map(delivery::Status::read).unwrap_or_default();
    let destination = delivery::destination(app).unwrap_or_default();
    // Where nothing is to be sent, a delivery that is started finds nothing to do.
    let sends = decision.on && destination.is_some();
    let unfinished_unix_ms =
        dir.as_deref().filter(|_| sends).and_then(|dir| delivery::unfinished_unix_ms(app, dir, &delivery, &queue));
    let start_problem = delivery::start_problem().filter(|_| sends);
    let variables = variables::all(app, decision.source);
    let consent_file = Store::of(app).ok().map(|store| store.path().display().to_string());
    let queue_dir = dir.map(|dir| dir.display().to_string());
    let dropped = queue.dropped + delivery.dropped.total();
    if json {
        return out.line(format_args!(
            "{:#}",
            json!({
                "enabled": decision.on,
                "source": decision.source.as_str(),
                "destination": destination,
                "consent_file": consent_file,
                "queue_dir": queue_dir,
                "queued_events": queue.events,
                "queued_bytes": queue.bytes,
                "oldest_event": time(queue.oldest_unix_ms),
                "unreadable_lines": queue.foreign,
                "dropped_events": dropped,
                "last_delivery": time(delivery.last_success_unix_ms),
                "last_error": delivery.last_error.as_ref().map(|error| &error.text),
                "last_error_time": time(delivery.last_error.as_ref().map(|error| error.unix_ms)),
                "next_attempt": time(delivery.next_attempt_unix_ms),
                "no_delivery": start_problem,
                "unfinished_delivery": time(unfinished_unix_ms),
                "variables": variables.iter().map(variable).collect::<Vec<_>>(),
            })
        ));
    }
    let mut row = |name: &str, value: &str| out.line(format_args!("{name:<15}{value}"));
    let shown = |time: Option<u64>| time.map_or_else(|| "never".to_owned(), |time| Timestamp(time).to_string());
    row("Telemetry:", if decision.on { "on" } else { "off" })?;
    row("Decided by:", &decision.source.describe(app))?;
    row("Sent to:", destination.as_deref().unwrap_or("nobody; kept on this machine"))?;
    row("Queue:", &format!("{} events, {} bytes", queue.events, queue.bytes))?;
    if let Some(oldest) = queue.oldest_unix_ms {
        row("Oldest event:", &Timestamp(oldest).to_string())?;
    }
    if dropped > 0 {
        row("Dropped:", &format!("{dropped} events"))?;
    }
    row("Last delivery:", &shown(delivery.last_success_unix_ms))?;
    if let Some(error) = &delivery.last_error {
        row("Last error:", &format!("{}, at {}", error.text, Timestamp(error.unix_ms)))?;
    }
    if let Some(next) = delivery.next_attempt_unix_ms {
        row("Next attempt:", &format!("not before {}", Timestamp(next)))?;
    }
    if let Some(problem) = start_problem {
        row("No delivery:", &format!("{problem}; `flush` delivers now"))?;
    }
    if let Some(started) = unfinished_unix_ms {
        row("Unfinished:", &format!("the delivery that started at {}; {ENDED_EARLY}", Timestamp(started)))?;
    }
    row("Decision in:", consent_file.as_deref().unwrap_or(&nowhere))?;
    row("Queue in:", queue_dir.as_deref().unwrap_or(&nowhere))?;
    out.line(format_args!("Variables:"))?;
    variables.iter().try_for_each(|variable| variable.show(out))
}

/// Why a delivery may leave no result, and what the user can do.
const ENDED_EARLY: &str = "something ended it, such as a container that stops with the run; `flush` delivers now";

fn variable(Variable { name, value, effect }: &Variable) -> Value {
    json!({ "name": name, "value": value, "effect": effect })
}

fn time(unix_ms: Option<u64>) -> Value {
    unix_ms.map_or(Value::Null, |time| Timestamp(time).to_string().into())
}
