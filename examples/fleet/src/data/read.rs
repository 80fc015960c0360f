//! From the store into memory.

use std::collections::HashMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

use super::{Data, Outcome, Record, Text, UNKNOWN};

/// The runs of a program that began on one of these days. `None` if the store knows no program of this name.
pub fn read(db: &Connection, app: &str, first_day: i64, last_day: i64) -> Result<Option<Data>> {
    let app = db.query_row("SELECT id FROM texts WHERE text = ?", [app], |row| row.get::<_, i64>(0)).optional()?;
    let Some(app) = app else { return Ok(None) };
    let mut data = Data::default();
    let mut translated = Translated { all: Vec::new(), outcomes: HashMap::new() };
    // As in the view `runs`, but with numbers for texts.
    let mut statement = db.prepare(
        "SELECT start_hour / 24, version, os, arch, command, ending, error_class, options, facts, context, active_week,
                active_since, dropped_events, duration_us, status, ci, phases
         FROM kept
         WHERE app = ? AND start_hour BETWEEN ? AND ?
               AND start_hour BETWEEN (received_day - 31) * 24 AND (received_day + 2) * 24",
    )?;
    let mut rows = statement.query(params![app, first_day * 24, last_day * 24 + 23])?;
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
    Ok(Some(data))
}

/// The program with the most runs.
pub fn largest(db: &Connection) -> Result<Option<String>> {
    let sql = "SELECT text FROM texts WHERE id = (SELECT app FROM kept GROUP BY app ORDER BY count(*) DESC LIMIT 1)";
    db.query_row(sql, [], |row| row.get(0)).optional()
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
