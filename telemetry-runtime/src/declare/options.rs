//! The options that a CLI records, as constants: of each, clap's name and the values that can be recorded.
//!
//! A recorded value is a set of positions in a list of labels that the compiler has seen. So no text that exists only at
//! run time can be recorded, whatever the type of the option.

use std::marker::PhantomData;

use clap::ArgMatches;

use super::fingerprint::Fingerprint;
use super::labels::{Key, Labels};

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
    const NAMES: Labels;

    /// Whether the names are `false` and `true`, and mean these.
    #[doc(hidden)]
    const IS_FLAG: bool = false;

    /// The position of this value's name. `None` for a value that clap never produces.
    #[doc(hidden)]
    fn position(&self) -> Option<usize>;
}

impl ClosedSet for bool {
    const NAMES: Labels = Labels::new("\u{5}false\u{4}true");
    const IS_FLAG: bool = true;

    fn position(&self) -> Option<usize> {
        Some(usize::from(*self))
    }
}

impl<T: ClosedSet + ?Sized> ClosedSet for Box<T> {
    const NAMES: Labels = T::NAMES;
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
#[derive(Debug, Clone, Copy)]
pub struct Buckets {
    /// The lowest number of each range but the first, which begins at 0.
    bounds: &'static [u64],
    labels: Labels,
}

impl Buckets {
    /// `labels` has one entry more than `bounds`.
    pub const fn new(bounds: &'static [u64], labels: Labels) -> Self {
        Buckets { bounds, labels }
    }
}

/// The position of the range that `number` is in. `bounds` are the lowest numbers of all ranges but the first.
pub fn range_of(number: u64, bounds: &[u64]) -> usize {
    bounds.iter().take_while(|bound| **bound <= number).count()
}

/// One option that is recorded.
#[derive(Debug, Clone, Copy)]
pub struct RecordedOption {
    /// clap's id of the argument.
    pub(crate) id: &'static str,
    /// The name in events.
    pub(crate) key: Key,
    /// The values that can be recorded.
    pub(crate) labels: Labels,
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
    /// Neither does it for a flag without a value, which is `true` if it was given.
    Flag,
    /// By the range that the number of values is in.
    Count(Bounds),
    /// By a function for the value's type.
    Values(fn(&ArgMatches, &str) -> u64),
    /// By the range that the number is in.
    Number(Bounds, fn(&ArgMatches, &str) -> Option<u64>),
}

/// The lowest numbers of all ranges but the first.
type Bounds = &'static [u64];

impl RecordedOption {
    /// An option of which only whether it was given is recorded.
    pub const fn given(id: &'static str, key: Key) -> Self {
        RecordedOption { id, key, labels: Labels::new("\u{4}true"), form: Form::Flag, read: Read::Given }
    }

    /// A flag that takes no value.
    pub const fn flag(id: &'static str, key: Key) -> Self {
        RecordedOption { id, key, labels: bool::NAMES, form: Form::Flag, read: Read::Flag }
    }

    /// An option of which the number of values is recorded.
    pub const fn count(id: &'static str, key: Key, buckets: Buckets) -> Self {
        RecordedOption { id, key, labels: buckets.labels, form: Form::One, read: Read::Count(buckets.bounds) }
    }

    /// An option with a number of type `T`, which is recorded as a range.
    pub const fn number<T: Countable + Clone + Send + Sync + 'static>(
        id: &'static str,
        key: Key,
        buckets: Buckets,
    ) -> Self {
        let read = Read::Number(buckets.bounds, number::<T>);
        RecordedOption { id, key, labels: buckets.labels, form: Form::One, read }
    }

