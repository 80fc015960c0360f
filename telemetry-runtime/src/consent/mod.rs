//! Consent: decides whether this run may be recorded, asks the user, and stores the answer.

pub(crate) mod policy;
mod prompt;
mod store;

use std::fmt::{self, Display, Formatter};

pub(crate) use self::prompt::{ask, can_ask};
pub(crate) use self::store::{Answer, Store, Stored};
use crate::declare::{App, ConsentMode};
use crate::{disclosure, environment, sys};

/// Whether this run may be recorded, and who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) on: bool,
    pub(crate) source: Source,
}

/// Who decided, in order of precedence: the first source that applies decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// Feature `off`.
    CompiledOut,
    /// `DO_NOT_TRACK`: nothing overrides it.
    DoNotTrack,
    /// The process is setuid, setgid, or has file capabilities: its environment is another user's.
    Privileged,
    /// `<ENV>_TELEMETRY_ENABLED`.
    Variable,
    /// `OTEL_SDK_DISABLED` or `OTEL_TRACES_EXPORTER`, if the author has set the key `otel_env`.
    OpenTelemetry,
    /// The administrator's policy forbids it.
    Policy,
    /// The run is in a continuous integration system.
    Ci,
    /// The user's stored decision.
    Stored,
    /// The user was shown a notice and has not objected (`consent = "opt-out"`).
    Notice,
    /// The user agreed to less than what is collected now.
    Outdated,
    /// The user was asked but did not answer.
    Unanswered,
    /// Nobody has decided.
    Nobody,
}

impl Decision {
    const fn off(source: Source) -> Self {
        Decision { on: false, source }
    }

    /// Whether the decision is up to the user, who has not made it yet.
    pub(crate) fn is_open(self) -> bool {
        matches!(self.source, Source::Outdated | Source::Unanswered | Source::Nobody)
    }
}

/// Decides, from the strongest source to the weakest. Writes nothing, and reads no file if a variable decides.
pub(crate) fn decide(app: &App) -> Decision {
    if cfg!(feature = "off") {
        return Decision::off(Source::CompiledOut);
    }
    if environment::do_not_track() {
        return Decision::off(Source::DoNotTrack);
    }
    if sys::is_privileged() {
        return Decision::off(Source::Privileged);
    }
    if let Some(on) = environment::enabled(app) {
        return Decision { on, source: Source::Variable };
    }
    if disclosure::heeds_open_telemetry(app) && environment::open_telemetry_is_off() {
        return Decision::off(Source::OpenTelemetry);
    }
    if policy::forbids(app) {
        return Decision::off(Source::Policy);
    }
    if environment::is_ci() {
        return Decision::off(Source::Ci);
    }
    match Store::of(app).ok().and_then(|store| store.load()) {
        Some(stored) => stored_decision(app, stored),
        None => Decision::off(Source::Nobody),
    }
}

fn stored_decision(app: &App, stored: Stored) -> Decision {
    match stored.answer {
        Answer::No => Decision::off(Source::Stored),
        Answer::Yes if stored.covers => Decision { on: true, source: Source::Stored },
        Answer::Told if app.consent == ConsentMode::OptOut && stored.covers => {
            Decision { on: true, source: Source::Notice }
        }
        Answer::Yes => Decision::off(Source::Outdated),
        Answer::Told => Decision::off(Source::Nobody),
        Answer::Unanswered => Decision::off(Source::Unanswered),
    }
}

/// When the user last said no. Nothing that began before is sent, whoever says yes later: a run in progress may have
/// written its event after everything was deleted.
///
/// After a yes, a time in the future does not count: the clock was set back, and nothing would ever be sent again.
#[cfg(feature = "http")]
pub(crate) fn refused_unix_ms(app: &App, now_unix_ms: u64) -> Option<u64> {
    let stored = Store::of(app).ok()?.load()?;
    (stored.answer == Answer::No || stored.refused_unix_ms <= now_unix_ms).then_some(stored.refused_unix_ms)
}

impl Source {
    /// The source, as `status` shows it to the user.
    pub(crate) fn describe(self, app: &App) -> Described<'_> {
        Described { source: self, app }
    }

    /// The source as one word, for scripts.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Source::CompiledOut => "compiled-out",
            Source::DoNotTrack => "do-not-track",
            Source::Privileged => "privileged",
            Source::Variable => "variable",
            Source::OpenTelemetry => "open-telemetry",
            Source::Policy => "policy",
            Source::Ci => "ci",
            Source::Stored => "decision",
            Source::Notice => "notice",
            Source::Outdated => "outdated-decision",
            Source::Unanswered => "unanswered",
            Source::Nobody => "default",
        }
    }
}

/// A source, for people.
pub(crate) struct Described<'a> {
    source: Source,
    app: &'a App,
}

impl Display for Described<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(match self.source {
            Source::CompiledOut => "this build, which has telemetry compiled out",
            Source::DoNotTrack => "the variable DO_NOT_TRACK",
            Source::Privileged => "this process, which has more privileges than the user who started it",
            Source::Variable => return write!(out, "the variable {}", self.app.variables.enabled),
            Source::OpenTelemetry => "OpenTelemetry's variables OTEL_SDK_DISABLED or OTEL_TRACES_EXPORTER",
            Source::Policy => match environment::policy_file(self.app) {
                Some(path) => return write!(out, "the administrator's policy in {}", path.display()),
                None => "the administrator's policy",
            },
            Source::Ci => "the CI system this runs in",
            Source::Stored => "your decision",
            Source::Notice => "the notice you were shown",
            Source::Outdated => "your earlier consent, which does not cover everything collected now",
            Source::Unanswered => "the default, since you have not answered the question",
            Source::Nobody => "the default, since nobody has decided",
        })
    }
}
