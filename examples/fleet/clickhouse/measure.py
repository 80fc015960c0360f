"""Measures ClickHouse, as the library chdb (`pip install chdb`), with the schema and the questions of this folder.

    fleet simulate --data million.db --runs 1000000 --days 30
    fleet ask --data million.db --format json "SELECT * FROM runs" > million.json
    python3 measure.py million.json

The runs become spans in memory, as a collector inserts them. Measured are their way through the materialized view to the disk,
what they take there, and the questions.
"""

import pathlib
import resource
import sys
import time

import chdb.session

FOLDER = pathlib.Path(__file__).parent

# What a collector inserts at once.
BATCH = 50_000

SPANS = """
INSERT INTO spans SELECT
    parseDateTimeBestEffort(started) AS Timestamp, session_id AS TraceId, substring(session_id, 17) AS SpanId, '', '',
    trimRight(concat(app, ' ', command)), 'Internal', app,
    map('service.name', app, 'service.version', version, 'os.type', os, 'host.arch', arch,
        'telemetry.sdk.name', 'telemetry-runtime', 'telemetry.sdk.language', 'rust', 'telemetry.sdk.version', '0.1.0'),
    'telemetry-runtime', '0.1.0',
    mapFilter((key, text) -> text <> '', mapConcat(
        map('process.executable.name', app, 'telemetry_runtime.command', toJSONString(splitByChar(' ', command)),
            'telemetry_runtime.command_line', command, 'telemetry_runtime.ending', ending, 'telemetry_runtime.status', status,
            'telemetry_runtime.ci', if(ci = 1, 'true', 'false'), 'process.exit.code', toString(exit_code),
            'error.type', coalesce(error_class, ''), 'telemetry_runtime.active.week', coalesce(active_week, ''),
            'telemetry_runtime.active.since', coalesce(active_since, '')),
        mapApply((key, text) -> (concat('telemetry_runtime.option.', key), text), JSONExtract(coalesce(options, '{}'), 'Map(String, String)')),
        mapApply((key, text) -> (concat('telemetry_runtime.fact.', key), text), JSONExtract(coalesce(facts, '{}'), 'Map(String, String)')),
        mapApply((key, text) -> (concat('telemetry_runtime.context.', key), text), JSONExtract(coalesce(context, '{}'), 'Map(String, String)')),
        mapApply((key, time) -> (concat('telemetry_runtime.phase.', key), toString(time)), JSONExtract(coalesce(phases, '{}'), 'Map(String, UInt64)')))),
    duration_us * 1000, if(failed, 'Error', 'Unset'), '', [], [], [], [], [], [], []
FROM file('{file}', 'JSONEachRow', 'session_id String, app String, version String, os String, arch String, ci UInt8,
    command String, ending String, status String, failed UInt8, exit_code Int32, error_class Nullable(String),
    duration_us UInt64, started String, options Nullable(String), facts Nullable(String), context Nullable(String),
    phases Nullable(String), active_week Nullable(String), active_since Nullable(String)')
"""

session = chdb.session.Session()


def ask(sql):
    return session.query(sql, "TSV").bytes().decode().strip()


class Watch:
    """Time on the clock, and of all processors."""

    def __enter__(self):
        self.start, self.used = time.monotonic(), self.processors()
        return self

    def __exit__(self, *_):
        self.took, self.used = time.monotonic() - self.start, self.processors() - self.used

    @staticmethod
    def processors():
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return usage.ru_utime + usage.ru_stime


for name in ["schema.sql", "questions.sql"]:
    for statement in (FOLDER / name).read_text().split(";\n"):
        if statement.strip():
            session.query(statement)
ask("CREATE TABLE spans AS fleet.otel_traces ENGINE = Memory SETTINGS compress = 1")
ask(SPANS.replace("{file}", str(pathlib.Path(sys.argv[1]).resolve())))
count = int(ask("SELECT count() FROM spans"))

with Watch() as insert:
    ask(f"INSERT INTO fleet.otel_traces SELECT * FROM spans SETTINGS max_block_size = {BATCH}, max_insert_threads = 1")
with Watch() as merge:
    ask("OPTIMIZE TABLE fleet.kept FINAL")
kept, size = ask("SELECT sum(rows), sum(bytes_on_disk) FROM system.parts WHERE active AND table = 'kept'").split()
if int(kept) != count or int(ask("SELECT count() FROM fleet.runs")) != count:
    sys.exit(f"{count} runs were inserted, and {kept} are kept")

print("| | measured |\n|---|--:|")
print(f"| runs | {count:,} |")
print(f"| rows a second, inserted {BATCH:,} at once | {count / insert.took:,.0f} |")
print(f"| processor time for a row | {insert.used / count * 1e6:.1f} µs |")
print(f"| and to merge it | {merge.used / count * 1e6:.1f} µs |")
print(f"| bytes a row | {int(size) / count:.1f} |")
longest = 0
for view in ask("SELECT name FROM system.tables WHERE database = 'fleet' AND create_table_query LIKE '%{last:Date}%'").split():
    if view == "chosen":
        continue
    with Watch() as question:
        ask(f"SELECT * FROM fleet.{view}(app = 'toolkit', first = today() - 59, last = today())")
    longest = max(longest, question.took)
    print(f"| `{view}` | {question.took * 1000:.0f} ms, {question.used * 1000:.0f} ms of processors |")
session.cleanup()
