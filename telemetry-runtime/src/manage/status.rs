//! `status`: whether telemetry is on, who decided that, how deliveries went, and what the user can do.

use std::fmt::{self, Write as _};

use super::readable::{self, Calendar};
use super::variables::Variable;
use super::{ManageError, Output, variables};
use crate::consent::{self, Decision, Source, Store};
use crate::declare::{App, Root};
use crate::event::Timestamp;
use crate::json::Writer;
use crate::queue::{self, Summary};
use crate::screen::{Style, Wrap, printable};
use crate::{delivery, disclosure, environment};

pub(super) fn run(root: Root, json: bool, out: &mut Output) -> Result<(), ManageError> {
    let status = Status::of(root);
    if json {
        return out.line(format_args!("{}", status.json()));
    }
    let mut text = String::new();
    let mut wrap = Wrap::new(&mut text, out.screen());
    // Writing to a string cannot fail.
    let _ = status.write(Calendar::now(), &mut wrap).and_then(|()| wrap.finish());
    out.text(&text)
}

struct Status {
    app: &'static App,
    decision: Decision,
    /// What to type before the name of a management command.
    management: Option<String>,
    destination: Option<String>,
    queue: Summary,
    delivery: delivery::Status,
    /// Events that were lost, whoever knows of them.
    dropped: u64,
    /// Why no delivery can be started.
    start_problem: Option<&'static str>,
    unfinished_unix_ms: Option<u64>,
    /// Where the decision is, and why none can be stored there.
    consent_file: Option<String>,
    no_decision: Option<String>,
    /// Where the queue is, or why there is none.
    queue_dir: Result<String, String>,
    /// What is in the way of the user's own files.
    foreign: Vec<String>,
    variables: Vec<Variable>,
}

impl Status {
    fn of(root: Root) -> Self {
        let app = root.app;
        let decision = consent::decide(app);
        let dir = environment::queue_dir(app);
        let queue_dir = match &dir {
            Ok(dir) => Ok(printable(dir.as_os_str())),
            Err(why) => Err(why.to_string()),
        };
        let dir = dir.ok();
        let mut foreign = Vec::new();
        let mut queue = Summary::default();
        if let Some(dir) = &dir {
            match queue::read(dir, app.name) {
                Ok(contents) => queue = contents.summary,
                Err(error) => foreign.push(format!("{}: {error}", printable(dir.as_os_str()))),
            }
            let files = queue::foreign_files(dir);
            foreign
                .extend(files.iter().map(|file| format!("{} is not yours, and not used", printable(file.as_os_str()))));
        }
        let store = Store::of(app).ok();
        let consent_file = store.as_ref().map(|store| printable(store.path().as_os_str()));
        if let (Some(file), Some(true)) = (&consent_file, store.as_ref().map(Store::holds_something_else)) {
            foreign.push(format!("{file} is not used: it holds no decision, or is another user's"));
        }
        let delivery = dir.as_deref().map(delivery::Status::read).unwrap_or_default();
        let destination = delivery::destination(app).unwrap_or_default();
        // Where nothing is to be sent, a delivery that is started finds nothing to do.
        let sends = decision.on && destination.is_some();
        let unfinished = |dir| delivery::unfinished_unix_ms(app, dir, &delivery, &queue);
        Status {
            app,
            decision,
            management: disclosure::management(root),
            unfinished_unix_ms: dir.as_deref().filter(|_| sends).and_then(unfinished),
            start_problem: delivery::start_problem().filter(|_| sends),
            dropped: queue.dropped + delivery.dropped.total(),
            consent_file,
            no_decision: environment::config_dir(app).err().map(|why| why.to_string()),
            variables: variables::all(app, decision.source),
            destination,
            queue,
            delivery,
            queue_dir,
            foreign,
        }
    }

