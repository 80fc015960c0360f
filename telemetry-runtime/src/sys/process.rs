//! The identity of a process, for use after it may have ended.

/// A process identity that can be stored. Includes the start time, since process ids are reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) pid: i64,
    /// In the system's unit: clock ticks since boot on Linux. `None` where the system does not say.
    pub(crate) start: Option<u64>,
}
