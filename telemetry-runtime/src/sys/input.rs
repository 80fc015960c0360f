//! The result of asking the user a question on the terminal. Plain data, the same on every platform.

/// What the user did. Not every platform notices Ctrl-C.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// The line that was typed, possibly with its line feed. `None` if there was none: end of input, or a timeout.
    pub(crate) line: Option<Vec<u8>>,
    /// Ctrl-C was pressed.
    pub(crate) is_interrupted: bool,
}
