//! Small files of our own: read without ever waiting, replaced whole.

#[cfg(unix)]
#[path = "unix.rs"]
mod sys;
#[cfg(not(unix))]
#[path = "portable.rs"]
mod sys;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::time::SystemTime;

pub(crate) use sys::{Removable, look, names_in, remove, rename};
#[cfg(feature = "http")]
pub(crate) use sys::{touch, try_lock};

/// What can be seen of a file without opening it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    is_dir: bool,
    pub(crate) size: u64,
    pub(crate) modified: SystemTime,
}

/// Opens a regular file to read. A link is not followed and a FIFO does not block: neither was put there by us.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    sys::private(&mut options);
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    Ok(file)
}

/// The bytes that nearly all of our files fit in: they are read in one piece.
const USUAL: usize = 1000;

/// Reads a regular file of at most `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    read_opened(&open(path)?, limit)
}

/// The same, of a file that is open at its beginning.
pub(crate) fn read_opened(file: &File, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(USUAL);
    file.take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Puts a file with these bytes at `path`, for nobody but the user: the old one or the new one is there at any moment,
/// never half of it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(dir) = path.parent() {
        create_dir(dir)?;
    }
    let mut new = path.as_os_str().to_owned();
    new.push(format!(".{}", sys::process_id()));
    let new = Path::new(&new);
    let replaced = write_new(new, bytes).and_then(|()| rename(new, path));
    if replaced.is_err() {
        let _ = remove(new);
    }
    replaced
}

/// Could [`replace`] put a file at `path`? Looks, and touches nothing.
pub(crate) fn can_replace(path: &Path) -> bool {
    let mut above = path.ancestors().skip(1);
    !look(path).is_ok_and(|there| there.is_dir)
        && above.find(|dir| look(dir).is_ok()).is_some_and(|dir| dir.is_dir() && sys::can_write_in(dir))
}

/// Writes a file for nobody but the user, and waits until the disk has it.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    sys::private(&mut options);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    sys::sync(&file)
}

/// Creates a file for nobody but the user. An error if there is one.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    sys::private(&mut options);
    options.open(path)
}

/// Opens a file to read and append to, for nobody but the user. Creates it if there is none.
#[cfg(feature = "http")]
pub(crate) fn open_or_create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    sys::private(&mut options);
    options.open(path)
}

/// Appends to a file. An error if there is none.
pub(crate) fn append_to_old(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true);
    sys::private(&mut options);
    options.open(path)?.write_all(bytes)
}

/// How many folders may be missing: `.local/state/<app>/telemetry`. Above them is the user's home, and one that is not there
/// (a test's, that has ended; a service's, that has none) is not made.
pub(crate) const LEVELS: usize = 4;

/// Creates the folder and those above it, for nobody but the user.
pub(crate) fn create_dir(dir: &Path) -> io::Result<()> {
    create_levels(dir, LEVELS)
}

fn create_levels(dir: &Path, levels: usize) -> io::Result<()> {
    match sys::create_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound && levels > 1 => {
            create_levels(dir.parent().ok_or(error)?, levels - 1)?;
            sys::create_dir(dir)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        created => created,
    }
}
