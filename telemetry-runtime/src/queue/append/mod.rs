//! Appending one line without ever waiting.
//!
//! The live file is the place for it. Where that is held or full, the line goes to one fixed second file: a file for each
//! process would be a folder without bounds. Where that fails too, the line is lost, and counted.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use super::{DROPPED, ENOUGH, LIVE, LIVE_MAX, LOST_MAX, SPILL_MAX};

#[cfg(unix)]
mod unix;
#[cfg(unix)]
pub(crate) use unix::QueueFile;

#[cfg(not(unix))]
mod portable;
#[cfg(not(unix))]
pub(crate) use portable::QueueFile;

/// How often to look again for the file, when a drain has moved it between opening and locking.
const TRIES: u32 = 3;

/// The end of the queue that runs write to.
#[derive(Debug)]
pub(crate) struct Queue {
    live: QueueFile,
}

/// A line has found its place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(not(feature = "http"), allow(dead_code))]
pub(crate) struct Appended {
    /// With this line, another [`ENOUGH`] bytes have gathered.
    pub(crate) enough: bool,
}

/// Why a file did not take a line.
#[derive(Debug)]
enum Refusal {
    /// Somebody has locked it, or keeps moving it.
    Held,
    /// It has reached its cap.
    Full,
    Failed(io::Error),
}

impl Queue {
    pub(crate) fn in_dir(dir: &Path) -> io::Result<Self> {
        Ok(Queue { live: QueueFile::named(dir, LIVE)? })
    }

    /// The folder.
    #[cfg_attr(not(feature = "http"), allow(dead_code))]
    pub(crate) fn dir(&self) -> Option<&Path> {
        self.live.dir()
    }

    /// Appends `line`, which ends with a line feed. Async-signal-safe, rotation included.
    pub(crate) fn append(&self, line: &[u8]) -> io::Result<Appended> {
        let refusal = match self.append_to_live(line) {
            Err(Refusal::Full) => match self.make_room(line) {
                Ok(()) => self.append_to_live(line),
                Err(refusal) => Err(refusal),
            },
            appended => appended,
        };
        match refusal {
            Err(Refusal::Held | Refusal::Full) => self.spill(line),
            Err(Refusal::Failed(error)) => Err(error),
            Ok(size) => {
                let grown = size + line.len() as u64;
                Ok(Appended { enough: size / ENOUGH != grown / ENOUGH })
            }
        }
    }

    fn append_to_live(&self, line: &[u8]) -> Result<u64, Refusal> {
        self.live.append_below(line, LIVE_MAX)
    }

    /// Makes the live file the old one. What the old one held is gone, so a row in the new live file says how much.
    fn make_room(&self, line: &[u8]) -> Result<(), Refusal> {
        let dropped = self.live.rotate(line)?;
        if dropped > 0 {
            let mut row = [0; 64];
            let mut rest = row.as_mut_slice();
            let _ = writeln!(rest, "{DROPPED}{dropped}}}");
            let unused = rest.len();
            let length = row.len() - unused;
            self.append_to_live(row.get(..length).unwrap_or_default())?;
        }
        Ok(())
    }

    fn spill(&self, line: &[u8]) -> io::Result<Appended> {
        match self.live.append_beside(super::SPILL, line, SPILL_MAX) {
            Ok(_) => Ok(Appended::default()),
            Err(refusal) => {
                self.live.count_lost(LOST_MAX);
                Err(refusal.into())
            }
        }
    }
}

#[cfg(feature = "http")]
impl QueueFile {
    /// Appends a line that was set aside, with its line feed, while there is room.
    pub(super) fn append_rejected(&self, line: &[u8]) -> io::Result<()> {
        self.append_below(&[line, b"\n"].concat(), super::REJECTED_MAX)?;
        Ok(())
    }
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Held => ErrorKind::WouldBlock.into(),
            Refusal::Full => ErrorKind::StorageFull.into(),
            Refusal::Failed(error) => error,
        }
    }
}

/// How many lines are lost with the old file: `lines`, of which the first may be a row that stands for more.
fn count_dropped(lines: u64, head: &[u8]) -> u64 {
    let Some(count) = head.strip_prefix(DROPPED.as_bytes()) else { return lines };
    let digits = count.iter().take_while(|byte| byte.is_ascii_digit());
    let earlier = digits.fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    lines.saturating_sub(1).saturating_add(earlier)
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::queue::testing::{APP, Folder, append, numbers};
    use crate::queue::{MAX_BYTES, read};

    #[test]
    fn a_full_queue_drops_its_older_half_and_says_so() {
        let (folder, queue) = Folder::new("full");
        for total in [3_000, 6_000, 9_000, 12_000] {
            (total - 3_000..total).for_each(|number| append(&queue, number));
            let contents = read(&folder.0, APP).unwrap();
            assert!(contents.summary.bytes <= MAX_BYTES);
            assert_eq!(contents.summary.events + contents.summary.dropped, u64::from(total));
            let kept = numbers(&contents.records);
            assert!(kept.is_sorted() && kept.last() == Some(&i64::from(total - 1)));
        }
    }

    #[test]
    fn while_nobody_can_rotate_lines_spill_and_then_are_lost() {
        let (folder, queue) = Folder::new("spill");
        let lock = File::create(folder.0.join(crate::queue::LOCK)).unwrap();
        lock.lock().unwrap();
        let line = [&[b'x'; 999][..], b"\n"].concat();
        let fit = usize::try_from((LIVE_MAX + SPILL_MAX) / 1_000).unwrap();
        let appended = (0..fit + 10).filter(|_| queue.append(&line).is_ok()).count();
        assert!(appended == fit || appended == fit - 1, "{appended} of {fit}");
        assert_eq!(read(&folder.0, APP).unwrap().summary.dropped, (fit + 10 - appended) as u64);
    }

    #[test]
    fn lines_that_find_every_file_held_are_counted() {
        let (folder, queue) = Folder::new("held-all");
        let _held = folder.hold_all();
        assert!(queue.append(b"line\n").is_err());
        assert_eq!(read(&folder.0, APP).unwrap().summary.dropped, 1);
    }

    #[test]
    fn enough_is_said_once_for_each_mark() {
        let (_folder, queue) = Folder::new("enough");
        let line = [&[b'x'; 1023][..], b"\n"].concat();
        let marks: Vec<usize> = (1..=200).filter(|_| queue.append(&line).unwrap().enough).collect();
        assert_eq!(marks, [64, 128, 192]);
    }

    #[test]
    fn dropped_lines_add_up() {
        assert_eq!(count_dropped(7, b"{\"v\":1,\"session_id\""), 7);
        assert_eq!(count_dropped(7, b"{\"v\":1,\"dropped\":100}\n"), 106);
        assert_eq!(count_dropped(1, b"{\"v\":1,\"dropped\":99999999999999999999999}\n"), u64::MAX);
    }
}
