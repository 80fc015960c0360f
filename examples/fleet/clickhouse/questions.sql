-- The questions of `fleet report` as views, about one program from one day to another:
--
--     SELECT * FROM fleet.commands(app = 'toolkit', first = today() - 59, last = today())
--
-- Shares are from 0 to 1, times in microseconds. Runs that ask for the help or the version of a command are no use of it: they
-- count neither as successes nor as durations. Apply again after an update.

-- What the other questions are about.
CREATE OR REPLACE VIEW fleet.chosen AS
SELECT *, command = '' OR coalesce(ending, '') NOT IN ('help', 'version') AS is_use
FROM fleet.runs
WHERE app = {app:String} AND day BETWEEN {first:Date} AND {last:Date};

CREATE OR REPLACE VIEW fleet.figures AS
SELECT
    count() AS runs,
    countIf(day > {last:Date} - 7) / 7 AS runs_a_day,
    avg(failed) AS failing,
    countIf(ending IN ('help', 'version')) / runs AS asking_for_help,
    avg(ci) AS in_ci,
    sum(dropped_events) AS lost
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date});

CREATE OR REPLACE VIEW fleet.runs_a_day AS
SELECT day, version, count() AS runs
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
GROUP BY day, version
ORDER BY day, version;

CREATE OR REPLACE VIEW fleet.commands AS
SELECT
    command,
    count() AS runs,
    runs / sum(runs) OVER () AS share,
    avgIf(failed, is_use) AS failing,
    quantileExactIf(0.5)(duration_us, is_use AND status IN ('success', 'completed')) AS median_us,
    quantileExactIf(0.95)(duration_us, is_use AND status IN ('success', 'completed')) AS slow_us
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
GROUP BY command
ORDER BY runs DESC, command;

-- Versions in the field.
CREATE OR REPLACE VIEW fleet.versions AS
SELECT week, version, count() AS runs, runs / sum(runs) OVER (PARTITION BY week) AS share
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
GROUP BY week, version
ORDER BY week, version;

-- The adoption of commands that were first run more than ten days after the first run, and 20 times since: their shares of all
-- runs.
CREATE OR REPLACE VIEW fleet.new_commands AS
WITH
    of_week AS (
        SELECT week, command, count() AS runs, runs / sum(runs) OVER (PARTITION BY week) AS share, min(day) AS first_day
        FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
        GROUP BY week, command
    ),
    of_command AS (
        SELECT
            *,
            sum(runs) OVER (PARTITION BY command) AS all_runs,
            min(first_day) OVER (PARTITION BY command) AS since,
            min(first_day) OVER () AS beginning
        FROM of_week
    )
SELECT week, command, runs, share
FROM of_command
WHERE command <> '' AND since > beginning + 10 AND all_runs >= 20
ORDER BY week, command;

-- Machines by calendar week, and since when their users have agreed, in weeks. Each marks its first run of a week.
CREATE OR REPLACE VIEW fleet.active_machines AS
SELECT active_week, coalesce(active_since, 'agreed by a variable') AS since, count() AS machines
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
WHERE active_week IS NOT NULL
GROUP BY active_week, since
ORDER BY active_week, since;

-- Each value that was given, with its share of the command's runs. A run with several values counts for each.
CREATE OR REPLACE VIEW fleet.options AS
SELECT
    command,
    pair.1 AS option,
    arrayJoin(splitByChar(',', pair.2)) AS value,
    count() AS runs,
    runs / any(of_command) AS share
FROM (
    SELECT command, options, count() OVER (PARTITION BY command) AS of_command
    FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
)
ARRAY JOIN CAST(options, 'Array(Tuple(String, String))') AS pair
GROUP BY command, option, value
ORDER BY command, option, runs DESC, value;

-- The shares of facts and circumstances are of the runs that have one.
CREATE OR REPLACE VIEW fleet.facts AS
SELECT pair.1 AS fact, pair.2 AS value, count() AS runs, runs / sum(runs) OVER (PARTITION BY fact) AS share
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
ARRAY JOIN CAST(facts, 'Array(Tuple(String, String))') AS pair
GROUP BY fact, value
ORDER BY fact, runs DESC, value;

CREATE OR REPLACE VIEW fleet.circumstances AS
SELECT pair.1 AS circumstance, pair.2 AS value, count() AS runs, runs / sum(runs) OVER (PARTITION BY circumstance) AS share
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
ARRAY JOIN CAST(context, 'Array(Tuple(String, String))') AS pair
GROUP BY circumstance, value
ORDER BY circumstance, runs DESC, value;

-- Where the time goes, in runs that have the phase.
CREATE OR REPLACE VIEW fleet.phases AS
SELECT command, pair.1 AS phase, count() AS runs, quantileExact(0.5)(pair.2) AS median_us
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
ARRAY JOIN CAST(phases, 'Array(Tuple(String, UInt64))') AS pair
GROUP BY command, phase
ORDER BY runs DESC, command, phase;

-- Why runs fail. Of `_OTHER` only the exit code is known.
CREATE OR REPLACE VIEW fleet.errors AS
SELECT error_class, count() AS runs, uniqExact(command) AS commands
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
WHERE failed
GROUP BY error_class
ORDER BY runs DESC, error_class;

CREATE OR REPLACE VIEW fleet.platforms AS
SELECT os, arch, count() AS runs, runs / sum(runs) OVER () AS share, avg(failed) AS failing
FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
GROUP BY os, arch
ORDER BY runs DESC, os, arch;

-- Each version against the one before it, by command, on all platforms together (where `os` is empty) and on each. Both have
-- 50 uses. This shows differences; only `fleet report` tests which of them chance would not make.
CREATE OR REPLACE VIEW fleet.releases AS
WITH
    uses AS (
        SELECT
            command, os, arch, version,
            count() AS runs,
            avg(failed) AS failing,
            quantileExactIf(0.5)(duration_us, status IN ('success', 'completed')) AS median_us
        FROM fleet.chosen(app = {app:String}, first = {first:Date}, last = {last:Date})
        WHERE is_use
        GROUP BY GROUPING SETS ((command, version), (command, os, arch, version))
        HAVING runs >= 50
    ),
    -- As semantic versioning orders them: by number, and 1.0.0-rc.1 before 1.0.0.
    ordered AS (
        SELECT
            *,
            (arrayMap(part -> toUInt64OrZero(part), splitByChar('.', splitByChar('-', version)[1])),
             position(version, '-') = 0, version) AS place,
            lagInFrame(version) OVER earlier AS before,
            lagInFrame(runs) OVER earlier AS runs_before,
            lagInFrame(failing) OVER earlier AS failing_before,
            lagInFrame(median_us) OVER earlier AS median_us_before
        FROM uses
        WINDOW earlier AS (PARTITION BY command, os, arch ORDER BY place ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
    )
SELECT
    command, os, arch, version, before, runs, runs_before, failing, failing_before, median_us, median_us_before,
    median_us / nullIf(median_us_before, 0) AS takes
FROM ordered
WHERE before <> ''
ORDER BY command, os, arch, place;
