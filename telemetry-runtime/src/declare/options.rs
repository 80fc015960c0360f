//! The options that a CLI records, as constants: of each, clap's name and the values that can be recorded.
//!
//! A recorded value is a set of positions in a list of labels that the compiler has seen. So no text that exists only at
//! run time can be recorded, whatever the type of the option.

use clap::ArgMatches;

/// The maximum number of labels of one option: a set of positions is one `u64`.
const LABELS_MAX: usize = 64;

/// A type that has a fixed set of values, each with a name.
///
/// Implemented for `bool`, and by [`#[telemetry_cli]`](crate::telemetry_cli) on enums that derive clap's `ValueEnum`.
#[diagnostic::on_unimplemented(
    message = "the values of `{Self}` cannot be recorded: they are not a fixed set of names",
    label = "not a `bool`, and not a `ValueEnum` with `#[telemetry_cli]`",
    note = "an enum that derives `ValueEnum` takes `#[telemetry_cli]`, above the derive",
    note = "without its value: `#[telemetry(record(given))]` records that the option was given, `record(count(1, 10, 100))` how many values it has, and `record(buckets(1, 10, 100))` the range that a number is in"
)]
pub trait ClosedSet {
    /// The names, each as clap has it.
    #[doc(hidden)]
    const NAMES: &'static [&'static str];

    /// Whether the names are `false` and `true`, and mean these.
    #[doc(hidden)]
    const IS_FLAG: bool = false;

    /// The position of this value's name. `None` for a value that clap never produces.
    #[doc(hidden)]
    fn position(&self) -> Option<usize>;
}

impl ClosedSet for bool {
    const NAMES: &'static [&'static str] = &["false", "true"];
    const IS_FLAG: bool = true;

    fn position(&self) -> Option<usize> {
        Some(usize::from(*self))
    }
}

impl<T: ClosedSet + ?Sized> ClosedSet for Box<T> {
    const NAMES: &'static [&'static str] = T::NAMES;
    const IS_FLAG: bool = T::IS_FLAG;

    fn position(&self) -> Option<usize> {
        T::position(self)
    }
}

/// A number that can be recorded as a range.
#[diagnostic::on_unimplemented(
    message = "`buckets` takes an unsigned integer, not `{Self}`",
    label = "not an unsigned integer",
    note = "for an option of another type, `#[telemetry(record(given))]` records that it was given"
)]
pub trait Countable: Copy {
    /// The number; the largest `u64` if it is larger than that.
    #[doc(hidden)]
    fn count(self) -> u64;
}

macro_rules! countable {
    ($($number:ty)*) => {
        $(impl Countable for $number {
            fn count(self) -> u64 {
                u64::try_from(self).unwrap_or(u64::MAX)
            }
        })*
    };
}

countable!(u8 u16 u32 u64 u128 usize);

macro_rules! countable_non_zero {
    ($($number:ident)*) => {
        $(impl Countable for std::num::$number {
            fn count(self) -> u64 {
                u64::try_from(self.get()).unwrap_or(u64::MAX)
            }
        })*
    };
}

countable_non_zero!(NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU128 NonZeroUsize);

/// Ranges of numbers, each with a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buckets {
    /// The lowest number of each range but the first, which begins at 0.
    bounds: &'static [u64],
    labels: &'static [&'static str],
}

impl Buckets {
    /// `labels` has one entry more than `bounds`.
    pub const fn new(bounds: &'static [u64], labels: &'static [&'static str]) -> Self {
        Buckets { bounds, labels }
    }

    pub const fn labels(self) -> &'static [&'static str] {
        self.labels
    }

    /// The position of the range that `number` is in.
    pub fn position(self, number: u64) -> usize {
        self.bounds.iter().take_while(|bound| **bound <= number).count()
    }
}

/// One option that is recorded.
#[derive(Debug, Clone, Copy)]
pub struct RecordedOption {
    /// clap's id of the argument.
    pub(crate) id: &'static str,
    /// The name in events.
    pub(crate) key: &'static str,
    pub(crate) labels: &'static [&'static str],
    pub(crate) form: Form,
    pub(crate) read: Read,
}

/// How the value of an option is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// `true` or `false`.
    Flag,
    /// One of the labels.
    One,
    /// A list of labels.
    Many,
}

/// How the value of an option becomes a set of labels.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Read {
    /// It does not matter: being given is the one label.
    Given,
    /// By the number of values.
    Count(Buckets),
    /// By a function for the value's type.
    Values(fn(&ArgMatches, &str) -> u64),
    /// By the range that the number is in.
    Number(Buckets, fn(&ArgMatches, &str) -> Option<u64>),
}

