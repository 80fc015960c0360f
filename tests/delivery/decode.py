"""Prints the spans in the body of an OTLP request as JSON, by OpenTelemetry's own definitions."""

import json
import sys

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status


def value(any_value):
    kind = any_value.WhichOneof("value")
    if kind == "array_value":
        return [value(element) for element in any_value.array_value.values]
    return getattr(any_value, kind)


def attributes(pairs):
    return {pair.key: value(pair.value) for pair in pairs}


with open(sys.argv[1], "rb") as body:
    request = ExportTraceServiceRequest.FromString(body.read())

spans = []
for resource_spans in request.resource_spans:
    for scope_spans in resource_spans.scope_spans:
        for span in scope_spans.spans:
            spans.append(
                {
                    "resource": attributes(resource_spans.resource.attributes),
                    "scope": scope_spans.scope.name,
                    "schema_urls": [resource_spans.schema_url, scope_spans.schema_url],
                    "trace_id": span.trace_id.hex(),
                    "span_id": span.span_id.hex(),
                    "parent_span_id": span.parent_span_id.hex(),
                    "name": span.name,
                    "kind": Span.SpanKind.Name(span.kind),
                    "start": span.start_time_unix_nano,
                    "end": span.end_time_unix_nano,
                    "status": Status.StatusCode.Name(span.status.code),
                    "message": span.status.message,
                    "attributes": attributes(span.attributes),
                }
            )
json.dump(spans, sys.stdout)
