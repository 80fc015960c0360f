//! What the systems say about locks.

/// The names of the files that make a lock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LockNames {
    /// The file that the system locks.
    pub(super) file: &'static str,
    /// The file that stands for the lock where the file system has none.
    #[cfg(unix)]
    pub(super) stand_in: &'static str,
}

impl LockNames {
    #[cfg_attr(not(unix), allow(unused_variables))]
    pub(crate) const fn new(file: &'static str, stand_in: &'static str) -> Self {
        LockNames {
            file,
            #[cfg(unix)]
            stand_in,
        }
    }
}

/// What came of locking a file that others share.
#[cfg(any(feature = "http", not(unix)))]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TryLock {
    Locked,
    /// Another process holds a lock.
    Held,
    /// The file system has no locks.
    #[cfg(unix)]
    Unsupported,
}

#[cfg(feature = "http")]
impl TryLock {
    /// Whether the file system has no locks.
    pub(crate) fn is_unsupported(self) -> bool {
        !matches!(self, TryLock::Locked | TryLock::Held)
    }
}
