//! Environment variables: the only place that reads the ones that configure telemetry. (`sys::folders` reads the
//! variables that name system folders.)
//!
//! Every run pays for each read, so a variable is read only when its value matters and then passed on.

use std::ffi::{OsStr, OsString};
#[cfg(feature = "http")]
use std::path::Path;
use std::path::PathBuf;

#[cfg(feature = "http")]
use crate::declare::Variables;
use crate::declare::context::CI_VENDORS;
use crate::declare::{App, Labels, packed, packed_len};
use crate::sys;
use crate::sys::folders::{self, NoFolder, below};

/// What the environment says about a recorded run. Read once, when the run begins.
#[derive(Debug)]
pub(crate) struct Environment {
    pub(crate) endpoint: EndpointOverride,
    /// `<ENV>_TELEMETRY_DEBUG`: report decisions and failures on stderr.
    pub(crate) debug: bool,
}

impl Environment {
    pub(crate) fn read(app: &App) -> Self {
        Environment { endpoint: EndpointOverride::read(app), debug: is_debug(app) }
    }
}

/// `<ENV>_TELEMETRY_ENDPOINT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EndpointOverride {
    /// Not set: the author's endpoint applies.
    Unset,
    /// Set but empty: events are kept and never sent.
    Keep,
    /// `stdout`: each event is printed at once and not kept.
    Print,
    /// Anything else: events are sent there instead, if it is a valid endpoint.
    Url(OsString),
}

impl EndpointOverride {
    pub(crate) fn read(app: &App) -> Self {
        match std::env::var_os(app.variables.endpoint) {
            None => EndpointOverride::Unset,
            Some(value) => match value.to_str().map(str::trim) {
                Some("") => EndpointOverride::Keep,
                Some("stdout") => EndpointOverride::Print,
                _ => EndpointOverride::Url(value),
            },
        }
    }
}

