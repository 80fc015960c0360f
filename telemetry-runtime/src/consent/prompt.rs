//! Asks the user for consent on a terminal, or shows the opt-out notice. Writes to stderr and stores the answer.

use std::fmt::{self, Display, Formatter};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::{Answer, Decision, Source, Store};
use crate::declare::{App, ConsentMode, SentTime};
use crate::event;
use crate::sys::terminal;
use crate::{disclosure, environment, queue};

/// How long the question waits for an answer. The terminal of a container or an agent may have nobody in front of it.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Whether there is a person to ask, and the author wants them asked.
///
/// All three streams must be terminals: a program whose output another program reads must not stop for a question. The
/// user is not asked in the background, where reading from the terminal would stop the program; nor if the answer could
/// not be stored, since every run would ask again; nor soon after an unanswered question. With `opt-out`, a file in the
/// decision's place that cannot be parsed is left alone, and no notice is shown: it may have been a no.
pub(crate) fn can_ask(app: &App, decision: Decision) -> bool {
    decision.is_open()
        && app.consent != ConsentMode::OptIn
        && io::stdin().is_terminal()
        && io::stdout().is_terminal()
        && io::stderr().is_terminal()
        && !environment::is_dumb_terminal()
        && terminal::in_foreground()
        && Store::of(app).is_ok_and(|store| {
            store.can_save() && store.may_ask() && (app.consent == ConsentMode::Ask || !store.holds_something_else())
        })
}

/// Asks the question or shows the notice, and stores the answer. Returns the decision for this run.
///
/// Only an answer is a decision: a typed line, or Ctrl-C, which means no. Users who have agreed to less are asked
/// again. If the answer cannot be stored, the run is not recorded.
pub(crate) fn ask(app: &App, decision: Decision) -> Decision {
    let Ok(store) = Store::of(app) else { return decision };
    if app.consent == ConsentMode::OptOut {
        let _ = write!(io::stderr(), "{}{}\n\n", Disclosed { app, source: decision.source }, Notice(app));
        let _ = store.save(Answer::Told);
        // The run that shows the notice is not recorded.
        return decision;
    }
    if terminal::is_typed_ahead() {
        // This line is not an answer, since the question was not shown yet. A later run asks.
        return decision;
    }
    let input = terminal::read_line(
        || {
            let _ = write!(io::stderr(), "{}{} [y/N] ", Disclosed { app, source: decision.source }, Question(app));
        },
        ANSWER_TIMEOUT,
    );
    let answer = match &input.line {
        Some(line) if is_yes(line) => Answer::Yes,
        Some(_) => Answer::No,
        None if input.is_interrupted => Answer::No,
        None => Answer::Unanswered,
    };
    let result = if answer == Answer::Unanswered { "no answer; nothing is recorded\n" } else { "" };
    let _ = writeln!(io::stderr(), "{result}");
    let kept = store.save(answer);
    if answer == Answer::No {
        if let Ok(dir) = environment::queue_dir(app) {
            // Events from the time when the user agreed.
            let _ = queue::purge(&dir);
        }
    }
    if input.is_interrupted {
        // Ctrl-C means no, but also has its usual effect, which is to end most programs.
        terminal::interrupt();
    }
    let source = if answer == Answer::Unanswered { Source::Unanswered } else { Source::Stored };
    Decision { on: answer == Answer::Yes && kept.is_ok(), source }
}

fn is_yes(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.eq_ignore_ascii_case(b"y") || line.eq_ignore_ascii_case(b"yes")
}

/// What is collected and what is not, where it goes, and why. Generated from the constants that the program itself
/// uses, so the two cannot disagree.
struct Disclosed<'a> {
    app: &'a App,
    source: Source,
}

impl Display for Disclosed<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let app = self.app;
        if self.source == Source::Outdated {
            writeln!(out, "What {} collects has grown since you agreed.", app.name)?;
        }
        writeln!(out, "{} can record usage statistics.", app.name)?;
        let exact = if app.time == SentTime::Exact { "; the time is sent to the millisecond" } else { "" };
        writeln!(out, "\n  Collected, one event per run: {}{exact}", event::summaries())?;
        app.details.summarize(out)?;
        let other = if app.details.has_options { "other " } else { "" };
        writeln!(
            out,
            "  Never collected: {other}arguments, {other}option values, paths, environment variables, error messages, user \
             and host names, addresses"
        )?;
        let host = app.endpoint_host;
        match (host, disclosure::heeds_open_telemetry(app)) {
            (Some(host), false) => writeln!(out, "  Sent to: {host}")?,
            (Some(host), true) => {
                writeln!(out, "  Sent to: the endpoint in {}, or else {host}", disclosure::OPEN_TELEMETRY)?;
            }
            (None, true) => writeln!(out, "  Sent to: the endpoint in {}", disclosure::OPEN_TELEMETRY)?,
            (None, false) => writeln!(out, "  Sent to: nobody; kept on this machine")?,
        }
        if let Some(purpose) = app.purpose {
            writeln!(out, "  Purpose: {purpose}")?;
        }
        if let Some(contact) = app.contact {
            writeln!(out, "  Contact: {contact}")?;
        }
        if let Some(url) = app.privacy_url {
            writeln!(out, "  More: {url}")?;
        }
        writeln!(out)
    }
}

struct Question<'a>(&'a App);

impl Display for Question<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let App { name, variables, .. } = self.0;
        writeln!(
            out,
            "Your answer is kept. {}=1 or =0 overrides it, and DO_NOT_TRACK=1 always turns it off.",
            variables.enabled
        )?;
        write!(out, "Allow {name} to collect this?")
    }
}

struct Notice<'a>(&'a App);

impl Display for Notice<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let App { name, variables, .. } = self.0;
        write!(
            out,
            "{name} will record them from the next run on. Set {}=0 or DO_NOT_TRACK=1 to turn it off.",
            variables.enabled
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::TelemetryApp;
    use crate::event::sample::Cli;

    #[test]
    fn exact_times_are_told() {
        let asked = |time| Disclosed { app: &App { time, ..Cli::APP }, source: Source::Nobody }.to_string();
        assert!(asked(SentTime::Exact).contains("to the millisecond"));
        assert!(!asked(SentTime::Hour).contains("millisecond"));
    }
}
