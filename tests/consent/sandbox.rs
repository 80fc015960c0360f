//! Another `/etc`, or a read-only file system, for one program.

use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use support::{run_by, skip};

/// `command` with `etc` mounted at `/etc`.
pub(crate) fn with_etc(etc: &Path, command: &Command) -> Command {
    mounted(r#"mount --bind "$1" /etc"#, etc, command)
}

/// `command`, with `dir` read-only.
pub(crate) fn read_only(dir: &Path, command: &Command) -> Command {
    mounted(r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1""#, dir, command)
}

/// Whether this process may mount file systems for a program. Not every container allows it. If not, `what` is skipped.
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
fn mounted(mount: &str, dir: &Path, command: &Command) -> Command {
    let mut mounted = Command::new("/usr/bin/unshare");
    mounted.args(["-rm", "/bin/sh", "-c", &format!(r#"{mount} && shift && exec "$@""#), "sh"]).arg(dir);
    run_by(mounted, command)
}
