//! Names of files, ready for system calls and without allocation.

use std::ffi::CStr;
use std::io::Write;

use rustix::io::Errno;

/// The name of a file as a C string. The names of the queue's files are shorter.
pub(in crate::sys) struct Name([u8; 32]);

impl Name {
    pub(in crate::sys) fn of(name: &str) -> Self {
        Name::joined(name, "", "")
    }

    /// The name in three pieces.
    #[inline(never)]
    pub(in crate::sys) fn joined(start: &str, middle: &str, end: &str) -> Self {
        let mut bytes = [0; 32];
        let mut rest = bytes.as_mut_slice();
        for piece in [start, middle, end] {
            // As much as there is room for.
            let _ = rest.write(piece.as_bytes());
        }
        Name(bytes)
    }

    /// Fails if the name is too long.
    pub(in crate::sys) fn as_c_str(&self) -> Result<&CStr, Errno> {
        CStr::from_bytes_until_nul(&self.0).map_err(|_| Errno::NAMETOOLONG)
    }
}
