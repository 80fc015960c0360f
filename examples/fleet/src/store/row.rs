//! What is kept of the runs of a request, ready to be written.
//!
//! Made by the thread that received it, so that the one that writes has less to do: a request has few different texts, and
//! each is in the batch once.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::run::{Run, Value};
use crate::time::{self, MS_PER_HOUR};

/// The runs of a request.
#[derive(Debug, Default)]
pub struct Batch {
    pub texts: Vec<String>,
    pub rows: Vec<Row>,
}

/// The position of a text in its batch.
pub(crate) type Place = u32;

/// A run. What can be unknown is `None`.
#[derive(Debug)]
pub struct Row {
    pub session_id: [u8; 16],
    /// Hours since 1970.
    pub start_hour: i64,
    /// Days since 1970.
    pub received_day: i64,
    pub app: Place,
    pub version: Place,
    pub os: Place,
    pub arch: Place,
    pub ci: Option<bool>,
    pub command: Place,
    pub ending: Option<Place>,
    pub status: Place,
    pub exit_code: Option<i32>,
    pub error_class: Option<Place>,
    pub duration_us: Option<u64>,
    /// A JSON object, as are the next three.
    pub options: Option<Place>,
    pub facts: Option<Place>,
    pub context: Option<Place>,
    pub phases: Option<String>,
    pub active_week: Option<Place>,
    pub active_since: Option<Place>,
    pub dropped: u64,
}

impl Batch {
    pub fn new(runs: Vec<Run<'_>>, received_unix_ms: u64) -> Self {
        let mut builder = Builder { places: HashMap::new(), texts: Vec::new() };
        let received_day = time::day_of(received_unix_ms);
        let rows = runs.into_iter().map(|run| builder.row(run, received_day)).collect();
        Batch { texts: builder.texts, rows }
    }

    pub fn text(&self, place: Place) -> &str {
        self.texts.get(place as usize).map_or("", String::as_str)
    }
}

struct Builder<'a> {
    places: HashMap<Cow<'a, str>, Place>,
    texts: Vec<String>,
}

impl<'a> Builder<'a> {
    fn row(&mut self, run: Run<'a>, received_day: i64) -> Row {
        let active = run.active.map(|active| (active.week, active.since));
        let (week, since) = active.map_or((None, None), |(week, since)| (Some(week), since));
        Row {
            session_id: run.session_id,
            start_hour: i64::try_from(run.start_unix_ms / MS_PER_HOUR).unwrap_or(0),
            received_day,
            app: self.text(run.program.app),
            version: self.text(run.program.version),
            os: self.text(run.program.os),
            arch: self.text(run.program.arch),
            ci: run.ci,
            command: self.text(run.command),
            ending: run.ending.map(|ending| self.text(ending)),
            status: self.text(run.status.into()),
            exit_code: run.exit_code,
            error_class: run.error_class.map(|class| self.text(class)),
            duration_us: run.duration_us,
            options: self.object(run.options),
            facts: self.object(run.facts),
            context: self.object(run.context),
            phases: object(run.phases, |out, micros| *out += &micros.to_string()),
            active_week: week.map(|week| self.text(week)),
            active_since: since.map(|since| self.text(since)),
            dropped: run.dropped,
        }
    }

    fn object(&mut self, pairs: Vec<(Cow<'a, str>, Value<'a>)>) -> Option<Place> {
        let object = object(pairs, |out, value| string(out, &value.to_text()))?;
        Some(self.text(object.into()))
    }

    fn text(&mut self, text: Cow<'a, str>) -> Place {
        if let Some(place) = self.places.get(&text) {
            return *place;
        }
        let place = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.texts.push(text.clone().into_owned());
        self.places.insert(text, place);
        place
    }
}

/// A JSON object, sorted by name, so that what is equal is stored once. `None` if it is empty.
fn object<T>(mut pairs: Vec<(Cow<'_, str>, T)>, write: impl Fn(&mut String, &T)) -> Option<String> {
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    pairs.dedup_by(|(a, _), (b, _)| a == b);
    let mut out = String::new();
    for (name, value) in &pairs {
        out.push(if out.is_empty() { '{' } else { ',' });
        string(&mut out, name);
        out.push(':');
        write(&mut out, value);
    }
    (!out.is_empty()).then(|| out + "}")
}

fn string(out: &mut String, text: &str) {
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        *out += &serde_json::Value::from(text).to_string();
    }
}
