//! Takes lines out of the queue, in order. Progress survives a crash at any point.
//!
//! A file is sealed by renaming it, so that runs start a new one. How much of a sealed file is delivered is recorded in
//! its name, by another rename, and the file is deleted once everything in it is delivered. So every line is in exactly
//! one file at any time, and a crash can only repeat the one batch whose delivery was not recorded yet.

mod sent;
mod shuffle;

use std::cell::Cell;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

pub(crate) use self::sent::{SentFile, sent_lines};
use super::folder::{self, SealedName};
use super::{LIVE, LOCK, LOST, LOST_TAKEN, OLD, REJECTED, REJECTED_MAX_BYTES, SPILL};
use crate::declare::limits::QUEUE_MAX_BYTES;
use crate::event::{Record, Row};
use crate::sys::append::AppendFile;
use crate::sys::{Lock, TryLock, files};

/// How long to wait for runs that are still appending to a file that was just sealed.
const APPENDERS_TIMEOUT: Duration = Duration::from_secs(1);

/// How long after sealing a file a run may still append to it, where the file system has no locks: a run that has opened
/// the file writes at once.
const APPENDING_TIME: Duration = Duration::from_millis(200);

/// With this many sealed files that cannot be used, because another process keeps them locked, no more are sealed.
const STUCK_MAX: usize = 2;

/// The right to drain a queue. Only one exists at a time, across all processes.
#[derive(Debug)]
pub(crate) struct Drain {
    dir: PathBuf,
    _lock: Lock,
}

/// A file that no run appends to any more.
#[derive(Debug)]
pub(crate) struct Sealed {
    dir: PathBuf,
    /// In a cell, since it changes with each batch that is done, and batches borrow the file's lines.
    name: Cell<SealedName>,
    bytes: Vec<u8>,
    /// Holds the lock that appending runs share.
    _file: File,
}

/// The next lines of a sealed file.
#[derive(Debug, Default)]
pub(crate) struct Batch<'a> {
    pub(crate) records: Vec<Record<'a>>,
    /// The number of lines before or among these that were dropped because the queue was full.
    pub(crate) dropped: u64,
    /// Lines that are torn, or not ours.
    pub(crate) foreign: Vec<&'a [u8]>,
    /// The offset of the next batch.
    pub(crate) end: usize,
}

impl<'a> Batch<'a> {
    /// Reads up to `max` events of the CLI `app` from `file`, starting at the offset `start`. `None` at the end.
    pub(crate) fn read(file: &'a [u8], start: usize, app: &str, max: usize) -> Option<Self> {
        let rest = file.get(start..).filter(|rest| !rest.is_empty())?;
        let mut batch = Batch { end: start, ..Batch::default() };
        for line in rest.split_inclusive(|&byte| byte == b'\n') {
            if batch.records.len() == max {
                break;
            }
            batch.end += line.len();
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            match Row::parse(line, app) {
                Row::Event(record) => batch.records.push(record),
                Row::Dropped(count) => batch.dropped += u64::from(count),
                Row::Empty => {}
                Row::Foreign => batch.foreign.push(line),
            }
        }
        Some(batch)
    }
}

