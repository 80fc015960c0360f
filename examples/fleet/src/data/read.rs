//! From the store into memory. Two threads read one half of the file each.

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};
use std::path::Path;
use std::{panic, thread};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Data, Outcome, Record, Text, UNKNOWN};
use crate::store::{self, chunks};
use crate::time::HOURS_PER_DAY;

/// A program's name, and its runs that began on one of these days. Without a name it is the program with the most runs.
/// `None` if there are none.
pub fn read(path: &Path, app: Option<&str>, days: RangeInclusive<i64>) -> Result<Option<(String, Data)>, store::Error> {
    let failed = |error| store::Error::Sqlite(path.to_owned(), error);
    let db = store::open_read_only(path)?;
    // A clock may be two days ahead: see the view `runs`.
    let first = chunks::received_since(&db, days.start() - 2).map_err(failed)?;
    let end = chunks::newest(&db).map_err(failed)? + 1;
    let app = match app {
        Some(app) => number_of(&db, app),
        None => largest(&db, first),
    };
    let Some(app) = app.map_err(failed)? else { return Ok(None) };
    let name = text_of(&db, app).map_err(failed)?;
    let middle = first + (end - first) / 2;
    let data = thread::scope(|scope| {
        // Their snapshots can differ. No row is in both halves.
        let newer = scope.spawn(|| {
            let db = store::open_read_only(path)?;
            part(&db, app, middle..end, &days).map_err(failed)
        });
        let mut data = part(&db, app, first..middle, &days).map_err(failed)?;
        data.append(&newer.join().unwrap_or_else(|panic| panic::resume_unwind(panic))?);
        Ok(data)
    })?;
    Ok(Some((name, data)).filter(|(_, data)| !data.records.is_empty()))
}

/// The runs in a part of the file.
fn part(db: &Connection, app: i64, chunks: Range<i64>, days: &RangeInclusive<i64>) -> Result<Data> {
    let mut data = Data::default();
    let mut translated = Translated { all: Vec::new(), outcomes: HashMap::new() };
    // As in the view `runs`, but with numbers for texts.
    let mut statement = db.prepare(
        "SELECT start_hour / 24, version, os, arch, command, ending, error_class, options, facts, context, active_week,
                active_since, dropped_events, duration_us, status, ci, phases
         FROM kept
         WHERE id >= ? AND id < ? AND app = ? AND start_hour BETWEEN ? AND ?
               AND start_hour BETWEEN (received_day - 31) * 24 AND (received_day + 2) * 24",
    )?;
    let [first, end] = [chunks.start, chunks.end].map(chunks::first_id);
    let hours = (days.start() * HOURS_PER_DAY, (days.end() + 1) * HOURS_PER_DAY - 1);
    let mut rows = statement.query(params![first, end, app, hours.0, hours.1])?;
    while let Some(row) = rows.next()? {
        let mut text = |column| translated.text(db, &mut data, row, column);
        let record = Record {
            day: row.get(0)?,
            version: text(1)?,
            os: text(2)?,
            arch: text(3)?,
            command: text(4)?,
            ending: text(5)?,
            error_class: text(6)?,
            options: text(7)?,
            facts: text(8)?,
            context: text(9)?,
            active_week: text(10)?,
            active_since: text(11)?,
            dropped: u32::try_from(row.get::<_, i64>(12)?).unwrap_or(u32::MAX),
            duration: row.get::<_, Option<i64>>(13)?.and_then(|micros| u64::try_from(micros).ok()).unwrap_or(UNKNOWN),
            outcome: translated.outcome(db, row.get(14)?)?,
            ci: row.get(15)?,
        };
        let phases = match row.get_ref(16)? {
            ValueRef::Text(text) => std::str::from_utf8(text).ok(),
            _ => None,
        };
        data.push(record, phases);
    }
    Ok(data)
}

/// The program with the most runs since a chunk.
fn largest(db: &Connection, since: i64) -> Result<Option<i64>> {
    // SQLite would sort them all to group them.
    let mut statement = db.prepare("SELECT app FROM kept WHERE id >= ?")?;
    let mut found = statement.query([chunks::first_id(since)])?;
    let mut runs: HashMap<i64, u64> = HashMap::new();
    while let Some(row) = found.next()? {
        *runs.entry(row.get(0)?).or_default() += 1;
    }
    Ok(runs.into_iter().max_by_key(|(app, runs)| (*runs, -app)).map(|(app, _)| app))
}

/// The store's numbers, and ours.
struct Translated {
    /// By the store's number, which are consecutive.
    all: Vec<Option<Text>>,
    outcomes: HashMap<i64, Outcome>,
}

impl Translated {
    fn text(&mut self, db: &Connection, data: &mut Data, row: &Row<'_>, column: usize) -> Result<Text> {
        let Some(number) = row.get::<_, Option<i64>>(column)? else { return Ok(0) };
        let place = usize::try_from(number).unwrap_or(0);
        if let Some(Some(text)) = self.all.get(place) {
            return Ok(*text);
        }
        let text = data.texts.add(&text_of(db, number)?);
        if self.all.len() <= place {
            self.all.resize(place + 1, None);
        }
        self.all.get_mut(place).into_iter().for_each(|known| *known = Some(text));
        Ok(text)
    }

    fn outcome(&mut self, db: &Connection, number: i64) -> Result<Outcome> {
        if let Some(outcome) = self.outcomes.get(&number) {
            return Ok(*outcome);
        }
        let outcome = Outcome::of(&text_of(db, number)?);
        self.outcomes.insert(number, outcome);
        Ok(outcome)
    }
}

fn text_of(db: &Connection, number: i64) -> Result<String> {
    db.prepare_cached("SELECT text FROM texts WHERE id = ?")?.query_row([number], |row| row.get(0))
}

fn number_of(db: &Connection, text: &str) -> Result<Option<i64>> {
    db.query_row("SELECT id FROM texts WHERE text = ?", [text], |row| row.get(0)).optional()
}
