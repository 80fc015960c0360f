//! Work that Ctrl-C would end in an orderly way, for systems where it ends the process at once.

pub(crate) struct Interruptible;

impl Interruptible {
    pub(crate) fn new() -> Self {
        Interruptible
    }

    /// Always false.
    pub(crate) fn is_interrupted(&self) -> bool {
        false
    }

    /// Always false.
    pub(crate) fn end(self) -> bool {
        false
    }
}
