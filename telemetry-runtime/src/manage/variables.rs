//! The environment variables of a CLI: what each is set to, and what that does at present.

use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};

use crate::consent::Source;
use crate::declare::{App, Variables};
use crate::environment::{
    self, DO_NOT_TRACK, EndpointOverride, OPEN_TELEMETRY_ENDPOINTS, OPEN_TELEMETRY_HEADERS, OPEN_TELEMETRY_SWITCHES,
};
use crate::json::Writer;
use crate::screen::{Style, Wrap, printable};
use crate::{delivery, disclosure};

const CANNOT_SEND: &str = "no effect: this build cannot send";
const TURNS_OFF: &str = "turns telemetry off";

/// One variable.
pub(super) struct Variable {
    name: &'static str,
    /// `None` if it is not set.
    value: Option<String>,
    /// What it does. Empty if it is not set.
    effect: String,
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
        let [(disabled, _), (exporter, _)] = OPEN_TELEMETRY_SWITCHES;
        all.add(disabled, Purpose::OpenTelemetrySwitch);
        all.add(exporter, Purpose::OpenTelemetrySwitch);
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
#[derive(Clone, Copy, PartialEq, Eq)]
enum Purpose {
    DoNotTrack,
    Enabled,
    Endpoint,
    DryRun,
    Debug,
    Dir,
    OpenTelemetrySwitch,
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
        let mut variable = Variable { name, value: None, effect: String::new() };
        if let Some(value) = std::env::var_os(name) {
            let is_secret = purpose == Purpose::OpenTelemetryHeaders;
            variable.value = Some(if is_secret { "(hidden)".to_owned() } else { format!("{}", printable(&value)) });
            let setting = Setting { name, value, purpose, app: self.app, source: self.source };
            variable.effect = format!("{setting}");
        }
        self.variables.push(variable);
    }
}

/// A variable that is set. `Display` says what it does.
struct Setting<'a> {
    name: &'static str,
    value: OsString,
    purpose: Purpose,
    app: &'a App,
    /// What decides whether telemetry is on.
    source: Source,
}

impl Setting<'_> {
    fn is_yes(&self) -> bool {
        environment::flag(self.name) == Some(true)
    }

    /// The word that makes one of OpenTelemetry's switches turn telemetry off.
    fn word(&self) -> &'static str {
        let [(disabled, yes), (_, none)] = OPEN_TELEMETRY_SWITCHES;
        if self.name == disabled { yes } else { none }
    }

    /// What the variable does that sets the endpoint.
    fn url(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match delivery::destination(self.app) {
            Ok(_) => out.write_str("events are sent there"),
            Err(problem) => write!(out, "nothing is sent: {problem}"),
        }
    }

    /// What one of OpenTelemetry's two variables for the same thing does. The first one takes precedence.
    fn one_of_two(&self, [first, _]: [&'static str; 2], out: &mut Formatter<'_>) -> fmt::Result {
        let Setting { name, purpose, app, .. } = *self;
        let by = if EndpointOverride::read(app) != EndpointOverride::Unset {
            app.variables.endpoint
        } else if environment::text(name).is_none() {
            return out.write_str("no effect: it is empty or not text");
        } else if name != first && environment::text(first).is_some() {
            first
        } else if purpose == Purpose::OpenTelemetryEndpoint {
            return self.url(out);
        } else if OPEN_TELEMETRY_ENDPOINTS.iter().all(|name| environment::text(name).is_none()) {
            return out.write_str("no effect: sent only to an endpoint that such a variable sets");
        } else {
            return out.write_str("sent with every delivery");
        };
        write!(out, "no effect: the variable {by} takes precedence")
    }
}

impl Display for Setting<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Setting { value, app, source, .. } = self;
        out.write_str(match self.purpose {
            Purpose::DoNotTrack if *source == Source::DoNotTrack => TURNS_OFF,
            Purpose::DoNotTrack => "no effect: its value says no",
            Purpose::Enabled if *source == Source::Variable => match environment::enabled(app) {
                Some(true) => "turns telemetry on",
                _ if environment::is_negative(value) => TURNS_OFF,
                _ => "turns telemetry off: only 1, true, yes and on turn it on",
            },
            Purpose::Endpoint => match EndpointOverride::read(app) {
                EndpointOverride::Print => "events are printed to stderr and not kept",
                EndpointOverride::Unset | EndpointOverride::Keep => "events are kept and not sent",
                EndpointOverride::Url(_) if !cfg!(feature = "http") => CANNOT_SEND,
                EndpointOverride::Url(_) => return self.url(out),
            },
            Purpose::DryRun if !cfg!(feature = "http") => CANNOT_SEND,
            Purpose::DryRun if self.is_yes() => "nothing is sent",
            Purpose::Debug if self.is_yes() => "reports on stderr what was decided and what failed",
            Purpose::DryRun | Purpose::Debug => "no effect: only 1, true, yes and on have one",
            Purpose::Dir if value.is_empty() => "no effect: it is empty",
            Purpose::Dir => match environment::queue_dir(app) {
                Ok(_) => "everything is kept in this folder",
                Err(why) => return write!(out, "nothing is kept: {why}"),
            },
            Purpose::OpenTelemetrySwitch if !environment::is_word(value, self.word()) => {
                return write!(out, "no effect: only {} has one", self.word());
            }
            Purpose::OpenTelemetrySwitch if *source == Source::OpenTelemetry => TURNS_OFF,
            Purpose::OpenTelemetryEndpoint => return self.one_of_two(OPEN_TELEMETRY_ENDPOINTS, out),
            Purpose::OpenTelemetryHeaders => return self.one_of_two(OPEN_TELEMETRY_HEADERS, out),
            Purpose::Ci if *source == Source::Ci => TURNS_OFF,
            Purpose::Enabled | Purpose::OpenTelemetrySwitch | Purpose::Ci => {
                return write!(out, "no effect: {} takes precedence", source.describe(app));
            }
        })
    }
}
