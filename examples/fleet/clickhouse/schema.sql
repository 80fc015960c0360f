-- Runs in ClickHouse: the table a collector writes to, what is kept of it, and the view `runs`, whose columns are those of
-- `fleet ask`. What is there already stays as it is. To be followed by questions.sql.

CREATE DATABASE IF NOT EXISTS fleet;

-- The table of OpenTelemetry's collectors. It keeps nothing: what is inserted goes to the views that select from it.
CREATE TABLE IF NOT EXISTS fleet.otel_traces (
    Timestamp DateTime64(9),
    TraceId String,
    SpanId String,
    ParentSpanId String,
    TraceState String,
    SpanName LowCardinality(String),
    SpanKind LowCardinality(String),
    ServiceName LowCardinality(String),
    ResourceAttributes Map(LowCardinality(String), String),
    ScopeName String,
    ScopeVersion String,
    SpanAttributes Map(LowCardinality(String), String),
    Duration UInt64,
    StatusCode LowCardinality(String),
    StatusMessage String,
    Events Nested (Timestamp DateTime64(9), Name LowCardinality(String), Attributes Map(LowCardinality(String), String)),
    Links Nested (TraceId String, SpanId String, TraceState String, Attributes Map(LowCardinality(String), String))
) ENGINE = Null;

-- One row a run. A run that is delivered again has the same program, command, start and session id, so it meets the earlier
-- row in the same part of the table, and replaces it: at once for whoever reads with FINAL, and for good with the next merge.
CREATE TABLE IF NOT EXISTS fleet.kept (
    session_id FixedString(16),
    started DateTime('UTC'), -- The hour.
    received Date,
    app LowCardinality(String),
    version LowCardinality(String),
    os LowCardinality(String),
    arch LowCardinality(String),
    ci Nullable(UInt8),
    command LowCardinality(String),
    ending LowCardinality(Nullable(String)),
    status LowCardinality(String),
    exit_code Nullable(Int32),
    error_class LowCardinality(Nullable(String)),
    duration_us Nullable(UInt64) CODEC(ZSTD),
    -- JSON objects: few differ, and each is stored once in a part. As maps they would cost twice the time to write.
    options LowCardinality(String),
    facts LowCardinality(String),
    context LowCardinality(String),
    phases Map(LowCardinality(String), UInt64) CODEC(ZSTD),
    active_week LowCardinality(Nullable(String)),
    active_since LowCardinality(Nullable(String)),
    dropped_events UInt64
) ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(started)
ORDER BY (app, command, started, session_id)
-- How long runs are kept. Whole months are removed, which costs nothing.
TTL started + INTERVAL 13 MONTH
SETTINGS ttl_only_drop_parts = 1;

-- From spans to runs. Left out are the spans of others, and runs whose clock was wrong: a program sends nothing that is older
-- than 30 days.
CREATE MATERIALIZED VIEW IF NOT EXISTS fleet.spans_to_runs TO fleet.kept AS
WITH
    -- Several words are separated by commas. An array is JSON: `["a","b"]` from otelcol-contrib, and
    -- `{"values":[{"stringValue":"a"},{"stringValue":"b"}]}` from rotel.
    (text -> multiIf(
        startsWith(text, '["') OR text = '[]', arrayStringConcat(JSONExtract(text, 'Array(String)'), ','),
        startsWith(text, '{"values":'),
            arrayStringConcat(arrayMap(word -> JSONExtractString(word, 'stringValue'), JSONExtractArrayRaw(text, 'values')), ','),
        text)) AS words,
    -- The attributes of a group, by their names within it. Those of programs are short.
    (prefix -> mapSort(mapApply((key, text) -> (substring(key, length(prefix) + 1), words(text)),
        mapFilter((key, text) -> startsWith(key, prefix) AND length(key) <= 200 AND length(text) <= 4096, SpanAttributes)))) AS grouped,
    SpanAttributes AS attributes
SELECT
    unhex(TraceId) AS session_id,
    toStartOfHour(toDateTime(Timestamp, 'UTC')) AS started,
    toDate(now('UTC')) AS received,
    ServiceName AS app,
    ResourceAttributes['service.version'] AS version,
    ResourceAttributes['os.type'] AS os,
    ResourceAttributes['host.arch'] AS arch,
    nullIf(attributes['telemetry_runtime.ci'], '') = 'true' AS ci,
    attributes['telemetry_runtime.command_line'] AS command,
    nullIf(attributes['telemetry_runtime.ending'], '') AS ending,
    attributes['telemetry_runtime.status'] AS status,
    toInt32OrNull(attributes['process.exit.code']) AS exit_code,
    nullIf(attributes['error.type'], '') AS error_class,
    -- An unknown duration is sent as none.
    if(ending = 'abandoned' AND Duration = 0, NULL, intDiv(Duration, 1000)) AS duration_us,
    toJSONString(grouped('telemetry_runtime.option.')) AS options,
    toJSONString(grouped('telemetry_runtime.fact.')) AS facts,
    toJSONString(grouped('telemetry_runtime.context.')) AS context,
    mapApply((key, text) -> (key, toUInt64OrZero(text)), grouped('telemetry_runtime.phase.')) AS phases,
    nullIf(attributes['telemetry_runtime.active.week'], '') AS active_week,
    nullIf(attributes['telemetry_runtime.active.since'], '') AS active_since,
    toUInt64OrZero(attributes['telemetry_runtime.dropped_events']) AS dropped_events
FROM fleet.otel_traces
WHERE status IN ('success', 'failure', 'completed', 'error', 'canceled', 'interrupted', 'undefined')
    AND app <> ''
    AND length(TraceId) = 32
    AND toDate(started) BETWEEN received - 31 AND received + 1;

-- What one can ask about: the columns of `fleet ask`, except that `options`, `facts`, `context` and `phases` are maps, as in
-- options['format'], and empty where there they are null.
CREATE VIEW IF NOT EXISTS fleet.runs AS
SELECT
    lower(hex(session_id)) AS session_id,
    app,
    version,
    os,
    arch,
    ci,
    command,
    ending,
    status,
    status IN ('failure', 'error') AS failed,
    exit_code,
    error_class,
    duration_us,
    started,
    toDate(started) AS day,
    toMonday(started) AS week,
    JSONExtract(options, 'Map(String, String)') AS options,
    JSONExtract(facts, 'Map(String, String)') AS facts,
    JSONExtract(context, 'Map(String, String)') AS context,
    phases,
    active_week,
    active_since,
    dropped_events,
    received
FROM fleet.kept FINAL
-- Rows of one run are in one partition.
SETTINGS do_not_merge_across_partitions_select_final = 1;
