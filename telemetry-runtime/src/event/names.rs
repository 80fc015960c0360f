//! The value of the field `command`: the names of the chosen commands.

use crate::declare::{CommandNode, CommandPath, MAX_DEPTH};

/// The names of the chosen commands, outermost first. Not on the heap, so a signal handler can make it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names([Option<&'static str>; MAX_DEPTH]);

impl Names {
    /// Those on a path through `commands`, which is at most [`MAX_DEPTH`] deep. Not inlined: the compiler would unroll the
    /// steps through the tree in every caller.
    #[inline(never)]
    pub(super) fn of(path: CommandPath, commands: &'static [CommandNode]) -> Self {
        let mut names = [None; MAX_DEPTH];
        let mut places = names.iter_mut();
        for name in path.names(commands) {
            if let Some(place) = places.next() {
                *place = Some(name);
            }
        }
        Names(names)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().copied().flatten()
    }
}
