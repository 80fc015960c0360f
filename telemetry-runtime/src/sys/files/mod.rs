//! Small files of our own. Reads never block, and writes replace the whole file.

#[cfg(unix)]
#[path = "unix.rs"]
mod system;
#[cfg(not(unix))]
#[path = "portable.rs"]
mod system;

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::sys::{block_signals, failure, note_file_too_large};

#[cfg(not(unix))]
pub(in crate::sys) use self::system::is_deleted;
pub(crate) use self::system::is_leftover;
pub(in crate::sys) use self::system::private;

#[cfg(feature = "http")]
pub(crate) use self::system::touch;
pub(crate) use self::system::{Removable, metadata, metadata_following, names_in, remove, rename};
#[cfg(any(feature = "http", not(unix)))]
pub(crate) use self::system::{lock, try_lock};

/// What is known about a file or folder.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Metadata {
    pub(crate) is_dir: bool,
    pub(crate) is_file: bool,
    /// It belongs to the user, and others may not write to it.
    pub(crate) is_ours: bool,
    pub(crate) size: u64,
    modified_since_epoch: Duration,
}

impl Metadata {
    pub(crate) fn modified(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + self.modified_since_epoch
    }
}

/// The error for a file or folder of somebody else.
pub(crate) fn foreign() -> io::Error {
    failure(ErrorKind::PermissionDenied, "it belongs to another user, or others may write to it")
}

/// Opens a file of ours for reading. Symbolic links are not followed and a FIFO does not block: neither is ours.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    open_ours(OpenOptions::new().read(true), path)
}

/// Like [`open`], for a file to be locked: over NFS, an exclusive lock needs a file that is open for writing.
#[cfg(feature = "http")]
pub(crate) fn open_to_lock(path: &Path) -> io::Result<File> {
    open_ours(OpenOptions::new().read(true).write(true), path)
}

fn open_ours(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    private(options);
    let file = options.open(path)?;
    let opened = system::metadata_of(&file)?;
    match opened {
        Metadata { is_file: false, .. } => Err(ErrorKind::InvalidInput.into()),
        Metadata { is_ours: false, .. } => Err(foreign()),
        _ => Ok(file),
    }
}

/// A file that may be somebody else's.
#[derive(Debug)]
pub(crate) struct Anyones {
    pub(crate) bytes: Vec<u8>,
    pub(crate) is_ours: bool,
}

/// Reads a regular file of at most `max_bytes`, whoever owns it. Symbolic links are followed: a user's settings may be
/// kept elsewhere, and an administrator's too.
pub(crate) fn read_anyones(path: &Path, max_bytes: u64) -> io::Result<Anyones> {
    let mut options = OpenOptions::new();
    options.read(true);
    private(&mut options);
    let file = match options.open(path) {
        Err(error) if system::is_link(&error) => {
            system::follow_links(&mut options);
            // A link to nowhere is not a missing file: somebody put it there.
            options.open(path).map_err(|_| ErrorKind::InvalidInput)?
        }
        opened => opened?,
    };
    let opened = system::metadata_of(&file)?;
    if !opened.is_file {
        return Err(ErrorKind::InvalidInput.into());
    }
    Ok(Anyones { bytes: read_opened(&file, max_bytes)?, is_ours: opened.is_ours })
}

/// Whether the folder exists. An error if it is somebody else's, or no folder.
pub(crate) fn is_our_folder(dir: &Path) -> io::Result<bool> {
    match metadata_following(dir) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
        Ok(Metadata { is_dir: false, .. }) => Err(ErrorKind::NotADirectory.into()),
        Ok(Metadata { is_ours: false, .. }) => Err(foreign()),
        Ok(_) => Ok(true),
    }
}

/// Files are read in pieces of this size. All but the queue's fit into one.
const USUAL_BYTES: usize = 1000;

/// Reads a regular file of at most `max_bytes`.
pub(crate) fn read(path: &Path, max_bytes: u64) -> io::Result<Vec<u8>> {
    read_opened(&open(path)?, max_bytes)
}

/// Like [`read`], for an open file whose position is at the start. `read_to_end` would be four times the code.
pub(crate) fn read_opened(mut file: &File, max_bytes: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; USUAL_BYTES];
    let mut length = 0;
    loop {
        match file.read(bytes.get_mut(length..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
        if length as u64 > max_bytes {
            return Err(ErrorKind::FileTooLarge.into());
        }
        if length == bytes.len() {
            bytes.resize(2 * length, 0);
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// Atomically replaces the file at `path` with one that holds `bytes` and that only the user can access. Creates the
/// folder if needed. If there is a symbolic link at `path`, the file that it leads to is replaced.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let target = target_of(path);
    let path = target.as_deref().unwrap_or(path);
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

/// Where a symbolic link at `path` leads to. `None` if it leads nowhere, or is none.
fn target_of(path: &Path) -> Option<PathBuf> {
    let is_link = metadata(path).is_ok_and(|there| !there.is_file && !there.is_dir);
    if is_link { path.canonicalize().ok() } else { None }
}

/// Whether [`replace`] could put a file at `path`. Changes nothing on disk.
pub(crate) fn can_replace(path: &Path) -> bool {
    let target = target_of(path);
    let path = target.as_deref().unwrap_or(path);
    let mut above = path.ancestors().skip(1);
    !metadata(path).is_ok_and(|there| there.is_dir)
        && above
            .find(|dir| metadata(dir).is_ok())
            .is_some_and(|dir| metadata_following(dir).is_ok_and(|dir| dir.is_dir) && system::can_write_in(dir))
}

/// Writes a file that only the user can access, and syncs it to disk.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    private(&mut options);
    let mut file = options.open(path)?;
    write_guarded(&mut file, bytes)?;
    system::sync(&file)
}

/// Writes without the program ending because of the file size limit.
fn write_guarded(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let _blocked = block_signals();
    file.write_all(bytes).inspect_err(|error| {
        if error.kind() == ErrorKind::FileTooLarge {
            note_file_too_large();
        }
    })
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
    open_ours(options.read(true).append(true).create(true), path)
}

/// Appends to a file. Fails if it does not exist.
pub(crate) fn append_to_existing(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_guarded(&mut open_ours(OpenOptions::new().append(true), path)?, bytes)
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
