//! Appends a line to the queue without ever blocking, and handles a live file that is locked or full.
//!
//! If the live file is full, it is rotated. If that fails, or the file is locked, the line goes to a single spill file:
//! one file per process could grow without bounds. If that fails too, the line is lost, and counted.

use std::io::{self, Write};
use std::path::Path;

use super::{DELIVERY_BYTES, DROPPED, LIVE, LIVE_MAX_BYTES, LOCK, LOST, LOST_MAX_BYTES, OLD, SPILL, SPILL_MAX_BYTES};
use crate::event::json;
use crate::sys::append::{AppendFile, Refusal, Rotation};

/// The writing end of the queue.
#[derive(Debug)]
pub(crate) struct Queue {
    live: AppendFile,
}

/// A line was appended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Appended {
    /// With this line, the live file has passed a multiple of [`DELIVERY_BYTES`].
    pub(crate) is_worth_delivering: bool,
}

impl Queue {
    pub(crate) fn in_dir(dir: &Path) -> io::Result<Self> {
        Ok(Queue { live: AppendFile::new(dir, LIVE)? })
    }

    /// The folder.
    #[cfg(feature = "http")]
    pub(crate) fn dir(&self) -> Option<&Path> {
        self.live.dir()
    }

    /// Appends `line`, which ends with a line feed. Async-signal-safe, rotation included.
    pub(crate) fn append(&self, line: &[u8]) -> io::Result<Appended> {
        let appended = match self.append_to_live(line) {
            Err(Refusal::Full) => self.make_room(line).and_then(|()| self.append_to_live(line)),
            appended => appended,
        };
        match appended {
            Ok(size) => {
                let grown = size + line.len() as u64;
                Ok(Appended { is_worth_delivering: size / DELIVERY_BYTES != grown / DELIVERY_BYTES })
            }
            // Held, full, somebody else's, or the disk failed: the other file may do better.
            Err(_) => self.spill(line),
        }
    }

    fn append_to_live(&self, line: &[u8]) -> Result<u64, Refusal> {
        self.live.append(line, LIVE_MAX_BYTES)
    }

    /// Rotates the live file. The lines of the previous old file are dropped, and a row in the new live file counts
    /// them.
    fn make_room(&self, line: &[u8]) -> Result<(), Refusal> {
        let needed = line.len() as u64;
        let rotation = Rotation { lock: LOCK, renamed_to: OLD, needed, max_bytes: LIVE_MAX_BYTES };
        let mut dropped = DroppedLines::default();
        self.live.rotate(rotation, |piece| dropped.see(piece))?;
        if dropped.count() > 0 {
            let mut row = [0; 64];
            let mut rest = row.as_mut_slice();
            for piece in [DROPPED.as_bytes(), json::digits(dropped.count(), &mut [0; json::DIGITS_MAX]), b"}\n"] {
                let _ = rest.write(piece);
            }
            let unused = rest.len();
            let length = row.len() - unused;
            self.append_to_live(row.get(..length).unwrap_or_default())?;
        }
        Ok(())
    }

    fn spill(&self, line: &[u8]) -> io::Result<Appended> {
        match self.live.append_beside(SPILL, line, SPILL_MAX_BYTES) {
            Ok(_) => Ok(Appended::default()),
            Err(refusal) => {
                // If even this fails, the lost line is not counted.
                let _ = self.live.grow_beside(LOST, LOST_MAX_BYTES);
                Err(refusal.into())
            }
        }
    }
}

/// Counts the lines of a dropped file, plus the earlier ones that the row at its head accounts for.
#[derive(Debug)]
struct DroppedLines {
    is_at_start: bool,
    /// The last byte of the previous piece.
    before: u8,
    /// Lines that are not empty.
    lines: u64,
    /// The count in the row at the head, minus one for the row itself.
    earlier: u64,
}

impl Default for DroppedLines {
    fn default() -> Self {
        DroppedLines { is_at_start: true, before: b'\n', lines: 0, earlier: 0 }
    }
}

impl DroppedLines {
    /// The next piece of the file.
    fn see(&mut self, piece: &[u8]) {
        if self.is_at_start {
            self.is_at_start = false;
            self.earlier = dropped_before(piece);
        }
        self.lines +=
            count_line_ends(&[self.before], piece) + count_line_ends(piece, piece.get(1..).unwrap_or_default());
        self.before = piece.last().copied().unwrap_or(self.before);
    }

    fn count(&self) -> u64 {
        self.earlier.saturating_add(self.lines)
    }
}

