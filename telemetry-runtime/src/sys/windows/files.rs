//! What files need beyond std.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::os::windows::fs::OpenOptionsExt;
use std::os::windows::io::AsRawHandle;
use std::path::Path;

use windows_sys::Win32::Foundation::{ERROR_IO_PENDING, ERROR_LOCK_VIOLATION};
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ADD_FILE, FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT, FILE_STANDARD_INFO, FileStandardInfo,
    GetFileInformationByHandleEx, LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY, LockFileEx,
};
use windows_sys::Win32::System::IO::OVERLAPPED;

/// The offset of the locked byte, beyond the end of any file: a lock keeps everybody else from reading and writing the
/// bytes that are locked.
const LOCKED_OFFSET_HIGH: u32 = 0x4000_0000;

/// Symbolic links are not followed. Access is restricted by the folder: only the user has access to the profile.
pub(crate) fn private(options: &mut OpenOptions) {
    options.custom_flags(FILE_FLAG_OPEN_REPARSE_POINT);
}

/// Locks the file until it is closed. False if another process holds the lock. (std's `File::try_lock` needs Rust 1.89,
/// and locks all bytes.)
pub(crate) fn try_lock(file: &File) -> io::Result<bool> {
    let mut overlapped = OVERLAPPED::default();
    overlapped.Anonymous.Anonymous.OffsetHigh = LOCKED_OFFSET_HIGH;
    let flags = LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY;
    // SAFETY: the handle is open while `file` is borrowed, and the structure outlives the call, which does not wait.
    if unsafe { LockFileEx(file.as_raw_handle(), flags, 0, 1, 0, &raw mut overlapped) } != 0 {
        return Ok(true);
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error().map(|error| error as u32) {
        Some(ERROR_LOCK_VIOLATION | ERROR_IO_PENDING) => Ok(false),
        _ => Err(error),
    }
}

/// Whether the file was deleted since it was opened.
pub(crate) fn is_deleted(file: &File) -> bool {
    let mut info = FILE_STANDARD_INFO::default();
    let size = u32::try_from(size_of::<FILE_STANDARD_INFO>()).unwrap_or(0);
    // SAFETY: the handle is open while `file` is borrowed, and there is room for the result.
    let known =
        unsafe { GetFileInformationByHandleEx(file.as_raw_handle(), FileStandardInfo, (&raw mut info).cast(), size) };
    known != 0 && (info.DeletePending || info.NumberOfLinks == 0)
}

/// The end of a removed file's name until it is gone.
const REMOVED: &str = ".removed";

/// Removes a file. While another process has it open, some file systems keep it under its name, so it gets another one
/// first.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    let mut removed = path.as_os_str().to_owned();
    removed.push(format!(".{}{REMOVED}", std::process::id()));
    match fs::rename(path, &removed) {
        Ok(()) => fs::remove_file(removed),
        Err(error) if error.kind() == ErrorKind::NotFound => Err(error),
        Err(_) => fs::remove_file(path),
    }
}

/// Whether this is what [`remove`] left behind when it was interrupted.
pub(crate) fn is_leftover(name: &OsStr) -> bool {
    name.as_encoded_bytes().ends_with(REMOVED.as_bytes())
}

/// Whether this process may create files in the folder. Asks the system, since the read-only attribute of a folder
/// means something else.
pub(crate) fn can_write_in(dir: &Path) -> bool {
    let mut options = OpenOptions::new();
    options.access_mode(FILE_ADD_FILE).custom_flags(FILE_FLAG_BACKUP_SEMANTICS);
    options.open(dir).is_ok()
}
