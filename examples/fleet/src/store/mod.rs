//! The store: one SQLite file, one row a run.

mod books;
pub(crate) mod chunks;
mod delete;
mod row;
mod seen;
mod writer;

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

pub use self::row::{Batch, Row};
pub use self::writer::{Answer, Meter, Refused, Stored, Writer};

/// "FLEE" in ASCII.
const APPLICATION_ID: i32 = 0x464c_4545;
const SCHEMA_VERSION: i32 = 1;

const PAGE_BYTES: i64 = 4_096;

/// How long to wait for another process that writes to the file.
const BUSY: Duration = Duration::from_secs(5);

/// Why a store cannot be used.
#[derive(Debug)]
pub enum Error {
    Sqlite(PathBuf, rusqlite::Error),
    /// There is no file to read from.
    Missing(PathBuf),
    /// The file is something else.
    Foreign(PathBuf),
    /// The file has the format of another version.
    Version(PathBuf, i32),
}

impl Error {
    fn new(path: &Path, error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Error::Foreign(path.to_owned()),
            _ => Error::Sqlite(path.to_owned(), error),
        }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Error::Sqlite(path, error) if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
                let path = path.display();
                write!(
                    out,
                    "cannot open {path}: its folder has to exist, and it has to be a file that you may read and write"
                )
            }
            Error::Sqlite(path, error) => write!(out, "cannot use {}: {error}", path.display()),
            Error::Missing(path) => {
                let path = path.display();
                write!(
                    out,
                    "there is no file {path}; name another with --data, or make it with `fleet serve --data {path}`"
                )
            }
            Error::Foreign(path) => write!(out, "{} is not a file of fleet", path.display()),
            Error::Version(path, version) => {
                write!(out, "{} has the format {version}, and this program knows only {SCHEMA_VERSION}", path.display())
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Sqlite(_, error) => Some(error),
            Error::Missing(_) | Error::Foreign(_) | Error::Version(..) => None,
        }
    }
}

/// Opens the file to write to it, and creates it if it is missing. It grows to `max_bytes` at most.
pub fn open(path: &Path, max_bytes: u64) -> Result<Connection, Error> {
    let failed = |error| Error::new(path, error);
    let max_pages = i64::try_from(max_bytes).unwrap_or(i64::MAX) / PAGE_BYTES;
    let mut db = Connection::open(path).map_err(failed)?;
    db.busy_timeout(BUSY).map_err(failed)?;
    db.pragma_update(None, "page_size", PAGE_BYTES).map_err(failed)?;
    // Nothing is changed in a file of somebody else.
    if !is_empty(&db).map_err(failed)? {
        check(&db, path)?;
    }
    // A commit is on the disk before it is acknowledged; readers do not wait for it.
    db.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    db.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    db.pragma_update(None, "cache_size", -CACHE_KIB).map_err(failed)?;
    db.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES).map_err(failed)?;
    db.pragma_update_and_check(None, "max_page_count", max_pages, |_| Ok(())).map_err(failed)?;
    // Another process may create the file at the same time.
    let schema = db.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
    if is_empty(&schema).map_err(failed)? {
        schema.execute_batch(include_str!("schema.sql")).map_err(failed)?;
    }
    schema.commit().map_err(failed)?;
    Ok(db)
}

fn is_empty(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("SELECT count(*) = 0 FROM sqlite_schema", [], |row| row.get(0))
}

const CACHE_KIB: i64 = 64 * 1024;

/// Of the write-ahead log, before it is copied to the file: 64 MiB. The same pages are written again and again.
const CHECKPOINT_PAGES: i64 = 16_384;

/// Opens the file to read from it. Nothing that is done with the connection changes it.
pub fn open_read_only(path: &Path) -> Result<Connection, Error> {
    let failed = |error| Error::new(path, error);
    if !path.exists() {
        return Err(Error::Missing(path.to_owned()));
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags).map_err(failed)?;
    db.busy_timeout(BUSY).map_err(failed)?;
    db.pragma_update(None, "query_only", true).map_err(failed)?;
    check(&db, path)?;
    Ok(db)
}

/// Whether this is a file that this program has written.
fn check(db: &Connection, path: &Path) -> Result<(), Error> {
    let pragma = |name| db.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let failed = |error| Error::new(path, error);
    if pragma("application_id").map_err(failed)? != APPLICATION_ID {
        return Err(Error::Foreign(path.to_owned()));
    }
    match pragma("user_version").map_err(failed)? {
        SCHEMA_VERSION => Ok(()),
        other => Err(Error::Version(path.to_owned(), other)),
    }
}
