//! Where the system keeps the user's state and configuration, and the administrator's policy. Reads environment
//! variables, looks at the user's home, and changes nothing.

use std::fmt::{self, Display, Formatter};
use std::io::{self, ErrorKind};
use std::path::PathBuf;

use super::{failure, files};

/// Why there is no folder for state or configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoFolder {
    /// The variable that names the home is not set to an absolute path.
    Unset,
    /// The home does not exist. It is never created.
    Missing(PathBuf),
    /// The home is another user's, or others may write to it.
    Foreign(PathBuf),
    /// This process has more privileges than the user who started it, who has set the variables.
    Privileged,
}

impl NoFolder {
    /// The reason without the path, for a program that does not contain the code to print one.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            NoFolder::Unset => "the user has no home",
            NoFolder::Missing(_) => "the user's home does not exist",
            NoFolder::Foreign(_) => "the home is not the user's",
            NoFolder::Privileged => "this process has more privileges than the user who started it",
        }
    }
}

impl From<NoFolder> for io::Error {
    fn from(why: NoFolder) -> Self {
        failure(ErrorKind::Other, why.as_str())
    }
}

impl Display for NoFolder {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            NoFolder::Unset => write!(out, "{} is not set to an absolute path", STATE.home),
            NoFolder::Missing(home) => write!(out, "{} does not exist", home.display()),
            NoFolder::Foreign(home) => {
                write!(out, "{} belongs to another user, or others may write to it", home.display())
            }
            NoFolder::Privileged => {
                write!(
                    out,
                    "this process has more privileges than the user who started it (setuid, setgid or capabilities)"
                )
            }
        }
    }
}

/// The folder for state that persists between runs: `$XDG_STATE_HOME` or `~/.local/state`; on macOS,
/// `~/Library/Application Support`; on Windows `%LOCALAPPDATA%`, since state stays on this machine.
pub(crate) fn state_home() -> Result<PathBuf, NoFolder> {
    STATE.find()?.checked()
}

/// The folder for the user's settings: `$XDG_CONFIG_HOME` or `~/.config`; on macOS, `~/Library/Application Support`; on
/// Windows `%APPDATA%`, so that the decision roams with the user from machine to machine.
pub(crate) fn config_home() -> Result<PathBuf, NoFolder> {
    CONFIG.find()?.checked()
}

/// The same, without a look at the home: for reading a file whose owner is checked.
pub(crate) fn config_home_to_read() -> Result<PathBuf, NoFolder> {
    Ok(CONFIG.find()?.dir)
}

/// How the system names a folder.
struct Names {
    /// A variable that names it, if the system has one.
    variable: Option<&'static str>,
    /// The variable that names the user's home.
    home: &'static str,
    /// Where it is in the home; empty if it is the home.
    in_home: &'static str,
}

#[cfg(all(unix, not(target_os = "macos")))]
const STATE: Names = Names { variable: Some("XDG_STATE_HOME"), home: "HOME", in_home: ".local/state" };
#[cfg(all(unix, not(target_os = "macos")))]
const CONFIG: Names = Names { variable: Some("XDG_CONFIG_HOME"), home: "HOME", in_home: ".config" };

#[cfg(target_os = "macos")]
const STATE: Names = Names { variable: Some("XDG_STATE_HOME"), home: "HOME", in_home: "Library/Application Support" };
#[cfg(target_os = "macos")]
const CONFIG: Names = Names { variable: Some("XDG_CONFIG_HOME"), home: "HOME", in_home: "Library/Application Support" };

#[cfg(not(unix))]
const STATE: Names = Names { variable: None, home: "LOCALAPPDATA", in_home: "" };
#[cfg(not(unix))]
const CONFIG: Names = Names { variable: None, home: "APPDATA", in_home: "" };

/// A folder that the environment names.
struct Folder {
    dir: PathBuf,
    /// The user's home, if the folder is found through it.
    home: Option<PathBuf>,
}

impl Names {
    /// Inlined, so that nothing is left of the struct: the dynamic linker would relocate each of its texts.
    #[inline]
    fn find(&self) -> Result<Folder, NoFolder> {
        find(self.variable, self.home, self.in_home)
    }
}

#[inline(never)]
fn find(variable: Option<&str>, home: &str, in_home: &str) -> Result<Folder, NoFolder> {
    if let Some(dir) = variable.and_then(absolute) {
        return Ok(Folder { dir, home: None });
    }
    let home = absolute(home).ok_or(NoFolder::Unset)?;
    let dir = if in_home.is_empty() { home.clone() } else { below(home.clone(), [in_home]) };
    Ok(Folder { dir, home: Some(home) })
}

impl Folder {
    /// The folder, if the home is there and the user's. A folder that a variable of its own names may be missing: it is
    /// created, unlike the home.
    fn checked(self) -> Result<PathBuf, NoFolder> {
        let must_exist = self.home.is_some();
        let checked = self.home.as_ref().unwrap_or(&self.dir);
        match files::is_our_folder(checked) {
            Ok(false) if must_exist => Err(NoFolder::Missing(checked.clone())),
            Ok(_) => Ok(self.dir),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => Err(NoFolder::Foreign(checked.clone())),
            Err(_) => Err(NoFolder::Missing(checked.clone())),
        }
    }
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
