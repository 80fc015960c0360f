//! Facts and phases: what a program says about a run beyond its command line, as constants and a few atomics.

use std::convert::Infallible;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use super::labels::{Key, Labels};

/// The maximum number of values of a fact: a slot holds a position plus one.
const LABELS_MAX: usize = 254;

/// Something that a program finds out in a run, such as whether a cache was used.
///
/// Derive it: for an enum without fields, whose variants are the possible values, or for a struct around an unsigned
/// integer, of which the range is recorded. List the type in the root's key `facts`, and record a value with the root's
/// function `record`.
///
/// ```
/// use clap::Parser;
/// use telemetry_runtime::{Fact, telemetry_cli};
///
/// #[derive(Fact)]
/// enum Cache {
///     Hit,
///     Miss,
/// }
///
/// #[derive(Fact)]
/// #[fact(buckets(1, 10, 100, 1_000))]
/// struct FilesScanned(u64);
///
/// #[telemetry_cli(facts(Cache, FilesScanned))]
/// #[derive(Parser)]
/// struct Cli {}
///
/// Cli::record(Cache::Hit);
/// Cli::record(FilesScanned(42));
/// ```
///
/// In the event: `"facts":{"cache":"hit","files-scanned":"10-99"}`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a fact",
    label = "`Fact` is not derived",
    note = "derive it: `#[derive(telemetry_runtime::Fact)]`"
)]
pub trait Fact {
    #[doc(hidden)]
    const KEY: Key;

    /// The possible values.
    #[doc(hidden)]
    const LABELS: Labels;

    /// Whether these are the ranges of a number.
    #[doc(hidden)]
    const IS_NUMBER: bool;

    #[doc(hidden)]
    fn position(&self) -> usize;
}

/// A part of a program's work whose time is recorded.
///
/// Derive it for an enum without fields. List the type in the root's key `phases`, and measure with the root's function
/// `time`.
///
/// ```
/// use clap::Parser;
/// use telemetry_runtime::{Phase, telemetry_cli};
///
/// #[derive(Phase)]
/// enum Step {
///     Resolve,
///     Build,
/// }
///
/// #[telemetry_cli(phases(Step))]
/// #[derive(Parser)]
/// struct Cli {}
///
/// let sum = Cli::time(Step::Resolve, || 1 + 1);
/// # assert_eq!(sum, 2);
/// ```
///
/// In the event: `"phases":{"resolve":20311}`, in microseconds. Times of the same phase are added up.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a phase",
    label = "`Phase` is not derived",
    note = "derive it: `#[derive(telemetry_runtime::Phase)]`"
)]
pub trait Phase {
    #[doc(hidden)]
    const NAMES: Labels;

    #[doc(hidden)]
    fn position(&self) -> usize;
}

/// Every root lists it, although it has no values. With a single fact in the list, the compiler would take any other for
/// a wrong type, and not tell that it has to be listed.
impl Fact for Infallible {
    const KEY: Key = Key::new(",\"\":");
    const LABELS: Labels = Labels::NONE;
    const IS_NUMBER: bool = false;

    fn position(&self) -> usize {
        match *self {}
    }
}

/// As for facts.
impl Phase for Infallible {
    const NAMES: Labels = Labels::NONE;

    fn position(&self) -> usize {
        match *self {}
    }
}

/// A root that lists the fact `F`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not list the fact `{F}`",
    label = "not in the key `facts` of `{Self}`",
    note = "users are told of every fact: add it to `#[telemetry_cli(facts({F}))]` on `{Self}`"
)]
pub trait RecordsFact<F: Fact> {
    #[doc(hidden)]
    fn slot() -> &'static FactSlot;
}

/// A root that lists the phases `P`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not list the phases `{P}`",
    label = "not in the key `phases` of `{Self}`",
    note = "users are told of every phase: add it to `#[telemetry_cli(phases({P}))]` on `{Self}`"
)]
pub trait TimesPhase<P: Phase> {
    #[doc(hidden)]
    fn slots() -> &'static [PhaseSlot];
}

/// The last recorded value of a fact. Any thread may write it, and a signal handler may read it.
#[derive(Debug, Default)]
pub struct FactSlot(AtomicU8);

