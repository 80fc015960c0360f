//! The environment variables of a CLI: what each is set to, and what that does at present.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fmt::{self, Write as _};

use crate::consent::Source;
use crate::declare::{App, Variables};
use crate::environment::{
    self, DO_NOT_TRACK, EndpointOverride, OPEN_TELEMETRY_ENDPOINTS, OPEN_TELEMETRY_HEADERS, OPEN_TELEMETRY_SWITCHES,
};
use crate::json::Writer;
use crate::screen::{Style, Wrap, printable};
use crate::{delivery, disclosure};

const NOT_A_YES: &str = "no effect: only 1, true, yes and on have one";
const CANNOT_SEND: &str = "no effect: this build cannot send";
const TURNS_OFF: &str = "turns telemetry off";

/// One variable.
pub(super) struct Variable {
    pub(super) name: &'static str,
    /// `None` if it is not set.
    pub(super) value: Option<String>,
    /// What it does. Nothing if it is not set.
    pub(super) effect: Option<Cow<'static, str>>,
}

impl Variable {
    fn new(name: &'static str, effect: impl FnOnce(&OsStr) -> Cow<'static, str>) -> Self {
        let value = std::env::var_os(name);
        Variable { name, effect: value.as_deref().map(effect), value: value.as_deref().map(printable) }
    }

    /// A variable that holds a secret.
    fn secret(name: &'static str, effect: impl FnOnce(&OsStr) -> Cow<'static, str>) -> Self {
        let variable = Variable::new(name, effect);
        Variable { value: variable.value.map(|_| "(hidden)".to_owned()), ..variable }
    }

    pub(super) fn json(&self, json: &mut Writer) {
        json.open_object();
        json.key("name").text(self.name);
        json.key("value").optional_text(self.value.as_deref());
        json.key("effect").optional_text(self.effect.as_deref());
        json.close_object();
    }
}

/// Writes those that are set, each with its effect, and the names of the others.
pub(super) fn write(all: &[Variable], out: &mut Wrap<'_>) -> fmt::Result {
    out.hang(4);
    out.styled(Style::Bold, &["Variables:"])?;
    out.line(&[])?;
    for Variable { name, value, effect } in all {
        if let (Some(value), Some(effect)) = (value, effect) {
            out.write_str("  ")?;
            out.whole(name);
            out.line(&["=", value, " (", effect, ")"])?;
        }
    }
    let mut separator = "  not set: ";
    for Variable { name, .. } in all.iter().filter(|variable| variable.value.is_none()) {
        out.write_str(separator)?;
        out.whole(name);
        separator = ", ";
    }
    if separator == ", " { out.line(&[]) } else { Ok(()) }
}

/// Every variable of this CLI, and those that identify a CI system if it runs in one. `source` decides whether telemetry
/// is on.
pub(super) fn all(app: &App, source: Source) -> Vec<Variable> {
    let Variables { enabled, endpoint, dry_run, debug, dir } = app.variables;
    let mut all = vec![
        Variable::new(DO_NOT_TRACK, |_| {
            if source == Source::DoNotTrack { TURNS_OFF } else { "no effect: its value says no" }.into()
        }),
        Variable::new(enabled, |value| enabled_effect(app, source, value)),
        Variable::new(endpoint, |_| endpoint_effect(app)),
        Variable::new(dry_run, |_| {
            if cfg!(feature = "http") { switch(dry_run, "nothing is sent") } else { CANNOT_SEND.into() }
        }),
        Variable::new(debug, |_| switch(debug, "reports on stderr what was decided and what failed")),
        Variable::new(dir, |value| {
            if value.is_empty() {
                return "no effect: it is empty".into();
            }
            match environment::queue_dir(app) {
                Ok(_) => "everything is kept in this folder".into(),
                Err(why) => format!("nothing is kept: {why}").into(),
            }
        }),
    ];
    if disclosure::heeds_open_telemetry(app) {
        all.extend(
            OPEN_TELEMETRY_SWITCHES
                .map(|(name, word)| Variable::new(name, |value| switch_effect(app, source, value, word))),
        );
        all.extend(open_telemetry(app));
    }
    all.extend(environment::ci_variables().map(|name| {
        Variable::new(name, |_| if source == Source::Ci { TURNS_OFF.into() } else { overridden(app, source) })
    }));
    all
}

