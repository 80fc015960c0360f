//! `status`: whether telemetry is on, who decided that, how deliveries went, and what the user can do.

use std::fmt::Arguments;
use std::io;
use std::path::PathBuf;

use super::readable::{Calendar, Count, Size};
use super::variables::Variable;
use super::{Done, Output, variables};
use crate::consent::{self, Decision, Source, Store};
use crate::declare::Root;
use crate::environment;
use crate::event::Timestamp;
use crate::json::Writer;
use crate::queue::{self, Summary};
use crate::screen::{Style, Wrap, printable};
use crate::sys::folders::NoFolder;
use crate::{delivery, disclosure};

pub(super) fn run(root: Root, json: bool, out: &mut Output) -> Done {
    let app = root.app;
    let decision = consent::decide(app);
    let destination = delivery::destination(app).unwrap_or_default();
    let queue_dir = &environment::queue_dir(app);
    let (contents, delivery) = match queue_dir {
        Ok(dir) => (queue::Contents::read(dir), delivery::Status::read(dir)),
        Err(_) => (Ok(queue::Contents::default()), delivery::Status::default()),
    };
    let queue = contents.as_ref().map(|contents| contents.summary(app.name)).unwrap_or_default();
    let store = Store::of(app).ok();
    let (mut start_problem, mut unfinished_unix_ms) = (None, None);
    // Where nothing is to be sent, a delivery that is started finds nothing to do.
    if decision.on && destination.is_some() {
        start_problem = delivery::start_problem();
        if let Ok(dir) = queue_dir {
            unfinished_unix_ms = delivery::unfinished_unix_ms(app, dir, &delivery, &queue);
        }
    }
    let status = Status {
        root,
        decision,
        destination: destination.as_deref(),
        queue_dir,
        queue,
        contents: &contents,
        delivery: &delivery,
        start_problem,
        unfinished_unix_ms,
        store: store.as_ref(),
        variables: &variables::all(app, decision.source),
    };
    if json {
        return out.line(format_args!("{}", status.json()));
    }
    let mut page = Wrap::new(out.screen());
    status.write(Calendar::now(), &mut page);
    out.text(&page.finish())
}

struct Status<'a> {
    root: Root,
    decision: Decision,
    destination: Option<&'a str>,
    queue_dir: &'a Result<PathBuf, NoFolder>,
    queue: Summary,
    /// The queue, or why it could not be read.
    contents: &'a io::Result<queue::Contents>,
    delivery: &'a delivery::Status,
    /// Why no delivery can be started.
    start_problem: Option<&'static str>,
    unfinished_unix_ms: Option<u64>,
    /// Where the decision is.
    store: Option<&'a Store<'a>>,
    variables: &'a [Variable],
}

