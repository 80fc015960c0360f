//! Another `/etc`, or a read-only file system, for one program.

use std::path::Path;
use std::process::Command;
#[cfg(unix)]
use std::sync::LazyLock;

#[cfg(unix)]
use support::{run_by, skip};

/// `command` with `etc` mounted at `/etc`.
#[cfg(unix)]
pub(crate) fn with_etc(etc: &Path, command: &Command) -> Command {
    mounted(r#"mount --bind "$1" /etc"#, etc, command)
}

/// `command`, with `dir` read-only.
#[cfg(unix)]
pub(crate) fn read_only(dir: &Path, command: &Command) -> Command {
    mounted(r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1""#, dir, command)
}

/// Whether this process may mount file systems for a program. Not every container allows it. If not, `what` is skipped.
#[cfg(unix)]
#[track_caller]
pub(crate) fn is_permitted(what: &str) -> bool {
    static PERMITTED: LazyLock<bool> = LazyLock::new(|| {
        let home = tempfile::tempdir().unwrap();
        let output = with_etc(home.path(), &Command::new("/bin/true")).output();
        output.is_ok_and(|output| output.status.success())
    });
    if !*PERMITTED {
        skip(what, "`unshare` or `mount` is missing, or not permitted here");
    }
    *PERMITTED
}

/// `command` in a mount namespace of its own, after the shell command `mount`, in which `$1` is `dir`.
#[cfg(unix)]
fn mounted(mount: &str, dir: &Path, command: &Command) -> Command {
    let mut mounted = Command::new("/usr/bin/unshare");
    mounted.args(["-rm", "/bin/sh", "-c", &format!(r#"{mount} && shift && exec "$@""#), "sh"]).arg(dir);
    run_by(mounted, command)
}

/// `command` with `etc` as the folder for settings of the machine. A variable names it.
#[cfg(windows)]
pub(crate) fn with_etc(etc: &Path, command: &Command) -> Command {
    let mut other = Command::new(command.get_program());
    other.args(command.get_args()).env_clear();
    other.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    other.env("ProgramData", etc);
    other
}

#[cfg(windows)]
pub(crate) fn is_permitted(_what: &str) -> bool {
    true
}