    fn json(&self) -> String {
        let Status { queue, delivery, .. } = self;
        let error = delivery.last_error.as_ref();
        let mut json = Writer::default();
        json.open_object();
        json.key("enabled").bool(self.decision.on);
        json.key("source").text(self.decision.source.as_str());
        json.key("destination").optional_text(self.destination.as_deref());
        json.key("consent_file").optional_text(self.consent_file.as_deref());
        json.key("queue_dir").optional_text(self.queue_dir.as_deref().ok());
        json.key("queued_events").number(queue.events);
        json.key("queued_bytes").number(queue.bytes);
        time(json.key("oldest_event"), queue.oldest_unix_ms);
        json.key("unreadable_lines").number(queue.foreign);
        json.key("delivered_events").number(delivery.delivered);
        json.key("dropped_events").number(self.dropped);
        time(json.key("last_delivery"), delivery.last_success_unix_ms);
        json.key("last_error").optional_text(error.map(|error| &*error.text));
        time(json.key("last_error_time"), error.map(|error| error.unix_ms));
        time(json.key("next_attempt"), delivery.next_attempt_unix_ms);
        json.key("no_delivery").optional_text(self.start_problem);
        time(json.key("unfinished_delivery"), self.unfinished_unix_ms);
        json.key("variables").open_list();
        self.variables.iter().for_each(|variable| variable.json(json.item()));
        json.close_list();
        json.close_object();
        json.finish()
    }

    fn write(&self, calendar: Calendar, out: &mut Wrap<'_>) -> fmt::Result {
        let (state, style) = if self.decision.on { ("on", Style::Green) } else { ("off", Style::Bold) };
        label(out, "Telemetry:")?;
        out.styled(style, &[state])?;
        out.line(&[])?;
        row(out, "Decided by:", &self.decision.source.describe(self.app))?;
        row(out, "Sent to:", self.destination.as_deref().unwrap_or("nobody; kept on this machine"))?;
        row(out, "Queue:", &self.queued(calendar))?;
        if self.destination.is_some() || self.delivery.delivered > 0 {
            row(out, "Delivered:", &self.delivered(calendar))?;
        }
        if self.dropped > 0 {
            row(out, "Dropped:", &self.dropped())?;
        }
        self.problems(calendar).iter().try_for_each(|problem| alarm(out, problem))?;
        let nowhere = self.queue_dir.as_ref().err().map(|why| format!("nowhere: {why}"));
        match (&self.consent_file, &self.no_decision) {
            (Some(file), None) => row(out, "Decision in:", file)?,
            (Some(file), Some(why)) => row(out, "Decision in:", &format!("{file}, where none can be stored: {why}"))?,
            (None, why) => row(out, "Decision in:", &format!("nowhere: {}", why.as_deref().unwrap_or_default()))?,
        }
        row(out, "Queue in:", self.queue_dir.as_ref().ok().or(nowhere.as_ref()).map_or("", |place| place))?;
        variables::write(&self.variables, out)?;
        self.next(out)
    }

    fn queued(&self, calendar: Calendar) -> String {
        let Summary { events, bytes, oldest_unix_ms, foreign, .. } = self.queue;
        let mut text = readable::count(events, "event");
        if bytes > 0 {
            text.push_str(", ");
            text.push_str(&readable::size(bytes));
        }
        if let Some(oldest) = oldest_unix_ms {
            text.push_str(", the oldest from ");
            text.push_str(&calendar.distance(oldest));
        }
        if foreign > 0 {
            text.push_str(", and ");
            text.push_str(&readable::count(foreign, "unreadable line"));
        }
        text
    }

    fn delivered(&self, calendar: Calendar) -> String {
        let number = readable::count(self.delivery.delivered, "event");
        match self.delivery.last_success_unix_ms {
            Some(last) => format!("{number}, the last {}", calendar.distance(last)),
            None => number,
        }
    }

    /// How many events were lost, and why.
    fn dropped(&self) -> String {
        let dropped = self.delivery.dropped;
        let reasons = [
            (dropped.full + self.queue.dropped, "without room in the queue"),
            (dropped.old, "too old"),
            (dropped.refused, "refused by the receiver"),
            (dropped.too_large, "too large for the receiver"),
            (dropped.foreign, "unreadable"),
        ];
        let mut text = readable::count(self.dropped, "event");
        let mut separator = ": ";
        for (number, reason) in reasons.into_iter().filter(|(number, _)| *number > 0) {
            text.push_str(separator);
            text.push_str(&number.to_string());
            text.push(' ');
            text.push_str(reason);
            separator = ", ";
        }
        text
    }

