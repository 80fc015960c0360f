//! Cached state of the file: which runs are there, and the numbers of the texts.

use std::collections::HashMap;

use rusqlite::{CachedStatement, Connection, OptionalExtension, Result, params};

use super::chunks;
use super::row::{Batch, Place, Row};
use super::seen::{self, Id, Seen};
use super::writer::Stored;
use crate::time;

/// Texts whose numbers are remembered. More than any fleet has, and little enough if somebody sends random ones.
const MAX_TEXTS: usize = 200_000;

#[derive(Debug)]
pub(super) struct Books {
    seen: Seen,
    texts: HashMap<String, i64>,
    /// The number of rows so far.
    rows: u64,
    /// What was added to `seen` since the last commit.
    uncommitted: Vec<Id>,
    /// Changes when another connection writes to the file.
    version: i64,
}

impl Books {
    pub(super) fn read(db: &Connection) -> Result<Self> {
        let mut books = Books {
            seen: Seen::new(time::today()),
            texts: HashMap::new(),
            rows: 0,
            uncommitted: Vec::new(),
            // Before the rest: what is written meanwhile is read again.
            version: version(db)?,
        };
        books.read_again(db)?;
        Ok(books)
    }

    /// Reads the file again if another process has written to it: a server that has been told to stop, for example, and has not
    /// yet finished.
    pub(super) fn refresh(&mut self, db: &Connection) -> Result<()> {
        let version = version(db)?;
        if self.version != version {
            self.read_again(db)?;
            self.version = version;
        }
        Ok(())
    }

    fn read_again(&mut self, db: &Connection) -> Result<()> {
        let day = time::today();
        // There is not memory enough for both.
        self.seen = Seen::new(day);
        self.texts.clear();
        let chunk = chunks::newest(db)?;
        let first = chunks::first_id(chunk);
        let rows: i64 = db.query_row("SELECT count(*) FROM kept WHERE id >= ?", [first], |row| row.get(0))?;
        let mut statement =
            db.prepare("SELECT session_id, received_day FROM kept WHERE id >= ? AND received_day >= ?")?;
        let first = chunks::first_id(chunks::received_since(db, day - seen::DAYS)?);
        let mut found = statement.query([first, day - seen::DAYS])?;
        while let Some(row) = found.next()? {
            self.seen.insert(Id::new(row.get_ref(0)?.as_blob()?, row.get(1)?));
        }
        self.rows = u64::try_from(chunk).unwrap_or(0) * chunks::ROWS + u64::try_from(rows).unwrap_or(0);
        Ok(())
    }

    /// Forgets runs that cannot come again.
    pub(super) fn forget_old(&mut self) {
        self.seen.forget(time::today());
    }

    /// What was added is on the disk.
    pub(super) fn committed(&mut self) {
        self.uncommitted.clear();
    }

    /// What was added is not on the disk, nor are the texts that came with it.
    pub(super) fn rolled_back(&mut self) {
        self.rows -= self.uncommitted.len() as u64;
        for id in self.uncommitted.drain(..) {
            self.seen.remove(id);
        }
        self.texts.clear();
    }

    /// Adds the rows that are not there. The caller commits them, and says how that ended.
    pub(super) fn add(&mut self, db: &Connection, batch: &Batch) -> Result<Stored> {
        let mut insert = db.prepare_cached(INSERT)?;
        let texts = batch.texts.iter().map(|text| self.text(db, text)).collect::<Result<Vec<_>>>()?;
        let mut stored = Stored::default();
        for row in &batch.rows {
            let id = Id::new(&row.session_id, row.received_day);
            if self.seen.insert(id) {
                self.uncommitted.push(id);
                self.rows += 1;
                self.insert(&mut insert, id, row, &texts)?;
                stored.added += 1;
                stored.lost = stored.lost.saturating_add(row.dropped);
            } else {
                stored.duplicates += 1;
            }
        }
        Ok(stored)
    }

    fn insert(&self, insert: &mut CachedStatement<'_>, id: Id, row: &Row, texts: &[i64]) -> Result<()> {
        let text = |place: Place| texts.get(place as usize).copied().unwrap_or(0);
        let number = |value: u64| i64::try_from(value).unwrap_or(i64::MAX);
        // Random among its neighbours. Another one may have it, rarely.
        let mut id = chunks::first_id(number(self.rows / chunks::ROWS)) | i64::from(id.bits());
        while insert.execute(params![
            id,
            row.session_id.as_slice(),
            row.start_hour,
            row.received_day,
            text(row.app),
            text(row.version),
            text(row.os),
            text(row.arch),
            row.ci,
            text(row.command),
            row.ending.map(text),
            text(row.status),
            row.exit_code,
            row.error_class.map(text),
            row.duration_us.map(number),
            row.options.map(text),
            row.facts.map(text),
            row.context.map(text),
            row.phases,
            row.active_week.map(text),
            row.active_since.map(text),
            number(row.dropped),
        ])? == 0
        {
            id += 1;
        }
        Ok(())
    }

    /// The number of a text.
    fn text(&mut self, db: &Connection, text: &str) -> Result<i64> {
        if let Some(id) = self.texts.get(text) {
            return Ok(*id);
        }
        let known = db.prepare_cached("SELECT id FROM texts WHERE text = ?")?.query_row([text], |row| row.get(0));
        let id = match known.optional()? {
            Some(id) => id,
            None => db.prepare_cached("INSERT INTO texts (text) VALUES (?)")?.insert([text])?,
        };
        if self.texts.len() == MAX_TEXTS {
            self.texts.clear();
        }
        self.texts.insert(text.to_owned(), id);
        Ok(id)
    }
}

fn version(db: &Connection) -> Result<i64> {
    db.pragma_query_value(None, "data_version", |row| row.get(0))
}

const INSERT: &str = "INSERT OR IGNORE INTO kept VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)";
