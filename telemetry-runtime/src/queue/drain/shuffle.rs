//! Puts the events of a sealed file into a random order.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::Sealed;
use crate::event::Row;
use crate::queue::SEALED_NEW;
use crate::sys::files;

impl Sealed {
    /// Puts the events into a random order: the receiver does not learn in which order the runs happened. Whoever tries
    /// again finds the same order, and the same first batch.
    ///
    /// On disk, too, where a rename records how much is delivered. If that fails, because the disk is full, the order
    /// stays as it is: the events are not to wait for that.
    pub(crate) fn shuffle(&mut self, app: &str) {
        if self.name.get().offset > 0 {
            return;
        }
        let shuffled = shuffled(&self.bytes, app);
        if shuffled == self.bytes {
            return;
        }
        let new = self.dir.join(SEALED_NEW);
        if self.replace(&new, &shuffled).is_ok() {
            self.bytes = shuffled;
        } else {
            let _ = files::remove(&new);
        }
    }

    /// Puts `bytes` in the place of the file, by way of the file `new`. If the user deletes the queue meanwhile, nothing
    /// comes back: `new` is written before looking whether the file is still there, and is deleted after it.
    fn replace(&self, new: &Path, bytes: &[u8]) -> io::Result<()> {
        files::write_new(new, bytes)?;
        if !self.is_there() {
            return Err(ErrorKind::NotFound.into());
        }
        files::rename(new, &self.path())
    }
}

/// The lines, with the events of the CLI `app` in the order of their session ids, which are random. Everything else stays
/// in its place.
fn shuffled(bytes: &[u8], app: &str) -> Vec<u8> {
    let session_id = |line: &[u8]| match Row::parse(line.trim_ascii_end(), app) {
        Row::Event(record) if line.ends_with(b"\n") => Some(record.fields.session_id),
        _ => None,
    };
    let mut lines: Vec<&[u8]> = bytes.split_inclusive(|&byte| byte == b'\n').collect();
    let (places, mut events): (Vec<usize>, Vec<_>) =
        lines.iter().enumerate().filter_map(|(place, line)| Some((place, (session_id(line)?, *line)))).unzip();
    events.sort_unstable();
    for (place, (_, event)) in places.into_iter().zip(events) {
        if let Some(line) = lines.get_mut(place) {
            *line = event;
        }
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use super::*;
    use crate::queue::testing::{APP, Folder, append, numbers};
    use crate::queue::{Drain, LIVE, purge};

    fn begin(dir: &Path) -> Drain {
        Drain::begin(dir, Duration::ZERO).unwrap().unwrap()
    }

    #[test]
    fn a_deleted_file_does_not_come_back_shuffled() {
        let (folder, queue) = Folder::new("shuffled-after-purge");
        (0..100).for_each(|number| append(&queue, number));
        let mut sealed = begin(&folder.0).next().unwrap().unwrap();
        fs::write(folder.0.join(SEALED_NEW), "left by a worker that was killed").unwrap();
        purge(&folder.0).unwrap();
        assert!(!folder.0.join(SEALED_NEW).exists());
        sealed.shuffle(APP);
        assert!(!sealed.is_there());
        assert!(!folder.0.join(SEALED_NEW).exists());
    }

    #[test]
    fn events_are_delivered_in_the_order_of_their_ids_and_all_else_stays_in_place() {
        let (folder, queue) = Folder::new("shuffle");
        append(&queue, 3);
        queue.append(b"not ours\n").unwrap();
        [1, 4, 0, 2].into_iter().for_each(|number| append(&queue, number));
        let whole = fs::read(folder.0.join(LIVE)).unwrap();
        fs::write(folder.0.join(LIVE), [&whole[..], b"torn"].concat()).unwrap();

        let drain = begin(&folder.0);
        let mut sealed = drain.next().unwrap().unwrap();
        sealed.shuffle(APP);
        let all = sealed.batch(APP, 100).unwrap();
        assert_eq!(numbers(&all.records), [0, 1, 2, 3, 4]);
        assert_eq!(all.foreign, [&b"not ours"[..], b"torn"]);
        let first = sealed.batch(APP, 2).unwrap();
        sealed.done(first.end).unwrap();
        drop((sealed, drain));

        // After a crash, the order is the same, and on disk.
        let drain = begin(&folder.0);
        let mut sealed = drain.next().unwrap().unwrap();
        sealed.shuffle(APP);
        assert_eq!(numbers(&sealed.batch(APP, 100).unwrap().records), [2, 3, 4]);
    }
}
