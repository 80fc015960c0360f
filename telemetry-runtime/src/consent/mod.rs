//! May this run be recorded?

use crate::app::App;
use crate::settings;

/// May this run be recorded, and who says so. The first source that has an opinion decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// `DO_NOT_TRACK`: nothing overrides it.
    DoNotTrack,
    /// `<ENV>_TELEMETRY_ENABLED`.
    Variable(bool),
    /// Nobody has said anything: off.
    Undecided,
}

impl Decision {
    pub(crate) fn is_on(self) -> bool {
        matches!(self, Decision::Variable(true))
    }
}

/// Decides, from the strongest source to the weakest.
pub(crate) fn decide(app: &App) -> Decision {
    if settings::do_not_track() {
        return Decision::DoNotTrack;
    }
    match settings::switch(app.variables.enabled) {
        Some(on) => Decision::Variable(on),
        None => Decision::Undecided,
    }
}