impl RecordedOption {
    /// An option of which only whether it was given is recorded.
    pub const fn given(id: &'static str, key: &'static str) -> Self {
        check_key(key);
        RecordedOption { id, key, labels: &["true"], form: Form::Flag, read: Read::Given }
    }

    /// An option of which the number of values is recorded.
    pub const fn count(id: &'static str, key: &'static str, buckets: Buckets) -> Self {
        check_key(key);
        RecordedOption { id, key, labels: buckets.labels, form: Form::One, read: Read::Count(buckets) }
    }

    /// An option with a number of type `T`, which is recorded as a range.
    pub const fn number<T: Countable + Clone + Send + Sync + 'static>(
        id: &'static str,
        key: &'static str,
        buckets: Buckets,
    ) -> Self {
        check_key(key);
        RecordedOption { id, key, labels: buckets.labels, form: Form::One, read: Read::Number(buckets, number::<T>) }
    }

    /// An option with one value, which is recorded.
    pub const fn one<T: ClosedSet + Clone + Send + Sync + 'static>(id: &'static str, key: &'static str) -> Self {
        let form = if T::IS_FLAG { Form::Flag } else { Form::One };
        Self::closed_set::<T>(id, key, form, last::<T>)
    }

    /// An option with several values. Those that occur are recorded.
    pub const fn many<T: ClosedSet + Clone + Send + Sync + 'static>(id: &'static str, key: &'static str) -> Self {
        Self::closed_set::<T>(id, key, Form::Many, all::<T>)
    }

    /// The name in events.
    pub const fn key(&self) -> &'static str {
        self.key
    }

    #[allow(clippy::panic)]
    const fn closed_set<T: ClosedSet>(
        id: &'static str,
        key: &'static str,
        form: Form,
        read: fn(&ArgMatches, &str) -> u64,
    ) -> Self {
        check_key(key);
        assert!(T::NAMES.len() <= LABELS_MAX, "an option with more than 64 possible values cannot be recorded");
        RecordedOption { id, key, labels: T::NAMES, form, read: Read::Values(read) }
    }
}

/// Fails to compile if `key` would need escapes: users see it in their decision's file.
#[allow(clippy::panic)]
const fn check_key(key: &str) {
    let bytes = key.as_bytes();
    let mut position = 0;
    while position < bytes.len() {
        assert!(
            bytes[position] >= b' ' && bytes[position] != b'"' && bytes[position] != b'\\',
            "the name of a recorded option must not contain quotes, backslashes or control characters"
        );
        position += 1;
    }
}

/// The set of values that occur.
fn all<T: ClosedSet + Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> u64 {
    let values = matches.try_get_many::<T>(id).ok().flatten().into_iter().flatten();
    values.filter_map(T::position).fold(0, |set, position| set | (1 << position))
}

/// The last value.
fn last<T: ClosedSet + Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> u64 {
    let value = matches.try_get_many::<T>(id).ok().flatten().and_then(Iterator::last);
    value.and_then(T::position).map_or(0, |position| 1 << position)
}

fn number<T: Countable + Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Option<u64> {
    matches.try_get_many::<T>(id).ok()?.and_then(Iterator::last).map(|number| number.count())
}

/// The options of a type.
#[derive(Debug, Clone, Copy)]
pub enum OptionNode {
    Option(RecordedOption),
    /// Those of a flattened type.
    Flatten(&'static [OptionNode]),
}

impl OptionNode {
    /// Calls `visit` with each of these options.
    pub fn for_each(nodes: &'static [OptionNode], visit: &mut dyn FnMut(&'static RecordedOption)) {
        for node in nodes {
            match node {
                OptionNode::Option(option) => visit(option),
                OptionNode::Flatten(nodes) => Self::for_each(nodes, visit),
            }
        }
    }

    pub(super) const fn has_any(nodes: &[OptionNode]) -> bool {
        let mut position = 0;
        while position < nodes.len() {
            match &nodes[position] {
                OptionNode::Option(_) => return true,
                OptionNode::Flatten(nodes) if Self::has_any(nodes) => return true,
                OptionNode::Flatten(_) => position += 1,
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKETS: Buckets = Buckets::new(&[1, 10, 100], &["0", "1-9", "10-99", "100+"]);

    #[test]
    fn a_number_is_in_one_bucket() {
        for (number, label) in [(0, "0"), (1, "1-9"), (9, "1-9"), (10, "10-99"), (100, "100+"), (u64::MAX, "100+")] {
            assert_eq!(BUCKETS.labels()[BUCKETS.position(number)], label);
        }
        assert_eq!(u128::MAX.count(), u64::MAX);
    }
}
