//! By system calls alone: no allocation, no lock of std's, and little stack, since a handler has what is left of the stack of
//! the thread that it interrupts.

#[cfg(feature = "http")]
use std::ffi::OsStr;
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::event::{Timespec, poll};
use rustix::fs::{FileType, FlockOperation, Mode, OFlags, Stat, flock, fstat, lstat, mkdir, open, rename};
use rustix::io::{Errno, pread, write};

use super::{Refusal, Rotation, TRIES};
use crate::sys::files::MISSING_FOLDERS_MAX;

/// The longest path that is put together on the stack. A file with a longer one has no siblings.
const PATH_MAX: usize = 512;

/// How much is read at once of a file that is replaced.
const PIECE: usize = 4096;

/// How often to look again at a last line that does not end. Nearly always another run is just writing it.
const LOOKS: u32 = 4;

/// The time between two looks. Some systems wait for at least a millisecond.
const LOOK_INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000 };

/// A file of lines, named as system calls want it.
#[derive(Debug)]
pub(crate) struct AppendFile {
    path: CString,
}

impl AppendFile {
    pub(crate) fn new(dir: &Path, name: &str) -> io::Result<Self> {
        Ok(AppendFile { path: CString::new(dir.join(name).as_os_str().as_bytes())? })
    }

    #[cfg(feature = "http")]
    pub(crate) fn dir(&self) -> Option<&Path> {
        Path::new(OsStr::from_bytes(self.path.to_bytes())).parent()
    }

    /// Appends `line` unless the file would grow beyond `max_bytes`. Returns the size before.
    pub(crate) fn append(&self, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
        append(&self.path, line, max_bytes)
    }

    /// The same with the file `name` in the same folder.
    pub(crate) fn append_beside(&self, name: &str, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
        let path = Sibling::new(&self.path, name)?;
        append(path.as_c_str()?, line, max_bytes)
    }

    /// Renames the file if it has no room. `replaced` is given the contents of the file that this replaces, piece by piece.
    ///
    /// Those who have opened the file still write to it: their lines then stand in the renamed file.
    pub(crate) fn rotate(&self, rotation: Rotation<'_>, replaced: &mut dyn FnMut(&[u8])) -> Result<(), Refusal> {
        let lock = Sibling::new(&self.path, rotation.lock)?;
        let lock = open_to_append(lock.as_c_str()?)?;
        lock_or_refuse(&lock, FlockOperation::NonBlockingLockExclusive)?;
        if size(&lstat(self.path.as_c_str())?) + rotation.needed <= rotation.max_bytes {
            // Somebody else was first.
            return Ok(());
        }
        let old = Sibling::new(&self.path, rotation.renamed_to)?;
        if let Ok(old) = open(old.as_c_str()?, READ, Mode::empty()) {
            read_pieces(&old, replaced);
        }
        rename(self.path.as_c_str(), old.as_c_str()?)?;
        Ok(())
    }

    /// Makes the file `name` in the same folder one byte longer, up to `max_bytes`: a counter that needs no lock.
    pub(crate) fn grow_beside(&self, name: &str, max_bytes: u64) -> Result<(), Refusal> {
        let path = Sibling::new(&self.path, name)?;
        let file = open_to_append(path.as_c_str()?)?;
        if size(&fstat(&file)?) < max_bytes {
            write(&file, b".")?;
        }
        Ok(())
    }
}

const READ: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK);

/// Nothing here waits: not for a lock, not for a reader of a FIFO that stands in the file's place.
fn append(path: &CStr, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
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
            return append_to(&file, size(&opened), line, max_bytes);
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
fn append_to(file: &OwnedFd, size: u64, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
    if size + line.len() as u64 > max_bytes {
        return Err(Refusal::Full);
    }
    if ends_torn(file, size, wait_between_looks) {
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

fn wait_between_looks() {
    let _ = poll(&mut [], Some(&LOOK_INTERVAL));
}

fn read_pieces(file: &OwnedFd, each: &mut dyn FnMut(&[u8])) {
    let mut buffer = [0; PIECE];
    let mut offset = 0;
    while let Ok(length @ 1..) = pread(file, &mut buffer, offset) {
        each(buffer.get(..length).unwrap_or_default());
        offset += length as u64;
    }
}

/// Creates the folders above `path` that are not there yet, as [`create_dir`](crate::sys::files::create_dir) does, but without
/// allocating. A failure shows when the file is opened.
fn create_parents(path: &CStr) {
    let path = path.to_bytes();
    let mut left = path.iter().filter(|&&byte| byte == b'/').count();
    let mut prefix = [0; PATH_MAX];
    for (index, &byte) in path.iter().enumerate() {
        if byte == b'/' {
            left -= 1;
            if left < MISSING_FOLDERS_MAX && index > 0 {
                let _ = CStr::from_bytes_until_nul(&prefix).map(|folder| mkdir(folder, Mode::RWXU));
            }
        }
        match prefix.get_mut(index) {
            Some(slot) => *slot = byte,
            None => return,
        }
    }
}

/// The path of another file in the same folder, on the stack.
struct Sibling([u8; PATH_MAX]);

impl Sibling {
    fn new(path: &CStr, name: &str) -> Result<Self, Refusal> {
        let path = path.to_bytes();
        let folder = path.iter().rposition(|&byte| byte == b'/').map_or(0, |slash| slash + 1);
        let mut sibling = [0; PATH_MAX];
        let slots = sibling.iter_mut();
        let bytes = path.iter().take(folder).chain(name.as_bytes());
        if folder + name.len() >= PATH_MAX {
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
        let file = AppendFile::new(&home.join(".local/state/app/telemetry"), "file").unwrap();
        assert!(file.append(b"line\n", 100).is_err());
        assert!(!home.exists());
        std::fs::create_dir(&home).unwrap();
        assert!(file.append(b"line\n", 100).is_ok());
        std::fs::remove_dir_all(home).unwrap();
    }
}
