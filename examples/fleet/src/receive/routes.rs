//! What is answered at which path.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::{get, post};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;

use super::body::Bodies;
use super::limit::Limit;
use super::metrics::Metrics;
use super::reply::{self, Form, Problem};
use super::{LeftOut, nemo, otlp};
use crate::run::Run;
use crate::store::{Batch, Writer};
use crate::time;

const TRACES: &str = "/v1/traces";
const EVENTS: &str = "/v1/events";

#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) writer: Writer,
    pub(super) metrics: Metrics,
    pub(super) limit: Limit,
    pub(super) token: Option<String>,
    pub(super) bodies: Bodies,
    /// The programs that are expected. Empty for all.
    pub(super) apps: BTreeSet<String>,
}

pub(super) fn router(receiver: Arc<Receiver>) -> Router {
    Router::new()
        .route(TRACES, post(traces))
        .route(EVENTS, post(events))
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthz))
        .with_state(receiver)
}

/// OTLP.
async fn traces(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: Body) -> Response<Body> {
    let form = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).and_then(Form::of);
    let decode = |body: &[u8], left_out: &mut LeftOut| {
        let body = match form? {
            Form::Protobuf => Cow::Borrowed(body),
            Form::Json => {
                let request: ExportTraceServiceRequest = serde_json::from_slice(body).ok()?;
                // OTLP ignores fields that it does not know: an envelope would be a request without spans, and lost.
                if request.resource_spans.is_empty() && nemo::is_envelope(body) {
                    return None;
                }
                // Rare enough to be read as protobuf, too.
                request.encode_to_vec().into()
            }
        };
        Some(receiver.batch(otlp::runs(&body, left_out).ok()?, left_out))
    };
    let result = match form {
        Some(_) => receiver.take(&headers, body, decode).await,
        None => Err(Problem::Type),
    };
    let form = form.unwrap_or(Form::Json);
    receiver.answer(
        TRACES,
        match result {
            Ok(left_out) => form.accepted(left_out.foreign + left_out.malformed),
            Err(problem) => form.refused(problem),
        },
    )
}

/// The envelope. It has no way to say that a part was rejected.
async fn events(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: Body) -> Response<Body> {
    let decode = |body: &[u8], left_out: &mut LeftOut| {
        let envelope = serde_json::from_slice(body).ok()?;
        Some(receiver.batch(nemo::runs(&envelope, left_out)?, left_out))
    };
    let result = receiver.take(&headers, body, decode).await;
    receiver.answer(
        EVENTS,
        match result {
            Ok(_) => Form::Json.accepted(0),
            Err(problem) => Form::Json.refused(problem),
        },
    )
}

async fn metrics(State(receiver): State<Arc<Receiver>>, headers: HeaderMap) -> Response<Body> {
    if !receiver.authorizes(&headers) {
        return Form::Json.refused(Problem::Unauthorized);
    }
    let text = receiver.metrics.to_text(&receiver.writer);
    reply::text(StatusCode::OK, "text/plain; version=0.0.4", text)
}

/// Whether runs can be stored, as far as is known.
async fn healthz(State(receiver): State<Arc<Receiver>>) -> Response<Body> {
    if receiver.writer.is_well() {
        reply::text(StatusCode::OK, "text/plain", "ok\n")
    } else {
        reply::text(StatusCode::SERVICE_UNAVAILABLE, "text/plain", "the store cannot be written\n")
    }
}

impl Receiver {
    /// Stores the runs of a request. What it says is true: this returns after the commit.
    async fn take(
        &self,
        headers: &HeaderMap,
        body: Body,
        decode: impl FnOnce(&[u8], &mut LeftOut) -> Option<Batch>,
    ) -> Result<LeftOut, Problem> {
        if !self.authorizes(headers) {
            return Err(Problem::Unauthorized);
        }
        if !self.limit.admits() {
            return Err(Problem::TooMany);
        }
        // Held until the answer, since what was decoded is as large.
        let body = self.bodies.read(headers, body).await?;
        let mut left_out = LeftOut::default();
        let batch = decode(&body.bytes, &mut left_out).ok_or(Problem::Malformed)?;
        let stored = self.writer.store(batch).await.map_err(Problem::Refused)?;
        self.metrics.count(stored, left_out);
        Ok(left_out)
    }

    /// The runs of programs that are expected, ready to be written.
    fn batch(&self, mut runs: Vec<Run<'_>>, left_out: &mut LeftOut) -> Batch {
        let all = runs.len();
        runs.retain(|run| self.apps.is_empty() || self.apps.contains(&*run.program.app));
        left_out.foreign += (all - runs.len()) as u64;
        Batch::new(runs, time::unix_ms())
    }

    fn answer(&self, path: &'static str, response: Response<Body>) -> Response<Body> {
        self.metrics.count_request(path, response.status().as_u16());
        response
    }

    fn authorizes(&self, headers: &HeaderMap) -> bool {
        let Some(token) = &self.token else { return true };
        let given = headers.get(AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
        given.is_some_and(|given| is_equal(given, token.as_bytes()))
    }
}

/// Takes the same time wherever the difference is.
fn is_equal(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}
