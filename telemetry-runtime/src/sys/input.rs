//! What a user does at a question.

/// What the user did. All systems have the same, but not all see Ctrl-C.
#[derive(Debug, Default)]
pub(crate) struct Input {
    /// The line that was typed, without its line feed. `None` if there was none: the input ended, or time was up.
    pub(crate) line: Option<Vec<u8>>,
    /// Ctrl-C was pressed.
    pub(crate) is_interrupted: bool,
}
