-- Names and values, each kept once. What a run refers to by number is a text here.
CREATE TABLE texts (
    id INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
) STRICT;

-- One row a run. No address, no exact time. Queries do not show the order of arrival: `id` is random among 16,384
-- neighbours. Somebody who has the raw file can reconstruct part of it, from its pages, its log, and the ids of texts.
CREATE TABLE kept (
    id INTEGER PRIMARY KEY,
    session_id BLOB NOT NULL,
    start_hour INTEGER NOT NULL,   -- hours since 1970
    received_day INTEGER NOT NULL, -- days since 1970
    app INTEGER NOT NULL,
    version INTEGER NOT NULL,
    os INTEGER NOT NULL,
    arch INTEGER NOT NULL,
    ci INTEGER,
    command INTEGER NOT NULL,
    ending INTEGER,
    status INTEGER NOT NULL,
    exit_code INTEGER,
    error_class INTEGER,
    duration_us INTEGER,
    options INTEGER,
    facts INTEGER,
    context INTEGER,
    phases TEXT,
    active_week INTEGER,
    active_since INTEGER,
    dropped_events INTEGER NOT NULL
) STRICT;

-- What one can ask about: see the README. Runs whose clock was wrong are left out: a program sends nothing that is
-- older than 30 days.
CREATE VIEW runs AS
SELECT
    lower(hex(session_id)) AS session_id,
    app.text AS app,
    version.text AS version,
    os.text AS os,
    arch.text AS arch,
    ci,
    command.text AS command,
    ending.text AS ending,
    status.text AS status,
    status.text IN ('failure', 'error') AS failed,
    exit_code,
    error_class.text AS error_class,
    duration_us,
    strftime('%Y-%m-%d %H:00', start_hour * 3600, 'unixepoch') AS started,
    date(start_hour * 3600, 'unixepoch') AS day,
    date(start_hour * 3600 - (start_hour / 24 + 3) % 7 * 86400, 'unixepoch') AS week,
    options.text AS options,
    facts.text AS facts,
    context.text AS context,
    phases,
    active_week.text AS active_week,
    active_since.text AS active_since,
    dropped_events,
    date(received_day * 86400, 'unixepoch') AS received
FROM kept
LEFT JOIN texts AS app ON app.id = kept.app
LEFT JOIN texts AS version ON version.id = kept.version
LEFT JOIN texts AS os ON os.id = kept.os
LEFT JOIN texts AS arch ON arch.id = kept.arch
LEFT JOIN texts AS command ON command.id = kept.command
LEFT JOIN texts AS ending ON ending.id = kept.ending
LEFT JOIN texts AS status ON status.id = kept.status
LEFT JOIN texts AS error_class ON error_class.id = kept.error_class
LEFT JOIN texts AS options ON options.id = kept.options
LEFT JOIN texts AS facts ON facts.id = kept.facts
LEFT JOIN texts AS context ON context.id = kept.context
LEFT JOIN texts AS active_week ON active_week.id = kept.active_week
LEFT JOIN texts AS active_since ON active_since.id = kept.active_since
WHERE start_hour BETWEEN (received_day - 31) * 24 AND (received_day + 2) * 24;

PRAGMA application_id = 0x464c4545;
PRAGMA user_version = 1;
