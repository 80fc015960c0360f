//! `enable`, `disable` and `purge`.

use super::{Done, ManageError, Output};
use crate::consent::{Answer, Decision, Source, Store, decide};
use crate::declare::App;
use crate::{environment, queue, run};

pub(super) fn enable(app: &App, out: &mut Output) -> Done {
    if Store::of(app).ok().and_then(|store| store.load()).is_some_and(|stored| stored.answer == Answer::No) {
        // A run in progress when the user said no may have written its event since.
        delete_queue(app)?;
    }
    save(app, Answer::Yes)?;
    out.line(format_args!("Telemetry of {} is allowed.", app.name))?;
    tell_override(app, decide(app), out)
}

/// Forbids telemetry and deletes recorded events. An earlier yes is deleted first: this needs no space on a full disk, and
/// no new run is recorded. A run in progress may still write its event, which is never sent.
pub(super) fn disable(app: &App, out: &mut Output) -> Done {
    run::skip_run();
    let withdrawn = store(app)?;
    withdrawn.withdraw().map_err(|cause| ManageError::file("delete your decision in", withdrawn.path(), cause))?;
    let deleted = delete_queue(app);
    save(app, Answer::No)?;
    deleted?;
    out.line(format_args!("Telemetry of {} is forbidden. All recorded events are deleted.", app.name))?;
    tell_override(app, decide(app), out)
}

pub(super) fn purge(app: &App, out: &mut Output) -> Done {
    delete_queue(app)?;
    out.line(format_args!("All recorded events are deleted."))
}

fn store(app: &App) -> Done<Store<'_>> {
    environment::config_dir(app).and_then(|_| Store::of(app)).map_err(|why| {
        ManageError::refused(
            format_args!("there is no folder for your decision: {why}"),
            format_args!("set HOME to your own home, or {} to a folder of yours", app.variables.dir),
        )
    })
}

fn save(app: &App, answer: Answer) -> Done {
    let store = store(app)?;
    store.save(answer).map_err(|cause| ManageError::file("save your decision in", store.path(), cause))
}

fn delete_queue(app: &App) -> Done {
    match environment::queue_dir(app) {
        Ok(dir) => queue::purge(&dir).map_err(|cause| ManageError::file("delete the events in", &dir, cause)),
        Err(_) => Ok(()),
    }
}

/// Reports what overrides the decision, so that it does not look as if it took effect.
fn tell_override(app: &App, decision: Decision, out: &mut Output) -> Done {
    if decision.source == Source::Stored {
        return Ok(());
    }
    let state = if decision.on { "on" } else { "off" };
    out.line(format_args!("It is still {state}: {} takes precedence.", decision.source.describe(app)))
}
