//! `flush`: delivers in the foreground.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use super::{ManageError, Output};
use crate::declare::App;
use crate::delivery::{self, Report, Undelivered};
use crate::{consent, environment};

pub(super) fn run(app: &'static App, out: &mut Output) -> Result<(), ManageError> {
    let decision = consent::decide(app);
    if !decision.on {
        let why = format!("telemetry is off: {} decides", decision.source.describe(app));
        return Err(ManageError::refused(why, "nothing is sent while it is off"));
    }
    let Ok(dir) = environment::queue_dir(app) else { return nothing(out) };
    if !dir.is_dir() {
        return nothing(out);
    }
    let mut progress = Progress { shown: false, terminal: io::stderr().is_terminal() };
    let report = delivery::flush(app, &dir, &mut |delivered| progress.show(delivered));
    progress.clear();
    let report = report.map_err(|cause| ManageError::file("deliver the events in", &dir, cause))?;
    tell(app, &report, out)
}

fn nothing(out: &mut Output) -> Result<(), ManageError> {
    out.line(format_args!("No events are queued."))
}

fn tell(app: &App, report: &Report, out: &mut Output) -> Result<(), ManageError> {
    let Report { delivered, dropped, left, error } = report;
    out.line(format_args!("{delivered} delivered, {dropped} dropped, {left} left."))?;
    match error {
        Some(error) => {
            let remedy: Cow<'static, str> = match error {
                Undelivered::DryRun => format!("unset {}", app.variables.dry_run).into(),
                Undelivered::Nowhere | Undelivered::Unusable(_) => {
                    format!("set {} to an `https://` URL", app.variables.endpoint).into()
                }
                Undelivered::Ended => "a newer version may deliver again".into(),
                Undelivered::Failed(_) => "they stay queued, and delivery is retried later".into(),
            };
            Err(ManageError::refused(format!("{left} events were not delivered: {error}"), remedy))
        }
        None => Ok(()),
    }
}

/// One line that is overwritten, on a terminal only.
struct Progress {
    shown: bool,
    terminal: bool,
}

impl Progress {
    fn show(&mut self, delivered: u64) {
        if self.terminal {
            self.shown = write!(io::stderr(), "\r{delivered} delivered").is_ok();
        }
    }

    fn clear(&self) {
        if self.shown {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}
