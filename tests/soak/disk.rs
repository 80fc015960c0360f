//! Small disks.

use std::ffi::CString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::ptr::null;

/// Room for some dozens of events beside the other files.
const OPTIONS: &std::ffi::CStr = c"size=128k,mode=0700";

/// Gives this process mounts of its own. Fails where that is not permitted. There must be no other thread.
pub(crate) fn own_mounts() -> io::Result<()> {
    // SAFETY: these touch no memory.
    let (uid, gid) = unsafe { (libc::getuid(), libc::getgid()) };
    if unshare(libc::CLONE_NEWNS).is_err() {
        unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNS)?;
        fs::write("/proc/self/setgroups", "deny")?;
        fs::write("/proc/self/uid_map", format!("{uid} {uid} 1"))?;
        fs::write("/proc/self/gid_map", format!("{gid} {gid} 1"))?;
    }
    mount(c"none", Path::new("/"), null(), libc::MS_REC | libc::MS_PRIVATE, null())
}

fn unshare(flags: i32) -> io::Result<()> {
    // SAFETY: touches no memory.
    if unsafe { libc::unshare(flags) } == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn mount(
    source: &std::ffi::CStr,
    target: &Path,
    kind: *const libc::c_char,
    flags: libc::c_ulong,
    options: *const libc::c_char,
) -> io::Result<()> {
    let target = CString::new(target.as_os_str().as_bytes())?;
    // SAFETY: all are C strings, or null.
    let mounted = unsafe { libc::mount(source.as_ptr(), target.as_ptr(), kind, flags, options.cast()) };
    if mounted == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// A small disk of its own in place of a folder.
#[derive(Debug)]
pub(crate) struct Disk(PathBuf);

impl Disk {
    pub(crate) fn new(folder: &Path) -> io::Result<Self> {
        fs::create_dir(folder)?;
        mount(c"none", folder, c"tmpfs".as_ptr(), 0, OPTIONS.as_ptr())?;
        Ok(Disk(folder.to_owned()))
    }

    /// Fills it to the last byte.
    pub(crate) fn fill(&self) {
        if let Ok(mut file) = File::options().create(true).append(true).open(self.0.join(FILL)) {
            while file.write_all(&[0; 512]).is_ok() {}
        }
    }

    /// Makes room again.
    pub(crate) fn clear(&self) {
        let _ = fs::remove_file(self.0.join(FILL));
    }
}

/// What fills a disk.
const FILL: &str = "fill";

impl Drop for Disk {
    fn drop(&mut self) {
        if let Ok(path) = CString::new(self.0.as_os_str().as_bytes()) {
            // SAFETY: the path is a C string.
            unsafe { libc::umount2(path.as_ptr(), libc::MNT_DETACH) };
        }
    }
}
