//! Where the system keeps the user's state and configuration, and the administrator's policy. Reads environment
//! variables, and never touches the disk.

use std::path::PathBuf;

/// The folder for state that persists between runs: `$XDG_STATE_HOME` or `~/.local/state`.
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) fn state_home() -> Option<PathBuf> {
    absolute("XDG_STATE_HOME").or_else(|| Some(below(absolute("HOME")?, [".local/state"])))
}

/// The folder for the user's settings: `$XDG_CONFIG_HOME` or `~/.config`.
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) fn config_home() -> Option<PathBuf> {
    absolute("XDG_CONFIG_HOME").or_else(|| Some(below(absolute("HOME")?, [".config"])))
}

/// `$XDG_STATE_HOME` if set, or `~/Library/Application Support`.
#[cfg(target_os = "macos")]
pub(crate) fn state_home() -> Option<PathBuf> {
    absolute("XDG_STATE_HOME").or_else(|| Some(below(absolute("HOME")?, ["Library/Application Support"])))
}

/// `$XDG_CONFIG_HOME` if set, or `~/Library/Application Support`.
#[cfg(target_os = "macos")]
pub(crate) fn config_home() -> Option<PathBuf> {
    absolute("XDG_CONFIG_HOME").or_else(|| Some(below(absolute("HOME")?, ["Library/Application Support"])))
}

/// `%LOCALAPPDATA%`: state stays on this machine.
#[cfg(windows)]
pub(crate) fn state_home() -> Option<PathBuf> {
    absolute("LOCALAPPDATA")
}

/// `%APPDATA%`: the decision roams with the user from machine to machine.
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

/// The folder for machine-wide settings: `/etc`, or `%ProgramData%`.
pub(crate) fn machine_home() -> Option<PathBuf> {
    if cfg!(windows) { absolute("ProgramData") } else { Some(PathBuf::from("/etc")) }
}

/// A folder named by a variable. A relative path is ignored, as the XDG specification requires: it would name a
/// different folder in every working directory.
fn absolute(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// A path below a folder. Unlike repeated `join` calls, this allocates at most once.
pub(crate) fn below<const N: usize>(mut dir: PathBuf, names: [&str; N]) -> PathBuf {
    dir.reserve(names.iter().map(|name| name.len() + 1).sum());
    dir.extend(names);
    dir
}
