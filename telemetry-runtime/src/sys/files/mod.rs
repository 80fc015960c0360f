//! Small files of our own. Reads never block, and writes replace the whole file.

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

#[cfg(not(unix))]
pub(in crate::sys) use self::system::is_deleted;
pub(in crate::sys) use self::system::private;
#[cfg(feature = "http")]
pub(crate) use self::system::touch;
#[cfg(any(feature = "http", not(unix)))]
pub(crate) use self::system::try_lock;
pub(crate) use self::system::{Removable, is_leftover, metadata, names_in, remove, rename};

/// What is known about a file without opening it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Metadata {
    is_dir: bool,
    pub(crate) size: u64,
    pub(crate) modified: SystemTime,
}

/// Opens a regular file for reading. Symbolic links are not followed and a FIFO does not block: neither is ours.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    private(&mut options);
    let file = options.open(path)?;
    if !file.metadata()?.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    Ok(file)
}

/// Nearly all of our files are smaller, and are read without growing the buffer.
const READ_CAPACITY: usize = 1000;

/// Reads a regular file of at most `max_bytes`.
pub(crate) fn read(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    read_opened(&open(path)?, max_bytes)
}

/// Like [`read`], for an open file whose position is at the start.
pub(crate) fn read_opened(file: &File, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(READ_CAPACITY);
    file.take(max_bytes + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > max_bytes {
        return Err(ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Atomically replaces the file at `path` with one that holds `bytes` and that only the user can access. Creates the
/// folder if needed.
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

/// Whether [`replace`] could put a file at `path`. Changes nothing on disk.
pub(crate) fn can_replace(path: &Path) -> bool {
    let mut above = path.ancestors().skip(1);
    !metadata(path).is_ok_and(|there| there.is_dir)
        && above.find(|dir| metadata(dir).is_ok()).is_some_and(|dir| dir.is_dir() && system::can_write_in(dir))
}

/// Writes a file that only the user can access, and syncs it to disk.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    private(&mut options);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    system::sync(&file)
}

/// Creates a file that only the user can access. Fails if it exists.
pub(crate) fn create_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    private(&mut options);
    options.open(path)
}

/// Opens a file for reading and appending. Creates it, accessible only to the user, if it does not exist.
#[cfg(feature = "http")]
pub(crate) fn open_or_create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).append(true).create(true);
    private(&mut options);
    options.open(path)
}

/// Appends to a file. Fails if it does not exist.
pub(crate) fn append_to_existing(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.append(true);
    private(&mut options);
    options.open(path)?.write_all(bytes)
}

/// The maximum number of missing folders to create: `.local/state/<app>/telemetry`. Above them is the user's home,
/// which is never created: if it is missing, a test has removed it or a service has none. On Windows,
/// `Local/<app>/telemetry` is below the profile's `AppData`.
pub(crate) const MISSING_FOLDERS_MAX: usize = if cfg!(windows) { 3 } else { 4 };

/// Creates the folder and its missing parents, accessible only to the user.
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
