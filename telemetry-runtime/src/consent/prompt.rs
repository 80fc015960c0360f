//! Asking the user, once, on a terminal.

use std::fmt::{self, Display, Formatter};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::{Answer, Decision, Source, Store};
use crate::declare::{App, ConsentMode};
use crate::event;
use crate::sys::terminal;
use crate::{disclosure, environment, queue};

/// How long the question waits for an answer. Behind a terminal of a container or an agent there may be nobody.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(10);

/// Is there a person to ask, and does the author want them asked?
///
/// Only when all three streams are terminals: a program whose output is read by another must not stop for a question. Not in
/// the background, where reading stops a program; not when the answer could not be kept, since every run would ask again;
/// not right after a question that nobody has answered. Users who are told and not asked keep what they have put in the
/// decision's place, which may have been a no.
pub(crate) fn can_ask(app: &App, decision: Decision) -> bool {
    decision.is_open()
        && app.consent != ConsentMode::OptIn
        && io::stdin().is_terminal()
        && io::stdout().is_terminal()
        && io::stderr().is_terminal()
        && !environment::is_dumb_terminal()
        && terminal::in_foreground()
        && Store::of(app).is_some_and(|store| {
            store.can_save() && store.may_ask() && (app.consent == ConsentMode::Ask || !store.holds_something_else())
        })
}

/// Asks, or tells, and keeps the answer. Returns the decision for this run.
///
/// Only an answer is a decision: a line that was typed, or Ctrl-C, which is a no. Users who have agreed to less are asked
/// again. Those whose answer cannot be kept are not recorded.
pub(crate) fn ask(app: &App, decision: Decision) -> Decision {
    let Some(store) = Store::of(app) else { return decision };
    if app.consent == ConsentMode::OptOut {
        let _ = write!(io::stderr(), "{}{}\n\n", Disclosed { app, source: decision.source }, Notice(app));
        let _ = store.save(Answer::Told);
        // Nothing is recorded on the run that tells.
        return decision;
    }
    if terminal::is_typed_ahead() {
        // Not an answer: the question was not there yet. Another run asks.
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
    let word = if answer == Answer::Unanswered { "no answer; nothing is recorded\n" } else { "" };
    let _ = writeln!(io::stderr(), "{word}");
    let kept = store.save(answer);
    if answer == Answer::No {
        if let Some(dir) = environment::queue_dir(app) {
            // Recorded while they had agreed.
            let _ = queue::purge(&dir);
        }
    }
    if input.is_interrupted {
        // Ctrl-C is a no, and still what it always is: for most programs, the wish that they end.
        terminal::interrupt();
    }
    let source = if answer == Answer::Unanswered { Source::Unanswered } else { Source::Stored };
    Decision { on: answer == Answer::Yes && kept.is_ok(), source }
}

fn is_yes(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.eq_ignore_ascii_case(b"y") || line.eq_ignore_ascii_case(b"yes")
}

/// What is collected, what is not, where it goes, and what for. From the constants alone, so it cannot say anything else
/// than the program does.
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
        writeln!(out, "{} can keep statistics of its use.", app.name)?;
        writeln!(out, "\n  Collected, one event a run: {}", event::summaries())?;
        writeln!(out, "  Never collected: arguments, option values, paths, environment, messages, names, addresses")?;
        let host = app.endpoint_host;
        match (host, disclosure::heeds_open_telemetry(app)) {
            (Some(host), false) => writeln!(out, "  Sent to: {host}")?,
            (Some(host), true) => {
                writeln!(out, "  Sent to: wherever {} says, else to {host}", disclosure::OPEN_TELEMETRY)?;
            }
            (None, true) => writeln!(out, "  Sent to: wherever {} says", disclosure::OPEN_TELEMETRY)?,
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
            "You are asked once. {}=1 or =0 decides wherever it is set; so does DO_NOT_TRACK=1.",
            variables.enabled
        )?;
        write!(out, "Let {name} collect this?")
    }
}

struct Notice<'a>(&'a App);

impl Display for Notice<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let App { name, variables, .. } = self.0;
        write!(out, "{name} will do so from the next run on. {}=0 or DO_NOT_TRACK=1 stops it.", variables.enabled)
    }
}
