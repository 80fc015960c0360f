//! The body of a request: read up to a limit, and decompressed up to the same.

use std::io::Read;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderMap, HeaderValue};
use flate2::read::MultiGzDecoder;

use super::reply::Problem;

/// A sender that is slower than this holds a connection for nothing.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The whole body, decompressed.
pub(super) async fn read(headers: &HeaderMap, body: Body, max_bytes: usize) -> Result<Bytes, Problem> {
    let declared = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|length| length > max_bytes) {
        return Err(Problem::TooLarge);
    }
    let is_gzip = match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"" | b"identity") => false,
        Some(b"gzip") => true,
        Some(_) => return Err(Problem::Encoding),
    };
    let body = tokio::time::timeout(TIMEOUT, to_bytes(body, max_bytes)).await.map_err(|_| Problem::Slow)?;
    let body = body.map_err(|error| if is_limit(&error) { Problem::TooLarge } else { Problem::Malformed })?;
    if is_gzip { decompress(&body, max_bytes) } else { Ok(body) }
}

/// Whether reading ended at the limit.
fn is_limit(error: &axum::Error) -> bool {
    let mut source: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = source {
        if error.to_string().contains("length limit") {
            return true;
        }
        source = error.source();
    }
    false
}

fn decompress(body: &[u8], max_bytes: usize) -> Result<Bytes, Problem> {
    let mut decompressed = Vec::with_capacity(body.len().saturating_mul(4).min(max_bytes));
    // One byte more than there may be.
    let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX).saturating_add(1);
    MultiGzDecoder::new(body).take(limit).read_to_end(&mut decompressed).map_err(|_| Problem::Malformed)?;
    if decompressed.len() > max_bytes { Err(Problem::TooLarge) } else { Ok(decompressed.into()) }
}