impl FactSlot {
    pub const fn new() -> Self {
        FactSlot(AtomicU8::new(0))
    }

    pub fn record<F: Fact>(&self, fact: &F) {
        const { assert!(F::LABELS.count() <= LABELS_MAX, "a fact has at most 254 values") };
        // Generated code never passes another position. If it did, nothing is better than another name.
        let position = fact.position();
        debug_assert!(position < F::LABELS.count(), "no value at position {position}");
        self.0.store(u8::try_from(position + 1).unwrap_or(0), Ordering::Relaxed);
    }

    /// The position of the value. `None` if there is none.
    pub(crate) fn position(&self) -> Option<usize> {
        self.0.load(Ordering::Relaxed).checked_sub(1).map(usize::from)
    }
}

/// The time spent in a phase.
#[derive(Debug, Default)]
pub struct PhaseSlot(AtomicU64);

impl PhaseSlot {
    pub const fn new() -> Self {
        PhaseSlot(AtomicU64::new(0))
    }

    /// Runs `work`, and adds the time it takes, also if it panics.
    pub fn time<R>(&self, work: impl FnOnce() -> R) -> R {
        let _timer = Timer { slot: self, started: Instant::now() };
        work()
    }

    fn add(&self, time: Duration) {
        // A phase that has run is never zero.
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX).max(1);
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |sum| Some(sum.saturating_add(micros)));
    }

    /// `None` if the phase never ran.
    pub(crate) fn micros(&self) -> Option<u64> {
        Some(self.0.load(Ordering::Relaxed)).filter(|micros| *micros > 0)
    }
}

struct Timer<'a> {
    slot: &'a PhaseSlot,
    started: Instant,
}

impl Drop for Timer<'_> {
    fn drop(&mut self) {
        self.slot.add(self.started.elapsed());
    }
}

/// A fact that a root lists.
#[derive(Debug, Clone, Copy)]
pub struct FactNode {
    pub(crate) key: Key,
    pub(crate) labels: Labels,
    pub(crate) is_number: bool,
    /// A function, because a constant cannot refer to what changes.
    pub(crate) slot: fn() -> &'static FactSlot,
}

impl FactNode {
    pub const fn of<C: RecordsFact<F>, F: Fact>() -> Self {
        F::KEY.check("the name of a fact must not contain quotes, backslashes or control characters");
        FactNode { key: F::KEY, labels: F::LABELS.check(), is_number: F::IS_NUMBER, slot: C::slot }
    }
}

/// The phases of one type that a root lists.
#[derive(Debug, Clone, Copy)]
pub struct PhaseNode {
    pub(crate) names: Labels,
    pub(crate) slots: fn() -> &'static [PhaseSlot],
}

impl PhaseNode {
    pub const fn of<C: TimesPhase<P>, P: Phase>() -> Self {
        PhaseNode { names: P::NAMES.check(), slots: C::slots }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use super::*;

    enum Cache {
        Hit,
        Miss,
    }

    impl Fact for Cache {
        const KEY: Key = Key::new(",\"cache\":");
        const LABELS: Labels = Labels::new("\u{5}\"hit\"\u{6}\"miss\"");
        const IS_NUMBER: bool = false;

        fn position(&self) -> usize {
            match self {
                Cache::Hit => 0,
                Cache::Miss => 1,
            }
        }
    }

    #[test]
    fn the_last_fact_counts() {
        let slot = FactSlot::new();
        assert_eq!(slot.position(), None);
        slot.record(&Cache::Hit);
        slot.record(&Cache::Miss);
        assert_eq!(slot.position(), Some(1));
    }

    #[test]
    fn times_add_up_and_a_panic_does_not_lose_them() {
        let slot = PhaseSlot::new();
        assert_eq!(slot.micros(), None);
        assert_eq!(slot.time(|| 1), 1);
        let first = slot.micros().unwrap();
        let _ = catch_unwind(AssertUnwindSafe(|| slot.time(|| panic!("expected"))));
        assert!(slot.micros().unwrap() > first);
        slot.add(Duration::from_secs(u64::MAX));
        slot.add(Duration::from_secs(u64::MAX));
        assert_eq!(slot.micros(), Some(u64::MAX));
    }
}
