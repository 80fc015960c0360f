//! The value of the field `command`: the names of the chosen commands.

use crate::declare::MAX_DEPTH;

/// The names of the chosen commands, outermost first. Not on the heap, so a signal handler can make it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names([Option<&'static str>; MAX_DEPTH]);

impl Names {
    /// From a path through the command tree, which is at most [`MAX_DEPTH`] deep. Behind a pointer, since the compiler
    /// would write out the steps through the tree for each place.
    #[inline(never)]
    pub(super) fn of(path: &mut dyn Iterator<Item = &'static str>) -> Self {
        let mut names = [None; MAX_DEPTH];
        names.iter_mut().zip(path).for_each(|(place, name)| *place = Some(name));
        Names(names)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied().flatten()
    }
}
