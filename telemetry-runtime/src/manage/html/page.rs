//! The page.

use super::chart::{self, Bar};
use super::text::{Code, Escaped};
use crate::declare::App;
use crate::declare::limits::{SECONDS_PER_DAY, SENT_MAX_AGE};
use crate::delivery;
use crate::event::{Record, every_field};
use crate::json::Json;
use crate::manage::readable::{Calendar, Count, Micros};
use crate::manage::show::{command, details, has_failed};
use crate::queue::{Sent, What};
use crate::text::Text;

/// How many days the chart shows. Older events are few: those that cannot be sent.
const DAYS_MIN: u64 = 30;
const DAYS_MAX: u64 = 60;

/// How long it is kept what was sent.
const DAYS: u64 = SENT_MAX_AGE.as_secs() / SECONDS_PER_DAY;

/// More events do not make the page more telling.
const EVENTS_MAX: usize = 500;

const STYLE: &str = "
:root{color-scheme:light dark;--run:#4a7fb5;--failed:#c0392b;--line:#8884}
body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2.5rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}
div{overflow-x:auto}
th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid var(--line);vertical-align:top}
.n{text-align:right;font-variant-numeric:tabular-nums}
.bar{width:40%}.bar svg{width:100%;height:.8rem}
svg{max-width:100%}
@media(max-width:40rem){.fields code{overflow-wrap:anywhere}.fields td{display:block;border:0;padding:0}.fields td:first-child{margin-top:.75rem;font-weight:bold}}
svg text{font-size:10px;fill:currentColor}
.run{fill:var(--run)}.failed{fill:var(--failed)}td.failed{color:var(--failed)}
code{font-size:.9em}p.note{opacity:.75}";

/// What the page shows.
pub(super) struct Page<'a> {
    app: &'a App,
    /// Those sent and those queued, oldest first.
    events: Vec<&'a Record<'a>>,
    queued: usize,
    /// Oldest first.
    sent: &'a [Sent<'a>],
    calendar: Calendar,
}

