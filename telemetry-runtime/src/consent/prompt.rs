//! Asks the user for consent on a terminal, or shows the opt-out notice. Writes to stderr and stores the answer.

use std::io::{self, Write};
use std::time::Duration;

use super::{Answer, Decision, Source, Store};
use crate::declare::{App, ConsentMode, Root};
use crate::disclosure::{self, OPEN_TELEMETRY};
use crate::event;
use crate::screen::{Screen, Style, Wrap};
use crate::sys::terminal;
use crate::{environment, queue, sys};

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
        && sys::is_interactive()
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
pub(crate) fn ask(root: Root, decision: Decision) -> Decision {
    let app = root.app;
    let Ok(store) = Store::of(app) else { return decision };
    if app.consent == ConsentMode::OptOut {
        let _ = writeln!(io::stderr(), "{}\n", text(root, decision.source, Screen::stderr()));
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
            let _ = write!(io::stderr(), "{} [y/N] ", text(root, decision.source, Screen::stderr()));
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

/// The question, or the notice: what is collected and what is not, where it goes, and why. Made from the constants that the
/// program itself uses, so the two cannot disagree.
fn text(root: Root, source: Source, screen: Screen) -> String {
    let app = root.app;
    let management = disclosure::management(root);
    let mut out = Wrap::new(screen);
    if source == Source::Outdated {
        put(&mut out, &["What ", app.name, " collects has grown since you agreed.\n"]);
    }
    collected(app, management.is_none(), &mut out);
    never(app, &mut out);
    sent_to(app, &mut out);
    if let Some(purpose) = app.purpose {
        row(&mut out, "Purpose:  ", &[purpose]);
    }
    later(app, management.as_deref(), &mut out);
    more(app, management.as_deref(), &mut out);
    let (before, after) = match app.consent {
        ConsentMode::OptOut => ("", " will record them from the next run on."),
        _ => ("Allow ", " to collect this?"),
    };
    out.styled(Style::Bold, &[before, app.name, after]);
    out.finish()
}

/// The fields that come first, because they are what users want to know.
const FIRST: [&str; 3] = ["command", "status", "duration_us"];

fn collected(app: &App, with_names: bool, out: &mut Wrap) {
    out.hang(2);
    put(out, &[app.name, " can record usage statistics, per run:"]);
    summarize(app, true, " ", out);
    summarize(app, false, ", ", out);
    // Cannot fail, since writing into memory does not.
    let _ = app.details.summarize(with_names, out);
    out.put("\n");
}

/// Writes the summaries of the fields that come first, or of the others.
#[inline(never)]
fn summarize(app: &App, is_first: bool, mut separator: &str, out: &mut Wrap) {
    let agreed = disclosure::fields(app).count();
    for (name, summary) in event::summaries().take(agreed) {
        if FIRST.contains(&name) == is_first {
            put(out, &[separator, summary]);
            separator = ", ";
        }
    }
}

fn never(app: &App, out: &mut Wrap) {
    let other = if app.details.has_options { "other " } else { "" };
    let rest = "option values, paths, environment variables, error messages, user and host names, addresses";
    row(out, "Never:    ", &[other, "arguments, ", other, rest]);
}

fn sent_to(app: &App, out: &mut Wrap) {
    begin_row(out, "Sent to:  ");
    let heeds_open_telemetry = disclosure::heeds_open_telemetry(app);
    if heeds_open_telemetry {
        out.put("the endpoint in ");
        out.put(OPEN_TELEMETRY);
    }
    match (app.endpoint_host, heeds_open_telemetry) {
        (Some(host), true) => put(out, &[", or else ", host]),
        (Some(host), false) => out.put(host),
        (None, true) => {}
        (None, false) => out.put("nobody; kept on this machine"),
    }
    out.put("\n");
}

/// How the user decides later.
fn later(app: &App, management: Option<&str>, out: &mut Wrap) {
    let [way, values] = match management {
        Some(management) => [management, " enable` or `disable`"],
        None => [app.variables.enabled, "=1` or `=0`"],
    };
    row(out, "Later:    ", &["`", way, values, ", or `DO_NOT_TRACK=1`"]);
}

/// Where to read more, and whom to ask.
fn more(app: &App, management: Option<&str>, out: &mut Wrap) {
    let mut label = "More:     ";
    if let Some(management) = management {
        begin_row(out, label);
        for text in ["`", management, " disclosure`"] {
            out.whole(text);
        }
        label = "";
    }
    for text in [app.privacy_url, app.contact].into_iter().flatten() {
        if label.is_empty() {
            out.put(", ");
        } else {
            begin_row(out, label);
        }
        out.whole(text);
        label = "";
    }
    if label.is_empty() {
        out.put("\n");
    }
}

// Not inlined, like the next two: it would be copied for each row, into every program.
#[inline(never)]
fn row(out: &mut Wrap, label: &str, texts: &[&str]) {
    begin_row(out, label);
    put(out, texts);
    out.put("\n");
}

#[inline(never)]
fn begin_row(out: &mut Wrap, label: &str) {
    out.put("  ");
    out.hang(2 + label.len());
    out.styled(Style::Bold, &[label]);
}

#[inline(never)]
fn put(out: &mut Wrap, texts: &[&str]) {
    for text in texts {
        out.put(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::{SentTime, TelemetryApp};
    use crate::event::names_and_more;
    use crate::event::sample::Cli;

    const PIPE: Screen = Screen { columns: None, has_styles: false };

    #[test]
    fn what_comes_first_is_a_field() {
        assert!(FIRST.iter().all(|first| names_and_more().any(|name| name == *first)));
    }

    #[test]
    fn exact_times_are_told() {
        const EXACT: App = App { time: SentTime::Exact, ..Cli::APP };
        let asked = |app| {
            let mut root = Root::of::<Cli>();
            root.app = app;
            text(root, Source::Nobody, PIPE)
        };
        assert!(asked(&EXACT).contains("to the millisecond"));
        assert!(!asked(&Cli::APP).contains("millisecond"));
    }
}