fn overridden(app: &App, by: Source) -> Cow<'static, str> {
    format!("no effect: {} takes precedence", by.describe(app)).into()
}

/// What a variable does that is either on or off.
fn switch(name: &str, effect: &'static str) -> Cow<'static, str> {
    if environment::flag(name) == Some(true) { effect } else { NOT_A_YES }.into()
}

fn enabled_effect(app: &App, source: Source, value: &OsStr) -> Cow<'static, str> {
    if source != Source::Variable {
        overridden(app, source)
    } else if environment::enabled(app) == Some(true) {
        "turns telemetry on".into()
    } else if environment::is_negative(value) {
        TURNS_OFF.into()
    } else {
        format!("{TURNS_OFF}: only 1, true, yes and on turn it on").into()
    }
}

fn endpoint_effect(app: &App) -> Cow<'static, str> {
    match EndpointOverride::read(app) {
        EndpointOverride::Print => "events are printed to stderr and not kept".into(),
        EndpointOverride::Unset | EndpointOverride::Keep => "events are kept and not sent".into(),
        EndpointOverride::Url(_) if !cfg!(feature = "http") => CANNOT_SEND.into(),
        EndpointOverride::Url(_) => url_effect(app),
    }
}

/// What one of OpenTelemetry's switches does, which `word` turns off.
fn switch_effect(app: &App, source: Source, value: &OsStr, word: &str) -> Cow<'static, str> {
    if !value.to_str().is_some_and(|value| value.trim().eq_ignore_ascii_case(word)) {
        format!("no effect: only {word} has one").into()
    } else if source == Source::OpenTelemetry {
        TURNS_OFF.into()
    } else {
        overridden(app, source)
    }
}

/// What the variable does that sets the endpoint.
fn url_effect(app: &App) -> Cow<'static, str> {
    match delivery::destination(app) {
        Ok(_) => "events are sent there".into(),
        Err(problem) => format!("nothing is sent: {problem}").into(),
    }
}

/// OpenTelemetry's standard variables, of which the one for traces takes precedence over the general one.
fn open_telemetry(app: &App) -> impl Iterator<Item = Variable> + '_ {
    let is_overridden = EndpointOverride::read(app) != EndpointOverride::Unset;
    let used = |pair: [&'static str; 2]| pair.into_iter().find(|name| environment::text(name).is_some());
    let [used_endpoint, used_headers] = [used(OPEN_TELEMETRY_ENDPOINTS), used(OPEN_TELEMETRY_HEADERS)];
    let unused = move |name: &str, used: Option<&str>| {
        if is_overridden {
            format!("no effect: the variable {} takes precedence", app.variables.endpoint).into()
        } else if environment::text(name).is_none() {
            "no effect: it is empty or not text".into()
        } else {
            format!("no effect: the variable {} takes precedence", used.unwrap_or_default()).into()
        }
    };
    let endpoints = OPEN_TELEMETRY_ENDPOINTS.into_iter().map(move |name| {
        Variable::new(name, |_| {
            if is_overridden || used_endpoint != Some(name) { unused(name, used_endpoint) } else { url_effect(app) }
        })
    });
    let headers = OPEN_TELEMETRY_HEADERS.into_iter().map(move |name| {
        Variable::secret(name, |_| {
            if is_overridden || used_headers != Some(name) {
                unused(name, used_headers)
            } else if used_endpoint.is_none() {
                "no effect: sent only to an endpoint that such a variable sets".into()
            } else {
                "sent with every delivery".into()
            }
        })
    });
    endpoints.chain(headers)
}
