//! By system calls alone, so that the one implementation serves signal handlers too: no allocation, no lock of std's, and
//! little stack, since a handler has what is left of the thread's that it interrupts.

use std::ffi::{CStr, CString, OsStr};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::event::{Timespec, poll};
use rustix::fs::{FileType, FlockOperation, Mode, OFlags, Stat, flock, fstat, lstat, mkdir, open, rename};
use rustix::io::{Errno, pread, write};

use super::{Refusal, TRIES, count_dropped};
use crate::files::LEVELS;
use crate::queue::{LIVE_MAX, LOCK, LOST, OLD};

/// The longest path of a file that is made up on the stack. Longer ones find no second file.
const PATH_ROOM: usize = 512;

/// How much is read at once of a file whose lines are counted.
const PIECE: usize = 4096;

/// How often to look whether a line that ends too early still does. Another run is just writing it, nearly always.
const LOOKS: u32 = 4;

/// The time between two looks. Some systems wait for a millisecond at least.
const MOMENT: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000 };

/// A file that lines are appended to, named as system calls want it.
#[derive(Debug)]
pub(crate) struct QueueFile {
    path: CString,
}

impl QueueFile {
    pub(crate) fn named(dir: &Path, name: &str) -> io::Result<Self> {
        Ok(QueueFile { path: CString::new(dir.join(name).as_os_str().as_bytes())? })
    }

    pub(super) fn dir(&self) -> Option<&Path> {
        Path::new(OsStr::from_bytes(self.path.to_bytes())).parent()
    }

    /// Appends `line` while the file stays below `cap`. Tells the size before.
    pub(super) fn append_below(&self, line: &[u8], cap: u64) -> Result<u64, Refusal> {
        append(&self.path, line, cap)
    }

    /// The same with the file `name` in the same folder.
    pub(super) fn append_beside(&self, name: &str, line: &[u8], cap: u64) -> Result<u64, Refusal> {
        let path = Sibling::new(&self.path, name)?;
        append(path.as_c_str()?, line, cap)
    }

    /// Moves the file away if it has no room for `line`. Tells how many lines were dropped for that.
    ///
    /// Writers that are about to write to the file that is moved still do: their lines stand in the old file then.
    pub(super) fn rotate(&self, line: &[u8]) -> Result<u64, Refusal> {
        let lock = Sibling::new(&self.path, LOCK)?;
        let lock = open_to_append(lock.as_c_str()?)?;
        lock_or_refuse(&lock, FlockOperation::NonBlockingLockExclusive)?;
        if size(&lstat(self.path.as_c_str())?) + line.len() as u64 <= LIVE_MAX {
            // Somebody else was first.
            return Ok(0);
        }
        let old = Sibling::new(&self.path, OLD)?;
        let dropped = open(old.as_c_str()?, READ, Mode::empty()).map_or(0, |old| count_lines(&old));
        rename(self.path.as_c_str(), old.as_c_str()?)?;
        Ok(dropped)
    }

    /// Makes the file that counts lost lines one byte longer.
    pub(super) fn count_lost(&self, cap: u64) {
        let _ = Sibling::new(&self.path, LOST).and_then(|path| {
            let file = open_to_append(path.as_c_str()?)?;
            if size(&fstat(&file)?) < cap {
                write(&file, b".")?;
            }
            Ok(())
        });
    }
}

const READ: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK);

/// Nothing here waits: not for a lock, not for a reader of a FIFO that stands in the file's place.
fn append(path: &CStr, line: &[u8], cap: u64) -> Result<u64, Refusal> {
    for _ in 0..TRIES {
        let file = open_to_append(path)?;
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Err(Errno::WOULDBLOCK) => continue,
            // The file system has no locks. A write that appends is whole without.
            Err(Errno::NOSYS | Errno::NOLCK | Errno::OPNOTSUPP) => {}
            locked => locked?,
        }
        let opened = fstat(&file)?;
        if FileType::from_raw_mode(opened.st_mode) != FileType::RegularFile {
            return Err(Errno::INVAL.into());
        }
        if names(path, &opened) {
            return append_to(&file, size(&opened), line, cap);
        }
    }
    Err(Refusal::Held)
}

/// Opens the file; creates it, and the folders it stands in, for nobody but the user.
fn open_to_append(path: &CStr) -> Result<OwnedFd, Refusal> {
    // A link that somebody put here is not followed, and a FIFO does not block.
    let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mode = Mode::RUSR | Mode::WUSR;
    match open(path, flags, mode) {
        Err(Errno::NOENT) => {
            create_parents(path);
            Ok(open(path, flags, mode)?)
        }
        opened => Ok(opened?),
    }
}

fn lock_or_refuse(file: &OwnedFd, operation: FlockOperation) -> Result<(), Refusal> {
    match flock(file, operation) {
        Err(Errno::WOULDBLOCK) => Err(Refusal::Held),
        locked => Ok(locked?),
    }
}

/// Is the file that was opened still the one at the path? After a drain has sealed it, it is not.
fn names(path: &CStr, opened: &Stat) -> bool {
    lstat(path).is_ok_and(|named| (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino))
}

fn size(file: &Stat) -> u64 {
    u64::try_from(file.st_size).unwrap_or(0)
}

/// Writes the line in one call, so that it stands in the file whole, or torn at the end.
fn append_to(file: &OwnedFd, size: u64, line: &[u8], cap: u64) -> Result<u64, Refusal> {
    if size + line.len() as u64 > cap {
        return Err(Refusal::Full);
    }
    if ends_torn(file, size, moment) {
        // Or this line would be lost together with the torn one.
        write(file, b"\n")?;
    }
    match write(file, line)? {
        written if written == line.len() => Ok(size),
        _ => Err(Errno::NOSPC.into()),
    }
}

