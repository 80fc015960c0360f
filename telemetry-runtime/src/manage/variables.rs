//! The environment variables of a CLI: what each is set to, and what that does at present.

use std::borrow::Cow;
use std::ffi::OsStr;

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
const NOT_ON: &str = "turns telemetry off: only 1, true, yes and on turn it on";

/// One variable.
pub(super) struct Variable {
    pub(super) name: &'static str,
    /// `None` if it is not set.
    pub(super) value: Option<String>,
    /// What it does. Nothing if it is not set.
    pub(super) effect: Cow<'static, str>,
}

impl Variable {
    pub(super) fn json(&self, json: &mut Writer) {
        json.open_object();
        json.key("name").text(self.name);
        json.key("value").optional_text(self.value.as_deref());
        json.key("effect").optional_text(self.value.as_ref().map(|_| &*self.effect));
        json.close_object();
    }
}

/// Writes those that are set, each with its effect, and the names of the others.
pub(super) fn write(all: &[Variable], out: &mut Wrap) {
    out.hang(4);
    out.styled(Style::Bold, &["Variables:"]);
    out.put("\n");
    for Variable { name, value, effect } in all {
        if let Some(value) = value {
            out.put("  ");
            out.whole(name);
            writeln!(out, "={value} ({effect})");
        }
    }
    let mut separator = "  not set: ";
    for Variable { name, value, .. } in all {
        if value.is_none() {
            out.put(separator);
            out.whole(name);
            separator = ", ";
        }
    }
    if separator == ", " {
        out.put("\n");
    }
}

/// Every variable of this CLI, and those that identify a CI system if it runs in one. `source` decides whether telemetry
/// is on.
pub(super) fn all(app: &App, source: Source) -> Vec<Variable> {
    let Variables { enabled, endpoint, dry_run, debug, dir } = app.variables;
    let mut all = All { app, source, variables: Vec::new() };
    all.add(DO_NOT_TRACK, Purpose::DoNotTrack);
    all.add(enabled, Purpose::Enabled);
    all.add(endpoint, Purpose::Endpoint);
    all.add(dry_run, Purpose::DryRun);
    all.add(debug, Purpose::Debug);
    all.add(dir, Purpose::Dir);
    if disclosure::heeds_open_telemetry(app) {
        for (name, word) in OPEN_TELEMETRY_SWITCHES {
            all.add(name, Purpose::OpenTelemetrySwitch(word));
        }
        for name in OPEN_TELEMETRY_ENDPOINTS {
            all.add(name, Purpose::OpenTelemetryEndpoint);
        }
        for name in OPEN_TELEMETRY_HEADERS {
            all.add(name, Purpose::OpenTelemetryHeaders);
        }
    }
    for name in environment::ci_variables() {
        all.add(name, Purpose::Ci);
    }
    all.variables
}

/// What a variable is for.
#[derive(Clone, Copy)]
enum Purpose {
    DoNotTrack,
    Enabled,
    Endpoint,
    DryRun,
    Debug,
    Dir,
    /// With the word that turns telemetry off.
    OpenTelemetrySwitch(&'static str),
    OpenTelemetryEndpoint,
    /// These hold a secret.
    OpenTelemetryHeaders,
    Ci,
}

struct All<'a> {
    app: &'a App,
    source: Source,
    variables: Vec<Variable>,
}

