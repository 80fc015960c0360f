//! The process that delivers: this program, started again.
//!
//! It is told by an environment variable *and* an argument. The variable alone may leak into other programs' environment;
//! the argument alone could be typed; and should another program than ours ever be started so, it does not get a command
//! line that it takes for an order. The events travel in the queue only, which nobody but the user can read.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use super::client::{Client, Failure};
use super::deliver::Delivery;
use super::endpoint::{self, Endpoint};
use super::state::Status;
use super::{retry, stamp};
use crate::app::App;
use crate::guard::guard;
use crate::queue::{Appended, Drain, Queue};
use crate::wire::Form;
use crate::{clock, consent, ending, invocation, settings};

/// Holds the app's name in the process that is to deliver.
const VARIABLE: &str = "TELEMETRY_RUNTIME_WORKER";

/// Its only argument.
const ARGUMENT: &str = "--deliver-telemetry";

/// A worker lives no longer, whatever happens to it.
const LIFE: Duration = Duration::from_secs(30);

/// When a worker begins no more batches. What is left of its life is enough for one that hangs.
const WORK: Duration = Duration::from_secs(15);

/// The shortest time between two workers, however much gathers.
const PAUSE: Duration = Duration::from_secs(1);

/// This program's main is in our wrapper, so it can become a worker.
static CAN_BECOME_WORKER: AtomicBool = AtomicBool::new(false);

/// Called first thing in main: does the work if this process is a worker.
pub(crate) fn worker_if_asked(app: &'static App) -> Option<ExitCode> {
    let Some(name) = env::var_os(VARIABLE) else {
        CAN_BECOME_WORKER.store(true, Ordering::Relaxed);
        return None;
    };
    if name != app.name || env::args_os().nth(1).is_none_or(|arg| arg != ARGUMENT) {
        // A program that was started from a worker's environment. It starts none itself.
        return None;
    }
    ending::settle();
    limit_life();
    guard(|| work(app));
    Some(ExitCode::SUCCESS)
}

/// Starts a worker, if it is time for one.
pub(crate) fn after_append(app: &'static App, queue: &Queue, appended: Appended) {
    if !CAN_BECOME_WORKER.load(Ordering::Relaxed) {
        return;
    }
    let Some(dir) = queue.dir() else { return };
    let interval = if appended.enough { PAUSE } else { Duration::from_secs(app.interval_secs) };
    if !stamp::is_due(dir, interval) || !endpoint::is_likely(app) || endpoint::is_dry_run(app) {
        return;
    }
    let started: io::Result<bool> = stamp::claim(dir, interval).and_then(|claimed| {
        if claimed {
            ending::start_detached(&[app.name, ARGUMENT], (VARIABLE, app.name))?;
        }
        Ok(claimed)
    });
    if settings::debug(app) {
        match started {
            Ok(true) => invocation::say(app, format_args!("delivery started")),
            Ok(false) => {}
            Err(error) => invocation::say(app, format_args!("no delivery: {error}")),
        }
    }
}

/// Kills this process when its time is up. Nothing is lost by that, and nothing can keep it from happening.
fn limit_life() {
    let watch = thread::Builder::new().spawn(|| {
        thread::sleep(LIFE);
        ending::die();
    });
    if watch.is_err() {
        ending::die();
    }
}

fn work(app: &'static App) -> Option<()> {
    if !consent::decide(app).on || endpoint::is_dry_run(app) {
        return None;
    }
    let until = Instant::now() + WORK;
    let dir = settings::queue_dir(app)?;
    let drain = Drain::begin(&dir, Duration::ZERO).ok()??;
    let mut status = Status::read(&dir);
    if retry::is_too_early(clock::unix_ms(), status.next_attempt_unix_ms) {
        return None;
    }
    match (Endpoint::of(app), Form::of(app.protocol)) {
        (Ok(None), _) => {}
        (Ok(Some(endpoint)), Some(form)) => {
            let client = Client::new(endpoint, form);
            Delivery { app, drain: &drain, client, form, until }.run(&mut |_| {});
        }
        (Err(_), _) | (_, None) => {
            // The user who asks should see why nothing is delivered.
            status.note_failure(&Failure::new(endpoint::UNUSABLE), clock::unix_ms());
            let _ = status.write(&dir);
        }
    }
    Some(())
}
