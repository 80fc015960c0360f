//! What the systems say about locks.

/// The names of the files that make a lock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LockNames {
    /// The file that the kernel locks.
    pub(crate) file: &'static str,
    /// The file that stands for the lock where the file system has none.
    pub(crate) stand_in: &'static str,
}

/// What came of locking a file that others share.
#[cfg(feature = "http")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TryLock {
    Locked,
    /// Another process holds a lock.
    Held,
    /// The file system has no locks.
    Unsupported,
}
