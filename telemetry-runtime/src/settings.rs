//! The environment, read once.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use crate::app::App;

/// What the environment says, for a run that is recorded.
#[derive(Debug)]
pub(crate) struct Settings {
    /// `<ENV>_TELEMETRY_ENDPOINT=stdout`: print the event to stderr instead of queueing it.
    pub(crate) print: bool,
    /// `<ENV>_TELEMETRY_DEBUG`: say on stderr what was decided and what failed.
    pub(crate) debug: bool,
    /// A continuous integration system runs this.
    pub(crate) ci: bool,
}

impl Settings {
    pub(crate) fn read(app: &App, ci: bool) -> Self {
        Settings {
            print: var(app.variables.endpoint).is_some_and(|endpoint| endpoint == "stdout"),
            debug: debug(app),
            ci,
        }
    }
}

/// An environment variable; `None` when it is not set or empty.
fn var(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Is the variable set to `1`, `true`, `yes` or `on`, in any case? `None` when it is not set.
pub(crate) fn switch(name: &str) -> Option<bool> {
    let value = std::env::var_os(name)?;
    Some(value.to_str().is_some_and(|value| is_one_of(value.trim(), &["1", "true", "yes", "on"])))
}

/// `<ENV>_TELEMETRY_DEBUG`.
pub(crate) fn debug(app: &App) -> bool {
    switch(app.variables.debug) == Some(true)
}

/// `DO_NOT_TRACK` (donottrack.sh): everything but a clear no means "do not", unreadable values included.
pub(crate) fn do_not_track() -> bool {
    var("DO_NOT_TRACK").is_some_and(|value| !is_negative(&value))
}

fn is_negative(value: &OsStr) -> bool {
    value.to_str().is_some_and(|value| {
        let value = value.trim();
        value.is_empty() || is_one_of(value, &["0", "false", "no", "off"])
    })
}

fn is_one_of(value: &str, words: &[&str]) -> bool {
    words.iter().any(|word| value.eq_ignore_ascii_case(word))
}

/// Variables by which continuous integration systems that do not set `CI` can be told.
const CI_VARIABLES: [&str; 11] = [
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "TF_BUILD",
    "JENKINS_URL",
    "BUILDKITE",
    "TEAMCITY_VERSION",
    "CIRCLECI",
    "TRAVIS",
    "APPVEYOR",
    "CODEBUILD_BUILD_ID",
    "BITBUCKET_COMMIT",
];

/// Does a continuous integration system run this? `CI=false` alone does not deny it: builds set it to have tools be less
/// strict.
pub(crate) fn is_ci() -> bool {
    var("CI").is_some_and(|value| !is_negative(&value)) || CI_VARIABLES.iter().any(|name| var(name).is_some())
}

/// The folder of the queue: `<ENV>_TELEMETRY_DIR`, or `telemetry` in the app's folder for state.
pub(crate) fn queue_dir(app: &App) -> Option<PathBuf> {
    dir(app, state_home)
}

/// The folder of the user's decision: `<ENV>_TELEMETRY_DIR`, or `telemetry` in the app's folder for configuration.
pub(crate) fn config_dir(app: &App) -> Option<PathBuf> {
    dir(app, config_home)
}

fn dir(app: &App, home: fn() -> Option<PathBuf>) -> Option<PathBuf> {
    match absolute(app.variables.dir) {
        Some(dir) => Some(dir),
        None => Some(below(home()?, [app.name, "telemetry"])),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn state_home() -> Option<PathBuf> {
    absolute("XDG_STATE_HOME").or_else(|| Some(below(absolute("HOME")?, [".local/state"])))
}

#[cfg(all(unix, not(target_os = "macos")))]
fn config_home() -> Option<PathBuf> {
    absolute("XDG_CONFIG_HOME").or_else(|| Some(below(absolute("HOME")?, [".config"])))
}

#[cfg(target_os = "macos")]
fn state_home() -> Option<PathBuf> {
    absolute("XDG_STATE_HOME").or_else(|| Some(below(absolute("HOME")?, ["Library/Application Support"])))
}

#[cfg(target_os = "macos")]
fn config_home() -> Option<PathBuf> {
    absolute("XDG_CONFIG_HOME").or_else(|| Some(below(absolute("HOME")?, ["Library/Application Support"])))
}

#[cfg(windows)]
fn state_home() -> Option<PathBuf> {
    absolute("LOCALAPPDATA")
}

#[cfg(windows)]
fn config_home() -> Option<PathBuf> {
    absolute("APPDATA")
}

#[cfg(not(any(unix, windows)))]
fn state_home() -> Option<PathBuf> {
    None
}

#[cfg(not(any(unix, windows)))]
fn config_home() -> Option<PathBuf> {
    None
}

/// Where an administrator puts what holds for every user of the machine.
pub(crate) fn machine_dir() -> Option<PathBuf> {
    if cfg!(windows) { absolute("ProgramData") } else { Some(PathBuf::from("/etc")) }
}

/// A folder named by a variable. A relative one is ignored, as the XDG specification demands: it would be another
/// folder in every working directory.
fn absolute(name: &str) -> Option<PathBuf> {
    var(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// What stands below a folder. Other than with `join`, all names are put behind it in one allocation.
pub(crate) fn below<const N: usize>(mut dir: PathBuf, names: [&str; N]) -> PathBuf {
    dir.reserve(names.iter().map(|name| name.len() + 1).sum());
    dir.extend(names);
    dir
}
