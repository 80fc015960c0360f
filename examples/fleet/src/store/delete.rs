//! Deletes old runs, a chunk at a time, so that nobody waits long for the writer.

use rusqlite::{Connection, Result, TransactionBehavior, params};

use super::chunks;

/// What a deletion did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deleted {
    pub(super) runs: u64,
    /// Whether there can be more.
    pub(super) is_unfinished: bool,
}

/// Deletes runs that were received before `day`: the oldest chunk, or what is left.
pub(super) fn delete(db: &mut Connection, day: i64) -> Result<Deleted> {
    // What is deleted is overwritten, too.
    db.pragma_update(None, "secure_delete", true)?;
    let (oldest, last) = (chunks::oldest(db)?, chunks::received_since(db, day)?);
    let is_unfinished = oldest < last;
    let end = if is_unfinished { oldest + 1 } else { last + 2 };
    let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let sql = "DELETE FROM kept WHERE id < ? AND received_day < ?";
    let runs = transaction.execute(sql, params![chunks::first_id(end), day])?;
    transaction.commit()?;
    Ok(Deleted { runs: runs as u64, is_unfinished })
}
