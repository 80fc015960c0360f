//! What the receiver says of itself, in the text format that Prometheus reads. Nothing in it is about a sender.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::LeftOut;
use crate::store::{Stored, Writer};

#[derive(Debug, Default)]
pub(super) struct Metrics {
    /// By path and status.
    requests: Mutex<BTreeMap<(&'static str, u16), u64>>,
    added: AtomicU64,
    duplicates: AtomicU64,
    foreign: AtomicU64,
    malformed: AtomicU64,
    attributes: AtomicU64,
    lost: AtomicU64,
}

impl Metrics {
    pub(super) fn count_request(&self, path: &'static str, status: u16) {
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner).entry((path, status)).or_default() += 1;
    }

    pub(super) fn count(&self, stored: Stored, left_out: LeftOut) {
        for (counter, by) in [
            (&self.added, stored.added),
            (&self.duplicates, stored.duplicates),
            (&self.foreign, left_out.foreign),
            (&self.malformed, left_out.malformed),
            (&self.attributes, left_out.attributes),
            (&self.lost, stored.lost),
        ] {
            // A sender can say that it has lost any number.
            let add = |count: u64| Some(count.saturating_add(by));
            let _ = counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
        }
    }

    pub(super) fn to_text(&self, writer: &Writer) -> String {
        let mut page = Page::default();
        page.family("fleet_requests_total", "counter", "Requests, by path and status.");
        for ((path, status), count) in &*self.requests.lock().unwrap_or_else(PoisonError::into_inner) {
            page.sample("fleet_requests_total", &format!("{{path=\"{path}\",status=\"{status}\"}}"), count);
        }
        let meter = writer.meter();
        for (name, help, counter) in [
            ("fleet_runs_stored_total", "Runs stored.", &self.added),
            ("fleet_runs_duplicate_total", "Runs that had arrived before.", &self.duplicates),
            ("fleet_spans_foreign_total", "Spans and events that are no run of an expected program.", &self.foreign),
            ("fleet_runs_malformed_total", "Runs without what every run has.", &self.malformed),
            ("fleet_attributes_unknown_total", "Attributes left out of runs.", &self.attributes),
            ("fleet_events_lost_total", "Events that machines had lost, as the runs stored say.", &self.lost),
            ("fleet_runs_deleted_total", "Old runs deleted.", &meter.deleted),
            ("fleet_commits_total", "Transactions.", &meter.commits),
            ("fleet_commits_failed_total", "Transactions that failed.", &meter.failed_commits),
        ] {
            page.family(name, "counter", help);
            page.sample(name, "", counter.load(Ordering::Relaxed));
        }
        page.family("fleet_commit_seconds_total", "counter", "Time spent in transactions.");
        let micros = meter.commit_micros.load(Ordering::Relaxed);
        page.sample("fleet_commit_seconds_total", "", format_args!("{}.{:06}", micros / 1_000_000, micros % 1_000_000));
        page.family("fleet_runs_waiting", "gauge", "Runs received and not yet stored.");
        page.sample("fleet_runs_waiting", "", writer.waiting());
        page.0
    }
}

#[derive(Debug, Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to memory cannot fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl Display) {
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }
}