    /// An option with one value, which is recorded.
    pub const fn one<T: ClosedSet + Clone + Send + Sync + 'static>(id: &'static str, key: Key) -> Self {
        let form = if T::IS_FLAG { Form::Flag } else { Form::One };
        RecordedOption { id, key, labels: Checked::<T>::NAMES, form, read: Read::Values(one::<T>) }
    }

    /// An option with several values. Those that occur are recorded.
    pub const fn many<T: ClosedSet + Clone + Send + Sync + 'static>(id: &'static str, key: Key) -> Self {
        RecordedOption { id, key, labels: Checked::<T>::NAMES, form: Form::Many, read: Read::Values(many::<T>) }
    }

    /// Fails to compile if the name would need escapes in JSON.
    #[must_use]
    pub const fn checked(self) -> Self {
        self.key.check("the name of a recorded option must not contain quotes, backslashes or control characters");
        self
    }

    /// The name in events.
    pub fn key(&self) -> &'static str {
        self.key.name()
    }

    /// Of what users agree to: of a number, the ranges are part of it.
    const fn fingerprint(&self) -> Fingerprint {
        let (kind, ranges) = match self.read {
            Read::Values(..) | Read::Flag => (b'v', Labels::NONE),
            Read::Given => (b'g', Labels::NONE),
            Read::Count(_) | Read::Number(..) => (b'r', self.labels),
        };
        Fingerprint::EMPTY.and_byte(kind).and_text(self.key.json()).and_text(ranges.packed())
    }
}

/// The names of a closed set, checked once for all options of its type.
struct Checked<T>(PhantomData<T>);

impl<T: ClosedSet> Checked<T> {
    #[allow(clippy::panic)]
    const NAMES: Labels = {
        assert!(T::NAMES.count() <= LABELS_MAX, "an option with more than 64 possible values cannot be recorded");
        T::NAMES.check()
    };
}

/// The set of values that occur.
fn many<T: ClosedSet + Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> u64 {
    let values = matches.try_get_many::<T>(id).ok().flatten().into_iter().flatten();
    values.filter_map(T::position).fold(0, |set, position| set | (1 << position))
}

/// The value that clap's derive gives to a field.
fn one<T: ClosedSet + Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> u64 {
    let value = matches.try_get_one::<T>(id).ok().flatten();
    value.and_then(T::position).map_or(0, |position| 1 << position)
}

fn number<T: Countable + Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Option<u64> {
    matches.try_get_one::<T>(id).ok().flatten().map(|number| number.count())
}

/// The options of a type that are recorded.
///
/// As code that a run executes for the command that was chosen. A table would hold some pointers for each option, and the
/// dynamic linker would relocate those of all commands at the start of every run.
#[derive(Debug, Clone, Copy)]
pub struct RecordedOptions {
    /// Calls the function with each of them. `None` if there are none.
    each: Option<fn(&mut EachOption<'_>)>,
    pub(super) fingerprint: Fingerprint,
}

/// Is called with each recorded option.
type EachOption<'a> = dyn FnMut(RecordedOption) + 'a;

impl RecordedOptions {
    pub const NONE: Self = RecordedOptions { each: None, fingerprint: Fingerprint::EMPTY };

    /// A type's own options, each [`checked`](RecordedOption::checked), then those of the types that it flattens. `each`
    /// must visit the same ones.
    pub const fn new(
        mut own: &[RecordedOption],
        mut flattened: &[RecordedOptions],
        each: fn(&mut EachOption<'_>),
    ) -> Self {
        let mut options = Self::NONE;
        while let [first, rest @ ..] = own {
            options.each = Some(each);
            options.fingerprint = options.fingerprint.and(first.fingerprint());
            own = rest;
        }
        while let [first, rest @ ..] = flattened {
            if !first.is_empty() {
                options.each = Some(each);
                options.fingerprint = options.fingerprint.and(first.fingerprint);
            }
            flattened = rest;
        }
        options
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.each.is_none()
    }

    /// Calls `each` with each of these options.
    pub fn for_each(self, each: &mut EachOption<'_>) {
        if let Some(visit) = self.each {
            visit(each);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUCKETS: Buckets =
        Buckets::new(&[1, 10, 100], Labels::new("\u{3}\"0\"\u{5}\"1-9\"\u{7}\"10-99\"\u{6}\"100+\""));

    #[test]
    fn a_number_is_in_one_bucket() {
        for (number, label) in [(0, "0"), (1, "1-9"), (9, "1-9"), (10, "10-99"), (100, "100+"), (u64::MAX, "100+")] {
            assert_eq!(BUCKETS.labels.get(range_of(number, BUCKETS.bounds)), Some(label));
        }
        assert_eq!(u128::MAX.count(), u64::MAX);
    }
}
