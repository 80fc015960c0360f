//! `flush`: delivers in the foreground.

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};

use super::readable::Count;
use super::{Done, ManageError, Output};
use crate::declare::App;
use crate::delivery::{self, Report, Undelivered};
use crate::sys::terminal::{self, Interruptible};
use crate::{consent, environment, queue};

pub(super) fn run(app: &'static App, out: &mut Output) -> Done {
    let decision = consent::decide(app);
    if !decision.on {
        return Err(ManageError::refused(
            format_args!("telemetry is off: {} decides", decision.source.describe(app)),
            format_args!("nothing is sent while it is off"),
        ));
    }
    let Ok(dir) = environment::queue_dir(app) else { return nothing(out) };
    if !dir.is_dir() {
        return nothing(out);
    }
    let mut progress = Progress { queued: 0, shown: 0 };
    if io::stderr().is_terminal() {
        progress.queued = queue::Contents::read(&dir).map_or(0, |queue| queue.summary(app.name).events);
    }
    let interruptible = Interruptible::new();
    progress.show(0);
    let report = delivery::flush(app, &dir, &mut |delivered| {
        progress.show(delivered);
        !interruptible.is_interrupted()
    });
    progress.clear();
    let report = report.map_err(|cause| ManageError::file("deliver the events in", &dir, cause))?;
    let told = tell(app, &report, out);
    if interruptible.end() {
        // What is delivered is noted. Now Ctrl-C has its usual effect, which is to end most programs.
        terminal::interrupt();
    }
    told
}

fn nothing(out: &mut Output) -> Done {
    out.line(format_args!("No events are queued."))
}

fn tell(app: &App, report: &Report, out: &mut Output) -> Done {
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
            let were = if *left == 1 { "was" } else { "were" };
            Err(ManageError::refused(
                format_args!("{} {were} not delivered: {error}", Count(*left, "event")),
                format_args!("{remedy}"),
            ))
        }
        None => Ok(()),
    }
}

/// One line that is overwritten, on a terminal only. Without escape sequences, which not every console understands.
struct Progress {
    /// How many events were queued at the beginning; 0 where nothing is shown.
    queued: u64,
    /// How many characters are on the line.
    shown: usize,
}

impl Progress {
    fn show(&mut self, delivered: u64) {
        if self.queued > 0 {
            // Runs may add more meanwhile.
            let line = format!("{delivered} of {} delivered", self.queued.max(delivered));
            self.shown = line.len();
            let _ = write!(io::stderr(), "\r{line}");
        }
    }

    fn clear(&self) {
        if self.shown > 0 {
            let _ = write!(io::stderr(), "\r{:width$}\r", "", width = self.shown);
        }
    }
}
