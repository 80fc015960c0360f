//! The order of rows in the file. Chunks follow each other in time; within one, rows are in a random order.
//!
//! The upper half of a row's id is the number of its chunk, the lower half is random.

use rusqlite::{Connection, Result};

/// Rows of a chunk.
pub(super) const ROWS: u64 = 1 << 14;

const RANDOM_BITS: u32 = 32;

/// The least id that a row of this chunk can have.
pub(crate) fn first_id(chunk: i64) -> i64 {
    chunk << RANDOM_BITS
}

/// The first chunk that has rows.
pub(crate) fn oldest(db: &Connection) -> Result<i64> {
    chunk_of(db, "SELECT coalesce(min(id), 0) FROM kept")
}

/// The chunk that is being filled.
pub(crate) fn newest(db: &Connection) -> Result<i64> {
    chunk_of(db, "SELECT coalesce(max(id), 0) FROM kept")
}

fn chunk_of(db: &Connection, row: &str) -> Result<i64> {
    db.query_row(row, [], |row| row.get::<_, i64>(0)).map(|id| id >> RANDOM_BITS)
}

/// The first chunk that may hold rows received on `day` or later. All before it were received earlier; after it only the next one
/// may hold some that were.
pub(crate) fn received_since(db: &Connection, day: i64) -> Result<i64> {
    let mut first_of = db.prepare("SELECT received_day FROM kept WHERE id >= ? ORDER BY id LIMIT 1")?;
    let (mut low, mut high) = (oldest(db)?, newest(db)?);
    while low < high {
        let middle = (low + high + 1) / 2;
        // All rows of the chunk before were received earlier, or on the same day.
        if first_of.query_row([first_id(middle)], |row| row.get::<_, i64>(0))? < day {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Ok(low)
}