impl Status<'_> {
    /// Events that were lost, whoever knows of them.
    fn dropped(&self) -> u64 {
        self.queue.dropped + self.delivery.dropped.total()
    }

    fn json(&self) -> String {
        let Status { queue, delivery, .. } = self;
        let error = delivery.last_error.as_ref();
        let consent_file = self.store.map(|store| format!("{}", printable(store.path())));
        let queue_dir = self.queue_dir.as_ref().ok().map(|dir| format!("{}", printable(dir)));
        let mut json = Writer::default();
        json.open_object();
        json.key("enabled").bool(self.decision.on);
        json.key("source").text(self.decision.source.as_str());
        json.key("destination").optional_text(self.destination);
        json.key("consent_file").optional_text(consent_file.as_deref());
        json.key("queue_dir").optional_text(queue_dir.as_deref());
        json.key("queued_events").number(queue.events);
        json.key("queued_bytes").number(queue.bytes);
        time(json.key("oldest_event"), queue.oldest_unix_ms);
        json.key("unreadable_lines").number(queue.foreign);
        json.key("delivered_events").number(delivery.delivered);
        json.key("dropped_events").number(self.dropped());
        time(json.key("last_delivery"), delivery.last_success_unix_ms);
        json.key("last_error").optional_text(error.map(|error| &*error.text));
        time(json.key("last_error_time"), error.map(|error| error.unix_ms));
        time(json.key("next_attempt"), delivery.next_attempt_unix_ms);
        json.key("no_delivery").optional_text(self.start_problem);
        time(json.key("unfinished_delivery"), self.unfinished_unix_ms);
        json.key("variables").open_list();
        for variable in self.variables {
            variable.json(json.item());
        }
        json.close_list();
        json.close_object();
        json.finish()
    }

    fn write(&self, calendar: Calendar, out: &mut Wrap) {
        let (state, style) = if self.decision.on { ("on", Style::Green) } else { ("off", Style::Bold) };
        label(out, "Telemetry:");
        out.styled(style, &[state]);
        out.put("\n");
        row(out, "Decided by:", format_args!("{}", self.decision.source.describe(self.root.app)));
        let destination = self.destination;
        row(out, "Sent to:", format_args!("{}", destination.unwrap_or("nobody; kept on this machine")));
        self.write_queue(calendar, out);
        if destination.is_some() || self.delivery.delivered > 0 {
            self.write_delivered(calendar, out);
        }
        if self.dropped() > 0 {
            self.write_dropped(out);
        }
        self.write_foreign(out);
        self.write_problems(calendar, out);
        self.write_places(out);
        variables::write(self.variables, out);
        self.write_next(out);
    }

    fn write_queue(&self, calendar: Calendar, out: &mut Wrap) {
        let Summary { events, bytes, oldest_unix_ms, foreign, .. } = self.queue;
        label(out, "Queue:");
        write!(out, "{}", Count(events, "event"));
        if bytes > 0 {
            write!(out, ", {}", Size(bytes));
        }
        if let Some(oldest) = oldest_unix_ms {
            write!(out, ", the oldest from {}", calendar.distance(oldest));
        }
        if foreign > 0 {
            write!(out, ", and {}", Count(foreign, "unreadable line"));
        }
        out.put("\n");
    }

    fn write_delivered(&self, calendar: Calendar, out: &mut Wrap) {
        label(out, "Delivered:");
        write!(out, "{}", Count(self.delivery.delivered, "event"));
        if let Some(last) = self.delivery.last_success_unix_ms {
            write!(out, ", the last {}", calendar.distance(last));
        }
        out.put("\n");
    }

    /// How many events were lost, and why.
    fn write_dropped(&self, out: &mut Wrap) {
        let dropped = self.delivery.dropped;
        label(out, "Dropped:");
        write!(out, "{}", Count(self.dropped(), "event"));
        let mut parts = Parts { out, separator: ": " };
        parts.add(dropped.full + self.queue.dropped, "without room in the queue");
        parts.add(dropped.old, "too old");
        parts.add(dropped.refused, "refused by the receiver");
        parts.add(dropped.too_large, "too large for the receiver");
        parts.add(dropped.foreign, "unreadable");
        out.put("\n");
    }

    /// What is in the way of the user's own files.
    fn write_foreign(&self, out: &mut Wrap) {
        match (self.contents, self.queue_dir) {
            (Ok(contents), _) => {
                for file in &contents.foreign_files {
                    problem(out, format_args!("{} is not yours, and not used", printable(file)));
                }
            }
            (Err(error), Ok(dir)) => problem(out, format_args!("{}: {error}", printable(dir))),
            (Err(_), Err(_)) => {}
        }
        if let Some(store) = self.store {
            if store.holds_something_else() {
                let file = printable(store.path());
                problem(out, format_args!("{file} is not used: it holds no decision, or is another user's"));
            }
        }
    }

    /// What is wrong with the delivery, in sentences.
    fn write_problems(&self, calendar: Calendar, out: &mut Wrap) {
        let delivery = self.delivery;
        let version = self.root.app.version;
        if delivery.ended_version.as_deref() == Some(version) {
            problem(out, format_args!("the receiver wants no more events of version {version}"));
        }
        if let Some(error) = &delivery.last_error {
            let (failed, text) = (calendar.distance(error.unix_ms), &error.text);
            match delivery.next_attempt_unix_ms {
                Some(next) if next > calendar.now_unix_ms() => {
                    let next = calendar.distance(next);
                    problem(out, format_args!("the last delivery failed {failed}: {text}; next attempt {next}"));
                }
                _ => problem(out, format_args!("the last delivery failed {failed}: {text}")),
            }
        }
        if let Some(refusal) = &delivery.refusal {
            let days = Count(refusal.days, "day");
            problem(out, format_args!("the receiver has refused the oldest events on {days}; soon they are given up"));
        }
        if let Some(why) = self.start_problem {
            problem(out, format_args!("no delivery can be started: {why}"));
        }
        if let Some(started) = self.unfinished_unix_ms {
            let started = calendar.distance(started);
            problem(
                out,
                format_args!(
                    "the delivery that started {started} did not end: something stopped it, such as a container that \
                     stops with the run"
                ),
            );
        }
    }

    /// Where the user's files are.
    fn write_places(&self, out: &mut Wrap) {
        label(out, "Decision in:");
        match self.store {
            Some(store) => write!(out, "{}", printable(store.path())),
            None => out.put("nowhere"),
        }
        if let Err(why) = environment::config_dir(self.root.app) {
            out.put(if self.store.is_some() { ", where none can be stored" } else { "" });
            write!(out, ": {why}");
        }
        out.put("\n");
        match self.queue_dir {
            Ok(dir) => row(out, "Queue in:", format_args!("{}", printable(dir))),
            Err(why) => row(out, "Queue in:", format_args!("nowhere: {why}")),
        }
    }

    /// What the user can do, and why.
    fn write_next(&self, out: &mut Wrap) {
        let management = disclosure::management(self.root);
        let mut hints = Hints { out, management: management.as_deref(), is_empty: true };
        #[cfg(feature = "http")]
        {
            let sends = self.decision.on && self.destination.is_some() && !environment::is_dry_run(self.root.app);
            if sends && self.queue.events > 0 {
                hints.command("flush", " delivers now");
            }
            if self.delivery.delivered > 0 {
                hints.command("show --sent", " shows what was sent lately");
            }
        }
        let enabled = self.root.app.variables.enabled;
        match (self.decision.source, self.decision.on) {
            (Source::DoNotTrack, _) => hints.add(&["unset DO_NOT_TRACK"], " to decide otherwise"),
            (Source::Variable, _) => hints.add(&["unset ", enabled], " for your stored decision to count"),
            (Source::Ci, _) => hints.add(&["set ", enabled, "=1"], " to turn it on in CI"),
            (Source::Stored | Source::Notice, true) => {
                hints.command("show", " shows the queued events");
                hints.command("disable", " turns it off");
            }
            (Source::Stored, false) => hints.command("enable", " turns it on"),
            (Source::Notice | Source::Outdated | Source::Unanswered | Source::Nobody, _) => {
                hints.command("disclosure", " shows what would be collected");
                hints.command("enable", " turns it on");
                hints.command("disable", " turns it off for good");
            }
            (Source::CompiledOut | Source::Privileged | Source::OpenTelemetry | Source::Policy, _) => {}
        }
        if !hints.is_empty {
            hints.out.put("\n");
        }
    }
}

