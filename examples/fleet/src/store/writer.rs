//! The thread that writes. It commits what has arrived meanwhile together, and only then answers.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::books::Books;
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

/// The way to the thread that writes.
#[derive(Debug)]
pub struct Writer {
    jobs: mpsc::UnboundedSender<Job>,
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
    is_failing: AtomicBool,
}

impl Writer {
    /// Starts the thread.
    pub fn start(db: Connection) -> rusqlite::Result<Self> {
        let books = Books::read(&db)?;
        let (jobs, mut arriving) = mpsc::unbounded_channel();
        let meter = Arc::<Meter>::default();
        let thread = {
            let meter = Arc::clone(&meter);
            thread::spawn(move || write(db, books, &mut arriving, &meter))
        };
        let (waiting, thread) = (Arc::new(Semaphore::new(MAX_WAITING)), Mutex::new(Some(thread)));
        Ok(Writer { jobs, waiting, meter, thread })
    }

    /// Stores runs. Answers when they are on the disk.
    pub async fn store(&self, batch: Batch) -> Answer {
        if batch.rows.is_empty() {
            return Ok(Stored::default());
        }
        let count = u32::try_from(batch.rows.len()).map_err(|_| Refused::Busy)?;
        let permit = Arc::clone(&self.waiting).try_acquire_many_owned(count).map_err(|_| Refused::Busy)?;
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job { batch, answer, _permit: permit }).map_err(|_| Refused::Broken)?;
        answered.await.map_err(|_| Refused::Broken)?
    }

    /// Whether the last transaction succeeded, and there is a thread for the next one.
    pub fn is_well(&self) -> bool {
        !self.meter.is_failing.load(Ordering::Relaxed) && !self.jobs.is_closed()
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
        drop(self.jobs);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A panic of the thread was reported where it happened.
        let _ = thread.map(JoinHandle::join);
    }
}

fn write(mut db: Connection, mut books: Books, arriving: &mut mpsc::UnboundedReceiver<Job>, meter: &Meter) {
    let mut jobs = Vec::new();
    while let Some(job) = arriving.blocking_recv() {
        let mut runs = job.batch.rows.len();
        jobs.push(job);
        while let Some(job) = (runs < MAX_COMMIT).then(|| arriving.try_recv().ok()).flatten() {
            runs += job.batch.rows.len();
            jobs.push(job);
        }
        let start = Instant::now();
        let result = commit(&mut db, &mut books, &jobs);
        meter.commits.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(start.elapsed().as_micros()).unwrap_or(u64::MAX);
        meter.commit_micros.fetch_add(micros, Ordering::Relaxed);
        meter.is_failing.store(result.is_err(), Ordering::Relaxed);
        match result {
            Ok(stored) => {
                // Whoever has gone away comes again, and is told that these are duplicates.
                for (job, stored) in jobs.drain(..).zip(stored) {
                    let _ = job.answer.send(Ok(stored));
                }
            }
            Err(error) => {
                meter.failed_commits.fetch_add(1, Ordering::Relaxed);
                let refused = refusal(&error);
                for job in jobs.drain(..) {
                    let _ = job.answer.send(Err(refused));
                }
            }
        }
    }
}

/// Writes everything, or nothing.
fn commit(db: &mut Connection, books: &mut Books, jobs: &[Job]) -> rusqlite::Result<Vec<Stored>> {
    if books.are_old() {
        *books = Books::read(db)?;
    }
    let result = (|| {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
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

    /// As a panic of the thread leaves it.
    #[tokio::test]
    async fn a_writer_without_its_thread_is_not_well() {
        let (jobs, arriving) = mpsc::unbounded_channel();
        let waiting = Arc::new(Semaphore::new(MAX_WAITING));
        let writer = Writer { jobs, waiting, meter: Arc::default(), thread: Mutex::new(None) };
        assert!(writer.is_well());
        drop(arriving);
        assert!(!writer.is_well());
        let batch = Batch::new(vec![Run::new([1; 16], 0, Program::default())], 0);
        assert_eq!(writer.store(batch).await, Err(Refused::Broken));
        assert_eq!(writer.waiting(), 0);
    }
}
