//! A sorted list without duplicates.

use std::ops::Deref;

/// A set of few items, kept in order. Reads like a slice.
///
/// The lists of a CLI have some hundred entries and are made for one management command. `BTreeSet` and the sorting that
/// fills it add 100 KB to every program that has these commands; this adds next to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sorted<T>(Vec<T>);

impl<T: Ord> Sorted<T> {
    /// Adds `item`, unless it is there.
    pub(crate) fn insert(&mut self, item: T) {
        if let Err(position) = self.0.binary_search(&item) {
            self.0.insert(position, item);
        }
    }
}

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        Sorted(Vec::new())
    }
}

impl<T> Deref for Sorted<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Ord> FromIterator<T> for Sorted<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut sorted = Sorted::default();
        items.into_iter().for_each(|item| sorted.insert(item));
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_in_order_and_there_once() {
        let sorted: Sorted<_> = ["b", "a", "c", "b"].into_iter().collect();
        assert_eq!(*sorted, ["a", "b", "c"]);
    }
}
