//! Small files of our own: read without ever waiting, replaced whole.

#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(not(unix))]
#[path = "portable.rs"]
mod system;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::time::SystemTime;

#[cfg(feature = "http")]
pub(crate) use self::system::touch;
#[cfg(any(feature = "http", not(unix)))]
pub(crate) use self::system::try_lock;
pub(crate) use self::system::{Removable, metadata, names_in, remove, rename};

/// What can be seen of a file without opening it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Metadata {
    is_dir: bool,
    pub(crate) size: u64,
    pub(crate) modified: SystemTime,
}

/// Opens a regular file to read. A link is not followed and a FIFO does not block: neither was put there by us.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    system::private(&mut options);
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    Ok(file)
}

/// Nearly all of our files fit, and are read in one piece.
const READ_CAPACITY: usize = 1000;

/// Reads a regular file of at most `max_bytes`.
pub(crate) fn read(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    read_opened(&open(path)?, max_bytes)
}

/// The same, of a file that is open at its beginning.
pub(crate) fn read_opened(file: &File, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(READ_CAPACITY);
    file.take(max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Puts a file with these bytes at `path`, private to the user. At any moment the old or the new one is there, never half of
/// it.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(dir) = path.parent() {
        create_dir(dir)?;
    }
    let mut new = path.as_os_str().to_owned();
    new.push(format!(".{}", system::process_id()));
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
    !metadata(path).is_ok_and(|there| there.is_dir)
        && above.find(|dir| metadata(dir).is_ok()).is_some_and(|dir| dir.is_dir() && system::can_write_in(dir))
}

/// Writes a file, private to the user, and waits until the disk has it.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    system::private(&mut options);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    system::sync(&file)
}

/// Creates a file, private to the user. An error if there is one.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    system::private(&mut options);
    options.open(path)
}

/// Opens a file to read and append to, private to the user. Creates it if there is none.
#[cfg(feature = "http")]
pub(crate) fn open_or_create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    system::private(&mut options);
    options.open(path)
}

/// Appends to a file. An error if there is none.
pub(crate) fn append_to_existing(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true);
    system::private(&mut options);
    options.open(path)?.write_all(bytes)
}

/// How many folders are created at most: `.local/state/<app>/telemetry`. Above them is the user's home, and one that is
/// missing (of a test that has ended, of a service that has none) is not made.
pub(crate) const MISSING_FOLDERS_MAX: usize = 4;

/// Creates the folder and those above it, private to the user.
pub(crate) fn create_dir(dir: &Path) -> io::Result<()> {
    create_missing(dir, MISSING_FOLDERS_MAX)
}

fn create_missing(dir: &Path, at_most: usize) -> io::Result<()> {
    match system::create_dir(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound && at_most > 1 => {
            create_missing(dir.parent().ok_or(error)?, at_most - 1)?;
            system::create_dir(dir)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        created => created,
    }
}
