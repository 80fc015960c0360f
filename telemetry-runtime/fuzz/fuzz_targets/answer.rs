//! Any response of a collector means one of four things, and nothing of its body is kept.
#![no_main]

use http::{HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use prost::Message;
use telemetry_runtime::fuzzing::{self, Meaning};

fuzz_target!(|input: (bool, u16, &[u8], &[u8])| {
    let (otlp, status, header, body) = input;
    let Ok(status) = StatusCode::from_u16(100 + status % 900) else { return };
    let header = HeaderValue::from_bytes(header).ok();
    match fuzzing::answer(otlp, status, header.clone(), body) {
        Meaning::Accepted { rejected } => {
            assert!(status.is_success());
            assert_eq!(rejected, if otlp { expected_rejections(body) } else { 0 });
        }
        Meaning::Refused => assert!(matches!(status.as_u16(), 400 | 422)),
        Meaning::Ended => assert_eq!(status.as_u16(), 410),
        Meaning::TooLarge => assert_eq!(status.as_u16(), 413),
        Meaning::Later { text, retry_after } => {
            assert_eq!(text, format!("HTTP {}", status.as_u16()));
            assert!(retry_after.is_none() || header.is_some());
        }
    }
});

/// `None` if it is not a collector's response: the events still count as accepted.
fn expected_rejections(body: &[u8]) -> u64 {
    let answer = ExportTraceServiceResponse::decode(body).ok();
    let rejected = answer.and_then(|answer| answer.partial_success).map_or(0, |partial| partial.rejected_spans);
    rejected.max(0).unsigned_abs()
}