    /// What is wrong, in sentences.
    fn problems(&self, calendar: Calendar) -> Vec<String> {
        let delivery = &self.delivery;
        let mut problems = self.foreign.clone();
        if delivery.ended_version.as_deref() == Some(self.app.version) {
            problems.push(format!("the receiver wants no more events of version {}", self.app.version));
        }
        if let Some(error) = &delivery.last_error {
            let next = match delivery.next_attempt_unix_ms {
                Some(next) if next > calendar.now_unix_ms() => format!("; next attempt {}", calendar.distance(next)),
                _ => String::new(),
            };
            problems.push(format!(
                "the last delivery failed {}: {}{next}",
                calendar.distance(error.unix_ms),
                error.text
            ));
        }
        if let Some(refusal) = &delivery.refusal {
            let days = readable::count(refusal.days, "day");
            problems.push(format!("the receiver has refused the oldest events on {days}; soon they are given up"));
        }
        if let Some(why) = self.start_problem {
            problems.push(format!("no delivery can be started: {why}"));
        }
        if let Some(started) = self.unfinished_unix_ms {
            problems.push(format!(
                "the delivery that started {} did not end: something stopped it, such as a container that stops with the run",
                calendar.distance(started)
            ));
        }
        problems
    }

    fn next(&self, out: &mut Wrap<'_>) -> fmt::Result {
        let hints = self.hints();
        if hints.is_empty() {
            return Ok(());
        }
        label(out, "Next:")?;
        let mut separator = "";
        for (what, why) in hints {
            out.write_str(separator)?;
            out.whole(&what);
            out.write_str(why)?;
            separator = ", ";
        }
        out.line(&[])
    }

    /// What the user can do, and why.
    fn hints(&self) -> Vec<(String, &'static str)> {
        let mut hints = Vec::new();
        let mut command = |name: &str, why| {
            if let Some(management) = &self.management {
                hints.push((format!("`{management} {name}`"), why));
            }
        };
        if cfg!(feature = "http") && self.decision.on && self.destination.is_some() && self.queue.events > 0 {
            command("flush", " delivers now");
        }
        let enabled = self.app.variables.enabled;
        match (self.decision.source, self.decision.on) {
            (Source::DoNotTrack, _) => hints.push(("unset DO_NOT_TRACK".to_owned(), " to decide otherwise")),
            (Source::Variable, _) => hints.push((format!("unset {enabled}"), " for your stored decision to count")),
            (Source::Ci, _) => hints.push((format!("set {enabled}=1"), " to turn it on in CI")),
            (Source::Stored | Source::Notice, true) => {
                command("show", " shows the queued events");
                command("disable", " turns it off");
            }
            (Source::Stored, false) => command("enable", " turns it on"),
            (Source::Notice | Source::Outdated | Source::Unanswered | Source::Nobody, _) => {
                command("disclosure", " shows what would be collected");
                command("enable", " turns it on");
                command("disable", " turns it off for good");
            }
            (Source::CompiledOut | Source::Privileged | Source::OpenTelemetry | Source::Policy, _) => {}
        }
        hints
    }
}

/// A time in RFC 3339, or null.
fn time(json: &mut Writer, unix_ms: Option<u64>) {
    json.optional_text(unix_ms.map(|unix_ms| Timestamp(unix_ms).to_string()).as_deref());
}

/// The columns before the text of a row.
const LABEL: usize = 15;

fn label(out: &mut Wrap<'_>, label: &str) -> fmt::Result {
    out.hang(LABEL);
    out.styled(Style::Bold, &[label])?;
    out.write_str(&" ".repeat(LABEL - label.len()))
}

fn row(out: &mut Wrap<'_>, name: &str, text: &str) -> fmt::Result {
    label(out, name)?;
    out.line(&[text])
}

fn alarm(out: &mut Wrap<'_>, text: &str) -> fmt::Result {
    label(out, "Problem:")?;
    out.styled(Style::Red, &[text])?;
    out.line(&[])
}
