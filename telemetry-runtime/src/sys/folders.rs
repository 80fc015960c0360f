//! Where this system keeps a user's state and configuration, and an administrator's policy.

use std::path::PathBuf;

/// The folder for what a program keeps from run to run: `$XDG_STATE_HOME` or `~/.local/state`.
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) fn state_home() -> Option<PathBuf> {
    absolute("XDG_STATE_HOME").or_else(|| Some(below(absolute("HOME")?, [".local/state"])))
}

/// The folder for what a user has chosen: `$XDG_CONFIG_HOME` or `~/.config`.
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) fn config_home() -> Option<PathBuf> {
    absolute("XDG_CONFIG_HOME").or_else(|| Some(below(absolute("HOME")?, [".config"])))
}

/// `$XDG_STATE_HOME` for those who have set it, or `~/Library/Application Support`.
#[cfg(target_os = "macos")]
pub(crate) fn state_home() -> Option<PathBuf> {
    absolute("XDG_STATE_HOME").or_else(|| Some(below(absolute("HOME")?, ["Library/Application Support"])))
}

/// `$XDG_CONFIG_HOME` for those who have set it, or `~/Library/Application Support`.
#[cfg(target_os = "macos")]
pub(crate) fn config_home() -> Option<PathBuf> {
    absolute("XDG_CONFIG_HOME").or_else(|| Some(below(absolute("HOME")?, ["Library/Application Support"])))
}

/// `%LOCALAPPDATA%`: state stays on this machine.
#[cfg(windows)]
pub(crate) fn state_home() -> Option<PathBuf> {
    absolute("LOCALAPPDATA")
}

/// `%APPDATA%`: a decision follows the user from machine to machine.
#[cfg(windows)]
pub(crate) fn config_home() -> Option<PathBuf> {
    absolute("APPDATA")
}

#[cfg(not(any(unix, windows)))]
pub(crate) fn state_home() -> Option<PathBuf> {
    None
}

#[cfg(not(any(unix, windows)))]
pub(crate) fn config_home() -> Option<PathBuf> {
    None
}

/// Where an administrator puts what holds for every user of the machine: `/etc`, or `%ProgramData%`.
pub(crate) fn machine_home() -> Option<PathBuf> {
    if cfg!(windows) { absolute("ProgramData") } else { Some(PathBuf::from("/etc")) }
}

/// A folder named by a variable. A relative one is ignored, as the XDG specification demands: it would be another folder in
/// every working directory.
fn absolute(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// A path below a folder. Unlike repeated `join`, this allocates once.
pub(crate) fn below<const N: usize>(mut dir: PathBuf, names: [&str; N]) -> PathBuf {
    dir.reserve(names.iter().map(|name| name.len() + 1).sum());
    dir.extend(names);
    dir
}
