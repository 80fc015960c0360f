//! The implementation for Unix, as system calls alone: no allocation, no std lock, and little stack, since a signal
//! handler runs on what is left of the interrupted thread's stack.

#[cfg(feature = "http")]
use std::ffi::OsStr;
use std::ffi::{CStr, CString};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use rustix::event::{Timespec, poll};
use rustix::fs::{
    AtFlags, CWD, Dev, FileType, FlockOperation, Mode, OFlags, Stat, flock, fstat, ftruncate, lstat, mkdir, open,
    openat, renameat, stat, statat,
};
use rustix::io::{Errno, pread, write};

use super::{Refusal, Rotation};
use crate::sys::files::{MISSING_FOLDERS_MAX, is_our_folder};
use crate::sys::unix::{Name, has_no_locks, is_ours, lock_in, note_file_too_large};

/// Why a system call failed.
pub(super) type Error = Errno;

/// How often to try to open the file and lock it: another process may rename it in between.
const TRIES: u32 = 3;

/// How often to try to count a lost line, while others count theirs.
const COUNT_TRIES: u32 = 200;

/// The longest path that the kernel takes.
const PATH_MAX: usize = 4096;

/// The replaced file is read in pieces of this size.
const PIECE_BYTES: usize = 4096;

/// How often to check a last line without a line feed before it counts as torn. Usually another run is still writing
/// it.
const TORN_CHECKS: u32 = 4;

/// The time between two checks. Some systems wait for at least a millisecond.
const TORN_CHECK_INTERVAL: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000 };

/// A file of lines. The paths are C strings, ready for system calls.
#[derive(Debug)]
pub(crate) struct AppendFile {
    path: CString,
    /// The folder. Other files in it are reached from there, so that no path is to be built.
    dir: CString,
    /// The root folder. After `chroot` there is another one, in which the same path leads to another place.
    root: (Dev, u64),
    /// The folder was missing. One that was there is not made again: who deletes it during a run does not want it back.
    may_create_dir: bool,
}

impl AppendFile {
    /// Fails if the folder is somebody else's.
    pub(crate) fn new(dir: &Path, name: &str) -> io::Result<Self> {
        let path = [dir.as_os_str().as_bytes(), b"/", name.as_bytes()].concat();
        Ok(AppendFile {
            path: CString::new(path.as_slice())?,
            may_create_dir: !is_our_folder(dir)?,
            dir: CString::new(dir.as_os_str().as_bytes())?,
            root: root()?,
        })
    }

    #[cfg(feature = "http")]
    pub(crate) fn dir(&self) -> Option<&Path> {
        Some(Path::new(OsStr::from_bytes(self.dir.to_bytes())))
    }

    /// Appends `line` unless the file would grow beyond `max_bytes`. Returns the previous size.
    pub(crate) fn append(&self, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
        self.check_root()?;
        match append(CWD, self.path.as_c_str(), line, max_bytes) {
            Err(Refusal::Failed(Errno::NOENT)) if self.may_create_dir => {
                create_parents(&self.path);
                append(CWD, self.path.as_c_str(), line, max_bytes)
            }
            appended => appended,
        }
    }

    /// Like [`append`](Self::append), to the file `name` in the same folder, which must exist.
    pub(crate) fn append_beside(&self, name: &str, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
        append(self.open_dir()?.as_fd(), Name::of(name).as_c_str()?, line, max_bytes)
    }

    /// Renames the file if it has no room. `replaced` receives the contents of the file that this replaces, in pieces.
    ///
    /// Processes that have the file open still write to it: their lines end up in the renamed file.
    pub(crate) fn rotate(&self, rotation: Rotation<'_>, replaced: impl FnMut(&[u8])) -> Result<(), Refusal> {
        let dir = self.open_dir()?;
        let _lock = lock_in(dir.as_fd(), rotation.lock)?.ok_or(Refusal::Held)?;
        if size(&lstat(self.path.as_c_str())?) + rotation.needed <= rotation.max_bytes {
            // Another process was faster.
            return Ok(());
        }
        let old = Name::of(rotation.renamed_to);
        let old = old.as_c_str()?;
        if let Ok(old) = openat(&dir, old, READ, Mode::empty()) {
            read_pieces(&old, replaced);
        }
        renameat(CWD, self.path.as_c_str(), &dir, old)?;
        Ok(())
    }

    /// Grows the file `name` in the same folder by one byte, up to `max_bytes`: a counter. Where the file system has no
    /// locks, two processes that do this at once may count one line for both. Where no file may grow (`RLIMIT_FSIZE`),
    /// nothing can be counted.
    pub(crate) fn grow_beside(&self, name: &str, max_bytes: u64) -> Result<(), Refusal> {
        let (dir, name) = (self.open_dir()?, Name::of(name));
        for _ in 0..COUNT_TRIES {
            match open_locked(dir.as_fd(), name.as_c_str()?, FlockOperation::NonBlockingLockExclusive) {
                // Another process counts. That takes no time.
                Err(Refusal::Held) => wait_between_checks(),
                opened => {
                    let (file, size) = opened?;
                    return if size < max_bytes { grow(&file, size) } else { Ok(()) };
                }
            }
        }
        Err(Refusal::Held)
    }

    /// Fails if the path leads to another place than before.
    fn check_root(&self) -> Result<(), Refusal> {
        if root()? == self.root { Ok(()) } else { Err(Errno::XDEV.into()) }
    }

