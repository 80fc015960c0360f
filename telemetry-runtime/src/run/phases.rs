//! The times of phases.

use super::has_begun;
use crate::declare::{Phase, TimesPhase};

/// Runs `work`, and adds the time it takes to that of the phase. The clock is not asked in a run that is not recorded.
pub fn time<C: TimesPhase<P>, P: Phase, R>(phase: &P, work: impl FnOnce() -> R) -> R {
    match C::slots().get(phase.position()) {
        Some(slot) if has_begun() => slot.time(work),
        _ => work(),
    }
}
