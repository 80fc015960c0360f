//! Names of files, ready for system calls and without allocation.

use std::ffi::CStr;

use rustix::io::Errno;

/// The name of a file as a C string. The names of the queue's files are shorter.
pub(in crate::sys) struct Name([u8; 32]);

impl Name {
    pub(in crate::sys) fn of(name: &str) -> Self {
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(name.bytes()).for_each(|(slot, byte)| *slot = byte);
        Name(bytes)
    }

    /// Fails if the name is too long.
    pub(in crate::sys) fn as_c_str(&self) -> Result<&CStr, Errno> {
        CStr::from_bytes_until_nul(&self.0).map_err(|_| Errno::NAMETOOLONG)
    }
}