/// Did a full disk or a limit cut the last line short?
fn ends_torn(file: &OwnedFd, mut size: u64, wait: impl Fn()) -> bool {
    for _ in 0..LOOKS {
        let mut last = [b'\n'];
        if size == 0 || pread(file, &mut last, size - 1).is_err() || last == *b"\n" {
            return false;
        }
        wait();
        size = fstat(file).map_or(size, |file| self::size(&file));
    }
    true
}

/// Waits for a moment.
fn moment() {
    let _ = poll(&mut [], Some(&MOMENT));
}

/// Counts the lines that are not empty, and those that a row at the head stands for.
fn count_lines(file: &OwnedFd) -> u64 {
    let mut buffer = [0; PIECE];
    let (mut lines, mut dropped, mut offset) = (0, 0, 0);
    let mut last = b'\n';
    while let Ok(read @ 1..) = pread(file, &mut buffer, offset) {
        let bytes = buffer.get(..read).unwrap_or_default();
        if offset == 0 {
            dropped = count_dropped(1, bytes).saturating_sub(1);
        }
        lines += count_ends(&[last], bytes) + count_ends(bytes, bytes.get(1..).unwrap_or_default());
        last = bytes.last().copied().unwrap_or(last);
        offset += read as u64;
    }
    dropped.saturating_add(lines)
}

/// How many line feeds there are in `bytes` that have no line feed before them; `before` is what stands before each.
fn count_ends(before: &[u8], bytes: &[u8]) -> u64 {
    // So few that their number fits into a byte: the compiler then has the processor look at 16 or 32 of them at once.
    const FEW: usize = 128;
    let pieces = before.chunks(FEW).zip(bytes.chunks(FEW));
    let ends = |(before, bytes): (&[u8], &[u8])| {
        before.iter().zip(bytes).map(|(&before, &byte)| u8::from(byte == b'\n' && before != b'\n')).sum::<u8>()
    };
    pieces.map(|piece| u64::from(ends(piece))).sum()
}

/// Creates the folders above `path` that are not there yet, as [`create_dir`](crate::files::create_dir) does, but on the stack. What fails here shows when the file is opened.
fn create_parents(path: &CStr) {
    let path = path.to_bytes();
    let mut left = path.iter().filter(|&&byte| byte == b'/').count();
    let mut prefix = [0; PATH_ROOM];
    for (index, &byte) in path.iter().enumerate() {
        if byte == b'/' {
            left -= 1;
            if left < LEVELS
                && index > 0
                && let Ok(folder) = CStr::from_bytes_until_nul(&prefix)
            {
                let _ = mkdir(folder, Mode::RWXU);
            }
        }
        match prefix.get_mut(index) {
            Some(slot) => *slot = byte,
            None => return,
        }
    }
}

/// The path of another file in the same folder, on the stack.
struct Sibling([u8; PATH_ROOM]);

impl Sibling {
    fn new(path: &CStr, name: &str) -> Result<Self, Refusal> {
        let path = path.to_bytes();
        let folder = path.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
        let mut sibling = [0; PATH_ROOM];
        let slots = sibling.iter_mut();
        let bytes = path.iter().take(folder).chain(name.as_bytes());
        if folder + name.len() >= PATH_ROOM {
            return Err(Errno::NAMETOOLONG.into());
        }
        slots.zip(bytes).for_each(|(slot, byte)| *slot = *byte);
        Ok(Sibling(sibling))
    }

    fn as_c_str(&self) -> Result<&CStr, Refusal> {
        CStr::from_bytes_until_nul(&self.0).map_err(|_| Errno::NAMETOOLONG.into())
    }
}

impl From<Errno> for Refusal {
    fn from(error: Errno) -> Self {
        Refusal::Failed(error.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_across_pieces() {
        let path = std::env::temp_dir().join(format!("telemetry-lines-{}", std::process::id()));
        for length in [1, 7, 127, 128, 255, PIECE - 1] {
            let line = [&vec![b'x'; length][..], b"\n"].concat();
            let text = [&line.repeat(2 * PIECE / length + 3)[..], b"\n\n", &line, b"torn"].concat();
            std::fs::write(&path, &text).unwrap();
            let expected = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count() - 1;
            assert_eq!(count_lines(&std::fs::File::open(&path).unwrap().into()), expected as u64, "{length}");
        }
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_line_that_is_just_being_written_is_not_torn() {
        let path = std::env::temp_dir().join(format!("telemetry-torn-{}", std::process::id()));
        std::fs::write(&path, "a whole line\nhalf a l").unwrap();
        let file = OwnedFd::from(std::fs::File::options().read(true).append(true).open(&path).unwrap());
        let size = size(&fstat(&file).unwrap());
        assert!(ends_torn(&file, size, || {}));
        assert!(!ends_torn(&file, size, || assert!(write(&file, b"ine\n").is_ok())));
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_home_that_is_not_there_is_not_made() {
        let home = std::env::temp_dir().join(format!("telemetry-home-{}", std::process::id()));
        let file = QueueFile::named(&home.join(".local/state/app/telemetry"), "file").unwrap();
        assert!(file.append_below(b"line\n", 100).is_err());
        assert!(!home.exists());
        std::fs::create_dir(&home).unwrap();
        assert!(file.append_below(b"line\n", 100).is_ok());
        std::fs::remove_dir_all(home).unwrap();
    }
}
