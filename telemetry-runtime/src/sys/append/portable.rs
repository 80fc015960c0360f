//! The implementation for platforms other than Unix. Unlike the Unix one, it uses an exclusive lock, since not every
//! file system appends in one step there, and does not notice when the file was only renamed between opening and
//! locking: the line then ends up in the renamed file.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{Refusal, Rotation};
use crate::sys::TryLock;
use crate::sys::files::{create_dir, is_deleted, lock, private, try_lock};
use crate::sys::nap;

/// Why a system call failed.
pub(super) type Error = io::Error;

/// The replaced file is read in pieces of this size.
const PIECE_BYTES: usize = 4096;

/// How often to try to lock the file. Every other process that appends holds the lock for less than a millisecond.
const TRIES: u32 = 50;

/// After this many tries there is a nap before each.
const TRIES_WITHOUT_NAP: u32 = 10;

/// A file of lines.
#[derive(Debug)]
pub(crate) struct AppendFile {
    path: PathBuf,
}

impl AppendFile {
    pub(crate) fn new(dir: &Path, name: &str) -> io::Result<Self> {
        Ok(AppendFile { path: dir.join(name) })
    }

    #[cfg(feature = "http")]
    pub(crate) fn dir(&self) -> Option<&Path> {
        self.path.parent()
    }

    /// Appends `line` unless the file would grow beyond `max_bytes`. Returns the previous size.
    pub(crate) fn append(&self, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
        append(&self.path, line, max_bytes)
    }

    /// Like [`append`](Self::append), to the file `name` in the same folder.
    pub(crate) fn append_beside(&self, name: &str, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
        append(&self.path.with_file_name(name), line, max_bytes)
    }

    /// Renames the file if it has no room. `replaced` receives the contents of the file that this replaces, in pieces.
    pub(crate) fn rotate(&self, rotation: Rotation<'_>, mut replaced: impl FnMut(&[u8])) -> Result<(), Refusal> {
        let dir = self.path.parent().ok_or(ErrorKind::InvalidInput).map_err(io::Error::from)?;
        let _lock = lock(dir, rotation.lock)?.ok_or(Refusal::Held)?;
        if fs::metadata(&self.path)?.len() + rotation.needed <= rotation.max_bytes {
            // Another process was faster.
            return Ok(());
        }
        let old = self.path.with_file_name(rotation.renamed_to);
        if let Ok(mut old) = File::open(&old) {
            let mut buffer = [0; PIECE_BYTES];
            while let Ok(length @ 1..) = old.read(&mut buffer) {
                replaced(buffer.get(..length).unwrap_or_default());
            }
        }
        fs::rename(&self.path, &old)?;
        Ok(())
    }

    /// Grows the file `name` in the same folder by one byte, up to `max_bytes`: a counter that needs no lock.
    pub(crate) fn grow_beside(&self, name: &str, max_bytes: u64) -> Result<(), Refusal> {
        let mut file = open_to_append(&self.path.with_file_name(name))?;
        if file.metadata()?.len() < max_bytes {
            file.write_all(b".")?;
        }
        Ok(())
    }
}

fn append(path: &Path, line: &[u8], max_bytes: u64) -> Result<u64, Refusal> {
    for attempt in 0..TRIES {
        let mut file = open_to_append(path)?;
        if try_lock(&file)? == TryLock::Held {
            if attempt < TRIES_WITHOUT_NAP {
                std::thread::yield_now();
            } else {
                nap();
            }
            continue;
        }
        if is_deleted(&file) {
            continue;
        }
        let size = file.metadata()?.len();
        if size + line.len() as u64 > max_bytes {
            return Err(Refusal::Full);
        }
        if ends_torn(&mut file, size) {
            // Otherwise this line would be lost together with the torn one.
            file.write_all(b"\n")?;
        }
        return match file.write(line)? {
            written if written == line.len() => Ok(size),
            _ => Err(io::Error::from(ErrorKind::WriteZero).into()),
        };
    }
    Err(Refusal::Held)
}

/// Whether the last line was cut short, by a full disk or a crash. Nobody else is writing, because of the lock.
fn ends_torn(file: &mut File, size: u64) -> bool {
    let mut last = [b'\n'];
    size > 0 && file.seek(SeekFrom::End(-1)).is_ok() && file.read_exact(&mut last).is_ok() && last != *b"\n"
}

fn open_to_append(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    private(&mut options);
    let file = match options.open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if let Some(dir) = path.parent() {
                create_dir(dir)?;
            }
            options.open(path)?
        }
        opened => opened?,
    };
    if !file.metadata()?.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    Ok(file)
}
