//! The thread that writes. It commits what has arrived meanwhile together, and only then answers. In between it deletes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::books::Books;
use super::delete;
use super::row::Batch;

/// Runs that wait for the writer, at most. What comes beyond that is asked to come again.
const MAX_WAITING: usize = 200_000;

/// Runs in one commit, roughly.
const MAX_COMMIT: usize = 20_000;

/// The answer to a delivery.
pub type Answer = Result<Stored, Refused>;

/// What became of a delivery's runs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stored {
    pub added: u64,
    pub duplicates: u64,
    /// Events that were lost before, as those that were added say. At most [`u64::MAX`].
    pub lost: u64,
}

/// Why nothing was stored. The sender has to come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Too many runs are waiting.
    Busy,
    /// The disk, or the file's limit, is full.
    Full,
    /// The file cannot be written for another reason.
    Broken,
}

/// A delivery, and who waits for the answer.
#[derive(Debug)]
struct Job {
    batch: Batch,
    answer: oneshot::Sender<Answer>,
    _permit: OwnedSemaphorePermit,
}

#[derive(Debug)]
enum Order {
    Store(Job),
    /// Runs that were received before this day.
    Delete(i64),
}

/// The way to the thread that writes.
#[derive(Debug)]
pub struct Writer {
    orders: mpsc::UnboundedSender<Order>,
    waiting: Arc<Semaphore>,
    meter: Arc<Meter>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// What the thread has done.
#[derive(Debug, Default)]
pub struct Meter {
    pub commits: AtomicU64,
    pub commit_micros: AtomicU64,
    pub failed_commits: AtomicU64,
    /// Runs that were deleted.
    pub deleted: AtomicU64,
    is_failing: AtomicBool,
}

impl Writer {
    /// Starts the thread.
    pub fn start(db: Connection) -> rusqlite::Result<Self> {
        let books = Books::read(&db)?;
        let (orders, mut arriving) = mpsc::unbounded_channel();
        let meter = Arc::<Meter>::default();
        let thread = {
            // Only the way from outside keeps the thread going.
            let (meter, again) = (Arc::clone(&meter), orders.downgrade());
            thread::spawn(move || write(db, books, &mut arriving, &again, &meter))
        };
        let (waiting, thread) = (Arc::new(Semaphore::new(MAX_WAITING)), Mutex::new(Some(thread)));
        Ok(Writer { orders, waiting, meter, thread })
    }

    /// Stores runs. Answers when they are on the disk.
    pub async fn store(&self, batch: Batch) -> Answer {
        if batch.rows.is_empty() {
            return Ok(Stored::default());
        }
        let count = u32::try_from(batch.rows.len()).map_err(|_| Refused::Busy)?;
        let permit = Arc::clone(&self.waiting).try_acquire_many_owned(count).map_err(|_| Refused::Busy)?;
        let (answer, answered) = oneshot::channel();
        let job = Job { batch, answer, _permit: permit };
        self.orders.send(Order::Store(job)).map_err(|_| Refused::Broken)?;
        answered.await.map_err(|_| Refused::Broken)?
    }

    /// Begins to delete the runs that were received before a day.
    pub fn delete_before(&self, day: i64) {
        // Without the thread, `is_well` says so.
        let _ = self.orders.send(Order::Delete(day));
    }

    /// Whether the last transaction succeeded, and there is a thread for the next one.
    pub fn is_well(&self) -> bool {
        !self.meter.is_failing.load(Ordering::Relaxed) && !self.orders.is_closed()
    }

    pub fn meter(&self) -> &Meter {
        &self.meter
    }

    /// Runs that wait to be written.
    pub fn waiting(&self) -> usize {
        MAX_WAITING - self.waiting.available_permits()
    }

