//! `status`: whether telemetry is on, who decided that, and how deliveries went.

use super::variables::Variable;
use super::{ManageError, Output, variables};
use crate::consent::{self, Store};
use crate::declare::App;
use crate::event::Timestamp;
use crate::json::Writer;
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
        let mut json = Writer::default();
        json.open_object();
        json.key("enabled").bool(decision.on);
        json.key("source").text(decision.source.as_str());
        json.key("destination").optional_text(destination.as_deref());
        json.key("consent_file").optional_text(consent_file.as_deref());
        json.key("queue_dir").optional_text(queue_dir.as_deref());
        json.key("queued_events").number(queue.events);
        json.key("queued_bytes").number(queue.bytes);
        time(json.key("oldest_event"), queue.oldest_unix_ms);
        json.key("unreadable_lines").number(queue.foreign);
        json.key("dropped_events").number(dropped);
        time(json.key("last_delivery"), delivery.last_success_unix_ms);
        json.key("last_error").optional_text(delivery.last_error.as_ref().map(|error| error.text.as_str()));
        time(json.key("last_error_time"), delivery.last_error.as_ref().map(|error| error.unix_ms));
        time(json.key("next_attempt"), delivery.next_attempt_unix_ms);
        json.key("no_delivery").optional_text(start_problem);
        time(json.key("unfinished_delivery"), unfinished_unix_ms);
        json.key("variables").open_list();
        for Variable { name, value, effect } in &variables {
            json.item().open_object();
            json.key("name").text(name);
            json.key("value").optional_text(value.as_deref());
            json.key("effect").optional_text(effect.as_deref());
            json.close_object();
        }
        json.close_list();
        json.close_object();
        return out.line(format_args!("{}", json.finish()));
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

fn time(out: &mut Writer, unix_ms: Option<u64>) {
    out.optional_text(unix_ms.map(|time| Timestamp(time).to_string()).as_deref());
}