impl Drain {
    /// Becomes the queue's drain. `None` if there is another one, and still is after `timeout`.
    pub(crate) fn begin(dir: &Path, timeout: Duration) -> io::Result<Option<Self>> {
        let lock = retried(timeout, || files::lock(dir, LOCK))?;
        Ok(lock.map(|lock| Drain { dir: dir.to_owned(), _lock: lock }))
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    /// The next file to deliver: one that was sealed earlier, or else one that is sealed now.
    ///
    /// New files are sealed only after the old ones are delivered, so an endpoint that is down for weeks does not fill
    /// the disk: sealed files wait, and the live file rotates.
    ///
    /// # Errors
    ///
    /// If there is nothing else to deliver than files that cannot be opened.
    pub(crate) fn next(&self) -> io::Result<Option<Sealed>> {
        let names = folder::sealed(&self.dir)?;
        let mut stuck = 0;
        let mut unusable = None;
        for name in names.iter() {
            match Sealed::open(&self.dir, *name) {
                Ok(Some(sealed)) if sealed.is_empty() => sealed.remove()?,
                Ok(Some(sealed)) => return Ok(Some(sealed)),
                Ok(None) => stuck += 1,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                // Not ours: a folder, a symbolic link, of somebody else, or larger than any file of the queue.
                Err(error) => {
                    stuck += 1;
                    unusable = Some(error);
                }
            }
        }
        let mut number = names.last().map_or(0, |last| last.number);
        while stuck < STUCK_MAX {
            number += 1;
            let Some(name) = self.seal(number)? else { break };
            match Sealed::open(&self.dir, name) {
                Ok(Some(sealed)) => return Ok(Some(sealed)),
                Ok(None) => stuck += 1,
                Err(error) => {
                    stuck += 1;
                    unusable = Some(error);
                }
            }
        }
        unusable.map_or(Ok(None), Err)
    }

    /// Seals the file with the oldest lines, if there are any.
    fn seal(&self, number: u64) -> io::Result<Option<SealedName>> {
        let name = SealedName { number, offset: 0 };
        for file in [OLD, LIVE, SPILL] {
            let file = self.dir.join(file);
            // An empty file is left alone: a run may just have created it. So is somebody else's.
            if files::metadata(&file).is_ok_and(|file| file.is_file && file.size > 0 && file.is_ours) {
                files::rename(&file, &name.in_dir(&self.dir))?;
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// Passes the number of lines lost since the last call to `count`, and resets it once `count` has stored it. A
    /// crash in between counts lines twice rather than never. What is left of an earlier call comes first, and the rest
    /// another time.
    pub(crate) fn take_lost(&self, count: impl FnOnce(u64) -> io::Result<()>) -> io::Result<()> {
        let taken = self.dir.join(LOST_TAKEN);
        // Runs that lose a line meanwhile begin a new file.
        if files::metadata(&taken).is_err() && files::rename(&self.dir.join(LOST), &taken).is_err() {
            return Ok(());
        }
        let Some(file) = open_for_good(&taken)? else { return Ok(()) };
        count(file.metadata()?.len())?;
        files::remove(&taken)
    }

    /// Moves lines that are not ours to the file of rejected lines, as far as there is room.
    pub(crate) fn reject(&self, lines: &[&[u8]]) {
        let Ok(file) = AppendFile::new(&self.dir, REJECTED) else { return };
        for line in lines {
            // A line that does not fit is still counted.
            let _ = file.append(&[line, b"\n".as_slice()].concat(), REJECTED_MAX_BYTES);
        }
    }
}

impl Sealed {
    /// Opens a sealed file and waits for runs that are still appending to it. `None` after [`APPENDERS_TIMEOUT`].
    fn open(dir: &Path, name: SealedName) -> io::Result<Option<Self>> {
        let Some(file) = open_for_good(&name.in_dir(dir))? else { return Ok(None) };
        // Through the locked handle: on some systems a lock blocks reads through any other handle, even in this
        // process.
        let bytes = files::read_opened(&file, QUEUE_MAX_BYTES)?;
        Ok(Some(Sealed { dir: dir.to_owned(), name: Cell::new(name), bytes, _file: file }))
    }

    /// The next batch, with up to `max` events of the CLI `app`. `None` at the end.
    pub(crate) fn batch(&self, app: &str, max: usize) -> Option<Batch<'_>> {
        let start = usize::try_from(self.name.get().offset).unwrap_or(usize::MAX);
        Batch::read(&self.bytes, start, app, max)
    }

    /// Whether everything is delivered.
    fn is_empty(&self) -> bool {
        self.name.get().offset >= self.bytes.len() as u64
    }

    fn path(&self) -> PathBuf {
        self.name.get().in_dir(&self.dir)
    }

    fn remove(&self) -> io::Result<()> {
        files::remove(&self.path())
    }

    /// Whether the file still exists. If not, the user has deleted the queue, and nothing of it may be sent any more.
    pub(crate) fn is_there(&self) -> bool {
        files::metadata(&self.path()).is_ok()
    }

    /// Records that the batch up to `end` is done: delivered, or given up.
    pub(crate) fn done(&self, end: usize) -> io::Result<()> {
        let next = SealedName { offset: end as u64, ..self.name.get() };
        if end >= self.bytes.len() {
            self.remove()?;
        } else {
            files::rename(&self.path(), &next.in_dir(&self.dir))?;
        }
        self.name.set(next);
        Ok(())
    }
}

/// Opens a file that was renamed, and waits for runs that are still appending to it. `None` after [`APPENDERS_TIMEOUT`].
fn open_for_good(path: &Path) -> io::Result<Option<File>> {
    let file = files::open_to_lock(path)?;
    let lock = || files::try_lock(&file).map(|lock| (lock != TryLock::Held).then_some(lock));
    let Some(lock) = retried(APPENDERS_TIMEOUT, lock)? else { return Ok(None) };
    if lock.is_unsupported() {
        // Runs cannot say that they are still appending, but they do so at once.
        thread::sleep(APPENDING_TIME);
    }
    Ok(Some(file))
}

/// Tries again and again. `None` if that does not help within `timeout`.
fn retried<T>(timeout: Duration, mut attempt: impl FnMut() -> io::Result<Option<T>>) -> io::Result<Option<T>> {
    let start = Instant::now();
    loop {
        match attempt()? {
            None if start.elapsed() < timeout => thread::sleep(Duration::from_millis(5)),
            result => return Ok(result),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::queue::testing::{APP, Folder, append, numbers};

    fn begin(dir: &Path) -> Drain {
        Drain::begin(dir, Duration::ZERO).unwrap().unwrap()
    }

    #[test]
    fn a_crash_repeats_only_the_batch_that_was_not_recorded() {
        let (folder, queue) = Folder::new("crash");
        (0..5).for_each(|number| append(&queue, number));

        let drain = begin(&folder.0);
        let sealed = drain.next().unwrap().unwrap();
        let batch = sealed.batch(APP, 2).unwrap();
        assert_eq!(numbers(&batch.records), [0, 1]);
        sealed.done(batch.end).unwrap();
        assert_eq!(numbers(&sealed.batch(APP, 2).unwrap().records), [2, 3]);
        drop((sealed, drain));
        append(&queue, 5);

        let drain = begin(&folder.0);
        let sealed = drain.next().unwrap().unwrap();
        let batch = sealed.batch(APP, 10).unwrap();
        assert_eq!(numbers(&batch.records), [2, 3, 4]);
        sealed.done(batch.end).unwrap();
        assert!(sealed.batch(APP, 10).is_none());
        let sealed = drain.next().unwrap().unwrap();
        assert_eq!(numbers(&sealed.batch(APP, 10).unwrap().records), [5]);
    }

    #[test]
    fn there_is_one_drain_at_a_time() {
        let (folder, _) = Folder::new("one");
        let first = begin(&folder.0);
        assert!(Drain::begin(&folder.0, Duration::ZERO).unwrap().is_none());
        drop(first);
        begin(&folder.0);
    }

    #[test]
    fn torn_and_foreign_lines_are_set_aside() {
        let (folder, queue) = Folder::new("torn");
        append(&queue, 1);
        let whole = fs::read(folder.0.join(LIVE)).unwrap();
        fs::write(folder.0.join(LIVE), [&whole, &b"{\"v\":2,\"ses"[..]].concat()).unwrap();
        append(&queue, 2);
        let drain = begin(&folder.0);
        let sealed = drain.next().unwrap().unwrap();
        let batch = sealed.batch(APP, 10).unwrap();
        assert_eq!(numbers(&batch.records), [1, 2]);
        assert_eq!(batch.foreign, [b"{\"v\":2,\"ses"]);
    }

    #[test]
    fn a_locked_file_is_skipped() {
        let (folder, queue) = Folder::new("held");
        append(&queue, 1);
        let held = File::open(folder.0.join(LIVE)).unwrap();
        held.lock().unwrap();
        append(&queue, 2);
        let drain = begin(&folder.0);
        // The live file is sealed but stays locked; the spill file is next.
        let sealed = drain.next().unwrap().unwrap();
        assert_eq!(numbers(&sealed.batch(APP, 10).unwrap().records), [2]);
        append(&queue, 3);
        assert!(folder.0.join(LIVE).exists());
    }

    /// By runs that lose them at the same time, and while they are taken.
    #[test]
    fn each_lost_line_is_counted() {
        const RUNS: u64 = 4;
        const LINES: u64 = 200;
        let (folder, queue) = Folder::new("lost-at-once");
        let _held = folder.hold_all();
        let drain = begin(&folder.0);
        let mut lost = 0;
        let mut take = || {
            drain.take_lost(|more| {
                lost += more;
                Ok(())
            })
        };
        thread::scope(|scope| {
            let lose = || (0..LINES).for_each(|_| assert!(queue.append(b"line\n").is_err()));
            let runs: Vec<_> = (0..RUNS).map(|_| scope.spawn(lose)).collect();
            while !runs.iter().all(thread::ScopedJoinHandle::is_finished) {
                take().unwrap();
            }
        });
        take().unwrap();
        take().unwrap();
        assert_eq!(lost, RUNS * LINES);
    }

    #[test]
    fn lost_lines_are_counted_once() {
        let (folder, queue) = Folder::new("lost");
        let _held = folder.hold_all();
        assert!(queue.append(b"line\n").is_err());
        assert!(queue.append(b"line\n").is_err());
        let drain = begin(&folder.0);
        assert!(drain.take_lost(|_| Err(ErrorKind::StorageFull.into())).is_err());
        let mut lost = 0;
        for _ in 0..2 {
            let count = |more| {
                lost += more;
                Ok(())
            };
            drain.take_lost(count).unwrap();
        }
        assert_eq!(lost, 2);
    }
}
