//! Answers, in the form of the request: protobuf or JSON.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{Response, StatusCode};
use opentelemetry_proto::tonic::collector::trace::v1::{ExportTracePartialSuccess, ExportTraceServiceResponse};
use prost::Message;
use serde_json::json;

use super::limit;
use crate::store::Refused;

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    Malformed,
    Unauthorized,
    /// Neither protobuf nor JSON.
    Type,
    /// Compressed in another way than gzip.
    Encoding,
    TooLarge,
    Slow,
    TooMany,
    Refused(Refused),
}

impl Problem {
    pub(super) fn status(self) -> StatusCode {
        match self {
            Problem::Malformed => StatusCode::BAD_REQUEST,
            Problem::Unauthorized => StatusCode::UNAUTHORIZED,
            Problem::Type | Problem::Encoding => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Problem::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::Slow => StatusCode::REQUEST_TIMEOUT,
            Problem::TooMany | Problem::Refused(Refused::Busy) => StatusCode::TOO_MANY_REQUESTS,
            Problem::Refused(Refused::Full | Refused::Broken) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn message(self) -> &'static str {
        match self {
            Problem::Malformed => {
                "the body is not what its path and type say: OTLP goes to /v1/traces, the nemo envelope to /v1/events"
            }
            Problem::Unauthorized => "the header `authorization: Bearer TOKEN` is missing or wrong",
            Problem::Type => "`content-type` must be `application/x-protobuf` or `application/json`",
            Problem::Encoding => "`content-encoding` must be `gzip` or `identity`",
            Problem::TooLarge => "the body is too large",
            Problem::Slow => "the body took too long",
            Problem::TooMany | Problem::Refused(Refused::Busy) => "too many requests",
            Problem::Refused(Refused::Full) => "the store is full",
            Problem::Refused(Refused::Broken) => "the store cannot be written",
        }
    }

    /// Whether the same request can succeed later.
    fn is_temporary(self) -> bool {
        matches!(self, Problem::TooMany | Problem::Refused(_))
    }
}

/// The encoding of a request, which its answer has too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Protobuf,
    Json,
}

impl Form {
    /// The form that a `content-type` names.
    pub(super) fn of(content_type: &str) -> Option<Self> {
        match content_type.split(';').next().unwrap_or_default().trim() {
            "application/x-protobuf" => Some(Form::Protobuf),
            "application/json" => Some(Form::Json),
            _ => None,
        }
    }

    /// The answer of OTLP to what was stored. What was rejected will never be accepted.
    pub(super) fn accepted(self, rejected: u64) -> Response<Body> {
        const WHY: &str = "not runs of a program that is expected here";
        let body = match self {
            Form::Protobuf => {
                let partial_success = (rejected > 0).then(|| ExportTracePartialSuccess {
                    rejected_spans: i64::try_from(rejected).unwrap_or(i64::MAX),
                    error_message: WHY.to_owned(),
                });
                ExportTraceServiceResponse { partial_success }.encode_to_vec()
            }
            Form::Json if rejected > 0 => {
                let partial = json!({ "rejectedSpans": rejected.to_string(), "errorMessage": WHY });
                json!({ "partialSuccess": partial }).to_string().into_bytes()
            }
            Form::Json => b"{}".to_vec(),
        };
        self.response(StatusCode::OK, body)
    }

    /// A refusal, with a `google.rpc.Status` as body, as OTLP demands.
    pub(super) fn refused(self, problem: Problem) -> Response<Body> {
        let message = problem.message();
        let body = match self {
            Form::Protobuf => {
                let mut body = Vec::new();
                prost::encoding::string::encode(2, &message.to_owned(), &mut body);
                body
            }
            Form::Json => json!({ "message": message }).to_string().into_bytes(),
        };
        let mut response = self.response(problem.status(), body);
        if problem.is_temporary() {
            response.headers_mut().insert(RETRY_AFTER, limit::retry_after().into());
        }
        if problem == Problem::Unauthorized {
            response.headers_mut().insert(WWW_AUTHENTICATE, axum::http::HeaderValue::from_static("Bearer"));
        }
        response
    }

    fn response(self, status: StatusCode, body: Vec<u8>) -> Response<Body> {
        let content_type = match self {
            Form::Protobuf => "application/x-protobuf",
            Form::Json => "application/json",
        };
        text(status, content_type, body)
    }
}

pub(super) fn text(status: StatusCode, content_type: &'static str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static(content_type));
    response
}
