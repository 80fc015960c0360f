//! The value of the field `command`: the names of the chosen commands.

use crate::declare::MAX_DEPTH;

/// The names of the chosen commands, outermost first. The list itself is not on the heap, so a signal handler can make
/// one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names<Text>([Option<Text>; MAX_DEPTH]);

impl Names<&'static str> {
    /// From a path through the command tree, which is at most [`MAX_DEPTH`] deep. Behind a pointer, since the compiler
    /// would write out the steps through the tree for each place.
    #[inline(never)]
    pub(super) fn of(path: &mut dyn Iterator<Item = &'static str>) -> Self {
        let mut names = [None; MAX_DEPTH];
        names.iter_mut().zip(path).for_each(|(place, name)| *place = Some(name));
        Names(names)
    }
}

impl Names<String> {
    /// `None` if there are more names than a path can have.
    pub(super) fn new(mut names: impl Iterator<Item = String>) -> Option<Self> {
        let all = Names(std::array::from_fn(|_| names.next()));
        names.next().is_none().then_some(all)
    }
}

impl<Text: AsRef<str>> Names<Text> {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().map(AsRef::as_ref)
    }
}
