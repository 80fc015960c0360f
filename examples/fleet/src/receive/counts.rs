//! What one request held that is not kept.

/// How much of a request was left out, and why.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Spans and events that are no run of a program with telemetry-runtime, or of a program that is not expected here.
    pub foreign: u64,
    /// Runs without what every run has.
    pub malformed: u64,
    /// Attributes and parameters that are not part of the event.
    pub attributes: u64,
}