impl All<'_> {
    #[inline(never)]
    fn add(&mut self, name: &'static str, purpose: Purpose) {
        let mut variable = Variable { name, value: None, effect: "".into() };
        if let Some(value) = std::env::var_os(name) {
            let is_secret = matches!(purpose, Purpose::OpenTelemetryHeaders);
            variable.value = Some(if is_secret { "(hidden)".to_owned() } else { printable(&value) });
            variable.effect = self.effect(name, &value, purpose);
        }
        self.variables.push(variable);
    }

    fn effect(&self, name: &str, value: &OsStr, purpose: Purpose) -> Cow<'static, str> {
        match purpose {
            Purpose::DoNotTrack if self.source == Source::DoNotTrack => TURNS_OFF.into(),
            Purpose::DoNotTrack => "no effect: its value says no".into(),
            Purpose::Enabled => self.enabled(value),
            Purpose::Endpoint => self.endpoint(),
            Purpose::DryRun if !cfg!(feature = "http") => CANNOT_SEND.into(),
            Purpose::DryRun => switch(name, "nothing is sent"),
            Purpose::Debug => switch(name, "reports on stderr what was decided and what failed"),
            Purpose::Dir if value.is_empty() => "no effect: it is empty".into(),
            Purpose::Dir => match environment::queue_dir(self.app) {
                Ok(_) => "everything is kept in this folder".into(),
                Err(why) => format!("nothing is kept: {why}").into(),
            },
            Purpose::OpenTelemetrySwitch(word) => self.open_telemetry_switch(value, word),
            Purpose::OpenTelemetryEndpoint => match self.unused(name, OPEN_TELEMETRY_ENDPOINTS) {
                Some(why) => why,
                None => self.url(),
            },
            Purpose::OpenTelemetryHeaders => match self.unused(name, OPEN_TELEMETRY_HEADERS) {
                Some(why) => why,
                None if OPEN_TELEMETRY_ENDPOINTS.iter().all(|name| environment::text(name).is_none()) => {
                    "no effect: sent only to an endpoint that such a variable sets".into()
                }
                None => "sent with every delivery".into(),
            },
            Purpose::Ci if self.source == Source::Ci => TURNS_OFF.into(),
            Purpose::Ci => self.overridden(),
        }
    }

    fn enabled(&self, value: &OsStr) -> Cow<'static, str> {
        if self.source != Source::Variable {
            self.overridden()
        } else if environment::enabled(self.app) == Some(true) {
            "turns telemetry on".into()
        } else if environment::is_negative(value) {
            TURNS_OFF.into()
        } else {
            NOT_ON.into()
        }
    }

    fn endpoint(&self) -> Cow<'static, str> {
        match EndpointOverride::read(self.app) {
            EndpointOverride::Print => "events are printed to stderr and not kept".into(),
            EndpointOverride::Unset | EndpointOverride::Keep => "events are kept and not sent".into(),
            EndpointOverride::Url(_) if !cfg!(feature = "http") => CANNOT_SEND.into(),
            EndpointOverride::Url(_) => self.url(),
        }
    }

    /// What the variable does that sets the endpoint.
    fn url(&self) -> Cow<'static, str> {
        match delivery::destination(self.app) {
            Ok(_) => "events are sent there".into(),
            Err(problem) => format!("nothing is sent: {problem}").into(),
        }
    }

    /// What one of OpenTelemetry's switches does, which `word` turns off.
    fn open_telemetry_switch(&self, value: &OsStr, word: &str) -> Cow<'static, str> {
        if !value.to_str().is_some_and(|value| value.trim().eq_ignore_ascii_case(word)) {
            format!("no effect: only {word} has one").into()
        } else if self.source == Source::OpenTelemetry {
            TURNS_OFF.into()
        } else {
            self.overridden()
        }
    }

    /// Why this one of two of OpenTelemetry's variables is not used, if so. The first one takes precedence.
    fn unused(&self, name: &str, [first, _]: [&str; 2]) -> Option<Cow<'static, str>> {
        let by = if EndpointOverride::read(self.app) != EndpointOverride::Unset {
            self.app.variables.endpoint
        } else if environment::text(name).is_none() {
            return Some("no effect: it is empty or not text".into());
        } else if name != first && environment::text(first).is_some() {
            first
        } else {
            return None;
        };
        Some(format!("no effect: the variable {by} takes precedence").into())
    }

    fn overridden(&self) -> Cow<'static, str> {
        format!("no effect: {} takes precedence", self.source.describe(self.app)).into()
    }
}

/// What a variable does that is either on or off.
fn switch(name: &str, effect: &'static str) -> Cow<'static, str> {
    if environment::flag(name) == Some(true) { effect } else { NOT_A_YES }.into()
}