/// Writes the parts of a sum that are not zero.
struct Parts<'a> {
    out: &'a mut Wrap,
    separator: &'static str,
}

impl Parts<'_> {
    #[inline(never)]
    fn add(&mut self, number: u64, what: &str) {
        if number > 0 {
            write!(self.out, "{}{number} {what}", self.separator);
            self.separator = ", ";
        }
    }
}

/// The last row.
struct Hints<'a> {
    out: &'a mut Wrap,
    management: Option<&'a str>,
    is_empty: bool,
}

impl Hints<'_> {
    /// A management command, if the program has them.
    #[inline(never)]
    fn command(&mut self, name: &str, why: &str) {
        if let Some(management) = self.management {
            self.add(&["`", management, " ", name, "`"], why);
        }
    }

    #[inline(never)]
    fn add(&mut self, what: &[&str], why: &str) {
        if self.is_empty {
            label(self.out, "Next:");
            self.is_empty = false;
        } else {
            self.out.put(", ");
        }
        for text in what {
            self.out.whole(text);
        }
        self.out.put(why);
    }
}

/// A time in RFC 3339, or null.
fn time(json: &mut Writer, unix_ms: Option<u64>) {
    match unix_ms {
        Some(unix_ms) => json.text(&format!("{}", Timestamp(unix_ms))),
        None => json.null(),
    }
}

/// The columns before the text of a row.
const LABEL: usize = 15;

#[inline(never)]
fn label(out: &mut Wrap, label: &str) {
    out.hang(LABEL);
    out.styled(Style::Bold, &[label]);
    for _ in label.len()..LABEL {
        out.put(" ");
    }
}

#[inline(never)]
fn row(out: &mut Wrap, name: &str, text: Arguments<'_>) {
    label(out, name);
    writeln!(out, "{text}");
}

#[inline(never)]
fn problem(out: &mut Wrap, text: Arguments<'_>) {
    label(out, "Problem:");
    out.write_styled(Style::Red, text);
    out.put("\n");
}
