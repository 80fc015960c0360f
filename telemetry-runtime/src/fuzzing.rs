//! Entry points for the fuzz targets in `fuzz/`: every function that reads input another program may have written.
//! Compiled only with `--cfg fuzzing`, and not part of the public interface.
#![allow(missing_docs, missing_debug_implementations)]

use std::path::PathBuf;
use std::time::Duration;

use ureq::http::{HeaderMap, HeaderValue, StatusCode};

use crate::consent::{Stored, policy};
use crate::declare::{App, Protocol, Variables};
use crate::delivery::client::Verdict;
use crate::delivery::endpoint::{self, Endpoint};
use crate::delivery::{Status, retry};
use crate::environment::{self, EndpointOverride};
use crate::json::{Json, flat};
use crate::queue::Batch;
use crate::wire::Encoding;

/// The name of the CLI.
pub const NAME: &str = "tool";

const APP: App = App {
    protocol: Some(Protocol::Otlp),
    otel_env: true,
    ..App::new(
        NAME,
        "1.0.0",
        Variables {
            enabled: "TOOL_TELEMETRY_ENABLED",
            endpoint: "TOOL_TELEMETRY_ENDPOINT",
            dry_run: "TOOL_TELEMETRY_DRY_RUN",
            debug: "TOOL_TELEMETRY_DEBUG",
            dir: "TOOL_TELEMETRY_DIR",
        },
    )
    .with_endpoint("https://example.com/v1/traces")
};

/// A batch from a queue file, and its request bodies.
pub struct Lines {
    pub events: Vec<String>,
    pub foreign: Vec<Vec<u8>>,
    pub dropped: u64,
    /// Where the next batch begins.
    pub end: usize,
    pub nemo: Vec<u8>,
    pub otlp: Vec<u8>,
}

pub fn queue(file: &[u8], start: usize, max: usize) -> Option<Lines> {
    let batch = Batch::read(file, start, NAME, max)?;
    Some(Lines {
        nemo: Encoding::Nemo.encode(&APP, &batch.records, 0, batch.dropped),
        otlp: Encoding::Otlp.encode(&APP, &batch.records, 0, batch.dropped),
        events: batch.records.iter().map(|record| record.row.as_json().to_owned()).collect(),
        foreign: batch.foreign.into_iter().map(<[u8]>::to_owned).collect(),
        dropped: batch.dropped,
        end: batch.end,
    })
}

/// Each key with its value, or with each item of its list, in order.
pub fn flat_json(text: &str) -> Option<Vec<(&str, &str)>> {
    let mut entries = Vec::new();
    flat::entries(text, &mut |key, value| entries.push((key, value)))?;
    Some(entries)
}

/// A JSON value.
pub enum Tree<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    /// As it is written, with its quotes.
    Text(&'a str),
    List(Vec<Tree<'a>>),
    /// The keys are as they are written, without their quotes.
    Object(Vec<(&'a str, Tree<'a>)>),
}

pub fn json(text: &[u8]) -> Option<Tree<'_>> {
    Json::parse(text).map(tree)
}

fn tree(value: Json<'_>) -> Tree<'_> {
    if let Some(entries) = value.as_object() {
        return Tree::Object(entries.map(|(key, value)| (key, tree(value))).collect());
    }
    if let Some(items) = value.as_list() {
        return Tree::List(items.map(tree).collect());
    }
    if let Some(flag) = value.as_bool() {
        return Tree::Bool(flag);
    }
    match value.as_i64() {
        Some(number) => Tree::Integer(number),
        None if value.is_null() => Tree::Null,
        None => Tree::Text(value.as_json()),
    }
}

/// The user's answer, and whether everything collected now was disclosed at the time.
pub fn decision(text: &str) -> Option<(&'static str, bool)> {
    let stored = Stored::parse(&APP, text)?;
    Some((stored.answer.as_str(), stored.covers))
}

pub fn policy_allows(policy: &[u8]) -> bool {
    policy::allows(policy)
}

/// Everything that is read from the environment.
pub struct Environment {
    pub do_not_track: bool,
    pub enabled: Option<bool>,
    pub ci: bool,
    pub dry_run: bool,
    pub queue_dir: Option<PathBuf>,
    pub endpoint_is_likely: bool,
    /// URL and headers; `Err` if an endpoint is set but cannot be used.
    pub endpoint: Result<Option<(String, Vec<(String, String)>)>, ()>,
}

pub fn environment() -> Environment {
    Environment {
        do_not_track: environment::do_not_track(),
        enabled: environment::enabled(&APP),
        ci: environment::is_ci(),
        dry_run: environment::is_dry_run(&APP),
        queue_dir: environment::queue_dir(&APP).ok(),
        endpoint_is_likely: endpoint::is_likely(&APP, &EndpointOverride::read(&APP)),
        endpoint: match Endpoint::of(&APP, &EndpointOverride::read(&APP)) {
            Ok(endpoint) => Ok(endpoint.map(|endpoint| (endpoint.url, endpoint.headers))),
            Err(_) => Err(()),
        },
    }
}

pub fn retry_after(value: &str) -> Option<Duration> {
    retry::after(value)
}

pub fn backoff(failures: u32, asked_for: Option<Duration>) -> Duration {
    retry::backoff(failures, asked_for)
}

/// What a response means.
#[derive(Debug, PartialEq, Eq)]
pub enum Meaning {
    Accepted { rejected: u64 },
    Refused,
    Ended,
    TooLarge,
    Later { text: String, retry_after: Option<Duration> },
}

pub fn answer(otlp: bool, status: StatusCode, retry_after: Option<HeaderValue>, body: &[u8]) -> Meaning {
    let encoding = if otlp { Encoding::Otlp } else { Encoding::Nemo };
    let headers: HeaderMap = retry_after.into_iter().map(|value| (ureq::http::header::RETRY_AFTER, value)).collect();
    match Verdict::read(encoding, status, &headers, body) {
        Verdict::Accepted(accepted) => Meaning::Accepted { rejected: accepted.rejected },
        Verdict::Refused(_) => Meaning::Refused,
        Verdict::Ended => Meaning::Ended,
        Verdict::TooLarge => Meaning::TooLarge,
        Verdict::Later(failure) => Meaning::Later { text: failure.text, retry_after: failure.retry_after },
    }
}

/// The delivery state, parsed and written back, and the number of dropped events in it.
pub fn delivery_status(text: &[u8]) -> Option<(String, u64)> {
    let status = Status::from_json(Json::parse(text)?);
    Some((status.to_json(), status.dropped.total()))
}
