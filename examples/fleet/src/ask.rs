//! Questions in SQL, on the view `runs`.

use std::fmt::Write;

use rusqlite::limits::Limit;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Statement};
use serde_json::{Map, Value as Json};

use crate::csv;

/// How answers are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Table,
    Csv,
    Json,
}

/// Why a question has no answer.
#[derive(Debug)]
pub enum Error {
    Sqlite(rusqlite::Error),
    /// It is not SQL that SQLite understands.
    Sql {
        message: String,
        sql: String,
        /// Where, in bytes, if SQLite knows.
        offset: Option<usize>,
        /// Of the view.
        columns: Vec<String>,
    },
    /// It would change something, or asks for nothing.
    NotAQuestion,
}

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Sqlite(error) => error.fmt(out),
            Error::Sql { message, sql, offset, columns } => {
                writeln!(out, "{message}")?;
                if let Some((line, column)) = offset.and_then(|offset| place(sql, offset)) {
                    writeln!(out, "  {line}\n  {:column$}^", "")?;
                }
                write!(out, "The view `runs` has the columns {}", columns.join(", "))
            }
            Error::NotAQuestion => write!(out, "expected one SELECT; the view `runs` has one row a run"),
        }
    }
}

impl std::error::Error for Error {}

/// The line with this offset, and the number of characters before it.
fn place(sql: &str, offset: usize) -> Option<(&str, usize)> {
    let (before, after) = sql.split_at_checked(offset)?;
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let end = offset + after.find('\n').unwrap_or(after.len());
    Some((sql.get(start..end)?, sql.get(start..offset)?.chars().count()))
}

/// Says where SQL is wrong, and what one can ask about.
fn wrong(db: &Connection, sql: &str, error: rusqlite::Error) -> Error {
    let (message, offset) = match error {
        rusqlite::Error::MultipleStatement => return Error::NotAQuestion,
        rusqlite::Error::SqlInputError { msg, offset, .. } => (msg, usize::try_from(offset).ok()),
        rusqlite::Error::SqliteFailure(code, Some(message)) if code.extended_code == SQLITE_ERROR => (message, None),
        error => return Error::Sqlite(error),
    };
    let columns = db.prepare("SELECT * FROM runs LIMIT 0");
    let columns = columns.map(|view| view.column_names().into_iter().map(str::to_owned).collect()).unwrap_or_default();
    Error::Sql { message, sql: sql.to_owned(), offset, columns }
}

/// The code of SQLite for SQL that is wrong.
const SQLITE_ERROR: i32 = 1;

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        Error::Sqlite(error)
    }
}

/// The answer to a question. `db` was opened to read only, and no other file is opened.
pub fn ask(db: &Connection, sql: &str, format: Format) -> Result<String, Error> {
    db.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0)?;
    let mut statement = db.prepare(sql).map_err(|error| wrong(db, sql, error))?;
    if !statement.readonly() || statement.column_count() == 0 {
        return Err(Error::NotAQuestion);
    }
    let names: Vec<String> = statement.column_names().into_iter().map(str::to_owned).collect();
    match format {
        Format::Json => json(&mut statement, &names),
        Format::Csv => {
            let mut text = csv::line(&names);
            for row in texts(&mut statement, names.len())? {
                text += &csv::line(&row);
            }
            Ok(text)
        }
        Format::Table => Ok(table(&names, &texts(&mut statement, names.len())?)),
    }
}

fn texts(statement: &mut Statement<'_>, columns: usize) -> Result<Vec<Vec<String>>, Error> {
    let mut found = statement.query([])?;
    let mut rows = Vec::new();
    while let Some(row) = found.next()? {
        let text = |column| {
            Ok(match row.get_ref(column)? {
                ValueRef::Null => String::new(),
                ValueRef::Integer(number) => number.to_string(),
                ValueRef::Real(number) => number.to_string(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect(),
            })
        };
        rows.push((0..columns).map(text).collect::<rusqlite::Result<_>>()?);
    }
    Ok(rows)
}

/// A line for each row.
fn json(statement: &mut Statement<'_>, names: &[String]) -> Result<String, Error> {
    let mut found = statement.query([])?;
    let mut lines = String::new();
    while let Some(row) = found.next()? {
        let mut object = Map::new();
        for (column, name) in names.iter().enumerate() {
            let value = match row.get_ref(column)? {
                ValueRef::Null => Json::Null,
                ValueRef::Integer(number) => number.into(),
                ValueRef::Real(number) => number.into(),
                ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
                ValueRef::Blob(bytes) => bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>().into(),
            };
            object.insert(name.clone(), value);
        }
        lines += &Json::from(object).to_string();
        lines.push('\n');
    }
    Ok(lines)
}

/// Columns with spaces between them; numbers to the right.
fn table(names: &[String], rows: &[Vec<String>]) -> String {
    let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
    let all = || std::iter::once(names).chain(rows.iter().map(Vec::as_slice));
    let width = |column| all().map(|row| cell(row, column).chars().count()).max().unwrap_or(0);
    let is_number = |column| !rows.is_empty() && rows.iter().all(|row| cell(row, column).parse::<f64>().is_ok());
    let columns: Vec<(usize, bool)> = (0..names.len()).map(|column| (width(column), is_number(column))).collect();
    let mut text = String::new();
    for row in all() {
        let mut line = String::new();
        for (column, (width, is_number)) in columns.iter().enumerate() {
            let cell = cell(row, column);
            // Writing to memory cannot fail.
            let _ = if *is_number { write!(line, "{cell:>width$}  ") } else { write!(line, "{cell:<width$}  ") };
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}
