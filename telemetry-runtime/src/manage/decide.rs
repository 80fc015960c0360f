//! `enable`, `disable` and `purge`.

use super::{ManageError, Output};
use crate::consent::{Answer, Decision, Source, Store, decide};
use crate::declare::App;
use crate::{environment, queue, run};

const NO_HOME: &str = "set HOME (or XDG_CONFIG_HOME) to an absolute path";

pub(super) fn enable(app: &App, out: &mut Output) -> Result<(), ManageError> {
    if Store::of(app).and_then(|store| store.load()).is_some_and(|stored| stored.answer == Answer::No) {
        // A run that was under way when the user said no has written its event since.
        delete_queue(app)?;
    }
    save(app, Answer::Yes)?;
    out.line(format_args!("Telemetry of {} is allowed.", app.name))?;
    tell_override(app, decide(app), out)
}

/// Forbids telemetry and deletes what was recorded. The decision comes first: once it is kept, no new run is recorded. One
/// that is under way may still write its event, which is not sent, and deleted should the user ever say yes again.
pub(super) fn disable(app: &App, out: &mut Output) -> Result<(), ManageError> {
    save(app, Answer::No)?;
    run::skip_run();
    delete_queue(app)?;
    out.line(format_args!("Telemetry of {} is forbidden, and what was recorded is deleted.", app.name))?;
    tell_override(app, decide(app), out)
}

pub(super) fn purge(app: &App, out: &mut Output) -> Result<(), ManageError> {
    delete_queue(app)?;
    out.line(format_args!("What was recorded is deleted."))
}

fn save(app: &App, answer: Answer) -> Result<(), ManageError> {
    let store = Store::of(app).ok_or_else(|| ManageError::refused("there is no folder for the decision", NO_HOME))?;
    store.save(answer).map_err(|cause| ManageError::file("keep the decision in", store.path(), cause))
}

fn delete_queue(app: &App) -> Result<(), ManageError> {
    match environment::queue_dir(app) {
        Some(dir) => queue::purge(&dir).map_err(|cause| ManageError::file("delete the events in", &dir, cause)),
        None => Ok(()),
    }
}

/// A decision that something stronger overrides must not look as if it counted.
fn tell_override(app: &App, decision: Decision, out: &mut Output) -> Result<(), ManageError> {
    if decision.source == Source::Stored {
        return Ok(());
    }
    let state = if decision.on { "on" } else { "off" };
    out.line(format_args!("It is {state} all the same: {} decides.", decision.source.describe(app)))
}
