//! The process that delivers: this program, started again.
//!
//! An environment variable *and* an argument make a process the worker. The variable alone may leak into the environment of
//! other programs, and the argument alone could be typed. If another program is ever started this way, the argument does not
//! look like one of its commands. The events are only in the queue, which only the user can read.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{env, io, thread};

use super::client::{Client, Failure};
use super::deliver::Delivery;
use super::endpoint::{self, Endpoint};
use super::state::Status;
use super::{retry, stamp};
use crate::declare::App;
use crate::environment::{self, EndpointOverride, Environment};
use crate::queue::{Appended, Drain, Queue};
use crate::sys::{self, clock};
use crate::wire::Encoding;
use crate::{consent, diagnostics, disclosure};

/// Holds the app's name in the worker process.
const VARIABLE: &str = "TELEMETRY_RUNTIME_WORKER";

/// Its only argument.
const ARGUMENT: &str = "--deliver-telemetry";

/// The longest lifetime of a worker, whatever happens.
pub(super) const LIFETIME: Duration = Duration::from_secs(30);

/// A worker that is this old begins no more batches. The rest of its lifetime is enough for a batch that hangs.
const LAST_BATCH_AFTER: Duration = Duration::from_secs(15);

/// The shortest time between two workers, however many events are queued.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// Whether this program's main is in our wrapper, so that it can become a worker.
static CAN_BECOME_WORKER: AtomicBool = AtomicBool::new(false);

/// Called at the start of main. Returns the work to do if this process is a worker.
pub(crate) fn worker_if_asked(app: &'static App) -> Option<impl FnOnce() -> ExitCode> {
    let Some(name) = env::var_os(VARIABLE) else {
        CAN_BECOME_WORKER.store(true, Ordering::Relaxed);
        return None;
    };
    if name != app.name || env::args_os().nth(1).is_none_or(|argument| argument != ARGUMENT) {
        // A program that inherited a worker's environment. It does not start a worker itself.
        return None;
    }
    Some(move || {
        sys::finish_detaching();
        limit_lifetime();
        work(app);
        ExitCode::SUCCESS
    })
}

/// Starts a worker, if one is due.
pub(crate) fn after_append(app: &'static App, environment: &Environment, queue: &Queue, appended: Appended) {
    if !CAN_BECOME_WORKER.load(Ordering::Relaxed) {
        return;
    }
    let Some(dir) = queue.dir() else { return };
    let interval = if appended.is_worth_delivering { MIN_INTERVAL } else { Duration::from_secs(app.interval_secs) };
    if !stamp::is_due(dir, interval) || !endpoint::is_likely(app, &environment.endpoint) || environment::is_dry_run(app)
    {
        return;
    }
    if let Some(problem) = sys::start_problem() {
        if environment.debug {
            diagnostics::report(app, format_args!("no delivery: {problem}"));
        }
        return;
    }
    let started: io::Result<bool> = stamp::claim(dir, interval).and_then(|claimed| {
        if claimed {
            sys::start_detached(&[app.name, ARGUMENT], || {
                let mut variables = environment::for_worker(app, dir, disclosure::heeds_open_telemetry(app));
                variables.push((VARIABLE, app.name.into()));
                variables
            })?;
        }
        Ok(claimed)
    });
    if environment.debug {
        match started {
            Ok(true) => diagnostics::report(app, format_args!("delivery started")),
            Ok(false) => {}
            Err(error) => diagnostics::report(app, format_args!("no delivery: {error}")),
        }
    }
}

/// Kills this process when its time is up. This loses nothing, and nothing can prevent it.
fn limit_lifetime() {
    let watch = thread::Builder::new().spawn(|| {
        thread::sleep(LIFETIME);
        sys::kill_this_process();
    });
    if watch.is_err() {
        sys::kill_this_process();
    }
}

fn work(app: &'static App) -> Option<()> {
    if !consent::decide(app).on || environment::is_dry_run(app) {
        return None;
    }
    let until = Instant::now() + LAST_BATCH_AFTER;
    let dir = environment::queue_dir(app).ok()?;
    let drain = Drain::begin(&dir, Duration::ZERO).ok()??;
    let mut status = Status::read(&dir);
    if status.has_ended(app) {
        // Runs do not look here, so each delivery deletes what was recorded since the last one.
        status.delete_queue(&drain, app);
        return None;
    }
    if retry::is_too_early(clock::unix_ms(), status.next_attempt_unix_ms) {
        return None;
    }
    let unusable = match (Endpoint::of(app, &EndpointOverride::read(app)), Encoding::of(app.protocol())) {
        (Ok(None), _) => return Some(()),
        (Ok(Some(endpoint)), Some(encoding)) => {
            let host = endpoint.host.clone();
            let client = Client::new(app, endpoint, encoding);
            Delivery { app, drain: &drain, client, encoding, host, until }.run(&mut |_| true);
            return Some(());
        }
        (Err(problem), _) => problem,
        (Ok(Some(_)), None) => "this build does not contain the protocol",
    };
    // `status` shows why nothing is delivered.
    status.note_failure(&Failure::new(unusable), clock::unix_ms());
    let _ = status.write(&dir);
    Some(())
}
