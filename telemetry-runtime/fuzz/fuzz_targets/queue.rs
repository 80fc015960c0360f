//! Whatever a queue file contains, each line is handled once, and what is sent is well-formed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use serde_json::Value;
use telemetry_runtime::fuzzing::{self, Lines};

fuzz_target!(|file: &[u8]| {
    let max = file.len() % 4 + 1;
    let mut start = 0;
    while let Some(batch) = fuzzing::queue(file, start, max) {
        assert!(batch.end > start && batch.events.len() <= max);
        check_lines(&batch, &file[start..batch.end]);
        check_bodies(&batch);
        start = batch.end;
    }
    assert_eq!(start, file.len());
});

/// Events and foreign lines, in the order of the file. All other lines are empty, or say how many lines were dropped.
fn check_lines(batch: &Lines, rows: &[u8]) {
    let (mut events, mut foreign) = (batch.events.iter().peekable(), batch.foreign.iter().peekable());
    for row in rows.split(|&byte| byte == b'\n').filter(|row| !row.is_empty()) {
        let is_event = events.next_if(|event| event.as_bytes() == row.trim_ascii()).is_some();
        let is_known = is_event || foreign.next_if(|line| *line == row).is_some();
        assert!(is_known || row.windows(9).any(|part| part == b"\"dropped\""));
    }
    assert!(events.next().is_none() && foreign.next().is_none());
}

fn check_bodies(batch: &Lines) {
    let spans = ExportTraceServiceRequest::decode(batch.otlp.as_slice()).expect("protobuf");
    let spans = spans.resource_spans.iter().flat_map(|resource| &resource.scope_spans).map(|scope| scope.spans.len());
    assert_eq!(spans.sum::<usize>(), batch.events.len());
    if batch.events.is_empty() {
        assert!(batch.nemo.is_empty());
    } else {
        let body: Value = serde_json::from_slice(&batch.nemo).expect("JSON");
        assert_eq!(body["events"].as_array().map(Vec::len), Some(1));
    }
}
