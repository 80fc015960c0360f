//! May this run be recorded?

mod prompt;
mod store;

pub(crate) use prompt::{ask, can_ask};
pub(crate) use store::{Answer, Store, Stored};

use crate::app::{App, ConsentMode};
use crate::settings;

/// May this run be recorded, and who says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) on: bool,
    pub(crate) source: Source,
}

/// Who has decided. In this order they are asked, and the first with an opinion decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Feature `off`.
    CompiledOut,
    /// `DO_NOT_TRACK`: nothing overrides it.
    DoNotTrack,
    /// `<ENV>_TELEMETRY_ENABLED`.
    Variable,
    /// The administrator's no.
    Policy,
    /// A continuous integration system runs this.
    Ci,
    /// The user, earlier.
    Stored,
    /// The user was told, and has not objected (`consent = "opt-out"`).
    Notice,
    /// The user said yes to less than what is collected now.
    Outdated,
    /// Nobody.
    Nobody,
}

impl Decision {
    const fn off(source: Source) -> Self {
        Decision { on: false, source }
    }

    /// Is it for the user to decide, who has not?
    pub(crate) fn is_open(self) -> bool {
        matches!(self.source, Source::Outdated | Source::Nobody)
    }
}

/// Decides, from the strongest source to the weakest. Writes nothing; what a variable decides reads no file either.
pub(crate) fn decide(app: &App) -> Decision {
    if cfg!(feature = "off") {
        return Decision::off(Source::CompiledOut);
    }
    if settings::do_not_track() {
        return Decision::off(Source::DoNotTrack);
    }
    if let Some(on) = settings::switch(app.variables.enabled) {
        return Decision { on, source: Source::Variable };
    }
    if settings::policy_forbids(app) {
        return Decision::off(Source::Policy);
    }
    if settings::is_ci() {
        return Decision::off(Source::Ci);
    }
    match Store::of(app).and_then(|store| store.load()) {
        Some(stored) => stored_decision(app, &stored),
        None => Decision::off(Source::Nobody),
    }
}

fn stored_decision(app: &App, stored: &Stored) -> Decision {
    match stored.answer {
        Answer::No => Decision::off(Source::Stored),
        Answer::Yes if stored.covers(app) => Decision { on: true, source: Source::Stored },
        Answer::Told if app.consent == ConsentMode::OptOut && stored.covers(app) => {
            Decision { on: true, source: Source::Notice }
        }
        Answer::Yes => Decision::off(Source::Outdated),
        Answer::Told => Decision::off(Source::Nobody),
    }
}