impl<'a> Page<'a> {
    pub(super) fn new(app: &'a App, queued: &'a [Record<'a>], sent: &'a [Sent<'a>], calendar: Calendar) -> Self {
        let of_sent = sent.iter().filter_map(|sent| match &sent.what {
            What::Event(record) => Some(record),
            What::Dropped(_) => None,
        });
        let mut events: Vec<&Record<'_>> = of_sent.chain(queued).collect();
        // Deliveries have a random order.
        events.sort_by_key(|record| record.fields.start_time_unix_ms);
        Page { app, events, queued: queued.len(), sent, calendar }
    }

    pub(super) fn html(&self) -> String {
        let mut out = Text::default();
        let name = Escaped(self.app.name);
        write!(
            out,
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\n\
             <title>Telemetry of {name}</title><style>{STYLE}</style>\n<h1>Telemetry of {name}</h1>\n"
        );
        let waits = delivery::destination(self.app).is_ok_and(|host| host.is_some());
        writeln!(
            out,
            "<p>{} on this machine{}, {} sent in the last {DAYS} days. Nothing on this page is loaded from elsewhere, and it is \
             sent to nobody.",
            Count(self.queued as u64, "event"),
            if waits { " waiting to be sent" } else { "" },
            Count((self.events.len() - self.queued) as u64, "event"),
        );
        if !self.events.is_empty() {
            self.one_event(&mut out);
            writeln!(out, "<h2>Runs by day</h2>");
            chart::columns(&self.by_day(), &mut out);
            writeln!(out, "<h2>Runs by command</h2>");
            chart::rows(&self.by_command(), &mut out);
            self.what_was_sent(&mut out);
            self.list(&mut out);
        }
        writeln!(out, "</html>");
        out.finish()
    }

    /// The newest event, field by field.
    fn one_event(&self, out: &mut Text) {
        let Some(newest) = self.events.last() else { return };
        let Some(entries) = newest.row.as_object() else { return };
        writeln!(out, "<h2>What one event holds</h2>\n<p>The newest one, whole:\n<div><table class=\"fields\">");
        for (name, value) in entries {
            let field = every_field().find(|field| field.name == name);
            let meaning = field.map_or("also recorded by this program", |field| field.meaning);
            writeln!(
                out,
                "<tr><td><code>{}</code><td><code>{}</code><td>{}</tr>",
                Escaped(name),
                Escaped(&shown(value)),
                Code(&meaning.replace(", from the list below", ""))
            );
        }
        writeln!(out, "</table></div>");
    }

    /// A bar for each of the last days, from the first one with an event on, but at least and at most so many.
    fn by_day(&self) -> Vec<Bar> {
        const DAY_MS: u64 = 24 * 60 * 60 * 1000;
        let now = self.calendar.now_unix_ms();
        let first = self.events.first().map_or(now, |record| record.fields.start_time_unix_ms);
        let days = (now.saturating_sub(first) / DAY_MS + 1).clamp(DAYS_MIN, DAYS_MAX);
        let mut bars: Vec<Bar> = (0..=days)
            .rev()
            .map(|ago| Bar { label: self.calendar.day(now.saturating_sub(ago * DAY_MS)), ..Bar::default() })
            .collect();
        for record in &self.events {
            let day = self.calendar.day(record.fields.start_time_unix_ms);
            if let Some(bar) = bars.iter_mut().find(|bar| bar.label == day) {
                bar.add(has_failed(record));
            }
        }
        bars
    }

    /// The most used command first.
    fn by_command(&self) -> Vec<Bar> {
        let mut bars: Vec<Bar> = Vec::new();
        for record in &self.events {
            let label = command(record);
            match bars.iter_mut().find(|bar| bar.label == label) {
                Some(bar) => bar.add(has_failed(record)),
                None => {
                    let mut bar = Bar { label, ..Bar::default() };
                    bar.add(has_failed(record));
                    bars.push(bar);
                }
            }
        }
        bars.sort_by_key(|bar| std::cmp::Reverse(bar.runs));
        bars
    }

    /// The deliveries, newest first.
    fn what_was_sent(&self, out: &mut Text) {
        writeln!(out, "<h2>What was sent</h2>");
        if self.sent.is_empty() {
            return writeln!(out, "<p>Nothing in the last {DAYS} days.");
        }
        writeln!(
            out,
            "<div><table><thead><tr><th>when<th>to<th class=\"n\">events<th class=\"n\">lost before</tr></thead>"
        );
        // Requests of one delivery follow each other closely.
        for delivery in
            self.sent.chunk_by(|one, next| next.unix_ms.abs_diff(one.unix_ms) < 60_000 && one.to == next.to).rev()
        {
            let Some(first) = delivery.first() else { continue };
            let mut lost: u64 = 0;
            let mut events = 0;
            for sent in delivery {
                match sent.what {
                    // Whoever has written it.
                    What::Dropped(count) => lost = lost.saturating_add(count),
                    What::Event(_) => events += 1,
                }
            }
            writeln!(
                out,
                "<tr><td>{}<td>{}<td class=\"n\">{events}<td class=\"n\">{lost}</tr>",
                Escaped(&self.calendar.date(first.unix_ms)),
                Escaped(first.to)
            );
        }
        writeln!(out, "</table></div>");
    }

    /// The newest events, newest first.
    fn list(&self, out: &mut Text) {
        let zone = if self.calendar.is_local() { "" } else { " (UTC)" };
        writeln!(
            out,
            "<h2>Events</h2>\n<p class=\"note\">Of those sent, the start is the hour that the receiver was told.\n<div><table><thead><tr>\
             <th>started{zone}<th>command<th>ending<th>status<th class=\"n\">code<th>class<th class=\"n\">time<th>details</tr></thead>"
        );
        for record in self.events.iter().rev().take(EVENTS_MAX) {
            let fields = &record.fields;
            writeln!(
                out,
                "<tr><td>{}<td>{}<td>{}<td{}>{}<td class=\"n\">{}<td>{}<td class=\"n\">{}<td>{}</tr>",
                self.calendar.date(fields.start_time_unix_ms),
                Escaped(&command(record)),
                fields.ending.as_str(),
                if has_failed(record) { " class=\"failed\"" } else { "" },
                fields.status.as_str(),
                fields.exit_code,
                Escaped(fields.error_class.unwrap_or("")),
                Micros(fields.duration_us),
                Escaped(&details(record)),
            );
        }
        writeln!(out, "</table></div>");
        if self.events.len() > EVENTS_MAX {
            writeln!(out, "<p class=\"note\">{} older events are not listed.", self.events.len() - EVENTS_MAX);
        }
    }
}

/// A value as people read it.
fn shown(value: Json<'_>) -> String {
    if let Some(items) = value.as_list() {
        items.map(shown).collect::<Vec<_>>().join(" ")
    } else if let Some(entries) = value.as_object() {
        entries.map(|(name, value)| format!("{name}={}", shown(value))).collect::<Vec<_>>().join(" ")
    } else if value.is_null() {
        "-".to_owned()
    } else {
        // Numbers and flags look the same in JSON.
        value.as_line().unwrap_or_else(|| value.as_json().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::declare::TelemetryApp;
    use crate::event::{Row, sample};
    use crate::manage::readable::tests::UTC;

    fn page(queued: &[Record<'_>], sent: &[Sent<'_>]) -> String {
        Page::new(&sample::Cli::APP, queued, sent, UTC).html()
    }

    #[test]
    fn it_has_everything_and_loads_nothing() {
        let line = sample::event().to_json();
        let Row::Event(record) = Row::parse(line.as_bytes(), sample::Cli::APP.name) else { panic!("no event") };
        let sent = Sent {
            unix_ms: UTC.now_unix_ms(),
            to: "a<b",
            what: What::Event(record.clone()),
            #[cfg(feature = "http")]
            line: &line,
        };
        let html = page(&[record], &[sent]);
        for text in ["1 event on this machine", "1 event sent", "a&lt;b", "<svg", "What one event holds"] {
            assert!(html.contains(text), "{text}: {html}");
        }
        for field in every_field() {
            assert!(html.contains(&format!("<code>{}</code>", field.name)), "{}", field.name);
        }
        assert!(!html.contains("list below"), "{html}");
        for foreign in ["<script", "http://", "https://", "url(", "@import", "<link", "<img", "a<b"] {
            assert!(!html.contains(foreign), "{foreign}");
        }
    }

    #[test]
    fn counts_that_somebody_else_has_written_can_be_added_up() {
        let line = sample::event().to_json();
        let Row::Event(record) = Row::parse(line.as_bytes(), sample::Cli::APP.name) else { panic!("no event") };
        let lost = |count| Sent {
            unix_ms: UTC.now_unix_ms(),
            to: "example.com",
            what: What::Dropped(count),
            #[cfg(feature = "http")]
            line: "",
        };
        assert!(page(&[record], &[lost(u64::MAX), lost(1)]).contains("18446744073709551615</tr>"));
    }

    #[test]
    fn with_nothing_to_show_it_says_so() {
        assert!(page(&[], &[]).contains("0 events on this machine"));
    }
}