/// A variable's value; `None` when it is unset or empty.
fn non_empty(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// `None` when the variable is unset. Otherwise true for `1`, `true`, `yes` and `on`, ignoring case, and false for
/// anything else.
pub(crate) fn flag(name: &str) -> Option<bool> {
    let value = std::env::var_os(name)?;
    Some(value.to_str().is_some_and(|value| is_yes(value.trim())))
}

/// `<ENV>_TELEMETRY_ENABLED`.
pub(crate) fn enabled(app: &App) -> Option<bool> {
    flag(app.variables.enabled)
}

/// `<ENV>_TELEMETRY_DEBUG`.
pub(crate) fn is_debug(app: &App) -> bool {
    flag(app.variables.debug) == Some(true)
}

/// `COMPLETE`: a shell is asking for completions (clap_complete's `CompleteEnv`).
pub(crate) fn is_completion() -> bool {
    non_empty("COMPLETE").is_some()
}

/// Turns telemetry off, whatever else is set. See <https://donottrack.sh>.
pub(crate) const DO_NOT_TRACK: &str = "DO_NOT_TRACK";

/// `<ENV>_TELEMETRY_DRY_RUN`: do everything except send.
#[cfg(feature = "http")]
pub(crate) fn is_dry_run(app: &App) -> bool {
    flag(app.variables.dry_run) == Some(true)
}

/// [`DO_NOT_TRACK`]: any value except a clear "no" turns telemetry off, including one that is not valid UTF-8.
pub(crate) fn do_not_track() -> bool {
    non_empty(DO_NOT_TRACK).is_some_and(|value| !is_negative(&value))
}

/// Whether a value is empty or clearly says no.
pub(crate) fn is_negative(value: &OsStr) -> bool {
    value.to_str().is_some_and(|value| {
        let value = value.trim();
        value.is_empty() || is_no(value)
    })
}

// The words are in no array: the dynamic linker would relocate its pointers at the start of every run, recorded or not.

fn is_yes(value: &str) -> bool {
    let is = |word: &str| value.eq_ignore_ascii_case(word);
    is("1") || is("true") || is("yes") || is("on")
}

fn is_no(value: &str) -> bool {
    let is = |word: &str| value.eq_ignore_ascii_case(word);
    is("0") || is("false") || is("no") || is("off")
}

/// Variables that identify a continuous integration system that may not set `CI`: all others in the list of vendors, of which
/// `CI` is the last.
const CI_VARIABLES: Labels = {
    const NAMES: [&str; CI_VENDORS.len() - 1] = {
        let mut names = [""; CI_VENDORS.len() - 1];
        let mut position = 0;
        while position < names.len() {
            names[position] = CI_VENDORS[position].0;
            position += 1;
        }
        names
    };
    Labels::of(const { &packed::<{ packed_len(&NAMES, "") }>(&NAMES, "") })
};

/// Is this running in a continuous integration system? `CI=false` does not rule it out: builds set it to make tools
/// less strict.
pub(crate) fn is_ci() -> bool {
    says_ci("CI") || CI_VARIABLES.iter().any(says_ci)
}

/// The name beside the first of these variables that is set.
pub(crate) fn first_named(table: &[(&str, &'static str)]) -> Option<&'static str> {
    table.iter().find(|(variable, _)| non_empty(variable).is_some()).map(|(_, name)| *name)
}

/// The variables that say so.
pub(crate) fn ci_variables() -> impl Iterator<Item = &'static str> {
    CI_VARIABLES.iter().chain(["CI"]).filter(|name| says_ci(name))
}

fn says_ci(name: &str) -> bool {
    non_empty(name).is_some_and(|value| name != "CI" || !is_negative(&value))
}

/// The queue's folder: `<ENV>_TELEMETRY_DIR`, or `telemetry` in the app's state folder.
pub(crate) fn queue_dir(app: &App) -> Result<PathBuf, NoFolder> {
    dir(app, folders::state_home)
}

/// The folder of the user's decision: `<ENV>_TELEMETRY_DIR`, or `telemetry` in the app's configuration folder.
pub(crate) fn config_dir(app: &App) -> Result<PathBuf, NoFolder> {
    dir(app, folders::config_home)
}

/// The same, to read the decision from. Its owner is checked then, not the home's.
pub(crate) fn config_dir_to_read(app: &App) -> Result<PathBuf, NoFolder> {
    dir(app, folders::config_home_to_read)
}

fn dir(app: &App, home: fn() -> Result<PathBuf, NoFolder>) -> Result<PathBuf, NoFolder> {
    if sys::is_privileged() {
        return Err(NoFolder::Privileged);
    }
    match non_empty(app.variables.dir) {
        // A relative path is resolved against the current directory rather than ignored: events must not go to a place
        // the user did not name.
        Some(dir) => {
            let dir = PathBuf::from(dir);
            if dir.is_absolute() {
                Ok(dir)
            } else {
                std::env::current_dir().map(|here| here.join(&dir)).map_err(|_| NoFolder::Missing(dir))
            }
        }
        None => Ok(below(home()?, [app.name, "telemetry"])),
    }
}

/// The file with the administrator's policy for every user of the machine.
pub(crate) fn policy_file(app: &App) -> Option<PathBuf> {
    Some(below(folders::machine_home()?, [app.name, "telemetry.json"]))
}

/// Whether output may be coloured. See <https://no-color.org>.
pub(crate) fn allows_colour() -> bool {
    non_empty("NO_COLOR").is_none() && !is_dumb_terminal()
}

/// `TERM=dumb`: the terminal of an editor or an agent, which shows plain text only.
pub(crate) fn is_dumb_terminal() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// OpenTelemetry's variables for the endpoint: for traces, and for everything.
pub(crate) const OPEN_TELEMETRY_ENDPOINTS: [&str; 2] =
    ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// OpenTelemetry's variables for headers: for traces, and for everything.
pub(crate) const OPEN_TELEMETRY_HEADERS: [&str; 2] =
    ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"];

/// The endpoint by OpenTelemetry's rules: the traces endpoint as is, or the general one with `/v1/traces` appended.
#[cfg(feature = "http")]
pub(crate) fn open_telemetry_endpoint() -> Option<String> {
    let [traces, general] = OPEN_TELEMETRY_ENDPOINTS;
    text(traces).or_else(|| {
        let base = text(general)?;
        Some(format!("{}/v1/traces", base.trim_end_matches('/')))
    })
}

/// OpenTelemetry's headers: `name=value,name=value`.
#[cfg(feature = "http")]
pub(crate) fn open_telemetry_headers() -> Option<String> {
    OPEN_TELEMETRY_HEADERS.into_iter().find_map(text)
}

/// A variable's value; `None` when it is unset, empty or not UTF-8.
#[inline(never)]
pub(crate) fn text(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// OpenTelemetry's switches, each with the value that turns telemetry off.
pub(crate) const OPEN_TELEMETRY_SWITCHES: [(&str, &str); 2] =
    [("OTEL_SDK_DISABLED", "true"), ("OTEL_TRACES_EXPORTER", "none")];

/// Whether one of [`OPEN_TELEMETRY_SWITCHES`] turns telemetry off.
pub(crate) fn open_telemetry_is_off() -> bool {
    let is_off = |(name, word)| std::env::var_os(name).is_some_and(|value| is_word(&value, word));
    OPEN_TELEMETRY_SWITCHES.into_iter().any(is_off)
}

/// Whether a value is this word, in upper or lower case.
#[inline(never)]
pub(crate) fn is_word(value: &OsStr, word: &str) -> bool {
    value.to_str().is_some_and(|value| value.trim().eq_ignore_ascii_case(word))
}

#[cfg(feature = "http")]
const OPEN_TELEMETRY_CERTIFICATES: [&str; 2] =
    ["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"];

/// A file with the certificates to trust instead of the built-in ones: OpenTelemetry's, where the author heeds them, and
/// `SSL_CERT_FILE`, which OpenSSL has introduced.
#[cfg(feature = "http")]
pub(crate) fn certificate_file(heeds_open_telemetry: bool) -> Option<PathBuf> {
    let names = OPEN_TELEMETRY_CERTIFICATES.into_iter().filter(|_| heeds_open_telemetry).chain(["SSL_CERT_FILE"]);
    names.filter_map(non_empty).next().map(PathBuf::from)
}

/// Whether the environment configures a proxy.
#[cfg(feature = "http")]
pub(crate) fn names_proxy() -> bool {
    ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"]
        .iter()
        .any(|name| non_empty(name).is_some())
}

/// What any worker may need, on any system: to start at all, to find the user's folders, to find a host, and to reach it as
/// the user wants it to, with proxies that are preloaded, too.
#[cfg(feature = "http")]
const WORKER_VARIABLES: &str = "PATH LD_LIBRARY_PATH LD_PRELOAD DYLD_LIBRARY_PATH DYLD_FALLBACK_LIBRARY_PATH \
                                DYLD_INSERT_LIBRARIES NIX_LD NIX_LD_LIBRARY_PATH QEMU_LD_PREFIX SystemRoot HOME \
                                XDG_STATE_HOME XDG_CONFIG_HOME APPDATA LOCALAPPDATA ProgramData USERPROFILE LOCALDOMAIN \
                                RES_OPTIONS HOSTALIASES ALL_PROXY all_proxy HTTPS_PROXY https_proxy HTTP_PROXY http_proxy \
                                NO_PROXY no_proxy PROXYCHAINS_CONF_FILE TORSOCKS_CONF_FILE TORSOCKS_TOR_ADDRESS \
                                TORSOCKS_TOR_PORT SSL_CERT_FILE SSL_CERT_DIR";

/// The environment of a worker that delivers the queue in `dir`: what it needs, and no more. The rest may hold secrets, and
/// a worker outlives the run.
#[cfg(feature = "http")]
pub(crate) fn for_worker(app: &App, dir: &Path, heeds_open_telemetry: bool) -> Vec<(&'static str, OsString)> {
    let Variables { enabled, endpoint, dry_run, debug, dir: dir_variable } = app.variables;
    let own = [DO_NOT_TRACK, enabled, endpoint, dry_run, debug, dir_variable];
    let open_telemetry = [OPEN_TELEMETRY_ENDPOINTS, OPEN_TELEMETRY_HEADERS, OPEN_TELEMETRY_CERTIFICATES];
    let switches = OPEN_TELEMETRY_SWITCHES.map(|(name, _)| name);
    let open_telemetry = open_telemetry.into_iter().flatten().chain(switches).filter(|_| heeds_open_telemetry);
    let names = own.into_iter().chain(open_telemetry).chain(WORKER_VARIABLES.split(' '));
    names
        .filter_map(|name| match non_empty(name)? {
            // It may be relative, and a worker has another working directory.
            _ if name == dir_variable => Some((name, dir.into())),
            value => Some((name, value)),
        })
        .collect()
}