/// Counts the line feeds in `bytes` that do not follow a line feed. `before[i]` is the byte before `bytes[i]`.
fn count_line_ends(before: &[u8], bytes: &[u8]) -> u64 {
    // Chunks so small that their count fits in a `u8`, which lets the compiler vectorize the loop by bytes.
    const CHUNK_BYTES: usize = 128;
    let pieces = before.chunks(CHUNK_BYTES).zip(bytes.chunks(CHUNK_BYTES));
    let ends = |(before, bytes): (&[u8], &[u8])| {
        before.iter().zip(bytes).map(|(&before, &byte)| u8::from(byte == b'\n' && before != b'\n')).sum::<u8>()
    };
    pieces.map(|piece| u64::from(ends(piece))).sum()
}

/// The count in a row at the head of the file, minus one for the row itself; 0 if there is no such row.
fn dropped_before(head: &[u8]) -> u64 {
    let Some(count) = head.strip_prefix(DROPPED.as_bytes()) else { return 0 };
    let digits = count.iter().take_while(|byte| byte.is_ascii_digit());
    let earlier = digits.fold(0_u64, |sum, digit| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
    earlier.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use std::fs::File;

    use super::*;
    use crate::declare::limits::QUEUE_MAX_BYTES;
    use crate::queue::Contents;
    use crate::queue::testing::{APP, Folder, append, numbers};

    #[test]
    fn a_full_queue_drops_its_older_half_and_says_so() {
        let (folder, queue) = Folder::new("full");
        for total in [3_000, 6_000, 9_000, 12_000] {
            (total - 3_000..total).for_each(|number| append(&queue, number));
            let contents = Contents::read(&folder.0).unwrap();
            let summary = contents.summary(APP);
            assert!(summary.bytes <= QUEUE_MAX_BYTES);
            assert_eq!(summary.events + summary.dropped, u64::from(total));
            let kept = numbers(&contents.records(APP));
            assert!(kept.is_sorted() && kept.last() == Some(&i64::from(total - 1)));
        }
    }

    #[test]
    fn while_nobody_can_rotate_lines_spill_and_then_are_lost() {
        let (folder, queue) = Folder::new("spill");
        let lock = File::create(folder.0.join("drain.lock")).unwrap();
        lock.lock().unwrap();
        let line = [&[b'x'; 999][..], b"\n"].concat();
        let fit = usize::try_from((LIVE_MAX_BYTES + SPILL_MAX_BYTES) / 1_000).unwrap();
        let appended = (0..fit + 10).filter(|_| queue.append(&line).is_ok()).count();
        assert!(appended == fit || appended == fit - 1, "{appended} of {fit}");
        assert_eq!(Contents::read(&folder.0).unwrap().summary(APP).dropped, (fit + 10 - appended) as u64);
    }

    #[test]
    fn lines_that_find_every_file_held_are_counted() {
        let (folder, queue) = Folder::new("held-all");
        let _held = folder.hold_all();
        assert!(queue.append(b"line\n").is_err());
        assert_eq!(Contents::read(&folder.0).unwrap().summary(APP).dropped, 1);
    }

    #[test]
    fn delivery_is_suggested_once_per_64_kib() {
        let (_folder, queue) = Folder::new("delivery-bytes");
        let line = [&[b'x'; 1023][..], b"\n"].concat();
        let marks: Vec<usize> = (1..=200).filter(|_| queue.append(&line).unwrap().is_worth_delivering).collect();
        assert_eq!(marks, [64, 128, 192]);
    }

    #[test]
    fn dropped_lines_add_up() {
        let count = |file: &[u8]| {
            let mut dropped = DroppedLines::default();
            dropped.see(file);
            dropped.count()
        };
        assert_eq!(count(b"{\"v\":2,\"session_id\"}\n{}\n"), 2);
        assert_eq!(count(b"{\"v\":2,\"dropped\":100}\n{}\n"), 101);
        assert_eq!(count(b"{\"v\":2,\"dropped\":99999999999999999999999}\n{}\n"), u64::MAX);
    }

    #[test]
    fn lines_are_counted_across_pieces() {
        const PIECE: usize = 4096;
        for length in [1, 7, 127, 128, 255, PIECE - 1] {
            let line = [&vec![b'x'; length][..], b"\n"].concat();
            let text = [&line.repeat(2 * PIECE / length + 3)[..], b"\n\n", &line, b"torn"].concat();
            let mut dropped = DroppedLines::default();
            text.chunks(PIECE).for_each(|piece| dropped.see(piece));
            let expected = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count() - 1;
            assert_eq!(dropped.count(), expected as u64, "{length}");
        }
    }
}