    // One copy: four callers would have half a kilobyte more.
    #[inline(never)]
    fn open_dir(&self) -> Result<OwnedFd, Refusal> {
        self.check_root()?;
        Ok(open(self.dir.as_c_str(), OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?)
    }
}

/// What identifies this process's root folder.
#[inline(never)]
fn root() -> Result<(Dev, u64), Errno> {
    let root = stat(c"/")?;
    Ok((root.st_dev, root.st_ino))
}

const READ: OFlags = OFlags::RDONLY.union(OFlags::CLOEXEC).union(OFlags::NOFOLLOW).union(OFlags::NONBLOCK);

fn append(dir: BorrowedFd<'_>, name: &CStr, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
    let (file, size) = open_locked(dir, name, FlockOperation::NonBlockingLockShared)?;
    append_to(&file, size, line, max_bytes)
}

/// Opens a file of ours, locks it, and returns its size. Nothing here blocks: neither on a lock, nor on a FIFO in place of
/// the file.
fn open_locked(dir: BorrowedFd<'_>, name: &CStr, lock: FlockOperation) -> Result<(OwnedFd, u64), Refusal> {
    for _ in 0..TRIES {
        let file = open_to_append(dir, name)?;
        match flock(&file, lock) {
            Err(Errno::WOULDBLOCK) => continue,
            // The file system has no locks. An appending write is atomic without one.
            Err(error) if has_no_locks(error) => {}
            locked => locked?,
        }
        let opened = fstat(&file)?;
        if FileType::from_raw_mode(opened.st_mode) != FileType::RegularFile || !is_ours(&opened) {
            return Err(Errno::ACCESS.into());
        }
        if is_still_at(dir, name, &opened) {
            return Ok((file, size(&opened)));
        }
    }
    Err(Refusal::Held)
}

/// Opens the file. Creates it, accessible only to the user, if it does not exist.
fn open_to_append(dir: BorrowedFd<'_>, name: &CStr) -> Result<OwnedFd, Refusal> {
    // Symbolic links are not followed, and a FIFO does not block.
    let flags = OFlags::RDWR | OFlags::APPEND | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    Ok(openat(dir, name, flags, Mode::RUSR | Mode::WUSR)?)
}

/// A write of ours must not end the program, however large the file already is.
fn write_noted(file: &OwnedFd, bytes: &[u8]) -> Result<usize, Errno> {
    write(file, bytes).inspect_err(|&error| {
        if error == Errno::FBIG {
            note_file_too_large();
        }
    })
}

/// Whether the opened file is still the one at `path`. A delivery may have renamed it.
fn is_still_at(dir: BorrowedFd<'_>, name: &CStr, opened: &Stat) -> bool {
    statat(dir, name, AtFlags::SYMLINK_NOFOLLOW)
        .is_ok_and(|named| (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino))
}

fn size(file: &Stat) -> u64 {
    u64::try_from(file.st_size).unwrap_or(0)
}

/// Writes the line in one call, so that the file ends with the whole line or with a torn part of it.
fn append_to(file: &OwnedFd, size: u64, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
    if size + line.len() as u64 > max_bytes {
        return Err(Refusal::Full);
    }
    if ends_torn(file, size, wait_between_checks) {
        // Otherwise this line would be lost together with the torn one.
        write_noted(file, b"\n")?;
    }
    match write_noted(file, line)? {
        written if written == line.len() => Ok(size),
        _ => Err(Errno::NOSPC.into()),
    }
}

/// Whether the last line was cut short, by a full disk or a size limit.
fn ends_torn(file: &OwnedFd, mut size: u64, wait: impl Fn()) -> bool {
    for _ in 0..TORN_CHECKS {
        let mut last = [b'\n'];
        if size == 0 || pread(file, &mut last, size - 1).is_err() || last == *b"\n" {
            return false;
        }
        wait();
        size = fstat(file).map_or(size, |file| self::size(&file));
    }
    true
}

fn wait_between_checks() {
    let _ = poll(&mut [], Some(&TORN_CHECK_INTERVAL));
}

/// Grows a locked file by one byte.
fn grow(file: &OwnedFd, size: u64) -> Result<(), Refusal> {
    match write_noted(file, b".") {
        // A hole takes no room.
        Err(Errno::NOSPC | Errno::DQUOT) => Ok(ftruncate(file, size + 1)?),
        written => Ok(written.map(drop)?),
    }
}

fn read_pieces(file: &OwnedFd, mut each: impl FnMut(&[u8])) {
    let mut buffer = [0; PIECE_BYTES];
    let mut offset = 0;
    while let Ok(length @ 1..) = pread(file, &mut buffer, offset) {
        each(buffer.get(..length).unwrap_or_default());
        offset += length as u64;
    }
}

/// Creates the missing folders above `path`, as [`create_dir`](crate::sys::files::create_dir) does, but without
/// allocating. Errors are ignored: opening the file will fail.
#[cold]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_still_being_written_is_not_torn() {
        let path = std::env::temp_dir().join(format!("telemetry-torn-{}", std::process::id()));
        std::fs::write(&path, "a whole line\nhalf a l").unwrap();
        let file = OwnedFd::from(std::fs::File::options().read(true).append(true).open(&path).unwrap());
        let size = size(&fstat(&file).unwrap());
        assert!(ends_torn(&file, size, || {}));
        assert!(!ends_torn(&file, size, || assert!(write(&file, b"ine\n").is_ok())));
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    fn a_missing_home_is_not_created() {
        let home = std::env::temp_dir().join(format!("telemetry-home-{}", std::process::id()));
        let file = AppendFile::new(&home.join(".local/state/app/telemetry"), "file").unwrap();
        assert!(file.append(b"line\n", 100).is_err());
        assert!(!home.exists());
        std::fs::create_dir(&home).unwrap();
        assert!(file.append(b"line\n", 100).is_ok());
        std::fs::remove_dir_all(home).unwrap();
    }
}