    /// Waits until everything is written and the file is closed.
    pub fn finish(self) {
        drop(self.orders);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A panic of the thread was reported where it happened.
        let _ = thread.map(JoinHandle::join);
    }
}

fn write(
    mut db: Connection,
    mut books: Books,
    arriving: &mut mpsc::UnboundedReceiver<Order>,
    again: &mpsc::WeakUnboundedSender<Order>,
    meter: &Meter,
) {
    while let Some(order) = arriving.blocking_recv() {
        let mut group = Group::default();
        group.add(order);
        while let Some(order) = (group.runs < MAX_COMMIT).then(|| arriving.try_recv().ok()).flatten() {
            group.add(order);
        }
        if !group.jobs.is_empty() {
            store(&mut db, &mut books, group.jobs, meter);
        }
        if let Some(day) = group.delete_before {
            delete_some(&mut db, day, again, meter);
        }
    }
}

/// Orders that are executed together.
#[derive(Debug, Default)]
struct Group {
    jobs: Vec<Job>,
    /// Of all jobs.
    runs: usize,
    delete_before: Option<i64>,
}

impl Group {
    fn add(&mut self, order: Order) {
        match order {
            Order::Store(job) => {
                self.runs += job.batch.rows.len();
                self.jobs.push(job);
            }
            Order::Delete(day) => self.delete_before = Some(day),
        }
    }
}

/// Commits jobs, and answers.
fn store(db: &mut Connection, books: &mut Books, jobs: Vec<Job>, meter: &Meter) {
    let start = Instant::now();
    let result = commit(db, books, &jobs);
    let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
    meter.commits.fetch_add(1, Ordering::Relaxed);
    meter.commit_micros.fetch_add(micros, Ordering::Relaxed);
    meter.is_failing.store(result.is_err(), Ordering::Relaxed);
    match result {
        Ok(stored) => {
            // Whoever has gone away comes again, and is told that these are duplicates.
            for (job, stored) in jobs.into_iter().zip(stored) {
                let _ = job.answer.send(Ok(stored));
            }
        }
        Err(error) => {
            meter.failed_commits.fetch_add(1, Ordering::Relaxed);
            let refused = refusal(&error);
            for job in jobs {
                let _ = job.answer.send(Err(refused));
            }
        }
    }
}

/// Deletes a part of what is to be deleted. The rest has its turn after what has arrived meanwhile.
fn delete_some(db: &mut Connection, day: i64, again: &mpsc::WeakUnboundedSender<Order>, meter: &Meter) {
    match delete::delete(db, day) {
        Ok(deleted) => {
            meter.deleted.fetch_add(deleted.runs, Ordering::Relaxed);
            if let Some(orders) = again.upgrade().filter(|_| deleted.is_unfinished) {
                let _ = orders.send(Order::Delete(day));
            }
        }
        // Whoever ordered it orders it again.
        Err(_) => drop(meter.failed_commits.fetch_add(1, Ordering::Relaxed)),
    }
}

/// Writes everything, or nothing.
fn commit(db: &mut Connection, books: &mut Books, jobs: &[Job]) -> rusqlite::Result<Vec<Stored>> {
    books.forget_old();
    let result = (|| {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        books.refresh(&transaction)?;
        let mut stored = Vec::with_capacity(jobs.len());
        for job in jobs {
            stored.push(books.add(&transaction, &job.batch)?);
        }
        transaction.commit()?;
        Ok(stored)
    })();
    if result.is_ok() {
        books.committed();
    } else {
        books.rolled_back();
    }
    result
}

fn refusal(error: &rusqlite::Error) -> Refused {
    match error {
        rusqlite::Error::SqliteFailure(code, _) if code.code == ErrorCode::DiskFull => Refused::Full,
        // A disk can be full in ways that SQLite reports as an error of the disk, such as a quota.
        _ => Refused::Broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::{Program, Run};

    /// As when a server is started before the one that it replaces has stopped.
    #[tokio::test]
    async fn two_writers_of_one_file_keep_a_run_once() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fleet.db");
        let open = || Writer::start(crate::store::open(&path, u64::MAX).unwrap()).unwrap();
        let (one, other) = (open(), open());
        let batch = |ids: [u8; 2]| {
            let program = Program { app: format!("app {}", ids[0]).into(), ..Program::default() };
            Batch::new(ids.map(|id| Run::new([id; 16], 0, program.clone())).to_vec(), crate::time::unix_ms())
        };
        let counts = |stored: Stored| (stored.added, stored.duplicates);
        assert_eq!(one.store(batch([1, 2])).await.map(counts), Ok((2, 0)));
        assert_eq!(other.store(batch([2, 3])).await.map(counts), Ok((1, 1)));
        assert_eq!(one.store(batch([3, 4])).await.map(counts), Ok((1, 1)));
        assert_eq!(other.store(batch([4, 1])).await.map(counts), Ok((0, 2)));
        one.finish();
        other.finish();
        let sql = "SELECT count(*) = 4 AND count(DISTINCT session_id) = 4 FROM kept";
        let db = crate::store::open_read_only(&path).unwrap();
        assert!(db.query_row(sql, [], |row| row.get::<_, bool>(0)).unwrap());
    }

    /// As a panic of the thread leaves it.
    #[tokio::test]
    async fn a_writer_without_its_thread_is_not_well() {
        let (orders, arriving) = mpsc::unbounded_channel();
        let waiting = Arc::new(Semaphore::new(MAX_WAITING));
        let writer = Writer { orders, waiting, meter: Arc::default(), thread: Mutex::new(None) };
        assert!(writer.is_well());
        drop(arriving);
        assert!(!writer.is_well());
        let batch = Batch::new(vec![Run::new([1; 16], 0, Program::default())], 0);
        assert_eq!(writer.store(batch).await, Err(Refused::Broken));
        assert_eq!(writer.waiting(), 0);
    }
}
