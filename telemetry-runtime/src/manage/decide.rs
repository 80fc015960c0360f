//! `enable`, `disable` and `purge`.

use super::{ManageError, Output};
use crate::consent::{Answer, Decision, Source, Store, decide};
use crate::declare::App;
use crate::{environment, queue, run};

const NO_HOME: &str = "set HOME (or XDG_CONFIG_HOME) to an absolute path";

pub(super) fn enable(app: &App, out: &mut Output) -> Result<(), ManageError> {
    if Store::of(app).and_then(|store| store.load()).is_some_and(|stored| stored.answer == Answer::No) {
        // A run in progress when the user said no may have written its event since.
        delete_queue(app)?;
    }
    save(app, Answer::Yes)?;
    out.line(format_args!("Telemetry of {} is allowed.", app.name))?;
    tell_override(app, decide(app), out)
}

/// Forbids telemetry and deletes recorded events. The decision is saved first, so that no new run is recorded. A run in
/// progress may still write its event. It is not sent, and it is deleted if the user ever says yes again.
pub(super) fn disable(app: &App, out: &mut Output) -> Result<(), ManageError> {
    save(app, Answer::No)?;
    run::skip_run();
    delete_queue(app)?;
    out.line(format_args!("Telemetry of {} is forbidden. All recorded events are deleted.", app.name))?;
    tell_override(app, decide(app), out)
}

pub(super) fn purge(app: &App, out: &mut Output) -> Result<(), ManageError> {
    delete_queue(app)?;
    out.line(format_args!("All recorded events are deleted."))
}

fn save(app: &App, answer: Answer) -> Result<(), ManageError> {
    let store = Store::of(app).ok_or_else(|| ManageError::refused("there is no folder for your decision", NO_HOME))?;
    store.save(answer).map_err(|cause| ManageError::file("save your decision in", store.path(), cause))
}

fn delete_queue(app: &App) -> Result<(), ManageError> {
    match environment::queue_dir(app) {
        Some(dir) => queue::purge(&dir).map_err(|cause| ManageError::file("delete the events in", &dir, cause)),
        None => Ok(()),
    }
}

/// Reports what overrides the decision, so that it does not look as if it took effect.
fn tell_override(app: &App, decision: Decision, out: &mut Output) -> Result<(), ManageError> {
    if decision.source == Source::Stored {
        return Ok(());
    }
    let state = if decision.on { "on" } else { "off" };
    out.line(format_args!("It is still {state}: {} takes precedence.", decision.source.describe(app)))
}
